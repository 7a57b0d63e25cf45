//===- Emit.h - Scalar bodies of clusters ----------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FUSION_EMIT_H
#define TENSORC_COMPILER_FUSION_EMIT_H

#include "compiler/fusion/Clusters.h"

#include "dialects/kernel/KernelDialect.h"

#include "mlir/IR/Builders.h"

namespace tensorc::compiler::fusion {

/// Builds what a cluster computes at one point on `body`, whose arguments
/// become the elements that it reads.
class BodyEmitter {
public:
  BodyEmitter(const Clustering &clustering, const Cluster &cluster,
              mlir::Block &body, mlir::MLIRContext *context);

  /// `value`'s element at `map`.
  mlir::Value emit(mlir::Value value, mlir::AffineMap map);
  /// Uses `element` as the element of `op`'s result.
  void define(mlir::Operation *op, mlir::Value element) {
    members[op] = element;
  }

  /// The tensors behind the body's arguments (from `firstArgument` on).
  llvm::ArrayRef<Access> inputs() const { return reads; }
  /// What the kernel must be told for `kernel.argument`s of the body, whose
  /// numbers are places in here (`SymInt::raw`).
  llvm::ArrayRef<int64_t> sizes() const { return told; }
  /// When all is emitted: says in each check where its value comes from, as the
  /// user knows it.
  void describeChecks();
  mlir::OpBuilder &builder() { return b; }

private:
  class Point;

  mlir::Value emitMember(mlir::Operation *op, const Member &member);
  mlir::Value emitInlined(mlir::Operation *op, mlir::AffineMap map);
  mlir::Value emitLoad(Access access);
  mlir::Value emitIndex(mlir::AffineExpr expr, mlir::Type type);
  mlir::Value emitSize(SymInt size);
  /// `element` combined over what `member` reduces.
  mlir::Value reduce(scalar::Combiner combiner, mlir::Value element,
                     const Member &member);

  const Clustering &clustering;
  const Cluster &cluster;
  mlir::Block &body;
  mlir::OpBuilder b;
  /// The model's line of what is being emitted.
  mlir::Location here;
  llvm::SmallVector<Access> reads;
  llvm::SmallVector<int64_t> told;
  llvm::DenseMap<mlir::Operation *, mlir::Value> members;
  llvm::DenseMap<std::pair<mlir::Value, mlir::AffineMap>, mlir::Value> known;
};

} // namespace tensorc::compiler::fusion

#endif // TENSORC_COMPILER_FUSION_EMIT_H
