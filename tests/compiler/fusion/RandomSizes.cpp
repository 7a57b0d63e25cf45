//===- RandomSizes.cpp - Symbols in random graphs -------------------------===//
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

void RandomGraph::declareSymbols() {
  static const std::vector<Symbol> all = {
      {"B", 1, 6, 4, 1},  {"B", 1, 6, 4, 1}, {"S", 2, 8, 5, 1},
      {"S", 2, 8, 5, 1},  {"E", 0, 3, 2, 1}, {"H", 2, 8, 2, 2},
      {"T", 4, 12, 8, 4},
  };
  declared.push_back(all[pick(all.size())]);
  Symbol second = all[pick(all.size())];
  if (second != declared[0] && !chance(3))
    declared.push_back(second);
}

SymInt RandomGraph::symbol() {
  return size_of(declared[pick(declared.size())]);
}

/// A symbol, something made of one, or a number.
SymInt RandomGraph::size() {
  SymInt size = symbol();
  switch (pick(6)) {
  case 0:
    return size + 1;
  case 1:
    return 2 * size;
  case 2:
    return SymInt(1 + pick(4));
  default:
    return size;
  }
}

std::vector<Shape> RandomGraph::symbolicShapes() {
  if (!isSymbolic)
    return {};
  SymInt p = size_of(declared.front()), q = size_of(declared.back());
  if (declared.size() == 1 && chance(2))
    q = 4;
  return {{p, 6},    {p, 6},    {p, q},     {p, q},          {p},
          {p, 3, 4}, {2, p, 4}, {p, 1},     {q, 6},          {6, q},
          {1, p},    {p, q, 2}, {2 * p, 3}, {p + 1, 4},      {p * q},
          {q},       {p, 8},    image(),    {size(), size()}};
}

/// What windows of 3 fit in.
Shape RandomGraph::image() {
  if (!isSymbolic)
    return {1, 2, 4, 4};
  SymInt batch = chance(2) ? symbol() : SymInt(1 + pick(2));
  SymInt channels = chance(6) ? symbol() : SymInt(1 + pick(2));
  SymInt height = chance(2) ? symbol() + 2 : SymInt(3 + pick(3));
  SymInt width = chance(2) ? symbol() + 1 + pick(2) : SymInt(3 + pick(3));
  if (width.min() < 3)
    width += 3;
  if (height.min() < 3)
    height += 1;
  if ((batch * channels * height * width).max() > 1200)
    batch = channels = 1;
  return {batch, channels, height, width};
}

/// A part that is known to be one. Fusion takes beginnings that are numbers.
std::pair<SymInt, SymInt> RandomGraph::symbolicRange(SymInt size) {
  std::vector<SymInt> starts = {0, 0, 0, 1, 1, 2};
  if (chance(12))
    starts = {size - 1, symbol(), symbol() - 1};
  std::erase_if(starts, [&](SymInt start) {
    return !known_at_most(0, start) || !known_at_most(start, size);
  });
  if (starts.empty())
    starts = {0};
  SymInt start = starts[pick(starts.size())];
  std::vector<SymInt> ends = {size,      size,      size - 1, size - 2,
                              start + 1, start + 2, size / 2, min(size, 4),
                              symbol(),  3};
  std::erase_if(ends, [&](SymInt end) {
    return !known_at_most(start, end) || !known_at_most(end, size);
  });
  return {start, ends[pick(ends.size())]};
}

/// Merges neighbours, splits one, or takes a shape that is known.
void RandomGraph::addSymbolicReshape(const Node &x) {
  std::vector<Shape> shapes = {{sizeOf(x.shape)}};
  for (const Node &other : values)
    if (sizeOf(other.shape).is(sizeOf(x.shape)) && !other.shape.is(x.shape))
      shapes.push_back(other.shape);
  for (size_t dim = 0; dim < x.shape.size(); ++dim) {
    Shape with = x.shape;
    with.insert(with.begin() + dim, 1);
    shapes.push_back(with);
    if (x.shape[dim].is(1) || dim > 0) {
      with = x.shape;
      with.erase(with.begin() + dim);
      if (!x.shape[dim].is(1))
        with[dim - 1] *= x.shape[dim];
      shapes.insert(shapes.end(), 2, with);
    }
    for (SymInt divisor : {SymInt(2), SymInt(3), SymInt(4), symbol()}) {
      std::optional<SymInt> quotient =
          divisor.min() > 0 ? divided_exactly(x.shape[dim], divisor)
                            : std::nullopt;
      if (!quotient)
        continue;
      with = x.shape;
      with[dim] = *quotient;
      with.insert(with.begin() + dim + pick(2), divisor);
      shapes.insert(shapes.end(), 2, with);
    }
  }
  Shape shape = shapes[pick(shapes.size())];
  // `B*B - B` isn't known to be none below 0.
  if (shape.size() > 5 || std::ranges::any_of(shape, [](SymInt size) {
        return !known_at_most(0, size);
      }))
    return;
  add(emit("reshape", {x}, "shape = " + sizesText(shape), shape, x.type));
}

/// Numbers, then a symbol.
void RandomGraph::addSymbolicCat(const Node &x) {
  size_t dim = pick(x.shape.size());
  Shape other = x.shape;
  std::vector<Node> parts;
  if (x.shape[dim].is_symbolic()) {
    other[dim] = pick(4);
    parts = {ofShape(other, x.type), x};
  } else {
    other[dim] = size();
    parts = {x, ofShape(other, x.type)};
  }
  Shape shape = x.shape;
  shape[dim] = parts[0].shape[dim] + parts[1].shape[dim];
  add(emit("cat", parts, "dim = " + std::to_string(dim) + " : i64", shape,
           x.type));
}

double toleranceOf(std::string_view graph) {
  auto has = [&](std::string_view type) {
    return graph.find(type) != graph.npos;
  };
  if (has("bf16"))
    return 0x1p-7;
  if (has("f16"))
    return 0x1p-10;
  return has("f32") ? 4e-6 : 1e-11;
}

std::vector<std::map<std::string, int64_t, std::less<>>>
sizesToTry(const std::vector<Symbol> &symbols, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::map<std::string, int64_t, std::less<>>> sizes(4);
  for (const Symbol &symbol : symbols) {
    int64_t least = symbol.min / symbol.divisor;
    int64_t greatest = symbol.max / symbol.divisor;
    std::uniform_int_distribution<int64_t> other(least, greatest);
    int64_t chosen[] = {least, greatest, other(random), other(random)};
    for (size_t i = 0; i < sizes.size(); ++i)
      sizes[i][symbol.name] = chosen[i] * symbol.divisor;
  }
  return sizes;
}

} // namespace tensorc::test
