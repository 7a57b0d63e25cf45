//===- UnaryFunctions.cpp - Functions of one tensor, by element -----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Operands.h"
#include "runtime/core/Range.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

#include <cmath>

namespace tensorc {

static const Tensor &defined(const char *op, const Tensor &self,
                             Location location) {
  if (!self.defined())
    expected(op, "a tensor", "an undefined one", location);
  return self;
}

/// Whole numbers as float32.
static Tensor floating(const char *op, const Tensor &self, Location location) {
  return defined(op, self, location).is_floating_point()
             ? self
             : to(self, kFloat32, location);
}

/// Bools as whole numbers.
static Tensor widened(const char *op, const Tensor &self, Location location) {
  return defined(op, self, location).dtype() == kBool
             ? to(self, kInt64, location)
             : self;
}

static const Tensor &number(const char *op, const Tensor &self,
                            Location location) {
  if (defined(op, self, location).dtype() == kBool)
    expected(op, "numbers", to_string(self.type()), location);
  return self;
}

Tensor exp(const Tensor &self, Location location) {
  return ops::exp(floating("exp", self, location), location);
}
Tensor exp2(const Tensor &self, Location location) {
  return ops::exp2(floating("exp2", self, location), location);
}
Tensor expm1(const Tensor &self, Location location) {
  return ops::expm1(floating("expm1", self, location), location);
}
Tensor log(const Tensor &self, Location location) {
  return ops::log(floating("log", self, location), location);
}
Tensor log1p(const Tensor &self, Location location) {
  return ops::log1p(floating("log1p", self, location), location);
}
Tensor log2(const Tensor &self, Location location) {
  return ops::log2(floating("log2", self, location), location);
}
Tensor sqrt(const Tensor &self, Location location) {
  return ops::sqrt(floating("sqrt", self, location), location);
}
Tensor rsqrt(const Tensor &self, Location location) {
  return ops::rsqrt(floating("rsqrt", self, location), location);
}
Tensor reciprocal(const Tensor &self, Location location) {
  return ops::reciprocal(floating("reciprocal", self, location), location);
}
Tensor sin(const Tensor &self, Location location) {
  return ops::sin(floating("sin", self, location), location);
}
Tensor cos(const Tensor &self, Location location) {
  return ops::cos(floating("cos", self, location), location);
}
Tensor tan(const Tensor &self, Location location) {
  return ops::tan(floating("tan", self, location), location);
}
Tensor tanh(const Tensor &self, Location location) {
  return ops::tanh(floating("tanh", self, location), location);
}
Tensor sigmoid(const Tensor &self, Location location) {
  return ops::sigmoid(floating("sigmoid", self, location), location);
}
Tensor erf(const Tensor &self, Location location) {
  return ops::erf(floating("erf", self, location), location);
}
Tensor silu(const Tensor &self, Location location) {
  return ops::silu(defined("silu", self, location), location);
}
Tensor softplus(const Tensor &self, Location location) {
  return ops::softplus(defined("softplus", self, location), location);
}
Tensor abs(const Tensor &self, Location location) {
  return ops::abs(number("abs", self, location), location);
}
Tensor sign(const Tensor &self, Location location) {
  if (defined("sign", self, location).dtype() == kBool)
    return self.clone(location);
  return ops::sign(self, location);
}
Tensor square(const Tensor &self, Location location) {
  return ops::square(widened("square", self, location), location);
}
Tensor relu(const Tensor &self, Location location) {
  return ops::relu(number("relu", self, location), location);
}

// Whole numbers are rounded already.
Tensor floor(const Tensor &self, Location location) {
  if (!number("floor", self, location).is_floating_point())
    return self.clone(location);
  return ops::floor(self, location);
}
Tensor ceil(const Tensor &self, Location location) {
  if (!number("ceil", self, location).is_floating_point())
    return self.clone(location);
  return ops::ceil(self, location);
}
Tensor round(const Tensor &self, Location location) {
  if (!number("round", self, location).is_floating_point())
    return self.clone(location);
  return ops::round(self, location);
}
Tensor trunc(const Tensor &self, Location location) {
  if (!number("trunc", self, location).is_floating_point())
    return self.clone(location);
  return ops::trunc(self, location);
}

Tensor neg(const Tensor &self, Location location) {
  FunctionScope scope("neg", location);
  if (number("neg", self, location).dtype() == kUInt8)
    return sub(TensorArg(0, location), TensorArg(self, location));
  return ops::neg(self, location);
}

Tensor isnan(const Tensor &self, Location location) {
  FunctionScope scope("isnan", location);
  if (!defined("isnan", self, location).is_floating_point())
    return full(self.shape(), false, kBool, location);
  return ops::isnan(self, location);
}

Tensor logical_not(const Tensor &self, Location location) {
  FunctionScope scope("logical_not", location);
  return ops::logical_not(to(self, kBool, location), location);
}

Tensor leaky_relu(const Tensor &self, double negative_slope,
                  Location location) {
  return ops::leaky_relu(defined("leaky_relu", self, location), negative_slope,
                         location);
}

Tensor gelu(const Tensor &self, const std::string &approximate,
            Location location) {
  if (approximate != "none" && approximate != "tanh")
    expected("gelu", "`approximate` to be `none` or `tanh`",
             "`" + approximate + "`", location);
  return ops::gelu(defined("gelu", self, location), approximate, location);
}

Tensor clamp(const Tensor &self, double min, double max, Location location) {
  FunctionScope scope("clamp", location);
  Tensor checked = widened("clamp", self, location);
  // As in PyTorch, a bound with a fraction makes whole numbers float32.
  auto fractional = [](double bound) {
    return std::isfinite(bound) && bound != std::floor(bound);
  };
  if (!checked.is_floating_point() && (fractional(min) || fractional(max)))
    return ops::clamp(to(self, kFloat32, location), min, max, location);
  DType dtype = checked.dtype();
  if (!checked.is_floating_point() &&
      (min > static_cast<double>(greatest_of(dtype)) ||
       max < static_cast<double>(least_of(dtype))))
    expected("clamp", "bounds that " + std::string(name(dtype)) + " reaches",
             std::to_string(min) + " and " + std::to_string(max), location);
  return ops::clamp(checked, min, max, location);
}

Tensor to(const Tensor &self, DType dtype, Location location) {
  if (defined("to", self, location).dtype() == dtype)
    return self;
  return ops::to(self, dtype, location);
}

Tensor check_index(const Tensor &self, std::int64_t size,
                   std::int64_t ignore_index, Location location) {
  return ops::check_index(self, size, ignore_index, location);
}

Tensor detach(const Tensor &self, Location location) {
  return self.detach(location);
}

} // namespace tensorc
