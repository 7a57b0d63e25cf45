//===- Unary.td - Elementwise ops of one operand --------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAPH_UNARY
#define TENSORC_GRAPH_UNARY

include "dialects/graph/Elementwise.td"

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

def Graph_NegOp : Graph_UnaryOp<"neg", "Negation", "-self[i]",
                                Graph_SignedTensor> {
  let function = Graph_ByHand<"Of uint8 modulo 256. `Error` for bools.">;
  let scalarBody = "emitNeg(b, loc, self)";
  let gradients = ["-grad"];
  let hasFolder = 1;
}
def Graph_AbsOp : Graph_UnaryOp<"abs", "Absolute value", "|self[i]|",
                                Graph_NumericTensor> {
  let function = Graph_OfNumbers;
  let scalarBody = "emitAbs(b, loc, self)";
  let gradients = ["grad * sign(self)"]; // 0 at 0
}
def Graph_SignOp : Graph_UnaryOp<"sign", "Sign",
    "1 above 0, -1 below, else 0 (also for NaN)", Graph_NumericTensor> {
  let function = Graph_ByHand<"Bools stay as they are.">;
  let scalarBody = "emitSign(b, loc, self)";
  let gradients = [""];
}
def Graph_ReciprocalOp : Graph_UnaryOp<"reciprocal", "Reciprocal",
                                       "1 / self[i]"> {
  let scalarBody = "emitDiv(b, loc, splat(b, loc, type, 1), self)";
  let gradients = ["-grad * result * result"];
}
def Graph_SquareOp : Graph_UnaryOp<"square", "Square", "self[i] * self[i]",
                                   Graph_NumericTensor> {
  let function = Graph_Widened;
  let scalarBody = "emitMul(b, loc, self, self)";
  let gradients = ["grad * self * 2"];
}
def Graph_SqrtOp : Graph_UnaryOp<"sqrt", "Square root", "√self[i]"> {
  let scalarBody = "emitMath<math::SqrtOp>(b, loc, self)";
  let gradients = ["grad / (result * 2)"]; // inf at 0
}
def Graph_RsqrtOp : Graph_UnaryOp<"rsqrt", "Reciprocal of the square root",
                                  "1 / √self[i]"> {
  let scalarBody = "emitRsqrt(b, loc, self)";
  let gradients = ["grad * result * result * result * -0.5"];
}

//===----------------------------------------------------------------------===//
// Exponentials, logarithms, trigonometry
//===----------------------------------------------------------------------===//

def Graph_ExpOp : Graph_UnaryOp<"exp", "Exponential", "e^self[i]"> {
  let scalarBody = "emitMath<math::ExpOp>(b, loc, self)";
  let gradients = ["grad * result"];
}
def Graph_Exp2Op : Graph_UnaryOp<"exp2", "Power of two", "2^self[i]"> {
  let scalarBody = "emitMath<math::Exp2Op>(b, loc, self)";
  let gradients = ["grad * result * 0.69314718055994531"]; // ln 2
}
def Graph_Expm1Op : Graph_UnaryOp<"expm1", "Exponential minus one",
    "e^self[i] - 1, accurate near 0"> {
  let scalarBody = "emitMath<math::ExpM1Op>(b, loc, self)";
  let gradients = ["grad * exp(self)"]; // where the result is -1, too
}
def Graph_LogOp : Graph_UnaryOp<"log", "Natural logarithm",
    "ln self[i]; -inf at 0, NaN below"> {
  let scalarBody = "emitMath<math::LogOp>(b, loc, self)";
  let gradients = ["grad / self"];
}
def Graph_Log1pOp : Graph_UnaryOp<"log1p", "Logarithm of one plus",
    "ln(1 + self[i]), accurate near 0"> {
  let scalarBody = "emitMath<math::Log1pOp>(b, loc, self)";
  let gradients = ["grad / (self + 1)"];
}
def Graph_Log2Op : Graph_UnaryOp<"log2", "Logarithm to base two",
                                 "log₂ self[i]"> {
  let scalarBody = "emitMath<math::Log2Op>(b, loc, self)";
  let gradients = ["grad / (self * 0.69314718055994531)"]; // ln 2
}
def Graph_SinOp : Graph_UnaryOp<"sin", "Sine", "sin self[i] (radians)"> {
  let scalarBody = "emitMath<math::SinOp>(b, loc, self)";
  let gradients = ["grad * cos(self)"];
}
def Graph_CosOp : Graph_UnaryOp<"cos", "Cosine", "cos self[i] (radians)"> {
  let scalarBody = "emitMath<math::CosOp>(b, loc, self)";
  let gradients = ["-grad * sin(self)"];
}
def Graph_TanOp : Graph_UnaryOp<"tan", "Tangent", "tan self[i] (radians)"> {
  let scalarBody = "emitMath<math::TanOp>(b, loc, self)";
  let gradients = ["grad * (square(result) + 1)"];
}
def Graph_TanhOp : Graph_UnaryOp<"tanh", "Hyperbolic tangent",
                                 "tanh self[i]"> {
  let scalarBody = "emitMath<math::TanhOp>(b, loc, self)";
  let gradients = ["grad * (1 - square(result))"];
}
def Graph_ErfOp : Graph_UnaryOp<"erf", "Error function",
    "2/√π ∫ e^(-t²) dt over t in [0, self[i]]"> {
  let scalarBody = "emitMath<math::ErfOp>(b, loc, self)";
  let gradients = ["grad * exp(-square(self)) * 1.1283791670955126"]; // 2/√π
}

