//===- Composite.td - Ops made of other ops ----------------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAPH_COMPOSITE
#define TENSORC_GRAPH_COMPOSITE

include "dialects/graph/Reduction.td"

// Of f16 and bf16, decompositions are computed in f32 and rounded once, at the
// end.
class Graph_CompositeOp<string mnemonic>
    : Graph_PureOp<mnemonic, Kind_Composite> {
  let results = (outs Graph_FloatTensor:$result);
}

// Of all elements. Beside `amax` and `amin` for their gradients.
class Graph_ExtremeOp<string mnemonic, string what, string formula>
    : Graph_PureOp<mnemonic, Kind_Composite> {
  let summary = what # " of all elements";
  let description = formula # [{ self[i], NaN if one is NaN. The gradient is split among the elements that
    equal the result; if that is NaN, among those that are.

    - (C1) `self` has elements.
    - (C2) The result has self's element type and no dimensions.
  }];
  let function = Graph_ByHand<"Of any type. `Error` where there are no elements.">;
  let forms = [Graph_Method, Graph_Out];
  let arguments = (ins Graph_NumericTensor:$self);
  let results = (outs Graph_NumericTensor:$result);
}
def Graph_MaxOp : Graph_ExtremeOp<"max", "Maximum", "max">;
def Graph_MinOp : Graph_ExtremeOp<"min", "Minimum", "min">;

def Graph_MeanOp : Graph_CompositeOp<"mean"> {
  let summary = "Mean along dimensions";
  let function = Graph_ReductionCall<"self",
      "`Error` unless `self` is of a floating-point type.">;
  let forms = [Graph_Method, Graph_Out];
  let does = "The sum along `dims`, divided by the number of its terms; of f16 "
      "and bf16 in f32, and rounded once. Negative ones count from the end; none: "
      "all. With `keepdim`, those stay with size 1.";
  let parameters = Graph_AllOrSome.parameters;
  let description = [{
    Σ self[i] over `dims`, divided by the number of its terms; of f16 and bf16 in
    f32, and rounded once.

    - (C1) `dims` rise, and 0 ≤ dims[k] < rank.
    - (C2) The result has the type of `sum`.
  }];
  let arguments = (ins Graph_FloatTensor:$self, Graph_IntArray:$dims,
                       Graph_Bool:$keepdim);
  let hasFolder = 1;
}

def Graph_SoftmaxOp : Graph_CompositeOp<"softmax"> {
  let summary = "Exponentials scaled to a sum of 1";
  let function = Graph_AlongCall<
      "`Error` unless `self` is of a floating-point type.">;
  let forms = [Graph_Method, Graph_Out];
  let parameters = [(ins "const Tensor &":$self, "std::int64_t":$dim)];
  let description = [{
    result[i] = e^(self[i] - m) / Σ_j e^(self[j] - m) along `dim`, where m is the
    maximum along it.

    - (C1) 0 ≤ `dim` < rank.
    - (C2) The result has self's type.
  }];
  let arguments = (ins Graph_FloatTensor:$self, Graph_Int:$dim);
}

def Graph_LogSoftmaxOp : Graph_CompositeOp<"log_softmax"> {
  let summary = "Logarithm of softmax";
  let function = Graph_AlongCall<
      "`Error` unless `self` is of a floating-point type.">;
  let forms = [Graph_Method, Graph_Out];
  let parameters = [(ins "const Tensor &":$self, "std::int64_t":$dim)];
  let description = [{
    result[i] = self[i] - m - ln Σ_j e^(self[j] - m) along `dim`, where m is the
    maximum along it.

    - (C1) 0 ≤ `dim` < rank.
    - (C2) The result has self's type.
  }];
  let arguments = (ins Graph_FloatTensor:$self, Graph_Int:$dim);
}

