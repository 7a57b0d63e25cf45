//===- Binary.td - Elementwise ops of more operands ------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAPH_BINARY
#define TENSORC_GRAPH_BINARY

include "dialects/graph/Elementwise.td"

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

def Graph_AddOp : Graph_BinaryOp<"add", "Sum",
    "self[i] + other[i]; of bools: or", Graph_Tensor> {
  let scalarBody = "emitAdd(b, loc, self, other)";
  let gradients = ["grad", "grad"];
  let hasFolder = 1;
}
def Graph_SubOp : Graph_BinaryOp<"sub", "Difference", "self[i] - other[i]"> {
  let function = Graph_PromotedNumbers;
  let scalarBody = "emitSub(b, loc, self, other)";
  let gradients = ["grad", "-grad"];
  let hasFolder = 1;
}
def Graph_MulOp : Graph_BinaryOp<"mul", "Product",
    "self[i] * other[i]; of bools: and", Graph_Tensor> {
  let function = Graph_Scaled;
  let scalarBody = "emitMul(b, loc, self, other)";
  let gradients = ["grad * other", "grad * self"];
  let hasFolder = 1;
}
def Graph_DivOp : Graph_BinaryOp<"div", "Quotient", "self[i] / other[i]",
                                 Graph_FloatTensor> {
  let function = Graph_ScaledFloating;
  let scalarBody = "emitDiv(b, loc, self, other)";
  let gradients = ["grad / other", "-grad * (self / other / other)"];
  let hasFolder = 1;
}
def Graph_PowOp : Graph_BinaryOp<"pow", "Power", "self[i]^other[i]; of whole "
    "numbers modulo 2^bits, and 0 where the exponent is negative and self[i] "
    "neither 1 nor -1"> {
  let function = Graph_ByHand<promotedNotBool # " A number as the exponent "
                              "of whole numbers is at least 0.">;
  let scalarBody = "emitPow(b, loc, self, other)";
  // No pow(0, -1) and no log of 0 where their factor is 0.
  let gradients = [
    [{where(other == 0, 0,
            grad * other * pow(self, where(other == 0, 1, other) - 1))}],
    [{where(logical_and(self == 0, other >= 0), 0, grad * result *
            log(where(logical_and(self == 0, other >= 0), 1, self)))}]];
}
def Graph_Atan2Op : Graph_BinaryOp<"atan2", "Angle of a point",
    "the angle in [-π, π] of the point with y = self[i] and x = other[i]",
    Graph_FloatTensor> {
  let function = Graph_PromotedToFloating;
  let scalarBody = "emitMath<math::Atan2Op>(b, loc, self, other)";
}
def Graph_RemainderOp : Graph_BinaryOp<"remainder", "Remainder",
    "self[i] - floor(self[i] / other[i]) * other[i], with the sign of other[i]. "
    "Where a whole number is divided by 0, the program fails as with "
    "`check_index`, with the same status"> {
  let function = Graph_ByHand<promotedNotBool>;
  let scalarBody = "emitRemainder(b, loc, self, other)";
}

// Of equal operands, each gets half of the gradient.
def Graph_MaximumOp : Graph_BinaryOp<"maximum", "The greater one",
    "max(self[i], other[i]); NaN if one is NaN", Graph_Tensor> {
  let forms = [Graph_Method, Graph_Out];
  let scalarBody = "emitMaximum(b, loc, self, other)";
  let gradients = [
    "where(self < other, 0, where(self == other, grad * 0.5, grad))",
    "where(other < self, 0, where(self == other, grad * 0.5, grad))"];
}
def Graph_MinimumOp : Graph_BinaryOp<"minimum", "The lesser one",
    "min(self[i], other[i]); NaN if one is NaN", Graph_Tensor> {
  let forms = [Graph_Method, Graph_Out];
  let scalarBody = "emitMinimum(b, loc, self, other)";
  let gradients = [
    "where(self > other, 0, where(self == other, grad * 0.5, grad))",
    "where(other > self, 0, where(self == other, grad * 0.5, grad))"];
}

//===----------------------------------------------------------------------===//
// Comparisons and logic
//===----------------------------------------------------------------------===//

class Graph_CompareOp<string mnemonic, string what, string formula,
                      string predicate>
    : Graph_ComparisonOp<mnemonic, what, formula> {
  let scalarBody = "emitCompare(b, loc, Compare::" # predicate
                   # ", self, other)";
}
def Graph_EqOp : Graph_CompareOp<"eq", "Equal", "self[i] = other[i]", "Eq">;
def Graph_NeOp : Graph_CompareOp<"ne", "Not equal", "self[i] ≠ other[i]", "Ne">;
def Graph_LtOp : Graph_CompareOp<"lt", "Less", "self[i] < other[i]", "Lt">;
def Graph_LeOp : Graph_CompareOp<"le", "Less or equal", "self[i] ≤ other[i]",
                                 "Le">;
def Graph_GtOp : Graph_CompareOp<"gt", "Greater", "self[i] > other[i]", "Gt">;
def Graph_GeOp : Graph_CompareOp<"ge", "Greater or equal",
                                 "self[i] ≥ other[i]", "Ge">;

class Graph_LogicalOp<string mnemonic, string what, string word, string body>
    : Graph_BinaryOp<mnemonic, what, "self[i] " # word # " other[i]",
                     Graph_BoolTensor> {
  let function = Graph_Logical;
  let scalarBody = body # "(b, loc, self, other)";
  let nonDifferentiable = 1;
}
def Graph_LogicalAndOp : Graph_LogicalOp<"logical_and", "Logical and", "and",
                                         "emitMul">;
def Graph_LogicalOrOp : Graph_LogicalOp<"logical_or", "Logical or", "or",
                                        "emitAdd">;
def Graph_LogicalXorOp : Graph_LogicalOp<"logical_xor", "Exclusive or",
                                         "is not", "emitXor">;

def Graph_WhereOp : Graph_ElementwiseOp<"where"> {
  let summary = "Chooses element by element";
  let function = Graph_ByHand<"Types of `self` and `other` are promoted as in "
      "PyTorch; `Error` unless `condition` is bool. Shapes are broadcast.">;
  let forms = [Graph_Out];
  let parameters = [(ins "const Tensor &":$condition,
                         "const TensorArg &":$self,
                         "const TensorArg &":$other)];
  let description = [{
    result[i] = self[i] where condition[i] holds, else other[i].

    - (C1) `self` and `other` have the same type.
    - (C2) `condition` has their shape.
    - (C3) The result has their type.
  }];
  let arguments = (ins Graph_BoolTensor:$condition, Graph_Tensor:$self,
                       Graph_Tensor:$other);
  let results = (outs Graph_Tensor:$result);
  let inferRule = "infer_where";
  let scalarBody = "emitSelect(b, loc, condition, self, other)";
  let gradients = ["", "where(condition, grad, 0)",
                   "where(condition, 0, grad)"];
  let hasFolder = 1;
}

#endif // TENSORC_GRAPH_BINARY
