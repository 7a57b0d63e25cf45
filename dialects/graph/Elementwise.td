//===- Elementwise.td - The class ladder of elementwise ops --- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAPH_ELEMENTWISE
#define TENSORC_GRAPH_ELEMENTWISE

include "dialects/graph/GraphBase.td"

// Results are rounded to their type, f16 and bf16 included, once for each op.
class Graph_ElementwiseOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, Kind_Elementwise, !listconcat(traits, [
        DeclareOpInterfaceMethods<Graph_ElementwiseOpInterface>])> {
  let inferRule = "infer_elementwise";
}

// result[i] = f(self[i]), of self's type. The public function converts whole
// numbers, unless another `function` is given.
class Graph_UnaryOp<string mnemonic, string what, string formula,
                    TypeConstraint type = Graph_FloatTensor>
    : Graph_ElementwiseOp<mnemonic> {
  let summary = what;
  string semantics = "For each element i, result[i] = " # formula # ".";
  string constraints = "\n\n- (C1) `self` and the result have the same type.";
  let description = semantics # constraints;
  let function = Graph_AsFloating;
  let forms = [Graph_Method, Graph_InPlace, Graph_Out];
  let arguments = (ins type:$self);
  let results = (outs type:$result);
}

// result[i] = f(self[i], other[i]), of their type.
class Graph_BinaryOp<string mnemonic, string what, string formula,
                     TypeConstraint type = Graph_NumericTensor>
    : Graph_ElementwiseOp<mnemonic> {
  let summary = what;
  string semantics = "For each element i, result[i] = " # formula # ".";
  string constraints = "\n\n"
      "- (C1) `self` and `other` have the same type (broadcasting and type "
      "promotion are ops of their own).\n"
      "- (C2) The result has that type.";
  let description = semantics # constraints;
  let function = Graph_Promoted;
  let forms = [Graph_Method, Graph_InPlace, Graph_Out];
  let arguments = (ins type:$self, type:$other);
  let results = (outs type:$result);
}

// result[i] = p(self[i], other[i]), a truth value.
class Graph_ComparisonOp<string mnemonic, string what, string formula>
    : Graph_BinaryOp<mnemonic, what, formula, Graph_Tensor> {
  let inferRule = "infer_comparison";
  let nonDifferentiable = 1;
  let function = Graph_Compared;
  let semantics = "For each element i, result[i] = " # formula # ". A "
      "comparison with NaN is false, but for `ne`, where it is true.";
  let constraints = "\n\n"
      "- (C1) `self` and `other` have the same type.\n"
      "- (C2) The result has their shape and the element type i1.";
  let results = (outs Graph_BoolTensor:$result);
}

#endif // TENSORC_GRAPH_ELEMENTWISE
