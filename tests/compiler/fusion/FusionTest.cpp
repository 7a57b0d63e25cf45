//===- FusionTest.cpp - Fused programs compute what the graph says --------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/fusion/FusionCheck.h"

#include <gtest/gtest.h>
#include <map>
#include <sstream>

using namespace tensorc::test;

namespace {

std::string list(const std::vector<int64_t> &values) {
  std::ostringstream out;
  for (size_t i = 0; i < values.size(); ++i)
    out << (i ? ", " : "") << values[i];
  return "array<i64" + (values.empty() ? "" : ": " + out.str()) + ">";
}

std::string tensor(const std::vector<int64_t> &shape,
                   const std::string &type = "f32") {
  std::ostringstream out;
  out << "tensor<";
  for (int64_t size : shape)
    out << size << "x";
  out << type << ">";
  return out.str();
}

/// A convolution and both of its gradients, in one function.
struct Convolution {
  std::vector<int64_t> input, weight, stride, padding, dilation;
  int64_t groups;
};

class ConvolutionTest : public testing::TestWithParam<Convolution> {};

} // namespace

TEST_P(ConvolutionTest, ForwardAndBackward) {
  const Convolution &c = GetParam();
  std::vector<int64_t> output = {c.input[0], c.weight[0]};
  for (size_t i = 0; i < c.stride.size(); ++i)
    output.push_back((c.input[2 + i] + 2 * c.padding[i] -
                      c.dilation[i] * (c.weight[2 + i] - 1) - 1) /
                         c.stride[i] +
                     1);
  std::string attributes = "stride = " + list(c.stride) +
                           ", padding = " + list(c.padding) +
                           ", dilation = " + list(c.dilation) +
                           ", groups = " + std::to_string(c.groups) + " : i64";
  std::string x = tensor(c.input), w = tensor(c.weight), y = tensor(output);
  checkFusion(
      "func.func @f(%x: " + x + ", %w: " + w + ", %g: " + y + ") -> (" + y +
      ", " + x + ", " + w + ") {\n" + "  %0 = graph.convolution %x, %w {" +
      attributes + "} : (" + x + ", " + w + ") -> " + y + "\n" +
      "  %1 = graph.convolution_backward_input %g, %w {input_shape = " +
      list(c.input) + ", " + attributes + "} : (" + y + ", " + w + ") -> " + x +
      "\n" +
      "  %2 = graph.convolution_backward_weight %g, %x {weight_shape = " +
      list(c.weight) + ", " + attributes + "} : (" + y + ", " + x + ") -> " +
      w + "\n" + "  return %0, %1, %2 : " + y + ", " + x + ", " + w + "\n}");
}

INSTANTIATE_TEST_SUITE_P(
    Fusion, ConvolutionTest,
    testing::Values(
        Convolution{{2, 3, 6, 7}, {4, 3, 3, 3}, {1, 1}, {0, 0}, {1, 1}, 1},
        Convolution{{2, 3, 6, 7}, {4, 3, 3, 2}, {1, 1}, {1, 2}, {1, 1}, 1},
        Convolution{{1, 2, 9, 8}, {3, 2, 3, 3}, {2, 3}, {0, 1}, {1, 1}, 1},
        Convolution{{1, 2, 9, 9}, {3, 2, 2, 3}, {2, 1}, {1, 0}, {2, 3}, 1},
        Convolution{{2, 4, 5, 5}, {6, 2, 3, 3}, {1, 1}, {1, 1}, {1, 1}, 2},
        Convolution{{2, 4, 7, 6}, {4, 1, 3, 3}, {2, 2}, {1, 1}, {1, 1}, 4},
        Convolution{{1, 1, 4, 4}, {1, 1, 1, 1}, {2, 2}, {0, 0}, {1, 1}, 1},
        Convolution{{1, 2, 5, 5}, {2, 2, 2, 2}, {1, 1}, {3, 3}, {1, 1}, 1},
        Convolution{{0, 2, 5, 5}, {2, 2, 2, 2}, {1, 1}, {0, 0}, {1, 1}, 1},
        Convolution{{2, 3, 9}, {4, 3, 3}, {2}, {1}, {1}, 1},
        Convolution{{1, 4, 9}, {6, 2, 2}, {1}, {1}, {3}, 2},
        Convolution{{1, 2, 3, 4, 5},
                    {3, 2, 2, 1, 3},
                    {1, 2, 1},
                    {1, 0, 1},
                    {1, 1, 2},
                    1},
        Convolution{{2, 4, 3, 3, 4},
                    {2, 2, 2, 2, 2},
                    {1, 1, 2},
                    {0, 1, 0},
                    {1, 1, 1},
                    2}));

