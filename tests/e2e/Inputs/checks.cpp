// Checks of each kind; ChecksTest.cpp has their lines.
#include <tensorc/tensorc.h>

using namespace tensorc;
namespace F = nn::functional;

TENSORC_MODEL(model) {
  model.function("vector", {{"labels", zeros({100}, kInt64)}},
                 [](const TensorList &in) -> Outputs {
                   return {{"y", check_index(in[0], 10, 0)}};
                 });
  model.function("tokens", {{"tokens", zeros({3, 5}, kInt32)}},
                 [](const TensorList &in) -> Outputs {
                   return {{"y", check_index(in[0], 10, 0)}};
                 });
  model.function("turned", {{"tokens", zeros({3, 5}, kInt64)}},
                 [](const TensorList &in) -> Outputs {
                   return {{"y", check_index(in[0].t(), 10, 0) * 2}};
                 });
  model.function("part", {{"tokens", zeros({3, 5}, kInt64)}},
                 [](const TensorList &in) -> Outputs {
                   return {{"y", one_hot(in[0].slice(1, 2, 4), 7)}};
                 });
  model.function("derived", {{"labels", zeros({6}, kInt64)}},
                 [](const TensorList &in) -> Outputs {
                   return {{"y", check_index(in[0] * 2, 10, 0)}};
                 });
  model.function("loss",
                 {{"logits", zeros({8, 5})}, {"labels", zeros({8}, kInt64)}},
                 [](const TensorList &in) -> Outputs {
                   return {{"loss", F::cross_entropy(in[0], in[1])}};
                 });
  model.function(
      "both", {{"p", zeros({4}, kInt64)}, {"q", zeros({4}, kInt64)}},
      [](const TensorList &in) -> Outputs {
        return {{"y", check_index(in[0], 3, 0) + check_index(in[1], 5, 0)}};
      });
  model.function("large", {{"labels", zeros({1000000}, kInt64)}},
                 [](const TensorList &in) -> Outputs {
                   return {{"y", check_index(in[0], 10, 0) * 3}};
                 });
  model.function("rest",
                 {{"n", zeros({3, 5}, kInt32)}, {"d", zeros({5}, kInt32)}},
                 [](const TensorList &in) -> Outputs {
                   return {{"y", remainder(in[0], in[1])}};
                 });
  model.function("bytes",
                 {{"n", zeros({70}, kUInt8)}, {"d", zeros({70}, kUInt8)}},
                 [](const TensorList &in) -> Outputs {
                   return {{"y", remainder(in[0], in[1]) + 1}};
                 });
}
