//===- Movement.td - Ops that move elements ---------------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAPH_MOVEMENT
#define TENSORC_GRAPH_MOVEMENT

include "dialects/graph/GraphBase.td"

class Graph_MovementOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, Kind_Movement, traits> {
  let results = (outs Graph_Tensor:$result);
}

class Graph_IndexingOp<string mnemonic, list<string> methods = []>
    : Graph_MovementOp<mnemonic, [DeclareOpInterfaceMethods<
        Graph_IndexingOpInterface, methods>]>;

class Graph_PlacementOp<string mnemonic, list<string> methods = []>
    : Graph_MovementOp<mnemonic, [DeclareOpInterfaceMethods<
        Graph_PlacementOpInterface, methods>]>;

def Graph_BroadcastToOp : Graph_IndexingOp<"broadcast_to"> {
  let summary = "Repeats along dimensions of size 1 and new ones";
  let function = Graph_ByHand<"Of any type; a view.">;
  let forms = [Graph_Method];
  let parameters = [(ins "const Tensor &":$self, "const Shape &":$shape)];
  let description = [{
    Shapes are aligned at their last dimensions, as in NumPy:
    result[…, i, j] = self[…, i or 0, j or 0], 0 where self's size is 1.

    - (C1) The result has the shape `shape` and self's element type.
    - (C2) `shape` has at least as many dimensions as `self`.
    - (C3) Each size of `self` is 1 or the size that it is aligned with.
  }];
  let arguments = (ins Graph_Tensor:$self, Graph_Sizes:$shape);
  let hasFolder = 1;
  let givesView = 1;
}

def Graph_ReshapeOp : Graph_IndexingOp<"reshape", ["keepsOrder",
                                                    "getResultMap"]> {
  let summary = "The same elements, in row-major order, under another shape";
  let function = Graph_ByHand<"Of any type; copies only where strides can't "
                              "express the result.">;
  let forms = [Graph_Method];
  let does = "A size of -1 follows from the others. `Error` where `shape` has "
             "another number of elements.";
  let parameters = [(ins "const Tensor &":$self, "const Shape &":$shape)];
  let description = [{
    - (C1) The result has the shape `shape` and self's element type.
    - (C2) `shape` has as many elements as `self`.
  }];
  let arguments = (ins Graph_Tensor:$self, Graph_Sizes:$shape);
  let hasFolder = 1;
  let givesView = 1;
}

def Graph_PermuteOp : Graph_IndexingOp<"permute"> {
  let summary = "Reorders dimensions";
  let function = Graph_ByHand<"Negative ones count from the end. Of any type; a "
                              "view.">;
  let forms = [Graph_Method];
  let parameters = [(ins "const Tensor &":$self, "const Dims &":$dims)];
  let description = [{
    Dimension d of the result is dimension `dims`[d] of `self`.

    - (C1) `dims` holds each of 0 … rank - 1 once.
    - (C2) result.shape[d] = self.shape[dims[d]]; the element type is self's.
  }];
  let arguments = (ins Graph_Tensor:$self, Graph_IntArray:$dims);
  let hasFolder = 1;
  let givesView = 1;
}

def Graph_SliceOp : Graph_IndexingOp<"slice"> {
  let summary = "A regular part of a tensor";
  let description = [{
    result[i₀, …] = self[starts[0] + i₀ * steps[0], …].

    - (C1) `starts`, `ends` and `steps` have one number for each dimension.
    - (C2) 0 ≤ starts[d] ≤ ends[d] ≤ self.shape[d], and steps[d] ≥ 1.
    - (C3) result.shape[d] = ⌈(ends[d] - starts[d]) / steps[d]⌉; the element
      type is self's.
  }];
  let arguments = (ins Graph_Tensor:$self, Graph_Sizes:$starts,
                       Graph_Sizes:$ends, Graph_IntArray:$steps);
  let hasFolder = 1;
  let givesView = 1;
}

