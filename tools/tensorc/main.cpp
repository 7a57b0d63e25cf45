//===- main.cpp - The compiler's command line -----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/tensorc/Commands.h"

#include "llvm/Support/PrettyStackTrace.h"
#include "llvm/Support/Signals.h"

int main(int argc, char **argv) {
  llvm::sys::PrintStackTraceOnErrorSignal(argv[0]);
  llvm::setBugReportMsg("tensorc has a bug; please report it with the model "
                        "and this text:\n");
  return tensorc::tool::run(tensorc::tool::parseCommandLine(argc, argv));
}
