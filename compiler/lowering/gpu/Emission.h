//===- Emission.h - The frame of the GPU emitters ---------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_GPU_EMISSION_H
#define TENSORC_COMPILER_LOWERING_GPU_EMISSION_H

#include "compiler/lowering/common/Emission.h"
#include "compiler/lowering/gpu/Target.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"

namespace tensorc::simt {

using lowering::BodyPoint;
using lowering::constantOf;
using lowering::isConstant;
using lowering::LinearAccess;

/// Threads that run in step and exchange registers.
constexpr int64_t warpThreads = 32;
/// Bytes of the widest access to memory.
constexpr int64_t accessBytes = 16;
/// What `wgmma` reads starts at a multiple of this.
constexpr int64_t swizzleBytes = 1024;

/// A structured op being emitted for a GPU: the code of one thread.
class Emission : public lowering::Emission {
public:
  const TargetInfo &target;
  mlir::gpu::GPUFuncOp func;

  /// `buffers`: how many of the function's arguments are the kernel's own;
  /// `said`: what is known of the sizes that follow, if anything.
  Emission(mlir::OpBuilder &b, mlir::Location loc, const TargetInfo &target,
           mlir::gpu::GPUFuncOp func, unsigned buffers,
           llvm::ArrayRef<lowering::SizeRange> said)
      : lowering::Emission(b, loc), target(target), func(func),
        buffers(buffers), said(said) {}

  mlir::Value bind(unsigned position, mlir::Type storage) override;
  mlir::Value dynamicSize(unsigned position) override;
  /// Stores `code` in the status; whose failure stays there is open.
  void fail(mlir::Value violated, scalar::CheckOp check,
            llvm::function_ref<lowering::Words()> describe) override;
  /// Whether the status says that no launch before this one has failed.
  mlir::Value nothingFailed();

  //--- Threads and blocks -----------------------------------------------------
  /// Says how many threads a block has; to be called once, first.
  void setThreads(int64_t threads);
  int64_t threads() const { return blockThreads; }
  /// This thread's number in its block (index).
  mlir::Value thread();
  /// Calls `body` with the numbers [0, count) that are this block's: one where
  /// `count` is known, as the grid then has as many blocks.
  void forBlocks(mlir::OpFoldResult count,
                 llvm::function_ref<void(mlir::OpFoldResult number)> body);
  void barrier();
  /// A comparison of indices; null where it is known to hold.
  mlir::Value below(mlir::OpFoldResult x, mlir::OpFoldResult bound);
  /// The loop that has these results stays one: unrolled, it would take too
  /// many registers.
  void keepLoop(mlir::ValueRange results);
  /// The loop whose body is being emitted is unrolled so many times.
  void unrollLoop(int64_t count);
  /// As `ifThen`; always where `condition` is null.
  void ifHolds(mlir::Value condition, llvm::function_ref<void()> then);

  //--- Shared memory ----------------------------------------------------------
  /// An array that the block's threads share. All start at multiples of the
  /// largest alignment that is asked for.
  mlir::Value shared(mlir::Type element, int64_t count,
                     int64_t alignment = accessBytes);
  mlir::Value loadShared(mlir::Value array, mlir::OpFoldResult index);
  void storeShared(mlir::Value array, mlir::OpFoldResult index,
                   mlir::Value value);
  /// Bytes of all arrays.
  int64_t sharedBytes();
  /// Starts a copy of `count` elements of a buffer to shared memory, 4, 8 or 16
  /// bytes. With `inside` (null: always) false, zeros come instead.
  void copyAsync(mlir::Value array, mlir::OpFoldResult to, mlir::Value buffer,
                 mlir::OpFoldResult from, int64_t count, mlir::Value inside);
  /// The copies that this thread has started since the last time are a group.
  void commitCopies();
  /// Waits for this thread's groups of copies but the last `pending`.
  void waitCopies(int64_t pending);
  /// Lets `wgmma` see, after a barrier, what this thread has waited for.
  void showCopies();

  //--- Reductions: all threads get the result, the same bits ------------------
  /// Over `width` neighbouring threads of a warp (a power of two).
  mlir::Value combineWarp(scalar::Combiner combiner, mlir::Value value,
                          int64_t width);
  /// Over all threads of the block, for several values at once; all threads
  /// must come here.
  void combineBlock(llvm::ArrayRef<scalar::Combiner> combiners,
                    llvm::MutableArrayRef<mlir::Value> values);
  /// Over the threads t, t + apart, t + 2 * apart, …, of the block.
  void combineColumns(llvm::ArrayRef<scalar::Combiner> combiners,
                      llvm::MutableArrayRef<mlir::Value> values, int64_t apart);

  //--- Memory -----------------------------------------------------------------
  /// Whether runs of `count` elements along dimension `dim` that start at
  /// multiples of `count` can be read and written at once.
  bool isPackable(const LinearAccess &access, unsigned dim, int64_t count);
  /// Elements index, index + stride, … in their compute type; `packed` where
  /// they are a run as above.
  llvm::SmallVector<mlir::Value> loadPack(const LinearAccess &access,
                                          mlir::OpFoldResult index,
                                          mlir::OpFoldResult stride,
                                          int64_t count, bool packed);
  void storePack(const LinearAccess &access, mlir::OpFoldResult index,
                 mlir::OpFoldResult stride, mlir::ValueRange values,
                 bool packed);

private:
  void noteBlocks(mlir::OpFoldResult count);
  mlir::Value exchangeArray(size_t slot, mlir::Type type, int64_t count);

  /// The last argument.
  mlir::Value statusArgument() {
    return func.getArgument(func.getNumArguments() - 1);
  }

  unsigned buffers;
  llvm::ArrayRef<lowering::SizeRange> said;
  int64_t blockThreads = 0;
  mlir::Value threadValue;
  /// Arrays for reductions; a kernel makes them all of one length.
  llvm::SmallVector<mlir::Value> exchange;
};

//--- The emitters -------------------------------------------------------------
mlir::LogicalResult emitGeneric(Emission &e, kernel::GenericOp op);
mlir::LogicalResult emitPad(Emission &e, kernel::PadOp op);
mlir::LogicalResult emitContract(Emission &e, kernel::ContractOp op);

} // namespace tensorc::simt

#endif // TENSORC_COMPILER_LOWERING_GPU_EMISSION_H
