//===- TiedProcess.h - A program that doesn't outlive its caller *- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FRONTEND_TIEDPROCESS_H
#define TENSORC_COMPILER_FRONTEND_TIEDPROCESS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace tensorc::compiler {

/// Runs the program at `command[0]` and waits for it: its exit status, or minus
/// the signal that ended it. Where this process ends before, in whatever way,
/// the program and all that it has started are killed. What it says on stdout
/// and stderr goes to the file `output`; empty: where this process's goes.
llvm::Expected<int> runTied(llvm::ArrayRef<std::string> command,
                            const std::string &output = "");

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_FRONTEND_TIEDPROCESS_H
