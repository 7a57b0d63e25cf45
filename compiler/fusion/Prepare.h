//===- Prepare.h - Windows without edges -----------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FUSION_PREPARE_H
#define TENSORC_COMPILER_FUSION_PREPARE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace tensorc::compiler::fusion {

/// Rewrites what has no index maps of its own, as other `graph` ops: padding of
/// convolutions and pools becomes `pad`; conv2d_backward_input a conv2d of the
/// spread gradient by the turned weight; gradients of overlapping pools sums of
/// slices. What is left of contractions and windows never reads past an edge.
/// Fails, with a diagnostic, where that takes static sizes and there are none.
llvm::LogicalResult prepare(mlir::func::FuncOp function);

} // namespace tensorc::compiler::fusion

#endif // TENSORC_COMPILER_FUSION_PREPARE_H
