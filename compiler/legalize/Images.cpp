//===- Images.cpp - Graph ops on images -----------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/legalize/Images.h"

using namespace mlir;

namespace tensorc::compiler::legalize {

/// `pair` in the last two of `rank` dimensions, `otherwise` in those before.
static Ints inSpace(size_t rank, Pair pair, int64_t otherwise) {
  Ints ints(rank, otherwise);
  llvm::copy(pair, ints.end() - 2);
  return ints;
}

Value ImageBuilder::pad(Value image, Pair low, Pair high, Pair interior,
                        double value) {
  if (low == Pair{} && high == Pair{} && interior == Pair{})
    return image;
  size_t rank = shapeOf(image).size();
  return create<graph::PadOp>(image, inSpace(rank, low, 0),
                              inSpace(rank, high, 0),
                              inSpace(rank, interior, 0), APFloat(value));
}

Value ImageBuilder::slice(Value image, Pair start, Pair size, Pair step) {
  Ints ends(shapeOf(image));
  size_t rank = ends.size();
  for (size_t i = 0; i < 2; ++i)
    ends[rank - 2 + i] = start[i] + (size[i] - 1) * step[i] + 1;
  return create<graph::SliceOp>(image, inSpace(rank, start, 0), ends,
                                inSpace(rank, step, 1));
}

Value ImageBuilder::full(Type element, ArrayRef<int64_t> shape, double value) {
  return create<graph::FullOp>(RankedTensorType::get(shape, element), value);
}

Value ImageBuilder::constant(Pair size, Type element,
                             ArrayRef<Attribute> values,
                             ArrayRef<int64_t> shape) {
  auto type = RankedTensorType::get(size, element);
  Value constant =
      create<graph::ConstantOp>(DenseElementsAttr::get(type, values));
  return create<graph::BroadcastToOp>(constant, shape);
}

LogicalResult requireStatic(Operation *op, ArrayRef<int64_t> shape,
                            StringRef what) {
  if (ShapedType::isDynamicShape(shape.take_back(2)))
    return op->emitOpError("has an image of dynamic size, expected static "
                           "sizes for ")
           << what;
  return success();
}

} // namespace tensorc::compiler::legalize
