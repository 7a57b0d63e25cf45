//===- Build.cpp - Clusters to kernels ------------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/Build.h"

#include "compiler/fusion/Emit.h"
#include "dialects/graph/GraphDialect.h"
#include "dialects/scalar/Elements.h"
#include "dialects/scalar/Sizes.h"

#include "mlir/IR/Dominance.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/CSE.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace tensorc::compiler::fusion {

MemRefType bufferType(Value tensor) {
  return scalar::bufferOf(shapeOf(tensor), getElementTypeOrSelf(tensor));
}

/// The type that a kernel has for a buffer.
static Type kernelType(Type buffer) {
  auto type = cast<MemRefType>(buffer);
  return isa<scalar::SizesAttr>(type.getLayout())
             ? MemRefType::get(type.getShape(), type.getElementType())
             : type;
}

KernelLibrary::KernelLibrary(ModuleOp module)
    : module(module), symbols(module), b(module.getContext()) {}

//===----------------------------------------------------------------------===//
// Names and symbols
//===----------------------------------------------------------------------===//

/// The op's name, or that of the one which legalization let it stand for.
static StringRef originalName(Operation *op) {
  OperationName name = op->getName();
  if (auto location = dyn_cast<NameLoc>(op->getLoc()))
    if (auto original = RegisteredOperationName::lookup(
            (name.getDialectNamespace() + "." + location.getName().getValue())
                .str(),
            op->getContext()))
      return original->stripDialect();
  return name.stripDialect();
}

/// The ops that a cluster computes, as a name: convolution_add_relu.
static std::string nameOf(const Cluster &cluster) {
  SmallVector<std::string> parts;
  auto add = [&](Operation *op) {
    StringRef name = originalName(op);
    if (parts.empty() || parts.back() != name)
      parts.push_back(name.str());
  };
  for (auto &[op, member] : cluster.members)
    add(op);
  if (cluster.members.empty())
    for (Access output : cluster.outputs)
      add(output.value.getDefiningOp());
  constexpr size_t kMaxParts = 6;
  if (parts.size() > kMaxParts) // the beginning and the end tell most
    parts.erase(parts.begin() + kMaxParts / 2, parts.end() - kMaxParts / 2);
  return llvm::join(parts, "_");
}

kernel::FuncOp KernelLibrary::start(TypeRange buffers, Location loc) {
  auto types = llvm::map_to_vector(buffers, kernelType);
  // Without an insertion point: the kernel joins the module when it is new.
  OpBuilder detached(b.getContext());
  auto function = kernel::FuncOp::create(detached, loc, "kernel",
                                         b.getFunctionType(types, {}));
  b.setInsertionPointToStart(&function.getBody().front());
  return function;
}

/// The same for kernels that differ in locations only.
static llvm::hash_code structureOf(kernel::FuncOp function) {
  llvm::DenseMap<Value, unsigned> numbers;
  llvm::hash_code hash(0);
  auto number = [&](Value value) {
    numbers.try_emplace(value, numbers.size());
    hash = llvm::hash_combine(hash, value.getType());
  };
  function.getBody().walk<WalkOrder::PreOrder>([&](Block *block) {
    llvm::for_each(block->getArguments(), number);
    for (Operation &op : *block) {
      hash = llvm::hash_combine(
          hash, OperationEquivalence::computeHash(
                    &op,
                    [&](Value operand) {
                      return llvm::hash_code(numbers.lookup(operand));
                    },
                    OperationEquivalence::ignoreHashValue,
                    OperationEquivalence::IgnoreLocations));
      llvm::for_each(op.getResults(), number);
    }
  });
  return hash;
}

StringAttr KernelLibrary::add(kernel::FuncOp function, StringRef name) {
  b.setInsertionPointToEnd(&function.getBody().front());
  kernel::ReturnOp::create(b, function.getLoc());
  IRRewriter rewriter(b.getContext());
  DominanceInfo dominance(function);
  eliminateCommonSubExpressions(rewriter, dominance, function);

  SmallVector<kernel::FuncOp, 1> &alike = known[structureOf(function)];
  for (kernel::FuncOp other : alike)
    if (OperationEquivalence::isRegionEquivalentTo(
            &function.getBody(), &other.getBody(),
            OperationEquivalence::IgnoreLocations)) {
      function.erase();
      return other.getSymNameAttr();
    }
  alike.push_back(function);
  function.setSymName((name + "_" + Twine(count++)).str());
  Block::iterator place =
      last ? std::next(Block::iterator(last)) : module.getBody()->begin();
  last = function;
  return symbols.insert(function, place);
}

//===----------------------------------------------------------------------===//
// kernel.generic
//===----------------------------------------------------------------------===//

