//===- RandomGraph.h - Graph functions by chance ---------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_COMPILER_FUSION_RANDOMGRAPH_H
#define TENSORC_TESTS_COMPILER_FUSION_RANDOMGRAPH_H

#include "tensorc/sym_expr.h"
#include "tensorc/tensor_type.h"

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace tensorc::test {

/// A value of a random graph. Its elements are multiples of 2^low below 2^high
/// in magnitude, as far as that is known: what isn't exact must not decide
/// between branches.
struct GraphNode {
  static constexpr int kInexact = -1000;

  std::string name;
  Shape shape;
  std::string type;
  int high = 1, low = -2;
};

/// Writes a random function `@f` of `graph` ops on all element types, with
/// slices and writes through slices, state that it replaces, and gradients of
/// first and second order. Equal seeds give equal functions.
class RandomGraph {
public:
  /// With `isSymbolic`, of sizes that are one or two symbols, and others made
  /// of them.
  explicit RandomGraph(unsigned seed, bool isSymbolic = false)
      : isSymbolic(isSymbolic), random(seed) {}

  std::string run();
  /// The symbols of the function.
  const std::vector<Symbol> &symbols() const { return declared; }

private:
  using Node = GraphNode;
  using Ints = std::vector<int64_t>;

  // RandomGraph.cpp
  size_t pick(size_t count) {
    return std::uniform_int_distribution<size_t>(0, count - 1)(random);
  }
  bool chance(size_t of) { return pick(of) == 0; }
  Node argument(const Shape &shape, const std::string &type);
  Node emit(const std::string &op, const std::vector<Node> &operands,
            const std::string &attributes, Shape shape, std::string type);
  Node inexact(Node node) const;
  Node full(const Shape &shape, const std::string &type, double value);
  Node to(const Node &node, const std::string &type);
  Node bounded(const Node &node, int high);
  Node exactly(const Node &node);
  Node ofShape(const Shape &shape, const std::string &type);
  Node recent();
  Node recentFloat();
  void add(Node node);
  void addGradients();
  std::string finish();
  std::string program();

  // RandomOtherOps.cpp
  void addOther(const Node &x);
  void addFunction(const Node &given);
  void addRounding(const Node &given);
  void addPair(const Node &given);
  void addExtreme(const Node &x);
  void addPlaces(const Node &given);
  void addProduct(const Node &given);
  void addEinsum(const Node &given);
  void addHistory(const Node &x);
  void addSizes(const Node &x);
  void addIndices(const Node &given);

  // RandomSizes.cpp
  void declareSymbols();
  std::vector<Shape> symbolicShapes();
  SymInt symbol();
  SymInt size();
  Shape image();
  std::pair<SymInt, SymInt> symbolicRange(SymInt size);
  void addSymbolicReshape(const Node &x);
  void addSymbolicCat(const Node &x);

  // RandomGraphOps.cpp
  void addOp();
  void addUnary(const Node &x);
  void addBinary(const Node &x);
  void addChoice(const Node &x);
  void addPermute(const Node &x);
  void addReshape(const Node &x);
  void addBroadcast(const Node &x);
  Node slice(const Node &x, Shape &starts, Ints &steps);
  void addSlice(const Node &x);
  void addWrite(const Node &x);
  void addFlip(const Node &x);
  void addUnfold(const Node &x);
  void addReduction(const Node &x);
  Node reduce(const Node &x, const Ints &dims, bool keepdim);
  void addArgmax(const Node &x);
  void addRows(const Node &x);
  void addLoss(const Node &x);
  void addMatmul(const Node &x);
  void addConvolution(const Node &x);
  void addPool(const Node &x);
  void addPad(const Node &x);
  void addCat(const Node &x);

  bool isSymbolic;
  std::mt19937 random;
  std::vector<Symbol> declared;
  std::string mainType;
  std::vector<Node> values;
  std::vector<Node> arguments;
  std::vector<size_t> states; ///< by number of the argument
  std::ostringstream body;
  size_t next = 0;
};

/// A few roundings of f32 or f64. Of the halves, which round after each op on
/// both sides, one: a number between two of them may go to either.
double toleranceOf(std::string_view graph);

/// The least, the greatest, and two by chance.
std::vector<std::map<std::string, int64_t, std::less<>>>
sizesToTry(const std::vector<Symbol> &symbols, unsigned seed);

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_FUSION_RANDOMGRAPH_H