def Graph_PadOp : Graph_PlacementOp<"pad", ["getFill", "keepsAll"]> {
  let summary = "Puts a value around, and between, the elements";
  let description = [{
    result[low[0] + i₀ * (interior[0] + 1), …] = self[i₀, …]; everything else is
    `value`. Negative `low` or `high` cut elements off.

    - (C1) `low`, `high` and `interior` have one number for each dimension.
    - (C2) interior[d] ≥ 0.
    - (C3) result.shape[d] = low[d] + n + high[d] ≥ 0, where
      n = self.shape[d] + max(self.shape[d] - 1, 0) * interior[d]; the element
      type is self's.
    - (C4) Of a type of whole numbers, `value` is one that it holds, or infinite:
      its least or greatest one.
  }];
  let arguments = (ins Graph_Tensor:$self, Graph_Sizes:$low,
                       Graph_Sizes:$high, Graph_IntArray:$interior,
                       Graph_Float:$value);
  let hasFolder = 1;
}

def Graph_CatOp : Graph_PlacementOp<"cat"> {
  let summary = "Puts tensors one after the other along a dimension";
  let function = Graph_ByHand<"Types are promoted as in PyTorch. `Error` for no "
      "tensors, and where other sizes than those along `dim` differ.">;
  let forms = [Graph_Out];
  let does = "A negative `dim` counts from the end.";
  let parameters = [(ins "const TensorList &":$tensors,
                         CArg<"std::int64_t", "0">:$dim)];
  let description = [{
    - (C1) There is at least one tensor; all have the same rank, element type,
      and sizes in all dimensions but `dim`.
    - (C2) 0 ≤ `dim` < rank.
    - (C3) result.shape[dim] is the sum of the tensors'; the rest is as theirs.
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$tensors, Graph_Int:$dim);
  let hasFolder = 1;
}

def Graph_FlipOp : Graph_IndexingOp<"flip"> {
  let summary = "Reverses the order along dimensions";
  let function = Graph_ByHand<"Negative ones count from the end. Of any type.">;
  let forms = [Graph_Method, Graph_Out];
  let parameters = [(ins "const Tensor &":$self, "const Dims &":$dims)];
  let description = [{
    result[…, i_d, …] = self[…, self.shape[d] - 1 - i_d, …] for d in `dims`.

    - (C1) `dims` rise, and 0 ≤ dims[k] < rank.
    - (C2) The result has self's type.
  }];
  let arguments = (ins Graph_Tensor:$self, Graph_IntArray:$dims);
  let hasFolder = 1;
}

def Graph_UnfoldOp : Graph_IndexingOp<"unfold"> {
  let summary = "The windows along a dimension";
  let description = [{
    result[…, i, …, j] = self[…, i * step + j, …], where i is at `dim` and j, the
    place in the window, is last.

    - (C1) 0 ≤ `dim` < rank, 0 ≤ `size` ≤ self.shape[dim], and `step` ≥ 1.
    - (C2) The result has one dimension more, of `size`;
      result.shape[dim] = ⌊(self.shape[dim] - size) / step⌋ + 1, the rest is as in
      `self`, and so is the element type.
  }];
  let arguments = (ins Graph_Tensor:$self, Graph_Int:$dim, Graph_Int:$size,
                       Graph_Int:$step);
  let givesView = 1;
}

def Graph_UnfoldBackwardOp : Graph_PlacementOp<"unfold_backward", ["getFill"]> {
  let summary = "Gradient of the windows along a dimension";
  let description = [{
    The transpose of `unfold`: each element is the sum of those of `grad_output`
    that are it in a window. Where windows don't overlap, any element type will do.

    - (C1) `grad_output` has the type of `unfold` on an input of shape
      `input_shape` with the same attributes.
    - (C2) The result has the shape `input_shape` and that element type.
  }];
  let arguments = (ins Graph_Tensor:$grad_output, Graph_Sizes:$input_shape,
                       Graph_Int:$dim, Graph_Int:$size, Graph_Int:$step);
  let hasLegalForm = 1;
}

#endif // TENSORC_GRAPH_MOVEMENT
