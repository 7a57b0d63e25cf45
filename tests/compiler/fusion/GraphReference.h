//===- GraphReference.h - Graph functions, interpreted naively  -*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_COMPILER_FUSION_GRAPHREFERENCE_H
#define TENSORC_TESTS_COMPILER_FUSION_GRAPHREFERENCE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <vector>

namespace tensorc::test {

/// A tensor's elements as doubles, whatever its type, in row-major order.
struct Elements {
  std::vector<int64_t> shape;
  std::vector<double> values;

  double &at(llvm::ArrayRef<int64_t> index);
};

/// The results of `function` on `arguments`, op by op from the definitions,
/// each element rounded to its type. `magnitude` rises to the greatest one of
/// all values.
std::vector<Elements> evaluate(mlir::func::FuncOp function,
                               std::vector<Elements> arguments,
                               double *magnitude = nullptr);

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_FUSION_GRAPHREFERENCE_H
