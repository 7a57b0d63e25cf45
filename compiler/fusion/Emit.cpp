//===- Emit.cpp - Scalar bodies of clusters -------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/Emit.h"

#include "dialects/graph/GraphDialect.h"
#include "dialects/kernel/Elements.h"
#include "dialects/kernel/IndexMaps.h"
#include "dialects/kernel/KernelDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using tensorc::kernel::Combiner;

namespace tensorc::compiler::fusion {

static Combiner maximumOf(Type type) {
  return type.isUnsignedInteger() ? Combiner::UMaximum : Combiner::Maximum;
}
static Combiner minimumOf(Type type) {
  return type.isUnsignedInteger() ? Combiner::UMinimum : Combiner::Minimum;
}

/// The one place that knows how each reduction combines.
static Combiner combinerOf(Operation *op) {
  if (isa<graph::ProdOp>(op))
    return Combiner::Mul;
  if (isa<graph::AmaxOp>(op))
    return maximumOf(getElementTypeOrSelf(op->getResult(0)));
  if (isa<graph::AminOp>(op))
    return minimumOf(getElementTypeOrSelf(op->getResult(0)));
  if (isa<graph::AnyOp>(op))
    return Combiner::Or;
  if (isa<graph::AllOp>(op))
    return Combiner::And;
  return Combiner::Add;
}

static Value widen(OpBuilder &b, Location loc, Value value, Type type) {
  Type from = value.getType();
  if (from == type)
    return value;
  if (isa<FloatType>(type))
    return type.getIntOrFloatBitWidth() < from.getIntOrFloatBitWidth()
               ? arith::TruncFOp::create(b, loc, type, value).getResult()
               : arith::ExtFOp::create(b, loc, type, value).getResult();
  if (kernel::isUnsigned(from))
    return arith::ExtUIOp::create(b, loc, type, value);
  return arith::ExtSIOp::create(b, loc, type, value);
}

BodyEmitter::BodyEmitter(const Clustering &clustering, const Cluster &cluster,
                         Block &body, MLIRContext *context)
    : clustering(clustering), cluster(cluster), body(body), b(context),
      here(UnknownLoc::get(context)) {
  b.setInsertionPointToEnd(&body);
}

Value BodyEmitter::constant(Type type, double value) {
  return kernel::elementConstant(b, here, kernel::elementAttr(type, value));
}

/// A linear index as a number of `type`.
Value BodyEmitter::emitIndex(AffineExpr expr, Type type) {
  Location loc = here;
  auto linear = kernel::LinearExpr::of(expr, cluster.sizes.size());
  assert(succeeded(linear) && "maps are linear");
  Type integer =
      isa<FloatType>(type) ? b.getI64Type() : kernel::signlessType(type);
  auto number = [&](int64_t value) {
    return kernel::elementConstant(
        b, loc,
        IntegerAttr::get(integer, APInt(integer.getIntOrFloatBitWidth(), value,
                                        /*isSigned=*/true,
                                        /*implicitTrunc=*/true)));
  };
  Value sum;
  for (auto [dim, coefficient] : llvm::enumerate(linear->coefficients)) {
    if (coefficient == 0)
      continue;
    Value index = kernel::IndexOp::create(b, loc, dim);
    Value term = arith::IndexCastOp::create(b, loc, integer, index);
    if (coefficient != 1)
      term = arith::MulIOp::create(b, loc, term, number(coefficient));
    sum = sum ? arith::AddIOp::create(b, loc, sum, term).getResult() : term;
  }
  if (!sum || linear->offset != 0) {
    Value offset = number(linear->offset);
    sum = sum ? arith::AddIOp::create(b, loc, sum, offset).getResult() : offset;
  }
  if (isa<FloatType>(type))
    return arith::SIToFPOp::create(b, loc, type, sum);
  return kernel::reinterpret(b, loc, sum, type);
}

Value BodyEmitter::emitLoad(Access access) {
  access.map = canonicalMap(access.map, cluster.sizes);
  for (auto [index, read] : llvm::enumerate(reads))
    if (read.value == access.value && read.map == access.map)
      return body.getArgument(body.getNumArguments() - reads.size() + index);
  reads.push_back(access);
  return body.addArgument(getElementTypeOrSelf(access.value),
                          access.value.getLoc());
}

/// The name of an argument of the traced function, empty for other values.
static StringRef argumentName(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  auto function =
      argument ? dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp())
               : func::FuncOp();
  if (!function)
    return "";
  for (StringRef kind : {"graph.name", "graph.state"})
    if (auto name = function.getArgAttrOfType<StringAttr>(
            argument.getArgNumber(), kind))
      return name.getValue();
  return "";
}

