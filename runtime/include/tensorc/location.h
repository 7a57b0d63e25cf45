//===- location.h - The user's line -----------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_LOCATION_H
#define TENSORC_LOCATION_H

#if defined(__clang__) && __clang_major__ < 14 ||                              \
    !defined(__clang__) && defined(__GNUC__) && __GNUC__ < 12 ||               \
    __cplusplus < 202002L
#error "tensorc needs C++20 (-std=c++20) from g++ 12 or clang 14, or later ones"
#endif

#include <cstdint>
#include <string>
#include <string_view>
#if __has_include(<source_location>)
#include <source_location>
#endif

namespace tensorc {

/// A place in a source file. Beside `std::source_location` because that is
/// missing in libstdc++ under clang 14 and 15, and library and program must
/// agree on the type.
class SourceLocation {
public:
  constexpr SourceLocation() = default;

#ifdef __cpp_lib_source_location
  constexpr SourceLocation(const std::source_location &place)
      : file_(place.file_name()), line_(place.line()), column_(place.column()) {
  }
  /// Where this is called; as a default argument, where the function is.
  static constexpr SourceLocation
  current(std::source_location here = std::source_location::current()) {
    return here;
  }
#else
  static constexpr SourceLocation
  current(const char *file = __builtin_FILE(),
          std::uint32_t line = __builtin_LINE(),
          std::uint32_t column = __builtin_COLUMN()) {
    SourceLocation place;
    place.file_ = file;
    place.line_ = line;
    place.column_ = column;
    return place;
  }
#endif

  constexpr const char *file_name() const { return file_; }
  /// Counted from 1; 0 where unknown.
  constexpr std::uint32_t line() const { return line_; }
  constexpr std::uint32_t column() const { return column_; }

private:
  // No constructor of three numbers: in `sum({0, 2, 3})` that would be a place.
  const char *file_ = "";
  std::uint32_t line_ = 0;
  std::uint32_t column_ = 0;
};

using Location = SourceLocation;

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

/// A public function that is made of others: while one lives, errors name it,
/// and are on its line. The outermost one wins, as the user wrote that.
class FunctionScope {
public:
  FunctionScope(const char *name, Location location);
  ~FunctionScope();
  FunctionScope(const FunctionScope &) = delete;
  FunctionScope &operator=(const FunctionScope &) = delete;

private:
  LocationScope location_;
  bool outermost_;
};

/// `[name] `, of the outermost function's scope, else of `here` (unless that is
/// empty): what errors begin with.
std::string function_prefix(std::string_view here);

} // namespace tensorc

#endif // TENSORC_LOCATION_H
