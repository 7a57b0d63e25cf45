//===- Convolutions.cpp - Convolutions without edges ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/legalize/Images.h"

using namespace mlir;

namespace tensorc::compiler::legalize {

/// Pads the image and takes the padding off the op.
template <typename Op>
static LogicalResult padImage(Op op, OpOperand &image, Value weight) {
  // A group's channels are strides of the index maps.
  if (op.getGroups() != 1 &&
      ShapedType::isDynamicShape(shapeOf(weight).take_front(2)))
    return op.emitOpError("has groups and a weight of type ")
           << weight.getType() << ", expected static numbers of channels";
  Pair padding = toPair(op.getPadding());
  image.set(ImageBuilder(op).pad(image.get(), padding, padding, {}, 0));
  op.setPadding({0, 0});
  return success();
}

LogicalResult legalizeOp(graph::Conv2dOp op) {
  return padImage(op, op.getInputMutable(), op.getWeight());
}

LogicalResult legalizeOp(graph::Conv2dBackwardWeightOp op) {
  return padImage(op, op.getInputMutable(), op.getResult());
}

/// The weight turned by 180°, with input and output channels swapped in each
/// group: [g·o, c, …] → [g, o, c, …] → [g, c, o, …] → [g·c, o, …].
static Value turned(ImageBuilder &image, Value weight, int64_t groups) {
  ArrayRef<int64_t> shape = shapeOf(weight);
  Value result = image.create<graph::FlipOp>(weight, Ints{2, 3});
  if (groups == 1)
    return image.create<graph::PermuteOp>(result, Ints{1, 0, 2, 3});
  int64_t outputs = shape[0] / groups;
  result = image.create<graph::ReshapeOp>(
      result, Ints{groups, outputs, shape[1], shape[2], shape[3]});
  result = image.create<graph::PermuteOp>(result, Ints{0, 2, 1, 3, 4});
  return image.create<graph::ReshapeOp>(
      result, Ints{groups * shape[1], outputs, shape[2], shape[3]});
}

/// grad_input = conv2d(grad spread by stride − 1 zeros, turned weight).
LogicalResult legalizeOp(graph::Conv2dBackwardInputOp op) {
  Value grad = op.getGradOutput(), weight = op.getWeight();
  ArrayRef<int64_t> input = shapeOf(op.getResult()), kernel = shapeOf(weight);
  for (ArrayRef<int64_t> shape : {input, kernel, shapeOf(grad)})
    if (failed(requireStatic(op, shape, "its gradient")))
      return failure();
  Pair low, high, interior;
  for (size_t i = 0; i < 2; ++i) {
    int64_t stride = op.getStride()[i];
    int64_t reach = (kernel[2 + i] - 1) * op.getDilation()[i];
    low[i] = reach - op.getPadding()[i];
    high[i] = input[2 + i] + reach - low[i] -
              ((shapeOf(grad)[2 + i] - 1) * stride + 1);
    interior[i] = stride - 1;
  }
  ImageBuilder image(op);
  Value spread = image.pad(grad, low, high, interior, 0);
  Value turnedWeight = turned(image, weight, op.getGroups());
  image.loc = NameLoc::get(image.b.getStringAttr(op->getName().stripDialect()),
                           op.getLoc());
  op->replaceAllUsesWith(ValueRange{image.create<graph::Conv2dOp>(
      op.getResult().getType(), spread, turnedWeight, Ints{1, 1}, Ints{0, 0},
      op.getDilation(), op.getGroups())});
  op->erase();
  return success();
}

} // namespace tensorc::compiler::legalize
