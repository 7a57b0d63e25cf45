//===- Stored.h - Stored values as tensors ----------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_ORACLE_STORED_H
#define TENSORC_TESTS_ORACLE_STORED_H

#include "runtime/core/Dense.h"
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

/// A stored tensor, on the default device; `floating` is what stands for
/// float64.
inline Tensor tensor_of(const json &stored, DType floating = kFloat64) {
  DType dtype = dtype_named(stored["dtype"]);
  if (dtype == kFloat64)
    dtype = floating;
  Tensor result = make_dense(
      {dtype, stored["shape"].get<std::vector<std::int64_t>>()}, kCPU);
  char *element = address(*result.impl());
  for (const json &value : stored["data"]) {
    write_element(element, dtype, number(value));
    element += size_of(dtype);
  }
  return moved_to(result, default_device());
}

} // namespace tensorc::test

#endif // TENSORC_TESTS_ORACLE_STORED_H
