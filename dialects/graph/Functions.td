//===- Functions.td - Public functions made of others ------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAPH_FUNCTIONS
#define TENSORC_GRAPH_FUNCTIONS

include "mlir/IR/OpBase.td"
include "dialects/graph/PublicFunction.td"

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

// Views where strides can express the result.
class Graph_ShapeFunction<string name, string what, string description>
    : Graph_Function<name, "movement", what, description> {
  let function = Graph_ByHand<"Of any type.">;
  let forms = [Graph_Method];
}
def Graph_FlattenFunction : Graph_ShapeFunction<"flatten", "Dimensions as one",
    "Those from `start_dim` to `end_dim` become one, in row-major order; a 0-d "
    "tensor becomes [1]. Negative ones count from the end. Copies only where "
    "strides can't express the result."> {
  let parameters = [(ins "const Tensor &":$self,
                         CArg<"std::int64_t", "0">:$start_dim,
                         CArg<"std::int64_t", "-1">:$end_dim)];
}
def Graph_TransposeFunction : Graph_ShapeFunction<"transpose",
    "Swaps two dimensions",
    "A view, in which dimensions `dim0` and `dim1` have changed places. Negative "
    "ones count from the end."> {
  let parameters = [(ins "const Tensor &":$self, "std::int64_t":$dim0,
                         "std::int64_t":$dim1)];
}
def Graph_SqueezeFunction : Graph_ShapeFunction<"squeeze",
    "Drops a dimension of size 1",
    "A view without dimension `dim`, or `self` where its size isn't 1. Negative "
    "ones count from the end."> {
  let parameters = [(ins "const Tensor &":$self, "std::int64_t":$dim)];
}
def Graph_UnsqueezeFunction : Graph_ShapeFunction<"unsqueeze",
    "Adds a dimension of size 1",
    "A view, in which the new dimension is `dim`. Negative ones count from the "
    "end of the result."> {
  let parameters = [(ins "const Tensor &":$self, "std::int64_t":$dim)];
}
def Graph_StackFunction : Graph_ShapeFunction<"stack",
    "Puts tensors of one shape side by side",
    "Along a new dimension `dim`, which has a place for each tensor."> {
  let function = Graph_ByHand<"Types are promoted as in PyTorch. `Error` for no "
                              "tensors, and where shapes differ.">;
  let forms = [Graph_Out];
  let parameters = [(ins "const TensorList &":$tensors,
                         CArg<"std::int64_t", "0">:$dim)];
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

class Graph_ProductFunction<string name, string what, string shapes>
    : Graph_Function<name, "contraction", what, shapes> {
  let function = Graph_ByHand<"`Error` unless both are of one type of numbers and "
                              "of such shapes.">;
  let forms = [Graph_Method, Graph_Out];
  let parameters = [(ins "const Tensor &":$self, "const Tensor &":$other)];
}
def Graph_MmFunction : Graph_ProductFunction<"mm", "Product of matrices",
                                             "[M, K]·[K, N].">;
def Graph_BmmFunction : Graph_ProductFunction<"bmm",
    "Products of batches of matrices", "[B, M, K]·[B, K, N].">;

#endif // TENSORC_GRAPH_FUNCTIONS
