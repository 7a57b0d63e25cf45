//===- BinaryFunctions.cpp - Functions of several tensors, by element -----===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Calls.h"
#include "runtime/core/Operands.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

namespace tensorc {

//===----------------------------------------------------------------------===//
// What generated functions call
//===----------------------------------------------------------------------===//

Location location_of(const TensorArg &self, const TensorArg &other) {
  return self.is_scalar() ? other.location() : self.location();
}

DType common_type(const char *, const TensorArg &self, const TensorArg &other) {
  if (!self.is_scalar() && !other.is_scalar() &&
      self.tensor().dtype() == other.tensor().dtype())
    return self.tensor().dtype();
  const TensorArg *operands[] = {&self, &other};
  return result_type(operands);
}

DType numeric_type(const char *name, const TensorArg &self,
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
  return common_type(name, self, other);
}

DType floating_type(const char *name, const TensorArg &self,
                    const TensorArg &other) {
  DType dtype = common_type(name, self, other);
  return is_floating_point(dtype) ? dtype : kFloat32;
}

/// The common type; not all operands may be bool.
static DType not_bool_type(const char *name, const TensorArg &self,
                           const TensorArg &other) {
  DType dtype = common_type(name, self, other);
  if (dtype == kBool)
    expected(name, "an operand that isn't bool",
             to_string(as_tensor(self).type()) + " and " +
                 to_string(as_tensor(other).type()),
             location_of(self, other));
  return dtype;
}

static DType always_bool(const char *, const TensorArg &, const TensorArg &) {
  return kBool;
}

void require_defined(const char *name, const TensorArg &operand) {
  if (!operand.is_scalar() && !operand.tensor().defined())
    expected(name, "a tensor", "an undefined one", operand.location());
}

Tensor binary(const char *name, RawBinary op, const TensorArg &self,
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

Tensor scaled(const char *name, RawBinary op, const TensorArg &self,
              const TensorArg &other, TypeRule rule) {
  auto is_tensor = [](const TensorArg &operand) {
    return !operand.is_scalar() && !operand.is_size();
  };
  if (is_tensor(self) && is_tensor(other))
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

static TensorArg as_bool(const TensorArg &operand) {
  if (operand.is_scalar())
    return TensorArg(operand.scalar().to_double() != 0, operand.location());
  return TensorArg(to(operand.tensor(), kBool, operand.location()),
                   operand.location());
}

Tensor logical(const char *name, RawBinary op, const TensorArg &self,
               const TensorArg &other) {
  FunctionScope scope(name, location_of(self, other));
  return binary(name, op, as_bool(self), as_bool(other), always_bool);
}

//===----------------------------------------------------------------------===//
// By hand
//===----------------------------------------------------------------------===//

Tensor remainder(const TensorArg &self, const TensorArg &other) {
  if (other.is_scalar() && !self.is_scalar() && self.tensor().defined()) {
    DType dtype = not_bool_type("remainder", self, other);
    bool is_whole = !is_floating_point(dtype),
         is_empty = self.tensor().numel().is(0);
    if (is_whole && !is_empty && converted(other.scalar(), dtype).to_int() == 0)
      expected("remainder", "a divisor other than 0 for whole numbers", "0",
               self.location());
  }
  return binary("remainder", ops::remainder, self, other, not_bool_type);
}

/// An exponent beside whole numbers, where PyTorch takes no others.
static void require_exponent(Scalar exponent, DType dtype, Location location) {
  if (exponent.to_double() < 0)
    expected("pow", "an exponent of at least 0 for whole numbers",
             std::to_string(exponent.to_int()), location);
  require_number("pow", exponent, dtype, location);
}

Tensor pow(const TensorArg &self, const TensorArg &other) {
  FunctionScope scope("pow", location_of(self, other));
  require_defined("pow", self);
  bool by_number = !self.is_scalar() && other.is_scalar();
  if (by_number) {
    DType dtype = common_type("pow", self, other);
    if (!is_floating_point(dtype) && dtype != kBool)
      require_exponent(other.scalar(), dtype, self.location());
    if (other.scalar().to_double() == 2)
      return square(to(self.tensor(), dtype, self.location()), self.location());
  }
  return binary("pow", ops::pow, self, other, not_bool_type);
}

Tensor where(const Tensor &condition, const TensorArg &self,
             const TensorArg &other) {
  Location location = location_of(self, other);
  FunctionScope scope("where", location);
  require_defined("where", condition);
  require_defined("where", self);
  require_defined("where", other);
  DType dtype = common_type("where", self, other);
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
Tensor operator-(const TensorArg &a) { return neg(as_tensor(a), a.location()); }

} // namespace tensorc
