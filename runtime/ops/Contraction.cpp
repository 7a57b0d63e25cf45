//===- Contraction.cpp - Rules of matmul and convolutions -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Equation.h"
#include "runtime/ops/Rules.h"
#include "runtime/ops/Windows.h"
#include "tensorc/ops.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace tensorc {

Types infer_matmul(const InferArgs &args) {
  const TensorType &self = args.operands[0], &other = args.operands[1];
  require_same_dtype(self, other);
  std::size_t rank = self.shape.size();
  bool good = rank >= 2 && other.shape.size() == rank &&
              compatible(self.shape[rank - 1], other.shape[rank - 2]);
  for (std::size_t i = 0; good && i + 2 < rank; ++i)
    good = compatible(self.shape[i], other.shape[i]);
  if (!good)
    expected("operands of shapes […, M, K] and […, K, N]",
             to_string(self) + " and " + to_string(other));
  Shape shape = self.shape;
  for (std::size_t i = 0; i + 2 < rank; ++i)
    shape[i] = merge(self.shape[i], other.shape[i]);
  shape[rank - 1] = other.shape[rank - 1];
  return {{self.dtype, shape}};
}

Types infer_einsum(const InferArgs &args) {
  const TensorType &self = args.operands[0], &other = args.operands[1];
  const std::string &text = args.attributes.get<std::string>("equation");
  Equation equation(text);
  require_same_dtype(self, other);
  // By letter: in how many words it is, and its size.
  std::array<int, 128> words = {};
  std::array<SymInt, 128> sizes;
  auto read = [&](const std::string &word, const Shape *shape) {
    if (shape && word.size() != shape->size())
      expected("a letter for each dimension of " + to_string(*shape),
               "`" + word + "`");
    for (std::size_t i = 0; i < word.size(); ++i) {
      auto letter = static_cast<unsigned char>(word[i]);
      if (!std::isalpha(letter) || letter >= words.size() ||
          word.find(word[i], i + 1) != std::string::npos)
        expected("words of letters that differ", "`" + text + "`");
      bool is_new = words[letter]++ == 0;
      if (!shape)
        continue;
      SymInt &size = sizes[letter];
      if (is_new)
        size = (*shape)[i];
      if (!compatible(size, (*shape)[i]))
        expected(std::string("one size for `") + word[i] + "` of `" + text +
                     "`",
                 to_string(self) + " and " + to_string(other));
      size = merge(size, (*shape)[i]);
    }
  };
  read(equation.self, &self.shape);
  read(equation.other, &other.shape);
  read(equation.result, nullptr);
  for (int count : words)
    if (count == 1)
      expected("each letter in two of the words of an equation",
               "`" + text + "`");
  Shape shape;
  for (char letter : equation.result)
    shape.push_back(sizes[static_cast<unsigned char>(letter)]);
  return {{self.dtype, shape}};
}

namespace {
struct ConvAttributes {
  explicit ConvAttributes(const Attributes &attributes)
      : stride(attributes.get<Ints>("stride")),
        padding(attributes.get<Ints>("padding")),
        dilation(attributes.get<Ints>("dilation")),
        groups(attributes.get<std::int64_t>("groups")) {
    std::size_t dims = stride.size();
    require_dimensions(dims, "stride");
    require_list(stride, dims, 1, "stride");
    require_list(padding, dims, 0, "padding");
    require_list(dilation, dims, 1, "dilation");
    if (groups < 1)
      expected("`groups` to be at least 1", std::to_string(groups));
  }
  const Ints &stride, &padding, &dilation;
  std::int64_t groups;
};
} // namespace

/// The shape of a convolution's result.
static Shape convolved_shape(const TensorType &input, const TensorType &weight,
                             const ConvAttributes &conv) {
  std::size_t dims = conv.stride.size();
  require_rank(input, 2 + dims, "input");
  require_rank(weight, 2 + dims, "weight");
  require_same_dtype(input, weight);
  SymInt channels = input.shape[1], out = weight.shape[0];
  if (!is_dynamic(out) && !divided_exactly(out, conv.groups))
    expected("a number of output channels that " + std::to_string(conv.groups) +
                 " groups divide",
             "weight " + to_string(weight));
  if (!compatible(channels, weight.shape[1] * conv.groups))
    expected("input with " + (weight.shape[1] * conv.groups).str() +
                 " channels for weight " + to_string(weight),
             "input " + to_string(input));
  Shape shape = input.shape;
  shape[1] = out;
  for (std::size_t i = 0; i < dims; ++i) {
    SymInt kernel = weight.shape[2 + i];
    SymInt count =
        is_dynamic(kernel)
            ? kDynamic
            : window_count(input.shape[2 + i], kernel, conv.stride[i],
                           conv.padding[i], conv.dilation[i]);
    if (kernel.is(0) || (!is_dynamic(count) && !known_at_most(0, count)))
      expected("input that holds the kernel of weight " + to_string(weight),
               "input " + to_string(input) + " with padding " +
                   list(conv.padding));
    shape[2 + i] = count;
  }
  return shape;
}

Types infer_convolution(const InferArgs &args) {
  const TensorType &input = args.operands[0];
  return {{input.dtype, convolved_shape(input, args.operands[1],
                                        ConvAttributes(args.attributes))}};
}

Types infer_convolution_backward_input(const InferArgs &args) {
  const TensorType &grad = args.operands[0], &weight = args.operands[1];
  require_same_dtype(grad, weight);
  TensorType input = {grad.dtype, args.attributes.sizes("input_shape")};
  Shape shape = convolved_shape(input, weight, ConvAttributes(args.attributes));
  if (!compatible(shape, grad.shape))
    expected("`grad_output` of shape " + to_string(shape), to_string(grad));
  return {input};
}

