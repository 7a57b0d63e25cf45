//===- SplitKernel.cpp - A reduction as two kernels -----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/SplitKernel.h"

#include "compiler/fusion/Build.h"
#include "compiler/fusion/IndexMaps.h"
#include "dialects/kernel/IndexMaps.h"
#include "dialects/scalar/Elements.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace tensorc::compiler::fusion {

//===----------------------------------------------------------------------===//
// Analysis
//===----------------------------------------------------------------------===//

unsigned ReducingKernel::outputs() const {
  return body().getTerminator()->getNumOperands();
}

int64_t ReducingKernel::points(ArrayRef<int64_t> dims) const {
  int64_t product = 1;
  for (int64_t dim : dims)
    product *= sizes[dim];
  return product;
}

/// The ops of `body` that `values` need, in order, up to and without those that
/// make `ends`.
static SmallVector<Operation *> slice(Block &body, ValueRange values,
                                      ArrayRef<Reduction> ends = {}) {
  llvm::DenseSet<Value> needed(values.begin(), values.end());
  SmallVector<Operation *> ops;
  for (Operation &op : llvm::reverse(body)) {
    if (llvm::none_of(op.getResults(),
                      [&](Value result) { return needed.contains(result); }) ||
        llvm::any_of(ends, [&](const Reduction &reduction) {
          return reduction.value.getDefiningOp() == &op;
        }))
      continue;
    ops.push_back(&op);
    needed.insert(op.operand_begin(), op.operand_end());
  }
  std::reverse(ops.begin(), ops.end());
  return ops;
}

/// Whether combining parts that went through memory is the same as combining
/// values: sums of f16 and bf16 are computed in f32.
static bool canBeStored(const Reduction &reduction) {
  Type type = reduction.value.getType();
  bool isNarrow = scalar::isHalf(type);
  bool isArithmetic = reduction.combiner == scalar::Combiner::Add ||
                      reduction.combiner == scalar::Combiner::Mul;
  return type.isIntOrFloat() && !(isNarrow && isArithmetic);
}

/// Finds the reductions of a generic that `kernel` is to be made of.
static LogicalResult findReductions(kernel::GenericOp generic,
                                    ReducingKernel &kernel) {
  kernel.reduced.assign(generic.getReductionDims().begin(),
                        generic.getReductionDims().end());
  for (AffineMap map : ArrayRef(kernel.maps).take_back(kernel.outputs()))
    if (kernel::usesAnyDim(map, kernel.reduced))
      return failure();
  Block &body = kernel.body();
  for (Operation *op : slice(body, body.getTerminator()->getOperands())) {
    auto reduce = dyn_cast<kernel::ReduceOp>(op);
    if (!reduce)
      continue;
    if (llvm::any_of(slice(body, reduce.getValue()),
                     llvm::IsaPred<kernel::ReduceOp>))
      return failure();
    kernel.reductions.push_back({reduce.getResult(), reduce.getCombiner()});
  }
  return success();
}

