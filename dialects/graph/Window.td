//===- Window.td - Pooling ---------------------------------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAPH_WINDOW
#define TENSORC_GRAPH_WINDOW

include "dialects/graph/GraphBase.td"

// The windows of [N, C, H, W]: window (y, x) holds the elements
// (y * stride[0] - padding[0] + i * dilation[0], …) for 0 ≤ i < kernel_size[0], ….
class Graph_WindowOp<string mnemonic, list<string> methods = [],
                     TypeConstraint type = Graph_FloatTensor>
    : Graph_StructuredOp<mnemonic, Kind_Window,
                         ["getIterationSpace"] # methods> {
  let results = (outs type:$result);
  let hasLegalForm = 1;
}

def Graph_MaxPool2dOp : Graph_WindowOp<"max_pool2d", [], Graph_NumericTensor> {
  let summary = "Maximum of each window";
  let description = [{
    result[n, c, y, x] = max self[n, c, y * stride[0] - padding[0] +
    i * dilation[0], x * stride[1] - padding[1] + j * dilation[1]] over
    0 ≤ i < kernel_size[0] and 0 ≤ j < kernel_size[1] that lie in `self`; NaN if
    one is NaN. With `ceil_mode`, a window may end outside of the padded input,
    but starts in the input or the padding before it.

    - (C1) `self` has rank 4.
    - (C2) `kernel_size`, `stride`, `padding` and `dilation` have two numbers;
      padding is at least 0 and at most half of the kernel size, the others are
      at least 1.
    - (C3) The result has the shape [N, C, Y, X] and self's element type, where
      Y = ⌊(H + 2 padding[0] - dilation[0] (kernel_size[0] - 1) - 1) /
      stride[0]⌋ + 1 ≥ 1 (⌈ ⌉ with `ceil_mode`; X likewise).
  }];
  let arguments = (ins Graph_NumericTensor:$self, Graph_IntArray:$kernel_size,
                       Graph_IntArray:$stride, Graph_IntArray:$padding,
                       Graph_IntArray:$dilation, Graph_Bool:$ceil_mode);
}

def Graph_MaxPool2dBackwardOp : Graph_WindowOp<"max_pool2d_backward",
                                                 ["getFill"]> {
  let summary = "Gradient of the maximum of each window";
  let description = [{
    result[n, c, h, w] is the sum of grad_output[n, c, y, x] over the windows
    (y, x) of which self[n, c, h, w] is the first maximum, in row-major order;
    NaN counts as maximum.

    - (C1) `grad_output` has the type of `max_pool2d` on `self` with the same
      attributes.
    - (C2) The result has self's type.
  }];
  let arguments = (ins Graph_FloatTensor:$grad_output, Graph_FloatTensor:$self,
                       Graph_IntArray:$kernel_size, Graph_IntArray:$stride,
                       Graph_IntArray:$padding, Graph_IntArray:$dilation,
                       Graph_Bool:$ceil_mode);
}

def Graph_AvgPool2dOp : Graph_WindowOp<"avg_pool2d"> {
  let summary = "Mean of each window";
  let description = [{
    result[n, c, y, x] is the sum of the elements self[n, c, y * stride[0] -
    padding[0] + i, x * stride[1] - padding[1] + j] with 0 ≤ i < kernel_size[0]
    and 0 ≤ j < kernel_size[1] that lie in `self`, divided by their number; with
    `count_include_pad`, those in the padding count too.

    - (C1) `self` has rank 4.
    - (C2) `kernel_size`, `stride` and `padding` have two numbers; padding is at
      least 0 and at most half of the kernel size, the others are at least 1.
    - (C3) The result has the shape [N, C, Y, X] and self's element type, as for
      `max_pool2d` with dilation 1.
  }];
  let arguments = (ins Graph_FloatTensor:$self, Graph_IntArray:$kernel_size,
                       Graph_IntArray:$stride, Graph_IntArray:$padding,
                       Graph_Bool:$ceil_mode, Graph_Bool:$count_include_pad);
}

def Graph_AvgPool2dBackwardOp
    : Graph_PureOp<"avg_pool2d_backward", Kind_Window> {
  let summary = "Gradient of the mean of each window";
  let description = [{
    The transpose of `avg_pool2d`: result[n, c, h, w] is the sum over the windows
    (y, x) that hold self[n, c, h, w] of grad_output[n, c, y, x] divided by the
    window's number of elements, counted as `avg_pool2d` does.

    - (C1) `grad_output` has the type of `avg_pool2d` on an input of shape
      `input_shape` with the same attributes.
    - (C2) The result has the shape `input_shape` and that element type.
  }];
  let arguments = (ins Graph_FloatTensor:$grad_output,
                       Graph_IntArray:$input_shape,
                       Graph_IntArray:$kernel_size, Graph_IntArray:$stride,
                       Graph_IntArray:$padding, Graph_Bool:$ceil_mode,
                       Graph_Bool:$count_include_pad);
  let results = (outs Graph_FloatTensor:$result);
  let hasLegalForm = 1;
}

#endif // TENSORC_GRAPH_WINDOW
