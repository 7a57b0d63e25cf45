//===- Basics.cpp - Types, errors, locations, grad mode -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/error.h"
#include "tensorc/grad_mode.h"
#include "tensorc/location.h"
#include "tensorc/scalar.h"

#include <algorithm>

namespace tensorc {

DType Scalar::default_dtype() const {
  switch (kind_) {
  case Kind::Bool:
    return kBool;
  case Kind::Integral:
    return kInt64;
  case Kind::Floating:
    return kFloat32;
  }
  return kFloat32;
}

DType promote_types(DType a, DType b) {
  if (a == b)
    return a;
  // The enumeration rises as PyTorch's lattice does, but for the two pairs
  // where neither type holds the other.
  auto [low, high] = std::minmax(a, b);
  if (low == kUInt8 && high == kInt8)
    return kInt16;
  if (low == kFloat16 && high == kBFloat16)
    return kFloat32;
  return high;
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

static std::string with_location(const std::string &message,
                                 const std::optional<Location> &location) {
  if (!location || location->line() == 0)
    return message;
  return std::string(location->file_name()) + ":" +
         std::to_string(location->line()) + ": " + message;
}

Error::Error(std::string message, std::optional<Location> location)
    : std::runtime_error(with_location(message, location)),
      message_(std::move(message)), location_(location) {}

//===----------------------------------------------------------------------===//
// What each thread has
//===----------------------------------------------------------------------===//

static thread_local std::optional<Location> scope_location;
static thread_local const char *scope_function = nullptr;
static thread_local bool grad_enabled = true;

LocationScope::LocationScope(Location location) : outermost_(!scope_location) {
  if (outermost_)
    scope_location = location;
}

LocationScope::~LocationScope() {
  if (outermost_)
    scope_location.reset();
}

Location user_location(Location here) { return scope_location.value_or(here); }

FunctionScope::FunctionScope(const char *name, Location location)
    : location_(location), outermost_(!scope_function) {
  if (outermost_)
    scope_function = name;
}

FunctionScope::~FunctionScope() {
  if (outermost_)
    scope_function = nullptr;
}

std::string function_name(std::string_view here) {
  return std::string(scope_function ? scope_function : here);
}

std::string function_prefix(std::string_view here) {
  std::string name = function_name(here);
  return name.empty() ? "" : "[" + name + "] ";
}

bool GradMode::is_enabled() { return grad_enabled; }
void GradMode::set_enabled(bool enabled) { grad_enabled = enabled; }

} // namespace tensorc