/// Gives the body's `kernel.argument`s the numbers of what they stand for.
static void numberArguments(Block &body, ArrayRef<Value> arguments) {
  for (auto op : body.getOps<kernel::ArgumentOp>())
    op.setNumber(cast<BlockArgument>(arguments[op.getNumber()]).getArgNumber());
}

/// Tells schedules what sizes that are symbols mostly are, and at most.
static void noteSizes(Operation *op, ArrayRef<int64_t> sizes) {
  auto isSymbol = [](int64_t size) {
    return !scalar::isNumber(size) && !ShapedType::isDynamic(size);
  };
  if (llvm::none_of(sizes, isSymbol))
    return;
  auto note = [&](StringRef name, auto number) {
    auto numbers = llvm::map_to_vector(sizes, [&](int64_t size) {
      return isSymbol(size) ? number(SymInt(size)) : size;
    });
    op->setAttr(name, DenseI64ArrayAttr::get(op->getContext(), numbers));
  };
  note(kernel::expectedSizesName, [](SymInt size) { return size.hint(); });
  note(kernel::greatestSizesName, [](SymInt size) { return size.max(); });
}

/// What a call passes, as the program has it.
static SmallVector<Type> bufferTypes(const KernelCall &call) {
  SmallVector<Type> types;
  for (Value tensor : llvm::concat<const Value>(call.inputs, call.outputs))
    types.push_back(bufferType(tensor));
  return types;
}

static SmallVector<Value> valuesOf(ArrayRef<Access> accesses) {
  SmallVector<Value> values;
  for (const Access &access : accesses)
    values.push_back(access.value);
  return values;
}

HiddenSizes hiddenSizes(ArrayRef<AffineMap> maps, TypeRange operands,
                        ArrayRef<int64_t> sizes) {
  SmallVector<bool> shown(sizes.size(), false), differs(sizes.size(), false);
  for (auto [map, type] : llvm::zip_equal(maps, operands))
    for (auto [result, size] : llvm::zip_equal(
             map.getResults(), scalar::rawSizesOf(cast<ShapedType>(type))))
      if (auto dim = dyn_cast<AffineDimExpr>(result)) {
        shown[dim.getPosition()] = true;
        differs[dim.getPosition()] |=
            !ShapedType::isDynamic(size) && size != sizes[dim.getPosition()];
      }
  HiddenSizes hidden;
  hidden.dimSizes.assign(sizes.size(), -1);
  bool any = false;
  for (auto [dim, size] : llvm::enumerate(sizes)) {
    if (shown[dim] && (!differs[dim] || ShapedType::isDynamic(size)))
      continue;
    any = true;
    bool isNumber = scalar::isNumber(size);
    hidden.dimSizes[dim] = isNumber ? size : ShapedType::kDynamic;
    if (!isNumber)
      hidden.given.push_back(size);
  }
  if (!any)
    hidden.dimSizes.clear();
  return hidden;
}

/// An argument of `kernel` for each of `sizes`, one for equal ones; these are
/// what a launch of `call` passes.
static SmallVector<Value> addSizes(kernel::FuncOp kernel,
                                   ArrayRef<int64_t> sizes, KernelCall &call) {
  Type index = IndexType::get(kernel.getContext());
  Block &body = kernel.getBody().front();
  unsigned first = body.getNumArguments() - call.sizes.size();
  SmallVector<Value> arguments;
  for (int64_t size : sizes) {
    auto place = llvm::find(call.sizes, size) - call.sizes.begin();
    if (place == ssize_t(call.sizes.size())) {
      call.sizes.push_back(size);
      body.addArgument(index, kernel.getLoc());
    }
    arguments.push_back(body.getArgument(first + place));
  }
  kernel.setFunctionType(FunctionType::get(
      kernel.getContext(), body.getArgumentTypes(), TypeRange()));
  return arguments;
}

