//===- EmissionBody.cpp - Scalar bodies at vector width -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/common/Emission.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include <limits>

using namespace mlir;
using namespace tensorc;
using namespace tensorc::lowering;

/// Rounds f32 values to the precision of `type` and back.
static Value roundTo(Emission &e, Value value, Type type) {
  Type wide = value.getType();
  Type narrow = type;
  if (auto vector = dyn_cast<VectorType>(wide))
    narrow = VectorType::get(vector.getShape(), type);
  value = arith::TruncFOp::create(e.b, e.loc, narrow, value);
  return arith::ExtFOp::create(e.b, e.loc, wide, value);
}

/// Whether the result of `op` on numbers of its type is one of these: nothing
/// to round.
static bool isExact(Operation &op) {
  return isa<arith::NegFOp, arith::MaximumFOp, arith::MinimumFOp, arith::RemFOp,
             arith::SelectOp, arith::ExtFOp, math::AbsFOp, math::CeilOp,
             math::CopySignOp, math::FloorOp, math::RoundEvenOp, math::TruncOp,
             UnrealizedConversionCastOp>(op);
}

/// A body's constant in the type that it is computed in.
static Value emitConstant(Emission &e, arith::ConstantOp op) {
  TypedAttr value = scalar::computeAttr(cast<TypedAttr>(op.getValue()));
  return arith::ConstantOp::create(e.b, e.loc, value);
}

/// Maximum or minimum with a constant that isn't NaN: a comparison that is true
/// for NaN and a select are one instruction; null for other ops.
static Value emitClamp(Emission &e, Operation &op, ValueRange operands) {
  bool isMaximum = isa<arith::MaximumFOp>(op);
  if (!isMaximum && !isa<arith::MinimumFOp>(op))
    return {};
  auto bound = op.getOperand(1).getDefiningOp<arith::ConstantOp>();
  if (!bound || cast<FloatAttr>(bound.getValue()).getValue().isNaN())
    return {};
  Value keeps = arith::CmpFOp::create(e.b, e.loc,
                                      isMaximum ? arith::CmpFPredicate::UGE
                                                : arith::CmpFPredicate::ULE,
                                      operands[0], operands[1]);
  return arith::SelectOp::create(e.b, e.loc, keeps, operands[0], operands[1]);
}

SmallVector<Value> Emission::emitBodyOp(Operation &op, ValueRange operands,
                                        const BodyPoint &point) {
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    return {emitConstant(*this, constant)};
  if (auto position = dyn_cast<kernel::IndexOp>(op))
    return {point.position(position.getDim())};
  if (auto argument = dyn_cast<kernel::ArgumentOp>(op))
    return {givenSizes.at(argument.getNumber())};
  if (auto check = dyn_cast<scalar::CheckOp>(op)) {
    emitCheck(check, operands, point);
    return {};
  }
  bool wide = llvm::any_of(operands, [](Value operand) {
    return isa<VectorType>(operand.getType());
  });
  int64_t lanes = wide ? point.lanes : 1;
  if (isa<arith::ExtFOp, arith::TruncFOp, UnrealizedConversionCastOp>(op)) {
    Type from = op.getOperand(0).getType(), to = op.getResult(0).getType();
    if (computeType(from) == computeType(to))
      return {scalar::isHalf(to) ? roundTo(*this, operands[0], to)
                                 : Value(operands[0])};
  }
  SmallVector<Value> wideOperands;
  for (Value operand : operands)
    wideOperands.push_back(broadcast(operand, lanes));
  if (Value clamped = emitClamp(*this, op, wideOperands))
    return {clamped};
  IRMapping mapping;
  mapping.map(op.getOperands(), wideOperands);
  Operation *clone = op.clone(mapping);
  for (OpResult result : clone->getResults())
    result.setType(lifted(result.getType(), lanes));
  // Products may be fused into sums, and nothing else: on a pair of casts the
  // same flag would drop the rounding between them. Nor of halves: LLVM knows
  // that a product of f32 that is rounded at once is one of halves, and GPUs
  // have sums of these that take it unrounded.
  bool isRounded = scalar::isHalf(op.getResult(0).getType());
  if (isa<arith::AddFOp, arith::SubFOp, arith::MulFOp>(clone) &&
      (!isRounded || hasExcessPrecision)) {
    auto math = cast<arith::ArithFastMathInterface>(clone);
    clone->setAttr(math.getFastMathAttrName(),
                   arith::FastMathFlagsAttr::get(
                       b.getContext(), arith::FastMathFlags::contract));
  }
  // Idle lanes hold anything, and the machine traps on division by zero.
  if (wide && point.mask &&
      isa<arith::DivSIOp, arith::DivUIOp, arith::RemSIOp, arith::RemUIOp,
          arith::FloorDivSIOp, arith::CeilDivSIOp, arith::CeilDivUIOp>(clone)) {
    Value divisor = clone->getOperand(1);
    clone->setOperand(1,
                      arith::SelectOp::create(b, loc, point.mask, divisor,
                                              constant(divisor.getType(), 1)));
  }
  b.insert(clone);
  SmallVector<Value> results;
  for (auto [result, original] :
       llvm::zip_equal(clone->getResults(), op.getResults())) {
    bool isArithmetic =
        isa<arith::AddFOp, arith::SubFOp, arith::MulFOp, arith::DivFOp>(op);
    bool rounds = scalar::isHalf(original.getType()) && !isExact(op) &&
                  !(isArithmetic && hasExcessPrecision);
    results.push_back(rounds ? roundTo(*this, result, original.getType())
                             : Value(result));
  }
  return results;
}

