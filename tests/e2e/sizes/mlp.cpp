// A network with normalized batches, as nn.BatchNorm1d of PyTorch has it: their
// statistics are of as many rows as there are, and running ones are state.
#include <tensorc/tensorc.h>

#ifndef BATCH
#define BATCH dynamic("B", 2, 256, {.hint = 64})
#endif

using namespace tensorc;
namespace F = nn::functional;

struct BatchNormImpl : nn::Module {
  Tensor weight, bias, running_mean, running_var;

  explicit BatchNormImpl(std::int64_t features)
      : weight(register_parameter("weight", ones({features}))),
        bias(register_parameter("bias", zeros({features}))),
        running_mean(register_buffer("running_mean", zeros({features}))),
        running_var(register_buffer("running_var", ones({features}))) {}

  Tensor normalize(const Tensor &x, const Tensor &mean, const Tensor &var) {
    return (x - mean) / (var + 1e-5).sqrt() * weight + bias;
  }
  Tensor forward(const Tensor &x, bool training) {
    if (!training)
      return normalize(x, running_mean, running_var);
    SymInt rows = x.size(0);
    Tensor mean = x.mean({0});
    Tensor var = (x - mean).square().mean({0});
    {
      NoGradGuard unrecorded;
      running_mean.mul_(0.9).add_(mean * 0.1);
      running_var.mul_(0.9).add_(var * rows / (rows - 1) * 0.1);
    }
    return normalize(x, mean, var);
  }
};
using BatchNorm = nn::Handle<BatchNormImpl(std::int64_t)>;

struct MlpImpl : nn::Module {
  // What a bias would add is taken away with the mean.
  static constexpr nn::LinearOptions kNoBias{.bias = false};
  nn::Linear fc1 = register_module("fc1", nn::Linear(20, 32, kNoBias));
  BatchNorm norm1 = register_module("norm1", BatchNorm(32));
  nn::Linear fc2 = register_module("fc2", nn::Linear(32, 32, kNoBias));
  BatchNorm norm2 = register_module("norm2", BatchNorm(32));
  nn::Linear fc3 = register_module("fc3", nn::Linear(32, 5));

  Tensor forward(Tensor x, bool training) {
    x = F::relu(norm1->forward(fc1(x), training));
    x = F::relu(norm2->forward(fc2(x), training));
    return fc3(x);
  }
};

TENSORC_MODEL(model) {
  SymInt B = BATCH;
  auto net = std::make_shared<MlpImpl>();
  auto sgd = std::make_shared<optim::SGD>(
      net->parameters(), optim::SGDOptions{.lr = 0.05, .momentum = 0.9});
  model.module(net);
  model.optimizer("sgd", sgd);
  model.function("infer", {{"x", empty({B, 20})}}, [=](const TensorList &in) {
    NoGradGuard unrecorded;
    return Outputs{{"logits", net->forward(in[0], false)}};
  });
  model.function("train_step",
                 {{"x", empty({B, 20})}, {"labels", empty({B}, kInt64)}},
                 [=](const TensorList &in) {
                   sgd->zero_grad();
                   Tensor logits = net->forward(in[0], true);
                   Tensor loss = F::cross_entropy(logits, in[1]);
                   loss.backward();
                   sgd->step();
                   return Outputs{{"loss", loss}, {"logits", logits}};
                 });
}
