//===- Pools.cpp - Pools without edges, and their gradients ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/legalize/Images.h"

#include <limits>

using namespace mlir;

namespace tensorc::compiler::legalize {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The windows of a pooling op over an image of `size`, in one dimension.
struct Windows {
  int64_t size, count, kernel, stride, padding, dilation;

  int64_t reach() const { return (kernel - 1) * dilation; }
  /// Padding that the windows need after the image.
  int64_t high() const {
    return std::max<int64_t>(0, (count - 1) * stride + reach() + 1 -
                                    (size + padding));
  }
  bool overlap() const {
    return stride < reach() + 1 || (dilation != 1 && kernel != 1);
  }
  bool inside(int64_t window, int64_t offset) const {
    int64_t at = window * stride + offset * dilation - padding;
    return at >= 0 && at < size;
  }
};

/// In both dimensions.
struct Windows2d : std::array<Windows, 2> {
  template <typename Op>
  Windows2d(Op op, ArrayRef<int64_t> image, ArrayRef<int64_t> pooled,
            Pair dilation = {1, 1}) {
    for (size_t i = 0; i < 2; ++i)
      (*this)[i] = {image[image.size() - 2 + i], pooled[pooled.size() - 2 + i],
                    op.getKernelSize()[i],       op.getStride()[i],
                    op.getPadding()[i],          dilation[i]};
  }

  Pair size() const { return of(&Windows::size); }
  Pair count() const { return of(&Windows::count); }
  Pair kernel() const { return of(&Windows::kernel); }
  Pair stride() const { return of(&Windows::stride); }
  Pair padding() const { return of(&Windows::padding); }
  Pair dilation() const { return of(&Windows::dilation); }
  Pair high() const { return {front().high(), back().high()}; }
  int64_t area() const { return front().kernel * back().kernel; }
  bool overlap() const { return front().overlap() || back().overlap(); }
  bool padded() const { return padding() != Pair{} || high() != Pair{}; }

private:
  Pair of(int64_t Windows::*member) const {
    return {front().*member, back().*member};
  }
};

/// What a window's mean over its whole area has to be multiplied with: area /
/// number of elements that count. Null where all do.
template <typename Op>
Value averageFactors(Op op, ImageBuilder &image, const Windows2d &w,
                     Value like) {
  auto count = [&](const Windows &d, int64_t window) {
    int64_t begin = window * d.stride - d.padding;
    int64_t end = std::min(begin + d.kernel, d.size + d.padding);
    return op.getCountIncludePad()
               ? end - begin
               : std::min(end, d.size) - std::max<int64_t>(begin, 0);
  };
  Type element = getElementTypeOrSelf(like);
  SmallVector<Attribute> factors;
  bool whole = true;
  for (int64_t y = 0; y < w[0].count; ++y)
    for (int64_t x = 0; x < w[1].count; ++x) {
      int64_t counted = count(w[0], y) * count(w[1], x);
      whole &= counted == w.area();
      factors.push_back(image.b.getFloatAttr(
          element, static_cast<double>(w.area()) / counted));
    }
  if (whole)
    return {};
  return image.constant(w.count(), element, factors, shapeOf(like));
}

/// Pads the image of a pool, and takes the padding off the op.
template <typename Op>
LogicalResult padImage(Op op, const Windows2d &w, ImageBuilder &image,
                       double edge) {
  if (failed(requireStatic(op, shapeOf(op.getSelf()), "padding")))
    return failure();
  op.getSelfMutable().assign(
      image.pad(op.getSelf(), w.padding(), w.high(), {}, edge));
  op.setPadding({0, 0});
  op.setCeilMode(false);
  return success();
}

template <typename Op> bool hasEdges(Op op) {
  return toPair(op.getPadding()) != Pair{} || op.getCeilMode();
}

/// Σ over the windows' places of term(place, start of a slice): the gradient at
/// an image's point from all windows that it is in, of values that were
/// `spread`.
Value sumOverPlaces(ImageBuilder &image, const Windows2d &w,
                    function_ref<Value(int64_t place, Pair start)> term) {
  Value sum;
  for (int64_t y = 0; y < w[0].kernel; ++y)
    for (int64_t x = 0; x < w[1].kernel; ++x) {
      Pair start = {w[0].padding + w[0].reach() - y * w[0].dilation,
                    w[1].padding + w[1].reach() - x * w[1].dilation};
      Value next = term(y * w[1].kernel + x, start);
      sum = sum ? image.create<graph::AddOp>(sum, next) : next;
    }
  return sum;
}

/// Each window's value at its window's start, with room for all slices.
Value spread(ImageBuilder &image, const Windows2d &w, Value value,
             double edge) {
  Pair low, high, interior;
  for (size_t i = 0; i < 2; ++i) {
    low[i] = w[i].reach();
    high[i] = w[i].size + w[i].padding - (w[i].count - 1) * w[i].stride - 1;
    interior[i] = w[i].stride - 1;
  }
  return image.pad(value, low, high, interior, edge);
}

/// For each window, the place of the first maximum in it.
Value firstMaxima(ImageBuilder &image, const Windows2d &w, Value padded,
                  Type type) {
  OpBuilder &b = image.b;
  Value maximum = image.create<graph::MaxPool2dOp>(
      type, padded, w.kernel(), w.stride(), Pair{}, w.dilation(), false);
  Ints pooled(shapeOf(maximum));
  Value first = image.full(b.getI32Type(), pooled, w.area());
  for (int64_t place = w.area() - 1; place >= 0; --place) {
    int64_t y = place / w[1].kernel, x = place % w[1].kernel;
    Value element = image.slice(padded, {y * w[0].dilation, x * w[1].dilation},
                                w.count(), w.stride());
    Value nan = image.create<graph::IsnanOp>(element);
    Value hit = image.create<graph::EqOp>(element, maximum);
    hit = image.create<graph::LogicalOrOp>(hit, nan);
    // Padding is never the maximum, not even of a window of −∞.
    SmallVector<Attribute> inside;
    for (int64_t row = 0; row < w[0].count; ++row)
      for (int64_t column = 0; column < w[1].count; ++column)
        inside.push_back(
            b.getBoolAttr(w[0].inside(row, y) && w[1].inside(column, x)));
    if (llvm::is_contained(inside, b.getBoolAttr(false)))
      hit = image.create<graph::LogicalAndOp>(
          hit, image.constant(w.count(), b.getI1Type(), inside, pooled));
    first = image.create<graph::WhereOp>(
        hit, image.full(b.getI32Type(), pooled, place), first);
  }
  return first;
}

} // namespace

