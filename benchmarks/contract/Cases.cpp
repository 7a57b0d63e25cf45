//===- Cases.cpp - Contractions to measure --------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "benchmarks/contract/Cases.h"

using namespace tensorc::benchmark;

namespace {
struct Operand {
  std::vector<int64_t> shape;
  std::string map;
};
} // namespace

static std::string typeOf(const Operand &operand) {
  std::string type = "memref<";
  for (int64_t size : operand.shape)
    type += std::to_string(size) + "x";
  return type + "f32>";
}

/// A bias makes the epilogue `max(acc + bias, 0)`.
static Case makeCase(std::string name, const std::vector<int64_t> &sizes,
                     const Operand &lhs, const Operand &rhs,
                     const Operand &output, const Operand *bias = nullptr,
                     const std::string &dimSizes = "") {
  std::vector<Operand> operands = {lhs, rhs};
  if (bias)
    operands.push_back(*bias);
  operands.push_back(output);

  Case result{name, "", {}, 2};
  for (int64_t size : sizes)
    result.flops *= double(size);
  std::string dims, arguments, maps;
  for (size_t dim = 0; dim < sizes.size(); ++dim)
    dims += (dim ? ", d" : "d") + std::to_string(dim);
  for (size_t i = 0; i < operands.size(); ++i) {
    std::string separator = i ? ", " : "";
    arguments +=
        separator + "%" + std::to_string(i) + ": " + typeOf(operands[i]);
    maps +=
        separator + "affine_map<(" + dims + ") -> (" + operands[i].map + ")>";
    int64_t elements = 1;
    for (int64_t size : operands[i].shape)
      elements *= size;
    result.elements.push_back(elements);
  }
  std::string last = "%" + std::to_string(operands.size() - 1);
  result.kernel =
      "kernel.func @k(" + arguments +
      ") {\n  kernel.contract ins(%0, %1 : " + typeOf(lhs) + ", " +
      typeOf(rhs) + ")" + (bias ? " extras(%2 : " + typeOf(*bias) + ")" : "") +
      " outs(" + last + " : " + typeOf(output) +
      ") attributes {indexing_maps = [" + maps + "]" +
      (dimSizes.empty() ? "" : ", dim_sizes = array<i64: " + dimSizes + ">") +
      "} {\n" +
      (bias ? "  ^bb0(%acc: f32, %b: f32):\n"
              "    %s = arith.addf %acc, %b : f32\n"
              "    %z = arith.constant 0.0 : f32\n"
              "    %r = arith.maximumf %s, %z : f32\n"
              "    kernel.yield %r : f32\n"
            : "  ^bb0(%acc: f32):\n    kernel.yield %acc : f32\n") +
      "  }\n  kernel.return\n}\n";
  return result;
}

static void addConvolution(std::vector<Case> &cases, const std::string &name,
                           int64_t batch, int64_t channels, int64_t size,
                           int64_t features, bool toInput) {
  int64_t out = size - 2, padded = out + 4;
  Operand weights{{features, channels, 3, 3}, "d1, d4, d5, d6"};
  Operand images{{batch, channels, size, size}, "d0, d4, d2 + d5, d3 + d6"};
  Operand result{{batch, features, out, out}, "d0, d1, d2, d3"};
  Operand bias{{features}, "d1"};
  cases.push_back(makeCase(name + " forward",
                           {batch, features, out, out, channels, 3, 3}, weights,
                           images, result, &bias));
  if (toInput)
    cases.push_back(makeCase(
        name + " to input", {batch, channels, size, size, features, 3, 3},
        {{features, channels, 3, 3}, "d4, d1, 2 - d5, 2 - d6"},
        {{batch, features, padded, padded}, "d0, d4, d2 + d5, d3 + d6"},
        {{batch, channels, size, size}, "d0, d1, d2, d3"}, nullptr,
        "-1, -1, -1, -1, -1, 3, 3"));
  cases.push_back(makeCase(
      name + " to weights", {features, channels, 3, 3, batch, out, out},
      {{batch, features, out, out}, "d4, d0, d5, d6"},
      {{batch, channels, size, size}, "d4, d1, d2 + d5, d3 + d6"},
      {{features, channels, 3, 3}, "d0, d1, d2, d3"}));
}

static void addLinear(std::vector<Case> &cases, const std::string &name,
                      int64_t batch, int64_t in, int64_t out) {
  Operand bias{{out}, "d1"};
  cases.push_back(makeCase(name + " forward", {batch, out, in},
                           {{batch, in}, "d0, d2"}, {{out, in}, "d1, d2"},
                           {{batch, out}, "d0, d1"}, &bias));
  cases.back().gemm = {batch, out, in, false, true};
  cases.push_back(makeCase(name + " to input", {batch, in, out},
                           {{batch, out}, "d0, d2"}, {{out, in}, "d2, d1"},
                           {{batch, in}, "d0, d1"}));
  cases.back().gemm = {batch, in, out, false, false};
  cases.push_back(makeCase(name + " to weights", {out, in, batch},
                           {{batch, out}, "d2, d0"}, {{batch, in}, "d2, d1"},
                           {{out, in}, "d0, d1"}));
  cases.back().gemm = {out, in, batch, true, false};
}

std::vector<Case> tensorc::benchmark::lenetCases(int64_t batch) {
  std::vector<Case> cases;
  addConvolution(cases, "conv1", batch, 1, 32, 6, false);
  addConvolution(cases, "conv2", batch, 6, 15, 16, true);
  addLinear(cases, "fc1", batch, 576, 120);
  addLinear(cases, "fc2", batch, 120, 84);
  addLinear(cases, "fc3", batch, 84, 10);
  return cases;
}

std::vector<Case> tensorc::benchmark::matmulCases() {
  std::vector<Case> cases;
  for (int64_t n : {64, 256, 512, 1024})
    for (bool transposed : {false, true}) {
      cases.push_back(makeCase(
          std::to_string(n) + (transposed ? "^3, B transposed" : "^3"),
          {n, n, n}, {{n, n}, "d0, d2"},
          {{n, n}, transposed ? "d1, d2" : "d2, d1"}, {{n, n}, "d0, d1"}));
      cases.back().gemm = {n, n, n, false, transposed};
    }
  return cases;
}
