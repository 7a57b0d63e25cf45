//===- Emit.cpp - Scalar bodies of clusters -------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/Emit.h"

#include "dialects/graph/GraphDialect.h"
#include "dialects/kernel/IndexMaps.h"
#include "dialects/kernel/KernelDialect.h"
#include "dialects/scalar/Elements.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using tensorc::scalar::Combiner;

namespace tensorc::compiler::fusion {

/// One point of a cluster's space, as a member sees it.
class BodyEmitter::Point : public graph::PointBuilder {
public:
  Point(BodyEmitter &emitter, Operation *op, const Member &member)
      : PointBuilder(emitter.b, op->getLoc()), emitter(emitter), op(op),
        member(member) {}

  Value operand(unsigned number) override {
    return emitter.emit(op->getOperand(number), member.operandMaps[number]);
  }
  Value combine(Combiner combiner, Value element) override {
    return emitter.reduce(combiner, element, member);
  }
  Value index(unsigned dim, Type type) override {
    return emitter.emitIndex(member.map.getResult(dim), type);
  }
  Value position(Type type) override {
    return emitter.emitIndex(member.position.getResult(0), type);
  }
  Value size(SymInt size) override { return emitter.emitSize(size); }

private:
  BodyEmitter &emitter;
  Operation *op;
  const Member &member;
};

BodyEmitter::BodyEmitter(const Clustering &clustering, const Cluster &cluster,
                         Block &body, MLIRContext *context)
    : clustering(clustering), cluster(cluster), body(body), b(context),
      here(UnknownLoc::get(context)) {
  b.setInsertionPointToEnd(&body);
}

/// A linear index as a number of `type`.
Value BodyEmitter::emitIndex(AffineExpr expr, Type type) {
  Location loc = here;
  auto linear = kernel::LinearExpr::of(expr, cluster.sizes.size());
  assert(succeeded(linear) && "maps are linear");
  Type integer =
      isa<FloatType>(type) ? b.getI64Type() : scalar::signlessType(type);
  auto number = [&](int64_t value) {
    return scalar::elementConstant(
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
  return scalar::reinterpret(b, loc, sum, type);
}

Value BodyEmitter::emitSize(SymInt size) {
  if (!size.is_symbolic())
    return arith::ConstantIntOp::create(b, here, size.raw(), 64);
  int64_t place = llvm::find(told, size.raw()) - told.begin();
  if (place == ssize_t(told.size()))
    told.push_back(size.raw());
  return arith::IndexCastOp::create(b, here, b.getI64Type(),
                                    kernel::ArgumentOp::create(b, here, place));
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
  for (auto check : body.getOps<scalar::CheckOp>()) {
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
  if (TypedAttr value = splatOf(op))
    return scalar::elementConstant(b, op->getLoc(), value);
  return emitMember(
      op, {map, SmallVector<AffineMap, 3>(op->getNumOperands(), map), {}});
}

Value BodyEmitter::emitMember(Operation *op, const Member &member) {
  llvm::SaveAndRestore line(here, op->getLoc());
  Point point(*this, op, member);
  if (auto structured = dyn_cast<graph::StructuredOpInterface>(op))
    return structured.emitPoint(point);
  if (isa<graph::PlacementOpInterface>(op)) // at the points that it has
    return point.operand(0);
  SmallVector<Value> operands;
  for (unsigned number = 0; number < op->getNumOperands(); ++number)
    operands.push_back(point.operand(number));
  return cast<graph::ElementwiseOpInterface>(op).emitScalar(
      b, op->getLoc(), operands, getElementTypeOrSelf(op->getResult(0)));
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

} // namespace tensorc::compiler::fusion
