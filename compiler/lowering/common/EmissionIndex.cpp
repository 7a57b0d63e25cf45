//===- EmissionIndex.cpp - Index arithmetic and loops ---------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/common/Emission.h"
#include "mlir/IR/Matchers.h"
#include <numeric>

using namespace mlir;
using namespace tensorc;
using namespace tensorc::lowering;

std::optional<int64_t> lowering::constantOf(OpFoldResult x) {
  if (auto attribute = dyn_cast_if_present<Attribute>(x))
    return cast<IntegerAttr>(attribute).getInt();
  APInt result;
  if (auto value = dyn_cast_if_present<Value>(x);
      value && matchPattern(value, m_ConstantInt(&result)))
    return result.getSExtValue();
  return std::nullopt;
}

std::optional<int64_t> Emission::expected(OpFoldResult size) {
  if (auto known = constantOf(size))
    return known;
  auto value = cast<Value>(size);
  if (auto product = value.getDefiningOp<arith::MulIOp>()) {
    auto left = expected(product.getLhs()), right = expected(product.getRhs());
    if (left && right)
      return *left * *right;
  }
  auto found = expectedSizes.find(value);
  return found == expectedSizes.end() ? std::nullopt
                                      : std::optional(found->second);
}

std::optional<int64_t> Emission::greatest(OpFoldResult count) {
  if (auto known = constantOf(count))
    return known;
  auto value = cast<Value>(count);
  if (auto found = greatestSizes.find(value); found != greatestSizes.end())
    return found->second;
  Operation *op = value.getDefiningOp();
  if (!op || op->getNumOperands() != 2)
    return std::nullopt;
  auto left = greatest(op->getOperand(0)), right = greatest(op->getOperand(1));
  if (isa<arith::MinSIOp>(op) && (left || right))
    return std::min(left.value_or(INT64_MAX), right.value_or(INT64_MAX));
  if (!left)
    return std::nullopt;
  // Of counts; what is taken away may be nothing.
  if (isa<arith::SubIOp>(op))
    return left;
  if (isa<arith::DivUIOp>(op) && constantOf(op->getOperand(1)))
    return *left / *right;
  int64_t result = 0;
  if (right && isa<arith::AddIOp>(op) &&
      !__builtin_add_overflow(*left, *right, &result))
    return result;
  if (right && isa<arith::MulIOp>(op) &&
      !__builtin_mul_overflow(*left, *right, &result))
    return result;
  return std::nullopt;
}

std::optional<int64_t> Emission::largest(OpFoldResult x) {
  if (auto known = constantOf(x))
    return std::abs(*known);
  auto value = cast<Value>(x);
  if (auto found = greatestSizes.find(value); found != greatestSizes.end())
    return found->second;
  bool isProduct = value.getDefiningOp<arith::MulIOp>();
  if (!isProduct && !value.getDefiningOp<arith::AddIOp>())
    return std::nullopt;
  auto left = largest(value.getDefiningOp()->getOperand(0)),
       right = largest(value.getDefiningOp()->getOperand(1));
  int64_t result = 0;
  if (!left || !right ||
      (isProduct ? __builtin_mul_overflow(*left, *right, &result)
                 : __builtin_add_overflow(*left, *right, &result)))
    return std::nullopt;
  return result;
}

int64_t Emission::divisorOf(OpFoldResult x) {
  if (auto known = constantOf(x))
    return *known;
  auto value = cast<Value>(x);
  if (auto found = divisors.find(value); found != divisors.end())
    return found->second;
  bool isProduct = value.getDefiningOp<arith::MulIOp>();
  if (!isProduct && !value.getDefiningOp<arith::AddIOp>())
    return 1;
  int64_t left = divisorOf(value.getDefiningOp()->getOperand(0)),
          right = divisorOf(value.getDefiningOp()->getOperand(1)), result = 1;
  if (!isProduct)
    return std::gcd(left, right);
  // What is left out still divides.
  return __builtin_mul_overflow(left, right, &result) ? left : result;
}

Value Emission::index(int64_t value) {
  Value &known = indices[value];
  if (known)
    return known;
  // In front of everything, so that all can use it.
  Block *block = b.getInsertionBlock();
  while (!isa<FunctionOpInterface>(block->getParentOp()))
    block = block->getParentOp()->getBlock();
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(block);
  return known = arith::ConstantIndexOp::create(b, loc, value);
}

Value Emission::value(OpFoldResult x) {
  if (auto attribute = dyn_cast<Attribute>(x))
    return index(cast<IntegerAttr>(attribute).getInt());
  return cast<Value>(x);
}

OpFoldResult Emission::add(OpFoldResult x, OpFoldResult y) {
  auto cx = constantOf(x), cy = constantOf(y);
  if (cx && cy)
    return attr(*cx + *cy);
  if (cx == 0)
    return y;
  if (cy == 0)
    return x;
  return arith::AddIOp::create(b, loc, value(x), value(y),
                               arith::IntegerOverflowFlags::nsw)
      .getResult();
}

OpFoldResult Emission::sub(OpFoldResult x, OpFoldResult y) {
  auto cx = constantOf(x), cy = constantOf(y);
  if (cx && cy)
    return attr(*cx - *cy);
  if (cy == 0)
    return x;
  return arith::SubIOp::create(b, loc, value(x), value(y),
                               arith::IntegerOverflowFlags::nsw)
      .getResult();
}

