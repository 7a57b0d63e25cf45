//===- Emission.h - The frame that the CPU emitters stand on ----*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//

#ifndef TENSORC_COMPILER_LOWERING_CPU_EMISSION_H
#define TENSORC_COMPILER_LOWERING_CPU_EMISSION_H

#include "compiler/lowering/common/Emission.h"
#include "compiler/target/Cpu.h"

namespace tensorc::cpu {

using lowering::BodyPoint;
using lowering::constantOf;
using lowering::isConstant;
using lowering::LinearAccess;
using lowering::linearize;

/// A structured op being emitted for a CPU.
class Emission : public lowering::Emission {
public:
  const target::Cpu &target;
  /// Which share of the work to do, of how many (index).
  mlir::Value task, taskCount;
  /// How many there are to be enough work for, whatever `taskCount` will be.
  int64_t expectedTasks;
  /// `memref<1xi32>` on the stack: the status that the kernel returns.
  mlir::Value status;
  /// The kernel's arguments: its array of buffers, and of dynamic sizes.
  mlir::Value buffersArgument, sizesArgument;

  Emission(mlir::OpBuilder &b, mlir::Location loc, const target::Cpu &target)
      : lowering::Emission(b, loc), target(target),
        expectedTasks(target.threads) {
    hasMaskRegisters = target.hasMasks;
  }

  mlir::Value bind(unsigned position, mlir::Type storage) override;
  mlir::Value dynamicSize(unsigned position) override;
  /// The first failure decides the status.
  void fail(mlir::Value violated, scalar::CheckOp check,
            llvm::function_ref<lowering::Words()> describe) override;

  /// On constants that are such an extent, and nothing else.
  static constexpr llvm::StringLiteral extentAttribute = "kernel.extent";
  /// This task's part of the range [0, extent).
  std::pair<mlir::OpFoldResult, mlir::OpFoldResult>
  taskShare(mlir::OpFoldResult extent);
  /// A loop over this task's part of [0, extent).
  void forTask(mlir::OpFoldResult extent,
               llvm::function_ref<void(mlir::OpFoldResult iv)> body);
};

//--- The emitters: code at the insertion point, for this task's share -------
mlir::LogicalResult emitGeneric(Emission &e, kernel::GenericOp op);
mlir::LogicalResult emitPad(Emission &e, kernel::PadOp op);
mlir::LogicalResult emitContract(Emission &e, kernel::ContractOp op);

} // namespace tensorc::cpu

#endif // TENSORC_COMPILER_LOWERING_CPU_EMISSION_H
