//===- scalar.h - A number beside tensors -----------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_SCALAR_H
#define TENSORC_SCALAR_H

#include "tensorc/dtype.h"
#include "tensorc/sym_int.h"

#include <cstdint>
#include <type_traits>

namespace tensorc {

/// A C++ number used where a tensor may stand. As in PyTorch it takes part in
/// type promotion by its kind alone: bool, whole or floating.
class Scalar {
public:
  enum class Kind : std::uint8_t { Bool, Integral, Floating };

  template <typename T>
    requires std::is_arithmetic_v<T>
  Scalar(T value)
      : kind_(std::is_same_v<T, bool>       ? Kind::Bool
              : std::is_floating_point_v<T> ? Kind::Floating
                                            : Kind::Integral),
        integral_(
            std::is_floating_point_v<T> ? 0 : static_cast<std::int64_t>(value)),
        floating_(static_cast<double>(value)) {}

  /// Of a size that is a number.
  Scalar(SymInt value) : Scalar(std::int64_t(value)) {}

  Kind kind() const { return kind_; }
  /// The value, rounded to the nearest double.
  double to_double() const { return floating_; }
  /// The value of a whole number or bool; undefined for a floating one.
  std::int64_t to_int() const { return integral_; }
  /// What PyTorch makes of it alone: bool, int64 or float32.
  DType default_dtype() const;

private:
  Kind kind_;
  std::int64_t integral_;
  double floating_;
};

/// PyTorch's `promote_types`: the smallest type that holds both.
DType promote_types(DType a, DType b);

} // namespace tensorc

#endif // TENSORC_SCALAR_H
