//===- ContractEmitter.h - Code for one contraction -------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_GPU_CONTRACTEMITTER_H
#define TENSORC_COMPILER_LOWERING_GPU_CONTRACTEMITTER_H

#include "compiler/lowering/gpu/ContractSchedule.h"

namespace tensorc::simt {

class ContractEmitter {
public:
  ContractEmitter(Emission &e, kernel::ContractOp op,
                  ContractSchedule schedule);
  void emit();

private:
  /// How a block brings its part of an operand to shared memory. `span` is the
  /// part's extent in rows or columns.
  struct Panel {
    const LinearAccess *access = nullptr;
    llvm::ArrayRef<unsigned> dims;
    int64_t span = 0;
    mlir::OpFoldResult count;
    /// Threads that are neighbours read along `depth`.
    bool alongDepth = false;
    /// Elements read at once, and such reads of a thread.
    int64_t pack = 1, reads = 1;
    /// Not all threads read.
    bool isPartial = false;
    /// Copied without passing through registers.
    bool isAsync = false;
    mlir::Value array;
    /// Neighbours in shared memory are neighbours along `depth`, else along the
    /// span.
    bool holdsDepth = false;
    /// The type in shared memory, and the part's depth.
    mlir::Type type;
    int64_t depth = 0;
    /// Elements that are left out between rows of shared memory, so that what
    /// threads read together comes from different banks.
    int64_t gap = 0;
    /// In the order that `wgmma` reads: see `swizzledIndex`.
    bool isSwizzled = false;
    int64_t pitch() const { return (holdsDepth ? depth : span) + gap; }
    int64_t bufferSize() const { return pitch() * (holdsDepth ? span : depth); }
    int64_t bufferBytes() const {
      return bufferSize() * type.getIntOrFloatBitWidth() / 8;
    }
    /// By read: the offset in memory along rows or columns; the place in the
    /// part.
    llvm::SmallVector<mlir::OpFoldResult> offsets, spanPlace, depthPlace;
  };

  //--- Contract.cpp
  llvm::SmallVector<mlir::OpFoldResult> position(llvm::ArrayRef<unsigned> dims,
                                                 mlir::OpFoldResult linear);
  /// What `linear`, a number in the space of `dims`, adds to an index.
  mlir::OpFoldResult offsetAlong(const LinearAccess &access,
                                 llvm::ArrayRef<unsigned> dims,
                                 mlir::OpFoldResult linear);
  mlir::Value toAccumulator(mlir::Value value, mlir::Type elementType);
  mlir::Value multiplyAdd(mlir::Value x, mlir::Value y, mlir::Value sum);
  /// The epilogue of results that are neighbours along `dim`.
  void emitResults(llvm::ArrayRef<mlir::OpFoldResult> indices,
                   std::optional<unsigned> dim, mlir::ValueRange sums);
  void emitSums();

  //--- ContractPanel.cpp
  Panel makePanel(unsigned operand, llvm::ArrayRef<unsigned> dims, int64_t span,
                  mlir::OpFoldResult count);
  void chooseStages();
  void placePanel(Panel &panel, mlir::OpFoldResult first);
  /// The memory index of a read; `inside` (null: always) says whether it is
  /// within the depth.
  mlir::OpFoldResult memoryIndex(const Panel &panel, int64_t read,
                                 mlir::OpFoldResult base,
                                 mlir::OpFoldResult firstDepth,
                                 mlir::Value &inside);
  mlir::OpFoldResult sharedIndex(const Panel &panel, int64_t read, int64_t lane,
                                 mlir::OpFoldResult buffer);
  llvm::SmallVector<mlir::Value> readPanel(const Panel &panel,
                                           mlir::OpFoldResult base,
                                           mlir::OpFoldResult firstDepth);
  void writePanel(const Panel &panel, mlir::ValueRange values,
                  mlir::OpFoldResult buffer);
  void copyPanel(const Panel &panel, mlir::OpFoldResult base,
                 mlir::OpFoldResult firstDepth, mlir::OpFoldResult buffer);

