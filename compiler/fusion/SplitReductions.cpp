//===- SplitReductions.cpp - Long reductions over more workers ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/Build.h"
#include "compiler/fusion/JoinKernels.h"
#include "compiler/fusion/Passes.h"
#include "compiler/fusion/SplitKernel.h"
#include "compiler/target/Tasks.h"
#include "compiler/target/Variant.h"
#include "dialects/kernel/IndexMaps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace tensorc::compiler {

#define GEN_PASS_DEF_SPLITREDUCTIONSPASS
#include "compiler/fusion/Passes.h.inc"

using namespace fusion;

/// Results along each side of what one worker computes of a product at once.
static constexpr int64_t tileOfBlock = 16, tileOfCore = 32;
/// Blocks that keep a multiprocessor busy: one computes while another waits for
/// memory.
static constexpr int64_t blocksAtOnce = 2;
/// The work of a worker that takes much longer than another launch, in parts.
static constexpr int64_t partsWorthLaunching = 8;
/// The same for a CPU, where a launch is a call.
static constexpr int64_t tasksWorthSplitting = 4;
/// The dimensions that a kernel's buffer may have.
static constexpr size_t mostDims = 8;
/// Parts for each thread of a CPU.
static constexpr int64_t partsPerThread = 2;
/// Neighbouring columns whose sums one worker computes at once: lanes of a
/// GPU's block; what fits a core's nearest cache.
static constexpr int64_t columnsOfBlock = 32, columnsOfCore = 4096;

/// A kernel's name without its number.
static StringRef stemOf(StringRef name) {
  return name.rtrim("0123456789").rtrim('_');
}

/// How many workers a contraction has work for as it is.
static int64_t workersOfContract(const ReducingKernel &kernel,
                                 int64_t tileSize) {
  int64_t batch = 1, rows = 1, columns = 1;
  for (int64_t dim : kernel.parallel) {
    bool inLhs = kernel.maps[0].isFunctionOfDim(dim),
         inRhs = kernel.maps[1].isFunctionOfDim(dim);
    (inLhs == inRhs ? batch : inLhs ? rows : columns) *= kernel.sizes[dim];
  }
  return batch * llvm::divideCeil(rows, tileSize) *
         llvm::divideCeil(columns, tileSize);
}

/// The same for a generic: one for each row, or for some rows that are
/// neighbours where the points of a row aren't.
static int64_t workersOfGeneric(const ReducingKernel &kernel,
                                int64_t columnsAtOnce) {
  int64_t rows = kernel.points(kernel.parallel);
  bool areColumns = true;
  for (AffineMap map : ArrayRef(kernel.maps).drop_back(kernel.outputs()))
    if (kernel::usesAnyDim(map, kernel.reduced))
      areColumns &= !kernel::usesAnyDim(map.getMinorSubMap(1), kernel.reduced);
  return areColumns ? llvm::divideCeil(rows, columnsAtOnce) : rows;
}

static int64_t workersOf(const ReducingKernel &kernel, int64_t tileSize,
                         int64_t columnsAtOnce) {
  return isa<kernel::ContractOp>(kernel.op)
             ? workersOfContract(kernel, tileSize)
             : workersOfGeneric(kernel, columnsAtOnce);
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
  int64_t partsOnCpu(const ReducingKernel &kernel, const target::Cpu &cpu);
  int64_t partsOnGpu(const ReducingKernel &kernel, int64_t workers);
};

} // namespace

/// At most so many parts are worth it; 1: none.
int64_t SplitReductionsPass::partsOnGpu(const ReducingKernel &kernel,
                                        int64_t workers) {
  int64_t busy = workersOf(kernel, tileOfBlock, columnsOfBlock);
  int64_t each =
      kernel.points(kernel.parallel) * kernel.points(kernel.reduced) / busy;
  if (2 * busy > workers || each < partsWorthLaunching * work)
    return 1;
  return std::min<int64_t>(workers / busy, each / work);
}

/// The same. What a kernel's work is worth is known as for its tasks.
int64_t SplitReductionsPass::partsOnCpu(const ReducingKernel &kernel,
                                        const target::Cpu &cpu) {
  int64_t busy = workersOf(kernel, tileOfCore, columnsOfCore);
  int64_t tasks = target::workOf(kernel.function)->tasks(cpu);
  if (2 * busy > tasks || tasks < tasksWorthSplitting)
    return 1;
  return std::min(tasks, partsPerThread * cpu.threads) / busy;
}

/// `limit` parts at most, of the outermost dimensions.
static SmallVector<DimParts> chooseParts(const ReducingKernel &kernel,
                                         int64_t limit) {
  SmallVector<DimParts> parts;
  for (int64_t dim : kernel.reduced) {
    // The parts' buffer has a dimension for each.
    if (kernel.parallel.size() + parts.size() == mostDims)
      break;
    int64_t count = divisorUpTo(limit, kernel.sizes[dim]);
    if (count == 1)
      continue;
    parts.push_back({dim, count});
    limit /= count;
  }
  return parts;
}

