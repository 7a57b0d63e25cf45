//===- Stored.h - Stored values as tensors ----------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_RUNTIME_AUTOGRAD_STORED_H
#define TENSORC_TESTS_RUNTIME_AUTOGRAD_STORED_H

#include "tensorc/tensorc.h"
#include "tests/oracle/Oracle.h"

#include <cmath>
#include <stdexcept>

namespace tensorc::test {

using nlohmann::json;

inline DType dtype_named(const std::string &wanted) {
  for (int i = 0; i < 10; ++i)
    if (name(DType(i)) == wanted)
      return DType(i);
  throw std::invalid_argument(wanted);
}

inline Scalar number(const json &value) {
  if (value.is_boolean())
    return value.get<bool>();
  if (value.is_number_integer())
    return value.get<std::int64_t>();
  if (value.is_number())
    return value.get<double>();
  std::string text = value;
  return text == "nan" ? NAN : text == "inf" ? INFINITY : -INFINITY;
}

/// A stored tensor; `floating` is what stands for float64.
inline Tensor tensor_of(const json &stored, DType floating = kFloat64) {
  DType dtype = dtype_named(stored["dtype"]);
  Tensor result =
      zeros(stored["shape"].get<Shape>(), dtype == kFloat64 ? floating : dtype);
  Tensor flat = result.view({-1});
  std::int64_t i = 0;
  for (const json &value : stored["data"])
    flat[i++].fill_(number(value));
  return result;
}

} // namespace tensorc::test

#endif // TENSORC_TESTS_RUNTIME_AUTOGRAD_STORED_H
