//===- ElementwiseReference.cpp - Elementwise ops, interpreted ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/fusion/ReferenceRules.h"

using namespace mlir;

namespace tensorc::test {
namespace {

using X = ArrayRef<double>;

/// A rule that makes each element of those at its place.
Rule pointwise(const std::function<double(X, const Call &)> &body) {
  return [body](Call &c) {
    Elements result = makeElements(c.shape());
    for (size_t i = 0; i < result.values.size(); ++i) {
      SmallVector<double> elements;
      for (Elements &operand : c.x)
        elements.push_back(operand.values[i]);
      result.values[i] = body(elements, c);
    }
    return result;
  };
}
Rule pointwise(double (*body)(X)) {
  return pointwise([body](X x, const Call &) { return body(x); });
}
Rule unary(double (*body)(double)) {
  return pointwise([body](X x, const Call &) { return body(x[0]); });
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double softplus(double x) {
  return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
}
double sign(double x) { return (x > 0) - (x < 0); }
/// As a conversion to whole numbers has it; bool holds whether it isn't 0.
double converted(X x, const Call &c) {
  Type from = getElementTypeOrSelf(c.op->getOperand(0));
  Type to = getElementTypeOrSelf(c.op->getResult(0));
  return isa<FloatType>(from) && !isa<FloatType>(to) && !to.isInteger(1)
             ? std::trunc(x[0])
             : x[0];
}

} // namespace

Rules elementwiseRules() {
  return {
      {"add", pointwise([](X x) { return x[0] + x[1]; })},
      {"sub", pointwise([](X x) { return x[0] - x[1]; })},
      {"mul", pointwise([](X x) { return x[0] * x[1]; })},
      {"div", pointwise([](X x) { return x[0] / x[1]; })},
      {"maximum", pointwise([](X x) { return maximum(x[0], x[1]); })},
      {"minimum", pointwise([](X x) { return minimum(x[0], x[1]); })},
      {"eq", pointwise([](X x) { return double(x[0] == x[1]); })},
      {"ne", pointwise([](X x) { return double(x[0] != x[1]); })},
      {"lt", pointwise([](X x) { return double(x[0] < x[1]); })},
      {"le", pointwise([](X x) { return double(x[0] <= x[1]); })},
      {"gt", pointwise([](X x) { return double(x[0] > x[1]); })},
      {"ge", pointwise([](X x) { return double(x[0] >= x[1]); })},
      {"logical_and", pointwise([](X x) { return double(x[0] && x[1]); })},
      {"logical_or", pointwise([](X x) { return double(x[0] || x[1]); })},
      {"logical_xor", pointwise([](X x) { return double(x[0] != x[1]); })},
      {"logical_not", unary([](double x) { return double(x == 0); })},
      {"where", pointwise([](X x) { return x[0] != 0 ? x[1] : x[2]; })},
      {"neg", unary([](double x) { return -x; })},
      {"abs", unary([](double x) { return std::abs(x); })},
      {"sign", unary(sign)},
      {"square", unary([](double x) { return x * x; })},
      {"reciprocal", unary([](double x) { return 1 / x; })},
      {"sqrt", unary([](double x) { return std::sqrt(x); })},
      {"rsqrt", unary([](double x) { return 1 / std::sqrt(x); })},
      {"exp", unary([](double x) { return std::exp(x); })},
      {"log", unary([](double x) { return std::log(x); })},
      {"sin", unary([](double x) { return std::sin(x); })},
      {"cos", unary([](double x) { return std::cos(x); })},
      {"tanh", unary([](double x) { return std::tanh(x); })},
      {"sigmoid", unary(sigmoid)},
      {"silu", unary([](double x) { return x * sigmoid(x); })},
      {"softplus", unary(softplus)},
      {"relu", unary([](double x) { return maximum(x, 0); })},
      {"isnan", unary([](double x) { return double(std::isnan(x)); })},
      {"detach", unary([](double x) { return x; })},
      {"check_index", unary([](double x) { return x; })},
      {"clamp", pointwise([](X x, const Call &c) {
         return minimum(maximum(x[0], c.real("min")), c.real("max"));
       })},
      {"to", pointwise(converted)},
  };
}

} // namespace tensorc::test
