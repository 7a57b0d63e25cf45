#include <tensorc/tensorc.h>

using namespace tensorc;

// Fits y = w x + b.
struct LineImpl : nn::Module {
  nn::Linear linear = register_module("linear", nn::Linear(1, 1));
  Tensor forward(const Tensor &x) { return linear(x); }
};

TENSORC_MODEL(model) {
  auto line = std::make_shared<LineImpl>();
  auto sgd = std::make_shared<optim::SGD>(line->parameters(),
                                          optim::SGDOptions{.lr = 0.1});
  model.module(line);
  model.optimizer("sgd", sgd);
  Tensor x = zeros({8, 1});
  model.function(
      "fit", {{"x", x}, {"y", x}}, [=](const TensorList &in) -> Outputs {
        sgd->zero_grad();
        Tensor loss = nn::functional::mse_loss(line->forward(in[0]), in[1]);
        loss.backward();
        sgd->step();
        return {{"loss", loss}};
      });
  model.function("predict", {{"x", x}}, [=](const TensorList &in) -> Outputs {
    return {{"y", line->forward(in[0])}};
  });
}
