//===- GenericTest.cpp - kernel.generic, run and compared -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/lowering/GenericText.h"
#include "tests/compiler/lowering/KernelTest.h"

#include <array>

using namespace tensorc::test;

static const char *const addBody = R"mlir(
    %sum = arith.addf %x0, %x1 : f32
    kernel.yield %sum : f32)mlir";
static const char *const reluBody = R"mlir(
    %zero = arith.constant 0.0 : f32
    %y = arith.maximumf %x0, %zero : f32
    kernel.yield %y : f32)mlir";

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

TEST(Elementwise, AddsDenseTensors) {
  std::string map = "d0, d1, d2, d3";
  checkKernel(generic(4, {{"3x4x5x7", map}, {"3x4x5x7", map}},
                      {{"3x4x5x7", map}}, "", addBody),
              {.optLevels = {0, 3}});
}

TEST(Elementwise, HandlesEveryLength) {
  for (int n :
       {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 130, 511, 9000})
    checkKernel(generic(1,
                        {{std::to_string(n), "d0"}, {std::to_string(n), "d0"}},
                        {{std::to_string(n), "d0"}}, "", addBody));
}

TEST(Elementwise, KeepsSpecialValues) {
  checkKernel(generic(1, {{"77", "d0"}}, {{"77", "d0"}}, "", reluBody),
              {.specials = true});
}

TEST(Elementwise, BroadcastsRowsAndColumns) {
  checkKernel(generic(2, {{"5x33", "d0, d1"}, {"33", "d1"}},
                      {{"5x33", "d0, d1"}}, "", addBody));
  checkKernel(generic(2, {{"5x33", "d0, d1"}, {"5", "d0"}},
                      {{"5x33", "d0, d1"}}, "", addBody));
  checkKernel(generic(2, {{"5x33", "d0, d1"}, {"", ""}}, {{"5x33", "d0, d1"}},
                      "", addBody));
}

TEST(Elementwise, Transposes) {
  checkKernel(generic(2, {{"37x21", "d1, d0"}, {"21x37", "d0, d1"}},
                      {{"21x37", "d0, d1"}}, "", addBody));
  checkKernel(generic(3, {{"7x6x5", "d2, d1, d0"}, {"5x6x7", "d0, d1, d2"}},
                      {{"6x7x5", "d1, d2, d0"}}, "", addBody));
}

TEST(Elementwise, SlicesAndFlips) {
  // x[2 + 3 * i] + x[40 - i], into every second element.
  checkKernel(generic(1, {{"60", "3 * d0 + 2"}, {"60", "40 - d0"}},
                      {{"41", "2 * d0"}}, "", addBody,
                      "dim_sizes = array<i64: 19>"));
  checkKernel(generic(2, {{"9x40", "d0 + 2, 2 * d1"}, {"7x20", "d0, d1"}},
                      {{"7x20", "d0, d1"}}, "", addBody));
}

TEST(Elementwise, FollowsStridedLayouts) {
  checkKernel(generic(2,
                      {{"6x10", "d0, d1", "f32", "strided<[16, 1], offset: 3>"},
                       {"6x10", "d0, d1", "f32", "strided<[1, 6]>"}},
                      {{"6x10", "d0, d1", "f32", "strided<[40, 2]>"}}, "",
                      addBody));
}

TEST(Elementwise, WorksInPlace) {
  checkKernel(generic(2, {{"6x37", "d0, d1"}, {"37", "d1"}},
                      {{"6x37", "d0, d1"}}, "", addBody),
              {.inPlace = {{2, 0}}});
}

TEST(Elementwise, HasManyOutputs) {
  checkKernel(generic(1, {{"100", "d0"}, {"100", "d0"}},
                      {{"100", "d0"}, {"100", "d0"}}, "", R"mlir(
    %rate = arith.constant 0.125 : f32
    %step = arith.mulf %x1, %rate : f32
    %next = arith.subf %x0, %step : f32
    kernel.yield %next, %step : f32, f32)mlir"),
              {.inPlace = {{2, 0}, {3, 1}}});
}

