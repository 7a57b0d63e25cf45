//===- ContractionGradients.cpp - Gradients of matmul and convolutions ----===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Equation.h"
#include "runtime/ops/Rules.h"
#include "runtime/ops/Support.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

namespace tensorc {

std::vector<Tensor> gradient_matmul(const GradientArgs &args) {
  const Tensor &self = args.operands[0], &other = args.operands[1];
  const Tensor &grad = args.gradients[0];
  std::vector<Tensor> gradients(2);
  if (args.needed[0])
    gradients[0] = ops::matmul(grad, transpose(other, -2, -1));
  if (args.needed[1])
    gradients[1] = ops::matmul(transpose(self, -2, -1), grad);
  return gradients;
}

/// In an einsum every letter is in two words, so it is one in the gradients'.
std::vector<Tensor> gradient_einsum(const GradientArgs &args) {
  const Tensor &self = args.operands[0], &other = args.operands[1];
  const Tensor &grad = args.gradients[0];
  Equation words(args.attributes.get<std::string>("equation"));
  std::vector<Tensor> gradients(2);
  if (args.needed[0])
    gradients[0] = ops::einsum(
        grad, other, words.result + "," + words.other + "->" + words.self);
  if (args.needed[1])
    gradients[1] = ops::einsum(
        self, grad, words.self + "," + words.result + "->" + words.other);
  return gradients;
}

// A convolution is linear in its input and in its weight, so each of the three
// ops has the other two as gradients.
namespace {
struct Conv {
  explicit Conv(const Attributes &attributes)
      : stride(attributes.get<Ints>("stride")),
        padding(attributes.get<Ints>("padding")),
        dilation(attributes.get<Ints>("dilation")),
        groups(attributes.get<std::int64_t>("groups")) {}

  Tensor forward(const Tensor &input, const Tensor &weight) const {
    return ops::convolution(input, weight, stride, padding, dilation, groups);
  }
  Tensor input(const Tensor &grad, const Tensor &weight,
               const Shape &shape) const {
    return ops::convolution_backward_input(grad, weight, shape, stride, padding,
                                           dilation, groups);
  }
  Tensor weight(const Tensor &grad, const Tensor &input,
                const Shape &shape) const {
    return ops::convolution_backward_weight(grad, input, shape, stride, padding,
                                            dilation, groups);
  }

  const Ints &stride, &padding, &dilation;
  std::int64_t groups;
};
} // namespace

std::vector<Tensor> gradient_convolution(const GradientArgs &args) {
  const Tensor &input = args.operands[0], &weight = args.operands[1];
  const Tensor &grad = args.gradients[0];
  Conv conv(args.attributes);
  std::vector<Tensor> gradients(2);
  if (args.needed[0])
    gradients[0] = conv.input(grad, weight, input.shape());
  if (args.needed[1])
    gradients[1] = conv.weight(grad, input, weight.shape());
  return gradients;
}

std::vector<Tensor>
gradient_convolution_backward_input(const GradientArgs &args) {
  const Tensor &grad_output = args.operands[0], &weight = args.operands[1];
  const Tensor &grad = args.gradients[0]; // of the input's shape
  Conv conv(args.attributes);
  std::vector<Tensor> gradients(2);
  if (args.needed[0])
    gradients[0] = conv.forward(grad, weight);
  if (args.needed[1])
    gradients[1] = conv.weight(grad_output, grad, weight.shape());
  return gradients;
}

std::vector<Tensor>
gradient_convolution_backward_weight(const GradientArgs &args) {
  const Tensor &grad_output = args.operands[0], &input = args.operands[1];
  const Tensor &grad = args.gradients[0]; // of the weight's shape
  Conv conv(args.attributes);
  std::vector<Tensor> gradients(2);
  if (args.needed[0])
    gradients[0] = conv.forward(input, grad);
  if (args.needed[1])
    gradients[1] = conv.input(grad_output, grad, input.shape());
  return gradients;
}

} // namespace tensorc