//===----------------------------------------------------------------------===//
// Rounding
//===----------------------------------------------------------------------===//

class Graph_RoundingOp<string mnemonic, string what, string formula, string op>
    : Graph_UnaryOp<mnemonic, what, formula> {
  let function = Graph_Rounding;
  let scalarBody = "emitMath<math::" # op # ">(b, loc, self)";
  let gradients = [""]; // zero wherever it exists, and declared zero elsewhere
}
def Graph_FloorOp : Graph_RoundingOp<"floor", "Rounds down",
    "the greatest whole number not above self[i]", "FloorOp">;
def Graph_CeilOp : Graph_RoundingOp<"ceil", "Rounds up",
    "the least whole number not below self[i]", "CeilOp">;
def Graph_RoundOp : Graph_RoundingOp<"round", "Rounds to the nearest",
    "the whole number nearest to self[i], of two the even one", "RoundEvenOp">;
def Graph_TruncOp : Graph_RoundingOp<"trunc", "Rounds towards zero",
    "self[i] without its fraction", "TruncOp">;

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

def Graph_ReluOp : Graph_UnaryOp<"relu", "Rectified linear unit",
    "max(self[i], 0); NaN stays NaN", Graph_NumericTensor> {
  let function = Graph_OfNumbers;
  let scalarBody = "emitMaximum(b, loc, self, splat(b, loc, type, 0))";
  let gradients = ["where(result <= 0, 0, grad)"]; // 0 at 0
  let hasFolder = 1;
}
def Graph_LeakyReluOp : Graph_UnaryOp<"leaky_relu", "Leaky rectified unit",
    "self[i] above 0, else self[i] * negative_slope"> {
  let function = Graph_OfFloating;
  let forms = [Graph_FreeInPlace, Graph_Out];
  let parameters = [(ins "const Tensor &":$self,
                         CArg<"double", "0.01">:$negative_slope)];
  let arguments = (ins Graph_FloatTensor:$self, Graph_Float:$negative_slope);
  let scalarBody = "emitLeakyRelu(b, loc, self, "
                   "getNegativeSlope().convertToDouble())";
  let gradients = ["where(self > 0, grad, grad * negative_slope)"];
}
def Graph_SigmoidOp : Graph_UnaryOp<"sigmoid", "Logistic function",
                                    "1 / (1 + e^(-self[i]))"> {
  let scalarBody = "emitSigmoid(b, loc, self)";
  let gradients = ["grad * result * (1 - result)"];
}
def Graph_SiluOp : Graph_UnaryOp<"silu", "Sigmoid linear unit",
                                 "self[i] / (1 + e^(-self[i]))"> {
  let function = Graph_OfFloating;
  let forms = [Graph_FreeInPlace, Graph_Out];
  let scalarBody = "emitSilu(b, loc, self)";
  let gradients = [
    "grad * sigmoid(self) * (self * (1 - sigmoid(self)) + 1)"];
}
def Graph_SoftplusOp : Graph_UnaryOp<"softplus", "Smooth rectified unit",
    "ln(1 + e^self[i]), as max(self[i], 0) + ln(1 + e^(-|self[i]|))"> {
  let function = Graph_OfFloating;
  let forms = [Graph_Out];
  let scalarBody = "emitSoftplus(b, loc, self)";
  let gradients = ["grad * sigmoid(self)"];
}
def Graph_GeluOp : Graph_UnaryOp<"gelu", "Gaussian error linear unit",
    "self[i] * Φ(self[i]), Φ the standard normal distribution: "
    "½ (1 + erf(x / √2)) where `approximate` is \"none\", "
    "½ (1 + tanh(√(2/π) (x + 0.044715 x³))) where it is \"tanh\" "
    "(Hendrycks and Gimpel, arXiv:1606.08415)"> {
  let function = Graph_ByHand<
      "`Error` unless `self` is of a floating-point type.">;
  let forms = [Graph_FreeInPlace, Graph_Out];
  let parameters = [(ins "const Tensor &":$self,
      CArg<"const std::string &", "\"none\"">:$approximate)];
  let constraints = "\n\n"
      "- (C1) `self` and the result have the same type.\n"
      "- (C2) `approximate` is \"none\" or \"tanh\".";
  let arguments = (ins Graph_FloatTensor:$self, Graph_String:$approximate);
  let scalarBody = "emitGelu(b, loc, self, getApproximate() == \"tanh\")";
  let gradients = [[{approximate == "tanh"
        ? grad * ((tanh((self + self * square(self) * 0.044715) *
                        0.79788456080286536) + 1) * 0.5 +
                  self * (1 - square(tanh((self + self * square(self) *
                        0.044715) * 0.79788456080286536))) *
                  (square(self) * 0.134145 + 1) * 0.39894228040143268)
        : grad * ((erf(self * 0.70710678118654752) + 1) * 0.5 +
                  self * exp(square(self) * -0.5) * 0.39894228040143268)}]];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Types, bounds, tests
//===----------------------------------------------------------------------===//

def Graph_ToOp : Graph_ElementwiseOp<"to"> {
  let function = Graph_ByHand<"`self` itself where it has that type.">;
  let parameters = [(ins "const Tensor &":$self, "DType":$dtype)];
  let summary = "Converts the elements to another type";
  let description = [{
    result[i] = self[i] as `dtype`. To bool: whether it isn't 0 (NaN isn't).
    From bool: 1 or 0. Between whole numbers: modulo 2^bits. From floating-point
    ones: towards zero, to i32 or, for i64, to that, where NaN and what doesn't
    fit is the least number; then modulo 2^bits. To narrower floating types: to
    the nearest, of two the even one.

    - (C1) The result has self's shape and the element type `dtype`.
  }];
  let arguments = (ins Graph_Tensor:$self, Graph_DType:$dtype);
  let results = (outs Graph_Tensor:$result);
  let inferRule = "infer_to";
  let scalarBody = "emitCast(b, loc, self, type)";
  let gradients = ["to(grad, self.dtype())"];
  let hasFolder = 1;
}

