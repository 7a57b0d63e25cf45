//===- Prepare.cpp - Windows without edges --------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/Prepare.h"

#include "compiler/fusion/IndexMaps.h"
#include "dialects/graph/GraphDialect.h"

#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"

#include <limits>

using namespace mlir;

namespace tensorc::compiler::fusion {
namespace {

using Ints = SmallVector<int64_t>;
using Pair = std::array<int64_t, 2>; // for the last two dimensions

ArrayRef<int64_t> intsOf(Operation *op, StringRef name) {
  return op->getAttrOfType<DenseI64ArrayAttr>(name).asArrayRef();
}

int64_t intOf(Operation *op, StringRef name) {
  return op->getAttrOfType<IntegerAttr>(name).getInt();
}

Pair pairOf(Operation *op, StringRef name) {
  ArrayRef<int64_t> ints = intsOf(op, name);
  return {ints[0], ints[1]};
}

/// Builds `graph` ops on images: tensors whose last two dimensions are space.
class ImageBuilder {
public:
  explicit ImageBuilder(Operation *op) : b(op), loc(op->getLoc()) {}

  RankedTensorType typeOf(Value like, ArrayRef<int64_t> shape) {
    return RankedTensorType::get(shape, getElementTypeOrSelf(like));
  }

  Value pad(Value image, Pair low, Pair high, Pair interior, double value) {
    Ints shape(shapeOf(image));
    size_t rank = shape.size();
    Ints lows(rank, 0), highs(rank, 0), interiors(rank, 0);
    bool any = false;
    for (size_t i = 0; i < 2; ++i) {
      size_t dim = rank - 2 + i;
      lows[dim] = low[i], highs[dim] = high[i], interiors[dim] = interior[i];
      any |= low[i] != 0 || high[i] != 0 || interior[i] != 0;
      if (!ShapedType::isDynamic(shape[dim]))
        shape[dim] += low[i] + high[i] +
                      std::max<int64_t>(shape[dim] - 1, 0) * interior[i];
    }
    if (!any)
      return image;
    return graph::PadOp::create(b, loc, typeOf(image, shape), image, lows,
                                highs, interiors, llvm::APFloat(value));
  }

  Value slice(Value image, Pair start, Pair size, Pair step) {
    Ints shape(shapeOf(image));
    size_t rank = shape.size();
    Ints starts(rank, 0), ends = shape, steps(rank, 1);
    for (size_t i = 0; i < 2; ++i) {
      size_t dim = rank - 2 + i;
      starts[dim] = start[i], steps[dim] = step[i];
      ends[dim] = start[i] + (size[i] - 1) * step[i] + 1;
      shape[dim] = size[i];
    }
    return graph::SliceOp::create(b, loc, typeOf(image, shape), image, starts,
                                  ends, steps);
  }

  Value full(Type element, ArrayRef<int64_t> shape, double value) {
    return graph::FullOp::create(b, loc, RankedTensorType::get(shape, element),
                                 llvm::APFloat(value), shape, element);
  }
  Value broadcast(Value value, ArrayRef<int64_t> shape) {
    return graph::BroadcastToOp::create(b, loc, typeOf(value, shape), value,
                                        shape);
  }
  Value constant(RankedTensorType type, ArrayRef<Attribute> values) {
    return graph::ConstantOp::create(
        b, loc, type, cast<ElementsAttr>(DenseElementsAttr::get(type, values)));
  }
  template <typename Op, typename... Operands>
  Value same(Value like, Operands... operands) {
    return Op::create(b, loc, like.getType(), operands...);
  }
  Value compare(Value left, Value right) {
    return graph::EqOp::create(
        b, loc, RankedTensorType::get(shapeOf(left), b.getI1Type()), left,
        right);
  }

