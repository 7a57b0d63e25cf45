// A small causal transformer, of any number of sequences of any length up to
// that of its table of positions.
#include <tensorc/tensorc.h>

#include <cmath>

#ifndef BATCH
#define BATCH dynamic("B", 1, 8, {.hint = 4})
#endif
#ifndef LENGTH
#define LENGTH dynamic("S", 1, kLongest, {.hint = 32})
#endif

using namespace tensorc;
namespace F = nn::functional;

constexpr std::int64_t kLongest = 48, kTokens = 17, kWidth = 32, kHeads = 4;

struct LayerNormImpl : nn::Module {
  Tensor weight = register_parameter("weight", ones({kWidth}));
  Tensor bias = register_parameter("bias", zeros({kWidth}));

  Tensor forward(const Tensor &x) {
    Tensor off = x - x.mean({-1}, true);
    Tensor variance = off.square().mean({-1}, true);
    return off / (variance + 1e-5).sqrt() * weight + bias;
  }
};
using LayerNorm = nn::Handle<LayerNormImpl()>;

struct BlockImpl : nn::Module {
  LayerNorm norm1 = register_module("norm1", LayerNorm());
  nn::Linear qkv = register_module("qkv", nn::Linear(kWidth, 3 * kWidth));
  nn::Linear projection =
      register_module("projection", nn::Linear(kWidth, kWidth));
  LayerNorm norm2 = register_module("norm2", LayerNorm());
  nn::Linear wide = register_module("wide", nn::Linear(kWidth, 4 * kWidth));
  nn::Linear narrow = register_module("narrow", nn::Linear(4 * kWidth, kWidth));

  Tensor attend(const Tensor &x) {
    SymInt B = x.size(0), S = x.size(1);
    // [3, B, heads, S, width of a head]
    Tensor parts = qkv(x)
                       .view({B, S, 3, kHeads, kWidth / kHeads})
                       .permute({2, 0, 3, 1, 4});
    Tensor q = parts.select(0, 0), k = parts.select(0, 1),
           v = parts.select(0, 2);
    Tensor scores =
        matmul(q, k.transpose(2, 3)) / std::sqrt(double(kWidth / kHeads));
    Tensor places = arange(S);
    Tensor is_past = places.unsqueeze(0) <= places.unsqueeze(1);
    Tensor weights = where(is_past, scores, -INFINITY).softmax(-1);
    Tensor heads = matmul(weights, v).permute({0, 2, 1, 3});
    return projection(heads.reshape({B, S, kWidth}));
  }
  Tensor forward(Tensor x) {
    x = x + attend(norm1->forward(x));
    return x + narrow(F::gelu(wide(norm2->forward(x))));
  }
};
using Block = nn::Handle<BlockImpl()>;

struct TransformerImpl : nn::Module {
  Tensor tokens = register_parameter("tokens", zeros({kTokens, kWidth}));
  Tensor positions = register_parameter("positions", zeros({kLongest, kWidth}));
  Block block1 = register_module("block1", Block());
  Block block2 = register_module("block2", Block());
  LayerNorm norm = register_module("norm", LayerNorm());

  Tensor forward(const Tensor &numbers) {
    Tensor x = matmul(F::one_hot(numbers, kTokens).to(kFloat32), tokens);
    x = x + positions.slice(0, 0, numbers.size(1));
    x = norm->forward(block2->forward(block1->forward(x)));
    return matmul(x, tokens.t());
  }
};

TENSORC_MODEL(model) {
  SymInt B = BATCH, S = LENGTH;
  auto net = std::make_shared<TransformerImpl>();
  auto sgd = std::make_shared<optim::SGD>(
      net->parameters(), optim::SGDOptions{.lr = 0.05, .momentum = 0.9});
  model.module(net);
  model.optimizer("sgd", sgd);
  model.function("infer", {{"tokens", empty({B, S}, kInt64)}},
                 [=](const TensorList &in) {
                   NoGradGuard unrecorded;
                   return Outputs{{"logits", net->forward(in[0])}};
                 });
  // Each token is told from those before it.
  model.function("train_step", {{"tokens", empty({B, S + 1}, kInt64)}},
                 [=](const TensorList &in) {
                   sgd->zero_grad();
                   Tensor logits = net->forward(in[0].slice(1, 0, -1));
                   Tensor loss =
                       F::cross_entropy(logits.view({-1, kTokens}),
                                        in[0].slice(1, 1).reshape({-1}));
                   loss.backward();
                   sgd->step();
                   return Outputs{{"loss", loss}, {"logits", logits}};
                 });
}
