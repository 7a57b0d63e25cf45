//===- Passes.td - From graph to kernels ------------------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FUSION_PASSES
#define TENSORC_COMPILER_FUSION_PASSES

include "mlir/Pass/PassBase.td"

def FusePass : Pass<"tensorc-fuse", "::mlir::ModuleOp"> {
  let summary = "Turns graph functions into programs of fused kernels";
  let description = [{
    Each `func.func` of primitive `graph` ops becomes a `kernel.program`, each
    cluster of its ops a `kernel.func`. Elementwise ops, movements, row
    reductions and pooling run together where one iteration space serves them
    all; an elementwise chain that consumes a contraction is its epilogue.
    A kernel has at most 64 ops, not counting up to 16 that each reader of a value
    computes for itself. Kernels of one structure are one symbol. Every value that leaves a cluster gets a
    `kernel.alloc`; results are copied to the program's outputs and state, and
    memory planning removes these copies.

    Composite ops, gradient requests and ops without an iteration space are errors:
    `tensorc-differentiate`, `tensorc-simplify` and `tensorc-legalize` come first.

    The bodies of kernels have the types of the ops, and every op on f16 or bf16
    rounds its result to it, also where it runs together with others.
    `excess-precision` marks the kernels (`kernel.excess_precision`): sums,
    differences, products and quotients that another op of the body takes may
    then keep the digits of f32, in which they are computed.
  }];
  let options = [
    Option<"excessPrecision", "excess-precision", "bool", "false",
           "Don't round f16 and bf16 between the arithmetic ops of a kernel">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect",
    "::mlir::math::MathDialect", "::tensorc::graph::GraphDialect",
    "::tensorc::kernel::KernelDialect"
  ];
}

def SplitReductionsPass : Pass<"tensorc-split-reductions", "::mlir::ModuleOp"> {
  let summary = "Lets more workers share long reductions with few results";
  let description = [{
    A kernel that leaves more than half of the machine idle, as it has too few
    results for their long reductions, becomes two: one that reduces equal parts
    of the outermost dimensions, each for itself, into a new buffer; and one that
    combines the parts in their order and has the rest of the body, and where an
    elementwise kernel alone reads its result, that kernel's. There is nothing
    atomic, and results depend on shapes and options alone.

    Contractions are split, and generics whose reductions don't follow one
    another and whose outputs are rows; of static sizes, where these have
    divisors that fit. A worker is taken to compute a tile of 16 x 16 results of
    a contraction at a time, a row of a generic, or 32 rows that are columns in
    memory. No part has less than `work` points, and kernels whose workers have
    less than eight times that stay as they are, for the second launch's sake.

    Runs after `tensorc-fuse`, before memory is planned. In the variant of a GPU
    it takes the workers that keep that one busy. In that of a CPU it makes as
    many parts as the kernel's tasks (`tensorc-schedule-cpu`), were there results
    enough, are more than the workers that there are; one computes 32 x 32
    results of a contraction at a time, or 4,096 rows that are columns.
  }];
  let options = [
    Option<"workers", "workers", "int64_t", "216",
           "How many workers (blocks of a GPU) keep the machine busy">,
    Option<"work", "work", "int64_t", "4096",
           "The least points (products, elements) that a part should have">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::tensorc::kernel::KernelDialect"
  ];
}

#endif // TENSORC_COMPILER_FUSION_PASSES
