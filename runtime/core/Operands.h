//===- Operands.h - Brings operands together --------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_CORE_OPERANDS_H
#define TENSORC_RUNTIME_CORE_OPERANDS_H

#include "tensorc/tensor.h"

#include <span>

namespace tensorc {

/// PyTorch's type promotion: tensors with dimensions count before 0-d ones,
/// and these before numbers, unless a later one is of a higher kind (bool,
/// whole, floating).
DType result_type(std::span<const TensorArg *const> operands);

/// The operands as tensors of one shape (broadcast) and of the type `dtype`;
/// `op` names the function in errors.
std::vector<Tensor> bring_together(const char *op,
                                   std::span<const TensorArg *const> operands,
                                   DType dtype, Location location);
/// A tensor as it is, a number as a 0-d one of its own kind.
Tensor as_tensor(const TensorArg &operand);
/// `value` everywhere, whole numbers modulo 2^bits, as PyTorch's arithmetic
/// converts numbers to its operands' type.
Tensor filled(const Shape &shape, Scalar value, DType dtype, Location location);
/// The same of a number that the type holds; an `Error` for others, as in
/// PyTorch where a number becomes elements.
Tensor filled_exactly(const char *op, const Shape &shape, Scalar value,
                      DType dtype, Location location);
/// The same as an operand of one call, which needs no memory for each element.
Tensor constant(const Shape &shape, Scalar value, DType dtype,
                Location location);
/// `value` as an element of `dtype` has it.
Scalar converted(Scalar value, DType dtype);
/// The check alone.
void require_number(const char *op, Scalar value, DType dtype,
                    Location location);

/// The one device of the operands. A 0-d tensor of the CPU goes with any; other
/// differences are an `Error` that names both. While recording there are none.
Device common_device(std::string_view op,
                     std::span<const TensorArg *const> operands,
                     Location location);
/// The same for tensors, of which each has to be there.
Device common_device(std::string_view op, std::span<const Tensor> operands,
                     Location location);
/// The device that options name, else the default.
Device device_of(const TensorOptions &options);
/// `options` with the type and device of `self` where they name none.
TensorOptions options_like(const Tensor &self, TensorOptions options);

/// `dim` counted from the front; `Error` unless in [-rank, rank).
std::int64_t normalize_dim(const char *op, std::int64_t dim, std::int64_t rank,
                           Location location);
/// The same for each, sorted; none: all. `Error` for the same one twice.
std::vector<std::int64_t> normalize_dims(const char *op, const Dims &dims,
                                         std::int64_t rank, Location location);
/// `[op] expected …, received …` at `location`.
[[noreturn]] void expected(const char *op, const std::string &what,
                           const std::string &received, Location location);

} // namespace tensorc

#endif // TENSORC_RUNTIME_CORE_OPERANDS_H
