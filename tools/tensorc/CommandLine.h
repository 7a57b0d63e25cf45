//===- CommandLine.h - What the user asked for ------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TOOLS_TENSORC_COMMANDLINE_H
#define TENSORC_TOOLS_TENSORC_COMMANDLINE_H

#include "compiler/support/Specialize.h"
#include "tools/tensorc/Supervisor.h"

#include <string>
#include <variant>
#include <vector>

namespace tensorc::tool {

/// `tensorc model.cpp …`
struct CompileCommand {
  std::string input;
  std::string output; ///< empty: `<stem>.o`, or stdout for text
  std::string emit = "obj";
  std::string name; ///< empty: the output's stem
  std::string target = "native";
  std::vector<std::string> functions;
  std::vector<compiler::SymbolValues> specialize;
  bool tf32 = false;
  bool excessPrecision = false;
  int optLevel = 3;
  int threads = 0; ///< 0: all
  std::string compiler;
  std::vector<std::string> compilerFlags; ///< -D and -I, as given
  bool noCache = false;                   ///< no precompiled headers
  bool timeReport = false;
  SupervisorOptions supervisor;
  std::vector<std::string> printAfter;
  std::string dumpDir;
  std::string depfile; ///< empty: none
};

/// `tensorc inspect model.o`
struct InspectCommand {
  std::string object;
  bool json = false;
};

/// `tensorc verify model.cpp`
struct VerifyCommand {
  CompileCommand compile;
  double tolerance = 1e-4;
};

/// Nothing more to do than to end the program.
struct Exit {
  int status = 0;
};

using Command =
    std::variant<Exit, CompileCommand, InspectCommand, VerifyCommand>;

/// Reads the arguments; has answered `--help`, `--version` and mistakes.
Command parseCommandLine(int argc, char **argv);

/// The ways of `--emit=`, as text for help and errors: `graph`, …
std::vector<std::string> emitNames();

} // namespace tensorc::tool

#endif // TENSORC_TOOLS_TENSORC_COMMANDLINE_H
