//===- PrecompiledHeader.cpp - A cache of one header ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// $XDG_CACHE_HOME/tensorc (or ~/.cache/tensorc) has, for each way to call a
// compiler,
//
//     KEY/tensorc/tensorc.h.gch   what GCC finds for `tensorc/tensorc.h`
//     KEY/files                   the compiler, the headers: size, time, path
//     KEY.asked                   it was asked for; or why there is none
//
// KEY comes to be by a rename, so that it is whole.
//
//===----------------------------------------------------------------------===//

#include "compiler/frontend/PrecompiledHeader.h"

#include "compiler/frontend/Depfile.h"
#include "compiler/frontend/TiedProcess.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

#include <unistd.h>

using namespace llvm;

namespace tensorc::compiler {

static std::string join(StringRef folder, const Twine &name) {
  SmallString<256> path(folder);
  sys::path::append(path, name);
  return path.str().str();
}

/// The cache's folder; empty where there is none of the user's own.
static std::string cacheFolder() {
  std::string base = sys::Process::GetEnv("XDG_CACHE_HOME").value_or("");
  if (!sys::path::is_absolute(base)) {
    std::string home = sys::Process::GetEnv("HOME").value_or("");
    if (!sys::path::is_absolute(home))
      return "";
    base = join(home, ".cache");
  }
  std::string folder = join(base, "tensorc");
  sys::fs::file_status status;
  // Whoever may write there decides what models are compiled to.
  if (sys::fs::create_directories(folder, true, sys::fs::owner_all) ||
      sys::fs::status(folder, status) || status.getUser() != geteuid() ||
      (status.permissions() & (sys::fs::group_write | sys::fs::others_write)))
    return "";
  return folder;
}

/// Size and time of each file, by which it is known again; empty where one is
/// missing.
static std::string stamp(ArrayRef<std::string> files) {
  std::string text;
  raw_string_ostream stream(text);
  for (const std::string &file : files) {
    sys::fs::file_status status;
    if (sys::fs::status(file, status))
      return "";
    stream << status.getSize() << ' '
           << status.getLastModificationTime().time_since_epoch().count() << ' '
           << file << '\n';
  }
  return text;
}

static std::string read(const std::string &path) {
  auto buffer = MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().str() : "";
}

static bool write(const std::string &path, StringRef text) {
  std::error_code code;
  raw_fd_ostream stream(path, code);
  if (code)
    return false;
  stream << text;
  stream.close();
  bool done = !stream.has_error();
  stream.clear_error();
  return done;
}

/// The header in `folder`, if it is there and nothing that it was made of has
/// changed.
static std::optional<PrecompiledHeader> load(const std::string &folder) {
  std::string text = read(join(folder, "files"));
  SmallVector<StringRef> lines;
  StringRef(text).split(lines, '\n', -1, /*KeepEmpty=*/false);
  PrecompiledHeader header;
  header.folder = folder;
  for (StringRef line : lines)
    header.dependencies.push_back(
        line.split(' ').second.split(' ').second.str());
  if (lines.empty() || stamp(header.dependencies) != text)
    return std::nullopt;
  // The first is the compiler.
  header.dependencies.erase(header.dependencies.begin());
  return header;
}

static bool isGcc(ArrayRef<std::string> command, const std::string &folder) {
  std::string file = join(folder, "gcc.cpp");
  if (!write(file, "#if !defined(__GNUC__) || defined(__clang__)\n#error\n"
                   "#endif\n"))
    return false;
  std::vector<std::string> check(command.begin(), command.end());
  check.insert(check.end(), {"-fsyntax-only", "-x", "c++", file});
  Expected<int> status = runTied(check, /*isQuiet=*/true);
  if (!status)
    consumeError(status.takeError());
  return status && *status == 0;
}

/// Makes it in `folder`, which is new.
static bool make(ArrayRef<std::string> command, StringRef include,
                 const std::string &folder) {
  if (!isGcc(command, folder) ||
      sys::fs::create_directory(join(folder, "tensorc")))
    return false;
  std::string rule = join(folder, "rule");
  std::vector<std::string> compile(command.begin(), command.end());
  compile.insert(compile.end(),
                 {"-x", "c++-header", join(include, "tensorc/tensorc.h"), "-o",
                  join(folder, "tensorc/tensorc.h.gch"), "-MD", "-MT", "header",
                  "-MF", rule});
  Expected<int> status = runTied(compile, /*isQuiet=*/true);
  if (!status)
    consumeError(status.takeError());
  if (!status || *status != 0)
    return false;
  std::vector<std::string> files = readDepfile(read(rule));
  files.insert(files.begin(), command.front());
  return write(join(folder, "files"), stamp(files));
}

/// Moves `made` to `folder`, in whose place there may be an old one.
static void publish(const std::string &made, const std::string &folder) {
  SmallString<256> old;
  if (sys::fs::exists(folder) && !sys::fs::createUniqueDirectory(folder, old)) {
    (void)sys::fs::rename(folder, old);
    sys::fs::remove_directories(old);
  }
  // Where another process was faster, it has made the same.
  if (sys::fs::rename(made, folder))
    sys::fs::remove_directories(made);
}

/// Where the cache has the header for `command`; empty: there is no cache.
static std::string folderFor(ArrayRef<std::string> command) {
  std::string cache = cacheFolder();
  if (cache.empty())
    return "";
  return join(cache, utohexstr(xxh3_64bits(llvm::join(command, "\n"))));
}

std::optional<PrecompiledHeader>
findPrecompiledHeader(ArrayRef<std::string> command) {
  std::string folder = folderFor(command);
  return folder.empty() ? std::nullopt : load(folder);
}

void wantPrecompiledHeader(ArrayRef<std::string> command, StringRef include) {
  std::string folder = folderFor(command);
  if (folder.empty())
    return;
  std::string asked = folder + ".asked", compiler = stamp(command.front());
  if (!sys::fs::exists(asked)) {
    write(asked, "");
    return;
  }
  if (read(asked) == compiler)
    return; // it couldn't
  // Where there is no room for it, there is none to say so, either.
  sys::fs::remove(asked);
  SmallString<256> made;
  if (sys::fs::createUniqueDirectory(folder, made))
    return;
  bool isMade = make(command, include, made.str().str());
  if (isMade)
    publish(made.str().str(), folder);
  else
    sys::fs::remove_directories(made);
  write(asked, isMade ? "" : compiler);
}

} // namespace tensorc::compiler
