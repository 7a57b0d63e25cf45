//===- GenericMemory.cpp - Loads and stores of a kernel.generic -----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/cpu/GenericEmitter.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::cpu;

OpFoldResult GenericEmitter::address(const LinearAccess &access,
                                     const Rows &rows, const Points *points) {
  OpFoldResult index = bases[&access - e.operands.data()];
  int64_t constant = 0;
  auto step = [&](OpFoldResult position, unsigned dim) {
    OpFoldResult distance = e.mul(position, access.strides[dim]);
    if (auto known = constantOf(distance))
      constant += *known;
    else
      index = e.add(index, distance);
  };
  if (rows.first)
    step(rows.first, *s.vectorDim);
  if (points)
    for (auto [dim, position] : llvm::zip_equal(s.reduction, points->indices))
      step(position, dim);
  // Constants last: they become the displacement of an address.
  return e.add(index, e.attr(constant));
}

Value GenericEmitter::load(BlockArgument argument, const Rows &rows,
                           const Points *points) {
  const LinearAccess &access = e.operands[argument.getArgNumber()];
  bool vectors = s.vectorDim && (points || rows.first) &&
                 !isConstant(laneStride(access), 0);
  OpFoldResult index = address(access, rows, points);
  if (!vectors)
    return e.loadScalar(access, index);
  Value mask = points && points->mask ? points->mask : rows.mask;
  return e.loadVector(access, index, laneStride(access), s.lanes, mask);
}

void GenericEmitter::store(unsigned output, Value value, const Rows &rows,
                           const Points *points) {
  const LinearAccess &access = e.operands[inputs + output];
  bool vectors = s.vectorDim && (points || rows.first);
  int64_t lanes = vectors ? s.lanes : 1;
  Value mask = points && points->mask ? points->mask : rows.mask;
  OpFoldResult index = address(access, rows, points);
  OpFoldResult stride = laneStride(access);
  value = e.broadcast(value, lanes);
  e.storeVector(access, index, stride, value, mask);
}

/// Two neighbours of a window that lie side by side, in vectors of stride 2:
/// interleaved, they are contiguous.
bool GenericEmitter::storePairs(unsigned output, Rows &rows,
                                MutableArrayRef<Points> points) {
  const LinearAccess &access = e.operands[inputs + output];
  if (!lanesAreRows() || !isConstant(laneStride(access), 2))
    return false;
  for (auto [i, dim] : llvm::enumerate(s.reduction)) {
    if (!isConstant(e.sizes[dim], 2) || !isConstant(access.strides[dim], 1))
      continue;
    int64_t distance = 1;
    for (unsigned inner : ArrayRef(s.reduction).drop_front(i + 1))
      distance *= *constantOf(e.sizes[inner]);
    Value yielded = body.getTerminator()->getOperand(output);
    for (size_t p = 0; p < points.size(); ++p) {
      if (!isConstant(points[p].indices[i], 0))
        continue;
      Points &partner = points[p + distance];
      Value even = e.broadcast(lookup(yielded, rows, &points[p]), s.lanes);
      Value odd = e.broadcast(lookup(yielded, rows, &partner), s.lanes);
      e.storeInterleaved(access, address(access, rows, &points[p]), even, odd,
                         rows.mask);
    }
    return true;
  }
  return false;
}

void GenericEmitter::storePoints(Rows &rows, MutableArrayRef<Points> points) {
  for (auto [output, yielded] :
       llvm::enumerate(body.getTerminator()->getOperands())) {
    if (!values.isPointOutput(output))
      continue;
    if (s.unrollRow && storePairs(output, rows, points))
      continue;
    for (Points &point : points)
      store(output, lookup(yielded, rows, &point), rows, &point);
  }
}

void GenericEmitter::storeRows(Rows &rows) {
  for (auto [output, yielded] :
       llvm::enumerate(body.getTerminator()->getOperands()))
    if (!values.isPointOutput(output))
      store(output, lookup(yielded, rows, nullptr), rows, nullptr);
}
