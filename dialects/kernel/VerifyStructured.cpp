//===- VerifyStructured.cpp - Constraints of structured ops -----*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/IndexMaps.h"
#include "dialects/kernel/KernelDialect.h"

#include "llvm/ADT/DenseMap.h"

using namespace mlir;
using namespace tensorc::kernel;

/// C1 to C3, C6 and C10, which `kernel.generic` and `kernel.contract` share.
/// Sets `sizes` to the dimensions' sizes (`kDynamic` where unknown).
static LogicalResult verifyMaps(Operation *op, ArrayRef<AffineMap> maps,
                                OperandRange operands,
                                ArrayRef<int64_t> dimSizes, ValueRange given,
                                SmallVectorImpl<int64_t> &sizes) {
  // (C1)
  if (maps.size() != operands.size())
    return op->emitOpError("has ") << maps.size() << " indexing maps for "
                                   << operands.size() << " operands";
  unsigned dims = maps.front().getNumDims();
  for (auto [index, map, operand] : llvm::enumerate(maps, operands)) {
    auto type = cast<MemRefType>(operand.getType());
    if (map.getNumDims() != dims || map.getNumSymbols() != 0 ||
        map.getNumResults() != type.getRank())
      return op->emitOpError("indexing map #")
             << index << " is " << AffineMapAttr::get(map) << ", expected "
             << dims << " dimensions, no symbols, and " << type.getRank()
             << " results";
  }
  // (C2)
  for (auto [index, map] : llvm::enumerate(maps))
    for (AffineExpr result : map.getResults())
      if (failed(LinearExpr::of(result, dims)))
        return op->emitOpError("indexing map #")
               << index << " is " << AffineMapAttr::get(map)
               << ", expected results that are linear in the dimensions";
  // (C3)
  if (!dimSizes.empty() && dimSizes.size() != dims)
    return op->emitOpError("has ")
           << dimSizes.size() << " `dim_sizes` for " << dims << " dimensions";
  sizes.assign(dims, ShapedType::kDynamic);
  SmallVector<bool> known(dims, false);
  auto isNamed = [&](unsigned dim) {
    return !dimSizes.empty() &&
           (dimSizes[dim] >= 0 || ShapedType::isDynamic(dimSizes[dim]));
  };
  for (auto [dim, size] : llvm::enumerate(dimSizes)) {
    known[dim] = isNamed(dim);
    if (known[dim])
      sizes[dim] = size;
  }
  // (C10)
  if (llvm::count(dimSizes, ShapedType::kDynamic) != int64_t(given.size()))
    return op->emitOpError("has ")
           << given.size() << " `sizes` for "
           << llvm::count(dimSizes, ShapedType::kDynamic)
           << " dimensions of `dim_sizes` that have no number";
  for (auto [index, size] : llvm::enumerate(given)) {
    auto argument = dyn_cast<BlockArgument>(size);
    if (!argument || argument.getOwner()->getParentOp() != op->getParentOp())
      return op->emitOpError("size #")
             << index << " is no argument of the kernel";
  }
  for (auto [map, operand] : llvm::zip_equal(maps, operands)) {
    auto type = cast<MemRefType>(operand.getType());
    for (auto [result, size] :
         llvm::zip_equal(map.getResults(), type.getShape())) {
      auto dim = dyn_cast<AffineDimExpr>(result);
      if (!dim)
        continue;
      int64_t &previous = sizes[dim.getPosition()];
      known[dim.getPosition()] = true;
      // Where `dim_sizes` has the size, an operand may be larger (C6).
      if (ShapedType::isDynamic(size) || isNamed(dim.getPosition()))
        continue;
      if (!ShapedType::isDynamic(previous) && previous != size)
        return op->emitOpError("dimension d")
               << dim.getPosition() << " has size " << previous << " and size "
               << size;
      previous = size;
    }
  }
  for (unsigned dim = 0; dim < dims; ++dim)
    if (!known[dim])
      return op->emitOpError("dimension d")
             << dim << " has no size: no map has it as a result of its own, "
             << "nor do `dim_sizes`";
  // (C6)
  if (llvm::is_contained(sizes, 0))
    return success();
  for (auto [index, map, operand] : llvm::enumerate(maps, operands)) {
    auto type = cast<MemRefType>(operand.getType());
    for (auto [axis, result] : llvm::enumerate(map.getResults())) {
      auto range = LinearExpr::of(result, dims)->range(sizes);
      int64_t size = type.getDimSize(axis);
      if (!range || ShapedType::isDynamic(size))
        continue;
      if (range->first < 0 || range->second >= size)
        return op->emitOpError("indexing map #")
               << index << " reaches from " << range->first << " to "
               << range->second << " in an axis of size " << size;
    }
  }
  return success();
}

