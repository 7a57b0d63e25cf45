//===- SplitReductions.cpp - Long reductions over more workers ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/Build.h"
#include "compiler/fusion/Passes.h"
#include "compiler/fusion/SplitKernel.h"
#include "compiler/target/Variant.h"
#include "dialects/kernel/IndexMaps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace tensorc::compiler {

#define GEN_PASS_DEF_SPLITREDUCTIONSPASS
#include "compiler/fusion/Passes.h.inc"

using namespace fusion;

/// Results along each side of what one worker computes of a product at once.
static constexpr int64_t tileSize = 16;
/// Neighbouring columns whose sums one worker computes at once.
static constexpr int64_t columnsAtOnce = 32;
/// Blocks that keep a multiprocessor busy: one computes while another waits for
/// memory.
static constexpr int64_t blocksAtOnce = 2;
/// The work of a worker that takes much longer than another launch, in parts.
static constexpr int64_t partsWorthLaunching = 8;

/// How many workers a contraction has work for as it is.
static int64_t workersOfContract(const ReducingKernel &kernel) {
  int64_t batch = 1, rows = 1, columns = 1;
  for (int64_t dim : kernel.parallel) {
    bool inLhs = kernel.maps[0].isFunctionOfDim(dim),
         inRhs = kernel.maps[1].isFunctionOfDim(dim);
    (inLhs == inRhs ? batch : inLhs ? rows : columns) *= kernel.sizes[dim];
  }
  return batch * llvm::divideCeil(rows, tileSize) *
         llvm::divideCeil(columns, tileSize);
}

/// The same for a generic: one for each row, or for a few rows that are
/// neighbours where the points of a row aren't.
static int64_t workersOfGeneric(const ReducingKernel &kernel) {
  int64_t rows = kernel.points(kernel.parallel);
  bool areColumns = true;
  for (AffineMap map : ArrayRef(kernel.maps).drop_back(kernel.outputs()))
    if (kernel::usesAnyDim(map, kernel.reduced))
      areColumns &= !kernel::usesAnyDim(map.getMinorSubMap(1), kernel.reduced);
  return areColumns ? llvm::divideCeil(rows, columnsAtOnce) : rows;
}

/// The greatest divisor of `size` up to `limit`.
static int64_t divisorUpTo(int64_t limit, int64_t size) {
  int64_t divisor = std::min(limit, size);
  while (size % divisor != 0)
    --divisor;
  return divisor;
}

namespace {

struct SplitReductionsPass
    : impl::SplitReductionsPassBase<SplitReductionsPass> {
  using Base::Base;

  void runOnOperation() override;

private:
  SmallVector<DimParts> chooseParts(const ReducingKernel &kernel,
                                    int64_t workers);
  void splitLaunch(kernel::LaunchOp launch, const SplitKernel &split,
                   StringAttr partial, StringAttr whole);
};

} // namespace

/// Empty where it doesn't pay to split.
SmallVector<DimParts>
SplitReductionsPass::chooseParts(const ReducingKernel &kernel,
                                 int64_t workers) {
  int64_t busy = isa<kernel::ContractOp>(kernel.op) ? workersOfContract(kernel)
                                                    : workersOfGeneric(kernel);
  int64_t each =
      kernel.points(kernel.parallel) * kernel.points(kernel.reduced) / busy;
  if (2 * busy > workers || each < partsWorthLaunching * work)
    return {};
  int64_t limit = std::min<int64_t>(workers / busy, each / work);
  SmallVector<DimParts> parts;
  for (int64_t dim : kernel.reduced) {
    int64_t count = divisorUpTo(limit, kernel.sizes[dim]);
    if (count == 1)
      continue;
    parts.push_back({dim, count});
    limit /= count;
  }
  return parts;
}

/// Replaces the launch of a kernel by those of its halves.
void SplitReductionsPass::splitLaunch(kernel::LaunchOp launch,
                                      const SplitKernel &split,
                                      StringAttr partial, StringAttr whole) {
  OpBuilder b(launch);
  Location loc = launch.getLoc();
  auto operands = [&](ArrayRef<unsigned> arguments) {
    return llvm::map_to_vector(arguments, [&](unsigned argument) -> Value {
      return launch->getOperand(argument);
    });
  };
  SmallVector<Value> buffers;
  for (MemRefType type : split.buffers)
    buffers.push_back(kernel::AllocOp::create(b, loc, type));
  kernel::LaunchOp::create(b, loc, partial.getValue(),
                           operands(split.partialInputs), buffers);
  SmallVector<Value> inputs = buffers;
  llvm::append_range(inputs, operands(split.wholeInputs));
  kernel::LaunchOp::create(b, loc, whole.getValue(), inputs,
                           operands(split.outputs));
  launch.erase();
}

void SplitReductionsPass::runOnOperation() {
  ModuleOp module = getOperation();
  int64_t count = workers;
  if (const target::Gpu *gpu = target::gpuOf(module))
    count = blocksAtOnce * gpu->multiprocessors;
  else if (target::isVariant(module))
    return;
  if (workers < 1 || work < 1) {
    module.emitError("reductions are to be split for ")
        << workers.getValue() << " workers with parts of " << work.getValue()
        << " points, expected at least 1 of both";
    return signalPassFailure();
  }
  KernelLibrary library(module);
  SymbolTableCollection tables;
  SymbolUserMap users(tables, module);
  for (auto function :
       llvm::make_early_inc_range(module.getOps<kernel::FuncOp>())) {
    FailureOr<ReducingKernel> kernel = analyzeReductions(function);
    if (failed(kernel) || users.useEmpty(function))
      continue;
    SmallVector<DimParts> parts = chooseParts(*kernel, count);
    if (parts.empty())
      continue;
    SplitKernel split = splitKernel(*kernel, parts);
    for (kernel::FuncOp half : {split.partial, split.whole})
      if (Attribute excess = function->getAttr(kernel::excessPrecisionName))
        half->setAttr(kernel::excessPrecisionName, excess);
    StringRef name = function.getSymName();
    name = name.rtrim("0123456789").rtrim('_');
    StringAttr partial = library.add(split.partial, (name + "_parts").str()),
               whole = library.add(split.whole, (name + "_whole").str());
    for (Operation *user : users.getUsers(function))
      splitLaunch(cast<kernel::LaunchOp>(user), split, partial, whole);
    function.erase();
  }
}

} // namespace tensorc::compiler
