// Every function of f32 and f64, of inputs and of what the compiler knows.
#include "functions.h"

using namespace tensorc;

TENSORC_MODEL(model) {
  for (DType dtype : {kFloat32, kFloat64}) {
    std::string suffix = dtype == kFloat32 ? "_f32" : "_f64";
    Tensor rows = zeros(
        {std::int64_t(functions::unary.size()), functions::length}, dtype);
    Tensor row = zeros({functions::length}, dtype);
    model.function("unary" + suffix, {{"x", rows}},
                   [](const TensorList &in) -> Outputs {
                     auto results = functions::apply_unary(in[0]);
                     return {{"y", results[0]}, {"dx", results[1]}};
                   });
    model.function("binary" + suffix, {{"left", row}, {"right", row}},
                   [](const TensorList &in) -> Outputs {
                     auto results = functions::apply_binary(in[0], in[1]);
                     return {{"y", results[0]},
                             {"dleft", results[1]},
                             {"dright", results[2]}};
                   });
    model.function("known" + suffix, {},
                   [dtype](const TensorList &) -> Outputs {
                     return {{"y", functions::apply_known(dtype)}};
                   });
  }
}
