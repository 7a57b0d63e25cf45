//===- OnePlace.cpp - Elements whose place a symbol says ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/legalize/OnePlace.h"
#include "dialects/graph/GraphDialect.h"

#include "tensorc/functions.h"

#include <cmath>

using namespace mlir;

namespace tensorc::compiler {

/// Whether index `place` of dimension `dim`, of `size`, is the one asked for:
/// true or false for each, along a shape of `rank` dimensions.
static Tensor isAt(SymInt place, SymInt size, std::size_t dim,
                   std::size_t rank) {
  Shape along(rank, SymInt(1));
  along[dim] = size;
  return (arange(size) == place).view(along);
}

static Tensor valueOf(double value, const Tensor &like) {
  return full({}, value, like.dtype());
}

/// The element of `x` along `dim` that is where `at` says. A sum would make
/// -0.0 to 0.0.
static Tensor onlyOneOf(const Tensor &x, const Tensor &at, std::size_t dim) {
  std::int64_t dims = std::int64_t(dim);
  if (is_floating_point(x.dtype()))
    return where(at, x, valueOf(-INFINITY, x)).amax({dims}, true);
  return where(at, x, valueOf(0, x)).sum({dims}, true).to(x.dtype());
}

static std::vector<Tensor> sliceRule(const DecomposeArgs &args) {
  Tensor x = args.operands[0];
  Shape starts = args.attributes.sizes("starts"),
        ends = args.attributes.sizes("ends");
  const auto &steps = args.attributes.get<std::vector<std::int64_t>>("steps");
  for (std::size_t dim = 0; dim < starts.size(); ++dim)
    if (!starts[dim].is_symbolic() &&
        !(starts[dim].is(0) && ends[dim].is(x.size(dim)) && steps[dim] == 1))
      x = x.slice(dim, starts[dim], ends[dim], steps[dim]);
  for (std::size_t dim = 0; dim < starts.size(); ++dim)
    if (starts[dim].is_symbolic())
      x = onlyOneOf(x, isAt(starts[dim], x.size(dim), dim, starts.size()), dim);
  return {x};
}

static std::vector<Tensor> padRule(const DecomposeArgs &args) {
  Tensor x = args.operands[0];
  Shape low = args.attributes.sizes("low"),
        high = args.attributes.sizes("high");
  Tensor around = valueOf(args.attributes.get<double>("value"), x);
  for (std::size_t dim = 0; dim < low.size(); ++dim)
    if (low[dim].is_symbolic())
      x = where(isAt(low[dim], low[dim] + 1 + high[dim], dim, low.size()), x,
                around);
  return {x};
}

DecomposeRule onePlaceRule(Operation *op) {
  // Where the index is a symbol, one place; elsewhere, what the rule does.
  auto isOnePlace = [](const Shape &places, ArrayRef<int64_t> sizes,
                       auto &&isElsewhereRight) {
    bool found = false;
    for (auto [dim, place] : llvm::enumerate(places)) {
      if (!place.is_symbolic() ? !isElsewhereRight(dim) : sizes[dim] != 1)
        return false;
      found |= place.is_symbolic();
    }
    return found;
  };
  if (auto slice = dyn_cast<graph::SliceOp>(op))
    return isOnePlace(slice.getStarts(),
                      scalar::rawSizesOf(slice.getResult().getType()),
                      [](std::size_t) { return true; })
               ? sliceRule
               : nullptr;
  auto pad = dyn_cast<graph::PadOp>(op);
  if (!pad || !std::isfinite(pad.getValue().convertToDouble()))
    return nullptr;
  Shape low = pad.getLow(), high = pad.getHigh();
  return isOnePlace(low, scalar::rawSizesOf(pad.getSelf().getType()),
                    [&](std::size_t dim) {
                      return low[dim].is(0) && high[dim].is(0) &&
                             pad.getInterior()[dim] == 0;
                    })
             ? padRule
             : nullptr;
}

} // namespace tensorc::compiler
