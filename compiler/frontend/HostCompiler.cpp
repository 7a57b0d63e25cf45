//===- HostCompiler.cpp - Model files become shared objects ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/frontend/HostCompiler.h"

#include "compiler/frontend/Depfile.h"
#include "compiler/frontend/TiedProcess.h"

#include "tensorc/op.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/StringSaver.h"

#include <dlfcn.h>
#include <utility>

using namespace llvm;

namespace tensorc::compiler {

static llvm::Error fail(const Twine &message) {
  return createStringError(inconvertibleErrorCode(), message);
}

/// The file that holds libtensorc in this process: the one that a model file
/// must be linked with too.
static std::string libraryPath() {
  Dl_info info;
  if (!dladdr(reinterpret_cast<void *>(&tensorc::find_op), &info))
    return "";
  SmallString<256> path;
  if (sys::fs::real_path(info.dli_fname, path))
    return info.dli_fname;
  return path.str().str();
}

/// The public headers: of the installation that libtensorc belongs to, else of
/// the tree that this program was built from.
static std::vector<std::string> includeFolders(StringRef library) {
  SmallString<256> installed(sys::path::parent_path(library));
  // lib/ or lib/<triple>/
  for (int depth = 0; depth < 2; ++depth) {
    installed = sys::path::parent_path(installed);
    SmallString<256> folder(installed);
    sys::path::append(folder, "include");
    if (sys::fs::exists(Twine(folder) + "/tensorc/tensorc.h"))
      return {folder.str().str()};
  }
  return {TENSORC_SOURCE_INCLUDE, TENSORC_BINARY_INCLUDE};
}

/// The program's path and its first arguments: as make has it, `$CXX` may be a
/// command of several words, like `ccache g++`.
static Expected<std::vector<std::string>>
findCompiler(const HostCompilerOptions &options) {
  std::string name = options.compiler;
  if (name.empty())
    name = sys::Process::GetEnv("CXX").value_or("");
  if (StringRef(name).trim().empty())
    name = "c++";
  // A path is found whether or not there is anything.
  auto find = [](StringRef program) {
    ErrorOr<std::string> path = sys::findProgramByName(program);
    return path && sys::fs::can_execute(*path) ? *path : "";
  };
  if (std::string program = find(name); !program.empty())
    return std::vector<std::string>{program};
  BumpPtrAllocator allocator;
  StringSaver saver(allocator);
  SmallVector<const char *> words;
  cl::TokenizeGNUCommandLine(name, saver, words);
  std::string program = words.empty() ? "" : find(words.front());
  if (program.empty())
    return fail("cannot find the host compiler `" + name +
                "`; name one with `--cxx` or `$CXX`");
  std::vector<std::string> command = {program};
  command.insert(command.end(), words.begin() + 1, words.end());
  return command;
}

CompiledModelFile::CompiledModelFile(StringRef source, StringRef folder,
                                     bool owned)
    : source(source), folder(folder), owned(owned) {
  if (owned)
    sys::RemoveFileOnSignal(file("model.so"));
}
CompiledModelFile::CompiledModelFile(CompiledModelFile &&other) noexcept
    : source(std::move(other.source)), folder(std::move(other.folder)),
      header(std::move(other.header)),
      owned(std::exchange(other.owned, false)) {}
CompiledModelFile::~CompiledModelFile() {
  if (!owned)
    return;
  sys::DontRemoveFileOnSignal(file("model.so"));
  sys::fs::remove_directories(folder);
}

std::string CompiledModelFile::file(StringRef name) const {
  SmallString<128> path(folder);
  sys::path::append(path, name);
  return path.str().str();
}

static Expected<std::string> makeFolder(const HostCompilerOptions &options) {
  SmallString<128> prefix(options.scratch);
  SmallString<128> folder;
  if (!prefix.empty())
    sys::path::append(prefix, "tensorc");
  else
    prefix = "tensorc"; // in the system's temporary folder
  if (std::error_code code = sys::fs::createUniqueDirectory(prefix, folder))
    return fail("cannot make a temporary folder `" + prefix +
                "-…`: " + StringRef(code.message()).lower());
  return folder.str().str();
}

/// Whether it is known what the compiler reads, given the words of `--cxx`: not
/// where they name folders, or files with more words.
static bool isPlain(ArrayRef<std::string> compiler) {
  return llvm::all_of(compiler.drop_front(), [](StringRef word) {
    if (!word.starts_with("-"))
      return !word.contains('=') && !word.contains('@'); // as of `ccache g++`
    constexpr StringRef kinds[] = {"-m", "-f", "-O", "-D", "-U", "-g", "-std="};
    return llvm::any_of(kinds,
                        [&](StringRef kind) { return word.starts_with(kind); });
  });
}

/// As `runTied`, but what the program says is said only where it succeeds.
static Expected<int> runQuietly(std::vector<std::string> command,
                                const std::string &log) {
  if (sys::Process::StandardErrHasColors() &&
      llvm::none_of(command, [](StringRef word) {
        return word.starts_with("-fdiagnostics");
      }))
    command.push_back("-fdiagnostics-color=always");
  Expected<int> status = runTied(command, log);
  if (status && *status == 0)
    if (auto said = MemoryBuffer::getFile(log))
      errs() << (*said)->getBuffer();
  return status;
}

Expected<CompiledModelFile>
compileModelFile(StringRef path, const HostCompilerOptions &options) {
  if (!sys::fs::exists(path))
    return fail("cannot read `" + path + "`: no such file");
  Expected<std::vector<std::string>> compiler = findCompiler(options);
  if (!compiler)
    return compiler.takeError();
  Expected<std::string> folder = makeFolder(options);
  if (!folder)
    return folder.takeError();
  CompiledModelFile result(path, *folder, /*owned=*/options.scratch.empty());
  std::string object = result.file("model.so");

  std::string library = libraryPath();
  std::vector<std::string> arguments = *compiler;
  for (const char *flag : {"-std=c++20", "-shared", "-fPIC", "-O0"})
    arguments.push_back(flag);
  arguments.push_back(options.debugInfo ? "-g1" : "-g0");
  std::vector<std::string> includes = includeFolders(library);
  size_t beforeIncludes = arguments.size();
  for (const std::string &include : includes)
    arguments.push_back("-I" + include);
  const std::vector<std::string> command = arguments;
  llvm::append_range(arguments, options.flags);
  // `-x c++`: whatever the file is called; `./`: what looks like an option
  // isn't.
  std::string file = (path.starts_with("-") ? "./" : "") + path.str();
  for (StringRef argument :
       {StringRef("-x"), StringRef("c++"), StringRef(file), StringRef("-x"),
        StringRef("none"), StringRef(library), StringRef("-o"),
        StringRef(object)})
    arguments.push_back(argument.str());
  arguments.insert(arguments.end(),
                   {"-MD", "-MT", "model", "-MF", result.file("model.d")});
  // Undefined names are the linker's to report, not the loader's.
  arguments.push_back("-Wl,-z,defs");

  bool isCached = options.cache && !options.debugInfo && isPlain(*compiler);
  auto header =
      isCached ? findPrecompiledHeader(command, options.flags) : std::nullopt;
  if (header) {
    std::vector<std::string> quicker = arguments;
    quicker.insert(quicker.begin() + long(beforeIncludes),
                   "-I" + header->folder);
    Expected<int> status = runQuietly(quicker, result.file("log"));
    if (status && *status == 0) {
      result.header = std::move(*header);
      return result;
    }
    consumeError(status.takeError());
    // Whatever the reason: what counts is the compiler's word without it.
  }
  Expected<int> status = runTied(arguments);
  if (!status)
    return status.takeError();
  if (*status != 0)
    return fail("the host compiler `" + llvm::join(*compiler, " ") +
                "` could not compile `" + path + "`" +
                (*status < 0 ? " (signal " + Twine(-*status) + ")" : ""));
  if (header)
    dropPrecompiledHeader(command);
  else if (isCached)
    wantPrecompiledHeader(command, includes.front(), *folder);
  return result;
}

Expected<ExportFunction> CompiledModelFile::load() const {
  void *handle = dlopen(file("model.so").c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    return fail("cannot load the compiled `" + source + "`: " + dlerror());
  void *symbol = dlsym(handle, "tensorc_export_model");
  if (!symbol)
    return fail("`" + source +
                "` exports no model: expected a `TENSORC_MODEL(model) { … }`");
  return reinterpret_cast<ExportFunction>(symbol);
}

std::vector<std::string> CompiledModelFile::dependencies() const {
  auto buffer = MemoryBuffer::getFile(file("model.d"));
  std::vector<std::string> files =
      readDepfile(buffer ? (*buffer)->getBuffer() : "");
  if (files.empty())
    files.push_back(source);
  // Not what the compiler keeps of headers, but these.
  llvm::erase_if(files, [&](const std::string &name) {
    return !header.folder.empty() && StringRef(name).starts_with(header.folder);
  });
  StringSet<> known;
  known.insert_range(files);
  for (const std::string &name : header.dependencies)
    if (known.insert(name).second)
      files.push_back(name);
  return files;
}

} // namespace tensorc::compiler
