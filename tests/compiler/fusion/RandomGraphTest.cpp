//===- RandomGraphTest.cpp - Random graphs keep their meaning -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/fusion/ProgramRunner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <random>
#include <sstream>

using namespace tensorc::test;

namespace {

using Shape = std::vector<int64_t>;

/// Writes a random function of movements, elementwise ops, reductions, products
/// and windows, with state that it replaces.
class Generator {
public:
  explicit Generator(unsigned seed) : random(seed) {}

  std::string run() {
    static const std::vector<Shape> shapes = {
        {4, 6}, {4, 6}, {6}, {2, 3, 4}, {1, 2, 4, 4}, {}, {4, 1}, {24}};
    size_t arguments = 2 + pick(3);
    std::ostringstream head;
    for (size_t i = 0; i < arguments; ++i) {
      Shape shape = shapes[pick(shapes.size())];
      bool state = pick(2) == 0;
      values.push_back({"%a" + std::to_string(i), shape});
      head << (i ? ", " : "") << values.back().name << ": " << type(shape);
      if (state) {
        head << " {graph.state = \"s" << i << "\", graph.role = \"buffer\"}";
        states.push_back(i);
      }
    }
    size_t ops = 4 + pick(12);
    for (size_t i = 0; i < ops; ++i)
      addOp();
    std::ostringstream results, types, signature;
    size_t count = 0;
    auto result = [&](const Node &node, const std::string &attribute) {
      results << (count ? ", " : "") << node.name;
      types << (count ? ", " : "") << type(node.shape);
      signature << (count++ ? ", " : "") << type(node.shape) << attribute;
    };
    for (size_t state : states) {
      // The newest value of the state's shape.
      size_t from = values.size() - 1;
      while (values[from].shape != values[state].shape)
        --from;
      if (pick(4) == 0)
        from = 0; // often another argument, or state
      if (values[from].shape != values[state].shape)
        from = state;
      result(values[from],
             " {graph.state = \"s" + std::to_string(state) + "\"}");
    }
    result(values.back(), "");
    for (size_t more = pick(3); more > 0; --more)
      result(values[pick(values.size())], "");
    return "func.func @f(" + head.str() + ") -> (" + signature.str() + ") {\n" +
           body.str() + "  return " + results.str() + " : " + types.str() +
           "\n}";
  }

private:
  struct Node {
    std::string name;
    Shape shape;
  };

  size_t pick(size_t count) {
    return std::uniform_int_distribution<size_t>(0, count - 1)(random);
  }

  static std::string type(const Shape &shape,
                          const std::string &element = "f64") {
    std::ostringstream out;
    out << "tensor<";
    for (int64_t size : shape)
      out << size << "x";
    out << element << ">";
    return out.str();
  }
  static std::string list(const Shape &values) {
    std::ostringstream out;
    for (size_t i = 0; i < values.size(); ++i)
      out << (i ? ", " : ": ") << values[i];
    return "array<i64" + out.str() + ">";
  }
  static int64_t count(const Shape &shape) {
    return std::accumulate(shape.begin(), shape.end(), int64_t(1),
                           std::multiplies<>());
  }

  Node emit(const std::string &op, const std::vector<Node> &operands,
            const std::string &attributes, Shape shape,
            const std::string &element = "f64",
            const std::string &operandTypes = "") {
    std::string name = "%" + std::to_string(next++);
    body << "  " << name << " = graph." << op;
    std::ostringstream types;
    for (size_t i = 0; i < operands.size(); ++i) {
      body << (i ? ", " : " ") << operands[i].name;
      types << (i ? ", " : "") << type(operands[i].shape);
    }
    if (!attributes.empty())
      body << " {" << attributes << "}";
    body << " : (" << (operandTypes.empty() ? types.str() : operandTypes)
         << ") -> " << type(shape, element) << "\n";
    return {name, std::move(shape)};
  }
  void add(Node node) {
    if (count(node.shape) <= 200)
      values.push_back(std::move(node));
  }

  /// A value of `shape`: a known one, or one broadcast from `other`.
  Node ofShape(const Shape &shape) {
    std::vector<Node> fitting;
    for (const Node &node : values) {
      bool fits = node.shape.size() <= shape.size();
      for (size_t i = 0; fits && i < node.shape.size(); ++i) {
        int64_t size = node.shape[node.shape.size() - 1 - i];
        fits = size == 1 || size == shape[shape.size() - 1 - i];
      }
      if (fits)
        fitting.push_back(node);
    }
    Node node = fitting[pick(fitting.size())];
    if (node.shape == shape)
      return node;
    return emit("broadcast_to", {node}, "shape = " + list(shape), shape);
  }