TEST(Elementwise, TakesRankZero) {
  checkKernel(generic(0, {{"", ""}, {"", ""}}, {{"", ""}}, "", addBody));
}

TEST(Elementwise, FillsWithoutInputs) {
  checkKernel(generic(2, {}, {{"3x37", "d0, d1"}}, "", R"mlir(
    %zero = arith.constant 0.5 : f32
    kernel.yield %zero : f32)mlir"));
}

TEST(Elementwise, KnowsPositions) {
  checkKernel(generic(3, {}, {{"3x5x37", "d0, d1, d2"}}, "", R"mlir(
    %i = kernel.index 0
    %j = kernel.index 2
    %ij = arith.addi %i, %j : index
    %n = arith.index_cast %ij : index to i64
    %y = arith.sitofp %n : i64 to f32
    kernel.yield %y : f32)mlir"));
}

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

TEST(Types, StoresBooleansAsBytes) {
  checkKernel(generic(1, {{"37", "d0"}, {"37", "d0", "i1"}},
                      {{"37", "d0", "i1"}}, "", R"mlir(
    %zero = arith.constant 0.0 : f32
    %positive = arith.cmpf ogt, %x0, %zero : f32
    %both = arith.andi %positive, %x1 : i1
    kernel.yield %both : i1)mlir"));
}

TEST(Types, ComputesInDouble) {
  checkKernel(generic(1, {{"37", "d0", "f64"}, {"37", "d0", "f64"}},
                      {{"37", "d0", "f64"}}, "", R"mlir(
    %y = arith.mulf %x0, %x1 : f64
    kernel.yield %y : f64)mlir"),
              {.tolerance = 1e-14});
}

TEST(Types, WidensHalfPrecision) {
  for (std::string type : {"bf16", "f16"})
    checkKernel(generic(1, {{"77", "d0", type}, {"77", "d0", type}},
                        {{"77", "d0", type}}, "",
                        "%y = arith.addf %x0, %x1 : " + type +
                            "\n kernel.yield %y : " + type),
                {.tolerance = 1e-2, .specials = true});
}

TEST(Types, RoundsBetweenCasts) {
  CheckOptions options;
  options.tolerance = 1e-15;
  options.optLevels = {0, 3};
  checkKernel(generic(1, {{"37", "d0", "f64"}}, {{"37", "d0", "f64"}}, "",
                      R"(
    %0 = arith.truncf %x0 : f64 to f32
    %1 = arith.extf %0 : f32 to f64
    %2 = arith.subf %1, %x0 : f64
    kernel.yield %2 : f64)"),
              options);
}

TEST(Types, ComputesWithIntegers) {
  for (std::string type : {"i8", "i16", "i32", "i64"})
    checkKernel(generic(
        1, {{"77", "d0", type}, {"77", "d0", type}}, {{"77", "d0", type}}, "",
        "%y = arith.muli %x0, %x1 : " + type + "\n kernel.yield %y : " + type));
}

// The last element of a row, stored under a mask of its own, is as narrow as
// the others: what is behind it is somebody else's.
TEST(Types, StoresNarrowTypesOneByOne) {
  for (auto [op, from, to] : {std::array{"trunci", "i16", "i8"},
                              {"trunci", "i32", "i8"},
                              {"trunci", "i32", "i16"},
                              {"trunci", "i64", "i8"},
                              {"trunci", "i64", "i16"},
                              {"trunci", "i64", "i32"},
                              {"fptosi", "f32", "i8"},
                              {"fptosi", "f32", "i16"},
                              {"fptosi", "f64", "i8"},
                              {"truncf", "f32", "bf16"},
                              {"truncf", "f32", "f16"},
                              {"truncf", "f64", "f32"}})
    for (int size : {1, 3, 9, 17, 33, 65})
      checkKernel(generic(1, {{std::to_string(size), "d0", from}},
                          {{std::to_string(size), "d0", to}}, "",
                          std::string("%y = arith.") + op + " %x0 : " + from +
                              " to " + to + "\nkernel.yield %y : " + to),
                  {.tolerance = 1e-2});
}

TEST(Types, ReadsUnsignedBytes) {
  checkKernel(generic(1, {{"100", "d0", "ui8"}}, {{"100", "d0"}}, "", R"mlir(
    %byte = builtin.unrealized_conversion_cast %x0 : ui8 to i8
    %y = arith.uitofp %byte : i8 to f32
    kernel.yield %y : f32)mlir"),
              {.integerLimit = 256});
}

TEST(Types, ConvertsWhatDoesNotFitToTheLeastNumber) {
  for (std::string type : {"i32", "i64"}) {
    std::string bound =
        type == "i32" ? "2147483648.0" : "9223372036854775808.0";
    std::string body = R"mlir(
    %least = arith.constant -BOUND : f32
    %below = arith.constant BOUND : f32
    %scaled = arith.mulf %x0, %below : f32
    %fits = arith.cmpf olt, %scaled, %below : f32
    %high = arith.select %fits, %scaled, %least : f32
    %above = arith.cmpf ogt, %high, %least : f32
    %low = arith.select %above, %high, %least : f32
    %y = arith.fptosi %low : f32 to TYPE
    kernel.yield %y : TYPE)mlir";
    for (auto [from, to] :
         {std::pair<std::string, std::string>("BOUND", bound), {"TYPE", type}})
      for (size_t at; (at = body.find(from)) != std::string::npos;)
        body.replace(at, from.size(), to);
    checkKernel(generic(1, {{"77", "d0"}}, {{"77", "d0", type}}, "", body),
                {.specials = true, .optLevels = {0, 3}});
  }
}

TEST(Types, DividesNothingByZeroInMaskedLanes) {
  checkKernel(generic(1, {{"37", "d0", "i32"}}, {{"37", "d0", "i32"}}, "",
                      R"mlir(
    %one = arith.constant 1 : i32
    %d = arith.addi %x0, %one : i32
    %hundred = arith.constant 100 : i32
    %y = arith.divsi %hundred, %d : i32
    %e = arith.subi %d, %x0 : i32
    %z = arith.divsi %y, %e : i32
    kernel.yield %z : i32)mlir"));
  checkKernel(generic(1, {{"37", "d0", "i32"}, {"37", "d0", "i32"}},
                      {{"37", "d0", "i32"}}, "", R"mlir(
    %seven = arith.constant 7 : i32
    %d = arith.subi %seven, %x0 : i32
    %y = arith.divsi %x1, %d : i32
    kernel.yield %y : i32)mlir"));
  checkKernel(generic(1, {{"5", "d0", "i32"}}, {{"5", "d0", "i32"}}, "",
                      R"mlir(
    %c = arith.constant 3 : i32
    %y = arith.divsi %c, %x0 : i32
    kernel.yield %y : i32)mlir"),
              {.seed = 3, .integerLimit = 1 << 20});
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

static const char *const sumBody = R"mlir(
    %s = kernel.reduce add %x0 : f32
    kernel.yield %s : f32)mlir";
static const char *const softmaxBody = R"mlir(
    %m = kernel.reduce maximum %x0 : f32
    %d = arith.subf %x0, %m : f32
    %e = math.exp %d : f32
    %s = kernel.reduce add %e : f32
    %y = arith.divf %e, %s : f32
    kernel.yield %y : f32)mlir";

static std::string times(int x, int y) {
  return std::to_string(x) + "x" + std::to_string(y);
}

TEST(Reduction, SumsRows) {
  for (int n : {0, 1, 2, 10, 15, 16, 17, 40, 64, 100, 300, 1000})
    checkKernel(
        generic(2, {{times(9, n), "d0, d1"}}, {{"9", "d0"}}, "1", sumBody),
        {.tolerance = 1e-4});
}

TEST(Reduction, SumsColumns) {
  for (int n : {1, 3, 16, 17, 60, 120, 200})
    checkKernel(generic(2, {{times(65, n), "d0, d1"}},
                        {{std::to_string(n), "d1"}}, "0", sumBody));
}

TEST(Reduction, SumsEverything) {
  for (int n : {0, 1, 5, 64, 1001})
    checkKernel(
        generic(2, {{times(3, n), "d0, d1"}}, {{"", ""}}, "0, 1", sumBody),
        {.tolerance = 1e-4});
}

TEST(Reduction, SumsAllButChannels) {
  checkKernel(generic(4, {{"4x6x13x13", "d0, d1, d2, d3"}}, {{"6", "d1"}},
                      "0, 2, 3", sumBody),
              {.tolerance = 1e-4});
}

TEST(Reduction, KeepsNaN) {
  for (std::string combiner : {"maximum", "minimum", "add", "mul"})
    for (int n : {5, 40, 150})
      checkKernel(generic(2, {{times(9, n), "d0, d1"}}, {{"9", "d0"}}, "1",
                          "%s = kernel.reduce " + combiner +
                              " %x0 : f32\n kernel.yield %s : f32"),
                  {.tolerance = 1e-4, .specials = true});
}

TEST(Reduction, CombinesIntegersAndBooleans) {
  for (std::string combiner : {"add", "maximum", "minimum", "and", "or"})
    for (std::string type : {"i32", "i64", "i1"}) {
      if (combiner == "add" && type == "i1")
        continue;
      for (int n : {3, 37, 150})
        checkKernel(generic(
            2, {{times(9, n), "d0, d1", type}}, {{"9", "d0", type}}, "1",
            "%s = kernel.reduce " + combiner + " %x0 : " + type +
                "\n kernel.yield %s : " + type));
    }
}

TEST(Reduction, CombinesBytesAsUnsigned) {
  for (std::string combiner : {"umaximum", "uminimum", "add"})
    for (int n : {3, 37, 150}) {
      std::string body = "%s = kernel.reduce " + combiner +
                         " %x0 : ui8\n kernel.yield %s : ui8";
      checkKernel(generic(2, {{times(9, n), "d0, d1", "ui8"}},
                          {{"9", "d0", "ui8"}}, "1", body),
                  {.integerLimit = 256});
      checkKernel(generic(2, {{times(n, 65), "d1, d0", "ui8"}},
                          {{"65", "d0", "ui8"}}, "1", body),
                  {.integerLimit = 256});
    }
}

TEST(Reduction, PassesOverRowsSeveralTimes) {
  for (int n : {1, 10, 16, 33, 100, 500})
    for (int rows : {1, 3, 64})
      checkKernel(generic(2, {{times(rows, n), "d0, d1"}},
                          {{times(rows, n), "d0, d1"}}, "1", softmaxBody));
  // Along the columns, and in place.
  checkKernel(generic(2, {{"50x33", "d0, d1"}}, {{"50x33", "d0, d1"}}, "0",
                      softmaxBody));
  checkKernel(generic(2, {{"6x300", "d0, d1"}}, {{"6x300", "d0, d1"}}, "1",
                      softmaxBody),
              {.inPlace = {{1, 0}}});
}

TEST(Reduction, YieldsRowsAndPoints) {
  for (int n : {10, 100})
    checkKernel(generic(2, {{times(9, n), "d0, d1"}, {"9", "d0"}},
                        {{times(9, n), "d0, d1"}, {"9", "d0"}}, "1", R"mlir(
    %y = arith.mulf %x0, %x1 : f32
    %s = kernel.reduce add %y : f32
    %t = arith.addf %s, %x1 : f32
    kernel.yield %y, %t : f32, f32)mlir"),
                {.tolerance = 1e-4});
}

TEST(Reduction, ComputesCrossEntropy) {
  for (int classes : {10, 100})
    for (int rows : {1, 7, 64})
      checkKernel(generic(2,
                          {{times(rows, classes), "d0, d1"},
                           {std::to_string(rows), "d0", "i64"}},
                          {{std::to_string(rows), "d0"}}, "1", R"mlir(
    %m = kernel.reduce maximum %x0 : f32
    %d = arith.subf %x0, %m : f32
    %e = math.exp %d : f32
    %s = kernel.reduce add %e : f32
    %i = kernel.index 1
    %c = arith.index_cast %i : index to i64
    %hit = arith.cmpi eq, %c, %x1 : i64
    %zero = arith.constant 0.0 : f32
    %p = arith.select %hit, %d, %zero : f32
    %t = kernel.reduce add %p : f32
    %l = math.log %s : f32
    %loss = arith.subf %l, %t : f32
    kernel.yield %loss : f32)mlir"));
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

static const char *const maxPoolBody = R"mlir(
    %m = kernel.reduce maximum %x0 : f32
    kernel.yield %m : f32)mlir";
/// The gradient of a window goes to its first maximum.
static const char *const maxPoolBackwardBody = R"mlir(
    %m = kernel.reduce maximum %x0 : f32
    %equal = arith.cmpf oeq, %x0, %m : f32
    %nan = arith.cmpf uno, %x0, %x0 : f32
    %is = arith.ori %equal, %nan : i1
    %h = kernel.index 4
    %w = kernel.index 5
    %two = arith.constant 2 : index
    %row = arith.muli %h, %two : index
    %at = arith.addi %row, %w : index
    %position = arith.index_cast %at : index to i32
    %big = arith.constant 1000 : i32
    %candidate = arith.select %is, %position, %big : i32
    %first = kernel.reduce minimum %candidate : i32
    %here = arith.cmpi eq, %position, %first : i32
    %zero = arith.constant 0.0 : f32
    %g = arith.select %here, %x1, %zero : f32
    kernel.yield %g : f32)mlir";

TEST(Window, TakesMaxima) {
  checkKernel(generic(6, {{"2x3x30x30", "d0, d1, 2 * d2 + d4, 2 * d3 + d5"}},
                      {{"2x3x15x15", "d0, d1, d2, d3"}}, "4, 5", maxPoolBody,
                      "dim_sizes = array<i64: -1, -1, -1, -1, 2, 2>"),
              {.specials = true});
  checkKernel(generic(6, {{"1x4x13x13", "d0, d1, 2 * d2 + d4, 2 * d3 + d5"}},
                      {{"1x4x6x6", "d0, d1, d2, d3"}}, "4, 5", maxPoolBody,
                      "dim_sizes = array<i64: -1, -1, -1, -1, 2, 2>"));
  // Overlapping windows, stride 3 and dilation.
  checkKernel(generic(6, {{"2x3x20x50", "d0, d1, d2 + d4, 3 * d3 + 2 * d5"}},
                      {{"2x3x18x15", "d0, d1, d2, d3"}}, "4, 5", maxPoolBody,
                      "dim_sizes = array<i64: -1, -1, -1, -1, 3, 3>"));
  // Too large to unroll.
  checkKernel(generic(6, {{"1x2x20x40", "d0, d1, d2 + d4, d3 + d5"}},
                      {{"1x2x10x30", "d0, d1, d2, d3"}}, "4, 5", maxPoolBody,
                      "dim_sizes = array<i64: -1, -1, -1, -1, 11, 11>"));
}

TEST(Window, SendsGradientsToTheFirstMaximum) {
  for (std::string size : {"12", "30", "34", "66"}) {
    std::string half = std::to_string(std::stoi(size) / 2);
    std::string window = "d0, d1, 2 * d2 + d4, 2 * d3 + d5";
    checkKernel(generic(6,
                        {{"2x3x" + size + "x" + size, window},
                         {"2x3x" + half + "x" + half, "d0, d1, d2, d3"}},
                        {{"2x3x" + size + "x" + size, window}}, "4, 5",
                        maxPoolBackwardBody,
                        "dim_sizes = array<i64: -1, -1, -1, -1, 2, 2>"),
                {.specials = size == "12"});
  }
}

//===----------------------------------------------------------------------===//
// Dynamic sizes
//===----------------------------------------------------------------------===//

TEST(Dynamic, RunsElementwise) {
  std::string body = generic(2, {{"?x?", "d0, d1"}, {"?", "d1"}},
                             {{"?x?", "d0, d1"}}, "", addBody);
  for (auto [rows, columns] : {std::pair<int64_t, int64_t>{3, 37},
                               {1, 16},
                               {5, 1},
                               {0, 7},
                               {7, 0},
                               {2, 10000},
                               {300, 64}})
    checkKernel(body,
                {.dynamic = {{rows, columns}, {columns}, {rows, columns}}});
}

TEST(Dynamic, MergesDenseDimensions) {
  std::string map = "d0, d1, d2";
  std::string body = generic(3, {{"?x?x?", map}, {"?x?x?", map}},
                             {{"?x?x?", map}}, "", addBody);
  checkKernel(body, {.dynamic = {{3, 5, 7}, {3, 5, 7}, {3, 5, 7}}});
  checkKernel(body, {.dynamic = {{3, 1, 70}, {3, 1, 70}, {3, 1, 70}}});
}

TEST(Dynamic, FollowsDynamicStrides) {
  checkKernel(generic(2,
                      {{"?x?", "d0, d1", "f32", "strided<[?, ?], offset: ?>"},
                       {"?x?", "d0, d1"}},
                      {{"?x?", "d0, d1", "f32", "strided<[?, 1]>"}}, "",
                      addBody),
              {.dynamic = {{6, 37, 1, 6, 5}, {6, 37}, {6, 37, 40}}});
}

TEST(Dynamic, Reduces) {
  std::string rows =
      generic(2, {{"?x?", "d0, d1"}}, {{"?", "d0"}}, "1", sumBody);
  std::string columns =
      generic(2, {{"?x?", "d0, d1"}}, {{"?", "d1"}}, "0", sumBody);
  std::string softmax =
      generic(2, {{"?x?", "d0, d1"}}, {{"?x?", "d0, d1"}}, "1", softmaxBody);
  for (auto [m, n] : {std::pair<int64_t, int64_t>{5, 37},
                      {1, 1},
                      {64, 10},
                      {3, 0},
                      {0, 3},
                      {9, 300}}) {
    checkKernel(rows, {.dynamic = {{m, n}, {m}}, .tolerance = 1e-4});
    checkKernel(columns, {.dynamic = {{m, n}, {n}}, .tolerance = 1e-4});
    checkKernel(softmax, {.dynamic = {{m, n}, {m, n}}});
  }
}

TEST(Dynamic, Pools) {
  checkKernel(generic(6, {{"?x?x?x?", "d0, d1, 2 * d2 + d4, 2 * d3 + d5"}},
                      {{"?x?x?x?", "d0, d1, d2, d3"}}, "4, 5", maxPoolBody,
                      "dim_sizes = array<i64: -1, -1, -1, -1, 2, 2>"),
              {.dynamic = {{2, 3, 30, 46}, {2, 3, 15, 23}}});
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

TEST(Check, GivesTheStatus) {
  auto labels = [](int64_t limit) {
    return generic(1, {{"37", "d0", "i64"}}, {{"37", "d0", "i64"}}, "",
                   "%n = arith.constant " + std::to_string(limit) +
                       R"mlir( : i64
    %in = arith.cmpi slt, %x0, %n : i64
    scalar.check %in, 5
    kernel.yield %x0 : i64)mlir");
  };
  checkKernel(labels(7));
  checkKernel(labels(6));
  checkKernel(labels(1));
  // At each point of a row, in one of its passes; and for the row.
  for (std::string limit : {"7", "3"})
    checkKernel(generic(2, {{"9x37", "d0, d1", "i64"}, {"9", "d0", "i64"}},
                        {{"9", "d0", "i64"}}, "1",
                        "%n = arith.constant " + limit + R"mlir( : i64
    %in = arith.cmpi slt, %x0, %n : i64
    scalar.check %in, 5
    %s = kernel.reduce maximum %x0 : i64
    %row = arith.cmpi slt, %x1, %n : i64
    scalar.check %row, 5
    kernel.yield %s : i64)mlir"));
}