SmallVector<Value> Emission::emitBody(Block &body, ValueRange args,
                                      const BodyPoint &point) {
  DenseMap<Value, Value> values;
  for (auto [argument, value] : llvm::zip_equal(body.getArguments(), args))
    values[argument] = value;
  auto lookup = [&](Value original) { return values.at(original); };
  for (Operation &op : body.without_terminator()) {
    SmallVector<Value> operands = llvm::map_to_vector(op.getOperands(), lookup);
    for (auto [original, value] :
         llvm::zip_equal(op.getResults(), emitBodyOp(op, operands, point)))
      values[original] = value;
  }
  return llvm::map_to_vector(body.getTerminator()->getOperands(), lookup);
}

Value Emission::combine(scalar::Combiner combiner, Value x, Value y) {
  bool isFloat = isa<FloatType>(getElementTypeOrSelf(x));
  auto flags = arith::FastMathFlags::contract;
  // Which zero a maximum returns is nobody's concern; NaN is.
  auto unsignedZero = arith::FastMathFlags::nsz;
  switch (combiner) {
  case scalar::Combiner::Add:
    return isFloat ? arith::AddFOp::create(b, loc, x, y, flags).getResult()
                   : arith::AddIOp::create(b, loc, x, y).getResult();
  case scalar::Combiner::Mul:
    return isFloat ? arith::MulFOp::create(b, loc, x, y, flags).getResult()
                   : arith::MulIOp::create(b, loc, x, y).getResult();
  case scalar::Combiner::Maximum:
    if (isFloat)
      return arith::MaximumFOp::create(b, loc, x, y, unsignedZero);
    if (getElementTypeOrSelf(x).isInteger(1))
      return arith::OrIOp::create(b, loc, x, y);
    return arith::MaxSIOp::create(b, loc, x, y);
  case scalar::Combiner::UMaximum:
    return arith::MaxUIOp::create(b, loc, x, y);
  case scalar::Combiner::Minimum:
    if (isFloat)
      return arith::MinimumFOp::create(b, loc, x, y, unsignedZero);
    if (getElementTypeOrSelf(x).isInteger(1))
      return arith::AndIOp::create(b, loc, x, y);
    return arith::MinSIOp::create(b, loc, x, y);
  case scalar::Combiner::UMinimum:
    return arith::MinUIOp::create(b, loc, x, y);
  case scalar::Combiner::And:
    return arith::AndIOp::create(b, loc, x, y);
  case scalar::Combiner::Or:
    return arith::OrIOp::create(b, loc, x, y);
  }
  llvm_unreachable("a combiner that is none");
}

/// The attribute of a neutral element.
static TypedAttr identityOf(OpBuilder &b, scalar::Combiner combiner,
                            Type element) {
  bool isMaximum = combiner == scalar::Combiner::Maximum;
  if (auto type = dyn_cast<FloatType>(element)) {
    const llvm::fltSemantics &semantics = type.getFloatSemantics();
    if (isMaximum || combiner == scalar::Combiner::Minimum)
      return b.getFloatAttr(type,
                            APFloat::getInf(semantics, /*Negative=*/isMaximum));
    return b.getFloatAttr(type, combiner == scalar::Combiner::Mul ? 1.0 : 0.0);
  }
  unsigned width = element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
  APInt value(width, 0);
  switch (combiner) {
  case scalar::Combiner::Add:
  case scalar::Combiner::Or:
  case scalar::Combiner::UMaximum:
    break;
  case scalar::Combiner::Mul:
    value = APInt(width, 1);
    break;
  case scalar::Combiner::And:
  case scalar::Combiner::UMinimum:
    value = APInt::getAllOnes(width);
    break;
  case scalar::Combiner::Maximum:
    value = width == 1 ? APInt(1, 0) : APInt::getSignedMinValue(width);
    break;
  case scalar::Combiner::Minimum:
    value = width == 1 ? APInt(1, 1) : APInt::getSignedMaxValue(width);
    break;
  }
  return b.getIntegerAttr(element, value);
}

