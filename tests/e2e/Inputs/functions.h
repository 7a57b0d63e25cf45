// The functions that FunctionsTest.cpp runs, eagerly and compiled.
#ifndef TENSORC_TESTS_E2E_INPUTS_FUNCTIONS_H
#define TENSORC_TESTS_E2E_INPUTS_FUNCTIONS_H

#include <tensorc/tensorc.h>

#include <string>
#include <vector>

namespace functions {

using namespace tensorc;

struct Unary {
  const char *name;
  Tensor (*apply)(const Tensor &);
};

#define FUNCTION(NAME)                                                         \
  Unary {                                                                      \
    #NAME, [](const Tensor &x) { return tensorc::NAME(x); }                    \
  }
inline const std::vector<Unary> unary = {
    FUNCTION(exp),   FUNCTION(exp2),      FUNCTION(expm1), FUNCTION(log),
    FUNCTION(log1p), FUNCTION(log2),      FUNCTION(sin),   FUNCTION(cos),
    FUNCTION(tan),   FUNCTION(tanh),      FUNCTION(erf),   FUNCTION(sqrt),
    FUNCTION(rsqrt), FUNCTION(sigmoid),   FUNCTION(silu),  FUNCTION(softplus),
    FUNCTION(gelu),  FUNCTION(reciprocal)};
#undef FUNCTION

/// How many elements a row has: lanes of every width, and a tail.
inline constexpr std::int64_t length = 71;

/// Row k is function k of row k; and its gradient.
inline std::vector<Tensor> apply_unary(const Tensor &rows) {
  Tensor x = rows.detach();
  x.requires_grad_();
  TensorList results;
  for (std::size_t k = 0; k < unary.size(); ++k)
    results.push_back(unary[k].apply(x[std::int64_t(k)]));
  Tensor y = stack(results);
  y.sum().backward();
  return {y.detach(), x.grad()};
}

/// pow, atan2 and remainder; and the gradients of atan2.
inline std::vector<Tensor> apply_binary(const Tensor &left,
                                        const Tensor &right) {
  Tensor y = left.detach(), x = right.detach();
  y.requires_grad_();
  x.requires_grad_();
  Tensor angle = atan2(y, x);
  angle.sum().backward();
  return {stack({pow(left, right), angle.detach(), remainder(left, right)}),
          y.grad(), x.grad()};
}

/// Values that the compiler knows, and the functions of them.
inline const std::vector<double> known = {-0.0, 0.3, -2.5, 88.5, 1e-40};
inline Tensor apply_known(DType dtype) {
  TensorList results;
  for (double value : known)
    for (const Unary &function : unary)
      results.push_back(function.apply(full({length}, value, dtype)));
  for (double left : known)
    for (double right : known) {
      Tensor y = full({length}, left, dtype), x = full({length}, right, dtype);
      results.insert(results.end(), {pow(y, x), atan2(y, x), remainder(y, x)});
    }
  return stack(results);
}

} // namespace functions

#endif // TENSORC_TESTS_E2E_INPUTS_FUNCTIONS_H
