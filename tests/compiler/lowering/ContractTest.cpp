//===- ContractTest.cpp - kernel.contract, run and compared ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/lowering/ContractText.h"
#include "tests/compiler/lowering/KernelTest.h"
#include "llvm/ADT/StringExtras.h"
#include <map>

using namespace tensorc;
using namespace tensorc::test;

/// Sums of up to some thousand products of numbers in [-2, 2], in f32.
static constexpr double tolerance = 2e-4;

static void check(const ContractText &contract, CheckOptions options = {}) {
  options.tolerance = std::max(options.tolerance, tolerance);
  options.dynamic = contract.dynamicValues();
  checkKernel(contract.str(), options);
}

//===----------------------------------------------------------------------===//
// The shapes of a LeNet
//===----------------------------------------------------------------------===//

static ContractText convolution(int64_t batch, int64_t channels, int64_t size,
                                int64_t features) {
  ContractText text;
  text.sizes = {batch, features, size - 2, size - 2, channels, 3, 3};
  text.lhs.results = {"d1", "d4", "d5", "d6"};
  text.lhs.shape = {features, channels, 3, 3};
  text.rhs.results = {"d0", "d4", "d2 + d5", "d3 + d6"};
  text.rhs.shape = {batch, channels, size, size};
  text.extras.push_back({{"d1"}, {features}});
  text.output.results = {"d0", "d1", "d2", "d3"};
  text.output.shape = {batch, features, size - 2, size - 2};
  text.epilogue = ContractText::Epilogue::Relu;
  return text;
}

TEST(Contract, ConvolvesForward) {
  check(convolution(2, 1, 32, 6));
  check(convolution(3, 6, 15, 16));
}

TEST(Contract, ConvolvesBackwardToTheInput) {
  ContractText text;
  text.sizes = {2, 6, 15, 15, 16, 3, 3};
  text.dimSizes = {-1, -1, -1, -1, -1, 3, 3};
  text.lhs = {{"d4", "d1", "2 - d5", "2 - d6"}, {16, 6, 3, 3}};
  text.rhs = {{"d0", "d4", "d2 + d5", "d3 + d6"}, {2, 16, 17, 17}};
  text.output = {{"d0", "d1", "d2", "d3"}, {2, 6, 15, 15}};
  check(text);
}

static ContractText convolutionToWeights(int64_t batch, int64_t channels,
                                         int64_t size, int64_t features) {
  ContractText text;
  text.sizes = {features, channels, 3, 3, batch, size - 2, size - 2};
  text.lhs = {{"d4", "d0", "d5", "d6"}, {batch, features, size - 2, size - 2}};
  text.rhs = {{"d4", "d1", "d2 + d5", "d3 + d6"},
              {batch, channels, size, size}};
  text.output = {{"d0", "d1", "d2", "d3"}, {features, channels, 3, 3}};
  return text;
}

TEST(Contract, ConvolvesBackwardToTheWeights) {
  check(convolutionToWeights(2, 1, 32, 6));
  check(convolutionToWeights(7, 6, 15, 16));
}

TEST(Contract, MultipliesAsLinearLayers) {
  for (int64_t batch : {1, 13})
    for (auto [in, out] : {std::pair<int64_t, int64_t>{576, 120}, {84, 10}}) {
      ContractText forward;
      forward.sizes = {batch, out, in};
      forward.lhs = {{"d0", "d2"}, {batch, in}};
      forward.rhs = {{"d1", "d2"}, {out, in}};
      forward.extras.push_back({{"d1"}, {out}});
      forward.output = {{"d0", "d1"}, {batch, out}};
      forward.epilogue = ContractText::Epilogue::Relu;
      check(forward);

      ContractText toInput;
      toInput.sizes = {batch, in, out};
      toInput.lhs = {{"d0", "d2"}, {batch, out}};
      toInput.rhs = {{"d2", "d1"}, {out, in}};
      toInput.output = {{"d0", "d1"}, {batch, in}};
      check(toInput);

      ContractText toWeights;
      toWeights.sizes = {out, in, batch};
      toWeights.lhs = {{"d2", "d0"}, {batch, out}};
      toWeights.rhs = {{"d2", "d1"}, {batch, in}};
      toWeights.output = {{"d0", "d1"}, {out, in}};
      check(toWeights);
    }
}

