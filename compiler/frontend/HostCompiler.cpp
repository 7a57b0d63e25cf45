//===- HostCompiler.cpp - Model files become shared objects ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/frontend/HostCompiler.h"

#include "tensorc/op.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Signals.h"

#include <dlfcn.h>

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

static Expected<std::string> findCompiler(const HostCompilerOptions &options) {
  std::string name = options.compiler;
  if (name.empty())
    name = sys::Process::GetEnv("CXX").value_or("c++");
  ErrorOr<std::string> program = sys::findProgramByName(name);
  if (!program)
    return fail("cannot find the host compiler `" + name +
                "`; name one with `--cxx` or `$CXX`");
  return *program;
}

Expected<ExportFunction> loadModelFile(StringRef path,
                                       const HostCompilerOptions &options) {
  if (!sys::fs::exists(path))
    return fail("cannot read `" + path + "`: no such file");
  Expected<std::string> compiler = findCompiler(options);
  if (!compiler)
    return compiler.takeError();

  SmallString<128> folder;
  if (std::error_code code = sys::fs::createUniqueDirectory("tensorc", folder))
    return fail("cannot make a temporary folder: " + code.message());
  SmallString<128> object(folder);
  sys::path::append(object, "model.so");
  SmallString<128> rule(folder);
  sys::path::append(rule, "model.d");
  sys::RemoveFileOnSignal(object);
  llvm::scope_exit cleanUp([&] {
    sys::fs::remove(object);
    sys::fs::remove(rule);
    sys::fs::remove(folder);
    sys::DontRemoveFileOnSignal(object);
  });

  std::string library = libraryPath();
  std::vector<std::string> arguments = {*compiler, "-std=c++20", "-shared",
                                        "-fPIC",   "-O0",        "-g0"};
  for (const std::string &include : includeFolders(library))
    arguments.push_back("-I" + include);
  llvm::append_range(arguments, options.flags);
  if (options.prerequisites)
    for (StringRef argument :
         {StringRef("-MD"), StringRef("-MT"), StringRef("model"),
          StringRef("-MF"), StringRef(rule)})
      arguments.push_back(argument.str());
  // `-x c++`: whatever the file is called.
  for (StringRef argument :
       {StringRef("-x"), StringRef("c++"), path, StringRef("-x"),
        StringRef("none"), StringRef(library), StringRef("-o"),
        StringRef(object)})
    arguments.push_back(argument.str());
  // Undefined names are the linker's to report, not the loader's.
  arguments.push_back("-Wl,-z,defs");

  SmallVector<StringRef> views(arguments.begin(), arguments.end());
  std::string message;
  int status = sys::ExecuteAndWait(*compiler, views, /*Env=*/{},
                                   /*Redirects=*/{}, /*SecondsToWait=*/0,
                                   /*MemoryLimit=*/0, &message);
  if (status != 0)
    return fail("the host compiler `" + *compiler + "` could not compile `" +
                path + "`" + (message.empty() ? "" : ": " + message));
  if (options.prerequisites) {
    ErrorOr<std::unique_ptr<MemoryBuffer>> text = MemoryBuffer::getFile(rule);
    if (!text)
      return fail(
          "the host compiler `" + *compiler +
          "` doesn't say which headers it read: " + text.getError().message());
    *options.prerequisites =
        (*text)->getBuffer().split(':').second.trim().str();
  }

  void *handle = dlopen(object.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    return fail("cannot load the compiled `" + path + "`: " + dlerror());
  void *symbol = dlsym(handle, "tensorc_export_model");
  if (!symbol)
    return fail("`" + path +
                "` exports no model: expected a `TENSORC_MODEL(model) { … }`");
  return reinterpret_cast<ExportFunction>(symbol);
}

} // namespace tensorc::compiler
