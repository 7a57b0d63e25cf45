//===- Structured.h - Ops as work on an iteration space --------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DIALECTS_GRAPH_STRUCTURED_H
#define TENSORC_DIALECTS_GRAPH_STRUCTURED_H

#include "tensorc/sym_int.h"

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Operation.h"

namespace tensorc::scalar {
enum class Combiner : uint32_t;
} // namespace tensorc::scalar

namespace tensorc::graph {

/// The points at which an op is computed, and the elements that it reads and
/// writes there. Maps go from the space's dimensions to a tensor's.
struct IterationSpace {
  llvm::SmallVector<int64_t> sizes;
  llvm::SmallVector<bool> reduced; ///< which dimensions are combined
  mlir::AffineMap result;
  llvm::SmallVector<mlir::AffineMap, 3> operands;
  /// Of ops that choose one of the reduced points: its number, one result.
  mlir::AffineMap position;
};

/// Collects the dimensions of an iteration space.
class SpaceBuilder {
public:
  explicit SpaceBuilder(mlir::Operation *op) : context(op->getContext()) {}

  mlir::AffineExpr dim(int64_t size, bool reduced = false);
  mlir::AffineExpr constant(int64_t value);
  IterationSpace
  finish(llvm::ArrayRef<mlir::AffineExpr> result,
         llvm::ArrayRef<llvm::SmallVector<mlir::AffineExpr>> operands,
         mlir::AffineExpr position = nullptr);

private:
  mlir::MLIRContext *context;
  IterationSpace space;
};

/// A point for each element of the result, at which each operand is read.
IterationSpace parallelSpace(mlir::Operation *op);
/// result[i without `dims`] = what self[i] combine to; with `keepdim`, i has 0
/// in `dims`. The position is the row-major one in `dims`.
IterationSpace reductionSpace(mlir::Operation *op, llvm::ArrayRef<int64_t> dims,
                              bool keepdim);

/// Builds what an op computes at one point of its iteration space. Values are
/// elements.
class PointBuilder {
public:
  PointBuilder(mlir::OpBuilder &b, mlir::Location loc) : b(b), loc(loc) {}
  virtual ~PointBuilder() = default;

  /// The element that is read of an operand.
  virtual mlir::Value operand(unsigned number) = 0;
  /// `element` combined over the space's reduced dimensions.
  virtual mlir::Value combine(scalar::Combiner combiner,
                              mlir::Value element) = 0;
  /// Where the result's element is in its dimension `dim`, as a number of
  /// `type`.
  virtual mlir::Value index(unsigned dim, mlir::Type type) = 0;
  /// The point's number among the reduced ones.
  virtual mlir::Value position(mlir::Type type) = 0;
  /// What a size is, as a number of type i64.
  virtual mlir::Value size(SymInt size) = 0;

  mlir::OpBuilder &b;
  mlir::Location loc;
};

/// The operand's elements combined. Sums and products of f16 and bf16 are made
/// in f32 and rounded once; of unsigned numbers, extremes are unsigned.
mlir::Value emitReduction(PointBuilder &point, scalar::Combiner combiner);

} // namespace tensorc::graph

#endif // TENSORC_DIALECTS_GRAPH_STRUCTURED_H