OpFoldResult Emission::mul(OpFoldResult x, OpFoldResult y) {
  auto cx = constantOf(x), cy = constantOf(y);
  if (cx && cy)
    return attr(*cx * *cy);
  if (cx == 0 || cy == 0)
    return attr(0);
  if (cx == 1)
    return y;
  if (cy == 1)
    return x;
  return arith::MulIOp::create(b, loc, value(x), value(y),
                               arith::IntegerOverflowFlags::nsw)
      .getResult();
}

OpFoldResult Emission::div(OpFoldResult x, OpFoldResult y) {
  auto cx = constantOf(x), cy = constantOf(y);
  if (cx && cy)
    return attr(*cx / *cy);
  if (cy == 1 || cx == 0)
    return x;
  return arith::DivUIOp::create(b, loc, value(x), value(y)).getResult();
}

OpFoldResult Emission::rem(OpFoldResult x, OpFoldResult y) {
  auto cx = constantOf(x), cy = constantOf(y);
  if (cx && cy)
    return attr(*cx % *cy);
  if (cy == 1)
    return attr(0);
  return arith::RemUIOp::create(b, loc, value(x), value(y)).getResult();
}

OpFoldResult Emission::ceilDiv(OpFoldResult x, int64_t y) {
  return div(add(x, attr(y - 1)), attr(y));
}

OpFoldResult Emission::min(OpFoldResult x, OpFoldResult y) {
  auto cx = constantOf(x), cy = constantOf(y);
  if (cx && cy)
    return attr(std::min(*cx, *cy));
  return arith::MinSIOp::create(b, loc, value(x), value(y)).getResult();
}

OpFoldResult Emission::atLeastZero(OpFoldResult x) {
  if (auto known = constantOf(x))
    return attr(std::max<int64_t>(*known, 0));
  return arith::MaxSIOp::create(b, loc, value(x), index(0)).getResult();
}

OpFoldResult Emission::product(ArrayRef<OpFoldResult> xs) {
  OpFoldResult result = attr(1);
  for (OpFoldResult x : xs)
    result = mul(result, x);
  return result;
}

SmallVector<OpFoldResult>
Emission::delinearize(OpFoldResult linear, ArrayRef<OpFoldResult> extents) {
  SmallVector<OpFoldResult> result(extents.size());
  for (size_t i = extents.size(); i-- > 0;) {
    result[i] = i == 0 ? linear : rem(linear, extents[i]);
    if (i > 0)
      linear = div(linear, extents[i]);
  }
  return result;
}

OpFoldResult Emission::linearIndex(const LinearAccess &access,
                                   ArrayRef<OpFoldResult> indices) {
  OpFoldResult result = access.offset;
  for (auto [index, stride] : llvm::zip_equal(indices, access.strides))
    if (index)
      result = add(result, mul(index, stride));
  return result;
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

SmallVector<Value> Emission::forLoop(OpFoldResult begin, OpFoldResult end,
                                     int64_t step, ValueRange inits,
                                     LoopBody body) {
  auto first = constantOf(begin), last = constantOf(end);
  if (first && last && *first >= *last)
    return llvm::to_vector(inits);
  if (first && last && *first + step >= *last)
    return body(begin, inits);
  auto loop =
      scf::ForOp::create(b, loc, value(begin), value(end), index(step), inits);
  OpBuilder::InsertionGuard guard(b);
  Block *block = loop.getBody();
  if (!block->empty())
    block->back().erase();
  b.setInsertionPointToEnd(block);
  SmallVector<Value> next =
      body(OpFoldResult(loop.getInductionVar()), loop.getRegionIterArgs());
  scf::YieldOp::create(b, loc, next);
  return llvm::to_vector_of<Value>(loop.getResults());
}

void Emission::forLoop(OpFoldResult begin, OpFoldResult end, int64_t step,
                       function_ref<void(OpFoldResult)> body) {
  forLoop(begin, end, step, ValueRange(), [&](OpFoldResult iv, ValueRange) {
    body(iv);
    return SmallVector<Value>();
  });
}

SmallVector<Value> Emission::forNest(
    ArrayRef<OpFoldResult> extents, ValueRange inits,
    function_ref<SmallVector<Value>(ArrayRef<OpFoldResult>, ValueRange)> body) {
  SmallVector<OpFoldResult> ivs;
  std::function<SmallVector<Value>(ValueRange)> nest =
      [&](ValueRange carried) -> SmallVector<Value> {
    if (ivs.size() == extents.size())
      return body(ivs, carried);
    return forLoop(attr(0), extents[ivs.size()], 1, carried,
                   [&](OpFoldResult iv, ValueRange inner) {
                     ivs.push_back(iv);
                     SmallVector<Value> next = nest(inner);
                     ivs.pop_back();
                     return next;
                   });
  };
  return nest(inits);
}

void Emission::ifThen(Value condition, function_ref<void()> then) {
  APInt known;
  if (matchPattern(condition, m_ConstantInt(&known))) {
    if (!known.isZero())
      then();
    return;
  }
  auto branch = scf::IfOp::create(b, loc, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  then();
}
