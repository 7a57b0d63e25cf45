//===- JoinKernels.cpp - A kernel with the one that reads it --------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/JoinKernels.h"

#include "compiler/fusion/Build.h"
#include "dialects/kernel/IndexMaps.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace tensorc::compiler::fusion {

/// The most buffers of a kernel, as where clusters are merged.
static constexpr unsigned kMostBuffers = 24;

namespace {

/// A kernel's only op, a generic of static shape that others may be joined to.
struct Part {
  kernel::GenericOp op;
  SmallVector<AffineMap> maps;
  SmallVector<int64_t> sizes;

  static FailureOr<Part> of(kernel::FuncOp function) {
    auto op = dyn_cast<kernel::GenericOp>(function.getBody().front().front());
    if (!op || !isa<kernel::ReturnOp>(op->getNextNode()))
      return failure();
    Part part{op, op.getIndexingMapsArray(), {}};
    part.sizes =
        kernel::loopSizes(part.maps, op->getOperandTypes(), op.getDimSizes());
    for (auto [number, operand] : llvm::enumerate(op->getOperands()))
      if (operand != function.getArgument(number))
        return failure();
    bool hasChecks = !op.getBlock()->getOps<scalar::CheckOp>().empty();
    if (hasChecks || llvm::is_contained(part.sizes, ShapedType::kDynamic))
      return failure();
    return part;
  }
  unsigned inputs() { return op.getInputs().size(); }
};

} // namespace

/// For each dimension of `from` that isn't of size 1, the one of `to` whose
/// points have the same element of a buffer that both see at these maps. Fails
/// where points aren't elements, one to one.
static FailureOr<SmallVector<int64_t>>
sameDims(const Part &from, AffineMap fromMap, const Part &to, AffineMap toMap) {
  SmallVector<int64_t> dims(from.sizes.size(), -1);
  llvm::SmallDenseSet<unsigned> taken;
  for (auto [here, there] :
       llvm::zip_equal(fromMap.getResults(), toMap.getResults())) {
    auto fromDim = dyn_cast<AffineDimExpr>(here),
         toDim = dyn_cast<AffineDimExpr>(there);
    if (!fromDim != !toDim)
      return failure();
    if (!fromDim) { // an axis of one element
      if (here != there || !isa<AffineConstantExpr>(here))
        return failure();
      continue;
    }
    unsigned position = toDim.getPosition();
    if (from.sizes[fromDim.getPosition()] != to.sizes[position] ||
        dims[fromDim.getPosition()] >= 0 || !taken.insert(position).second)
      return failure();
    dims[fromDim.getPosition()] = position;
  }
  for (auto [dim, size] : llvm::enumerate(to.sizes))
    if (size != 1 && !taken.contains(dim))
      return failure();
  return dims;
}

/// Memory planning has most copies disappear.
static bool isCopy(Part &part) {
  return part.op.getBlock()->without_terminator().empty();
}

FailureOr<kernel::FuncOp>
joinKernels(kernel::FuncOp producer, kernel::FuncOp reader, unsigned argument) {
  FailureOr<Part> first = Part::of(producer), second = Part::of(reader);
  if (failed(first) || failed(second) || first->op.getOutputs().size() != 1 ||
      !second->op.getReductionDims().empty() || isCopy(*second) ||
      argument >= second->inputs() ||
      first->inputs() + second->op->getNumOperands() > kMostBuffers)
    return failure();
  auto dims =
      sameDims(*first, first->maps.back(), *second, second->maps[argument]);
  if (failed(dims))
    return failure();

  // The reader's dimensions, then those that the producer alone has.
  MLIRContext *context = producer.getContext();
  SmallVector<int64_t> sizes = second->sizes, reduced;
  for (auto [dim, size] : llvm::enumerate(first->sizes)) {
    bool isReduced =
        llvm::is_contained(first->op.getReductionDims(), int64_t(dim));
    if (isReduced != ((*dims)[dim] < 0) && size != 1)
      return failure();
    if ((*dims)[dim] >= 0)
      continue;
    if (isReduced)
      reduced.push_back(sizes.size());
    (*dims)[dim] = sizes.size();
    sizes.push_back(size);
  }
  SmallVector<AffineExpr> moved;
  for (int64_t dim : *dims)
    moved.push_back(getAffineDimExpr(dim, context));

  SmallVector<AffineMap> maps;
  SmallVector<Type> types;
  auto add = [&](Part &part, unsigned operand, ArrayRef<AffineExpr> exprs) {
    AffineMap map = part.maps[operand];
    maps.push_back(
        exprs.empty()
            ? AffineMap::get(sizes.size(), 0, map.getResults(), context)
            : map.replaceDimsAndSymbols(exprs, {}, sizes.size(), 0));
    types.push_back(part.op->getOperand(operand).getType());
  };
  for (unsigned i = 0; i < first->inputs(); ++i)
    add(*first, i, moved);
  for (unsigned i = 0; i < second->op->getNumOperands(); ++i)
    if (i != argument)
      add(*second, i, {});
  unsigned inputs = types.size() - second->op.getOutputs().size();

  OpBuilder b(context);
  Location loc = reader.getLoc();
  auto joined =
      kernel::FuncOp::create(b, loc, "kernel", b.getFunctionType(types, {}));
  if (Attribute excess = reader->getAttr(kernel::excessPrecisionName))
    joined->setAttr(kernel::excessPrecisionName, excess);
  b.setInsertionPointToStart(&joined.getBody().front());
  ValueRange buffers = joined.getBody().getArguments();
  auto op = kernel::GenericOp::create(
      b, loc, buffers.take_front(inputs), buffers.drop_front(inputs),
      b.getAffineMapArrayAttr(maps), reduced,
      hiddenSizes(maps, joined.getArgumentTypes(), sizes).dimSizes,
      ValueRange());
  Block &body = op.getBody().emplaceBlock();
  b.setInsertionPointToStart(&body);
  IRMapping mapping;
  auto append = [&](Part &part, ArrayRef<int64_t> places) {
    for (Operation &inner : part.op.getBlock()->without_terminator())
      if (auto index = dyn_cast<kernel::IndexOp>(inner);
          index && !places.empty())
        mapping.map(
            index.getResult(),
            kernel::IndexOp::create(b, index.getLoc(), places[index.getDim()])
                .getResult());
      else
        b.clone(inner, mapping);
  };
  auto take = [&](Value element) {
    mapping.map(element, body.addArgument(element.getType(), loc));
  };
  llvm::for_each(first->op.getBlock()->getArguments(), take);
  append(*first, *dims);
  Value result = first->op.getBlock()->getTerminator()->getOperand(0);
  for (BlockArgument element : second->op.getBlock()->getArguments())
    if (element.getArgNumber() == argument)
      mapping.map(element, mapping.lookup(result));
    else
      take(element);
  append(*second, {});
  SmallVector<Value> yielded;
  for (Value value : second->op.getBlock()->getTerminator()->getOperands())
    yielded.push_back(mapping.lookup(value));
  kernel::YieldOp::create(b, loc, yielded);
  return joined;
}

} // namespace tensorc::compiler::fusion
