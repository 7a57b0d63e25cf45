//===- location.h - The user's line -----------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_LOCATION_H
#define TENSORC_LOCATION_H

#include <source_location>

namespace tensorc {

using Location = std::source_location;

/// While one lives, everything that this thread's ops record or report is put
/// on its line; the outermost scope wins. Library code that acts for a line of
/// the user's (a layer, a loss, an optimizer, a gradient rule) opens one.
class LocationScope {
public:
  explicit LocationScope(Location location);
  ~LocationScope();
  LocationScope(const LocationScope &) = delete;
  LocationScope &operator=(const LocationScope &) = delete;

private:
  bool outermost_;
};

/// The outermost scope's line, else `here`.
Location user_location(Location here);

} // namespace tensorc

#endif // TENSORC_LOCATION_H
