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
//     KEY/tensorc/names           what the headers look for: `bits/c++config.h`
//     KEY/tensorc/files           sums of these two, how many lines follow;
//                                 the compiler, the headers: size, time, path
//     KEY.asked                   it was asked for; or why there is none
//
// KEY comes to be by a rename, so that it is whole. KEY-xxxxxx is on its way.
//
//===----------------------------------------------------------------------===//

#include "compiler/frontend/PrecompiledHeader.h"

#include "compiler/frontend/Depfile.h"
#include "compiler/frontend/TiedProcess.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

#include <chrono>
#include <unistd.h>

using namespace llvm;

namespace tensorc::compiler {

static std::string pathIn(StringRef folder, const Twine &name) {
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
    base = pathIn(home, ".cache");
  }
  std::string folder = pathIn(base, "tensorc");
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

static std::unique_ptr<MemoryBuffer> open(const std::string &path) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  return buffer ? std::move(*buffer) : MemoryBuffer::getMemBuffer("");
}
static std::string read(const std::string &path) {
  return open(path)->getBuffer().str();
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

/// What `text`, a header, may include or ask for: all that stands behind an
/// `include`, in `<>` or `""`.
static void findNames(StringRef text, StringSet<> &names) {
  constexpr StringRef word = "include";
  for (size_t at; (at = text.find(word)) != StringRef::npos;) {
    text = text.substr(at + word.size());
    StringRef rest = text;
    rest.consume_front("_next");
    rest = rest.ltrim(" \t(");
    size_t end = rest.starts_with("<")    ? rest.find_first_of(">\n", 1)
                 : rest.starts_with("\"") ? rest.find_first_of("\"\n", 1)
                                          : StringRef::npos;
    if (end != StringRef::npos && end > 1 && rest[end] != '\n')
      names.insert(rest.slice(1, end));
  }
}

/// Sums of what `folder` has but its `files`, and how many these are.
static std::string sums(const std::string &folder, size_t files) {
  std::string text;
  raw_string_ostream stream(text);
  for (const char *name : {"tensorc/tensorc.h.gch", "tensorc/names"})
    stream << utohexstr(xxh3_64bits(open(pathIn(folder, name))->getBuffer()))
           << ' ';
  stream << files;
  return text;
}

/// The header in `folder`, if it is whole and nothing that it was made of has
/// changed.
static std::optional<PrecompiledHeader> load(const std::string &folder) {
  std::string text = read(pathIn(folder, "tensorc/files"));
  auto [sum, stamps] = StringRef(text).split('\n');
  SmallVector<StringRef> lines;
  stamps.split(lines, '\n', -1, /*KeepEmpty=*/false);
  PrecompiledHeader header;
  header.folder = folder;
  for (StringRef line : lines)
    header.dependencies.push_back(
        line.split(' ').second.split(' ').second.str());
  if (lines.empty() || stamp(header.dependencies) != stamps ||
      sums(folder, lines.size()) != sum)
    return std::nullopt;
  // The first is the compiler.
  header.dependencies.erase(header.dependencies.begin());
  return header;
}

/// Which name folders that are searched for headers.
static constexpr const char *kPaths[] = {"CPATH", "CPLUS_INCLUDE_PATH",
                                         "C_INCLUDE_PATH"};

/// The folders that are searched because `flags` or the environment say so.
static std::vector<std::string> foldersOf(ArrayRef<std::string> flags) {
  std::vector<std::string> folders;
  for (StringRef flag : flags)
    if (flag.consume_front("-I"))
      folders.push_back(flag.str());
  for (const char *variable : kPaths) {
    std::string value = sys::Process::GetEnv(variable).value_or("");
    SmallVector<StringRef> parts;
    if (!value.empty())
      StringRef(value).split(parts, ':');
    for (StringRef part : parts)
      folders.push_back(part.empty() ? "." : part.str());
  }
  return folders;
}

/// Whether a header could find a file in `searched` that it hasn't found in the
/// folders of `command`.
static bool isShadowed(const std::string &folder,
                       ArrayRef<std::string> searched,
                       ArrayRef<std::string> command) {
  std::string text = read(pathIn(folder, "tensorc/names"));
  SmallVector<StringRef> names;
  StringRef(text).split(names, '\n', -1, /*KeepEmpty=*/false);
  return llvm::any_of(searched, [&](StringRef place) {
    // Which the compiler makes a path of its own.
    if (place.starts_with("=") || place.starts_with("$SYSROOT"))
      return true;
    // It passes over what it was told before.
    if (llvm::any_of(command, [&](StringRef word) {
          return word.consume_front("-I") && sys::fs::equivalent(word, place);
        }))
      return false;
    return llvm::any_of(names, [&](StringRef name) {
      return sys::fs::exists(pathIn(place, name));
    });
  });
}

static bool isGcc(ArrayRef<std::string> command, const std::string &folder) {
  std::string file = pathIn(folder, "gcc.cpp");
  if (!write(file, "#if !defined(__GNUC__) || defined(__clang__)\n#error\n"
                   "#endif\n"))
    return false;
  std::vector<std::string> check(command.begin(), command.end());
  check.insert(check.end(), {"-fsyntax-only", "-x", "c++", file});
  Expected<int> status = runTied(check, "/dev/null");
  if (!status)
    consumeError(status.takeError());
  return status && *status == 0;
}

/// Makes it in `folder`, which is new, as if no variable named folders.
static bool make(ArrayRef<std::string> command, StringRef include,
                 const std::string &folder) {
  if (!isGcc(command, folder) ||
      sys::fs::create_directory(pathIn(folder, "tensorc")))
    return false;
  std::string rule = pathIn(folder, "rule");
  std::vector<std::string> compile = {"/usr/bin/env"};
  for (const char *variable : kPaths)
    compile.insert(compile.end(), {"-u", variable});
  llvm::append_range(compile, command);
  compile.insert(compile.end(),
                 {"-x", "c++-header", pathIn(include, "tensorc/tensorc.h"),
                  "-o", pathIn(folder, "tensorc/tensorc.h.gch"), "-MD", "-MT",
                  "header", "-MF", rule});
  Expected<int> status = runTied(compile, "/dev/null");
  if (!status)
    consumeError(status.takeError());
  if (!status || *status != 0)
    return false;
  std::vector<std::string> files = readDepfile(read(rule));
  StringSet<> names;
  for (const std::string &file : files)
    findNames(open(file)->getBuffer(), names);
  std::vector<std::string> lines;
  for (const auto &name : names)
    lines.push_back(name.getKey().str() + "\n");
  llvm::sort(lines);
  files.insert(files.begin(), command.front());
  return write(pathIn(folder, "tensorc/names"), llvm::join(lines, "")) &&
         write(pathIn(folder, "tensorc/files"),
               sums(folder, files.size()) + "\n" + stamp(files));
}

static void remove(const std::string &folder) {
  SmallString<256> old;
  if (sys::fs::exists(folder) && !sys::fs::createUniqueDirectory(folder, old)) {
    (void)sys::fs::rename(folder, old);
    sys::fs::remove_directories(old);
  }
}

/// Moves the folder `made` to `folder`, in whose place there may be an old one.
static void publish(const std::string &made, const std::string &folder) {
  remove(folder);
  if (!sys::fs::rename(made, folder))
    return;
  // Another file system, else another process was faster and has made the same.
  SmallString<256> unique;
  if (sys::fs::exists(folder) || sys::fs::createUniqueDirectory(folder, unique))
    return;
  std::string copy = unique.str().str();
  std::string header = pathIn(copy, "tensorc/tensorc.h.gch");
  sys::RemoveFileOnSignal(header);
  bool isCopied = !sys::fs::create_directory(pathIn(copy, "tensorc"));
  for (const char *name :
       {"tensorc/tensorc.h.gch", "tensorc/names", "tensorc/files"})
    isCopied =
        isCopied && !sys::fs::copy_file(pathIn(made, name), pathIn(copy, name));
  if (!isCopied || sys::fs::rename(copy, folder))
    sys::fs::remove_directories(copy);
  sys::DontRemoveFileOnSignal(header);
}

/// Removes what was left on its way by processes that nobody let end.
static void removeStale(StringRef cache) {
  std::error_code code;
  auto now = std::chrono::system_clock::now();
  for (sys::fs::directory_iterator it(cache, code, /*follow=*/false), end;
       !code && it != end; it.increment(code)) {
    sys::fs::file_status status;
    if (sys::path::filename(it->path()).contains('-') &&
        !sys::fs::status(it->path(), status, /*follow=*/false) &&
        sys::fs::is_directory(status) &&
        now - status.getLastModificationTime() > std::chrono::hours(1))
      sys::fs::remove_directories(it->path());
  }
}

/// Where the cache has the header for `command`; empty: there is no cache.
static std::string folderFor(ArrayRef<std::string> command) {
  std::string cache = cacheFolder();
  if (cache.empty())
    return "";
  std::string key = llvm::join(command, "\n");
  // Other programs and headers than its usual ones.
  for (const char *variable : {"COMPILER_PATH", "GCC_EXEC_PREFIX"})
    key += "\n" + sys::Process::GetEnv(variable).value_or("");
  return pathIn(cache, utohexstr(xxh3_64bits(key)));
}

std::optional<PrecompiledHeader>
findPrecompiledHeader(ArrayRef<std::string> command,
                      ArrayRef<std::string> flags) {
  std::string folder = folderFor(command);
  std::optional<PrecompiledHeader> header;
  if (!folder.empty())
    header = load(folder);
  if (header && isShadowed(folder, foldersOf(flags), command))
    header.reset();
  return header;
}

void wantPrecompiledHeader(ArrayRef<std::string> command, StringRef include,
                           StringRef scratch) {
  std::string folder = folderFor(command);
  // There may be one that couldn't be used.
  if (folder.empty() || load(folder))
    return;
  std::string asked = folder + ".asked", compiler = stamp(command.front());
  if (!sys::fs::exists(asked)) {
    write(asked, "");
    return;
  }
  if (read(asked) == compiler)
    return; // it couldn't
  removeStale(sys::path::parent_path(folder));
  // Where there is no room for it, there is none to say so, either.
  sys::fs::remove(asked);
  std::string made = pathIn(scratch, "precompiled");
  if (sys::fs::create_directory(made))
    return;
  bool isMade = make(command, include, made);
  if (isMade)
    publish(made, folder);
  sys::fs::remove_directories(made);
  write(asked, isMade ? "" : compiler);
}

void dropPrecompiledHeader(ArrayRef<std::string> command) {
  std::string folder = folderFor(command);
  if (folder.empty())
    return;
  sys::fs::remove(folder + ".asked");
  remove(folder);
}

} // namespace tensorc::compiler
