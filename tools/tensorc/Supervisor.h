//===- Supervisor.h - Whatever the model does, one sentence -----*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TOOLS_TENSORC_SUPERVISOR_H
#define TENSORC_TOOLS_TENSORC_SUPERVISOR_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <functional>
#include <string>

namespace tensorc::tool {

struct SupervisorOptions {
  double timeout = 0;      ///< seconds for each piece of the model's code
  bool stackTrace = false; ///< of a crash, on stderr
};

/// Runs `body` in a process of its own and returns the status that it returned.
/// Code of the model's may crash that process, end it, or never come back; then
/// this says on stderr what it was at, and returns 1. To be called before there
/// are threads.
int supervise(const SupervisorOptions &options, llvm::function_ref<int()> body);

/// For `body`: what tensorc itself is doing now, as "while writing".
void noteActivity(llvm::StringRef doing);
/// For `body`: an error that it can't say itself, having no stderr any more.
void leaveError(llvm::StringRef message);
/// For `body`: a folder for temporary files, which is removed in any case.
std::string scratchFolder();
/// For `body`: called when code of the model's begins ("tracing `f`").
void onModelCode(std::function<void(const char *doing)> callback);

} // namespace tensorc::tool

#endif // TENSORC_TOOLS_TENSORC_SUPERVISOR_H