LogicalResult legalizeOp(graph::MaxPool2dOp op) {
  if (!hasEdges(op))
    return success();
  Windows2d w(op, shapeOf(op.getSelf()), shapeOf(op.getResult()),
              toPair(op.getDilation()));
  ImageBuilder image(op);
  return padImage(op, w, image, -kInfinity);
}

LogicalResult legalizeOp(graph::AvgPool2dOp op) {
  if (!hasEdges(op))
    return success();
  Windows2d w(op, shapeOf(op.getSelf()), shapeOf(op.getResult()));
  ImageBuilder image(op);
  if (failed(padImage(op, w, image, 0)))
    return failure();
  image.b.setInsertionPointAfter(op);
  Value result = op.getResult();
  if (Value factors = averageFactors(op, image, w, result)) {
    Value scaled = image.create<graph::MulOp>(result, factors);
    result.replaceAllUsesExcept(scaled, scaled.getDefiningOp());
  }
  return success();
}

LogicalResult legalizeOp(graph::AvgPool2dBackwardOp op) {
  Value grad = op.getGradOutput(), result = op.getResult();
  if (failed(requireStatic(op, shapeOf(result), "its gradient")) ||
      failed(requireStatic(op, shapeOf(grad), "its gradient")))
    return failure();
  Windows2d w(op, shapeOf(result), shapeOf(grad));
  ImageBuilder image(op);
  Value share = image.create<graph::DivOp>(
      grad, image.full(getElementTypeOrSelf(grad), shapeOf(grad), w.area()));
  if (Value factors = averageFactors(op, image, w, grad))
    share = image.create<graph::MulOp>(share, factors);
  Value padded = spread(image, w, share, 0);
  op->replaceAllUsesWith(
      ValueRange{sumOverPlaces(image, w, [&](int64_t, Pair start) {
        return image.slice(padded, start, w.size(), {1, 1});
      })});
  op->erase();
  return success();
}

/// Where windows overlap or reach over the edge: first the place of each
/// window's maximum, then for each point the gradients of the windows whose
/// maximum it is.
LogicalResult legalizeOp(graph::MaxPool2dBackwardOp op) {
  Value grad = op.getGradOutput(), input = op.getSelf();
  Windows2d w(op, shapeOf(input), shapeOf(grad), toPair(op.getDilation()));
  if (!hasEdges(op) && !w.overlap())
    return success();
  if (failed(requireStatic(op, shapeOf(input), "its gradient")) ||
      failed(requireStatic(op, shapeOf(grad), "its gradient")))
    return failure();
  if (!w.padded() && !w.overlap()) { // ceil mode that rounded nothing
    op.setCeilMode(false);
    return success();
  }
  ImageBuilder image(op);
  Value padded = image.pad(input, w.padding(), w.high(), {}, -kInfinity);
  Value first = firstMaxima(image, w, padded, grad.getType());
  Value grads = spread(image, w, grad, 0);
  Value places = spread(image, w, first, -1);
  Value zero = image.full(getElementTypeOrSelf(grad), shapeOf(input), 0);
  op->replaceAllUsesWith(
      ValueRange{sumOverPlaces(image, w, [&](int64_t place, Pair start) {
        Value first = image.slice(places, start, w.size(), {1, 1});
        Value chosen = image.create<graph::EqOp>(
            first, image.full(image.b.getI32Type(), shapeOf(input), place));
        return image.create<graph::WhereOp>(
            chosen, image.slice(grads, start, w.size(), {1, 1}), zero);
      })});
  op->erase();
  return success();
}

} // namespace tensorc::compiler::legalize
