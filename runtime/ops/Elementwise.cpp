//===- Elementwise.cpp - Shape rules of elementwise ops -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Rules.h"
#include "runtime/ops/Support.h"

namespace tensorc {

/// The common type of `operands`; sizes known in one are known in all.
static TensorType common_type(std::span<const TensorType> operands) {
  TensorType type = operands[0];
  for (const TensorType &other : operands.subspan(1)) {
    if (other.dtype != type.dtype || !compatible(other.shape, type.shape))
      expected("operands of the same type",
               to_string(operands[0]) + " and " + to_string(other));
    type.shape = merge(type.shape, other.shape);
  }
  return type;
}

Types infer_elementwise(const InferArgs &args) {
  return {common_type(args.operands)};
}

Types infer_comparison(const InferArgs &args) {
  return {{kBool, common_type(args.operands).shape}};
}

Types infer_where(const InferArgs &args) {
  const TensorType &condition = args.operands[0];
  TensorType type = common_type(args.operands.subspan(1));
  if (condition.dtype != kBool || !compatible(condition.shape, type.shape))
    expected("a condition of type " + to_string(TensorType{kBool, type.shape}),
             to_string(condition));
  type.shape = merge(type.shape, condition.shape);
  return {type};
}

Types infer_check_index(const InferArgs &args) {
  std::int64_t size = args.attributes.get<std::int64_t>("size");
  if (size < 0)
    expected("a number of at least 0", std::to_string(size));
  return {args.operands[0]};
}

Types infer_to(const InferArgs &args) {
  return {{args.attributes.get<DType>("dtype"), args.operands[0].shape}};
}

} // namespace tensorc
