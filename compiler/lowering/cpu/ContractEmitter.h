//===- ContractEmitter.h - Code for one contraction -------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Follows a ContractSchedule: loops over tiles (Contract.cpp), the sums of a
// tile (ContractTile.cpp), what becomes of them (ContractEpilogue.cpp).
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_CPU_CONTRACTEMITTER_H
#define TENSORC_COMPILER_LOWERING_CPU_CONTRACTEMITTER_H

#include "compiler/lowering/cpu/ContractSchedule.h"
#include "compiler/lowering/cpu/Emission.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace tensorc::cpu {

/// Part of a tile along one axis.
struct AxisPart {
  /// Positions to compute.
  int64_t positions = 1;
  /// Elements from the tile's start to the end of the dimension; null where all
  /// positions are inside it.
  mlir::OpFoldResult rest;
};

/// A tile: where it starts, and how much of it there is.
struct Tile {
  /// By dimension; null for summed ones.
  llvm::SmallVector<mlir::OpFoldResult> indices;
  /// By axis of the schedule.
  llvm::SmallVector<AxisPart, 3> parts;

  int64_t positions() const {
    int64_t count = 1;
    for (const AxisPart &part : parts)
      count *= part.positions;
    return count;
  }
};

/// Results of a contraction at one point, or at neighbouring points along
/// `dim`.
struct ResultPoint {
  llvm::SmallVector<mlir::OpFoldResult> indices;
  std::optional<unsigned> dim;
  int64_t lanes = 1;
  /// Active lanes, null for all.
  mlir::Value mask;
};

/// A factor as sums are made of it: a scalar or a vector of `elementType`'s
/// compute type to one of `accumulator`.
mlir::Value toAccumulator(Emission &e, mlir::Value value,
                          mlir::Type elementType, mlir::Type accumulator);

class ContractEmitter {
public:
  ContractEmitter(Emission &e, kernel::ContractOp op,
                  ContractSchedule schedule);
  /// The loops over tiles, for this task's share.
  void emit();

private:
  //--- Loops over tiles: Contract.cpp
  void emitLoops(unsigned depth, Tile &tile,
                 llvm::ArrayRef<mlir::OpFoldResult> taskIndices);
  void emitTiles(unsigned depth, Tile &tile, unsigned axis,
                 llvm::ArrayRef<mlir::OpFoldResult> taskIndices);
  mlir::OpFoldResult tileCount(unsigned dim);
  bool isLastLikeWhole(const TileAxis &axis) const;

  //--- Packed panels: ContractPanel.cpp
  void allocatePanel();
  /// The loops over panels and, on each, the loops over rows from `depth` on.
  void emitPanels(unsigned depth, Tile &tile,
                  llvm::ArrayRef<mlir::OpFoldResult> taskIndices);
  /// A loop of the copy: how often, and how far it goes on.
  struct PackLoop {
    mlir::OpFoldResult extent, source, target;
  };
  void emitPack(const Tile &tile);
  void emitPackedVectors(const LinearAccess &from, const Tile &tile,
                         mlir::OpFoldResult source, mlir::OpFoldResult target);
  void emitTransposed(const LinearAccess &from, const Tile &tile,
                      mlir::OpFoldResult source, mlir::OpFoldResult target,
                      const PackLoop &outer, mlir::OpFoldResult extent);
  mlir::func::FuncOp transposingCopy(mlir::Type elementType,
                                     mlir::OpFoldResult count, bool hasTail);
  void clearWaitingSums();
  /// Where there are more panels than a sum may have terms in a row: adds what
  /// waits to `totals`, and clears it.
  void flushWaitingSums();
  /// Where the sums of a tile's rows wait for the next panel.
  mlir::OpFoldResult waitingIndex(const Tile &tile, int64_t number);

  //--- The sums of a tile: ContractTile.cpp
  /// An index of which a constant part is known.
  struct Address {
    mlir::OpFoldResult base;
    int64_t offset = 0;
  };
  using Addresses = std::array<Address, 2>;
  using Values = llvm::SmallVector<mlir::Value>;

