//===- BinaryFunctions.cpp - Functions of several tensors, by element -----===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Operands.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

namespace tensorc {

using RawBinary = Tensor (*)(const Tensor &, const Tensor &, Location);

/// Where the operation is written: with an operator, where its left tensor is.
static Location location_of(const TensorArg &self, const TensorArg &other) {
  return self.is_scalar() ? other.location() : self.location();
}

/// A function's type for its operands, which are defined.
using TypeRule = DType (*)(const char *name, const TensorArg &self,
                           const TensorArg &other);

static DType common(const char *, const TensorArg &self,
                    const TensorArg &other) {
  if (!self.is_scalar() && !other.is_scalar() &&
      self.tensor().dtype() == other.tensor().dtype())
    return self.tensor().dtype();
  const TensorArg *operands[] = {&self, &other};
  return result_type(operands);
}

/// The common type; neither operand may be bool.
static DType numeric(const char *name, const TensorArg &self,
                     const TensorArg &other) {
  auto is_bool = [](const TensorArg &operand) {
    return operand.is_scalar() ? operand.scalar().kind() == Scalar::Kind::Bool
                               : operand.tensor().dtype() == kBool;
  };
  if (is_bool(self) || is_bool(other))
    expected(name, "an operand that isn't bool",
             to_string(as_tensor(self).type()) + " and " +
                 to_string(as_tensor(other).type()),
             location_of(self, other));
  return common(name, self, other);
}

/// The common type, float32 for whole numbers.
static DType floating(const char *name, const TensorArg &self,
                      const TensorArg &other) {
  DType dtype = common(name, self, other);
  return is_floating_point(dtype) ? dtype : kFloat32;
}

static DType only_floating(const char *name, const TensorArg &self,
                           const TensorArg &other) {
  DType dtype = common(name, self, other);
  if (!is_floating_point(dtype))
    expected(name, "a floating-point operand",
             to_string(as_tensor(self).type()) + " and " +
                 to_string(as_tensor(other).type()),
             location_of(self, other));
  return dtype;
}

static DType always_bool(const char *, const TensorArg &, const TensorArg &) {
  return kBool;
}

static void require_defined(const char *name, const TensorArg &operand) {
  if (!operand.is_scalar() && !operand.tensor().defined())
    expected(name, "a tensor", "an undefined one", operand.location());
}

static Tensor binary(const char *name, RawBinary op, const TensorArg &self,
                     const TensorArg &other, TypeRule rule) {
  Location location = location_of(self, other);
  FunctionScope scope(name, location);
  require_defined(name, self);
  require_defined(name, other);
  DType dtype = rule(name, self, other);
  if (!self.is_scalar() && !other.is_scalar()) {
    const Tensor &a = self.tensor(), &b = other.tensor();
    if (a.dtype() == dtype && a.type() == b.type() && a.device() == b.device())
      return op(a, b, location);
  }
  const TensorArg *operands[] = {&self, &other};
  std::vector<Tensor> tensors = bring_together(name, operands, dtype, location);
  return op(tensors[0], tensors[1], location);
}

/// A product or quotient. A number beside halves stays as it is, and the result
/// is rounded, as in PyTorch (whose sums round both).
static Tensor scaled(const char *name, RawBinary op, const TensorArg &self,
                     const TensorArg &other, TypeRule rule) {
  if (!self.is_scalar() && !other.is_scalar())
    return binary(name, op, self, other, rule);
  FunctionScope scope(name, location_of(self, other));
  require_defined(name, self);
  require_defined(name, other);
  DType dtype = rule(name, self, other);
  if (!is_half(dtype))
    return binary(name, op, self, other, rule);
  TypeRule wide = [](const char *, const TensorArg &, const TensorArg &) {
    return kFloat32;
  };
  return to(binary(name, op, self, other, wide), dtype,
            location_of(self, other));
}

Tensor add(const TensorArg &self, const TensorArg &other) {
  return binary("add", ops::add, self, other, common);
}

Tensor sub(const TensorArg &self, const TensorArg &other) {
  return binary("sub", ops::sub, self, other, numeric);
}

Tensor mul(const TensorArg &self, const TensorArg &other) {
  return scaled("mul", ops::mul, self, other, common);
}

Tensor div(const TensorArg &self, const TensorArg &other) {
  return scaled("div", ops::div, self, other, floating);
}

Tensor atan2(const TensorArg &self, const TensorArg &other) {
  return binary("atan2", ops::atan2, self, other, floating);
}

Tensor maximum(const TensorArg &self, const TensorArg &other) {
  return binary("maximum", ops::maximum, self, other, common);
}

Tensor minimum(const TensorArg &self, const TensorArg &other) {
  return binary("minimum", ops::minimum, self, other, common);
}

Tensor remainder(const TensorArg &self, const TensorArg &other) {
  return binary("remainder", ops::remainder, self, other, only_floating);
}

Tensor pow(const TensorArg &self, const TensorArg &other) {
  FunctionScope scope("pow", location_of(self, other));
  require_defined("pow", self);
  bool by_number = !self.is_scalar() && other.is_scalar();
  if (by_number && other.scalar().to_double() == 2) {
    DType dtype = common("pow", self, other);
    return square(to(self.tensor(), dtype, self.location()), self.location());
  }
  return binary("pow", ops::pow, self, other, only_floating);
}

static TensorArg as_bool(const TensorArg &operand) {
  if (operand.is_scalar())
    return TensorArg(operand.scalar().to_double() != 0, operand.location());
  return TensorArg(to(operand.tensor(), kBool, operand.location()),
                   operand.location());
}

static Tensor logical(const char *name, RawBinary op, const TensorArg &self,
                      const TensorArg &other) {
  FunctionScope scope(name, location_of(self, other));
  return binary(name, op, as_bool(self), as_bool(other), always_bool);
}

Tensor eq(const TensorArg &self, const TensorArg &other) {
  return binary("eq", ops::eq, self, other, common);
}
Tensor ne(const TensorArg &self, const TensorArg &other) {
  return binary("ne", ops::ne, self, other, common);
}
Tensor lt(const TensorArg &self, const TensorArg &other) {
  return binary("lt", ops::lt, self, other, common);
}
Tensor le(const TensorArg &self, const TensorArg &other) {
  return binary("le", ops::le, self, other, common);
}
Tensor gt(const TensorArg &self, const TensorArg &other) {
  return binary("gt", ops::gt, self, other, common);
}
Tensor ge(const TensorArg &self, const TensorArg &other) {
  return binary("ge", ops::ge, self, other, common);
}
Tensor logical_and(const TensorArg &self, const TensorArg &other) {
  return logical("logical_and", ops::logical_and, self, other);
}
Tensor logical_or(const TensorArg &self, const TensorArg &other) {
  return logical("logical_or", ops::logical_or, self, other);
}
Tensor logical_xor(const TensorArg &self, const TensorArg &other) {
  return logical("logical_xor", ops::logical_xor, self, other);
}

Tensor where(const Tensor &condition, const TensorArg &self,
             const TensorArg &other) {
  Location location = location_of(self, other);
  FunctionScope scope("where", location);
  require_defined("where", condition);
  require_defined("where", self);
  require_defined("where", other);
  DType dtype = common("where", self, other);
  TensorArg condition_arg(condition, location);
  if (condition.dtype() != kBool)
    expected("where", "a condition of type bool", to_string(condition.type()),
             location);
  const TensorArg *operands[] = {&condition_arg, &self, &other};
  Shape shape = condition.shape();
  // The condition keeps its own type, so it is broadcast apart.
  const TensorArg *values[] = {&self, &other};
  for (const TensorArg *value : values)
    if (!value->is_scalar()) {
      try {
        shape = broadcast_shapes(shape, value->tensor().shape());
      } catch (const Error &) {
        (void)bring_together("where", operands, dtype, location);
      }
    }
  Device device = common_device("where", operands, location);
  DeviceGuard guard(device);
  std::vector<Tensor> chosen;
  for (const TensorArg *value : values) {
    if (value->is_scalar()) {
      // Of floating types, PyTorch takes numbers beyond their ends here.
      if (!is_floating_point(dtype))
        require_number("where", value->scalar(), dtype, location);
      chosen.push_back(constant(shape, value->scalar(), dtype, location));
      continue;
    }
    chosen.push_back(broadcast_to(value->tensor().to(device, dtype, location),
                                  shape, location));
  }
  return ops::where(
      broadcast_to(condition.to(device, location), shape, location), chosen[0],
      chosen[1], location);
}

Tensor operator+(const TensorArg &a, const TensorArg &b) { return add(a, b); }
Tensor operator-(const TensorArg &a, const TensorArg &b) { return sub(a, b); }
Tensor operator*(const TensorArg &a, const TensorArg &b) { return mul(a, b); }
Tensor operator/(const TensorArg &a, const TensorArg &b) { return div(a, b); }
Tensor operator==(const TensorArg &a, const TensorArg &b) { return eq(a, b); }
Tensor operator!=(const TensorArg &a, const TensorArg &b) { return ne(a, b); }
Tensor operator<(const TensorArg &a, const TensorArg &b) { return lt(a, b); }
Tensor operator<=(const TensorArg &a, const TensorArg &b) { return le(a, b); }
Tensor operator>(const TensorArg &a, const TensorArg &b) { return gt(a, b); }
Tensor operator>=(const TensorArg &a, const TensorArg &b) { return ge(a, b); }
Tensor &operator+=(Tensor &a, const TensorArg &b) { return a.add_(b); }
Tensor &operator-=(Tensor &a, const TensorArg &b) { return a.sub_(b); }
Tensor &operator*=(Tensor &a, const TensorArg &b) { return a.mul_(b); }
Tensor &operator/=(Tensor &a, const TensorArg &b) { return a.div_(b); }
Tensor &operator+=(Tensor &&a, const TensorArg &b) { return a.add_(b); }
Tensor &operator-=(Tensor &&a, const TensorArg &b) { return a.sub_(b); }
Tensor &operator*=(Tensor &&a, const TensorArg &b) { return a.mul_(b); }
Tensor &operator/=(Tensor &&a, const TensorArg &b) { return a.div_(b); }

Tensor operator-(const TensorArg &a) { return neg(as_tensor(a), a.location()); }

} // namespace tensorc
