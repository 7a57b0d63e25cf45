//===- Images.h - Graph ops on images ---------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LEGALIZE_IMAGES_H
#define TENSORC_COMPILER_LEGALIZE_IMAGES_H

#include "dialects/graph/GraphDialect.h"

#include <array>

namespace tensorc::compiler::legalize {

using Ints = llvm::SmallVector<int64_t>;
using Pair = std::array<int64_t, 2>; ///< for the last two dimensions

inline Pair toPair(llvm::ArrayRef<int64_t> ints) { return {ints[0], ints[1]}; }

inline llvm::ArrayRef<int64_t> shapeOf(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType()).getShape();
}

/// Builds ops on images, tensors whose last two dimensions are space, before
/// an op and with its location.
class ImageBuilder {
public:
  explicit ImageBuilder(mlir::Operation *op) : b(op), loc(op->getLoc()) {}

  template <typename Op, typename... Args> mlir::Value create(Args &&...args) {
    return Op::create(b, loc, std::forward<Args>(args)...);
  }
  mlir::Value pad(mlir::Value image, Pair low, Pair high, Pair interior,
                  double value);
  mlir::Value slice(mlir::Value image, Pair start, Pair size, Pair step);
  mlir::Value full(mlir::Type element, llvm::ArrayRef<int64_t> shape,
                   double value);
  /// A constant of the two dimensions, for all images of `shape`.
  mlir::Value constant(Pair size, mlir::Type element,
                       llvm::ArrayRef<mlir::Attribute> values,
                       llvm::ArrayRef<int64_t> shape);

  mlir::OpBuilder b;
  mlir::Location loc;
};

/// Fails, with a diagnostic, unless the sizes in space are known.
llvm::LogicalResult requireStatic(mlir::Operation *op,
                                  llvm::ArrayRef<int64_t> shape,
                                  llvm::StringRef what);

// Each brings an op to a form that has an iteration space, perhaps replacing
// it, or fails with a diagnostic.

// Convolutions.cpp
llvm::LogicalResult legalizeOp(graph::Conv2dOp op);
llvm::LogicalResult legalizeOp(graph::Conv2dBackwardWeightOp op);
llvm::LogicalResult legalizeOp(graph::Conv2dBackwardInputOp op);
// Pools.cpp
llvm::LogicalResult legalizeOp(graph::MaxPool2dOp op);
llvm::LogicalResult legalizeOp(graph::AvgPool2dOp op);
llvm::LogicalResult legalizeOp(graph::MaxPool2dBackwardOp op);
llvm::LogicalResult legalizeOp(graph::AvgPool2dBackwardOp op);

} // namespace tensorc::compiler::legalize

#endif // TENSORC_COMPILER_LEGALIZE_IMAGES_H
