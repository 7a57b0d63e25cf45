// Training steps that may fail a check.
#include <tensorc/tensorc.h>

using namespace tensorc;
namespace F = nn::functional;

/// State that is written before, in, and after what checks.
struct ClassifierImpl : nn::Module {
  Tensor mean = register_buffer("mean", zeros({5}));
  Tensor calls = register_buffer("calls", zeros({}));
  Tensor steps = register_buffer("steps", zeros({}, kInt64));
  nn::Linear linear = register_module("linear", nn::Linear(5, 4));

  Tensor forward(const Tensor &x) {
    calls += 1;
    mean.copy_(mean * 0.5 + x.detach().mean({0}) * 0.5);
    return linear(x - mean);
  }
};

TENSORC_MODEL(model) {
  auto net = std::make_shared<ClassifierImpl>();
  auto sgd = std::make_shared<optim::SGD>(
      net->parameters(), optim::SGDOptions{.lr = 0.5, .momentum = 0.5});
  model.module(net);
  model.optimizer("sgd", sgd);
  auto step = [=](const Tensor &loss) {
    sgd->zero_grad();
    loss.backward();
    sgd->step();
    return loss;
  };
  Tensor x = zeros({8, 5}), labels = zeros({8}, kInt64);
  model.function("given", {{"x", x}, {"labels", labels}},
                 [=](const TensorList &in) -> Outputs {
                   Tensor y = net->forward(in[0]);
                   return {{"loss", step(F::cross_entropy(y, in[1]))}};
                 });
  // The classes depend on state that the function replaces.
  model.function("found", {{"x", x}, {"labels", labels}},
                 [=](const TensorList &in) -> Outputs {
                   Tensor y = net->forward(in[0]);
                   Tensor found = y.detach().argmax(1) * 0 + in[1];
                   return {{"loss", step(F::cross_entropy(y, found))}};
                 });
  // The check's own kernel makes new state.
  model.function("counted", {{"x", x}, {"by", zeros({}, kInt64)}},
                 [=](const TensorList &in) -> Outputs {
                   Tensor y = net->forward(in[0]);
                   net->steps.copy_(check_index(net->steps + in[1], 9, 0));
                   return {{"y", y}};
                 });
}
