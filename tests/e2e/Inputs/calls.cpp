// Functions with arguments of each kind.
#include <tensorc/tensorc.h>

using namespace tensorc;
namespace F = nn::functional;

struct LineImpl : nn::Module {
  nn::Linear linear = register_module("linear", nn::Linear(2, 1));
  Tensor forward(const Tensor &x) { return linear(x); }
};

TENSORC_MODEL(model) {
  auto line = std::make_shared<LineImpl>();
  auto sgd = std::make_shared<optim::SGD>(
      line->parameters(), optim::SGDOptions{.lr = 0.1, .momentum = 0.9});
  model.module(line);
  model.optimizer("sgd", sgd);
  Tensor x = zeros({4, 2}), y = zeros({4, 1});
  model.function("fit", {{"x", x}, {"y", y}},
                 [=](const TensorList &in) -> Outputs {
                   sgd->zero_grad();
                   Tensor loss = F::mse_loss(line->forward(in[0]), in[1]);
                   loss.backward();
                   sgd->step();
                   return {{"loss", loss}};
                 });

  model.function("predict", {{"x", x}}, [=](const TensorList &in) -> Outputs {
    Tensor y = line->forward(in[0]);
    return {{"y", y.relu()}, {"mean", y.mean()}};
  });

  model.function(
      "mix", {{"a", zeros({2, 3})}, {"k", zeros({4}, kInt64)}},
      [](const TensorList &in) -> Outputs {
        return {{"b", in[0] * 2}, {"m", in[1] + 1}, {"sum", in[0].sum()}};
      });
  model.function("choose",
                 {{"b", zeros({2, 2}, kBool)}, {"u", zeros({4}, kUInt8)}},
                 [](const TensorList &in) -> Outputs {
                   return {{"not_b", logical_not(in[0])}, {"sum", in[1] + 1}};
                 });
  model.function("none", {{"a", zeros({0, 3})}},
                 [](const TensorList &in) -> Outputs {
                   return {{"b", in[0] + 1}, {"sum", in[0].sum({0})}};
                 });
}
