//===- Request.td - Ops that a pass expands ------------------ -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAPH_REQUEST
#define TENSORC_GRAPH_REQUEST

include "dialects/graph/GraphBase.td"

def Graph_GradientsOp : Graph_Op<"gradients", Kind_Request,
                                 [AttrSizedOperandSegments, Pure]> {
  let summary = "Asks for gradients";
  let description = [{
    Result k is the gradient of Σ seed[i] * root[i] with respect to wrt[k], through
    the ops between them in the function. `tensorc-differentiate` expands the
    request. Without `seed`, it is 1. Where rules of ops use one of `constants`
    as their operand, the results don't depend on it, for those who differentiate
    them: the tensor required no gradient when the request was made.

    - (C1) One result for each `wrt`, of its type.
    - (C2) `seed` has root's type; without it, `root` has one element.
    - (C3) `root`, `wrt` and `constants` are floating-point tensors.
  }];
  let arguments = (ins Graph_FloatTensor:$root,
                       Variadic<Graph_FloatTensor>:$wrt,
                       Optional<Graph_FloatTensor>:$seed,
                       Variadic<Graph_FloatTensor>:$constants);
  let results = (outs Variadic<Graph_FloatTensor>:$gradients);
  let assemblyFormat = [{
    $root `wrt` `(` $wrt `)` (`seed` `(` $seed^ `:` type($seed) `)`)?
    (`constants` `(` $constants^ `:` type($constants) `)`)? attr-dict
    `:` type($root) `,` type($wrt) `->` type($gradients)
  }];
  let nonDifferentiable = 1;
  let hasVerifier = 1;
}

#endif // TENSORC_GRAPH_REQUEST
