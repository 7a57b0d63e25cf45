//===- Passes.td - Differentiation ------------------------ -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_AUTODIFF_PASSES
#define TENSORC_AUTODIFF_PASSES

include "mlir/Pass/PassBase.td"

def DifferentiatePass : Pass<"tensorc-differentiate", "::mlir::ModuleOp"> {
  let summary = "Expand `graph.gradients` into backward ops";
  let description = [{
    Reverse-mode differentiation of the recorded forward ops. Requests are
    expanded in program order, so that one may differentiate what an earlier one
    became (second order). For each, the ops between `wrt` and `root` are walked
    backward, and their gradient rules (`gradient_<op>`, the same that the eager
    tape uses) build the backward ops at the request.

    Contributions to one value are added in the order of the walk: from its last
    use to its first. A gradient that no path carries is a symbolic zero, and
    becomes a `graph.full` only where a request yields it. An op on the path that
    has no rule is an error at that op.

    Example:

    ```mlir
    %y = graph.sin %x : (tensor<f32>) -> tensor<f32>
    %dx = graph.gradients %y wrt(%x) : tensor<f32>, tensor<f32> -> tensor<f32>
    ```

    becomes (before simplification)

    ```mlir
    %y = graph.sin %x : (tensor<f32>) -> tensor<f32>
    %one = graph.full {dtype = f32, shape = array<i64>, value = 1.0 : f64}
        : () -> tensor<f32>
    %cos = graph.cos %x : (tensor<f32>) -> tensor<f32>
    %dx = graph.mul %one, %cos : (tensor<f32>, tensor<f32>) -> tensor<f32>
    ```
  }];
  let dependentDialects = ["::tensorc::graph::GraphDialect"];
}

#endif // TENSORC_AUTODIFF_PASSES
