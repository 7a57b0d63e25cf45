//===- Contraction.td - Sums of products -------------------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAPH_CONTRACTION
#define TENSORC_GRAPH_CONTRACTION

include "dialects/graph/GraphBase.td"

class Graph_ContractionOp<string mnemonic, list<string> methods = []>
    : Graph_PureOp<mnemonic, Kind_Contraction, [DeclareOpInterfaceMethods<
        Graph_ContractionOpInterface, methods>]>;

def Graph_MatmulOp : Graph_ContractionOp<"matmul"> {
  let summary = "Product of matrices, or of batches of them";
  let function = Graph_ByHand<"`Error` unless both are of one type of numbers and "
                              "of such shapes.">;
  let forms = [Graph_Method, Graph_Out];
  let does = "[K]·[K], [M, K]·[K], [K]·[K, N], or […, M, K]·[…, K, N] with "
      "broadcast batches; f16 and bf16 are accumulated in f32.";
  let parameters = [(ins "const Tensor &":$self, "const Tensor &":$other)];
  let description = [{
    result[b…, m, n] = Σ_k self[b…, m, k] * other[b…, k, n]; f16 and bf16 are
    accumulated in f32.

    - (C1) `self` and `other` have the same rank, at least 2, and element type.
    - (C2) Their sizes agree in all but the last two dimensions.
    - (C3) self.shape[-1] = other.shape[-2].
    - (C4) The result has the shape [b…, m, n] and their element type.
  }];
  let arguments = (ins Graph_NumericTensor:$self, Graph_NumericTensor:$other);
  let results = (outs Graph_NumericTensor:$result);
}

def Graph_EinsumOp : Graph_ContractionOp<"einsum", ["getFactors"]> {
  let summary = "Sum of products over named dimensions";
  let function = Graph_ByHand<"`Error` unless all are of one type of numbers.">;
  let forms = [Graph_Out];
  let does = "`equation` has a word for each operand, of a letter for each "
      "dimension, and behind `->` one for the result: `bik,bkj->bij`. What isn't "
      "in the result is summed; without `->` that has the letters that are there "
      "once, in alphabetical order. Spaces don't count; a dimension of size 1 is "
      "repeated. Operands are multiplied from the left on. Letters of one operand "
      "alone are summed as by `sum`, to int64 for whole numbers and bools; products "
      "keep the type, and sums of bools' products are an `Error`. Unlike PyTorch's, "
      "it takes no `...`, and no letter twice in a word.";
  let parameters = [(ins "const std::string &":$equation,
                         "const TensorList &":$operands)];
  let description = [{
    `equation` names the dimensions of the operands and of the result by letters:
    with `bik,bkj->bij`, result[b, i, j] = Σ_k self[b, i, k] * other[b, k, j]. What
    isn't in the result is summed; f16 and bf16 are accumulated in f32.

    - (C1) `equation` is `self,other->result`, each a word of letters of which none
      is there twice, as many as there are dimensions.
    - (C2) Each letter is in two or all three of the words.
    - (C3) A letter's dimensions are of one size; `self` and `other` have the same
      element type.
    - (C4) The result has the letters' sizes and that element type.
  }];
  let arguments = (ins Graph_NumericTensor:$self, Graph_NumericTensor:$other,
                       Graph_String:$equation);
  let results = (outs Graph_NumericTensor:$result);
}

// Over the last dimensions of [N, C, …], as many as `stride` has numbers: S of the
// input, K of the weight, P of the result.
class Graph_ConvolutionKind<string mnemonic>
    : Graph_PureOp<mnemonic, Kind_Contraction> {
  let results = (outs Graph_FloatTensor:$result);
  let hasLegalForm = 1;
}

def Graph_ConvolutionOp : Graph_ConvolutionKind<"convolution"> {
  let summary = "Convolution (cross-correlation) in one to three dimensions";
  let description = [{
    With input [N, C, S…], weight [O, C / groups, K…], and 0 outside of the input:

        result[n, o, p…] = Σ_c,k… input[n, g * C / groups + c,
            p[d] * stride[d] - padding[d] + k[d] * dilation[d], …] *
            weight[o, c, k…]

    where g = ⌊o / (O / groups)⌋; f16 and bf16 are accumulated in f32.

    - (C1) `input` and `weight` have the same rank and element type.
    - (C2) `stride`, `padding` and `dilation` have one to three numbers, two fewer
      than the rank; stride and dilation are at least 1, padding at least 0.
    - (C3) `groups` ≥ 1 divides C and O, and weight.shape[1] = C / groups.
    - (C4) The result has the shape [N, O, P…] and their element type, where
      P = ⌊(S + 2 padding[d] - dilation[d] (K - 1) - 1) / stride[d]⌋ + 1 ≥ 0.
  }];
  let arguments = (ins Graph_FloatTensor:$input, Graph_FloatTensor:$weight,
                       Graph_IntArray:$stride, Graph_IntArray:$padding,
                       Graph_IntArray:$dilation, Graph_Int:$groups);
}

def Graph_ConvolutionBackwardInputOp
    : Graph_ConvolutionKind<"convolution_backward_input"> {
  let summary = "Gradient of a convolution with respect to its input";
  let description = [{
    The transpose of `convolution` as a linear map of its input: result[n, c, s…] is
    the sum of grad_output[n, o, p…] * weight[o, c', k…] over all products of the
    convolution that read input[n, c, s…].

    - (C1) `grad_output` has the type of the result of `convolution` on an input of
      shape `input_shape` and `weight`, with the same attributes.
    - (C2) The result has the shape `input_shape` and that element type.
  }];
  let arguments = (ins Graph_FloatTensor:$grad_output,
                       Graph_FloatTensor:$weight, Graph_Sizes:$input_shape,
                       Graph_IntArray:$stride, Graph_IntArray:$padding,
                       Graph_IntArray:$dilation, Graph_Int:$groups);
}

def Graph_ConvolutionBackwardWeightOp
    : Graph_ConvolutionKind<"convolution_backward_weight"> {
  let summary = "Gradient of a convolution with respect to its weight";
  let description = [{
    The transpose of `convolution` as a linear map of its weight:
    result[o, c', k…] is the sum of grad_output[n, o, p…] * input[n, c, s…] over all
    products of the convolution that read weight[o, c', k…].

    - (C1) `grad_output` has the type of the result of `convolution` on `input` and
      a weight of shape `weight_shape`, with the same attributes.
    - (C2) The result has the shape `weight_shape` and that element type.
  }];
  let arguments = (ins Graph_FloatTensor:$grad_output, Graph_FloatTensor:$input,
                       Graph_Sizes:$weight_shape, Graph_IntArray:$stride,
                       Graph_IntArray:$padding, Graph_IntArray:$dilation,
                       Graph_Int:$groups);
}

#endif // TENSORC_GRAPH_CONTRACTION
