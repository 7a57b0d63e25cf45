//===- dtype.h - Element types ----------------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DTYPE_H
#define TENSORC_DTYPE_H

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tensorc {

/// Element types, numbered as `tensorc_dtype` in abi.h.
enum class DType : std::uint8_t {
  Bool,
  UInt8,
  Int8,
  Int16,
  Int32,
  Int64,
  Float16,
  BFloat16,
  Float32,
  Float64
};

inline constexpr DType kBool = DType::Bool;
inline constexpr DType kUInt8 = DType::UInt8;
inline constexpr DType kInt8 = DType::Int8;
inline constexpr DType kInt16 = DType::Int16;
inline constexpr DType kInt32 = DType::Int32;
inline constexpr DType kInt64 = DType::Int64;
inline constexpr DType kFloat16 = DType::Float16;
inline constexpr DType kBFloat16 = DType::BFloat16;
inline constexpr DType kFloat32 = DType::Float32;
inline constexpr DType kFloat64 = DType::Float64;

/// Bytes of one element.
constexpr std::size_t size_of(DType dtype) {
  constexpr std::size_t sizes[] = {1, 1, 1, 2, 4, 8, 2, 2, 4, 8};
  return sizes[static_cast<std::size_t>(dtype)];
}
constexpr bool is_floating_point(DType dtype) {
  return dtype >= DType::Float16;
}
/// float16 and bfloat16.
constexpr bool is_half(DType dtype) {
  return dtype == DType::Float16 || dtype == DType::BFloat16;
}
/// PyTorch's name: `float32`.
std::string_view name(DType dtype);

} // namespace tensorc

#endif // TENSORC_DTYPE_H
