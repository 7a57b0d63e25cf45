//===- Status.h - Failures and their words ------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RT_STATUS_H
#define TENSORC_RT_STATUS_H

// The library is built with hidden visibility; only the contract is exported.
#pragma GCC visibility push(default)
#include "tensorc/abi.h"
// Lets the compiler check the arguments of our own calls.
extern "C" int32_t tensorc_rt_fail(int32_t status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
#pragma GCC visibility pop

namespace tensorc::rt {

/// Bytes kept of a failure's words, the terminator included.
inline constexpr size_t kWordsSize = 1024;

/// What the runtime keeps for each thread. Only its own thread touches it.
struct ThreadState {
  bool inTask; ///< inside a task of a launch: a nested launch runs inline
  bool failed; ///< `words` were set since this was last cleared
  char words[kWordsSize];
};
ThreadState &threadState();

/// A name from a file, made fit for a message: control characters replaced,
/// cut after 160 bytes. Use as `Quoted(name, length).text`.
struct Quoted {
  Quoted(const char *name, size_t length);
  char text[168];
};

/// The words for an `errno` value, in lower case. Use as `Errno(errno).text`.
struct Errno {
  explicit Errno(int number);
  char text[128];
};

} // namespace tensorc::rt

#endif // TENSORC_RT_STATUS_H