  void emitTile(const Tile &tile);
  Values emitSums(const Tile &tile);
  Values emitReduction(const Tile &tile, Addresses addresses,
                       mlir::ValueRange sums);
  Values emitUnrolled(const Tile &tile, unsigned depth, Addresses addresses,
                      mlir::ValueRange sums);
  /// `isChain`: all of it fits into the block of terms that is being added up.
  Values emitLanes(const Tile &tile, Addresses addresses, mlir::ValueRange sums,
                   bool isChain);
  /// One product for each position of the tile, added to `sums`. `mask`: the
  /// active lanes of an inner step.
  void emitStep(const Tile &tile, const Addresses &addresses,
                llvm::MutableArrayRef<mlir::Value> sums, mlir::Value mask = {});
  mlir::Value loadFactor(unsigned operand, Address address,
                         mlir::OpFoldResult offset, mlir::Value mask);
  void prepare(const Tile &tile);
  mlir::Value multiplyAdd(mlir::Value x, mlir::Value y, mlir::Value sum);
  mlir::Value toAccumulator(mlir::Value value, mlir::Type elementType) {
    return cpu::toAccumulator(e, value, elementType, accumulator);
  }
  Addresses advance(Addresses addresses, unsigned dim,
                    mlir::OpFoldResult count);
  mlir::OpFoldResult indexAt(const Address &address);

  //--- Positions of a tile
  /// The coordinates of position `number` in row-major order.
  llvm::SmallVector<int64_t, 3> coordinates(const Tile &tile,
                                            int64_t number) const;
  int64_t numberOf(const Tile &tile, llvm::ArrayRef<int64_t> position) const;
  /// Elements from the tile's start to `position`, along an axis; not beyond
  /// the last of the dimension.
  mlir::OpFoldResult elementsTo(const Tile &tile, unsigned axis,
                                int64_t position);
  /// What `position` adds to the index in an operand.
  mlir::OpFoldResult offsetOf(unsigned operand, const Tile &tile,
                              llvm::ArrayRef<int64_t> position);
  /// The active lanes of a position on the vector axis.
  mlir::Value vectorMask(llvm::ArrayRef<int64_t> position);

  //--- What becomes of the sums: ContractEpilogue.cpp
  void emitOuterEpilogue(const Tile &tile, mlir::ValueRange sums);
  void emitInnerEpilogue(const Tile &tile, mlir::ValueRange sums);
  /// Calls `body` where a position lies inside the iteration space, checking
  /// the axes before `axes`.
  void guarded(const Tile &tile, llvm::ArrayRef<int64_t> position,
               unsigned axes, llvm::function_ref<void()> body);
  void emitResult(const ResultPoint &point, mlir::Value sum);
  /// The sums of the lanes of each value, as one vector (of a power of two).
  mlir::Value sumLanes(Values vectors);

  /// The operand as the sums read it.
  const LinearAccess &access(unsigned operand) {
    return schedule.packed && operand == packedOperand ? panel
                                                       : e.operands[operand];
  }
  bool isInvariant(unsigned operand, unsigned dim) {
    return isConstant(access(operand).strides[dim], 0);
  }

  Emission &e;
  kernel::ContractOp op;
  ContractSchedule schedule;
  /// The type that sums have, scalar and at the schedule's width.
  mlir::Type accumulator, wideAccumulator;
  unsigned extras, outputs;

  //--- Packed schedules
  unsigned packedOperand = 0;
  /// The dense copy, the sums that wait, and the totals of many panels.
  LinearAccess panel, waiting, totals;
  int64_t waitingElements = 0;
  /// Steps of the strip dimension in the current panel.
  mlir::OpFoldResult stripExtent;
  /// The current block of rows.
  mlir::OpFoldResult rowBegin, rowEnd;
  enum class Phase {
    Whole,      ///< from zero to the outputs
    Accumulate, ///< from waiting sums to waiting sums
    Finish      ///< from waiting sums to the outputs
  };
  Phase phase = Phase::Whole;
  bool insidePanel = false;

  /// Of the tile being emitted, before its loops: what a position adds to the
  /// index in lhs and rhs (by its number), and the active lanes of the
  /// positions on the vector axis.
  std::array<llvm::SmallVector<mlir::OpFoldResult>, 2> offsets;
  llvm::SmallVector<mlir::Value> masks;
};

} // namespace tensorc::cpu

#endif // TENSORC_COMPILER_LOWERING_CPU_CONTRACTEMITTER_H
