//===- Contraction.cpp - Rules of matmul and convolutions -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Equation.h"
#include "runtime/ops/Images.h"
#include "runtime/ops/Rules.h"
#include "runtime/ops/Windows.h"
#include "tensorc/ops.h"

#include <cctype>
#include <map>

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
  std::map<char, std::int64_t> sizes;
  std::map<char, int> words;
  auto read = [&](const std::string &word, const Shape *shape) {
    if (shape && word.size() != shape->size())
      expected("a letter for each dimension of " + to_string(*shape),
               "`" + word + "`");
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (!std::isalpha(static_cast<unsigned char>(word[i])) ||
          word.find(word[i], i + 1) != std::string::npos)
        expected("words of letters that differ", "`" + text + "`");
      ++words[word[i]];
      if (!shape)
        continue;
      auto [size, is_new] = sizes.try_emplace(word[i], (*shape)[i]);
      if (!compatible(size->second, (*shape)[i]))
        expected(std::string("one size for `") + word[i] + "` of `" + text +
                     "`",
                 to_string(self) + " and " + to_string(other));
      size->second = merge(size->second, (*shape)[i]);
    }
  };
  read(equation.self, &self.shape);
  read(equation.other, &other.shape);
  read(equation.result, nullptr);
  for (auto [letter, count] : words)
    if (count < 2)
      expected("each letter in two of the words of an equation",
               "`" + text + "`");
  Shape shape;
  for (char letter : equation.result)
    shape.push_back(sizes[letter]);
  return {{self.dtype, shape}};
}

namespace {
struct ConvAttributes {
  explicit ConvAttributes(const Attributes &attributes)
      : stride(attributes.get<Ints>("stride")),
        padding(attributes.get<Ints>("padding")),
        dilation(attributes.get<Ints>("dilation")),
        groups(attributes.get<std::int64_t>("groups")) {
    require_list(stride, 2, 1, "stride");
    require_list(padding, 2, 0, "padding");
    require_list(dilation, 2, 1, "dilation");
    if (groups < 1)
      expected("`groups` to be at least 1", std::to_string(groups));
  }
  const Ints &stride, &padding, &dilation;
  std::int64_t groups;
};
} // namespace

/// The shape of conv2d's result.
static Shape conv2d_shape(const TensorType &input, const TensorType &weight,
                          const ConvAttributes &conv) {
  require_rank(input, 4, "input");
  require_rank(weight, 4, "weight");
  require_same_dtype(input, weight);
  std::int64_t channels = input.shape[1], out = weight.shape[0];
  if (!is_dynamic(out) && out % conv.groups)
    expected("a number of output channels that " + std::to_string(conv.groups) +
                 " groups divide",
             "weight " + to_string(weight));
  if (!is_dynamic(channels) && !is_dynamic(weight.shape[1]) &&
      channels != weight.shape[1] * conv.groups)
    expected("input with " + std::to_string(weight.shape[1] * conv.groups) +
                 " channels for weight " + to_string(weight),
             "input " + to_string(input));
  Shape shape = {input.shape[0], out, 0, 0};
  for (int i = 0; i < 2; ++i) {
    std::int64_t kernel = weight.shape[2 + i];
    shape[2 + i] =
        is_dynamic(kernel)
            ? kDynamic
            : window_count(input.shape[2 + i], kernel, conv.stride[i],
                           conv.padding[i], conv.dilation[i]);
    if (kernel == 0 || (shape[2 + i] < 0 && !is_dynamic(shape[2 + i])))
      expected("input that holds the kernel of weight " + to_string(weight),
               "input " + to_string(input) + " with padding " +
                   list(conv.padding));
  }
  return shape;
}

Types infer_conv2d(const InferArgs &args) {
  const TensorType &input = args.operands[0];
  return {{input.dtype, conv2d_shape(input, args.operands[1],
                                     ConvAttributes(args.attributes))}};
}

