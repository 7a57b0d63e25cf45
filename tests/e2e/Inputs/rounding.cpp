// Products in sums, and what has none; RoundingTest.cpp says what may differ.
#include <tensorc/tensorc.h>

using namespace tensorc;

TENSORC_MODEL(model) {
  Tensor x = zeros({1000}, kFloat64);
  const std::pair<const char *, DType> types[] = {{"f64", kFloat64},
                                                  {"f32", kFloat32},
                                                  {"f16", kFloat16},
                                                  {"bf16", kBFloat16}};
  for (auto [name, dtype] : types) {
    NamedTensors inputs = {{"a", x}, {"b", x}, {"c", x}};
    auto narrow = [dtype](const TensorList &in) {
      TensorList all;
      for (const Tensor &each : in)
        all.push_back(each.to(dtype));
      return all;
    };
    model.function(std::string("products_") + name, inputs,
                   [=](const TensorList &in) -> Outputs {
                     TensorList x = narrow(in);
                     return {{"sum", (x[0] * x[1] + x[2]).to(kFloat64)},
                             {"less", (x[0] * x[1] - x[2]).to(kFloat64)},
                             {"from", (x[2] - x[0] * x[1]).to(kFloat64)}};
                   });
    model.function(std::string("others_") + name, inputs,
                   [=](const TensorList &in) -> Outputs {
                     TensorList x = narrow(in);
                     Tensor scaled = x[0] * x[1] / x[2];
                     return {
                         {"scaled", scaled.to(kFloat64)},
                         {"total", (x[0] + x[1]).sum().to(kFloat64)},
                         {"most", (x[0] - x[1]).amax().to(kFloat64)},
                         {"functions", (tanh(x[0]) + exp(x[1])).to(kFloat64)}};
                   });
  }
}
