//===- Tasks.cpp - How many tasks a kernel is worth -----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/target/Tasks.h"

#include "dialects/kernel/IndexMaps.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace mlir;
using namespace tensorc;
using namespace tensorc::target;

// One core, roughly: what it moves and what it computes in a nanosecond. What
// fits its second-level cache is there already in a training loop, and
// splitting it would move half of it to another core.
static constexpr double cacheBytes = 1.5 * (1 << 20);
static constexpr double cachedBytesPerNanosecond = 100;
static constexpr double streamedBytesPerNanosecond = 20;
static constexpr double flopsPerNanosecond = 60;
/// So that threads of unequal speed, and numbers of them that don't divide the
/// tasks, are idle for a small part of the time.
static constexpr int64_t tasksPerThread = 4;

/// Operations for each point of a body; transcendental functions are dear.
static double bodyCost(Block &body) {
  double cost = 0;
  for (Operation &op : body.without_terminator())
    cost += isa<math::MathDialect>(op.getDialect()) ? 16 : 1;
  return cost;
}

namespace {
/// Counts a kernel's work for arguments of some shapes.
class WorkCounter {
public:
  /// `types` are those of the buffers, `given` the sizes after them.
  WorkCounter(kernel::FuncOp kernel, TypeRange types, ArrayRef<int64_t> given)
      : kernel(kernel), types(types), given(given) {}

  std::optional<KernelWork> run() {
    for (Operation &op : kernel.getBody().front().without_terminator())
      if (!addWork(op))
        return std::nullopt;
    return work;
  }

private:
  static unsigned numberOf(Value argument) {
    return cast<BlockArgument>(argument).getArgNumber();
  }

  bool addWork(Operation &op);
  template <typename Structured>
  bool addFlops(Structured op, double perPoint, double perRow, double &flops);

  kernel::FuncOp kernel;
  TypeRange types;
  ArrayRef<int64_t> given;
  KernelWork work;
};
} // namespace

/// Adds what a structured op computes.
template <typename Structured>
bool WorkCounter::addFlops(Structured op, double perPoint, double perRow,
                           double &flops) {
  SmallVector<int64_t> named(op.getDimSizes());
  for (auto [size, argument] : llvm::zip_equal(
           llvm::make_filter_range(
               llvm::make_pointer_range(named),
               [](int64_t *size) { return ShapedType::isDynamic(*size); }),
           op.getSizes()))
    *size = given.empty() ? ShapedType::kDynamic
                          : given[numberOf(argument) - types.size()];
  auto operands = llvm::map_to_vector(
      op.getBuffers(), [&](Value operand) { return types[numberOf(operand)]; });
  SmallVector<int64_t> sizes =
      kernel::loopSizes(op.getIndexingMapsArray(), operands, named);
  if (llvm::is_contained(sizes, ShapedType::kDynamic))
    return false;
  double points = 1;
  work.rows = 1;
  for (auto [dim, size] : llvm::enumerate(sizes)) {
    points *= double(size);
    if (!llvm::is_contained(op.getReductionDims(), int64_t(dim)))
      work.rows *= double(size);
  }
  flops = points * perPoint + work.rows * perRow;
  return true;
}

bool WorkCounter::addWork(Operation &op) {
  double bytes = 0, flops = 0;
  for (Value operand : op.getOperands()) {
    if (operand.getType().isIndex())
      continue;
    auto type = cast<MemRefType>(types[numberOf(operand)]);
    if (!type.hasStaticShape())
      return false;
    bytes += double(type.getNumElements()) *
             std::max(8u, type.getElementTypeBitWidth()) / 8;
  }
  work.rows = bytes;
  if (auto generic = dyn_cast<kernel::GenericOp>(op)) {
    if (!addFlops(generic, bodyCost(*generic.getBlock()), 0, flops))
      return false;
  } else if (auto contract = dyn_cast<kernel::ContractOp>(op)) {
    if (!addFlops(contract, 2, bodyCost(*contract.getBlock()), flops))
      return false;
  }
  double moved = bytes / (bytes <= cacheBytes ? cachedBytesPerNanosecond
                                              : streamedBytesPerNanosecond);
  work.nanoseconds += std::max(moved, flops / flopsPerNanosecond);
  return true;
}

/// The buffers of a kernel.
static TypeRange bufferTypes(kernel::FuncOp kernel) {
  return TypeRange(kernel.getArgumentTypes()).drop_back(kernel.getSizeCount());
}

std::optional<KernelWork> target::workOf(kernel::FuncOp kernel) {
  return WorkCounter(kernel, bufferTypes(kernel), {}).run();
}

int64_t KernelWork::tasks(const Cpu &cpu) const {
  if (nanoseconds < nanosecondsToSplit)
    return 1;
  return int64_t(std::min(std::floor(nanoseconds / nanosecondsPerTask),
                          double(mostTasks(cpu))));
}

int64_t target::mostTasks(const Cpu &cpu) {
  return cpu.threads * tasksPerThread;
}

static int64_t tasksFor(std::optional<KernelWork> work, const Cpu &cpu) {
  if (!work)
    return 1;
  return std::max<int64_t>(
      1, std::min(work->tasks(cpu), int64_t(std::min(work->rows, 1e9))));
}

int64_t target::tasksOf(kernel::FuncOp kernel, const Cpu &cpu) {
  return tasksFor(workOf(kernel), cpu);
}

std::optional<KernelWork> target::workOf(kernel::FuncOp kernel,
                                         kernel::LaunchOp launch) {
  auto expected = [](ArrayRef<int64_t> raw) {
    return llvm::map_to_vector(raw, [](int64_t size) {
      return ShapedType::isDynamic(size) ? size : SymInt(size).hint();
    });
  };
  SmallVector<Type> types;
  for (Type type : launch.getOperandTypes()) {
    auto buffer = cast<MemRefType>(type);
    types.push_back(MemRefType::get(expected(scalar::rawSizesOf(buffer)),
                                    buffer.getElementType()));
  }
  SmallVector<int64_t> given;
  if (auto sizes = launch.getSizesAttr())
    given = expected(cast<scalar::SizesAttr>(sizes).getRaw());
  return WorkCounter(kernel, types, given).run();
}
