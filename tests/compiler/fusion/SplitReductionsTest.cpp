//===- SplitReductionsTest.cpp - Split reductions mean the same -----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/fusion/FusionCheck.h"

#include "llvm/ADT/STLExtras.h"
#include <gtest/gtest.h>

using namespace tensorc::test;

namespace {

struct Buffer {
  std::string type; ///< `6x64x30xf32`
  std::string map;  ///< `i, j`
};

/// A program that launches one kernel: `op` is `generic` or `contract`, the
/// extras (of a contract) are the inputs from the third one on.
std::string program(const std::string &op, const std::string &dims,
                    const std::vector<Buffer> &inputs,
                    const std::vector<Buffer> &outputs,
                    const std::string &attributes, const std::string &body) {
  struct List {
    std::string names, types;
    void add(const std::string &name, const std::string &type) {
      names += (names.empty() ? "" : ", ") + name;
      types += (types.empty() ? "" : ", ") + type;
    }
    std::string text() const { return names + " : " + types; }
  };
  List ins, extras, outs, allInputs;
  std::string parameters, maps;
  for (const auto *buffers : {&inputs, &outputs})
    for (size_t i = 0; i < buffers->size(); ++i) {
      const Buffer &buffer = (*buffers)[i];
      bool isInput = buffers == &inputs;
      std::string name = (isInput ? "%in" : "%out") + std::to_string(i);
      std::string type = "memref<" + buffer.type + ">";
      std::string comma = parameters.empty() ? "" : ", ";
      (!isInput                    ? outs
       : op == "contract" && i > 1 ? extras
                                   : ins)
          .add(name, type);
      if (isInput)
        allInputs.add(name, type);
      parameters += comma + name + ": " + type;
      maps += comma + "affine_map<(" + dims + ") -> (" + buffer.map + ")>";
    }
  return "kernel.func @k(" + parameters + ") {\n  kernel." + op + " ins(" +
         ins.text() + ") " +
         (extras.names.empty() ? "" : "extras(" + extras.text() + ") ") +
         "outs(" + outs.text() + ") attributes {indexing_maps = [" + maps +
         "]" + attributes + "} {\n" + body +
         "  }\n  kernel.return\n}\nkernel.program @p(" + parameters +
         ") {\n  kernel.launch @k ins(" + allInputs.text() + ") outs(" +
         outs.text() + ")\n  kernel.return\n}\n";
}

/// A reduction of rows.
std::string rows(const std::string &type, const std::string &combiner) {
  return program("generic", "i, j, k", {{"4x18x10x" + type, "i, j, k"}},
                 {{"4x" + type, "i"}}, ", reduction_dims = array<i64: 1, 2>",
                 "^bb0(%x: " + type + "):\n  %r = kernel.reduce " + combiner +
                     " %x : " + type + "\n  kernel.yield %r : " + type + "\n");
}

} // namespace

TEST(SplitReductions, CombinesAnything) {
  for (std::string combiner : {"add", "mul", "maximum", "minimum"})
    EXPECT_EQ(checkSplit(rows("f64", combiner), 64, 4, {.tolerance = 1e-13}),
              2u);
  for (std::string type : {"i8", "i32", "i64"})
    for (std::string combiner : {"add", "mul", "maximum", "minimum"})
      EXPECT_EQ(checkSplit(rows(type, combiner), 64, 4, {.tolerance = 0}), 2u);
  for (std::string combiner : {"add", "mul", "umaximum", "uminimum"})
    EXPECT_EQ(checkSplit(rows("ui8", combiner), 64, 4,
                         {.tolerance = 0, .integerLimit = 256}),
              2u);
  for (std::string combiner : {"and", "or"})
    EXPECT_EQ(checkSplit(rows("i1", combiner), 64, 4,
                         {.tolerance = 0, .integerLimit = 2}),
              2u);
}

TEST(SplitReductions, SplitsContractions) {
  // A batch, rows and columns; the sum is over two dimensions.
  std::string text = program(
      "contract", "b, m, n, k, l",
      {{"2x5x12x7xf64", "b, m, k, l"},
       {"2x12x7x3xf64", "b, k, l, n"},
       {"3xf64", "n"}},
      {{"5x2x3xf64", "m, b, n"}}, "",
      "^bb0(%sum: f64, %x: f64):\n  %i = kernel.index 1\n"
      "  %j = arith.index_cast %i : index to i64\n"
      "  %f = arith.sitofp %j : i64 to f64\n"
      "  %y = arith.addf %sum, %x : f64\n  %z = arith.mulf %y, %f : f64\n"
      "  kernel.yield %z : f64\n");
  for (int64_t workers : {4, 5, 24, 60, 168, 1000})
    EXPECT_EQ(checkSplit(text, workers, 1, {.tolerance = 1e-13}), 2u);
  std::string whole = program("contract", "m, n, k",
                              {{"3x40xi32", "m, k"}, {"4x40xi32", "n, k"}},
                              {{"3x4xi32", "m, n"}}, "",
                              "^bb0(%sum: i32):\n  kernel.yield %sum : i32\n");
  EXPECT_EQ(checkSplit(whole, 20, 1, {.tolerance = 0}), 2u);
  // Windows, and a side of size 1.
  std::string windows =
      program("contract", "o, c, h, n, k",
              {{"8x6x15xf64", "n, o, k"}, {"8x1x17xf64", "n, c, h + k"}},
              {{"6x1x3xf64", "o, c, h"}}, "",
              "^bb0(%sum: f64):\n  kernel.yield %sum : f64\n");
  for (int64_t workers : {8, 24, 120})
    EXPECT_EQ(checkSplit(windows, workers, 1, {.tolerance = 1e-13}), 2u);
}