void BodyEmitter::describeChecks() {
  unsigned firstRead = body.getNumArguments() - reads.size();
  for (auto check : body.getOps<kernel::CheckOp>()) {
    if (auto place = check.getLoc()->findInstanceOf<FileLineColLoc>())
      check.setSource((llvm::sys::path::filename(place.getFilename()) + ":" +
                       Twine(place.getLine()))
                          .str());
    BlockArgument argument = check.getOrigin();
    if (!argument || argument.getArgNumber() < firstRead)
      continue;
    StringRef name =
        argumentName(reads[argument.getArgNumber() - firstRead].value);
    if (!name.empty())
      check.setSubject(name);
  }
}

Value BodyEmitter::emit(Value value, AffineMap map) {
  Access access = resolve({value, map}, cluster.sizes);
  access.map = canonicalMap(access.map, cluster.sizes);
  Value &slot = known[{access.value, access.map}];
  if (slot)
    return slot;
  Operation *op = access.value.getDefiningOp();
  Value element;
  if (op && members.contains(op))
    element = members.lookup(op);
  else if (auto *member = cluster.members.find(op);
           op && member != cluster.members.end())
    element = members[op] = emitMember(op, member->second);
  else if (clustering.isLoaded(access.value) || isIndexing(op))
    element = emitLoad(access);
  else
    element = emitInlined(op, access.map);
  // The recursion may have moved the slot.
  return known[{access.value, access.map}] = element;
}

Value BodyEmitter::emitInlined(Operation *op, AffineMap map) {
  llvm::SaveAndRestore line(here, op->getLoc());
  Type type = getElementTypeOrSelf(op->getResult(0));
  if (auto full = dyn_cast<graph::FullOp>(op))
    return constant(type,
                    op->getAttrOfType<FloatAttr>("value").getValueAsDouble());
  if (isa<graph::IotaOp>(op))
    return emitIndex(map.getResult(intOf(op, "dim")), type);
  if (isa<graph::ConstantOp>(op)) {
    auto splat = op->getAttrOfType<ElementsAttr>("value");
    return kernel::elementConstant(
        b, op->getLoc(), cast<TypedAttr>(splat.getSplatValue<Attribute>()));
  }
  SmallVector<Value> operands;
  for (Value operand : op->getOperands())
    operands.push_back(emit(operand, map));
  return cast<graph::ElementwiseOpInterface>(op).emitScalar(b, op->getLoc(),
                                                            operands, type);
}

Value BodyEmitter::emitMember(Operation *op, const Member &member) {
  llvm::SaveAndRestore line(here, op->getLoc());
  if (auto elementwise = dyn_cast<graph::ElementwiseOpInterface>(op)) {
    SmallVector<Value> operands;
    for (auto [operand, map] :
         llvm::zip_equal(op->getOperands(), member.operandMaps))
      operands.push_back(emit(operand, map));
    return elementwise.emitScalar(b, op->getLoc(), operands,
                                  getElementTypeOrSelf(op->getResult(0)));
  }
  if (isa<graph::PadOp>(op)) // at the points that its operand has
    return emit(op->getOperand(0), member.operandMaps[0]);
  if (isa<graph::ArgmaxOp>(op))
    return emitArgmax(op, member);
  if (isa<graph::MaxPool2dOp, graph::AvgPool2dOp, graph::MaxPool2dBackwardOp>(
          op))
    return emitWindow(op, member);
  return emitReduction(op, member);
}

