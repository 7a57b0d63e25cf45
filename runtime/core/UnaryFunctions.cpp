//===- UnaryFunctions.cpp - Functions of one tensor, by element -----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Calls.h"
#include "runtime/core/Operands.h"
#include "runtime/core/Range.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

#include <cmath>

namespace tensorc {

//===----------------------------------------------------------------------===//
// What generated functions call
//===----------------------------------------------------------------------===//

const Tensor &defined(const char *op, const Tensor &self, Location location) {
  if (!self.defined())
    expected(op, "a tensor", "an undefined one", location);
  return self;
}

Tensor floating(const char *op, const Tensor &self, Location location) {
  return defined(op, self, location).is_floating_point()
             ? self
             : to(self, kFloat32, location);
}

Tensor widened(const char *op, const Tensor &self, Location location) {
  return defined(op, self, location).dtype() == kBool
             ? to(self, kInt64, location)
             : self;
}

const Tensor &number(const char *op, const Tensor &self, Location location) {
  if (defined(op, self, location).dtype() == kBool)
    expected(op, "numbers", to_string(self.type()), location);
  return self;
}

Tensor truth(const char *op, const Tensor &self, Location location) {
  return to(defined(op, self, location), kBool, location);
}

Tensor rounded(const char *op, RawUnary raw, const Tensor &self,
               Location location) {
  return number(op, self, location).is_floating_point() ? raw(self, location)
                                                        : self.clone(location);
}

//===----------------------------------------------------------------------===//
// By hand
//===----------------------------------------------------------------------===//

Tensor sign(const Tensor &self, Location location) {
  if (defined("sign", self, location).dtype() == kBool)
    return self.clone(location);
  return ops::sign(self, location);
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

Tensor Tensor::to(DType dtype, Location location) const {
  return tensorc::to(*this, dtype, location);
}

} // namespace tensorc