TEST(SplitReductions, KeepsBodies) {
  // Two reductions, of a row's value and positions, too; what follows reads
  // rows and makes two outputs.
  std::string text = program(
      "generic", "i, j", {{"3x40xf64", "i, j"}, {"3xf64", "i"}, {"f64", ""}},
      {{"3xf64", "i"}, {"3xf64", "i"}}, ", reduction_dims = array<i64: 1>",
      "^bb0(%x: f64, %mean: f64, %scale: f64):\n"
      "  %d = arith.subf %x, %mean : f64\n  %s = arith.mulf %d, %d : f64\n"
      "  %j = kernel.index 1\n  %i = kernel.index 0\n"
      "  %ji = arith.addi %j, %i : index\n"
      "  %n = arith.index_cast %ji : index to i64\n"
      "  %f = arith.sitofp %n : i64 to f64\n"
      "  %w = arith.mulf %s, %f : f64\n"
      "  %sum = kernel.reduce add %w : f64\n"
      "  %most = kernel.reduce maximum %d : f64\n"
      "  %a = arith.mulf %sum, %scale : f64\n"
      "  %b = arith.addf %a, %mean : f64\n"
      "  kernel.yield %b, %most : f64, f64\n");
  for (int64_t workers : {9, 15, 60, 120})
    EXPECT_EQ(checkSplit(text, workers, 1, {.tolerance = 1e-13}), 2u);
  // All of it is one number.
  std::string all =
      program("generic", "i, j", {{"30x16xf64", "i, j"}}, {{"f64", ""}},
              ", reduction_dims = array<i64: 0, 1>",
              "^bb0(%x: f64):\n  %s = kernel.reduce add %x : f64\n"
              "  kernel.yield %s : f64\n");
  for (int64_t workers : {7, 30, 59, 480})
    EXPECT_EQ(checkSplit(all, workers, 1, {.tolerance = 1e-13}), 2u);
}

TEST(SplitReductions, KeepsWhatGraphsReduce) {
  std::string x = "tensor<3x40xf64>";
  std::string body, names, types;
  auto add = [&](const std::string &op, const std::string &attributes,
                 const std::string &element) {
    std::string type = "tensor<3x" + element + ">";
    std::string operand = element == "i1" ? "%mask" : "%x";
    body += "  %" + op + " = graph." + op + " " + operand + " {" + attributes +
            ", keepdim = false} : (" +
            (element == "i1" ? "tensor<3x40xi1>" : x) + ") -> " + type + "\n";
    names += (names.empty() ? "%" : ", %") + op;
    types += (types.empty() ? "" : ", ") + type;
  };
  for (std::string op : {"sum", "prod", "amax", "amin"})
    add(op, "dims = array<i64: 1>", "f64");
  for (std::string op : {"any", "all"})
    add(op, "dims = array<i64: 1>", "i1");
  add("argmax", "dim = 1 : i64", "i64");
  checkFusion("func.func @f(%x: " + x + ", %mask: tensor<3x40xi1>) -> (" +
                  types + ") {\n" + body + "  return " + names + " : " + types +
                  "\n}",
              0, {.tolerance = 1e-12});
}

