//===- Creation.cpp - Shape rules of ops that make tensors ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Rules.h"
#include "runtime/ops/Support.h"

namespace tensorc {

static TensorType created_type(const Attributes &attributes) {
  Shape shape = attributes.sizes("shape");
  for (SymInt size : shape)
    if (!is_dynamic(size) && !known_at_most(0, size))
      expected("sizes of at least 0", to_string(shape));
  return {attributes.get<DType>("dtype"), shape};
}

Types infer_full(const InferArgs &args) {
  TensorType type = created_type(args.attributes);
  require_value(type.dtype, args.attributes.get<double>("value"));
  return {type};
}

Types infer_size_value(const InferArgs &args) {
  require_sizes(args.attributes.sizes("size"), 1, "size");
  return {{kInt64, {}}};
}

Types infer_iota(const InferArgs &args) {
  TensorType type = created_type(args.attributes);
  require_dim(args.attributes.get<std::int64_t>("dim"), type.shape.size());
  if (type.dtype == kBool)
    expected("a number type", to_string(type));
  return {type};
}

} // namespace tensorc
