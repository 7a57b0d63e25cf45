//===- GenericTest.cpp - kernel.generic, run and compared -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/lowering/KernelTest.h"

using namespace tensorc::test;

TEST(Generic, AddsTensors) {
  checkKernel(R"mlir(
    kernel.func @k(%a: memref<3x4x5x7xf32>, %b: memref<3x4x5x7xf32>,
                   %c: memref<3x4x5x7xf32>) {
      kernel.generic ins(%a, %b : memref<3x4x5x7xf32>, memref<3x4x5x7xf32>)
                     outs(%c : memref<3x4x5x7xf32>)
          attributes {indexing_maps = [affine_map<(n, c, h, w) -> (n, c, h, w)>,
                                       affine_map<(n, c, h, w) -> (n, c, h, w)>,
                                       affine_map<(n, c, h, w) -> (n, c, h, w)>],
                      reduction_dims = array<i64>} {
      ^bb0(%x: f32, %y: f32):
        %sum = arith.addf %x, %y : f32
        kernel.yield %sum : f32
      }
      kernel.return
    })mlir",
              {.optLevels = {0, 3}});
}