namespace {

/// A sum of rows of 3 x 40 in two axes, and kernels that read it: each a map of
/// its own, for `[4, 3]` results, and whether it is launched.
std::string readers(const std::vector<std::string> &maps) {
  std::string text = R"(
kernel.func @rows(%x: memref<3x4x40xf64>, %y: memref<3x4xf64>) {
  kernel.generic ins(%x : memref<3x4x40xf64>) outs(%y : memref<3x4xf64>)
    attributes {indexing_maps = [affine_map<(i, j, k) -> (i, j, k)>, affine_map<(i, j, k) -> (i, j)>],
                reduction_dims = array<i64: 2>} {
  ^bb0(%a: f64):
    %i = kernel.index 0
    %n = arith.index_cast %i : index to i64
    %f = arith.sitofp %n : i64 to f64
    %s = kernel.reduce add %a : f64
    %r = arith.subf %s, %f : f64
    kernel.yield %r : f64
  }
  kernel.return
}
)";
  std::string outputs, launches;
  for (auto [number, map] : llvm::enumerate(maps)) {
    std::string k = std::to_string(number);
    text += "kernel.func @reader" + k +
            "(%x: memref<4x3xf64>, %y: memref<3x4xf64>, %u: memref<4x3xf64>, "
            "%v: memref<4x3xf64>) {\n"
            "  kernel.generic ins(%x, %y : memref<4x3xf64>, memref<3x4xf64>) "
            "outs(%u, %v : memref<4x3xf64>, memref<4x3xf64>) attributes {"
            "indexing_maps = [affine_map<(i, j) -> (i, j)>, "
            "affine_map<(i, j) -> (" +
            map +
            ")>, affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], "
            "reduction_dims = array<i64>} {\n"
            "  ^bb0(%a: f64, %b: f64):\n"
            "    %i = kernel.index 0\n"
            "    %n = arith.index_cast %i : index to i64\n"
            "    %f = arith.sitofp %n : i64 to f64\n"
            "    %p = arith.mulf %b, %f : f64\n"
            "    %q = arith.addf %p, %a : f64\n"
            "    kernel.yield %q, %b : f64, f64\n  }\n  kernel.return\n}\n";
    outputs += ", %u" + k + ": memref<4x3xf64>, %v" + k + ": memref<4x3xf64>";
    launches += "  kernel.launch @reader" + k +
                " ins(%b, %s : memref<4x3xf64>, memref<3x4xf64>) outs(%u" + k +
                ", %v" + k + " : memref<4x3xf64>, memref<4x3xf64>)\n";
  }
  return text +
         "kernel.program @p(%a: memref<3x4x40xf64>, %b: memref<4x3xf64>" +
         outputs + ") {\n  %s = kernel.alloc : memref<3x4xf64>\n" +
         "  kernel.launch @rows ins(%a : memref<3x4x40xf64>) "
         "outs(%s : memref<3x4xf64>)\n" +
         launches + "  kernel.return\n}\n";
}

} // namespace

TEST(SplitReductions, HasTheOnlyReaderCombineTheParts) {
  FusionOptions options = {.tolerance = 1e-13};
  // Parts, and their sum with what reads it, whose axes are turned.
  EXPECT_EQ(checkSplit(readers({"j, i"}), 60, 1, options), 2u);
  // Two readers, and one that would add up the same parts again and again.
  EXPECT_EQ(checkSplit(readers({"j, i", "j, i"}), 60, 1, options), 4u);
  EXPECT_EQ(checkSplit(readers({"0, i"}), 60, 1, options), 3u);
}

TEST(SplitReductions, LeavesOthersAlone) {
  // A prime number has no parts.
  std::string prime =
      program("generic", "i", {{"499xf64", "i"}}, {{"f64", ""}},
              ", reduction_dims = array<i64: 0>",
              "^bb0(%x: f64):\n  %s = kernel.reduce add %x : f64\n"
              "  kernel.yield %s : f64\n");
  EXPECT_EQ(checkSplit(prime, 60, 1), 1u);
  // Enough rows, or too little work.
  EXPECT_EQ(checkSplit(rows("f64", "add"), 7, 4), 1u);
  EXPECT_EQ(checkSplit(rows("f64", "add"), 64, 23), 1u);
  // One reduction after another, and an output for each point.
  std::string chain = program(
      "generic", "i, j", {{"2x60xf64", "i, j"}}, {{"2xf64", "i"}},
      ", reduction_dims = array<i64: 1>",
      "^bb0(%x: f64):\n  %m = kernel.reduce maximum %x : f64\n"
      "  %d = arith.subf %x, %m : f64\n  %s = kernel.reduce add %d : f64\n"
      "  kernel.yield %s : f64\n");
  EXPECT_EQ(checkSplit(chain, 60, 1), 1u);
  std::string points =
      program("generic", "i, j", {{"2x60xf64", "i, j"}}, {{"2x60xf64", "i, j"}},
              ", reduction_dims = array<i64: 1>",
              "^bb0(%x: f64):\n  %s = kernel.reduce add %x : f64\n"
              "  %y = arith.divf %x, %s : f64\n  kernel.yield %y : f64\n");
  EXPECT_EQ(checkSplit(points, 60, 1), 1u);
  // Sums that would be rounded to bf16 between the two; a maximum isn't.
  EXPECT_EQ(checkSplit(rows("bf16", "add"), 64, 4), 1u);
  EXPECT_EQ(checkSplit(rows("bf16", "maximum"), 64, 4, {.tolerance = 0}), 2u);
}
