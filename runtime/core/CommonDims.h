//===- CommonDims.h - How two tensors lie beside each other -----*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_CORE_COMMONDIMS_H
#define TENSORC_RUNTIME_CORE_COMMONDIMS_H

#include "tensorc/tensor.h"

namespace tensorc {

/// The elements of two tensors of one shape, with as few dimensions as can be.
struct CommonDims {
  CommonDims(const TensorImpl &from, const TensorImpl &to) {
    for (std::size_t d = 0; d < from.type.shape.size(); ++d) {
      std::int64_t size = from.type.shape[d];
      std::int64_t source = from.strides[d], target = to.strides[d];
      if (size == 1)
        continue;
      if (!shape.empty() && sources.back() == size * source &&
          targets.back() == size * target) {
        shape.back() *= size;
        sources.back() = source;
        targets.back() = target;
        continue;
      }
      shape.push_back(size);
      sources.push_back(source);
      targets.push_back(target);
    }
  }
  std::vector<std::int64_t> shape, sources, targets; ///< the last two: strides
};

} // namespace tensorc

#endif // TENSORC_RUNTIME_CORE_COMMONDIMS_H