  //--- ContractWarpgroup.cpp
  /// The index of the pack that starts at `inner` of row `outer`.
  mlir::OpFoldResult swizzledIndex(const Panel &panel, mlir::OpFoldResult outer,
                                   mlir::OpFoldResult inner,
                                   mlir::OpFoldResult buffer);
  /// Says where the warpgroup's part of each panel is, in the first buffer.
  void describePanels();
  /// Starts the products of what the panels' buffers of this number hold.
  llvm::SmallVector<mlir::Value>
  startWarpgroupProducts(mlir::OpFoldResult buffer, mlir::ValueRange sums);
  /// Waits for all products but those of the last `pending` parts.
  llvm::SmallVector<mlir::Value> waitProducts(mlir::ValueRange sums,
                                              int64_t pending);

  //--- ContractTile.cpp
  void emitTiles();
  void emitTile(mlir::OpFoldResult batch, mlir::OpFoldResult firstRow,
                mlir::OpFoldResult firstColumn);
  /// Runs through the depth; returns the sums.
  llvm::SmallVector<mlir::Value>
  emitDepth(llvm::ArrayRef<mlir::OpFoldResult> bases, mlir::ValueRange sums);
  llvm::SmallVector<mlir::Value>
  readFactors(const Panel &panel, mlir::OpFoldResult thread, int64_t perThread,
              mlir::OpFoldResult buffer, mlir::OpFoldResult step);
  /// Adds the products of what the panels' buffers of this number hold.
  llvm::SmallVector<mlir::Value> emitProducts(mlir::OpFoldResult buffer,
                                              mlir::ValueRange sums);

  //--- ContractTensor.cpp
  /// The depth that one instruction multiplies.
  int64_t tensorDepth() const;
  /// Two rows of 8 × 8 matrices of 16 bits (8 × 4 of 32) at `first` of the
  /// span, side by side along the depth: a register for each, those of one row
  /// before the next where `rowByRow`.
  llvm::SmallVector<mlir::Value> readFragments(const Panel &panel,
                                               mlir::OpFoldResult first,
                                               mlir::OpFoldResult buffer,
                                               int64_t step, bool rowByRow);
  llvm::SmallVector<mlir::Value> emitTensorProducts(mlir::OpFoldResult buffer,
                                                    mlir::ValueRange sums);

  /// Rows and columns that a thread has sums of, in the tile.
  int64_t sumRows() const;
  int64_t sumColumns() const;
  mlir::OpFoldResult rowPlace(int64_t i);
  mlir::OpFoldResult columnPlace(int64_t j);
  int64_t sumNumber(int64_t i, int64_t j) const;

  void emitEpilogue(mlir::OpFoldResult batch, mlir::OpFoldResult firstRow,
                    mlir::OpFoldResult firstColumn, mlir::ValueRange sums);
  /// Where number `i` of a thread's rows or columns is: groups of 4, spread
  /// over the tile so that neighbours read neighbouring banks.
  mlir::OpFoldResult placeOf(mlir::OpFoldResult thread, int64_t i,
                             int64_t perThread, int64_t span);

  Emission &e;
  kernel::ContractOp op;
  ContractSchedule s;
  mlir::Type accumulator;
  unsigned extras;
  mlir::OpFoldResult batchSize, rowCount, columnCount, depth;

  Panel panels[2];
  /// With warpgroups: a descriptor of each panel (i64).
  mlir::Value descriptors[2];
  /// Parts of the depth that are under way or being multiplied at once, and the
  /// buffers that they take.
  int64_t stages = 2, buffers = 2;
  /// This thread's place in the tile.
  mlir::OpFoldResult threadRow, threadColumn;
  /// With tensor cores: the warp's first row and column, this thread's number
  /// in the warp, and its place in a matrix of sums.
  mlir::OpFoldResult warpRow, warpColumn, lane, laneRow, laneColumn;
};

} // namespace tensorc::simt

#endif // TENSORC_COMPILER_LOWERING_GPU_CONTRACTEMITTER_H
