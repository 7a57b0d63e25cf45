//===- ScheduleTest.cpp - What GPU schedules do with larger kernels -------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/lowering/ContractText.h"
#include "tests/compiler/lowering/GenericText.h"
#include "tests/compiler/lowering/KernelTest.h"

using namespace tensorc::test;

static std::string addBody(const std::string &type) {
  return "%y = arith.addf %x0, %x1 : " + type + "\n kernel.yield %y : " + type;
}

TEST(GpuElementwise, ReadsAndWritesPacks) {
  for (std::string type : {"f32", "f16", "bf16", "f64"})
    checkKernel(generic(2, {{"64x512", "d0, d1", type}, {"512", "d1", type}},
                        {{"64x512", "d0, d1", type}}, "", addBody(type)),
                {.tolerance = type == "f64" ? 1e-14 : 1e-2});
  // The offset keeps one operand from being read in packs of four.
  checkKernel(
      generic(2,
              {{"40x512", "d0, d1", "f32", "strided<[516, 1], offset: 2>"},
               {"40x512", "d0, d1"}},
              {{"40x512", "d0, d1"}}, "", addBody("f32")));
  checkKernel(generic(2, {{"512x64", "d1, d0"}, {"64x512", "d0, d1"}},
                      {{"64x512", "d0, d1"}}, "", addBody("f32")));
  checkKernel(generic(2, {{"64x512", "d0, d1"}, {"64x512", "d0, d1", "i1"}},
                      {{"64x512", "d0, d1"}}, "", R"mlir(
    %zero = arith.constant 0.0 : f32
    %y = arith.select %x1, %x0, %zero : f32
    kernel.yield %y : f32)mlir"),
              {.inPlace = {{2, 0}}});
}

