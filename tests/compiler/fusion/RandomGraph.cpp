//===- RandomGraph.cpp - Graph functions by chance ------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/fusion/RandomGraph.h"

#include "tests/compiler/fusion/RandomGraphText.h"

#include <algorithm>
#include <map>

namespace tensorc::test {

using Node = GraphNode;

/// Bits of a type's numbers: all of an integer's, the significand's of a float.
static int bitsOf(const std::string &type) {
  static const std::map<std::string, int> bits = {
      {"f64", 53}, {"f32", 24}, {"f16", 11}, {"bf16", 8}, {"i64", 53},
      {"i32", 31}, {"i16", 15}, {"i8", 7},   {"ui8", 8},  {"i1", 1}};
  return bits.at(type);
}

bool isExact(const Node &node) { return node.low != Node::kInexact; }

Node RandomGraph::argument(const Shape &shape, const std::string &type) {
  Node node{"%a" + std::to_string(arguments.size()), shape, type};
  if (!isFloat(type))
    node.high = 2, node.low = 0;
  arguments.push_back(node);
  return node;
}

/// The result's elements count as exact where the operands' are and the type
/// holds them.
Node RandomGraph::emit(const std::string &op, const std::vector<Node> &operands,
                       const std::string &attributes, Shape shape,
                       std::string type) {
  Node result{"%" + std::to_string(next++), std::move(shape), std::move(type)};
  body << "  " << result.name << " = graph." << op;
  std::string types;
  bool isFirst = true;
  for (const Node &operand : operands) {
    body << (isFirst ? " " : ", ") << operand.name;
    types += (isFirst ? "" : ", ") + typeText(operand.shape, operand.type);
    result.high = isFirst ? operand.high : std::max(result.high, operand.high);
    result.low = isFirst ? operand.low : std::min(result.low, operand.low);
    isFirst = false;
  }
  if (!attributes.empty())
    body << " {" << attributes << "}";
  body << " : (" << types << ") -> " << typeText(result.shape, result.type)
       << "\n";
  return result;
}

Node RandomGraph::inexact(Node node) const {
  node.low = Node::kInexact;
  return node;
}

Node RandomGraph::full(const Shape &shape, const std::string &type,
                       double value) {
  return emit("full", {},
              "value = " + std::to_string(value) +
                  " : f64, shape = " + sizesText(shape) + ", dtype = " + type,
              shape, type);
}

/// What isn't exact, or doesn't fit, is bounded on its way to an integer.
Node RandomGraph::to(const Node &node, const std::string &type) {
  if (node.type == type)
    return node;
  Node from = node;
  if (isFloat(node.type) && !isFloat(type)) {
    from = exactly(node);
    from = bounded(from, std::min(bitsOf(type), 16));
    if (type == "ui8")
      from = emit("relu", {from}, "", from.shape, from.type);
  }
  Node result = emit("to", {from}, "dtype = " + type, node.shape, type);
  if (type == "i1")
    result.high = 1;
  if (!isFloat(type))
    result.low = 0;
  if (node.type == "ui8" || node.type == "i1")
    result.high = std::max(result.high, node.type == "i1" ? 1 : 8);
  return result;
}

/// `node` with magnitudes up to 2^`high`.
Node RandomGraph::bounded(const Node &node, int high) {
  if (node.high <= high && isExact(node))
    return node;
  std::string limit = std::to_string((int64_t(1) << high) - 1);
  Node result =
      emit("clamp", {node},
           "min = -" + limit + ".0 : f64, max = " + limit + ".0 : f64",
           node.shape, node.type);
  result.high = high;
  return result;
}

/// `node`, or an exact value in its place.
Node RandomGraph::exactly(const Node &node) {
  return isExact(node) ? node : argument(node.shape, node.type);
}

/// A value of `shape`: a known one, one broadcast from a known one, or new.
Node RandomGraph::ofShape(const Shape &shape, const std::string &type) {
  std::vector<Node> fitting;
  for (const Node &node : values)
    if (node.type == type && broadcasts(node.shape, shape))
      fitting.push_back(node);
  if (fitting.empty())
    return chance(4) ? full(shape, type, 1) : argument(shape, type);
  Node node = fitting[pick(fitting.size())];
  if (node.shape.is(shape))
    return node;
  return emit("broadcast_to", {node}, "shape = " + sizesText(shape), shape,
              type);
}

/// Newer values more often, so that chains grow.
Node RandomGraph::recent() {
  return values[std::max(pick(values.size()), pick(values.size()))];
}

Node RandomGraph::recentFloat() {
  for (int tries = 0; tries < 4; ++tries) {
    Node node = recent();
    if (node.type == "f64" || node.type == "f32")
      return node;
  }
  return ofShape(recent().shape, isFloat(mainType) ? mainType : "f32");
}

void RandomGraph::add(Node node) {
  if (sizeOf(node.shape).max() > (isSymbolic ? 1200 : 300))
    return;
  // Numbers that outgrow their type are bounded, or known to be rounded.
  if (!isFloat(node.type) && node.type != "i1") {
    // Narrow numbers wrap; what a double doesn't hold can't be compared.
    if (node.high > bitsOf(node.type)) {
      if (node.type == "i64")
        node = bounded(node, 8);
      else
        node.high = bitsOf(node.type);
    }
  } else if (isExact(node) && node.high - node.low > bitsOf(node.type)) {
    node = inexact(node);
  }
  if (isFloat(node.type) && node.high > 12) {
    bool isKnown = isExact(node);
    node = bounded(node, 3);
    if (!isKnown)
      node = inexact(node);
  }
  values.push_back(std::move(node));
}

/// Gradients of a sum over a value, and those of their squares.
void RandomGraph::addGradients() {
  Node root = recentFloat();
  std::string element = root.type;
  for (size_t order = 1 + pick(2); order > 0; --order) {
    Ints dims(root.shape.size());
    for (size_t i = 0; i < dims.size(); ++i)
      dims[i] = int64_t(i);
    Node weighted = emit("mul", {root, ofShape(root.shape, element)}, "",
                         root.shape, element);
    Node total = inexact(emit("sum", {weighted},
                              "dims = " + listText(dims) + ", keepdim = false",
                              {}, element));
    std::vector<Node> leaves;
    for (const Node &node : arguments)
      if (isFloat(node.type) && leaves.size() < 3)
        leaves.push_back(node);
    if (leaves.empty())
      return;
    std::string name = "%" + std::to_string(next++);
    std::string operands, types;
    for (const Node &leaf : leaves) {
      operands += (operands.empty() ? "" : ", ") + leaf.name;
      types += (types.empty() ? "" : ", ") + typeText(leaf.shape, leaf.type);
    }
    body << "  " << name << ":" << leaves.size() << " = graph.gradients "
         << total.name << " wrt(" << operands << ") : " << typeText({}, element)
         << ", " << types << " -> " << types << "\n";
    for (size_t i = 0; i < leaves.size(); ++i) {
      Node gradient = inexact({name + "#" + std::to_string(i), leaves[i].shape,
                               leaves[i].type, 4, 0});
      values.push_back(gradient);
      if (gradient.type == element && (i == 0 || chance(2)))
        root = inexact(
            emit("mul", {gradient, gradient}, "", gradient.shape, element));
    }
    if (root.name == total.name)
      return;
  }
}

std::string RandomGraph::finish() {
  std::ostringstream results, types, signature;
  size_t count = 0;
  auto result = [&](const Node &node, const std::string &attribute) {
    results << (count ? ", " : "") << node.name;
    types << (count ? ", " : "") << typeText(node.shape, node.type);
    signature << (count++ ? ", " : "") << typeText(node.shape, node.type)
              << attribute;
  };
  for (size_t state : states) {
    const Node &old = arguments[state];
    auto fits = [&](const Node &node) {
      return node.shape.is(old.shape) && node.type == old.type;
    };
    // The newest value of the state's type, or often another argument.
    Node from = *std::find_if(values.rbegin(), values.rend(), fits);
    if (chance(4) && fits(values.front()))
      from = values.front();
    result(from, " {graph.state = \"s" + std::to_string(state) + "\"}");
  }
  result(values.back(), "");
  for (size_t more = pick(3); more > 0; --more)
    result(values[pick(values.size())], "");
  std::ostringstream head;
  for (size_t i = 0; i < arguments.size(); ++i) {
    head << (i ? ", " : "") << arguments[i].name << ": "
         << typeText(arguments[i].shape, arguments[i].type);
    if (std::count(states.begin(), states.end(), i))
      head << " {graph.state = \"s" << i << "\", graph.role = \"buffer\"}";
  }
  return "func.func @f(" + head.str() + ") -> (" + signature.str() + ") {\n" +
         body.str() + "  return " + results.str() + " : " + types.str() + "\n}";
}

std::string RandomGraph::run() {
  std::string function = program();
  if (!isSymbolic)
    return function;
  std::string list;
  for (const Symbol &symbol : declared)
    list += (list.empty() ? "#scalar.symbol<" : ", #scalar.symbol<") +
            symbol.name + " : " + std::to_string(symbol.min) + " to " +
            std::to_string(symbol.max) + ", hint " +
            std::to_string(symbol.hint) + ", divisor " +
            std::to_string(symbol.divisor) + ">";
  return "module attributes {scalar.symbols = [" + list + "]} {\n" + function +
         "\n}";
}

std::string RandomGraph::program() {
  static const std::vector<Shape> shapes = {
      {4, 6}, {4, 6}, {6},    {2, 3, 4}, {1, 2, 4, 4}, {},
      {4, 1}, {24},   {3, 8}, {3, 8},    {2, 2, 6, 6}, {5}};
  static const std::vector<Shape> empty = {{0, 6}, {4, 0}, {2, 0, 4}, {0}};
  static const std::vector<std::string> types = {
      "f64", "f64", "f64", "f64", "f32", "f32",  "f32", "i64",
      "i64", "i32", "i8",  "i16", "ui8", "bf16", "f16", "i1"};
  if (isSymbolic)
    declareSymbols();
  const std::vector<Shape> symbolic = symbolicShapes();
  mainType = types[pick(types.size())];
  bool withEmpty = chance(8);
  for (size_t i = 2 + pick(3); i > 0; --i) {
    const std::vector<Shape> &from = withEmpty && chance(2)     ? empty
                                     : isSymbolic && !chance(4) ? symbolic
                                                                : shapes;
    values.push_back(
        argument(from[pick(from.size())],
                 chance(5) ? types[pick(types.size())] : mainType));
    if (chance(2) && !sizeOf(arguments.back().shape).is_symbolic())
      states.push_back(arguments.size() - 1);
  }
  bool differentiates = (mainType == "f64" || mainType == "f32") && chance(2);
  for (size_t ops = 4 + pick(14); ops > 0; --ops)
    addOp();
  if (differentiates) {
    addGradients();
    for (size_t ops = pick(4); ops > 0; --ops)
      addOp();
  }
  return finish();
}

} // namespace tensorc::test