Types infer_conv2d_backward_input(const InferArgs &args) {
  const TensorType &grad = args.operands[0], &weight = args.operands[1];
  require_same_dtype(grad, weight);
  TensorType input = {grad.dtype, args.attributes.get<Ints>("input_shape")};
  Shape shape = conv2d_shape(input, weight, ConvAttributes(args.attributes));
  if (!compatible(shape, grad.shape))
    expected("`grad_output` of shape " + to_string(shape), to_string(grad));
  return {input};
}

Types infer_conv2d_backward_weight(const InferArgs &args) {
  const TensorType &grad = args.operands[0], &input = args.operands[1];
  require_same_dtype(grad, input);
  TensorType weight = {grad.dtype, args.attributes.get<Ints>("weight_shape")};
  Shape shape = conv2d_shape(input, weight, ConvAttributes(args.attributes));
  if (!compatible(shape, grad.shape))
    expected("`grad_output` of shape " + to_string(shape), to_string(grad));
  return {weight};
}

//===----------------------------------------------------------------------===//
// Convolutions without padding
//===----------------------------------------------------------------------===//

/// The padded images of a convolution. A group's channels are strides of index
/// maps, so their numbers have to be known.
static Tensor padded(const Tensor &images, const ConvAttributes &attributes,
                     const Shape &weight) {
  if (attributes.groups != 1 &&
      (is_dynamic(weight[0]) || is_dynamic(weight[1])))
    expected("static numbers of channels in groups", list(weight));
  Pair padding = to_pair(attributes.padding);
  return pad_images(images, padding, padding, {}, 0);
}

std::vector<Tensor> decompose_conv2d(const DecomposeArgs &args) {
  ConvAttributes attributes(args.attributes);
  const Tensor &weight = args.operands[1];
  return {ops::conv2d(padded(args.operands[0], attributes, weight.shape()),
                      weight, attributes.stride, {0, 0}, attributes.dilation,
                      attributes.groups)};
}

std::vector<Tensor>
decompose_conv2d_backward_weight(const DecomposeArgs &args) {
  ConvAttributes attributes(args.attributes);
  const Ints &shape = args.attributes.get<Ints>("weight_shape");
  return {ops::conv2d_backward_weight(
      args.operands[0], padded(args.operands[1], attributes, shape), shape,
      attributes.stride, {0, 0}, attributes.dilation, attributes.groups)};
}

/// The weight turned by 180°, with input and output channels exchanged in each
/// group: [g·o, c, …] → [g, o, c, …] → [g, c, o, …] → [g·c, o, …].
static Tensor turned(const Tensor &weight, std::int64_t groups) {
  const Shape &shape = weight.shape();
  Tensor result = ops::flip(weight, {2, 3});
  if (groups == 1)
    return ops::permute(result, {1, 0, 2, 3});
  std::int64_t outputs = shape[0] / groups;
  result =
      ops::reshape(result, {groups, outputs, shape[1], shape[2], shape[3]});
  result = ops::permute(result, {0, 2, 1, 3, 4});
  return ops::reshape(result, {groups * shape[1], outputs, shape[2], shape[3]});
}

/// The convolution of the gradient, spread by stride − 1 zeros, with the turned
/// weight.
std::vector<Tensor> decompose_conv2d_backward_input(const DecomposeArgs &args) {
  ConvAttributes attributes(args.attributes);
  const Tensor &grad = args.operands[0], &weight = args.operands[1];
  const Ints &input = args.attributes.get<Ints>("input_shape");
  for (const Shape &shape : {grad.shape(), weight.shape(), input})
    require_static(shape, "the gradient");
  Pair low, high, interior;
  for (std::size_t i = 0; i < 2; ++i) {
    std::int64_t reach = (weight.shape()[2 + i] - 1) * attributes.dilation[i];
    std::int64_t spread = (grad.shape()[2 + i] - 1) * attributes.stride[i] + 1;
    low[i] = reach - attributes.padding[i];
    high[i] = input[2 + i] + reach - low[i] - spread;
    interior[i] = attributes.stride[i] - 1;
  }
  Tensor spread = pad_images(grad, low, high, interior, 0);
  return {ops::conv2d(spread, turned(weight, attributes.groups), {1, 1}, {0, 0},
                      attributes.dilation, attributes.groups)};
}

} // namespace tensorc
