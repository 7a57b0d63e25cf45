#include "factor.h"
#include <tensorc/tensorc.h>

using namespace tensorc;

TENSORC_MODEL(model) {
  model.function(
      "run", {{"x", zeros({4})}},
      [](const TensorList &in) -> Outputs { return {{"y", in[0] * kFactor}}; });
}
