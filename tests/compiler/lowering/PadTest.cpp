//===- PadTest.cpp - kernel.pad, run and compared -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/lowering/KernelTest.h"

using namespace tensorc::test;

static std::string pad(const std::string &input, const std::string &output,
                       const std::string &low, const std::string &interior,
                       const std::string &value) {
  return "kernel.func @k(%x: memref<" + input + ">, %y: memref<" + output +
         ">) {\n  kernel.pad %x into %y {low = array<i64" +
         (low.empty() ? "" : ": " + low) + ">, interior = array<i64" +
         (interior.empty() ? "" : ": " + interior) + ">, value = " + value +
         "} : memref<" + input + ">, memref<" + output +
         ">\n  kernel.return\n}\n";
}

TEST(Pad, SurroundsImages) {
  checkKernel(pad("2x3x28x28xf32", "2x3x32x32xf32", "0, 0, 2, 2", "0, 0, 0, 0",
                  "0.0 : f32"),
              {.optLevels = {0, 3}});
  checkKernel(pad("1x4x13x13xf32", "1x4x17x17xf32", "0, 0, 2, 2", "0, 0, 0, 0",
                  "0xFF800000 : f32"),
              {.specials = true});
}

TEST(Pad, HandlesEveryWidth) {
  for (int width : {0, 1, 2, 15, 16, 17, 30, 64, 200, 1000})
    for (int low : {0, 1, 3, 20})
      checkKernel(pad("3x" + std::to_string(width) + "xf32",
                      "4x" + std::to_string(width + low + 2) + "xf32",
                      "1, " + std::to_string(low), "0, 0", "0.5 : f32"));
}

TEST(Pad, Crops) {
  checkKernel(pad("9x40xf32", "5x20xf32", "-2, -7", "0, 0", "1.0 : f32"));
  checkKernel(pad("9x40xf32", "5x200xf32", "-2, -30", "0, 0", "1.0 : f32"));
  checkKernel(pad("9x400xf32", "12x300xf32", "-2, -50", "0, 0", "1.0 : f32"));
}

TEST(Pad, SpreadsApart) {
  checkKernel(
      pad("2x5x6xf32", "2x13x22xf32", "0, 2, 3", "0, 1, 2", "0.0 : f32"));
  checkKernel(pad("3x50xf32", "3x130xf32", "0, -3", "0, 2", "2.0 : f32"));
  checkKernel(pad("5x6xf32", "7x9xf32", "-3, -4", "1, 2", "0.0 : f32"));
}

TEST(Pad, TakesAnyElement) {
  checkKernel(pad("3x20xi64", "5x40xi64", "1, 5", "0, 0", "-1 : i64"));
  checkKernel(pad("3x20xf64", "5x40xf64", "1, 5", "0, 0", "0.5 : f64"));
  checkKernel(pad("3x20xbf16", "5x40xbf16", "1, 5", "0, 0", "0.5 : bf16"));
  checkKernel(pad("3x20xf16", "5x40xf16", "1, 5", "0, 0", "0.5 : f16"));
  checkKernel(pad("3x20xi8", "5x40xi8", "1, 5", "0, 0", "3 : i8"));
  checkKernel(pad("3x20xi1", "5x40xi1", "1, 5", "0, 0", "true"));
}

TEST(Pad, TakesOddShapes) {
  checkKernel(pad("f32", "f32", "", "", "0.0 : f32"));
  checkKernel(pad("0x5xf32", "3x7xf32", "1, 1", "0, 0", "0.5 : f32"));
  checkKernel(pad("3x5xf32", "3x0xf32", "0, 0", "0, 0", "0.5 : f32"));
  checkKernel(pad("3x5xf32, strided<[8, 1], offset: 2>", "4x9xf32", "1, 2",
                  "0, 0", "0.5 : f32"));
  checkKernel(
      pad("3x5xf32, strided<[2, 9]>", "4x9xf32", "1, 2", "0, 0", "0.5 : f32"));
}

TEST(Pad, TakesDynamicSizes) {
  std::string text = pad("?x?xf32", "?x?xf32", "1, 2", "0, 0", "0.5 : f32");
  for (auto [h, w] : {std::pair<int64_t, int64_t>{3, 5}, {1, 300}, {7, 16}})
    checkKernel(text, {.dynamic = {{h, w}, {h + 2, w + 5}}});
  checkKernel(pad("?x?xf32", "?x?xf32", "-1, 2", "1, 3", "0.5 : f32"),
              {.dynamic = {{6, 9}, {9, 40}}});
}
