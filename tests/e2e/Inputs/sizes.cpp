// Functions of sizes that each call says.
#include "sizes.h"

using namespace sizes;

TENSORC_MODEL(model) {
  SymInt B = dynamic("B", 1, 256, {.hint = 64});
  SymInt S = dynamic("S", 4, 64, {.hint = 32, .divisor = 4});
  Net net;
  model.module(net);
  model.function("rows", {{"x", zeros({B, 6})}},
                 [](const TensorList &in) { return rows(in[0]); });
  model.function("sequences", {{"x", zeros({B, S, 4})}, {"bias", zeros({S})}},
                 [](const TensorList &in) { return sequences(in[0], in[1]); });
  model.function("step", {{"x", zeros({B, 6})}, {"labels", zeros({B}, kInt64)}},
                 [=](const TensorList &in) { return net->step(in[0], in[1]); });
  // One that may be nothing, and another path of the same sizes.
  SymInt N = dynamic("N", 0, 9);
  model.function("none", {{"n", zeros({N, 2})}}, [](const TensorList &in) {
    return Outputs{{"sum", in[0].sum({0})}, {"y", in[0] + 1}};
  });
  // Sizes of no input: by name, whatever is met first.
  model.function("inside", {}, [=](const TensorList &) {
    return Outputs{{"y", arange(S, kFloat32) * B}};
  });
}
