//===- GraphReference.cpp - Graph functions, interpreted naively ----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/fusion/ReferenceRules.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/DenseMap.h"

using namespace mlir;

namespace tensorc::test {

double &Elements::at(ArrayRef<int64_t> index) {
  int64_t position = 0;
  for (auto [i, size] : llvm::zip_equal(index, shape)) {
    assert(i >= 0 && i < size && "index out of range");
    position = position * size + i;
  }
  return values[position];
}

namespace {

/// result[i] = self[source(i)].
Elements gather(Call &c, const std::function<Index(const Index &)> &source) {
  Elements result = makeElements(c.shape());
  forEach(c.shape(),
          [&](const Index &i) { result.at(i) = c.x[0].at(source(i)); });
  return result;
}

Elements reduce(Call &c, double start,
                const std::function<double(double, double)> &combine) {
  Index dims = c.ints("dims");
  Elements result = makeElements(c.shape(), start);
  forEach(c.x[0].shape, [&](const Index &i) {
    double &to = result.at(reducedIndex(i, dims, c.flag("keepdim")));
    to = combine(to, c.x[0].at(i));
  });
  return result;
}

Elements argmax(Call &c) {
  Elements result = makeElements(c.shape(), -1);
  int64_t dim = c.integer("dim");
  std::map<Index, double> best;
  forEach(c.x[0].shape, [&](const Index &i) {
    Index to = i;
    if (c.flag("keepdim"))
      to[dim] = 0;
    else
      to.erase(to.begin() + dim);
    double value = c.x[0].at(i);
    auto it = best.find(to);
    if (it == best.end() || (!std::isnan(it->second) &&
                             (std::isnan(value) || value > it->second))) {
      best[to] = value;
      result.at(to) = i[dim];
    }
  });
  return result;
}

Elements matmul(Call &c) {
  Elements result = makeElements(c.shape());
  int64_t depth = c.x[0].shape.back();
  forEach(c.shape(), [&](const Index &i) {
    for (int64_t k = 0; k < depth; ++k) {
      Index left = i, right = i;
      left.back() = k;
      right[right.size() - 2] = k;
      result.at(i) += c.x[0].at(left) * c.x[1].at(right);
    }
  });
  return result;
}

/// Visits the products that a convolution sums: (result, input, weight).
void forEachProduct(
    Call &c, ArrayRef<int64_t> output, ArrayRef<int64_t> input,
    ArrayRef<int64_t> weight,
    llvm::function_ref<void(const Index &, const Index &, const Index &)>
        visit) {
  Index stride = c.ints("stride"), padding = c.ints("padding"),
        dilation = c.ints("dilation");
  int64_t perGroup = weight[0] / c.integer("groups");
  forEach(output, [&](const Index &o) {
    forEach(weight.drop_front(), [&](const Index &w) {
      Index i = {o[0], o[1] / perGroup * weight[1] + w[0],
                 o[2] * stride[0] + w[1] * dilation[0] - padding[0],
                 o[3] * stride[1] + w[2] * dilation[1] - padding[1]};
      if (i[2] >= 0 && i[2] < input[2] && i[3] >= 0 && i[3] < input[3])
        visit(o, i, {o[1], w[0], w[1], w[2]});
    });
  });
}

Elements convolution(Call &c) {
  Elements result = makeElements(c.shape());
  StringRef name = c.op->getName().stripDialect();
  if (name == "conv2d")
    forEachProduct(c, c.shape(), c.x[0].shape, c.x[1].shape,
                   [&](const Index &o, const Index &i, const Index &w) {
                     result.at(o) += c.x[0].at(i) * c.x[1].at(w);
                   });
  else if (name == "conv2d_backward_input")
    forEachProduct(c, c.x[0].shape, c.shape(), c.x[1].shape,
                   [&](const Index &o, const Index &i, const Index &w) {
                     result.at(i) += c.x[0].at(o) * c.x[1].at(w);
                   });
  else
    forEachProduct(c, c.x[0].shape, c.x[1].shape, c.shape(),
                   [&](const Index &o, const Index &i, const Index &w) {
                     result.at(w) += c.x[0].at(o) * c.x[1].at(i);
                   });
  return result;
}

/// The points of the image in the window at `o`, and what an average divides
/// by.
std::pair<std::vector<Index>, double> window(Call &c, const Index &o,
                                             ArrayRef<int64_t> image) {
  Index kernel = c.ints("kernel_size"), stride = c.ints("stride"),
        padding = c.ints("padding"), dilation = {1, 1};
  if (c.op->hasAttr("dilation"))
    dilation = c.ints("dilation");
  std::vector<Index> points;
  double counted = 0;
  for (int64_t y = 0; y < kernel[0]; ++y)
    for (int64_t x = 0; x < kernel[1]; ++x) {
      Index i = o;
      i[2] = o[2] * stride[0] + y * dilation[0] - padding[0];
      i[3] = o[3] * stride[1] + x * dilation[1] - padding[1];
      counted += i[2] < image[2] + padding[0] && i[3] < image[3] + padding[1];
      if (i[2] >= 0 && i[2] < image[2] && i[3] >= 0 && i[3] < image[3])
        points.push_back(i);
    }
  if (c.op->hasAttr("count_include_pad") && !c.flag("count_include_pad"))
    counted = points.size();
  return {points, counted};
}

Index firstMaximum(Elements &image, const std::vector<Index> &points) {
  Index best = points.front();
  for (const Index &point : points)
    if (!std::isnan(image.at(best)) &&
        (std::isnan(image.at(point)) || image.at(point) > image.at(best)))
      best = point;
  return best;
}

Elements pool(Call &c) {
  Elements result = makeElements(c.shape());
  StringRef name = c.op->getName().stripDialect();
  bool backward = name.ends_with("backward");
  ArrayRef<int64_t> image =
      backward ? c.shape() : ArrayRef<int64_t>(c.x[0].shape);
  forEach(backward ? ArrayRef<int64_t>(c.x[0].shape) : c.shape(),
          [&](const Index &o) {
            auto [points, counted] = window(c, o, image);
            if (name == "max_pool2d")
              result.at(o) = c.x[0].at(firstMaximum(c.x[0], points));
            else if (name == "max_pool2d_backward")
              result.at(firstMaximum(c.x[1], points)) += c.x[0].at(o);
            else
              for (const Index &point : points)
                result.at(backward ? point : o) +=
                    c.x[0].at(backward ? o : point) / counted;
          });
  return result;
}

/// The element of the image that is at the point `i` of windows along one
/// dimension.
Index inImage(Call &c, Index i) {
  int64_t place = i.back();
  i.pop_back();
  i[c.integer("dim")] = i[c.integer("dim")] * c.integer("step") + place;
  return i;
}

Elements unfoldBackward(Call &c) {
  Elements result = makeElements(c.shape());
  forEach(c.x[0].shape,
          [&](const Index &i) { result.at(inImage(c, i)) += c.x[0].at(i); });
  return result;
}

Elements einsum(Call &c) {
  Elements result = makeElements(c.shape());
  StringRef equation = c.op->getAttrOfType<StringAttr>("equation").getValue();
  auto [operands, last] = equation.split("->");
  auto [first, second] = operands.split(',');
  std::string letters;
  Index sizes;
  for (auto [word, tensor] : {std::pair(first, &c.x[0]), {second, &c.x[1]}})
    for (auto [letter, size] : llvm::zip_equal(word, tensor->shape))
      if (letters.find(letter) == std::string::npos) {
        letters += letter;
        sizes.push_back(size);
      }
  forEach(sizes, [&](const Index &point) {
    auto at = [&](StringRef word) {
      Index index;
      for (char letter : word)
        index.push_back(point[letters.find(letter)]);
      return index;
    };
    result.at(at(last)) += c.x[0].at(at(first)) * c.x[1].at(at(second));
  });
  return result;
}

Elements pad(Call &c) {
  Elements result = makeElements(c.shape(), c.real("value"));
  Index low = c.ints("low"), interior = c.ints("interior");
  forEach(c.x[0].shape, [&](const Index &i) {
    Index to;
    for (size_t dim = 0; dim < i.size(); ++dim)
      to.push_back(low[dim] + i[dim] * (interior[dim] + 1));
    for (auto [at, size] : llvm::zip_equal(to, c.shape()))
      if (at < 0 || at >= size)
        return;
    result.at(to) = c.x[0].at(i);
  });
  return result;
}

Elements cat(Call &c) {
  Elements result = makeElements(c.shape());
  int64_t dim = c.integer("dim"), offset = 0;
  for (Elements &operand : c.x) {
    forEach(operand.shape, [&](const Index &i) {
      Index to = i;
      to[dim] += offset;
      result.at(to) = operand.at(i);
    });
    offset += operand.shape[dim];
  }
  return result;
}

Elements constant(Call &c) {
  auto value = c.op->getAttrOfType<DenseElementsAttr>("value");
  Elements result = makeElements(c.shape());
  for (auto [element, attribute] :
       llvm::zip_equal(result.values, value.getValues<Attribute>()))
    element = isa<FloatAttr>(attribute)
                  ? cast<FloatAttr>(attribute).getValueAsDouble()
                  : cast<IntegerAttr>(attribute).getValue().getSExtValue();
  return result;
}

/// The rules of all ops.
const Rules &rules() {
  static const Rules table = [] {
    Rules all = {
        {"full",
         [](Call &c) { return makeElements(c.shape(), c.real("value")); }},
        {"iota",
         [](Call &c) {
           Elements result = makeElements(c.shape());
           forEach(c.shape(),
                   [&](const Index &i) { result.at(i) = i[c.integer("dim")]; });
           return result;
         }},
        {"constant", constant},
        {"broadcast_to",
         [](Call &c) {
           return gather(c, [&](const Index &i) {
             ArrayRef<int64_t> shape = c.x[0].shape;
             Index from(i.end() - shape.size(), i.end());
             for (auto [at, size] : llvm::zip_equal(from, shape))
               at = size == 1 ? 0 : at;
             return from;
           });
         }},
        {"permute",
         [](Call &c) {
           return gather(c, [&](const Index &i) {
             Index from(i.size());
             for (auto [dim, source] : llvm::enumerate(c.ints("dims")))
               from[source] = i[dim];
             return from;
           });
         }},
        {"slice",
         [](Call &c) {
           return gather(c, [&](const Index &i) {
             Index from = c.ints("starts");
             for (auto [dim, step] : llvm::enumerate(c.ints("steps")))
               from[dim] += i[dim] * step;
             return from;
           });
         }},
        {"flip",
         [](Call &c) {
           return gather(c, [&](const Index &i) {
             Index from = i;
             for (int64_t dim : c.ints("dims"))
               from[dim] = c.x[0].shape[dim] - 1 - i[dim];
             return from;
           });
         }},
        {"unfold",
         [](Call &c) {
           return gather(c, [&](const Index &i) { return inImage(c, i); });
         }},
        {"unfold_backward", unfoldBackward},
        {"einsum", einsum},
        {"reshape",
         [](Call &c) { return Elements{c.shape().vec(), c.x[0].values}; }},
        {"pad", pad},
        {"cat", cat},
        {"sum",
         [](Call &c) {
           return reduce(c, 0, [](auto x, auto y) { return x + y; });
         }},
        {"prod",
         [](Call &c) {
           return reduce(c, 1, [](auto x, auto y) { return x * y; });
         }},
        {"amax", [](Call &c) { return reduce(c, -INFINITY, maximum); }},
        {"amin", [](Call &c) { return reduce(c, INFINITY, minimum); }},
        {"any",
         [](Call &c) {
           return reduce(c, 0, [](auto x, auto y) { return x || y; });
         }},
        {"all",
         [](Call &c) {
           return reduce(c, 1, [](auto x, auto y) { return x && y; });
         }},
        {"argmax", argmax},
        {"matmul", matmul},
        {"conv2d", convolution},
        {"conv2d_backward_input", convolution},
        {"conv2d_backward_weight", convolution},
        {"max_pool2d", pool},
        {"max_pool2d_backward", pool},
        {"avg_pool2d", pool},
        {"avg_pool2d_backward", pool},
    };
    all.merge(elementwiseRules());
    all.merge(compositeRules());
    return all;
  }();
  return table;
}

/// `value` as an element of `type` holds it: floats are rounded, integers wrap.
double held(double value, Type type) {
  if (auto real = dyn_cast<FloatType>(type)) {
    if (real.isF64())
      return value;
    llvm::APFloat number(value);
    bool inexact = false;
    number.convert(real.getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven,
                   &inexact);
    number.convert(llvm::APFloat::IEEEdouble(),
                   llvm::APFloat::rmNearestTiesToEven, &inexact);
    return number.convertToDouble();
  }
  unsigned width = type.getIntOrFloatBitWidth();
  if (width == 1)
    return value != 0;
  llvm::APInt bits(64, static_cast<uint64_t>(static_cast<int64_t>(value)));
  bits = bits.trunc(width);
  return type.isUnsignedInteger() ? double(bits.getZExtValue())
                                  : double(bits.getSExtValue());
}

} // namespace

std::vector<Elements> evaluate(func::FuncOp function,
                               std::vector<Elements> arguments,
                               double *magnitude) {
  llvm::DenseMap<Value, Elements> known;
  for (auto [value, elements] :
       llvm::zip_equal(function.getArguments(), arguments))
    known[value] = elements;
  for (Operation &op : function.getBody().front()) {
    std::vector<Elements> operands;
    for (Value operand : op.getOperands())
      operands.push_back(known[operand]);
    if (isa<func::ReturnOp>(op))
      return operands;
    auto rule = rules().find(op.getName().stripDialect().str());
    if (rule == rules().end())
      llvm::report_fatal_error(op.getName().getStringRef() +
                               " has no reference rule");
    Call call{&op, std::move(operands)};
    Elements result = rule->second(call);
    Type element = getElementTypeOrSelf(op.getResult(0));
    for (double &value : result.values) {
      value = held(value, element);
      if (std::isfinite(value) && magnitude)
        *magnitude = std::max(*magnitude, std::abs(value));
    }
    known[op.getResult(0)] = std::move(result);
  }
  llvm_unreachable("a function without a return");
}

} // namespace tensorc::test
