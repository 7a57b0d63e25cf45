//===- Inputs/sums.h - Long sums and products -------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For the model that is compiled, and for the test that runs them eagerly.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_E2E_INPUTS_SUMS_H
#define TENSORC_TESTS_E2E_INPUTS_SUMS_H

#include <tensorc/tensorc.h>

#include <string>
#include <vector>

namespace sums {

/// Of one or two operands.
struct Case {
  std::string name;
  std::vector<tensorc::Shape> shapes;
  tensorc::Tensor (*run)(const tensorc::TensorList &in);
  /// How far off a sum may be, for the sum of its terms' absolute values: less
  /// than docs/architecture.md says for those that are made in parts.
  double error = 2e-7;
};

/// The gradient of a convolution's weight: 720 results.
inline tensorc::Tensor weight_gradient(const tensorc::TensorList &in) {
  tensorc::Tensor weight = tensorc::zeros({16, 5, 3, 3});
  weight.requires_grad_();
  (tensorc::nn::functional::conv2d(in[0], weight) * in[1]).sum().backward();
  return weight.grad();
}

inline const std::vector<Case> all = {
    {"weight", {{32, 5, 30, 30}, {32, 16, 28, 28}}, weight_gradient},
    {"total",
     {{10'000'000}},
     [](const tensorc::TensorList &in) { return in[0].sum(); }},
    {"columns",
     {{40'000, 100}},
     [](const tensorc::TensorList &in) { return in[0].sum({0}); }},
    {"rows",
     {{3, 1'000'003}},
     [](const tensorc::TensorList &in) { return in[0].sum({1}); }},
    {"slabs",
     {{5, 20'011, 33}},
     [](const tensorc::TensorList &in) { return in[0].sum({1}); }},
    {"deep",
     {{7, 99'999}, {99'999, 13}},
     [](const tensorc::TensorList &in) { return matmul(in[0], in[1]); }},
    {"odd",
     {{301, 257}, {257, 129}},
     [](const tensorc::TensorList &in) { return matmul(in[0], in[1]); },
     4e-6},
};

} // namespace sums

#endif // TENSORC_TESTS_E2E_INPUTS_SUMS_H