Types infer_convolution_backward_weight(const InferArgs &args) {
  const TensorType &grad = args.operands[0], &input = args.operands[1];
  require_same_dtype(grad, input);
  TensorType weight = {grad.dtype, args.attributes.sizes("weight_shape")};
  Shape shape = convolved_shape(input, weight, ConvAttributes(args.attributes));
  if (!compatible(shape, grad.shape))
    expected("`grad_output` of shape " + to_string(shape), to_string(grad));
  return {weight};
}

//===----------------------------------------------------------------------===//
// Convolutions as products of windows
//===----------------------------------------------------------------------===//

namespace {

/// A convolution, or a gradient of one, over windows: what the dimensions are
/// called in an einsum, and how groups of channels are split.
class Products {
public:
  Products(const Attributes &attributes, const Shape &input,
           const Shape &weight, const Shape &output)
      : windows(attributes, input, weight, output),
        groups(attributes.get<std::int64_t>("groups")), channels(weight[1]),
        outputs(weight[0] / groups) {
    for (SymInt size : std::span(weight).subspan(2))
      if (is_dynamic(size))
        expected("weights whose windows are of static size", to_string(weight));
    if (groups != 1 && (is_dynamic(weight[0]) || is_dynamic(weight[1])))
      expected("static numbers of channels in groups", to_string(weight));
    std::string group = groups == 1 ? "" : "g";
    std::string starts = std::string("zyx").substr(3 - windows.size());
    std::string places = std::string("kji").substr(3 - windows.size());
    images = "n" + group + "c" + starts + places;
    weights = group + "oc" + places;
    results = "n" + group + "o" + starts;
  }

  /// `tensor` with its channels, dimension `dim`, split into groups.
  Tensor split(const Tensor &tensor, std::size_t dim, SymInt size) const {
    if (groups == 1)
      return tensor;
    Shape shape = tensor.shape();
    shape[dim] = size;
    shape.insert(shape.begin() + std::ptrdiff_t(dim), groups);
    return ops::reshape(tensor, shape);
  }
  Tensor join(const Tensor &tensor, std::size_t dim) const {
    if (groups == 1)
      return tensor;
    Shape shape = tensor.shape();
    shape[dim] *= shape[dim + 1];
    shape.erase(shape.begin() + std::ptrdiff_t(dim + 1));
    return ops::reshape(tensor, shape);
  }
  /// The elements of the windows over padded images.
  Tensor view(const Tensor &padded) const {
    return split(windows.view(padded), 1, channels);
  }

  Windows windows;
  std::int64_t groups;
  SymInt channels, outputs; ///< of a group
  std::string images, weights, results;
};

} // namespace

std::vector<Tensor> decompose_convolution(const DecomposeArgs &args) {
  const Tensor &input = args.operands[0], &weight = args.operands[1];
  Products conv(args.attributes, input.shape(), weight.shape(),
                convolved_shape(input.type(), weight.type(),
                                ConvAttributes(args.attributes)));
  Tensor images = conv.view(conv.windows.pad_both(input));
  Tensor result =
      ops::einsum(images, conv.split(weight, 0, conv.outputs),
                  conv.images + "," + conv.weights + "->" + conv.results);
  return {conv.join(result, 1)};
}

std::vector<Tensor>
decompose_convolution_backward_weight(const DecomposeArgs &args) {
  const Tensor &grad = args.operands[0], &input = args.operands[1];
  Products conv(args.attributes, input.shape(),
                args.attributes.sizes("weight_shape"), grad.shape());
  Tensor images = conv.view(conv.windows.pad_both(input));
  Tensor result =
      ops::einsum(conv.split(grad, 1, conv.outputs), images,
                  conv.results + "," + conv.images + "->" + conv.weights);
  return {conv.join(result, 0)};
}

/// The convolution of the gradient, spread by stride − 1 zeros, with the weight
/// turned around, whose input and output channels are exchanged.
std::vector<Tensor>
decompose_convolution_backward_input(const DecomposeArgs &args) {
  const Tensor &grad = args.operands[0], &weight = args.operands[1];
  Shape input = args.attributes.sizes("input_shape");
  Products conv(args.attributes, input, weight.shape(), grad.shape());
  conv.windows.require_known("the gradient");
  Shape low(2, 0), high(2, 0);
  Ints interior(2, 0), dims;
  Products spread = conv;
  for (WindowsAlong &along : spread.windows) {
    low.push_back(along.reach() - along.padding);
    interior.push_back(along.stride - 1);
    SymInt size = (along.count - 1) * along.stride + 1;
    high.push_back(along.size + along.reach() - low.back() - size);
    along.stride = 1;
    dims.push_back(std::int64_t(dims.size() + 2));
  }
  std::swap(spread.channels, spread.outputs);
  Tensor images = spread.view(padded_by(grad, low, high, interior, 0));
  // What is input there is `o`, as in the weight.
  std::string images_in = spread.images, results = spread.results;
  std::replace(images_in.begin(), images_in.end(), 'c', 'o');
  std::replace(results.begin(), results.end(), 'o', 'c');
  Tensor turned = conv.split(ops::flip(weight, dims), 0, conv.outputs);
  Tensor result = ops::einsum(images, turned,
                              images_in + "," + conv.weights + "->" + results);
  return {conv.join(result, 1)};
}

} // namespace tensorc
