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

enum class DTypeKind : std::uint8_t { Bool, Integral, Floating };

/// What is known of an element type. Library, compiler and tools read it here.
struct DTypeInfo {
  DType dtype;
  DTypeKind kind;
  bool is_signed;
  std::uint8_t bytes;  ///< of an element in memory
  std::uint8_t digits; ///< binary digits of a floating type, else 0
  DType storage;       ///< memory as code sees it: bool and bfloat16 are bits
  DType compute;       ///< what functions, sums and products are computed in
  DType kernel;        ///< whose kernels eager mode runs, between conversions
  DType sum;           ///< what PyTorch's `sum` and `prod` give
  const char *name;    ///< PyTorch's
  const char *mlir;    ///< MLIR's, also in names of kernels
  const char *c_type;  ///< in generated headers: bool and halves are their bits
  const char *safetensors;
  const char *numpy; ///< `descr` of .npy files; there is none for bfloat16
};

/// In the order of `DType`.
// clang-format off
inline constexpr DTypeInfo kDTypes[] = {
  {kBool,     DTypeKind::Bool,     false, 1, 0,  kUInt8,   kBool,    kBool,    kInt64,    "bool",     "i1",   "uint8_t",  "BOOL", "|b1"},
  {kUInt8,    DTypeKind::Integral, false, 1, 0,  kUInt8,   kUInt8,   kInt32,   kInt64,    "uint8",    "ui8",  "uint8_t",  "U8",   "|u1"},
  {kInt8,     DTypeKind::Integral, true,  1, 0,  kInt8,    kInt8,    kInt32,   kInt64,    "int8",     "i8",   "int8_t",   "I8",   "|i1"},
  {kInt16,    DTypeKind::Integral, true,  2, 0,  kInt16,   kInt16,   kInt32,   kInt64,    "int16",    "i16",  "int16_t",  "I16",  "<i2"},
  {kInt32,    DTypeKind::Integral, true,  4, 0,  kInt32,   kInt32,   kInt32,   kInt64,    "int32",    "i32",  "int32_t",  "I32",  "<i4"},
  {kInt64,    DTypeKind::Integral, true,  8, 0,  kInt64,   kInt64,   kInt64,   kInt64,    "int64",    "i64",  "int64_t",  "I64",  "<i8"},
  {kFloat16,  DTypeKind::Floating, true,  2, 11, kFloat16, kFloat32, kFloat32, kFloat16,  "float16",  "f16",  "uint16_t", "F16",  "<f2"},
  {kBFloat16, DTypeKind::Floating, true,  2, 8,  kInt16,   kFloat32, kFloat32, kBFloat16, "bfloat16", "bf16", "uint16_t", "BF16", nullptr},
  {kFloat32,  DTypeKind::Floating, true,  4, 24, kFloat32, kFloat32, kFloat32, kFloat32,  "float32",  "f32",  "float",    "F32",  "<f4"},
  {kFloat64,  DTypeKind::Floating, true,  8, 53, kFloat64, kFloat64, kFloat64, kFloat64,  "float64",  "f64",  "double",   "F64",  "<f8"},
};
// clang-format on
inline constexpr std::size_t kDTypeCount = sizeof kDTypes / sizeof kDTypes[0];

constexpr const DTypeInfo &info_of(DType dtype) {
  return kDTypes[static_cast<std::size_t>(dtype)];
}
static_assert([] {
  for (std::size_t i = 0; i < kDTypeCount; ++i)
    if (kDTypes[i].dtype != static_cast<DType>(i))
      return false;
  return kDTypeCount == static_cast<std::size_t>(DType::Float64) + 1;
}());

/// Bytes of one element.
constexpr std::size_t size_of(DType dtype) { return info_of(dtype).bytes; }
constexpr bool is_floating_point(DType dtype) {
  return info_of(dtype).kind == DTypeKind::Floating;
}
/// float16 and bfloat16.
constexpr bool is_half(DType dtype) {
  return is_floating_point(dtype) && size_of(dtype) == 2;
}
/// PyTorch's name: `float32`.
constexpr std::string_view name(DType dtype) { return info_of(dtype).name; }

} // namespace tensorc

#endif // TENSORC_DTYPE_H
