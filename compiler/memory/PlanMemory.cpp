//===- PlanMemory.cpp - One arena for a program ---------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/memory/Arena.h"
#include "compiler/memory/InPlace.h"
#include "compiler/memory/Passes.h"
#include "compiler/memory/VerifyPlan.h"
#include "compiler/support/StateLayout.h"
#include "tensorc/abi.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace tensorc::compiler {

#define GEN_PASS_DEF_PLANMEMORYPASS
#include "compiler/memory/Passes.h.inc"

using namespace memory;

/// Replaces the program's allocations by views of an arena, its new last
/// argument.
static LogicalResult placeBuffers(kernel::ProgramOp program) {
  auto lifetimes = lifetimesOf(launchesOf(program));
  SmallVector<kernel::AllocOp> allocs;
  SmallVector<memory::Block> blocks;
  for (auto alloc : llvm::make_early_inc_range(
           program.getBody().getOps<kernel::AllocOp>())) {
    auto type = cast<MemRefType>(alloc.getBuffer().getType());
    auto *lifetime = lifetimes.find(alloc);
    if (lifetime == lifetimes.end()) {
      alloc.erase(); // `hoistBuffers` leaves no view of it
      continue;
    }
    if (llvm::is_contained(scalar::rawSizesOf(type), ShapedType::kDynamic))
      return alloc.emitOpError("needs ")
             << type << ", a buffer of dynamic size, expected sizes that are "
             << "numbers or symbols for all intermediate values";
    constexpr int64_t kAddresses = int64_t(1) << 48;
    if (byteSize(type) >= kAddresses)
      return alloc.emitOpError("needs ")
             << type << ", up to " << byteSize(type)
             << " bytes, which no memory holds: expected less at the greatest "
                "sizes";
    allocs.push_back(alloc);
    blocks.push_back({byteSize(type), lifetime->second});
  }
  int64_t arenaBytes = placeBlocks(blocks, TENSORC_ALIGNMENT);
  int64_t bufferBytes = 0;
  for (const memory::Block &block : blocks)
    bufferBytes += llvm::alignTo(block.bytes, TENSORC_ALIGNMENT);

  OpBuilder b(program);
  auto arenaType = MemRefType::get({arenaBytes}, b.getI8Type());
  unsigned position = program.getNumArguments();
  auto attributes = b.getDictionaryAttr(
      {b.getNamedAttr("kernel.name", b.getStringAttr("workspace")),
       b.getNamedAttr("kernel.role", b.getStringAttr("workspace"))});
  if (failed(program.insertArgument(position, arenaType, attributes,
                                    program.getLoc())))
    return failure();
  Value arena = program.getBody().getArgument(position);
  for (auto [alloc, block] : llvm::zip_equal(allocs, blocks)) {
    b.setInsertionPoint(alloc);
    auto view = kernel::ViewOp::create(
        b, alloc.getLoc(), alloc.getBuffer().getType(), arena, block.offset);
    alloc.getBuffer().replaceAllUsesWith(view.getBuffer());
    alloc.erase();
  }
  program->setAttr("kernel.workspace_bytes", b.getI64IntegerAttr(arenaBytes));
  program->setAttr("kernel.live_bytes", b.getI64IntegerAttr(liveBytes(blocks)));
  program->setAttr("kernel.buffer_bytes", b.getI64IntegerAttr(bufferBytes));
  return success();
}

/// Marks the kernels that write state in a program that can fail: where
/// launches don't wait for each other's status, these look at it themselves.
static void markGuarded(kernel::ProgramOp program, SymbolTable &symbols) {
  SmallVector<kernel::LaunchOp> launches = launchesOf(program);
  if (llvm::none_of(launches, [&](kernel::LaunchOp launch) {
        return canFail(launch, symbols);
      }))
    return;
  for (kernel::LaunchOp launch : launches)
    if (llvm::any_of(launch.getOutputs(), isState))
      symbols.lookup(launch.getKernel())
          ->setAttr("kernel.guarded", UnitAttr::get(program.getContext()));
}

namespace {

struct PlanMemoryPass : impl::PlanMemoryPassBase<PlanMemoryPass> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    for (auto program : getOperation().getOps<kernel::ProgramOp>()) {
      hoistBuffers(program);
      eliminateCopies(program, symbols);
      reuseInputs(program, symbols);
      if (failed(placeBuffers(program)) || failed(verifyPlan(program, symbols)))
        return signalPassFailure();
      markGuarded(program, symbols);
    }
    // Copies that are gone.
    llvm::StringSet<> launched;
    getOperation().walk(
        [&](kernel::LaunchOp launch) { launched.insert(launch.getKernel()); });
    for (auto function :
         llvm::make_early_inc_range(getOperation().getOps<kernel::FuncOp>()))
      if (!launched.contains(function.getSymName()))
        function.erase();
  }
};

} // namespace

} // namespace tensorc::compiler
