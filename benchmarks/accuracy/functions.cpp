// Each function as a function of a model: exp_f32, exp_f64, …
#include "Functions.h"
#include <tensorc/tensorc.h>

using namespace tensorc;

#ifndef LENGTH
#define LENGTH 65535
#endif
static constexpr std::int64_t length = LENGTH;

TENSORC_MODEL(model) {
  for (DType dtype : {kFloat32, kFloat64}) {
    std::string suffix = dtype == kFloat32 ? "_f32" : "_f64";
    Tensor x = zeros({length}, dtype);
#define UNARY(NAME)                                                            \
  model.function(                                                              \
      #NAME + suffix, {{"x", x}},                                              \
      [](const TensorList &in) -> Outputs { return {{"y", NAME(in[0])}}; });
#define BINARY(NAME)                                                           \
  model.function(#NAME + suffix, {{"x", x}, {"other", x}},                     \
                 [](const TensorList &in) -> Outputs {                         \
                   return {{"y", NAME(in[0], in[1])}};                         \
                 });
    ACCURACY_UNARY(UNARY)
    ACCURACY_BINARY(BINARY)
  }
}