def Graph_ClampOp : Graph_UnaryOp<"clamp", "Limits to a range",
    "min(max(self[i], `min`), `max`); NaN stays NaN", Graph_NumericTensor> {
  let function = Graph_ByHand<
      "Bools become int64, and whole numbers float32 where a bound has a "
      "fraction. `Error` for bounds that the type doesn't reach.">;
  let parameters = [(ins "const Tensor &":$self, "double":$min,
                         "double":$max)];
  let arguments = (ins Graph_NumericTensor:$self, Graph_Float:$min,
                       Graph_Float:$max);
  let scalarBody = "emitClamp(b, loc, self, getMin().convertToDouble(), "
                   "getMax().convertToDouble())";
  // 0 at the bounds, as in PyTorch since 2.15; an infinite one is none
  let gradients = [
      "where(logical_and(min == -INFINITY ? self >= min : self > min, "
      "max == INFINITY ? self <= max : self < max), grad, 0)"];
}

def Graph_IsnanOp : Graph_UnaryOp<"isnan", "Tests for NaN",
    "whether self[i] is not a number", Graph_FloatTensor> {
  let function = Graph_ByHand<"The result is bool.">;
  let forms = [Graph_Method, Graph_Out];
  let constraints = "\n\n"
      "- (C1) The result has self's shape and the element type i1.";
  let results = (outs Graph_BoolTensor:$result);
  let inferRule = "infer_comparison";
  let scalarBody = "emitIsNan(b, loc, self)";
  let nonDifferentiable = 1;
}

def Graph_LogicalNotOp : Graph_UnaryOp<"logical_not", "Logical negation",
                                       "not self[i]", Graph_BoolTensor> {
  let function = Graph_AsBool;
  let scalarBody = "emitXor(b, loc, self, splat(b, loc, type, 1))";
  let nonDifferentiable = 1;
  let hasFolder = 1;
}

def Graph_CheckIndexOp : Graph_UnaryOp<"check_index", "Checks indices",
    "self[i]; where that is neither in [0, `size`) nor `ignore_index`, the "
    "program fails with `TENSORC_ERROR_INDEX_OUT_OF_RANGE`, and says that the "
    "user's `function` has failed. Pure all the same: a check whose result "
    "nobody uses may go", Graph_IntTensor> {
  let function = Graph_Call<
      "`Error` unless `self` is of a type of whole numbers.",
      "ops::$op(defined(\"$op\", self, location), size, ignore_index, "
      "function_name(\"$op\"), location)">;
  let does = "`self`; an index that is neither in [0, `size`) nor `ignore_index` "
      "fails, also in compiled code. A check whose result nobody uses may go.";
  let forms = [];
  let parameters = [(ins "const Tensor &":$self, "std::int64_t":$size,
                         "std::int64_t":$ignore_index)];
  let constraints = "\n\n"
      "- (C1) `self` and the result have the same type.\n"
      "- (C2) `size` is not negative.";
  let arguments = (ins Graph_IntTensor:$self,
                       ConfinedAttr<Graph_Int, [IntNonNegative]>:$size,
                       Graph_Int:$ignore_index, Graph_String:$function);
  let inferRule = "infer_check_index";
  let scalarBody = "emitCheckIndex(b, loc, self, getSize(), getIgnoreIndex(), "
                   "getFunction())";
  let nonDifferentiable = 1;
}

#endif // TENSORC_GRAPH_UNARY
