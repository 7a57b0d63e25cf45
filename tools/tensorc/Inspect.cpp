//===- Inspect.cpp - What a compiled model is -----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/artifact/Manifest.h"
#include "tools/tensorc/Commands.h"
#include "tools/tensorc/Output.h"

#include "llvm/Support/raw_ostream.h"

namespace tensorc::tool {

int inspect(const InspectCommand &command) {
  auto fail = [](llvm::Error error) {
    llvm::errs() << "tensorc: error: " << llvm::toString(std::move(error))
                 << "\n";
    return 1;
  };
  llvm::Expected<std::string> manifest = compiler::readManifest(command.object);
  if (!manifest)
    return fail(manifest.takeError());
  if (command.json) {
    llvm::outs() << *manifest << "\n";
  } else if (llvm::Error error =
                 compiler::printManifest(*manifest, llvm::outs())) {
    return fail(std::move(error));
  }
  if (llvm::Error error = flushStdout())
    return fail(std::move(error));
  return 0;
}

int run(const Command &command) {
  struct {
    int operator()(const Exit &exit) { return exit.status; }
    int operator()(const CompileCommand &command) { return compile(command); }
    int operator()(const InspectCommand &command) { return inspect(command); }
    int operator()(const VerifyCommand &command) { return verify(command); }
  } visitor;
  return std::visit(visitor, command);
}

} // namespace tensorc::tool
