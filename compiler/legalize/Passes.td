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

    - Convolutions and their gradients are an `einsum` of padded images' windows
      (`pad`, `unfold`). The gradient of the input is one of the gradient, spread
      by the stride and padded, and the weight turned around.
    - Pools reduce the places of such windows: `amax`, or `sum` and a division.
      What is left never reads past an edge.
    - The gradient of a maximum goes to the first one of each window
      (`first_max_backward`), and from there to its place (`unfold_backward`). With
      windows that overlap, or that were padded, the gradient of a pool is a sum
      of slices, one for each place in the window: of the spread gradient, for
      a maximum where the window's first maximum has that place.
    - `unfold_backward` of windows that overlap is such a sum, too.
    - A slice of one place that a symbol says, `x.select(1, S - 1)`, is a sum over
      the dimension, of 0 for all other places; its gradient is chosen in the
      same way. (Longer slices from such a place aren't supported.)

    Then lets kernels do what they can do well:

    - A product that is only wanted transposed is that of the transposed factors.
    - Who reads what is padded reads a slice of the padded tensor, so that it need
      not be in memory twice.

    What does the work of another op has its name in the location. Fails where this
    takes static sizes and there are none.
  }];
  let dependentDialects = ["::tensorc::graph::GraphDialect"];
}

#endif // TENSORC_COMPILER_LEGALIZE_PASSES