TEST(GpuElementwise, KnowsPositionsInPacks) {
  checkKernel(generic(2, {{"64x512", "d0, d1"}}, {{"64x512", "d0, d1"}}, "",
                      R"mlir(
    %i = kernel.index 0
    %j = kernel.index 1
    %ij = arith.muli %i, %j : index
    %n = arith.index_cast %ij : index to i64
    %z = arith.sitofp %n : i64 to f32
    %y = arith.addf %x0, %z : f32
    kernel.yield %y : f32)mlir"));
}

static std::string softmax(int64_t rows, int64_t row, bool columns) {
  std::string shape = columns
                          ? std::to_string(row) + "x" + std::to_string(rows)
                          : std::to_string(rows) + "x" + std::to_string(row);
  std::string map = columns ? "d1, d0" : "d0, d1";
  return generic(2, {{shape, map}}, {{shape, map}}, "1", R"mlir(
    %max = kernel.reduce maximum %x0 : f32
    %d = arith.subf %x0, %max : f32
    %e = math.exp %d : f32
    %sum = kernel.reduce add %e : f32
    %y = arith.divf %e, %sum : f32
    kernel.yield %y : f32)mlir");
}

TEST(GpuReduction, SharesRowsAmongThreads) {
  // Threads, warps, blocks of several sizes; whole and odd rows.
  for (auto [rows, row] : std::vector<std::pair<int64_t, int64_t>>{
           {300, 10}, {40, 100}, {67, 300}, {5, 1024}, {3, 5000}, {1, 20001}})
    for (bool columns : {false, true})
      checkKernel(softmax(rows, row, columns));
  checkKernel(softmax(300, 2000, true));
}

TEST(GpuReduction, WorksInPlace) {
  for (auto [rows, row] : {std::pair<int64_t, int64_t>{20, 100}, {3, 3000}})
    checkKernel(softmax(rows, row, false), {.inPlace = {{1, 0}}});
}

TEST(GpuReduction, CombinesAnything) {
  for (std::string type : {"i8", "i32", "i64", "f64", "i1"})
    for (std::string combiner : {"add", "maximum", "minimum", "and"}) {
      bool isFloat = type == "f64", isLogical = combiner == "and";
      if (isFloat == isLogical && isFloat)
        continue;
      if (type == "i1" && combiner == "add")
        continue;
      checkKernel(generic(2, {{"7x600", "d0, d1", type}}, {{"7", "d0", type}},
                          "1",
                          "%r = kernel.reduce " + combiner + " %x0 : " + type +
                              "\n kernel.yield %r : " + type),
                  {.tolerance = 1e-11});
    }
}

TEST(GpuReduction, SumsColumnsIntoOutputs) {
  checkKernel(generic(2, {{"700x64", "d1, d0"}, {"64", "d0"}}, {{"64", "d0"}},
                      "1", R"mlir(
    %sum = kernel.reduce add %x0 : f32
    %y = arith.addf %sum, %x1 : f32
    kernel.yield %y : f32)mlir"),
              {.inPlace = {{2, 1}}});
  // Images' channels.
  checkKernel(generic(4, {{"9x6x14x14", "d1, d0, d2, d3"}}, {{"6", "d0"}},
                      "1, 2, 3", R"mlir(
    %sum = kernel.reduce add %x0 : f32
    kernel.yield %sum : f32)mlir"));
}

TEST(GpuReduction, ReportsFailedChecks) {
  for (int64_t limit : {5, 9})
    checkKernel(generic(2, {{"70x300", "d0, d1", "i64"}}, {{"70", "d0", "i64"}},
                        "1",
                        "%limit = arith.constant " + std::to_string(limit) +
                            " : i64\n"
                            "%ok = arith.cmpi slt, %x0, %limit : i64\n"
                            "scalar.check %ok, 5\n"
                            "%sum = kernel.reduce add %x0 : i64\n"
                            "kernel.yield %sum : i64"));
}

static ContractText matmul(int64_t m, int64_t n, int64_t k, bool transposed) {
  ContractText text;
  text.sizes = {m, n, k};
  text.lhs = {{"d0", "d2"}, {m, k}};
  if (transposed)
    text.rhs = {{"d1", "d2"}, {n, k}};
  else
    text.rhs = {{"d2", "d1"}, {k, n}};
  text.extras.push_back({{"d1"}, {n}});
  text.output = {{"d0", "d1"}, {m, n}};
  text.epilogue = ContractText::Epilogue::Relu;
  return text;
}

static void check(const ContractText &text, double tolerance = 5e-4,
                  bool tf32 = false) {
  CheckOptions options;
  options.tf32 = tf32;
  options.tolerance = tolerance;
  options.dynamic = text.dynamicValues();
  checkKernel(text.str(), options);
}

TEST(GpuContract, FillsTilesOfEachShape) {
  for (bool transposed : {false, true})
    for (auto [m, n, k] : std::vector<std::array<int64_t, 3>>{{128, 128, 32},
                                                              {130, 150, 20},
                                                              {64, 64, 48},
                                                              {70, 60, 33},
                                                              {32, 36, 31},
                                                              {12, 260, 24},
                                                              {256, 16, 40},
                                                              {5, 300, 9}})
      check(matmul(m, n, k, transposed));
}

TEST(GpuContract, ComputesInEveryType) {
  for (std::string type : {"f64", "bf16", "f16", "i32"}) {
    ContractText text = matmul(70, 132, 24, false);
    text.type = type;
    if (type == "i32")
      text.epilogue = ContractText::Epilogue::Add;
    check(text, type == "bf16" ? 3e-2 : type == "f16" ? 5e-3 : 1e-11);
  }
}

TEST(GpuContract, SharesLongSums) {
  check(matmul(3, 5, 3000, true), 2e-3);
  check(matmul(1, 70, 500, true), 2e-3);
}

TEST(GpuContract, ComputesPartsOfSums) {
  // As split sums are: the parts are a batch, and one dimension with what is
  // left of the sum in both factors.
  auto parts = [](int64_t m, int64_t n, int64_t count, int64_t inner) {
    ContractText text;
    text.sizes = {count, m, n, inner};
    text.dimSizes = {-1, -1, -1, inner};
    std::string sum = "d0 * " + std::to_string(inner) + " + d3";
    text.lhs = {{"d1", sum}, {m, count * inner}};
    text.rhs = {{"d2", sum}, {n, count * inner}};
    text.output = {{"d0", "d1", "d2"}, {count, m, n}};
    return text;
  };
  check(parts(6, 9, 40, 30));
  check(parts(40, 70, 3, 100));
  check(parts(1, 1, 70, 50));
  // All of it in parts: nothing is left to be summed up.
  check(parts(6, 9, 30, 1));
}

TEST(GpuContract, UsesTensorCores) {
  for (std::string type : {"bf16", "f16"})
    for (bool transposed : {false, true})
      for (auto [m, n, k] : std::vector<std::array<int64_t, 3>>{
               {256, 128, 64}, {130, 264, 40}, {64, 72, 33}, {17, 30, 100}}) {
        ContractText text = matmul(m, n, k, transposed);
        text.type = type;
        check(text, type == "bf16" ? 3e-2 : 5e-3);
      }
}

// Each operand lies along the depth or along its rows or columns.
TEST(GpuContract, ReadsMatricesEitherWay) {
  for (std::string type : {"bf16", "f16", "f32"})
    for (bool lhsTurned : {false, true})
      for (bool rhsTurned : {false, true}) {
        ContractText text = matmul(40, 72, 48, rhsTurned);
        text.type = type;
        if (lhsTurned)
          text.lhs = {{"d2", "d0"}, {48, 40}};
        check(text, type == "f16" ? 5e-3 : 3e-2, /*tf32=*/true);
      }
}

// Whole tiles and parts of them; fewer and more parts of the depth than are
// under way; each operand along the depth and along its rows or columns.
TEST(GpuContract, MultipliesInWarpgroups) {
  for (auto [m, n, k] : std::vector<std::array<int64_t, 3>>{
           {64, 64, 16}, {136, 272, 264}, {72, 152, 136}})
    for (bool lhsTurned : {false, true})
      for (bool rhsTurned : {false, true}) {
        if (m == 64 && lhsTurned != rhsTurned)
          continue;
        ContractText text = matmul(m, n, k, rhsTurned);
        text.type = lhsTurned == rhsTurned ? "bf16" : "f16";
        if (lhsTurned)
          text.lhs = {{"d2", "d0"}, {k, m}};
        check(text, text.type == "bf16" ? 3e-2 : 5e-3);
      }
}

// A convolution over rows of points that have 16 channels.
TEST(GpuContract, GathersForWarpgroups) {
  for (std::string type : {"bf16", "f16"}) {
    ContractText text;
    text.sizes = {3, 128, 40, 5, 16};
    text.type = type;
    text.lhs = {{"d0", "d2 + d3", "d4"}, {3, 44, 16}};
    text.rhs = {{"d1", "d3", "d4"}, {128, 5, 16}};
    text.output = {{"d0", "d2", "d1"}, {3, 40, 128}};
    check(text, 3e-2);
  }
}

TEST(GpuContract, MultipliesAsTF32) {
  for (bool transposed : {false, true})
    for (auto [m, n, k] : std::vector<std::array<int64_t, 3>>{
             {128, 128, 64}, {130, 140, 40}, {64, 72, 33}, {17, 30, 100}})
      check(matmul(m, n, k, transposed), 1e-2, /*tf32=*/true);
}

// Fewer and more parts of the depth than are under way at once.
TEST(GpuContract, CopiesAheadOfProducts) {
  for (std::string type : {"f32", "f16"})
    for (int64_t k : {8, 32, 64, 72, 96, 128, 200}) {
      ContractText text = matmul(32, 64, k, false);
      text.type = type;
      check(text, type == "f16" ? 5e-3 : 5e-4);
    }
}
