//===- RulesTest.cpp - What shape rules refuse, and unknown sizes ---------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/op.h"
#include "tensorc/tensorc.h"

#include <gtest/gtest.h>

using namespace tensorc;

namespace {

using Ints = std::vector<std::int64_t>;
constexpr SymInt any_size = kDynamic;

TensorType f32(Shape shape) { return {kFloat32, std::move(shape)}; }
TensorType i64(Shape shape) { return {kInt64, std::move(shape)}; }

/// The type of the result, or the words of the error.
std::string infer(const char *op, std::vector<TensorType> operands,
                  Attributes attributes = {}) {
  try {
    return to_string(infer_types(*find_op(op), {operands, attributes})[0]);
  } catch (const Error &error) {
    return error.message();
  }
}

Attributes conv(Ints stride, Ints padding, Ints dilation, std::int64_t groups) {
  return {{"stride", stride},
          {"padding", padding},
          {"dilation", dilation},
          {"groups", groups}};
}
Attributes pool(Ints kernel, Ints padding) {
  return {{"kernel_size", kernel}, {"stride", Ints{2, 2}},
          {"padding", padding},    {"dilation", Ints{1, 1}},
          {"ceil_mode", false},    {"count_include_pad", true}};
}
Attributes loss(const char *reduction, double smoothing = 0) {
  return {{"reduction", std::string(reduction)},
          {"ignore_index", std::int64_t(-100)},
          {"label_smoothing", smoothing}};
}

TEST(Rules, SizesMayBeUnknown) {
  EXPECT_EQ(infer("add", {f32({any_size, 3}), f32({2, any_size})}),
            "float32[2, 3]");
  EXPECT_EQ(infer("convolution",
                  {f32({any_size, 1, 32, any_size}), f32({6, 1, 3, 3})},
                  conv({1, 1}, {0, 0}, {1, 1}, 1)),
            "float32[?, 6, 30, ?]");
  EXPECT_EQ(infer("matmul", {f32({any_size, any_size}), f32({4, any_size})}),
            "float32[?, ?]");
  EXPECT_EQ(infer("sum", {f32({any_size, 3})},
                  {{"dims", Ints{1}}, {"keepdim", true}}),
            "float32[?, 1]");
  EXPECT_EQ(
      infer("reshape", {f32({any_size, 3})}, {{"shape", Shape{any_size}}}),
      "float32[?]");
  EXPECT_EQ(infer("cat", {f32({any_size, 3}), f32({2, 3})},
                  {{"dim", std::int64_t(0)}}),
            "float32[?, 3]");
  EXPECT_EQ(infer("max_pool", {f32({any_size, any_size, 8, any_size})},
                  pool({2, 2}, {0, 0})),
            "float32[?, ?, 4, ?]");
  EXPECT_EQ(infer("cross_entropy", {f32({any_size, 10}), i64({any_size})},
                  loss("none")),
            "float32[?]");
}

TEST(Rules, ElementwiseOperandsHaveOneType) {
  EXPECT_EQ(infer("add", {f32({2}), f32({3})}),
            "expected operands of the same type, received float32[2] and "
            "float32[3]");
  EXPECT_EQ(infer("add", {f32({2}), i64({2})}),
            "expected operands of the same type, received float32[2] and "
            "int64[2]");
  EXPECT_EQ(infer("where", {f32({2}), f32({2}), f32({2})}),
            "expected `condition` to be a tensor of bool, received float32[2]");
}

TEST(Rules, Movement) {
  EXPECT_EQ(infer("slice", {f32({4})},
                  {{"starts", Ints{2}}, {"ends", Ints{5}}, {"steps", Ints{1}}}),
            "expected ranges inside float32[4], received starts [2] and ends "
            "[5]");
  EXPECT_EQ(infer("slice", {f32({4})},
                  {{"starts", Ints{0}}, {"ends", Ints{4}}, {"steps", Ints{0}}}),
            "expected `steps` of 1 numbers of at least 1, received [0]");
  EXPECT_EQ(
      infer("pad", {f32({2})},
            {{"low", Ints{-2}}, {"high", Ints{-1}}, {"interior", Ints{0}}}),
      "expected padding that leaves sizes of at least 0 of float32[2], "
      "received low [-2] and high [-1]");
  EXPECT_EQ(infer("flip", {f32({2})}, {{"dims", Ints{1}}}),
            "expected rising dimensions below 1, received [1]");
  EXPECT_EQ(infer("cat", {}, {{"dim", std::int64_t(0)}}),
            "expected at least one tensor, received none");
  EXPECT_EQ(infer("reshape", {f32({2})}, {{"shape", Ints{-2}}}),
            "expected sizes of at least 0, received [-2]");
  EXPECT_EQ(
      infer("iota", {},
            {{"dim", std::int64_t(1)}, {"shape", Ints{2}}, {"dtype", kInt64}}),
      "expected a dimension below 1, received 1");
  EXPECT_EQ(
      infer("iota", {},
            {{"dim", std::int64_t(0)}, {"shape", Ints{2}}, {"dtype", kBool}}),
      "expected a number type, received bool[2]");
}

TEST(Rules, Reductions) {
  EXPECT_EQ(infer("any", {f32({2})}, {{"dims", Ints{0}}, {"keepdim", false}}),
            "expected `self` to be a tensor of bool, received float32[2]");
  EXPECT_EQ(infer("argmax", {f32({0})},
                  {{"dim", std::int64_t(0)}, {"keepdim", false}}),
            "expected a reduced dimension that isn't empty, received "
            "float32[0]");
}

TEST(Rules, Convolutions) {
  TensorType input = f32({1, 4, 8, 8}), weight = f32({6, 2, 3, 3});
  EXPECT_EQ(
      infer("convolution", {input, weight}, conv({1, 1}, {0, 0}, {1, 1}, 2)),
      "float32[1, 6, 6, 6]");
  EXPECT_EQ(
      infer("convolution", {input, weight}, conv({1, 1}, {0, 0}, {1, 1}, 1)),
      "expected input with 2 channels for weight float32[6, 2, 3, 3], "
      "received input float32[1, 4, 8, 8]");
  EXPECT_EQ(
      infer("convolution", {input, weight}, conv({1, 1}, {0, 0}, {1, 1}, 4)),
      "expected a number of output channels that 4 groups divide, "
      "received weight float32[6, 2, 3, 3]");
  EXPECT_EQ(
      infer("convolution", {input, weight}, conv({1, 1}, {0, 0}, {1, 1}, 0)),
      "expected `groups` to be at least 1, received 0");
  EXPECT_EQ(
      infer("convolution", {input, weight}, conv({0, 1}, {0, 0}, {1, 1}, 2)),
      "expected `stride` of 2 numbers of at least 1, received [0, 1]");
  EXPECT_EQ(infer("convolution", {f32({4, 8, 8}), weight},
                  conv({1, 1}, {0, 0}, {1, 1}, 2)),
            "expected `input` of 4 dimensions, received float32[4, 8, 8]");
  EXPECT_EQ(
      infer("convolution", {i64({1, 4, 8, 8}), weight},
            conv({1, 1}, {0, 0}, {1, 1}, 2)),
      "expected `input` to be a tensor of floating-point numbers, received "
      "int64[1, 4, 8, 8]");
  Attributes backward = conv({1, 1}, {0, 0}, {1, 1}, 2);
  backward.set("input_shape", input.shape);
  backward.set("weight_shape", weight.shape);
  EXPECT_EQ(infer("convolution_backward_input", {f32({1, 6, 5, 6}), weight},
                  backward),
            "expected `grad_output` of shape [1, 6, 6, 6], received "
            "float32[1, 6, 5, 6]");
  EXPECT_EQ(infer("convolution_backward_weight", {f32({1, 6, 5, 6}), input},
                  backward),
            "expected `grad_output` of shape [1, 6, 6, 6], received "
            "float32[1, 6, 5, 6]");
}

TEST(Rules, Pooling) {
  EXPECT_EQ(infer("max_pool", {f32({1, 1, 8, 8})}, pool({2, 2}, {2, 0})),
            "expected padding of at most half the kernel size [2, 2], received "
            "[2, 0]");
  EXPECT_EQ(infer("max_pool", {f32({1, 1, 1, 8})}, pool({2, 2}, {0, 0})),
            "expected input that holds a window of [2, 2], received "
            "float32[1, 1, 1, 8] with padding [0, 0]");
  EXPECT_EQ(infer("max_pool_backward", {f32({1, 1, 3, 4}), f32({1, 1, 8, 8})},
                  pool({2, 2}, {0, 0})),
            "expected `grad_output` of type float32[1, 1, 4, 4], received "
            "float32[1, 1, 3, 4]");
  EXPECT_EQ(
      infer("avg_pool", {i64({1, 1, 8, 8})}, pool({2, 2}, {0, 0})),
      "expected `self` to be a tensor of floating-point numbers, received "
      "int64[1, 1, 8, 8]");
}

TEST(Rules, Losses) {
  EXPECT_EQ(infer("cross_entropy", {f32({4, 10}), i64({3})}, loss("mean")),
            "expected targets of shape [4] for input float32[4, 10], received "
            "int64[3]");
  EXPECT_EQ(infer("cross_entropy", {f32({4, 10}), f32({4})}, loss("mean")),
            "expected `target` to be a tensor of int64, received float32[4]");
  EXPECT_EQ(infer("cross_entropy", {f32({4, 10}), i64({4})}, loss("avg")),
            "expected a reduction `none`, `mean` or `sum`, received `avg`");
  EXPECT_EQ(infer("cross_entropy", {f32({4, 10}), i64({4})}, loss("sum", 2)),
            "expected `label_smoothing` in [0, 1], received 2.000000");
  EXPECT_EQ(infer("mse_loss", {f32({4}), f32({3})}, loss("sum")),
            "expected operands of the same type, received float32[4] and "
            "float32[3]");
  EXPECT_EQ(infer("one_hot", {f32({4})},
                  {{"num_classes", std::int64_t(3)}, {"dtype", kFloat32}}),
            "expected `self` to be a tensor of int64, received float32[4]");
  EXPECT_EQ(infer("one_hot", {i64({4})},
                  {{"num_classes", std::int64_t(-3)}, {"dtype", kFloat32}}),
            "expected `num_classes` to be at least 0, received -3");
}

TEST(Rules, MissingAttributesAreErrors) {
  EXPECT_EQ(infer("sum", {f32({4})}),
            "attribute `dims` is missing or of another type");
}

TEST(OpTable, IsSortedAndComplete) {
  std::span<const OpInfo> ops = all_ops();
  for (std::size_t i = 1; i < ops.size(); ++i)
    EXPECT_LT(ops[i - 1].name, ops[i].name);
  for (const OpInfo &info : ops) {
    EXPECT_EQ(find_op(info.name), &info);
    // Contractions, movements and windows may have a form that kernels compute.
    if (info.kind == OpKind::Composite)
      EXPECT_TRUE(info.decompose) << info.name;
    else if (info.kind == OpKind::Elementwise ||
             info.kind == OpKind::Creation || info.kind == OpKind::Reduction)
      EXPECT_FALSE(info.decompose) << info.name;
  }
  EXPECT_EQ(find_op("no_such_op"), nullptr);
}

} // namespace
