//===- ModelGuard.h - What the model changes, put back ----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TOOLS_TENSORC_MODELGUARD_H
#define TENSORC_TOOLS_TENSORC_MODELGUARD_H

#include "llvm/Support/Error.h"

#include <cfenv>
#include <locale>
#include <string>
#include <sys/stat.h>

namespace tensorc::tool {

/// For the time that the model's code runs: what it prints on stdout goes to
/// stderr, as stdout is for what was asked for; and what it changes of the
/// process (folder, locale, rounding, file mode) is put back afterwards.
class ModelGuard {
public:
  ModelGuard();
  ~ModelGuard();
  ModelGuard(const ModelGuard &) = delete;
  ModelGuard &operator=(const ModelGuard &) = delete;

  /// Puts everything back. An error where the model has closed what tensorc
  /// writes to.
  llvm::Error restore();

private:
  /// A duplicate of a stream that the model doesn't see.
  struct Stream {
    explicit Stream(int number);
    /// Gives `number` back what it was; false where that is gone.
    bool restore();
    int number, saved;
    bool open;
    struct stat identity;
  };

  Stream out, err;
  std::string folder;
  std::locale locale;
  std::string cLocale;
  fenv_t floats;
  mode_t mask;
  bool restored = false;
};

} // namespace tensorc::tool

#endif // TENSORC_TOOLS_TENSORC_MODELGUARD_H