/// C7: the block's arguments and what it yields.
static LogicalResult verifyBody(Operation *op, Block &body,
                                ArrayRef<Type> arguments,
                                OperandRange outputs) {
  // (C7)
  if (body.getArgumentTypes() != TypeRange(arguments))
    return op->emitOpError("has block arguments of types (")
           << body.getArgumentTypes() << "), expected (" << arguments << ")";
  auto yield = dyn_cast<YieldOp>(body.getTerminator());
  if (!yield)
    return op->emitOpError("has a body that doesn't end in `kernel.yield`");
  SmallVector<Type> elements;
  for (Value output : outputs)
    elements.push_back(cast<MemRefType>(output.getType()).getElementType());
  if (yield.getOperandTypes() != TypeRange(elements))
    return op->emitOpError("yields values of types (")
           << yield.getOperandTypes() << "), expected (" << elements << ")";
  return success();
}

static LogicalResult verifyIndexOps(Block &body, unsigned dims) {
  WalkResult result = body.walk([&](IndexOp index) -> WalkResult {
    // (C8)
    if (index.getDim() < dims)
      return WalkResult::advance();
    return index.emitOpError("asks for dimension ")
           << index.getDim() << " of " << dims;
  });
  return failure(result.wasInterrupted());
}

//===----------------------------------------------------------------------===//
// kernel.generic
//===----------------------------------------------------------------------===//

/// C9: `list` rises and is below `limit`.
static LogicalResult verifyDimList(Operation *op, StringRef name,
                                   ArrayRef<int64_t> list, int64_t limit) {
  for (auto [index, value] : llvm::enumerate(list))
    if (value < 0 || value >= limit || (index > 0 && value <= list[index - 1]))
      return op->emitOpError("has `")
             << name << "` [" << list << "], expected rising numbers below "
             << limit;
  return success();
}

/// Whether `value` is a row value; `known` remembers, since a chain of squares
/// has 2^n paths.
static bool isRow(GenericOp generic, Value value,
                  DenseMap<Operation *, bool> &known) {
  Region *body = &generic.getBody();
  if (!body->isAncestor(value.getParentRegion()))
    return true;
  if (auto argument = dyn_cast<BlockArgument>(value))
    return argument.getOwner() == &body->front() &&
           !usesAnyDim(generic.getIndexingMapsArray()[argument.getArgNumber()],
                       generic.getReductionDims());
  Operation *op = value.getDefiningOp();
  if (isa<ReduceOp>(op))
    return true;
  if (auto index = dyn_cast<IndexOp>(op))
    return !llvm::is_contained(generic.getReductionDims(),
                               static_cast<int64_t>(index.getDim()));
  if (auto found = known.find(op); found != known.end())
    return found->second;
  bool row = op->getNumRegions() == 0 &&
             llvm::all_of(op->getOperands(), [&](Value operand) {
               return isRow(generic, operand, known);
             });
  return known[op] = row;
}

bool GenericOp::isRowValue(Value value) {
  DenseMap<Operation *, bool> known;
  return isRow(*this, value, known);
}

