//===- RandomGraphOps.cpp - The ops of random graphs ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/fusion/RandomGraph.h"

#include "tests/compiler/fusion/RandomGraphText.h"

#include <algorithm>

namespace tensorc::test {

using Node = GraphNode;
using Ints = std::vector<int64_t>;

static bool isHalf(const Node &x) {
  return x.type == "f16" || x.type == "bf16";
}
static bool isBool(const Node &x) { return x.type == "i1"; }

static std::string boolText(bool value) { return value ? "true" : "false"; }
static std::string dimText(size_t dim) {
  return "dim = " + std::to_string(dim) + " : i64";
}

void RandomGraph::addOp() {
  using Add = void (RandomGraph::*)(const Node &);
  using G = RandomGraph;
  static const std::vector<Add> anyType = {
      &G::addUnary,     &G::addBinary,    &G::addBinary,    &G::addChoice,
      &G::addPermute,   &G::addReshape,   &G::addSlice,     &G::addSlice,
      &G::addWrite,     &G::addFlip,      &G::addBroadcast, &G::addReduction,
      &G::addReduction, &G::addReduction, &G::addArgmax,    &G::addPad,
      &G::addCat,       &G::addUnfold,    &G::addUnfold};
  static const std::vector<Add> onFloats = {&G::addRows,        &G::addRows,
                                            &G::addLoss,        &G::addMatmul,
                                            &G::addConvolution, &G::addPool};
  if (isSymbolic && chance(5))
    return addOther(recent());
  size_t number =
      pick(anyType.size() + (isFloat(mainType) ? onFloats.size() : size_t(1)));
  if (number < anyType.size())
    return (this->*anyType[number])(recent());
  (this->*onFloats[pick(onFloats.size())])(recentFloat());
}

//===----------------------------------------------------------------------===//
// Elementwise ops
//===----------------------------------------------------------------------===//

void RandomGraph::addUnary(const Node &x) {
  static const std::vector<std::string> types = {
      "f64", "f32", "f64", "f32", "f16", "bf16", "i64", "i32", "i8", "i1"};
  if (isBool(x))
    return add(chance(2) ? emit("logical_not", {x}, "", x.shape, "i1")
                         : to(x, mainType));
  if (chance(5)) {
    Node there = to(x, types[pick(types.size())]);
    return add(chance(2) ? to(there, x.type) : there);
  }
  if (x.type != "f64" && x.type != "f32") {
    if (chance(2) && x.type != "ui8")
      return add(emit("neg", {x}, "", x.shape, x.type));
    return add(emit(chance(2) ? "relu" : "abs", {x}, "", x.shape, x.type));
  }
  switch (pick(8)) {
  case 0:
  case 1:
    return add(emit("neg", {x}, "", x.shape, x.type));
  case 2:
    return add(emit("relu", {exactly(x)}, "", x.shape, x.type));
  case 3: {
    Node power = emit("exp", {bounded(x, 2)}, "", x.shape, x.type);
    power.high = 5;
    return add(inexact(power));
  }
  case 4: { // a positive operand
    Node square = emit("mul", {x, x}, "", x.shape, x.type);
    Node above =
        emit("add", {square, full(x.shape, x.type, 1)}, "", x.shape, x.type);
    static const char *names[] = {"log", "sqrt", "rsqrt", "reciprocal"};
    Node result = inexact(emit(names[pick(4)], {above}, "", x.shape, x.type));
    result.high = x.high + 1;
    return add(result);
  }
  default: {
    static const char *names[] = {"tanh", "sigmoid", "silu", "softplus", "sin"};
    Node result = inexact(emit(names[pick(5)], {x}, "", x.shape, x.type));
    result.high = std::max(x.high, 0) + 1;
    return add(result);
  }
  }
}

void RandomGraph::addBinary(const Node &x) {
  Node y = ofShape(x.shape, x.type);
  if (isBool(x)) {
    static const char *names[] = {"logical_and", "logical_or", "logical_xor"};
    return add(emit(names[pick(3)], {x, y}, "", x.shape, "i1"));
  }
  if (chance(4))
    return add(emit(chance(2) ? "maximum" : "minimum", {exactly(x), exactly(y)},
                    "", x.shape, x.type));
  size_t op = pick(x.type == "f64" || x.type == "f32" ? 4 : 3);
  if (op == 3) {
    Node square = emit("mul", {y, y}, "", x.shape, x.type);
    Node above =
        emit("add", {square, full(x.shape, x.type, 1)}, "", x.shape, x.type);
    Node quotient = inexact(emit("div", {x, above}, "", x.shape, x.type));
    quotient.high = x.high;
    return add(quotient);
  }
  if (op == 2) {
    Node product = emit("mul", {x, y}, "", x.shape, x.type);
    product.high = x.high + y.high;
    product.low = isExact(x) && isExact(y) ? x.low + y.low : Node::kInexact;
    return add(product);
  }
  if (x.type == "ui8")
    op = 0;
  Node sum = emit(op == 0 ? "add" : "sub", {x, y}, "", x.shape, x.type);
  ++sum.high;
  add(sum);
}

void RandomGraph::addChoice(const Node &x) {
  Node y = ofShape(x.shape, x.type), z = ofShape(x.shape, x.type);
  static const char *names[] = {"gt", "le", "eq", "ne"};
  Node mask = emit(names[pick(4)], {exactly(x), exactly(y)}, "", x.shape, "i1");
  mask.high = 1, mask.low = 0;
  if (chance(5))
    return add(mask);
  Node result = emit("where", {mask, y, z}, "", x.shape, x.type);
  result.high = std::max(y.high, z.high);
  result.low = std::min(y.low, z.low);
  add(result);
}

//===----------------------------------------------------------------------===//
// Movements
//===----------------------------------------------------------------------===//

void RandomGraph::addPermute(const Node &x) {
  Ints dims(x.shape.size());
  Shape shape;
  std::iota(dims.begin(), dims.end(), 0);
  std::shuffle(dims.begin(), dims.end(), random);
  for (int64_t dim : dims)
    shape.push_back(x.shape[dim]);
  add(emit("permute", {x}, "dims = " + listText(dims), shape, x.type));
}

void RandomGraph::addReshape(const Node &x) {
  static const std::vector<Shape> shapes = {
      {24},      {4, 6}, {6, 4}, {2, 12}, {2, 3, 4},   {1, 24},
      {3, 8, 1}, {3, 8}, {0},    {0, 3},  {5, 0},      {1, 2, 3, 4},
      {1},       {},     {12},   {3, 4},  {1, 2, 4, 4}};
  if (sizeOf(x.shape).is_symbolic())
    return addSymbolicReshape(x);
  Shape shape = shapes[pick(shapes.size())];
  if (sizeOf(shape) != sizeOf(x.shape))
    shape = {sizeOf(x.shape)};
  add(emit("reshape", {x}, "shape = " + sizesText(shape), shape, x.type));
}

void RandomGraph::addBroadcast(const Node &x) {
  Shape shape = x.shape;
  for (SymInt &extent : shape)
    if (extent.is(1) && chance(2))
      extent = isSymbolic && chance(2) ? symbol() : SymInt(1 + pick(4));
  if (shape.size() < 4 && chance(2))
    shape.insert(shape.begin(),
                 isSymbolic && chance(2) ? symbol() : SymInt(1 + pick(3)));
  add(emit("broadcast_to", {x}, "shape = " + sizesText(shape), shape, x.type));
}

/// Often whole dimensions, or their beginning; now and then nothing.
Node RandomGraph::slice(const Node &x, Shape &starts, Ints &steps) {
  Shape ends, shape;
  for (SymInt size : x.shape) {
    SymInt start = 0, end = size;
    if (size.is_symbolic()) {
      std::tie(start, end) = symbolicRange(size);
    } else {
      if (size > 0 && chance(2))
        start = pick(size);
      if (end > start && chance(2))
        end = start + 1 + pick(end - start);
    }
    if (chance(24))
      end = start;
    if (isSymbolic && chance(6))
      if (SymInt other = symbol();
          known_at_most(start, other) && known_at_most(other, size))
        end = other;
    starts.push_back(start);
    ends.push_back(end);
    steps.push_back(chance(3) ? 2 : 1);
    shape.push_back((end - start + steps.back() - 1) / steps.back());
  }
  return emit("slice", {x},
              "starts = " + sizesText(starts) + ", ends = " + sizesText(ends) +
                  ", steps = " + listText(steps),
              shape, x.type);
}

void RandomGraph::addSlice(const Node &x) {
  Shape starts;
  Ints steps;
  Node part = slice(x, starts, steps);
  add(part);
  if (chance(2)) { // what reads parts often compares them with the whole
    values.push_back(x);
    add(part);
  }
}

/// What an update in place through a slice becomes.
void RandomGraph::addWrite(const Node &x) {
  Shape starts, high;
  Ints steps, interior;
  Node part = slice(x, starts, steps);
  for (size_t i = 0; i < x.shape.size(); ++i) {
    SymInt count = part.shape[i];
    SymInt extent = count + max(count - 1, 0) * (steps[i] - 1);
    high.push_back(x.shape[i] - starts[i] - extent);
    interior.push_back(steps[i] - 1);
  }
  auto spread = [&](const Node &value) {
    return emit("pad", {value},
                "low = " + sizesText(starts) + ", high = " + sizesText(high) +
                    ", interior = " + listText(interior) +
                    ", value = 0.0 : f64",
                x.shape, value.type);
  };
  Node update = ofShape(part.shape, x.type);
  if (!isBool(x) && chance(2)) {
    update = emit("add", {part, update}, "", part.shape, x.type);
    ++update.high;
  }
  Node mask = spread(full(part.shape, "i1", 1)), spreadUpdate = spread(update);
  Node result = emit("where", {mask, spreadUpdate, x}, "", x.shape, x.type);
  result.high = std::max(update.high, x.high);
  result.low = std::min(update.low, x.low);
  add(result);
}

void RandomGraph::addFlip(const Node &x) {
  if (x.shape.empty())
    return;
  size_t dim = pick(x.shape.size());
  if (x.shape[dim].is_symbolic() && !chance(8))
    return; // fusion takes none
  add(emit("flip", {x}, "dims = " + listText({int64_t(dim)}), x.shape, x.type));
}

void RandomGraph::addPad(const Node &x) {
  if (x.shape.empty())
    return;
  size_t dim = pick(x.shape.size());
  Shape shape = x.shape, zeros(shape.size(), 0), low = zeros, high = zeros;
  Ints interior(shape.size(), 0);
  low[dim] = int64_t(pick(4)) - 1, high[dim] = int64_t(pick(4)) - 1;
  interior[dim] = chance(3);
  if (isSymbolic && chance(4))
    high[dim] += symbol();
  if (isSymbolic && chance(24))
    low[dim] += symbol();
  shape[dim] += low[dim] + high[dim] + max(shape[dim] - 1, 0) * interior[dim];
  if (!known_at_most(0, shape[dim]))
    return;
  Node result = emit("pad", {x},
                     "low = " + sizesText(low) + ", high = " + sizesText(high) +
                         ", interior = " + listText(interior) + ", value = " +
                         (isFloat(x.type) ? "0.5" : "1.0") + " : f64",
                     shape, x.type);
  if (isExact(result))
    result.low = std::min(result.low, -1);
  result.high = std::max(result.high, 1);
  add(result);
}

void RandomGraph::addCat(const Node &x) {
  if (x.shape.empty())
    return;
  if (isSymbolic && chance(2))
    return addSymbolicCat(x);
  size_t dim = pick(x.shape.size());
  if (x.shape[dim].is_symbolic() && !chance(8))
    return; // fusion takes one such operand, as the last
  Shape shape = x.shape;
  std::vector<Node> parts = {x, ofShape(x.shape, x.type)};
  if (chance(3)) {
    Shape other = x.shape;
    other[dim] = pick(3);
    parts.insert(parts.begin() + pick(3), ofShape(other, x.type));
  }
  shape[dim] = 0;
  for (const Node &part : parts)
    shape[dim] += part.shape[dim];
  add(emit("cat", parts, dimText(dim), shape, x.type));
}

//===----------------------------------------------------------------------===//
// Reductions and composites
//===----------------------------------------------------------------------===//

/// Windows along a dimension, and often what gives them back.
void RandomGraph::addUnfold(const Node &x) {
  if (x.shape.empty() || x.shape.size() > 3)
    return;
  size_t dim = pick(x.shape.size());
  int64_t size = pick(std::min<int64_t>(x.shape[dim].min(), 3) + 1);
  int64_t step = 1 + pick(3);
  std::string window = dimText(dim) + ", size = " + std::to_string(size) +
                       " : i64, step = " + std::to_string(step) + " : i64";
  Shape shape = x.shape;
  shape[dim] = (shape[dim] - size) / step + 1;
  shape.push_back(size);
  Node windows = emit("unfold", {x}, window, shape, x.type);
  add(windows);
  if (size == 0 || (step < size && isBool(x)) || chance(2))
    return;
  if (chance(2) && !isBool(x)) {
    windows = emit("add", {windows, windows}, "", shape, x.type);
    ++windows.high;
  }
  Node back = emit("unfold_backward", {windows},
                   "input_shape = " + sizesText(x.shape) + ", " + window,
                   x.shape, x.type);
  back.high += 2;
  add(back);
}

/// Often also of a part of `x`, along the same dimensions.
void RandomGraph::addReduction(const Node &x) {
  Ints dims;
  for (size_t dim = 0; dim < x.shape.size(); ++dim)
    if (chance(2))
      dims.push_back(dim);
  bool keepdim = pick(2);
  add(reduce(x, dims, keepdim));
  if (!chance(3))
    return;
  Shape starts;
  Ints steps;
  add(reduce(slice(x, starts, steps), dims, keepdim));
}

Node RandomGraph::reduce(const Node &x, const Ints &dims, bool keepdim) {
  Shape shape;
  SymInt count = 1;
  for (size_t dim = 0; dim < x.shape.size(); ++dim)
    if (!std::count(dims.begin(), dims.end(), dim)) {
      shape.push_back(x.shape[dim]);
    } else {
      count *= x.shape[dim];
      if (keepdim)
        shape.push_back(1);
    }
  std::string attributes =
      "dims = " + listText(dims) + ", keepdim = " + boolText(keepdim);
  if (isBool(x))
    return emit(chance(2) ? "any" : "all", {x}, attributes, shape, x.type);
  if (count.min() > 0 && chance(2))
    return emit(chance(2) ? "amax" : "amin", {x}, attributes, shape, x.type);
  if (count.min() > 0 && isFloat(x.type) && !isHalf(x) && chance(3)) {
    Node result = inexact(
        emit(chance(2) ? "mean" : "logsumexp", {x}, attributes, shape, x.type));
    result.high = std::max(x.high, 3) + 1;
    return result;
  }
  Node sum = emit("sum", {x}, attributes, shape, x.type);
  for (int64_t most = count.max(); most > 1; most = (most + 1) / 2)
    ++sum.high;
  return sum;
}

void RandomGraph::addArgmax(const Node &x) {
  if (x.shape.empty() || isBool(x) || x.type == "ui8")
    return;
  size_t dim = pick(x.shape.size());
  if (x.shape[dim].min() == 0)
    return;
  Shape shape = x.shape;
  shape.erase(shape.begin() + dim);
  Node result = emit("argmax", {exactly(x)}, dimText(dim) + ", keepdim = false",
                     shape, "i64");
  result.high = 5, result.low = 0;
  if (!chance(3) || x.shape[dim].is_symbolic())
    return add(result);
  shape.push_back(x.shape[dim]);
  result = emit("one_hot", {result},
                "num_classes = " + x.shape[dim].str() +
                    " : i64, dtype = " + mainType,
                shape, mainType);
  result.high = 1;
  add(result);
}

void RandomGraph::addRows(const Node &x) {
  if (x.shape.empty())
    return;
  bool isLog = chance(3);
  size_t dim = chance(3) ? pick(x.shape.size()) : x.shape.size() - 1;
  if (x.shape[dim].is_symbolic() && x.shape[dim].min() == 0)
    return;
  Node result = inexact(emit(isLog ? "log_softmax" : "softmax", {x},
                             dimText(dim), x.shape, x.type));
  result.high = std::max(x.high, 2) + 2;
  add(result);
}

void RandomGraph::addLoss(const Node &x) {
  static const char *reductions[] = {"\"none\"", "\"mean\"", "\"sum\""};
  size_t kind = sizeOf(x.shape).min() <= 0 ? 2 * pick(2) : pick(3);
  std::string reduction = std::string("reduction = ") + reductions[kind];
  if (x.shape.size() != 2 || !known_at_most(3, x.shape[1]) || chance(3)) {
    Node result = inexact(emit("mse_loss", {x, ofShape(x.shape, x.type)},
                               reduction, kind ? Shape{} : x.shape, x.type));
    result.high = 2 * x.high + 6;
    return add(result);
  }
  Node labels = argument({x.shape[0]}, "i64");
  Node result = inexact(
      emit("cross_entropy", {x, labels},
           reduction + ", ignore_index = " + (chance(2) ? "1" : "-100") +
               " : i64, label_smoothing = " + (chance(2) ? "0.25" : "0.0") +
               " : f64",
           kind ? Shape{} : Shape{x.shape[0]}, x.type));
  result.high = x.high + 6;
  add(result);
}

//===----------------------------------------------------------------------===//
// Products and windows
//===----------------------------------------------------------------------===//

void RandomGraph::addMatmul(const Node &x) {
  size_t rank = x.shape.size();
  if (rank < 2)
    return;
  Shape other = x.shape;
  if (chance(2)) {
    Node y = ofShape(x.shape, x.type);
    Ints dims(rank);
    std::iota(dims.begin(), dims.end(), 0);
    std::swap(dims[rank - 1], dims[rank - 2]);
    std::swap(other[rank - 1], other[rank - 2]);
    Node turned =
        emit("permute", {y}, "dims = " + listText(dims), other, x.type);
    Shape shape = x.shape;
    shape.back() = other.back();
    Node product = inexact(emit("matmul", {x, turned}, "", shape, x.type));
    product.high = x.high + y.high + 3;
    return add(product);
  }
  other[rank - 2] = x.shape.back();
  other[rank - 1] = 1 + pick(5);
  Shape shape = x.shape;
  shape.back() = other.back();
  Node y = ofShape(other, x.type);
  Node product = inexact(emit("matmul", {x, y}, "", shape, x.type));
  product.high = x.high + y.high + 3;
  add(product);
}

/// An image: `x`, where it is one that windows fit in, or another.
static bool isImage(const Node &x) {
  return x.shape.size() == 4 && known_at_most(3, x.shape[2]) &&
         known_at_most(3, x.shape[3]);
}

void RandomGraph::addConvolution(const Node &given) {
  Node x = isImage(given) ? given : ofShape(image(), given.type);
  SymInt channels = x.shape[1];
  bool isEven = divided_exactly(channels, 2) && !channels.is(0);
  int64_t groups = isEven && chance(3) ? 2 : 1;
  Shape weight = {groups * int64_t(1 + pick(2)), channels / groups,
                  int64_t(1 + pick(3)), int64_t(1 + pick(3))};
  Ints stride = {int64_t(1 + pick(2)), int64_t(1 + pick(2))};
  Ints padding = {int64_t(pick(2)), int64_t(pick(2))};
  Ints dilation = {chance(4) && weight[2] < 3 ? 2 : 1, 1};
  Shape shape = {x.shape[0], weight[0]};
  for (size_t i = 0; i < 2; ++i)
    shape.push_back((x.shape[2 + i] + 2 * padding[i] -
                     dilation[i] * (weight[2 + i] - 1) - 1) /
                        stride[i] +
                    1);
  Node w = ofShape(weight, x.type);
  Node result = inexact(
      emit("convolution", {x, w},
           "stride = " + listText(stride) + ", padding = " + listText(padding) +
               ", dilation = " + listText(dilation) +
               ", groups = " + std::to_string(groups) + " : i64",
           shape, x.type));
  result.high = x.high + w.high + 4;
  add(result);
}

void RandomGraph::addPool(const Node &given) {
  bool isMax = chance(2);
  Node x = isImage(given) ? given : ofShape(image(), given.type);
  if (isMax)
    x = exactly(x);
  Ints kernel = {int64_t(1 + pick(3)), int64_t(1 + pick(3))};
  Ints stride = {int64_t(1 + pick(3)), int64_t(1 + pick(3))};
  Ints padding;
  Shape shape = {x.shape[0], x.shape[1]};
  bool ceil = chance(3);
  for (size_t i = 0; i < 2; ++i) {
    padding.push_back(pick(kernel[i] / 2 + 1));
    SymInt room = x.shape[2 + i] + 2 * padding[i] - kernel[i];
    SymInt count = (ceil ? (room + stride[i] - 1) : room) / stride[i] + 1;
    // A window starts in the image or the padding before it.
    if (ceil)
      count = min(count, (x.shape[2 + i] + padding[i] - 1) / stride[i] + 1);
    shape.push_back(count);
  }
  std::string attributes =
      "kernel_size = " + listText(kernel) + ", stride = " + listText(stride) +
      ", padding = " + listText(padding) + ", ceil_mode = " + boolText(ceil);
  if (isMax)
    return add(emit("max_pool", {x},
                    attributes + ", dilation = array<i64: 1, 1>", shape,
                    x.type));
  add(inexact(emit("avg_pool", {x},
                   attributes + ", count_include_pad = " + boolText(pick(2)),
                   shape, x.type)));
}

} // namespace tensorc::test
