//===- Window.td - Pooling ---------------------------------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAPH_WINDOW
#define TENSORC_GRAPH_WINDOW

include "dialects/graph/GraphBase.td"

// Over the last dimensions of [N, C, S…], as many as `kernel_size` has numbers:
// window p… holds the elements at p[d] * stride[d] - padding[d] + k[d] * dilation[d]
// for 0 ≤ k[d] < kernel_size[d].
class Graph_PoolOp<string mnemonic, TypeConstraint type = Graph_FloatTensor>
    : Graph_PureOp<mnemonic, Kind_Window> {
  let results = (outs type:$result);
  let hasLegalForm = 1;
}

def Graph_MaxPoolOp : Graph_PoolOp<"max_pool", Graph_NumericTensor> {
  let summary = "Maximum of each window, in one to three dimensions";
  let description = [{
    result[n, c, p…] = max self[n, c, p[d] * stride[d] - padding[d] +
    k[d] * dilation[d], …] over 0 ≤ k[d] < kernel_size[d] that lie in `self`; NaN if
    one is NaN, -∞ if there are none. With `ceil_mode`, a window may end outside of
    the padded input, but starts in the input or the padding before it.

    - (C1) `self` has two dimensions more than `kernel_size` numbers, which are one
      to three, and those in which windows lie aren't empty.
    - (C2) `stride`, `padding` and `dilation` have as many; padding is at least 0
      and at most half of the kernel size, the others are at least 1.
    - (C3) The result has the shape [N, C, P…] and self's element type, where
      P = ⌊(S + 2 padding[d] - dilation[d] (kernel_size[d] - 1) - 1) / stride[d]⌋
      + 1 ≥ 1 (⌈ ⌉ with `ceil_mode`, less windows that start too late).
  }];
  let arguments = (ins Graph_NumericTensor:$self, Graph_IntArray:$kernel_size,
                       Graph_IntArray:$stride, Graph_IntArray:$padding,
                       Graph_IntArray:$dilation, Graph_Bool:$ceil_mode);
}

def Graph_MaxPoolBackwardOp : Graph_PoolOp<"max_pool_backward"> {
  let summary = "Gradient of the maximum of each window";
  let description = [{
    result[n, c, s…] is the sum of grad_output[n, c, p…] over the windows p… of
    which self[n, c, s…] is the first maximum, in row-major order; NaN counts as
    maximum.

    - (C1) `grad_output` has the type of `max_pool` on `self` with the same
      attributes.
    - (C2) The result has self's type.
  }];
  let arguments = (ins Graph_FloatTensor:$grad_output, Graph_FloatTensor:$self,
                       Graph_IntArray:$kernel_size, Graph_IntArray:$stride,
                       Graph_IntArray:$padding, Graph_IntArray:$dilation,
                       Graph_Bool:$ceil_mode);
}

def Graph_AvgPoolOp : Graph_PoolOp<"avg_pool"> {
  let summary = "Mean of each window, in one to three dimensions";
  let description = [{
    result[n, c, p…] is the sum of the elements self[n, c, p[d] * stride[d] -
    padding[d] + k[d], …] with 0 ≤ k[d] < kernel_size[d] that lie in `self`, divided
    by their number; with `count_include_pad`, those in the padding count too.

    - (C1) `self` has two dimensions more than `kernel_size` numbers, which are one
      to three, and those in which windows lie aren't empty.
    - (C2) `stride` and `padding` have as many; padding is at least 0 and at most
      half of the kernel size, the others are at least 1.
    - (C3) The result has the shape [N, C, P…] and self's element type, as for
      `max_pool` with dilation 1.
  }];
  let arguments = (ins Graph_FloatTensor:$self, Graph_IntArray:$kernel_size,
                       Graph_IntArray:$stride, Graph_IntArray:$padding,
                       Graph_Bool:$ceil_mode, Graph_Bool:$count_include_pad);
}

def Graph_AvgPoolBackwardOp : Graph_PoolOp<"avg_pool_backward"> {
  let summary = "Gradient of the mean of each window";
  let description = [{
    The transpose of `avg_pool`: result[n, c, s…] is the sum over the windows that
    hold self[n, c, s…] of grad_output[n, c, p…] divided by the window's number of
    elements, counted as `avg_pool` does.

    - (C1) `grad_output` has the type of `avg_pool` on an input of shape
      `input_shape` with the same attributes.
    - (C2) The result has the shape `input_shape` and that element type.
  }];
  let arguments = (ins Graph_FloatTensor:$grad_output,
                       Graph_Sizes:$input_shape,
                       Graph_IntArray:$kernel_size, Graph_IntArray:$stride,
                       Graph_IntArray:$padding, Graph_Bool:$ceil_mode,
                       Graph_Bool:$count_include_pad);
}

#endif // TENSORC_GRAPH_WINDOW
