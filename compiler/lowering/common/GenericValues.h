//===- GenericValues.h - When a body's values are computed ------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_COMMON_GENERICVALUES_H
#define TENSORC_COMPILER_LOWERING_COMMON_GENERICVALUES_H

#include "compiler/lowering/common/Emission.h"
#include "llvm/ADT/DenseSet.h"

namespace tensorc::lowering {

/// How often a value is computed: once for all rows that a vector loop runs
/// over (a scalar), once for each row, or at each point of a row.
enum class Level { Outer, Row, Point };

/// The values of a `kernel.generic`'s body: their level, and the pass over the
/// row after which they can be computed. A value of stage s needs the results
/// of the reductions of passes 0 to s - 1; a reduction of an operand of stage s
/// is done in pass s.
class GenericValues {
public:
  /// `reduction` are the dimensions that loops over a row's points run over;
  /// `rowDim` is the one along which rows lie side by side in a vector, if any.
  GenericValues(Emission &e, kernel::GenericOp op,
                llvm::ArrayRef<unsigned> reduction,
                std::optional<unsigned> rowDim);

  Level levelOf(mlir::Value value) const { return info.at(value).level; }
  int stageOf(mlir::Value value) const { return info.at(value).stage; }
  /// Level and stage of an op without results.
  Level levelOf(mlir::Operation *op) const;
  int stageOf(mlir::Operation *op) const;

  /// Passes over the row: those that reduce, and one more where points are
  /// stored or checked after the last reduction.
  int passes() const { return static_cast<int>(needed.size()); }
  llvm::ArrayRef<kernel::ReduceOp> reductionsOf(int pass) const {
    return pass < static_cast<int>(reductions.size())
               ? llvm::ArrayRef(reductions[pass])
               : llvm::ArrayRef<kernel::ReduceOp>();
  }
  /// Whether a pass computes `value` (of level Point).
  bool isNeeded(int pass, mlir::Value value) const {
    return needed[pass].contains(value);
  }
  /// Outputs that differ within a row; they are stored in the last pass.
  bool isPointOutput(unsigned output) const { return pointOutputs[output]; }

private:
  struct Info {
    Level level = Level::Outer;
    int stage = 0;
  };
  void classify(Emission &e, kernel::GenericOp op,
                llvm::ArrayRef<unsigned> reduction,
                std::optional<unsigned> rowDim);
  void findNeeds(kernel::GenericOp op);

  llvm::DenseMap<mlir::Value, Info> info;
  llvm::SmallVector<llvm::SmallVector<kernel::ReduceOp>> reductions;
  llvm::SmallVector<llvm::DenseSet<mlir::Value>> needed;
  llvm::SmallVector<bool> pointOutputs;
};

} // namespace tensorc::lowering

#endif // TENSORC_COMPILER_LOWERING_COMMON_GENERICVALUES_H