LogicalResult GenericOp::verify() {
  SmallVector<AffineMap> maps = getIndexingMapsArray();
  SmallVector<int64_t> sizes;
  if (getOutputs().empty())
    return emitOpError("has no outputs");
  if (failed(verifyMaps(*this, maps, getBuffers(), getDimSizes(), getSizes(),
                        sizes)))
    return failure();
  if (failed(verifyDimList(*this, "reduction_dims", getReductionDims(),
                           sizes.size())))
    return failure();

  SmallVector<Type> arguments;
  for (Value input : getInputs())
    arguments.push_back(cast<MemRefType>(input.getType()).getElementType());
  if (failed(verifyBody(*this, *getBlock(), arguments, getOutputs())) ||
      failed(verifyIndexOps(*getBlock(), sizes.size())))
    return failure();

  auto yield = cast<YieldOp>(getBlock()->getTerminator());
  ArrayRef<AffineMap> outputMaps =
      ArrayRef(maps).take_back(getOutputs().size());
  for (auto [index, map, value] :
       llvm::enumerate(outputMaps, yield.getValues())) {
    bool reduced = !usesAnyDim(map, getReductionDims());
    // (C4)
    if (reduced && !isRowValue(value))
      return emitOpError("output #")
             << index << " has one element for each row, but the value yielded "
             << "for it differs within a row (`kernel.reduce` makes a row "
             << "value)";
    // (C5)
    SmallVector<unsigned> written;
    for (unsigned dim = 0; dim < sizes.size(); ++dim)
      if (!reduced ||
          !llvm::is_contained(getReductionDims(), static_cast<int64_t>(dim)))
        written.push_back(dim);
    if (!isInjective(map, sizes, written))
      return emitOpError("output #")
             << index << " has the map " << AffineMapAttr::get(map)
             << ", which writes an element twice";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// kernel.contract
//===----------------------------------------------------------------------===//

LogicalResult ContractOp::verify() {
  SmallVector<AffineMap> maps = getIndexingMapsArray();
  SmallVector<int64_t> sizes;
  if (getOutputs().empty())
    return emitOpError("has no outputs");
  if (failed(verifyMaps(*this, maps, getBuffers(), getDimSizes(), getSizes(),
                        sizes)))
    return failure();
  if (getBlock()->getNumArguments() == 0)
    return emitOpError("has no block argument for the accumulator");
  SmallVector<Type> arguments = {getBlock()->getArgument(0).getType()};
  for (Value extra : getExtras())
    arguments.push_back(cast<MemRefType>(extra.getType()).getElementType());
  if (failed(verifyBody(*this, *getBlock(), arguments, getOutputs())) ||
      failed(verifyIndexOps(*getBlock(), sizes.size())))
    return failure();

  // (C4)
  SmallVector<int64_t> summed = getReductionDims();
  ArrayRef<AffineMap> outputMaps =
      ArrayRef(maps).take_back(getOutputs().size());
  SmallVector<unsigned> written;
  for (unsigned dim = 0; dim < sizes.size(); ++dim)
    if (!llvm::is_contained(summed, static_cast<int64_t>(dim)))
      written.push_back(dim);
  for (auto [index, map] :
       llvm::enumerate(ArrayRef(maps).slice(2, getExtras().size())))
    if (usesAnyDim(map, summed))
      return emitOpError("extra #")
             << index << " has the map " << AffineMapAttr::get(map)
             << ", which uses a summed dimension";
  for (auto [index, map] : llvm::enumerate(outputMaps))
    if (!isInjective(map, sizes, written))
      return emitOpError("output #")
             << index << " has the map " << AffineMapAttr::get(map)
             << ", which writes an element twice";
  return success();
}

SmallVector<int64_t> ContractOp::getReductionDims() {
  SmallVector<AffineMap> maps = getIndexingMapsArray();
  SmallVector<int64_t> summed;
  for (unsigned dim = 0; dim < maps.front().getNumDims(); ++dim)
    if (llvm::none_of(ArrayRef(maps).take_back(getOutputs().size()),
                      [&](AffineMap map) { return map.isFunctionOfDim(dim); }))
      summed.push_back(dim);
  return summed;
}

LogicalResult ArgumentOp::verify() {
  // (C1)
  auto kernel = (*this)->getParentOfType<FuncOp>();
  if (!kernel)
    return success(); // still being built
  ArrayRef<Type> types = kernel.getArgumentTypes();
  if (getNumber() >= types.size() || !types[getNumber()].isIndex())
    return emitOpError("asks for argument #")
           << getNumber() << " of the kernel, which is no size";
  return success();
}

LogicalResult ReduceOp::verify() {
  // (C1)
  scalar::Combiner combiner = getCombiner();
  bool forUnsigned = combiner == scalar::Combiner::UMaximum ||
                     combiner == scalar::Combiner::UMinimum;
  bool forOthers = combiner == scalar::Combiner::Maximum ||
                   combiner == scalar::Combiner::Minimum;
  bool isUnsigned = getType().isUnsignedInteger();
  if (isUnsigned ? forOthers : forUnsigned)
    return emitOpError("combines values of type ")
           << getType() << " by `" << stringifyCombiner(combiner)
           << "`, which is for " << (isUnsigned ? "other types" : "ui8");
  return success();
}