//===----------------------------------------------------------------------===//
// Edges
//===----------------------------------------------------------------------===//

static ContractText matmul(int64_t m, int64_t n, int64_t k) {
  ContractText text;
  text.sizes = {m, n, k};
  text.lhs = {{"d0", "d2"}, {m, k}};
  text.rhs = {{"d2", "d1"}, {k, n}};
  text.output = {{"d0", "d1"}, {m, n}};
  return text;
}

TEST(Contract, TakesSizesZeroAndOne) {
  for (int64_t m : {0, 1, 3})
    for (int64_t n : {0, 1, 18})
      for (int64_t k : {0, 1, 5})
        if (m * n * k < 5 || m * n * k > 250)
          check(matmul(m, n, k));
  ContractText dot;
  dot.sizes = {1000};
  dot.lhs = dot.rhs = {{"d0"}, {1000}};
  dot.output = {{}, {}};
  check(dot);
  ContractText outer;
  outer.sizes = {5, 37};
  outer.lhs = {{"d0"}, {5}};
  outer.rhs = {{"d1"}, {37}};
  outer.output = {{"d0", "d1"}, {5, 37}};
  check(outer);
  ContractText scalar;
  scalar.output = {{}, {}};
  check(scalar);
}

TEST(Contract, TakesDynamicSizes) {
  for (auto [m, n, k] : {std::tuple<int64_t, int64_t, int64_t>{29, 70, 33},
                         {1, 1, 1},
                         {64, 128, 16},
                         {5, 3, 0},
                         {0, 3, 2}}) {
    ContractText text = matmul(m, n, k);
    text.dynamic = {true, true, true};
    check(text);
    text.rhs = {{"d1", "d2"}, {n, k}};
    check(text);
    text.dynamic = {true, false, false};
    check(text);
  }
}

TEST(Contract, KeepsInfinitiesOutOfMaskedLanes) {
  CheckOptions options;
  options.specials = true;
  check(matmul(5, 19, 7), options);
  ContractText inner = matmul(3, 5, 21);
  inner.rhs = {{"d1", "d2"}, {5, 21}};
  check(inner, options);
  // One factor is the same in all lanes.
  ContractText sums;
  sums.sizes = {6, 21};
  sums.lhs = {{"d0"}, {6}};
  sums.rhs = {{"d1"}, {21}};
  sums.output = {{"d0"}, {6}};
  check(sums, options);
}

TEST(Contract, ReadsAndWritesInPlace) {
  ContractText text = matmul(21, 35, 9);
  text.extras.push_back({{"d0", "d1"}, {21, 35}});
  text.epilogue = ContractText::Epilogue::Add;
  CheckOptions options;
  options.inPlace = {{3, 2}};
  check(text, options);
}

TEST(Contract, BlocksLongSums) {
  check(matmul(50, 70, 900));
  check(convolutionToWeights(40, 6, 15, 16));
  ContractText text = matmul(40, 33, 700);
  text.rhs = {{"d1", "d2"}, {33, 700}};
  text.extras.push_back({{"d0", "d1"}, {40, 33}});
  text.epilogue = ContractText::Epilogue::Add;
  CheckOptions options;
  options.inPlace = {{3, 2}};
  check(text, options);
}

//===----------------------------------------------------------------------===//
// Machine code
//===----------------------------------------------------------------------===//

namespace {
/// The instructions of a loop, from its label to the jump back.
struct Loop {
  size_t begin, end;
};
} // namespace

