//===- Ptxas.cpp - PTX to cubin, where the toolkit is ---------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/ptx/Codegen.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace tensorc;
using namespace tensorc::ptx;

std::string ptx::findPtxas() {
  if (auto path = llvm::sys::findProgramByName("ptxas"))
    return *path;
  if (auto path =
          llvm::sys::findProgramByName("ptxas", {"/usr/local/cuda/bin"}))
    return *path;
  return "";
}

/// A file that is removed with this object.
namespace {
class TemporaryFile {
public:
  static llvm::Expected<std::unique_ptr<TemporaryFile>>
  make(llvm::StringRef suffix) {
    llvm::SmallString<128> path;
    if (std::error_code error =
            llvm::sys::fs::createTemporaryFile("tensorc", suffix, path))
      return llvm::createStringError(error, "no temporary file");
    return std::make_unique<TemporaryFile>(path.str().str());
  }
  explicit TemporaryFile(std::string path)
      : path(std::move(path)), remover(this->path) {}

  std::string path;

private:
  llvm::FileRemover remover;
};
} // namespace

static std::string contents(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().str() : std::string();
}

llvm::Expected<Cubin> ptx::assemble(llvm::StringRef ptx, const target::Gpu &gpu,
                                    llvm::StringRef ptxas) {
  std::unique_ptr<TemporaryFile> files[3];
  constexpr llvm::StringLiteral suffixes[] = {"ptx", "cubin", "txt"};
  for (int i = 0; i < 3; ++i) {
    auto file = TemporaryFile::make(suffixes[i]);
    if (!file)
      return file.takeError();
    files[i] = std::move(*file);
  }
  const std::string &input = files[0]->path, &output = files[1]->path,
                    &words = files[2]->path;
  std::error_code error;
  {
    llvm::raw_fd_ostream stream(input, error);
    stream << ptx;
    stream.close();
    if (stream.has_error()) {
      error = stream.error();
      stream.clear_error();
    }
  }
  if (error)
    return llvm::createStringError(error, "cannot write `" + input + "`");
  std::string arch = "-arch=" + gpu.name.str();
  std::string message;
  std::optional<llvm::StringRef> redirects[] = {
      llvm::StringRef(), llvm::StringRef(words), llvm::StringRef(words)};
  int status = llvm::sys::ExecuteAndWait(
      ptxas, {ptxas, "-v", arch, input, "-o", output}, std::nullopt, redirects,
      /*SecondsToWait=*/0, /*MemoryLimit=*/0, &message);
  Cubin cubin;
  cubin.report = contents(words);
  if (status != 0)
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   "ptxas failed: " + message + cubin.report);
  std::string bytes = contents(output);
  cubin.bytes.assign(bytes.begin(), bytes.end());
  return cubin;
}
