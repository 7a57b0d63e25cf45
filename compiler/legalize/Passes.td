//===- Passes.td - Legalization ---------------------------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LEGALIZE_PASSES
#define TENSORC_COMPILER_LEGALIZE_PASSES

include "mlir/Pass/PassBase.td"

def LegalizePass : Pass<"tensorc-legalize", "::mlir::ModuleOp"> {
  let summary = "Brings `graph` ops to forms that have an iteration space";
  let description = [{
    Replaces primitive ops that have no iteration space by their decompositions in
    `runtime/ops` (`hasLegalForm` in their definition):

    - Padding of convolutions and pools becomes `pad`, `ceil_mode` padding behind
      the image. What is left never reads past an edge.
    - `conv2d_backward_input` is `conv2d` of the gradient, spread by the stride
      and padded, by the weight, turned by 180° with its channels swapped.
    - The gradient of a pool with windows that overlap, or that were padded, is a
      sum of slices, one for each place in the window: of the spread gradient, for
      a maximum where the window's first maximum has that place.

    Then lets kernels do what they can do well:

    - A product that is only wanted transposed is that of the transposed factors.
    - Who reads what is padded reads a slice of the padded tensor, so that it need
      not be in memory twice.

    A contraction that stands for another op has its name in the location. Fails
    where this takes static sizes and there are none.
  }];
  let dependentDialects = ["::tensorc::graph::GraphDialect"];
}

#endif // TENSORC_COMPILER_LEGALIZE_PASSES