Value Emission::identity(scalar::Combiner combiner, Type type) {
  TypedAttr value = identityOf(b, combiner, getElementTypeOrSelf(type));
  if (auto vector = dyn_cast<VectorType>(type))
    value = DenseElementsAttr::get(vector, Attribute(value));
  return arith::ConstantOp::create(b, loc, value);
}

Value Emission::combineLanes(scalar::Combiner combiner, Value vector) {
  auto type = dyn_cast<VectorType>(vector.getType());
  if (!type)
    return vector;
  // Halves onto halves: a fixed order, and as few steps as there can be.
  for (int64_t lanes = type.getNumElements(); lanes > 1; lanes /= 2) {
    SmallVector<int64_t> low, high;
    for (int64_t i = 0; i < lanes / 2; ++i) {
      low.push_back(i);
      high.push_back(lanes / 2 + i);
    }
    vector = combine(combiner,
                     vector::ShuffleOp::create(b, loc, vector, vector, low),
                     vector::ShuffleOp::create(b, loc, vector, vector, high));
  }
  return vector::ExtractOp::create(b, loc, vector, int64_t(0));
}

Words Emission::describe(scalar::CheckOp check, Value checked, Value violated,
                         const BodyPoint &point) {
  Value lane;
  if (violated) {
    auto type = VectorType::get(point.lanes, b.getI64Type());
    auto numbers = llvm::to_vector(llvm::seq<int64_t>(0, point.lanes));
    Value lanes = arith::ConstantOp::create(
        b, loc, DenseElementsAttr::get(type, ArrayRef(numbers)));
    Value none = arith::ConstantOp::create(
        b, loc, DenseElementsAttr::get(type, point.lanes));
    lane = vector::ReductionOp::create(
        b, loc, vector::CombiningKind::MINUI,
        arith::SelectOp::create(b, loc, violated, lanes, none));
    lane = arith::IndexCastOp::create(b, loc, b.getIndexType(), lane);
  }
  auto ofLane = [&](Value x) -> Value {
    if (!isa<VectorType>(x.getType()))
      return x;
    return vector::ExtractOp::create(b, loc, x,
                                     OpFoldResult(lane ? lane : index(0)));
  };
  auto escaped = [](StringRef text) {
    std::string result;
    for (char c : text)
      result += c == '%' ? "%%" : std::string(1, c);
    return result;
  };

  Words words;
  words.format = escaped(*check.getExpected()) + ", received %lld";
  words.numbers.push_back(ofLane(checked));
  // Where that was read from, if a user can know.
  BlockArgument argument = check.getOrigin();
  auto generic = dyn_cast<kernel::GenericOp>(check->getParentOp());
  if (auto subject = check.getSubject()) {
    words.format += " at `" + escaped(*subject);
    if (argument && generic) {
      const LinearAccess &access = operands[argument.getArgNumber()];
      OpFoldResult element = access.offset;
      for (auto [dim, stride] : llvm::enumerate(access.strides))
        if (!isConstant(stride, 0))
          element = add(element, mul(ofLane(point.position(dim)), stride));
      for (auto [axis, position] :
           llvm::enumerate(delinearize(element, access.extents))) {
        words.format += axis ? ", %lld" : "[%lld";
        words.numbers.push_back(arith::IndexCastOp::create(
            b, loc, b.getI64Type(), value(position)));
      }
      words.format += access.extents.empty() ? "" : "]";
    }
    words.format += "`";
  }
  if (auto source = check.getSource())
    words.format += " (" + escaped(*source) + ")";
  return words;
}

void Emission::emitCheck(scalar::CheckOp check, ValueRange operands,
                         const BodyPoint &point) {
  Value condition = operands[0];
  Value violated = arith::XOrIOp::create(
      b, loc, condition,
      arith::ConstantOp::create(
          b, loc,
          isa<VectorType>(condition.getType())
              ? TypedAttr(DenseElementsAttr::get(
                    cast<VectorType>(condition.getType()), true))
              : TypedAttr(b.getBoolAttr(true))));
  Value any = violated, lanes;
  if (isa<VectorType>(violated.getType())) {
    if (point.mask)
      violated = arith::AndIOp::create(b, loc, violated, point.mask);
    lanes = violated;
    any = vector::ReductionOp::create(b, loc, vector::CombiningKind::OR,
                                      violated);
  }
  if (!check.hasWords())
    return fail(any, check, nullptr);
  fail(any, check, [&] { return describe(check, operands[1], lanes, point); });
}
