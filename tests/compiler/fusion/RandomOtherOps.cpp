//===- RandomOtherOps.cpp - More ops of random graphs ---------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Those that graphs of numbers alone, whose text is kept, don't have.
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/fusion/RandomGraph.h"

#include "tests/compiler/fusion/RandomGraphText.h"

namespace tensorc::test {

using Node = GraphNode;

static bool isWide(const Node &x) { return x.type == "f64" || x.type == "f32"; }

void RandomGraph::addOther(const Node &x) {
  using Add = void (RandomGraph::*)(const Node &);
  using G = RandomGraph;
  static const std::vector<Add> adds = {
      &G::addFunction, &G::addFunction, &G::addRounding, &G::addPair,
      &G::addExtreme,  &G::addPlaces,   &G::addProduct,  &G::addEinsum,
      &G::addHistory,  &G::addSizes,    &G::addIndices};
  (this->*adds[pick(adds.size())])(x);
}

/// Of one operand, in its domain.
void RandomGraph::addFunction(const Node &given) {
  Node x = isWide(given) ? given : recentFloat();
  static const std::vector<std::string> anywhere = {
      "cos",
      "erf",
      "square",
      "gelu {approximate = \"none\"}",
      "gelu {approximate = \"tanh\"}",
      "leaky_relu {negative_slope = 2.5e-1 : f64}"};
  static const std::vector<std::string> above = {"log1p", "log2"};
  static const std::vector<std::string> small = {"exp2", "expm1", "tan"};
  const auto &names = *std::vector{&anywhere, &above, &small}[pick(3)];
  Node operand = x;
  if (&names == &above)
    operand = emit(
        "add",
        {emit("square", {x}, "", x.shape, x.type), full(x.shape, x.type, 1)},
        "", x.shape, x.type);
  if (&names == &small)
    operand = emit("tanh", {x}, "", x.shape, x.type);
  std::string name = names[pick(names.size())], attributes;
  if (size_t brace = name.find(" {"); brace != name.npos) {
    attributes = name.substr(brace + 2, name.size() - brace - 3);
    name.resize(brace);
  }
  Node result = inexact(emit(name, {operand}, attributes, x.shape, x.type));
  result.high = 2 * std::max(x.high, 1) + 1;
  add(result);
}

/// What has steps needs operands that are the same on both sides.
void RandomGraph::addRounding(const Node &given) {
  Node x = exactly(isWide(given) ? given : recentFloat());
  static const char *names[] = {"floor", "ceil", "round", "trunc", "sign"};
  Node result = emit(names[pick(5)], {x}, "", x.shape, x.type);
  result.low = 0, ++result.high;
  add(result);
  if (!chance(3))
    return;
  Node mask = emit("isnan", {x}, "", x.shape, "i1");
  mask.high = 1, mask.low = 0;
  add(mask);
}

void RandomGraph::addPair(const Node &given) {
  Node x = isWide(given) ? given : recentFloat();
  Node y = ofShape(x.shape, x.type);
  switch (pick(4)) {
  case 0: {
    static const char *names[] = {"lt", "ge"};
    Node mask =
        emit(names[pick(2)], {exactly(x), exactly(y)}, "", x.shape, "i1");
    mask.high = 1, mask.low = 0;
    return add(mask);
  }
  case 1: {
    Node rest = emit("remainder", {exactly(x), full(x.shape, x.type, 3)}, "",
                     x.shape, x.type);
    rest.high = 2;
    return add(rest);
  }
  default: {
    Node base = emit("add",
                     {emit("square", {emit("tanh", {x}, "", x.shape, x.type)},
                           "", x.shape, x.type),
                      full(x.shape, x.type, 1)},
                     "", x.shape, x.type);
    Node power = emit("tanh", {y}, "", x.shape, x.type);
    Node result = inexact(
        emit(chance(2) ? "pow" : "atan2", {base, power}, "", x.shape, x.type));
    result.high = 2;
    return add(result);
  }
  }
}

/// Of all elements.
void RandomGraph::addExtreme(const Node &x) {
  if (x.type == "i1" || sizeOf(x.shape).min() <= 0)
    return;
  add(emit(chance(2) ? "max" : "min", {x}, "", {}, x.type));
}

void RandomGraph::addPlaces(const Node &given) {
  Node x = given.type == "i1" ? ofShape(given.shape, "f32") : exactly(given);
  if (x.shape.empty() || sizeOf(x.shape).min() <= 0)
    return;
  size_t dim = pick(x.shape.size());
  Shape shape = x.shape;
  shape.erase(shape.begin() + dim);
  std::string dims = "dims = " + listText({int64_t(dim)});
  Node result =
      emit("first_max", {x}, dims + ", keepdim = false", shape, "i32");
  result.high = 5, result.low = 0;
  add(result);
  if (!isWide(x))
    return;
  Node grad = ofShape(shape, x.type);
  Node spread = emit("first_max_backward", {grad, x}, dims, x.shape, x.type);
  spread.high = grad.high, spread.low = grad.low;
  add(spread);
}

void RandomGraph::addProduct(const Node &given) {
  Node x = isWide(given) ? given : recentFloat();
  Shape shape = x.shape;
  Ints dims;
  if (!shape.empty()) {
    dims = {int64_t(pick(shape.size()))};
    shape.erase(shape.begin() + dims[0]);
  }
  Node small = emit("tanh", {x}, "", x.shape, x.type);
  Node result = inexact(emit("prod", {small},
                             "dims = " + listText(dims) + ", keepdim = false",
                             shape, x.type));
  result.high = 1;
  add(result);
}

void RandomGraph::addEinsum(const Node &given) {
  Node x = isWide(given) ? given : recentFloat();
  if (x.shape.size() != 2 && x.shape.size() != 3)
    return;
  Node y = ofShape(x.shape, x.type);
  std::string equation = "bij,bkj->kib";
  Shape shape;
  if (x.shape.size() == 3)
    shape = {x.shape[1], x.shape[1], x.shape[0]};
  else if (chance(2))
    equation = "ij,ij->j", shape = {x.shape[1]};
  else
    equation = "ij,kj->ki", shape = {x.shape[0], x.shape[0]};
  Node result = inexact(
      emit("einsum", {x, y}, "equation = \"" + equation + "\"", shape, x.type));
  result.high = x.high + y.high + 4;
  add(result);
}

/// What decides where gradients go.
void RandomGraph::addHistory(const Node &x) {
  if (chance(2))
    return add(emit(chance(2) ? "clone" : "detach", {x}, "", x.shape, x.type));
  Node y = ofShape(x.shape, x.type);
  Node result =
      emit(chance(2) ? "copy" : "set_data", {x, y}, "", x.shape, x.type);
  result.high = y.high, result.low = y.low;
  add(result);
}

/// Sizes as numbers, and indices.
void RandomGraph::addSizes(const Node &x) {
  std::string type = mainType == "i1" ? "i64" : mainType;
  if (x.shape.empty() || chance(2)) {
    SymInt size = symbol();
    Node number =
        emit("size_value", {}, "size = " + sizesText({size}), {}, "i64");
    number.high = 4, number.low = 0;
    add(number);
    return add(to(number, type));
  }
  size_t dim = pick(x.shape.size());
  Node result = emit("iota", {},
                     "dim = " + std::to_string(dim) + " : i64, shape = " +
                         sizesText(x.shape) + ", dtype = " + type,
                     x.shape, type);
  result.high = 6, result.low = 0;
  add(result);
}

/// Classes of rows.
void RandomGraph::addIndices(const Node &given) {
  Node x = isWide(given) ? given : recentFloat();
  if (x.shape.size() != 2 || x.shape[1].is_symbolic() || x.shape[1] < 3)
    return;
  Node labels = argument({x.shape[0]}, "i64");
  if (chance(2))
    labels = emit("check_index", {labels},
                  "function = \"check_index\", ignore_index = -100 : i64, "
                  "size = 10 : i64",
                  labels.shape, "i64");
  static const char *reductions[] = {"\"none\"", "\"sum\"", "\"mean\""};
  size_t kind = pick(x.shape[0].min() == 0 ? 2 : 3);
  Node result = inexact(
      emit("nll_loss", {x, labels},
           std::string("reduction = ") + reductions[kind] +
               ", ignore_index = " + (chance(2) ? "1" : "-100") + " : i64",
           kind ? Shape{} : Shape{x.shape[0]}, x.type));
  result.high = x.high + 5;
  add(result);
}

} // namespace tensorc::test
