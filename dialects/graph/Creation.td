//===- Creation.td - Ops that need no tensor --------------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAPH_CREATION
#define TENSORC_GRAPH_CREATION

include "dialects/graph/GraphBase.td"

def Graph_ConstantOp : Graph_Op<"constant", Kind_Creation, [
    Pure, ConstantLike, AllTypesMatch<["value", "result"]>]> {
  let summary = "A tensor with known elements";
  let description = [{
    result = value.

    - (C1) The result has the type of `value`.
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "attr-dict $value";
  let nonDifferentiable = 1;
  let hasFolder = 1;
}

def Graph_FullOp : Graph_StructuredOp<"full", Kind_Creation> {
  let summary = "A tensor of one value";
  let description = [{
    result[i] = `value` as `dtype`: rounded to a floating type, or, as a bool,
    whether it isn't 0.

    - (C1) The result has the shape `shape` and the element type `dtype`.
    - (C2) Sizes are not negative.
    - (C3) Of a type of whole numbers, `value` is one that it holds.
  }];
  let arguments = (ins Graph_Float:$value, Graph_Sizes:$shape,
                       Graph_DType:$dtype);
  let results = (outs Graph_Tensor:$result);
  let nonDifferentiable = 1;
  let builders = [OpBuilder<(ins "::mlir::RankedTensorType":$type,
                                 "double":$value), [{
    build($_builder, $_state, type, $_builder.getF64FloatAttr(value),
          ::tensorc::scalar::sizesAttr($_builder.getContext(), ::tensorc::scalar::sizesOf(type)),
          ::mlir::TypeAttr::get(type.getElementType()));
  }]>];
}

def Graph_IotaOp : Graph_StructuredOp<"iota", Kind_Creation> {
  let summary = "A tensor of the indices along a dimension";
  let description = [{
    result[i₀, …] = i_`dim` as `dtype`.

    - (C1) The result has the shape `shape` and the element type `dtype`.
    - (C2) 0 ≤ `dim` < rank of the result.
    - (C3) Sizes are not negative.
  }];
  let arguments = (ins Graph_Int:$dim, Graph_Sizes:$shape,
                       Graph_DType:$dtype);
  let results = (outs Graph_NumericTensor:$result);
  let nonDifferentiable = 1;
}

def Graph_SizeValueOp : Graph_StructuredOp<"size_value", Kind_Creation> {
  let summary = "A size as a number";
  let description = [{
    result = the size, which may be one that only a call says.

    - (C1) `size` is one size of at least 0.
    - (C2) The result is of rank 0 and type int64.
  }];
  let arguments = (ins Graph_Sizes:$size);
  let results = (outs Graph_IndexTensor:$result);
  let nonDifferentiable = 1;
  let hasFolder = 1;
}

#endif // TENSORC_GRAPH_CREATION