/// Replaces the launch of a kernel by those of its halves; returns the second.
static kernel::LaunchOp splitLaunch(kernel::LaunchOp launch,
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
  auto second = kernel::LaunchOp::create(b, loc, whole.getValue(), inputs,
                                         operands(split.outputs));
  launch.erase();
  return second;
}

/// The launch that alone reads what `launch` alone writes, after it, and at
/// whose place the inputs of `launch` are what they are now; and the use.
static OpOperand *onlyReader(kernel::LaunchOp launch) {
  if (launch.getOutputs().size() != 1)
    return nullptr;
  Value result = launch.getOutputs().front();
  OpOperand *read = nullptr;
  for (OpOperand &use : result.getUses()) {
    if (use.getOwner() == launch)
      continue;
    if (read || !isa<kernel::LaunchOp>(use.getOwner()))
      return nullptr;
    read = &use;
  }
  if (!read || !result.getDefiningOp<kernel::AllocOp>())
    return nullptr;
  auto reader = cast<kernel::LaunchOp>(read->getOwner());
  if (read->getOperandNumber() >= reader.getInputs().size() ||
      !launch->isBeforeInBlock(reader))
    return nullptr;
  for (Operation *op = launch->getNextNode(); op != reader;
       op = op->getNextNode())
    if (auto other = dyn_cast<kernel::LaunchOp>(op))
      if (llvm::any_of(other.getOutputs(), [&](Value output) {
            return llvm::is_contained(launch.getInputs(), output);
          }))
        return nullptr;
  return read;
}

/// Has the launch that reads the result of `whole` do its work as well, where
/// one kernel can do both. Adds the two kernels to `replaced` then.
static void joinReader(ModuleOp module, kernel::LaunchOp whole,
                       KernelLibrary &library,
                       llvm::SetVector<Operation *> &replaced) {
  OpOperand *read = onlyReader(whole);
  if (!read)
    return;
  auto reader = cast<kernel::LaunchOp>(read->getOwner());
  unsigned argument = read->getOperandNumber();
  auto first = module.lookupSymbol<kernel::FuncOp>(whole.getKernel()),
       second = module.lookupSymbol<kernel::FuncOp>(reader.getKernel());
  FailureOr<kernel::FuncOp> joined = joinKernels(first, second, argument);
  if (failed(joined))
    return;
  StringAttr name =
      library.add(*joined, (stemOf(reader.getKernel()) + "_whole").str());
  SmallVector<Value> inputs(whole.getInputs());
  for (auto [number, input] : llvm::enumerate(reader.getInputs()))
    if (number != argument)
      inputs.push_back(input);
  OpBuilder b(reader);
  kernel::LaunchOp::create(b, reader.getLoc(), name.getValue(), inputs,
                           reader.getOutputs());
  Operation *buffer = whole.getOutputs().front().getDefiningOp();
  for (Operation *op : {reader.getOperation(), whole.getOperation(), buffer})
    op->erase();
  replaced.insert(first);
  replaced.insert(second);
}

void SplitReductionsPass::runOnOperation() {
  ModuleOp module = getOperation();
  const target::Cpu *cpu = target::cpuOf(module);
  int64_t blocks = workers;
  if (const target::Gpu *gpu = target::gpuOf(module))
    blocks = blocksAtOnce * gpu->multiprocessors;
  else if (!cpu && target::isVariant(module))
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
  SmallVector<kernel::LaunchOp> wholes;
  for (auto function :
       llvm::make_early_inc_range(module.getOps<kernel::FuncOp>())) {
    FailureOr<ReducingKernel> kernel = analyzeReductions(function);
    if (failed(kernel) || users.useEmpty(function))
      continue;
    SmallVector<DimParts> parts = chooseParts(
        *kernel, cpu ? partsOnCpu(*kernel, *cpu) : partsOnGpu(*kernel, blocks));
    if (parts.empty())
      continue;
    SplitKernel split = splitKernel(*kernel, parts);
    for (kernel::FuncOp half : {split.partial, split.whole})
      if (Attribute excess = function->getAttr(kernel::excessPrecisionName))
        half->setAttr(kernel::excessPrecisionName, excess);
    StringRef name = stemOf(function.getSymName());
    StringAttr partial = library.add(split.partial, (name + "_parts").str()),
               whole = library.add(split.whole, (name + "_whole").str());
    for (Operation *user : users.getUsers(function))
      wholes.push_back(
          splitLaunch(cast<kernel::LaunchOp>(user), split, partial, whole));
    function.erase();
  }
  llvm::SetVector<Operation *> replaced;
  for (kernel::LaunchOp whole : wholes)
    joinReader(module, whole, library, replaced);
  llvm::StringSet<> launched;
  module.walk(
      [&](kernel::LaunchOp launch) { launched.insert(launch.getKernel()); });
  for (Operation *function : replaced)
    if (!launched.contains(cast<kernel::FuncOp>(function).getSymName()))
      function->erase();
}

} // namespace tensorc::compiler