FailureOr<ReducingKernel> analyzeReductions(kernel::FuncOp function) {
  ReducingKernel kernel;
  kernel.function = function;
  kernel.op = &function.getBody().front().front();
  ArrayRef<int64_t> dimSizes;
  if (auto contract = dyn_cast<kernel::ContractOp>(kernel.op)) {
    kernel.maps = contract.getIndexingMapsArray();
    dimSizes = contract.getDimSizes();
    kernel.reduced = contract.getReductionDims();
    kernel.reductions = {
        {contract.getBlock()->getArgument(0), scalar::Combiner::Add}};
  } else if (auto generic = dyn_cast<kernel::GenericOp>(kernel.op)) {
    kernel.maps = generic.getIndexingMapsArray();
    dimSizes = generic.getDimSizes();
    if (failed(findReductions(generic, kernel)))
      return failure();
  } else {
    return failure();
  }
  kernel.sizes =
      kernel::loopSizes(kernel.maps, kernel.op->getOperandTypes(), dimSizes);
  for (int64_t dim = 0; dim < int64_t(kernel.sizes.size()); ++dim)
    if (!llvm::is_contained(kernel.reduced, dim))
      kernel.parallel.push_back(dim);
  // Which of the two kernels should check isn't worth the question.
  bool isUnsuitable = false;
  for (Operation &op : kernel.body())
    isUnsuitable |= isa<scalar::CheckOp>(op) || op.getNumRegions() != 0;
  for (Type type : function.getArgumentTypes())
    isUnsuitable |=
        !isa<MemRefType>(type) || !cast<MemRefType>(type).hasStaticShape();
  if (isUnsuitable || kernel.reductions.empty() || kernel.reduced.empty() ||
      llvm::is_contained(kernel.sizes, 0) ||
      llvm::is_contained(kernel.sizes, ShapedType::kDynamic) ||
      !llvm::all_of(kernel.reductions, canBeStored))
    return failure();
  return kernel;
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

namespace {

/// An operand of a new op: its buffer's type, and its map.
struct Operand {
  MemRefType type;
  AffineMap map;
};

/// A new kernel's iteration space, without dimensions of size 1.
struct Space {
  SmallVector<int64_t> sizes;
  /// The original's dimensions in terms of this space's.
  SmallVector<AffineExpr> originals;
  SmallVector<AffineExpr> parts; ///< the dimensions that are parts
  SmallVector<int64_t> reduced;  ///< the dimensions that are reduced

  AffineExpr add(int64_t size, MLIRContext *context) {
    sizes.push_back(size);
    return getAffineDimExpr(sizes.size() - 1, context);
  }
};

class Splitter {
public:
  Splitter(const ReducingKernel &kernel, ArrayRef<DimParts> parts)
      : kernel(kernel), b(kernel.op->getContext()), loc(kernel.op->getLoc()),
        isContract(isa<kernel::ContractOp>(kernel.op)) {
    layOut(parts);
  }

  SplitKernel run() {
    makeBuffers();
    if (isContract)
      makePartialContract();
    else
      makePartialGeneric();
    makeWhole();
    return result;
  }

private:
  void layOut(ArrayRef<DimParts> parts);
  void makeBuffers();
  void makePartialContract();
  void makePartialGeneric();
  void makeWhole();

  Operand operandIn(const Space &space, unsigned operand);
  Operand bufferIn(const Space &space, unsigned buffer);
  kernel::FuncOp start(ArrayRef<Operand> operands);
  void addGeneric(kernel::FuncOp function, const Space &space,
                  ArrayRef<Operand> operands, unsigned inputs, Block *body);
  void clone(ArrayRef<Operation *> ops, const Space &space, IRMapping &mapping);
  Value reduce(const Reduction &reduction, Value value, const Space &space);
  Value positionOf(AffineExpr expr, const Space &space);
  SmallVector<unsigned> operandsIn(ArrayRef<Operation *> ops,
                                   ValueRange values);
  /// The operand whose element an argument of the body is.
  unsigned operandOf(BlockArgument element) {
    return element.getArgNumber() + (isContract ? 1 : 0);
  }
  BlockArgument elementOf(unsigned operand) {
    return kernel.body().getArgument(operand - (isContract ? 1 : 0));
  }
  unsigned argumentOf(unsigned operand) {
    return cast<BlockArgument>(kernel.op->getOperand(operand)).getArgNumber();
  }
  unsigned firstOutput() {
    return kernel.op->getNumOperands() - kernel.outputs();
  }

  const ReducingKernel &kernel;
  OpBuilder b;
  Location loc;
  bool isContract;
  Space partial, whole;
  /// Dimensions of rows as the buffers have them.
  SmallVector<int64_t> stored;
  SplitKernel result;
};

} // namespace

/// The partial kernel has the parts, the rows, then what it still reduces; the
/// whole one the rows, then the parts.
void Splitter::layOut(ArrayRef<DimParts> parts) {
  MLIRContext *context = b.getContext();
  for (Space *space : {&partial, &whole})
    space->originals.assign(kernel.sizes.size(), b.getAffineConstantExpr(0));
  for (const DimParts &part : parts)
    partial.parts.push_back(partial.add(part.parts, context));
  for (int64_t dim : kernel.parallel)
    if (int64_t size = kernel.sizes[dim]; size != 1)
      for (Space *space : {&partial, &whole})
        space->originals[dim] = space->add(size, context);
  for (const DimParts &part : parts) {
    whole.reduced.push_back(whole.sizes.size());
    whole.parts.push_back(whole.add(part.parts, context));
  }
  for (int64_t dim : kernel.reduced) {
    int64_t size = kernel.sizes[dim];
    AffineExpr &position = partial.originals[dim];
    const DimParts *part = llvm::find_if(
        parts, [&](const DimParts &part) { return part.dim == dim; });
    if (part != parts.end()) {
      size /= part->parts;
      position = partial.parts[part - parts.begin()] * size;
    }
    if (size == 1)
      continue;
    partial.reduced.push_back(partial.sizes.size());
    position = position + partial.add(size, context);
  }
}

/// A buffer for each reduction: the parts, then the rows in the order of the
/// first output.
void Splitter::makeBuffers() {
  auto add = [&](int64_t dim) {
    if (kernel.sizes[dim] != 1 && !llvm::is_contained(stored, dim))
      stored.push_back(dim);
  };
  for (AffineExpr expr : kernel.maps[firstOutput()].getResults())
    for (int64_t dim : kernel.parallel)
      if (expr.isFunctionOfDim(dim))
        add(dim);
  llvm::for_each(kernel.parallel, add);
  SmallVector<int64_t> shape(
      ArrayRef(partial.sizes).take_front(partial.parts.size()));
  for (int64_t dim : stored)
    shape.push_back(kernel.sizes[dim]);
  for (const Reduction &reduction : kernel.reductions)
    result.buffers.push_back(MemRefType::get(shape, reduction.value.getType()));
}

Operand Splitter::operandIn(const Space &space, unsigned operand) {
  AffineMap map = kernel.maps[operand].replaceDimsAndSymbols(
      space.originals, {}, space.sizes.size(), 0);
  return {cast<MemRefType>(kernel.op->getOperand(operand).getType()),
          canonicalMap(map, space.sizes)};
}

Operand Splitter::bufferIn(const Space &space, unsigned buffer) {
  SmallVector<AffineExpr> exprs = space.parts;
  for (int64_t dim : stored)
    exprs.push_back(space.originals[dim]);
  return {result.buffers[buffer],
          AffineMap::get(space.sizes.size(), 0, exprs, b.getContext())};
}

/// Starts a kernel with an argument for each operand.
kernel::FuncOp Splitter::start(ArrayRef<Operand> operands) {
  SmallVector<Type> types;
  for (const Operand &operand : operands)
    types.push_back(operand.type);
  OpBuilder detached(b.getContext());
  auto function = kernel::FuncOp::create(detached, loc, "kernel",
                                         b.getFunctionType(types, {}));
  b.setInsertionPointToStart(&function.getBody().front());
  return function;
}

static SmallVector<AffineMap> mapsOf(ArrayRef<Operand> operands) {
  SmallVector<AffineMap> maps;
  for (const Operand &operand : operands)
    maps.push_back(operand.map);
  return maps;
}

void Splitter::addGeneric(kernel::FuncOp function, const Space &space,
                          ArrayRef<Operand> operands, unsigned inputs,
                          Block *body) {
  b.setInsertionPointToStart(&function.getBody().front());
  SmallVector<AffineMap> maps = mapsOf(operands);
  ValueRange buffers = function.getBody().getArguments();
  auto generic = kernel::GenericOp::create(
      b, loc, buffers.take_front(inputs), buffers.drop_front(inputs),
      b.getAffineMapArrayAttr(maps), space.reduced,
      hiddenSizes(maps, function.getArgumentTypes(), space.sizes).dimSizes,
      ValueRange());
  generic.getBody().push_back(body);
}

/// A position in the original's space.
Value Splitter::positionOf(AffineExpr expr, const Space &space) {
  auto linear = *kernel::LinearExpr::of(expr, space.sizes.size());
  Value sum;
  auto add = [&](Value term) {
    sum = sum ? arith::AddIOp::create(b, loc, sum, term).getResult() : term;
  };
  for (auto [dim, coefficient] : llvm::enumerate(linear.coefficients)) {
    if (coefficient == 0)
      continue;
    Value index = kernel::IndexOp::create(b, loc, dim);
    if (coefficient != 1)
      index = arith::MulIOp::create(
          b, loc, index, arith::ConstantIndexOp::create(b, loc, coefficient));
    add(index);
  }
  return sum ? sum : arith::ConstantIndexOp::create(b, loc, 0).getResult();
}

void Splitter::clone(ArrayRef<Operation *> ops, const Space &space,
                     IRMapping &mapping) {
  for (Operation *op : ops)
    if (auto index = dyn_cast<kernel::IndexOp>(op))
      mapping.map(index.getResult(),
                  positionOf(space.originals[index.getDim()], space));
    else
      b.clone(*op, mapping);
}

Value Splitter::reduce(const Reduction &reduction, Value value,
                       const Space &space) {
  if (space.reduced.empty())
    return value;
  return kernel::ReduceOp::create(b, loc, value.getType(), reduction.combiner,
                                  value);
}

/// The operands whose elements `ops`, or `values` themselves, are made of.
SmallVector<unsigned> Splitter::operandsIn(ArrayRef<Operation *> ops,
                                           ValueRange values) {
  llvm::DenseSet<Value> used(values.begin(), values.end());
  for (Operation *op : ops)
    used.insert(op->operand_begin(), op->operand_end());
  SmallVector<unsigned> operands;
  for (BlockArgument element : kernel.body().getArguments())
    if (used.contains(element) &&
        llvm::none_of(kernel.reductions, [&](const Reduction &reduction) {
          return reduction.value == element;
        }))
      operands.push_back(operandOf(element));
  return operands;
}

void Splitter::makePartialContract() {
  SmallVector<Operand> operands = {operandIn(partial, 0), operandIn(partial, 1),
                                   bufferIn(partial, 0)};
  result.partialInputs = {argumentOf(0), argumentOf(1)};
  result.partial = start(operands);
  SmallVector<AffineMap> maps = mapsOf(operands);
  ValueRange buffers = result.partial.getBody().getArguments();
  auto contract = kernel::ContractOp::create(
      b, loc, buffers[0], buffers[1], ValueRange(), buffers.drop_front(2),
      b.getAffineMapArrayAttr(maps),
      hiddenSizes(maps, result.partial.getArgumentTypes(), partial.sizes)
          .dimSizes,
      ValueRange());
  Block &body = contract.getBody().emplaceBlock();
  Value sum = body.addArgument(kernel.reductions[0].value.getType(), loc);
  b.setInsertionPointToStart(&body);
  kernel::YieldOp::create(b, loc, sum);
}

void Splitter::makePartialGeneric() {
  SmallVector<Value> values;
  for (const Reduction &reduction : kernel.reductions)
    values.push_back(
        reduction.value.getDefiningOp<kernel::ReduceOp>().getValue());
  SmallVector<Operation *> ops = slice(kernel.body(), values);
  SmallVector<Operand> operands;
  IRMapping mapping;
  auto *body = new Block;
  for (unsigned operand : operandsIn(ops, values)) {
    operands.push_back(operandIn(partial, operand));
    result.partialInputs.push_back(argumentOf(operand));
    BlockArgument element = elementOf(operand);
    mapping.map(element, body->addArgument(element.getType(), loc));
  }
  unsigned inputs = operands.size();
  b.setInsertionPointToStart(body);
  clone(ops, partial, mapping);
  SmallVector<Value> yielded;
  for (auto [buffer, reduction] : llvm::enumerate(kernel.reductions)) {
    operands.push_back(bufferIn(partial, buffer));
    yielded.push_back(
        reduce(reduction, mapping.lookup(values[buffer]), partial));
  }
  kernel::YieldOp::create(b, loc, yielded);
  result.partial = start(operands);
  addGeneric(result.partial, partial, operands, inputs, body);
}

void Splitter::makeWhole() {
  ValueRange yields = kernel.body().getTerminator()->getOperands();
  SmallVector<Operation *> ops =
      slice(kernel.body(), yields, kernel.reductions);
  SmallVector<Operand> operands;
  IRMapping mapping;
  auto *body = new Block;
  b.setInsertionPointToStart(body);
  for (auto [buffer, reduction] : llvm::enumerate(kernel.reductions)) {
    operands.push_back(bufferIn(whole, buffer));
    Value part = body->addArgument(reduction.value.getType(), loc);
    mapping.map(reduction.value, reduce(reduction, part, whole));
  }
  for (unsigned operand : operandsIn(ops, yields)) {
    operands.push_back(operandIn(whole, operand));
    result.wholeInputs.push_back(argumentOf(operand));
    BlockArgument element = elementOf(operand);
    mapping.map(element, body->addArgument(element.getType(), loc));
  }
  unsigned inputs = operands.size();
  clone(ops, whole, mapping);
  SmallVector<Value> yielded;
  for (Value value : yields)
    yielded.push_back(mapping.lookup(value));
  kernel::YieldOp::create(b, loc, yielded);
  for (unsigned operand = firstOutput(); operand < kernel.op->getNumOperands();
       ++operand) {
    operands.push_back(operandIn(whole, operand));
    result.outputs.push_back(argumentOf(operand));
  }
  result.whole = start(operands);
  addGeneric(result.whole, whole, operands, inputs, body);
}

SplitKernel splitKernel(const ReducingKernel &kernel,
                        ArrayRef<DimParts> parts) {
  return Splitter(kernel, parts).run();
}

} // namespace tensorc::compiler::fusion
