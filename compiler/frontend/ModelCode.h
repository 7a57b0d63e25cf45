//===- ModelCode.h - Where code of the user's runs --------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FRONTEND_MODELCODE_H
#define TENSORC_COMPILER_FRONTEND_MODELCODE_H

#include <string>

namespace tensorc::compiler {

/// While one lives, code of the model's runs in this thread. It may do what
/// can't be caught here (crash, end the program, never return), so whoever
/// watches the process is told what it is at. They don't nest.
class ModelCode {
public:
  /// Told of each: as "tracing `f`", and null when it is over. One in a
  /// process, set before the first.
  using Watcher = void (*)(const char *doing);
  static void setWatcher(Watcher watcher);

  explicit ModelCode(const std::string &doing);
  ~ModelCode();
  ModelCode(const ModelCode &) = delete;
  ModelCode &operator=(const ModelCode &) = delete;
};

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_FRONTEND_MODELCODE_H
