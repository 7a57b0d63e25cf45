//===- EagerGraph.h - Graph functions in eager mode -------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_COMPILER_FUSION_EAGERGRAPH_H
#define TENSORC_TESTS_COMPILER_FUSION_EAGERGRAPH_H

#include "tensorc/tensor.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace tensorc::test {

/// The results of `function` on `arguments`, op by op in eager mode, which has
/// what PyTorch computes for each op (tests/oracle). `magnitude` rises to the
/// greatest finite number among all values.
TensorList evaluate(mlir::func::FuncOp function, const TensorList &arguments,
                    double *magnitude = nullptr);

/// A constant's elements.
Tensor tensorOf(mlir::DenseElementsAttr elements);

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_FUSION_EAGERGRAPH_H
