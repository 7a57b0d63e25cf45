//===- Reduction.td - Ops that combine along dimensions ---- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAPH_REDUCTION
#define TENSORC_GRAPH_REDUCTION

include "dialects/graph/GraphBase.td"

// `combiner` is one of scalar::Combiner.
class Graph_ReductionOp<string mnemonic, string what, string formula,
                        string combiner,
                        TypeConstraint type = Graph_NumericTensor>
    : Graph_StructuredOp<mnemonic, Kind_Reduction, ["getIterationSpace"]> {
  let summary = what;
  let description = formula # [{, over all elements that agree in the dimensions not in `dims`. With
    `keepdim`, those stay with size 1. Without `dims` there is nothing to combine.

    - (C1) `dims` rise, and 0 ≤ dims[k] < rank.
    - (C2) The result has self's sizes in the other dimensions, in order, and
      self's element type.
  }];
  let forms = [Graph_Method, Graph_Out];
  let does = formula # ", along `dims`. Negative ones count from the end; none: "
      "all. With `keepdim`, those stay with size 1.";
  let parameters = [(ins "const Tensor &":$self, CArg<"const Dims &", "{}">:$dims,
                         CArg<"bool", "false">:$keepdim)];
  let arguments = (ins type:$self, Graph_IntArray:$dims, Graph_Bool:$keepdim);
  let results = (outs type:$result);
  let hasFolder = 1;
  let extraClassDefinition = inferDefinition # [{
    ::llvm::FailureOr<IterationSpace> $cppClass::getIterationSpace() {
      return reductionSpace(*this, getDims(), getKeepdim());
    }
    ::mlir::Value $cppClass::emitPoint(PointBuilder &point) {
      return emitReduction(point, scalar::Combiner::}] # combiner # [{);
    }
  }];
}

// Without dimensions, and with.
def Graph_AllOrSome : Graph_PublicFunction {
  let parameters = [(ins "const Tensor &":$self),
                    (ins "const Tensor &":$self, "const Dims &":$dims,
                         CArg<"bool", "false">:$keepdim)];
}
def Graph_Truth : Graph_Call<
    "Elements count as bools: whether they aren't 0. The result is bool; of uint8 "
    "it is 0 or 1 of that.",
    "reduced_truth(\"$op\", ops::$op, self, dims, keepdim, location)">;

def Graph_SumOp : Graph_ReductionOp<"sum", "Sum along dimensions",
    "Σ self[i], f16 and bf16 accumulated in f32", "Add"> {
  let function = Graph_ReductionCall<"summed(self, location)",
                                     "Of bools and whole numbers int64.">;
  let parameters = Graph_AllOrSome.parameters;
}
def Graph_ProdOp : Graph_ReductionOp<"prod", "Product along dimensions",
    "Π self[i], f16 and bf16 accumulated in f32", "Mul"> {
  let function = Graph_ByHand<"Of bools and whole numbers int64.">;
  let does = "Π self[i], along `dim` or of all elements. A negative one counts "
      "from the end. With `keepdim`, it stays with size 1.";
  let parameters = [(ins "const Tensor &":$self),
                    (ins "const Tensor &":$self, "std::int64_t":$dim,
                         CArg<"bool", "false">:$keepdim)];
}
def Graph_AmaxOp : Graph_ReductionOp<"amax", "Maximum along dimensions",
    "max self[i], NaN if one is NaN (the gradient is split among equal maxima)",
    "Maximum"> {
  let function = Graph_Call<"Of any type. `Error` where there are no elements.",
      "extremum(\"$op\", ops::$op, ops::any, self, dims, keepdim, location)">;
}
def Graph_AminOp : Graph_ReductionOp<"amin", "Minimum along dimensions",
    "min self[i], NaN if one is NaN (the gradient is split among equal minima)",
    "Minimum"> {
  let function = Graph_Call<"Of any type. `Error` where there are no elements.",
      "extremum(\"$op\", ops::$op, ops::all, self, dims, keepdim, location)">;
}
def Graph_AnyOp : Graph_ReductionOp<"any", "Whether one holds",
                                    "Disjunction of self[i]", "Or",
                                    Graph_BoolTensor> {
  let function = Graph_Truth;
  let nonDifferentiable = 1;
}
def Graph_AllOp : Graph_ReductionOp<"all", "Whether all hold",
                                    "Conjunction of self[i]", "And",
                                    Graph_BoolTensor> {
  let function = Graph_Truth;
  let nonDifferentiable = 1;
}

def Graph_ArgmaxOp : Graph_StructuredOp<"argmax", Kind_Reduction,
                                        ["getIterationSpace"]> {
  let summary = "Where the maximum along a dimension is";
  let function = Graph_ByHand<"Of any type; the result is int64. `Error` where "
                              "there are no elements.">;
  let forms = [Graph_Method, Graph_Out];
  let does = "The index along `dim` of the first greatest element, or without "
      "`dim` its index in row-major order; NaN counts as greatest. With "
      "`keepdim`, what was searched stays with size 1.";
  let parameters = [(ins "const Tensor &":$self,
                         CArg<"std::optional<std::int64_t>", "{}">:$dim,
                         CArg<"bool", "false">:$keepdim)];
  let description = [{
    The index along `dim` of the first greatest element; NaN counts as greatest.
    With `keepdim`, the dimension stays with size 1.

    - (C1) 0 ≤ `dim` < rank, and self.shape[dim] is not 0.
    - (C2) The result has self's sizes in the other dimensions, in order, and the
      element type i64.
  }];
  let arguments = (ins Graph_Tensor:$self, Graph_Int:$dim, Graph_Bool:$keepdim);
  let results = (outs Graph_IndexTensor:$result);
  let nonDifferentiable = 1;
}

def Graph_FirstMaxOp : Graph_StructuredOp<"first_max", Kind_Reduction,
                                          ["getIterationSpace"]> {
  let summary = "Where the first maximum along dimensions is";
  let description = [{
    The place among `dims`, counted in row-major order, of the first greatest
    element; NaN counts as greatest. With `keepdim`, the dimensions stay with size 1.

    - (C1) `dims` rise, 0 ≤ dims[k] < rank, and self.shape[dims[k]] is not 0.
    - (C2) The result has self's sizes in the other dimensions, in order, and the
      element type i32.
  }];
  let arguments = (ins Graph_NumericTensor:$self, Graph_IntArray:$dims,
                       Graph_Bool:$keepdim);
  let results = (outs Graph_PlaceTensor:$result);
  let nonDifferentiable = 1;
}

def Graph_FirstMaxBackwardOp
    : Graph_StructuredOp<"first_max_backward", Kind_Window,
                         ["getIterationSpace"]> {
  let summary = "Gradient of a maximum, at the first one";
  let description = [{
    result[i] = `grad_output` at i without `dims`, where self[i] is the first
    greatest element along `dims` as in `first_max`; 0 elsewhere.

    - (C1) `dims` rise, 0 ≤ dims[k] < rank, and self.shape[dims[k]] is not 0.
    - (C2) `grad_output` has self's sizes in the other dimensions, in order, and its
      element type.
    - (C3) The result has self's type.
  }];
  let arguments = (ins Graph_FloatTensor:$grad_output, Graph_FloatTensor:$self,
                       Graph_IntArray:$dims);
  let results = (outs Graph_FloatTensor:$result);
}

#endif // TENSORC_GRAPH_REDUCTION