  OpBuilder b;
  Location loc;
};

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

using Windows2d = std::array<Windows, 2>;

Windows2d windowsOf(Operation *op, ArrayRef<int64_t> image,
                    ArrayRef<int64_t> pooled) {
  Pair kernel = pairOf(op, "kernel_size"), stride = pairOf(op, "stride"),
       padding = pairOf(op, "padding");
  Pair dilation = op->hasAttr("dilation") ? pairOf(op, "dilation") : Pair{1, 1};
  Windows2d windows;
  for (size_t i = 0; i < 2; ++i)
    windows[i] = {image[image.size() - 2 + i],
                  pooled[pooled.size() - 2 + i],
                  kernel[i],
                  stride[i],
                  padding[i],
                  dilation[i]};
  return windows;
}

Pair highOf(const Windows2d &w) { return {w[0].high(), w[1].high()}; }
Pair paddingOf(const Windows2d &w) { return {w[0].padding, w[1].padding}; }

LogicalResult requireStatic(Operation *op, ArrayRef<int64_t> shape,
                            StringRef what) {
  for (int64_t size : shape.take_back(2))
    if (ShapedType::isDynamic(size))
      return op->emitOpError("has an image of dynamic size, expected static "
                             "sizes for ")
             << what;
  return success();
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

/// Pads operand `index`, the image, and takes the padding off the op.
LogicalResult padConvolution(Operation *op, unsigned index, Value weight) {
  // A group's channels are strides of the index maps.
  if (intOf(op, "groups") != 1 && (ShapedType::isDynamic(shapeOf(weight)[0]) ||
                                   ShapedType::isDynamic(shapeOf(weight)[1])))
    return op->emitOpError("has groups and a weight of type ")
           << weight.getType() << ", expected static numbers of channels";
  Pair padding = pairOf(op, "padding");
  ImageBuilder image(op);
  op->setOperand(index,
                 image.pad(op->getOperand(index), padding, padding, {0, 0}, 0));
  op->setAttr("padding", image.b.getDenseI64ArrayAttr({0, 0}));
  return success();
}

/// grad_input = conv2d(grad spread by stride − 1 zeros, weight turned by 180°
/// with its channels swapped).
LogicalResult rewriteBackwardInput(Operation *op) {
  Value grad = op->getOperand(0), weight = op->getOperand(1);
  ArrayRef<int64_t> input = shapeOf(op->getResult(0));
  ArrayRef<int64_t> kernel = shapeOf(weight);
  if (failed(requireStatic(op, input, "its gradient")) ||
      failed(requireStatic(op, kernel, "its gradient")) ||
      failed(requireStatic(op, shapeOf(grad), "its gradient")))
    return failure();
  Pair stride = pairOf(op, "stride"), padding = pairOf(op, "padding"),
       dilation = pairOf(op, "dilation");
  int64_t groups = intOf(op, "groups");
  ImageBuilder image(op);
  OpBuilder &b = image.b;
  Pair low, high, interior;
  for (size_t i = 0; i < 2; ++i) {
    int64_t reach = (kernel[2 + i] - 1) * dilation[i];
    int64_t spread = (shapeOf(grad)[2 + i] - 1) * stride[i] + 1;
    low[i] = reach - padding[i];
    high[i] = input[2 + i] + reach - low[i] - spread;
    interior[i] = stride[i] - 1;
  }
  Value spread = image.pad(grad, low, high, interior, 0);
  // [g·o, c, …] → [g, o, c, …] → [g, c, o, …] → [g·c, o, …].
  Value turned =
      image.same<graph::FlipOp>(weight, weight, b.getDenseI64ArrayAttr({2, 3}));
  int64_t outputs = kernel[0] / groups;
  auto reshape = [&](Value value, Ints shape) -> Value {
    return graph::ReshapeOp::create(b, op->getLoc(), image.typeOf(value, shape),
                                    value, shape);
  };
  auto permute = [&](Value value, Ints dims) -> Value {
    Ints shape;
    for (int64_t dim : dims)
      shape.push_back(shapeOf(value)[dim]);
    return graph::PermuteOp::create(b, op->getLoc(), image.typeOf(value, shape),
                                    value, dims);
  };
  if (groups == 1) {
    turned = permute(turned, {1, 0, 2, 3});
  } else {
    turned =
        reshape(turned, {groups, outputs, kernel[1], kernel[2], kernel[3]});
    turned = permute(turned, {0, 2, 1, 3, 4});
    turned =
        reshape(turned, {groups * kernel[1], outputs, kernel[2], kernel[3]});
  }
  auto result = graph::Conv2dOp::create(
      b, op->getLoc(), op->getResult(0).getType(), spread, turned,
      ArrayRef<int64_t>{1, 1}, ArrayRef<int64_t>{0, 0},
      ArrayRef<int64_t>(dilation), groups);
  result->setAttr("kernel.name", b.getStringAttr("conv2d_backward_input"));
  op->replaceAllUsesWith(result);
  op->erase();
  return success();
}

//===----------------------------------------------------------------------===//
// Pools
//===----------------------------------------------------------------------===//

/// For each window, `count(y) · count(x)` over the elements that an average
/// divides by, against those of a whole window: window / count.
Value averageFactors(Operation *op, ImageBuilder &image, Windows2d w,
                     Value like) {
  bool includePad = op->getAttrOfType<BoolAttr>("count_include_pad").getValue();
  auto count = [&](const Windows &d, int64_t window) {
    int64_t begin = window * d.stride - d.padding;
    int64_t end = std::min(begin + d.kernel, d.size + d.padding);
    return includePad ? end - begin
                      : std::min(end, d.size) - std::max<int64_t>(begin, 0);
  };
  auto element = cast<FloatType>(getElementTypeOrSelf(like));
  SmallVector<Attribute> factors;
  bool whole = true;
  for (int64_t y = 0; y < w[0].count; ++y)
    for (int64_t x = 0; x < w[1].count; ++x) {
      int64_t area = w[0].kernel * w[1].kernel;
      int64_t counted = count(w[0], y) * count(w[1], x);
      whole &= counted == area;
      factors.push_back(
          image.b.getFloatAttr(element, static_cast<double>(area) / counted));
    }
  if (whole)
    return {};
  auto type = RankedTensorType::get({w[0].count, w[1].count}, element);
  return image.broadcast(image.constant(type, factors), shapeOf(like));
}

LogicalResult padPool(Operation *op) {
  Value input = op->getOperand(0), result = op->getResult(0);
  bool average = isa<graph::AvgPool2dOp>(op);
  bool ceil = op->getAttrOfType<BoolAttr>("ceil_mode").getValue();
  Pair padding = pairOf(op, "padding");
  if (padding == Pair{0, 0} && !ceil)
    return success();
  if (failed(requireStatic(op, shapeOf(input), "padding")))
    return failure();
  Windows2d w = windowsOf(op, shapeOf(input), shapeOf(result));
  ImageBuilder image(op);
  double edge = average ? 0 : -std::numeric_limits<double>::infinity();
  op->setOperand(0, image.pad(input, padding, highOf(w), {0, 0}, edge));
  op->setAttr("padding", image.b.getDenseI64ArrayAttr({0, 0}));
  op->setAttr("ceil_mode", image.b.getBoolAttr(false));
  if (!average)
    return success();
  image.b.setInsertionPointAfter(op);
  if (Value factors = averageFactors(op, image, w, result)) {
    Value scaled = image.same<graph::MulOp>(result, result, factors);
    result.replaceAllUsesExcept(scaled, scaled.getDefiningOp());
  }
  return success();
}

/// Σ over the windows' offsets of term(offset, slice of the spread value): the
/// gradient at an image's point from all windows that it is in. `spread` maps a
/// value of the windows to one where it stands at its window's start.
Value sumOverOffsets(ImageBuilder &image, const Windows2d &w,
                     function_ref<Value(int64_t offset, Pair start)> term) {
  Value sum;
  for (int64_t y = 0; y < w[0].kernel; ++y)
    for (int64_t x = 0; x < w[1].kernel; ++x) {
      Pair start = {w[0].padding + w[0].reach() - y * w[0].dilation,
                    w[1].padding + w[1].reach() - x * w[1].dilation};
      Value next = term(y * w[1].kernel + x, start);
      sum = sum ? image.same<graph::AddOp>(sum, sum, next) : next;
    }
  return sum;
}

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

LogicalResult rewriteAvgBackward(Operation *op) {
  Value grad = op->getOperand(0), result = op->getResult(0);
  if (failed(requireStatic(op, shapeOf(result), "its gradient")) ||
      failed(requireStatic(op, shapeOf(grad), "its gradient")))
    return failure();
  Windows2d w = windowsOf(op, shapeOf(result), shapeOf(grad));
  ImageBuilder image(op);
  Type element = getElementTypeOrSelf(grad);
  Value area = image.full(element, shapeOf(grad),
                          static_cast<double>(w[0].kernel * w[1].kernel));
  Value share = image.same<graph::DivOp>(grad, grad, area);
  if (Value factors = averageFactors(op, image, w, grad))
    share = image.same<graph::MulOp>(grad, share, factors);
  Value padded = spread(image, w, share, 0);
  Pair size = {w[0].size, w[1].size};
  op->replaceAllUsesWith(
      ValueRange{sumOverOffsets(image, w, [&](int64_t, Pair start) {
        return image.slice(padded, start, size, {1, 1});
      })});
  op->erase();
  return success();
}

/// Where windows overlap or reach over the edge: first the number of each
/// window's maximum, then for each point the gradients of the windows whose
/// maximum it is.
LogicalResult rewriteMaxBackward(Operation *op) {
  Value grad = op->getOperand(0), input = op->getOperand(1);
  Ints shape(shapeOf(input)), pooled(shapeOf(grad));
  Windows2d w = windowsOf(op, shape, pooled);
  bool edges = paddingOf(w) != Pair{0, 0} ||
               op->getAttrOfType<BoolAttr>("ceil_mode").getValue();
  if (!edges && !w[0].overlap() && !w[1].overlap())
    return success();
  if (failed(requireStatic(op, shape, "its gradient")) ||
      failed(requireStatic(op, pooled, "its gradient")))
    return failure();
  if (paddingOf(w) == Pair{0, 0} && highOf(w) == Pair{0, 0} &&
      !w[0].overlap() && !w[1].overlap()) {
    // Ceil mode that rounded nothing.
    op->setAttr("ceil_mode", BoolAttr::get(op->getContext(), false));
    return success();
  }
  ImageBuilder image(op);
  OpBuilder &b = image.b;
  Value padded = image.pad(input, paddingOf(w), highOf(w), {0, 0},
                           -std::numeric_limits<double>::infinity());
  Pair kernel = {w[0].kernel, w[1].kernel};
  Pair stride = {w[0].stride, w[1].stride};
  Pair dilation = {w[0].dilation, w[1].dilation};
  Value maximum = graph::MaxPool2dOp::create(
      b, op->getLoc(), grad.getType(), padded, ArrayRef<int64_t>(kernel),
      ArrayRef<int64_t>(stride), ArrayRef<int64_t>{0, 0},
      ArrayRef<int64_t>(dilation), false);

  Type number = b.getI32Type();
  auto flags = RankedTensorType::get(pooled, b.getI1Type());
  int64_t offsets = w[0].kernel * w[1].kernel;
  Value first = image.full(number, pooled, static_cast<double>(offsets));
  for (int64_t offset = offsets - 1; offset >= 0; --offset) {
    int64_t y = offset / w[1].kernel, x = offset % w[1].kernel;
    Value element = image.slice(padded, {y * w[0].dilation, x * w[1].dilation},
                                {w[0].count, w[1].count}, stride);
    Value nan = graph::IsnanOp::create(b, op->getLoc(), flags, element);
    Value hit = image.compare(element, maximum);
    hit = image.same<graph::LogicalOrOp>(hit, hit, nan);
    // Padding is never the maximum, not even of a window of −∞.
    SmallVector<Attribute> inside;
    for (int64_t row = 0; row < w[0].count; ++row)
      for (int64_t column = 0; column < w[1].count; ++column)
        inside.push_back(
            b.getBoolAttr(w[0].inside(row, y) && w[1].inside(column, x)));
    if (!llvm::all_of(inside, [](Attribute flag) {
          return cast<BoolAttr>(flag).getValue();
        })) {
      auto type =
          RankedTensorType::get({w[0].count, w[1].count}, b.getI1Type());
      Value mask = image.broadcast(image.constant(type, inside), pooled);
      hit = image.same<graph::LogicalAndOp>(hit, hit, mask);
    }
    first = image.same<graph::WhereOp>(
        first, hit, image.full(number, pooled, offset), first);
  }
  Value grads = spread(image, w, grad, 0);
  Value numbers = spread(image, w, first, -1);
  Value zero = image.full(getElementTypeOrSelf(grad), shape, 0);
  Pair size = {w[0].size, w[1].size};
  op->replaceAllUsesWith(
      ValueRange{sumOverOffsets(image, w, [&](int64_t offset, Pair start) {
        Value chosen = image.compare(image.slice(numbers, start, size, {1, 1}),
                                     image.full(number, shape, offset));
        return image.same<graph::WhereOp>(
            zero, chosen, image.slice(grads, start, size, {1, 1}), zero);
      })});
  op->erase();
  return success();
}

/// (self · other)ᵀ = otherᵀ · selfᵀ: a product that is only wanted transposed
/// is computed that way.
void transposeProduct(Operation *op) {
  auto product = op->getOperand(0).getDefiningOp<graph::MatmulOp>();
  if (!product || !product->hasOneUse())
    return;
  ArrayRef<int64_t> dims = intsOf(op, "dims");
  int64_t rank = dims.size();
  for (int64_t dim = 0; dim < rank - 2; ++dim)
    if (dims[dim] != dim)
      return;
  if (dims[rank - 1] != rank - 2)
    return;
  ImageBuilder image(op);
  auto transpose = [&](Value value) -> Value {
    Ints shape(shapeOf(value));
    std::swap(shape[rank - 1], shape[rank - 2]);
    return graph::PermuteOp::create(image.b, op->getLoc(),
                                    image.typeOf(value, shape), value, dims);
  };
  Value left = transpose(product.getOther());
  Value right = transpose(product.getSelf());
  op->replaceAllUsesWith(graph::MatmulOp::create(
      image.b, product.getLoc(), op->getResult(0).getType(), left, right));
  op->erase();
  product.erase();
}

/// Lets everybody read what `pad` pads from the padded tensor, so that it need
/// not be in memory twice.
void sharePadded(graph::PadOp pad) {
  Operation *source = pad.getSelf().getDefiningOp();
  if (!source || isIndexing(source) || source->getNumOperands() == 0 ||
      isa<graph::PadOp, graph::CatOp>(source) || source->hasOneUse())
    return;
  auto negative = [](int64_t size) { return size < 0; };
  if (llvm::any_of(pad.getLow(), negative) ||
      llvm::any_of(pad.getHigh(), negative) ||
      !cast<RankedTensorType>(source->getResult(0).getType()).hasStaticShape())
    return;
  for (Operation *user : source->getUsers())
    if (isa<func::ReturnOp>(user) || (isa<graph::PadOp>(user) && user != pad))
      return;
  pad->moveAfter(source);
  OpBuilder b(pad->getContext());
  b.setInsertionPointAfter(pad);
  Ints ends, steps;
  for (auto [low, interior, size] : llvm::zip_equal(
           pad.getLow(), pad.getInterior(), shapeOf(pad.getSelf()))) {
    steps.push_back(interior + 1);
    ends.push_back(size == 0 ? low : low + (size - 1) * steps.back() + 1);
  }
  auto slice =
      graph::SliceOp::create(b, pad.getLoc(), pad.getSelf().getType(),
                             pad.getResult(), pad.getLow(), ends, steps);
  pad.getSelf().replaceAllUsesExcept(slice, pad);
}

} // namespace

LogicalResult prepare(func::FuncOp function) {
  SmallVector<Operation *> ops;
  function.walk([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : ops) {
    LogicalResult done = success();
    if (isa<graph::Conv2dOp>(op))
      done = padConvolution(op, 0, op->getOperand(1));
    else if (isa<graph::Conv2dBackwardWeightOp>(op))
      done = padConvolution(op, 1, op->getResult(0));
    else if (isa<graph::Conv2dBackwardInputOp>(op))
      done = rewriteBackwardInput(op);
    else if (isa<graph::MaxPool2dOp, graph::AvgPool2dOp>(op))
      done = padPool(op);
    else if (isa<graph::MaxPool2dBackwardOp>(op))
      done = rewriteMaxBackward(op);
    else if (isa<graph::AvgPool2dBackwardOp>(op))
      done = rewriteAvgBackward(op);
    else if (isa<graph::PermuteOp>(op))
      transposeProduct(op);
    if (failed(done))
      return failure();
  }
  IRRewriter rewriter(function.getContext());
  DominanceInfo dominance(function);
  eliminateCommonSubExpressions(rewriter, dominance, function);
  for (auto pad :
       llvm::make_early_inc_range(function.getBody().getOps<graph::PadOp>()))
    sharePadded(pad);
  return success();
}

} // namespace tensorc::compiler::fusion