  void addOp() {
    // Newer values more often, so that chains grow.
    Node x = values[std::max(pick(values.size()), pick(values.size()))];
    size_t rank = x.shape.size();
    switch (pick(13)) {
    case 0:
      return add(emit(pick(2) ? "relu" : "neg", {x}, "", x.shape));
    case 1:
    case 2:
    case 3: {
      static const char *names[] = {"add", "sub", "mul"};
      return add(emit(names[pick(3)], {x, ofShape(x.shape)}, "", x.shape));
    }
    case 4: {
      Node y = ofShape(x.shape), z = ofShape(x.shape);
      std::string types = type(x.shape);
      Node mask = emit("gt", {x, y}, "", x.shape, "i1");
      return add(emit("where", {mask, y, z}, "", x.shape, "f64",
                      type(x.shape, "i1") + ", " + types + ", " + types));
    }
    case 5: {
      Shape dims(rank), shape;
      std::iota(dims.begin(), dims.end(), 0);
      std::shuffle(dims.begin(), dims.end(), random);
      for (int64_t dim : dims)
        shape.push_back(x.shape[dim]);
      return add(emit("permute", {x}, "dims = " + list(dims), shape));
    }
    case 6: {
      static const std::vector<Shape> shapes = {
          {24}, {4, 6}, {6, 4}, {2, 12}, {2, 3, 4}, {1, 24}, {3, 8, 1}};
      const Shape &shape = shapes[pick(shapes.size())];
      if (count(shape) != count(x.shape))
        return;
      return add(emit("reshape", {x}, "shape = " + list(shape), shape));
    }
    case 7: {
      Shape starts, ends, steps, shape;
      for (int64_t size : x.shape) {
        starts.push_back(pick(size));
        steps.push_back(1 + pick(2));
        shape.push_back((size - starts.back() + steps.back() - 1) /
                        steps.back());
        ends.push_back(size);
      }
      return add(emit("slice", {x},
                      "starts = " + list(starts) + ", ends = " + list(ends) +
                          ", steps = " + list(steps),
                      shape));
    }
    case 8: {
      if (rank == 0)
        return;
      return add(
          emit("flip", {x}, "dims = " + list({int64_t(pick(rank))}), x.shape));
    }
    case 9:
    case 10: {
      Shape dims, shape;
      bool keep = pick(2);
      for (size_t dim = 0; dim < rank; ++dim)
        if (pick(2)) {
          dims.push_back(dim);
          if (keep)
            shape.push_back(1);
        } else {
          shape.push_back(x.shape[dim]);
        }
      static const char *names[] = {"sum", "amax", "amin"};
      return add(emit(names[pick(3)], {x},
                      "dims = " + list(dims) +
                          ", keepdim = " + (keep ? "true" : "false"),
                      shape));
    }
    case 11: {
      if (rank != 2)
        return;
      Node y = emit("permute", {ofShape(x.shape)}, "dims = array<i64: 1, 0>",
                    {x.shape[1], x.shape[0]});
      return add(emit("matmul", {x, y}, "", {x.shape[0], x.shape[0]}));
    }
    default: {
      if (rank == 0)
        return;
      size_t dim = pick(rank);
      Shape shape = x.shape, zeros(rank, 0), low = zeros, high = zeros;
      if (pick(2)) {
        low[dim] = pick(3), high[dim] = int64_t(pick(3)) - 1;
        shape[dim] += low[dim] + high[dim];
        if (shape[dim] <= 0)
          return;
        return add(emit("pad", {x},
                        "low = " + list(low) + ", high = " + list(high) +
                            ", interior = " + list(zeros) +
                            ", value = 0.5 : f64",
                        shape));
      }
      shape[dim] *= 2;
      return add(emit("cat", {x, ofShape(x.shape)},
                      "dim = " + std::to_string(dim) + " : i64", shape));
    }
    }
  }

  std::mt19937 random;
  std::vector<Node> values;
  std::vector<size_t> states;
  std::ostringstream body;
  size_t next = 0;
};

} // namespace

// TENSORC_RANDOM_GRAPHS asks for more of them.
TEST(RandomGraph, KeepsItsMeaning) {
  const char *asked = std::getenv("TENSORC_RANDOM_GRAPHS");
  unsigned count = asked ? std::atoi(asked) : 400;
  for (unsigned seed = 0; seed < count; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    checkFusion(Generator(seed).run(), 0, {.tolerance = 1e-8, .seed = seed});
    if (testing::Test::HasFailure())
      return;
  }
}