namespace {

struct Pool {
  std::vector<int64_t> input, kernel, stride, padding, dilation;
  bool ceil;
};

std::vector<int64_t> pooledShape(const Pool &p) {
  std::vector<int64_t> output(p.input.begin(), p.input.begin() + 2);
  for (size_t i = 0; i < p.kernel.size(); ++i) {
    int64_t room = p.input[2 + i] + 2 * p.padding[i] -
                   p.dilation[i] * (p.kernel[i] - 1) - 1;
    int64_t count = (room + (p.ceil ? p.stride[i] - 1 : 0)) / p.stride[i] + 1;
    // A window must begin inside of the image or its left padding.
    if (p.ceil && (count - 1) * p.stride[i] >= p.input[2 + i] + p.padding[i])
      --count;
    output.push_back(count);
  }
  return output;
}

class MaxPoolTest : public testing::TestWithParam<Pool> {};
class AvgPoolTest : public testing::TestWithParam<Pool> {};

const Pool pools[] = {
    {{2, 3, 6, 8}, {2, 2}, {2, 2}, {0, 0}, {1, 1}, false},
    {{2, 3, 7, 9}, {2, 2}, {2, 2}, {0, 0}, {1, 1}, false},
    {{1, 2, 7, 9}, {2, 3}, {3, 4}, {0, 0}, {1, 1}, false},
    {{1, 2, 7, 9}, {3, 3}, {2, 2}, {0, 0}, {1, 1}, false},
    {{1, 2, 7, 9}, {3, 3}, {2, 2}, {1, 1}, {1, 1}, false},
    {{1, 2, 7, 8}, {3, 2}, {2, 2}, {1, 1}, {1, 1}, true},
    {{1, 2, 7, 8}, {2, 2}, {2, 2}, {0, 0}, {1, 1}, true},
    {{1, 1, 5, 5}, {2, 2}, {1, 1}, {0, 0}, {1, 1}, false},
    {{1, 1, 4, 4}, {1, 1}, {1, 1}, {0, 0}, {1, 1}, false},
    {{1, 1, 3, 3}, {3, 3}, {3, 3}, {0, 0}, {1, 1}, false},
    {{1, 1, 1, 2}, {3, 1}, {3, 2}, {0, 0}, {1, 1}, true},
    {{2, 3, 8}, {2}, {2}, {0}, {1}, false},
    {{1, 2, 7}, {3}, {2}, {1}, {1}, true},
    {{1, 2, 4, 4, 6}, {2, 1, 3}, {2, 1, 3}, {0, 0, 0}, {1, 1, 1}, false},
    {{1, 1, 4, 3, 5}, {2, 2, 3}, {2, 1, 2}, {1, 0, 1}, {1, 1, 1}, true}};

} // namespace

TEST_P(MaxPoolTest, ForwardAndBackward) {
  const Pool &p = GetParam();
  for (int64_t dilation : {1, 2}) {
    Pool dilated = p;
    if (dilation == 2) {
      if (p.ceil || p.input[2] < 2 * p.kernel[0])
        continue;
      dilated.dilation[0] = 2;
    }
    std::vector<int64_t> output = pooledShape(dilated);
    std::string attributes =
        "{kernel_size = " + list(p.kernel) + ", stride = " + list(p.stride) +
        ", padding = " + list(p.padding) +
        ", dilation = " + list(dilated.dilation) +
        ", ceil_mode = " + (p.ceil ? "true" : "false") + "}";
    std::string x = tensor(p.input), y = tensor(output);
    checkFusion("func.func @f(%x: " + x + ", %g: " + y + ") -> (" + y + ", " +
                x + ") {\n" + "  %0 = graph.max_pool %x " + attributes +
                " : (" + x + ") -> " + y + "\n" +
                "  %1 = graph.max_pool_backward %g, %x " + attributes + " : (" +
                y + ", " + x + ") -> " + x + "\n  return %0, %1 : " + y + ", " +
                x + "\n}");
  }
}

TEST_P(AvgPoolTest, ForwardAndBackward) {
  const Pool &p = GetParam();
  for (bool includePad : {true, false}) {
    std::vector<int64_t> output = pooledShape(p);
    std::string attributes =
        "kernel_size = " + list(p.kernel) + ", stride = " + list(p.stride) +
        ", padding = " + list(p.padding) +
        ", ceil_mode = " + (p.ceil ? "true" : "false") +
        ", count_include_pad = " + (includePad ? "true" : "false");
    std::string x = tensor(p.input), y = tensor(output);
    checkFusion("func.func @f(%x: " + x + ", %g: " + y + ") -> (" + y + ", " +
                x + ") {\n" + "  %0 = graph.avg_pool %x {" + attributes +
                "} : (" + x + ") -> " + y + "\n" +
                "  %1 = graph.avg_pool_backward %g {input_shape = " +
                list(p.input) + ", " + attributes + "} : (" + y + ") -> " + x +
                "\n  return %0, %1 : " + y + ", " + x + "\n}");
  }
}

INSTANTIATE_TEST_SUITE_P(Fusion, MaxPoolTest, testing::ValuesIn(pools));
INSTANTIATE_TEST_SUITE_P(Fusion, AvgPoolTest, testing::ValuesIn(pools));