static std::vector<llvm::StringRef> linesOf(llvm::StringRef assembly) {
  llvm::SmallVector<llvm::StringRef> lines;
  assembly.split(lines, '\n');
  std::vector<llvm::StringRef> result;
  for (llvm::StringRef line : lines)
    result.push_back(line.trim());
  return result;
}

static std::vector<Loop> loopsOf(const std::vector<llvm::StringRef> &lines) {
  std::map<llvm::StringRef, size_t> labels;
  std::vector<Loop> loops;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with(".LBB"))
      labels[lines[i].take_until([](char c) { return c == ':'; })] = i;
    if (!lines[i].starts_with("j"))
      continue;
    auto label = labels.find(lines[i].split('\t').second.trim());
    if (label != labels.end())
      loops.push_back({label->second, i});
  }
  return loops;
}

/// The innermost loop around each fused multiply-add must have no stack
/// traffic; returns how many of those the largest such loop has, in `wide`
/// registers.
static int64_t checkInnerLoops(llvm::StringRef assembly, llvm::StringRef wide) {
  std::vector<llvm::StringRef> lines = linesOf(assembly);
  std::vector<Loop> loops = loopsOf(lines);
  bool hasFrame = assembly.contains("movq\t%rsp, %rbp");
  int64_t most = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].contains("fmadd"))
      continue;
    const Loop *inner = nullptr;
    for (const Loop &loop : loops)
      if (loop.begin < i && i < loop.end &&
          (!inner || loop.end - loop.begin < inner->end - inner->begin))
        inner = &loop;
    if (!inner)
      continue;
    int64_t products = 0;
    for (size_t j = inner->begin; j <= inner->end; ++j) {
      EXPECT_FALSE(lines[j].contains("(%rsp") ||
                   (hasFrame && lines[j].contains("(%rbp")))
          << lines[j].str() << " in a loop of\n"
          << assembly.str();
      products += lines[j].contains("fmadd") && lines[j].contains(wide);
    }
    most = std::max(most, products);
    if (::testing::Test::HasFailure())
      return most;
  }
  return most;
}

TEST(Contract, KeepsSumsInRegisters) {
  ContractText forward = matmul(64, 120, 576);
  forward.rhs = {{"d1", "d2"}, {120, 576}};
  ContractText toWeights = matmul(120, 576, 64);
  toWeights.lhs = {{"d2", "d0"}, {64, 120}};
  for (const ContractText &text :
       {convolution(64, 1, 32, 6), convolution(64, 6, 15, 16),
        convolutionToWeights(64, 1, 32, 6), convolutionToWeights(64, 6, 15, 16),
        forward, toWeights, matmul(64, 576, 120), matmul(1, 120, 576),
        matmul(512, 512, 512)})
    for (const target::Cpu &cpu : hostCpus()) {
      auto module = parse(text.str());
      ASSERT_TRUE(module);
      CompiledKernel compiled(*module, cpu);
      ASSERT_TRUE(compiled.valid());
      // Enough independent sums to hide an addition's latency; a product with
      // one row waits for memory anyway.
      EXPECT_GE(
          checkInnerLoops(compiled.assembly(), cpu.hasMasks ? "%zmm" : "%ymm"),
          text.sizes[0] == 1 ? 4 : 8)
          << cpu.name.str() << "\n"
          << text.str() << compiled.assembly();
      if (HasFailure())
        return;
    }
}

//===----------------------------------------------------------------------===//
// Everything else
//===----------------------------------------------------------------------===//

TEST(Contract, AgreesWithTheInterpreterOnRandomContractions) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    ContractText text = randomContract(seed);
    CheckOptions options;
    options.seed = seed;
    options.tolerance = text.type == "bf16"  ? 2e-2
                        : text.type == "f16" ? 3e-3
                                             : tolerance;
    check(text, options);
    if (HasFailure())
      return;
  }
}
