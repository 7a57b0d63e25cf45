// Long sums and products; SumsTest.cpp says what they have to be.
#include "sums.h"

using namespace tensorc;

TENSORC_MODEL(model) {
  for (const sums::Case &each : sums::all) {
    NamedTensors inputs;
    for (const Shape &shape : each.shapes)
      inputs.emplace_back(inputs.empty() ? "x" : "y", zeros(shape));
    model.function(each.name, inputs, [&](const TensorList &in) -> Outputs {
      return {{"z", each.run(in)}};
    });
  }
}