KernelCall KernelLibrary::finishGeneric(Block *body, ArrayRef<Access> inputs,
                                        ArrayRef<Access> outputs,
                                        ArrayRef<int64_t> told,
                                        ArrayRef<int64_t> sizes,
                                        ArrayRef<bool> reduced, StringRef name,
                                        Location loc) {
  // Dimensions of size 1 go: every map has them at 0.
  SmallVector<int64_t> kept, reductionDims;
  SmallVector<AffineExpr> renamed(sizes.size(), b.getAffineConstantExpr(0));
  SmallVector<std::optional<int64_t>> newDim(sizes.size());
  for (auto [dim, size] : llvm::enumerate(sizes)) {
    if (size == 1)
      continue;
    newDim[dim] = kept.size();
    renamed[dim] = b.getAffineDimExpr(kept.size());
    if (reduced[dim])
      reductionDims.push_back(kept.size());
    kept.push_back(size);
  }
  SmallVector<AffineMap> maps;
  for (const Access &access : llvm::concat<const Access>(inputs, outputs))
    maps.push_back(canonicalMap(access.map, sizes)
                       .replaceDimsAndSymbols(renamed, {}, kept.size(), 0));
  body->walk([&](Operation *op) {
    b.setInsertionPoint(op);
    if (auto index = dyn_cast<kernel::IndexOp>(op)) {
      if (newDim[index.getDim()]) {
        index.setDim(*newDim[index.getDim()]);
        return;
      }
      Value zero = arith::ConstantIndexOp::create(b, op->getLoc(), 0);
      op->replaceAllUsesWith(ValueRange{zero});
      op->erase();
    } else if (isa<kernel::ReduceOp>(op) && reductionDims.empty()) {
      op->replaceAllUsesWith(op->getOperands());
      op->erase();
    }
  });

  KernelCall call{nullptr, valuesOf(inputs), valuesOf(outputs), loc};
  SmallVector<Type> types = bufferTypes(call);
  HiddenSizes hidden = hiddenSizes(maps, types, kept);
  kernel::FuncOp function = start(types, loc);
  SmallVector<Value> given = addSizes(function, hidden.given, call);
  numberArguments(*body, addSizes(function, told, call));
  ValueRange buffers =
      ValueRange(function.getBody().getArguments()).take_front(types.size());
  auto generic = kernel::GenericOp::create(
      b, loc, buffers.take_front(inputs.size()),
      buffers.drop_front(inputs.size()), b.getAffineMapArrayAttr(maps),
      reductionDims, hidden.dimSizes, given);
  generic.getBody().push_back(body);
  noteSizes(generic, kept);
  call.kernel = add(function, name);
  return call;
}

KernelCall KernelLibrary::buildGeneric(const Clustering &clustering,
                                       const Cluster &cluster, StringRef name) {
  auto *body = new Block;
  BodyEmitter emitter(clustering, cluster, *body, b.getContext());
  SmallVector<Value> yielded;
  for (Access output : cluster.outputs)
    yielded.push_back(emitter.emit(output.value, output.map));
  Location loc = cluster.outputs.front().value.getLoc();
  kernel::YieldOp::create(emitter.builder(), loc, yielded);
  emitter.describeChecks();
  return finishGeneric(body, emitter.inputs(), cluster.outputs, emitter.sizes(),
                       cluster.sizes, cluster.reduced, name, loc);
}

/// Access to all of `tensor`, in its own space.
static Access wholeOf(Value tensor) {
  return {tensor, AffineMap::getMultiDimIdentityMap(shapeOf(tensor).size(),
                                                    tensor.getContext())};
}

KernelCall KernelLibrary::buildFill(Value output, TypedAttr value) {
  auto *body = new Block;
  OpBuilder inside(b.getContext());
  inside.setInsertionPointToEnd(body);
  Location loc = output.getLoc();
  Value element = scalar::elementConstant(inside, loc, value);
  kernel::YieldOp::create(inside, loc, element);
  ArrayRef<int64_t> sizes = shapeOf(output);
  return finishGeneric(body, {}, wholeOf(output), {}, sizes,
                       SmallVector<bool>(sizes.size(), false), "fill", loc);
}

StringAttr KernelLibrary::copy(MemRefType buffer, Location loc) {
  Type type = kernelType(buffer);
  auto *body = new Block;
  OpBuilder inside(b.getContext());
  inside.setInsertionPointToEnd(body);
  body->addArgument(buffer.getElementType(), loc);
  kernel::YieldOp::create(inside, loc, body->getArguments());
  kernel::FuncOp function = start({type, type}, loc);
  AffineMap identity =
      AffineMap::getMultiDimIdentityMap(buffer.getRank(), b.getContext());
  auto generic = kernel::GenericOp::create(
      b, loc, function.getBody().getArgument(0),
      function.getBody().getArgument(1),
      b.getAffineMapArrayAttr({identity, identity}), ArrayRef<int64_t>{},
      ArrayRef<int64_t>{}, ValueRange());
  generic.getBody().push_back(body);
  return add(function, "copy");
}

//===----------------------------------------------------------------------===//
// kernel.contract and kernel.pad
//===----------------------------------------------------------------------===//