def Graph_LogsumexpOp : Graph_CompositeOp<"logsumexp"> {
  let summary = "Logarithm of the sum of exponentials";
  let function = Graph_ReductionCall<"floating(\"$op\", self, location)",
                                     "Bools and whole numbers become float32.">;
  let forms = [Graph_Method, Graph_Out];
  let parameters = [(ins "const Tensor &":$self, "const Dims &":$dims,
                         CArg<"bool", "false">:$keepdim)];
  let description = [{
    m + ln Σ e^(self[i] - m) over `dims`, where m is the maximum over them (0 where
    that is infinite).

    - (C1) `dims` rise, and 0 ≤ dims[k] < rank.
    - (C2) The result has the type of `sum`.
  }];
  let arguments = (ins Graph_FloatTensor:$self, Graph_IntArray:$dims,
                       Graph_Bool:$keepdim);
}

def Graph_OneHotOp : Graph_PureOp<"one_hot", Kind_Composite> {
  let summary = "Indices as rows of a unit matrix";
  let function = Graph_ByHand<"`Error` unless `self` is int64, as the result is. "
      "An index out of range fails, also in compiled code.">;
  let does = "result[i…, k] = 1 where self[i…] = k, else 0.";
  let parameters = [(ins "const Tensor &":$self, "std::int64_t":$num_classes)];
  let description = [{
    result[i…, k] = 1 where self[i…] = k, else 0. An index that isn't in
    [0, `num_classes`) makes a row of zeros.

    - (C1) The result has self's shape with `num_classes` appended, and the
      element type `dtype`.
    - (C2) `num_classes` ≥ 0.
  }];
  let arguments = (ins Graph_IndexTensor:$self, Graph_Int:$num_classes,
                       Graph_DType:$dtype);
  let results = (outs Graph_Tensor:$result);
  let nonDifferentiable = 1;
}

def Graph_MseLossOp : Graph_CompositeOp<"mse_loss"> {
  let summary = "Mean squared error";
  let description = [{
    (input[i] - target[i])², for each element with `reduction` "none", else its
    "mean" or "sum" over all elements.

    - (C1) `input` and `target` have the same type.
    - (C2) `reduction` is "none", "mean" or "sum".
    - (C3) The result has their element type; its shape is theirs for "none", else
      that of a scalar.
  }];
  let arguments = (ins Graph_FloatTensor:$input, Graph_FloatTensor:$target,
                       Graph_String:$reduction);
}

def Graph_NllLossOp : Graph_CompositeOp<"nll_loss"> {
  let summary = "Negative log likelihood of labels";
  let description = [{
    l[n] = -log_probs[n, target[n]], or 0 where target[n] = `ignore_index`. With
    `reduction` "sum" the sum of l, with "mean" that divided by the number of
    targets that aren't ignored. Another target outside of [0, C) makes the
    program fail.

    - (C1) `log_probs` has the shape [N, C], `target` the shape [N].
    - (C2) `reduction` is "none", "mean" or "sum".
    - (C3) The result has the element type of `log_probs`; its shape is [N] for
      "none", else that of a scalar.
  }];
  let arguments = (ins Graph_FloatTensor:$log_probs,
                       Graph_IndexTensor:$target, Graph_String:$reduction,
                       Graph_Int:$ignore_index);
}

def Graph_CrossEntropyOp : Graph_CompositeOp<"cross_entropy"> {
  let summary = "Cross entropy of logits and labels";
  let description = [{
    With p = log_softmax(input, 1) and s = `label_smoothing`,

        l[n] = -(1 - s) * p[n, target[n]] - s / C * Σ_c p[n, c]

    or 0 where target[n] = `ignore_index`. With `reduction` "sum" the sum of l,
    with "mean" that divided by the number of targets that aren't ignored. Another
    target outside of [0, C) makes the program fail.

    - (C1) `input` has the shape [N, C], `target` the shape [N].
    - (C2) `reduction` is "none", "mean" or "sum".
    - (C3) 0 ≤ `label_smoothing` ≤ 1.
    - (C4) The result has input's element type; its shape is [N] for "none",
      else that of a scalar.
  }];
  let arguments = (ins Graph_FloatTensor:$input, Graph_IndexTensor:$target,
                       Graph_String:$reduction, Graph_Int:$ignore_index,
                       Graph_Float:$label_smoothing);
}

#endif // TENSORC_GRAPH_COMPOSITE