/// A member that reduces nothing (sizes of 1) may be among others that do.
Value BodyEmitter::reduce(Combiner combiner, Value element,
                          const Member &member) {
  auto uses = [](AffineMap map, unsigned dim) {
    return map && map.isFunctionOfDim(dim);
  };
  for (unsigned dim = 0; dim < cluster.sizes.size(); ++dim)
    if (cluster.reduced[dim] &&
        (uses(member.position, dim) ||
         (!uses(member.map, dim) && uses(member.operandMaps[0], dim))))
      return kernel::ReduceOp::create(b, here, combiner, element);
  return element;
}

Value BodyEmitter::emitReduction(Operation *op, const Member &member) {
  Location loc = op->getLoc();
  Type type = getElementTypeOrSelf(op->getResult(0));
  Combiner combiner = combinerOf(op);
  Value element = emit(op->getOperand(0), member.operandMaps[0]);
  if (combiner == Combiner::Add || combiner == Combiner::Mul)
    element =
        widen(b, loc, widen(b, loc, element, type), kernel::wideType(type));
  Value combined = reduce(combiner, element, member);
  return widen(b, loc, combined, type);
}

/// The first point at which `element` is the row's `maximum`; NaN is greater
/// than everything.
Value BodyEmitter::emitFirst(Value element, Value maximum, Value position,
                             const Member &member) {
  Location loc = here;
  Value hit;
  if (isa<FloatType>(element.getType())) {
    Value equal = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ,
                                        element, maximum);
    Value isNan = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNO,
                                        element, element);
    hit = arith::OrIOp::create(b, loc, equal, isNan);
  } else {
    hit = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq,
                                kernel::toSignless(b, loc, element),
                                kernel::toSignless(b, loc, maximum));
  }
  Type type = position.getType();
  Value beyond = arith::ConstantOp::create(
      b, loc,
      IntegerAttr::get(type,
                       APInt::getSignedMaxValue(type.getIntOrFloatBitWidth())));
  Value candidate = arith::SelectOp::create(b, loc, hit, position, beyond);
  return reduce(Combiner::Minimum, candidate, member);
}

Value BodyEmitter::emitArgmax(Operation *op, const Member &member) {
  Type type = getElementTypeOrSelf(op->getResult(0));
  Value element = emit(op->getOperand(0), member.operandMaps[0]);
  Value maximum = reduce(maximumOf(element.getType()), element, member);
  return emitFirst(element, maximum,
                   emitIndex(member.position.getResult(0), type), member);
}

Value BodyEmitter::emitWindow(Operation *op, const Member &member) {
  Location loc = op->getLoc();
  if (isa<graph::MaxPool2dOp>(op))
    return reduce(maximumOf(getElementTypeOrSelf(op->getResult(0))),
                  emit(op->getOperand(0), member.operandMaps[0]), member);
  if (isa<graph::AvgPool2dOp>(op)) {
    Value element = emit(op->getOperand(0), member.operandMaps[0]);
    Type type = element.getType();
    Type wide = kernel::wideType(type);
    Value sum = reduce(Combiner::Add, widen(b, loc, element, wide), member);
    ArrayRef<int64_t> kernel = intsOf(op, "kernel_size");
    Value mean = arith::DivFOp::create(b, loc, sum,
                                       constant(wide, kernel[0] * kernel[1]));
    return widen(b, loc, mean, type);
  }
  // The gradient goes to the first maximum of each window.
  Value gradient = emit(op->getOperand(0), member.operandMaps[0]);
  Value element = emit(op->getOperand(1), member.operandMaps[1]);
  Value maximum = reduce(maximumOf(element.getType()), element, member);
  Value position = emitIndex(member.position.getResult(0), b.getI32Type());
  Value first = emitFirst(element, maximum, position, member);
  Value isFirst =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, position, first);
  return arith::SelectOp::create(b, loc, isFirst, gradient,
                                 constant(gradient.getType(), 0));
}

} // namespace tensorc::compiler::fusion