KernelCall KernelLibrary::buildContract(const Clustering &clustering,
                                        const Cluster &cluster,
                                        StringRef name) {
  Operation *anchor = cluster.anchor;
  const Member &member = cluster.members.find(anchor)->second;
  Location loc = anchor->getLoc();
  Type type = getElementTypeOrSelf(anchor->getResult(0));
  Type wide = scalar::wideType(type);
  auto *body = new Block;
  Value sum = body->addArgument(wide, loc);
  BodyEmitter emitter(clustering, cluster, *body, b.getContext());
  if (wide != type)
    sum = arith::TruncFOp::create(emitter.builder(), loc, type, sum);
  emitter.define(anchor, sum);
  SmallVector<Value> yielded;
  for (Access output : cluster.outputs)
    yielded.push_back(emitter.emit(output.value, output.map));
  kernel::YieldOp::create(emitter.builder(), loc, yielded);
  emitter.describeChecks();

  SmallVector<Access> inputs;
  auto [left, right] = cast<graph::ContractionOpInterface>(anchor).getFactors();
  for (unsigned factor : {left, right})
    inputs.push_back(
        resolve({anchor->getOperand(factor), member.operandMaps[factor]},
                cluster.sizes));
  llvm::append_range(inputs, emitter.inputs());
  SmallVector<AffineMap> maps;
  for (const Access &access :
       llvm::concat<const Access>(inputs, cluster.outputs))
    maps.push_back(access.map);

  KernelCall call{nullptr, valuesOf(inputs), valuesOf(cluster.outputs), loc};
  SmallVector<Type> types = bufferTypes(call);
  HiddenSizes hidden = hiddenSizes(maps, types, cluster.sizes);
  kernel::FuncOp function = start(types, loc);
  SmallVector<Value> given = addSizes(function, hidden.given, call);
  numberArguments(*body, addSizes(function, emitter.sizes(), call));
  ValueRange buffers =
      ValueRange(function.getBody().getArguments()).take_front(types.size());
  auto contract = kernel::ContractOp::create(
      b, loc, buffers[0], buffers[1], buffers.slice(2, inputs.size() - 2),
      buffers.drop_front(inputs.size()), b.getAffineMapArrayAttr(maps),
      hidden.dimSizes, given);
  contract.getBody().push_back(body);
  noteSizes(contract, cluster.sizes);
  call.kernel = add(function, name);
  return call;
}

KernelCall KernelLibrary::buildPad(const Cluster &cluster, StringRef name) {
  auto op = cast<graph::PlacementOpInterface>(cluster.anchor);
  KernelCall call{
      nullptr, {op->getOperand(0)}, {op->getResult(0)}, op->getLoc()};
  SmallVector<int64_t> low, interior;
  AffineMap place = cluster.members.front().second.map;
  for (auto [dim, result] : llvm::enumerate(place.getResults())) {
    auto linear = kernel::LinearExpr::of(result, place.getNumDims());
    assert(succeeded(linear) && "maps are linear");
    low.push_back(linear->offset);
    interior.push_back(linear->coefficients[dim] - 1);
  }
  kernel::FuncOp function = start(bufferTypes(call), op->getLoc());
  kernel::PadOp::create(b, op->getLoc(), function.getBody().getArgument(0),
                        function.getBody().getArgument(1), low, interior,
                        op.getFill());
  call.kernel = add(function, name);
  return call;
}

//===----------------------------------------------------------------------===//
// All kinds
//===----------------------------------------------------------------------===//

FailureOr<SmallVector<KernelCall>>
KernelLibrary::build(const Clustering &clustering, const Cluster &cluster) {
  std::string name = nameOf(cluster);
  SmallVector<KernelCall> calls;
  for (auto [output, fill] : llvm::zip_equal(cluster.outputs, cluster.fills))
    if (fill)
      calls.push_back(buildFill(output.value, fill));
  switch (cluster.kind) {
  case ClusterKind::Generic:
  case ClusterKind::Check:
    calls.push_back(buildGeneric(clustering, cluster, name));
    return calls;
  case ClusterKind::Contract:
    calls.push_back(buildContract(clustering, cluster, name));
    return calls;
  case ClusterKind::Pad:
    if (!cluster.keepsDims())
      break;
    calls.push_back(buildPad(cluster, name));
    return calls;
  case ClusterKind::Cat:
    break;
  }
  auto op = cast<graph::PlacementOpInterface>(cluster.anchor);
  Value result = op->getResult(0);
  if (TypedAttr fill = op.getFill())
    calls.push_back(buildFill(result, fill));
  for (auto [number, operand] : llvm::enumerate(op->getOperands())) {
    FailureOr<AffineMap> place = op.getPlace(number);
    if (failed(place))
      return failure();
    Cluster part;
    llvm::append_range(part.sizes, shapeOf(operand));
    part.reduced.assign(part.sizes.size(), false);
    auto *body = new Block;
    BodyEmitter emitter(clustering, part, *body, b.getContext());
    Value element = emitter.emit(operand, wholeOf(operand).map);
    kernel::YieldOp::create(emitter.builder(), op->getLoc(), element);
    calls.push_back(finishGeneric(
        body, emitter.inputs(), Access{result, *place}, emitter.sizes(),
        part.sizes, part.reduced, name, op->getLoc()));
  }
  return calls;
}

} // namespace tensorc::compiler::fusion
