//===- GenericEmitter.h - Emits one kernel.generic --------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A row is the points that differ in reduction dimensions alone (one point
// where there are none). Either the lanes of a vector are rows side by side,
// and points are visited one after the other; or they are points of one row,
// and what belongs to the row is scalar.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_CPU_GENERICEMITTER_H
#define TENSORC_COMPILER_LOWERING_CPU_GENERICEMITTER_H

#include "compiler/lowering/common/GenericValues.h"
#include "compiler/lowering/cpu/GenericSchedule.h"

namespace tensorc::cpu {

using lowering::GenericValues;
using lowering::Level;

using Values = llvm::DenseMap<mlir::Value, mlir::Value>;

/// Rows that are handled together: a vector of them, or a single one.
struct Rows {
  /// The first one's index in the vector dimension (where that is parallel).
  mlir::OpFoldResult first;
  mlir::Value mask;
  Values values;
};

/// Points that are handled together: one of each of the rows, or a vector of
/// those of the one row.
struct Points {
  /// Their indices in the reduction dimensions.
  llvm::SmallVector<mlir::OpFoldResult> indices;
  mlir::Value mask;
  Values values;
};

class GenericEmitter {
public:
  GenericEmitter(Emission &e, kernel::GenericOp op, const GenericSchedule &s)
      : e(e), op(op), s(s), values(e, op, s.reduction, rowDim(s)),
        body(op.getBody().front()), inputs(op.getInputs().size()),
        indices(e.sizes.size()) {}

  void run();

private:
  static std::optional<unsigned> rowDim(const GenericSchedule &s) {
    return s.vectorIsReduction ? std::nullopt : s.vectorDim;
  }
  bool lanesAreRows() const { return s.vectorDim && !s.vectorIsReduction; }
  int64_t rowLanes() const { return lanesAreRows() ? s.lanes : 1; }

  void emitInner(mlir::OpFoldResult block);
  void emitGroup(llvm::SmallVector<Rows> group);
  void emitPass(int pass, llvm::SmallVectorImpl<Rows> &group);
  void unrollPass(int pass, llvm::SmallVectorImpl<Rows> &group,
                  llvm::SmallVectorImpl<Points> &points);
  llvm::SmallVector<mlir::Value> loopRows(int pass,
                                          llvm::SmallVectorImpl<Rows> &group);
  llvm::SmallVector<mlir::Value> loopPoints(int pass, Rows &row);

  void emitRowOps(Rows &rows, int stage);
  void emitPointOps(int pass, Rows &rows, Points &points);
  void emitOp(mlir::Operation &inner, Rows &rows, Points *points,
              Values &results);
  mlir::Value lookup(mlir::Value original, Rows &rows, Points *points);

  mlir::OpFoldResult address(const LinearAccess &access, const Rows &rows,
                             const Points *points);
  mlir::OpFoldResult laneStride(const LinearAccess &access) {
    return s.vectorDim ? access.strides[*s.vectorDim] : e.attr(0);
  }
  mlir::Value load(mlir::BlockArgument argument, const Rows &rows,
                   const Points *points);
  void store(unsigned output, mlir::Value value, const Rows &rows,
             const Points *points);
  void storePoints(Rows &rows, llvm::MutableArrayRef<Points> points);
  bool storePairs(unsigned output, Rows &rows,
                  llvm::MutableArrayRef<Points> points);
  void storeRows(Rows &rows);

  Emission &e;
  kernel::GenericOp op;
  const GenericSchedule &s;
  GenericValues values;
  mlir::Block &body;
  unsigned inputs;
  /// The position in the outer dimensions; null elsewhere.
  llvm::SmallVector<mlir::OpFoldResult> indices;
  /// Where each operand's elements start at that position.
  llvm::SmallVector<mlir::OpFoldResult> bases;
  Values outerValues;
};

} // namespace tensorc::cpu

#endif // TENSORC_COMPILER_LOWERING_CPU_GENERICEMITTER_H
