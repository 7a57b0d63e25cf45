//===- Commands.h - What tensorc does ---------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TOOLS_TENSORC_COMMANDS_H
#define TENSORC_TOOLS_TENSORC_COMMANDS_H

#include "tools/tensorc/CommandLine.h"

namespace tensorc::tool {

/// Each does what its command says and returns the exit status; what went wrong
/// has been said on stderr.
int compile(const CompileCommand &command);
int inspect(const InspectCommand &command);
int verify(const VerifyCommand &command);

int run(const Command &command);

} // namespace tensorc::tool

#endif // TENSORC_TOOLS_TENSORC_COMMANDS_H
