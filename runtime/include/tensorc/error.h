//===- error.h - What the library throws ------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_ERROR_H
#define TENSORC_ERROR_H

#include "tensorc/location.h"
#include <optional>
#include <stdexcept>
#include <string>

namespace tensorc {

/// A user's error: which op, what was expected, what came, and the line of the
/// user's source that asked for it (unknown inside shape rules; filled in by
/// the function that the user called). `what()` starts with `file:line: ` when
/// known.
class Error : public std::runtime_error {
public:
  explicit Error(std::string message,
                 std::optional<SourceLocation> location = {});
  /// The words alone.
  const std::string &message() const { return message_; }
  const std::optional<SourceLocation> &location() const { return location_; }

private:
  std::string message_;
  std::optional<SourceLocation> location_;
};

/// Memory of the host or of a device ran out; the words say how much was asked
/// for and how much is free. Nothing has changed, and the same works once there
/// is room.
class OutOfMemoryError : public Error {
public:
  using Error::Error;
};

/// All work on a device is void, after an error that breaks its context. It can
/// be used again when no tensor is on it any more.
class DeviceLostError : public Error {
public:
  using Error::Error;
};

} // namespace tensorc

#endif // TENSORC_ERROR_H
