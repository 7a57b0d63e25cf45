//===- Models.cpp - Models of any size to compile -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "benchmarks/compile/Models.h"

#include "tensorc/tensorc.h"

#include <functional>

namespace tensorc::benchmark {

namespace F = nn::functional;

//===----------------------------------------------------------------------===//
// Elementwise ops
//===----------------------------------------------------------------------===//

/// Some cheap ops and some that aren't.
static Tensor link(const Tensor &x, int64_t i) {
  switch (i % 8) {
  case 0:
    return tanh(x);
  case 3:
    return relu(x);
  case 6:
    return x * x;
  default:
    return i % 2 ? x + 0.5 : x * 0.875;
  }
}

static std::unique_ptr<ModelExport> makeChain(int64_t parts) {
  auto model = std::make_unique<ModelExport>();
  model->function("run", {{"x", zeros({64})}}, [=](const TensorList &in) {
    Tensor x = in[0];
    for (int64_t i = 0; i < parts; ++i)
      x = link(x, i);
    return Outputs{{"y", x}};
  });
  return model;
}

namespace {

struct Weight : nn::Module {
  explicit Weight(Tensor value) { register_parameter("w", std::move(value)); }
};

} // namespace

static std::unique_ptr<ModelExport> makeChainBackward(int64_t parts) {
  auto model = std::make_unique<ModelExport>();
  auto weight = std::make_shared<Weight>(ones({64}));
  auto sgd = std::make_shared<optim::SGD>(weight->parameters(),
                                          optim::SGDOptions{.lr = 0.01});
  model->module(weight);
  model->optimizer("sgd", sgd);
  model->function("run", {{"x", zeros({64})}}, [=](const TensorList &in) {
    sgd->zero_grad();
    Tensor x = in[0] * weight->parameters()[0];
    for (int64_t i = 0; i < parts; ++i)
      x = link(x, i);
    Tensor loss = x.sum();
    loss.backward();
    sgd->step();
    return Outputs{{"loss", loss}};
  });
  return model;
}

/// Functions of one input, added up as a tree.
static std::unique_ptr<ModelExport> makeWide(int64_t parts) {
  auto model = std::make_unique<ModelExport>();
  model->function("run", {{"x", zeros({8, 64})}, {"y", zeros({8, 64})}},
                  [=](const TensorList &in) {
                    TensorList terms;
                    for (int64_t i = 0; i < parts; ++i)
                      terms.push_back(
                          tanh(in[0] * (double(i) / double(parts))) * in[1]);
                    while (terms.size() > 1) {
                      TensorList sums;
                      for (size_t i = 0; i + 1 < terms.size(); i += 2)
                        sums.push_back(terms[i] + terms[i + 1]);
                      if (terms.size() % 2)
                        sums.push_back(terms.back());
                      terms = std::move(sums);
                    }
                    return Outputs{{"z", terms[0]}};
                  });
  return model;
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

/// A training step of `net` from `x` and its target.
static std::unique_ptr<ModelExport>
makeStep(std::shared_ptr<nn::Module> net, const Shape &shape,
         std::function<Tensor(const Tensor &)> forward) {
  auto model = std::make_unique<ModelExport>();
  auto sgd = std::make_shared<optim::SGD>(
      net->parameters(), optim::SGDOptions{.lr = 0.01, .momentum = 0.9});
  model->module(net);
  model->optimizer("sgd", sgd);
  model->function("run", {{"x", zeros(shape)}, {"target", zeros(shape)}},
                  [=](const TensorList &in) {
                    sgd->zero_grad();
                    Tensor loss = F::mse_loss(forward(in[0]), in[1]);
                    loss.backward();
                    sgd->step();
                    return Outputs{{"loss", loss}};
                  });
  return model;
}

namespace {

template <typename Layer> struct Tower : nn::Module {
  template <typename Make> Tower(int64_t parts, Make make) {
    for (int64_t i = 0; i < parts; ++i)
      layers.push_back(register_module("l" + std::to_string(i), make()));
  }
  std::vector<Layer> layers;
};

} // namespace

static std::unique_ptr<ModelExport> makeMlp(int64_t parts) {
  auto net = std::make_shared<Tower<nn::Linear>>(
      parts, [] { return nn::Linear(16, 16); });
  return makeStep(net, {8, 16}, [=](Tensor x) {
    for (nn::Linear &layer : net->layers)
      x = F::relu(layer(x));
    return x;
  });
}

/// With a way around each layer.
static std::unique_ptr<ModelExport> makeConv(int64_t parts) {
  auto net = std::make_shared<Tower<nn::Conv2d>>(parts, [] {
    return nn::Conv2d(4, 4, 3, nn::Conv2dOptions{.padding = 1});
  });
  return makeStep(net, {2, 4, 8, 8}, [=](Tensor x) {
    for (nn::Conv2d &layer : net->layers)
      x = x + F::relu(layer(x));
    return x;
  });
}

//===----------------------------------------------------------------------===//
// A transformer
//===----------------------------------------------------------------------===//

namespace {

constexpr int64_t kBatch = 2, kSequence = 8, kWidth = 16, kHeads = 2;

struct Norm : nn::Module {
  Tensor gain = register_parameter("gain", ones({kWidth}));
  Tensor bias = register_parameter("bias", zeros({kWidth}));

  Tensor forward(const Tensor &x) {
    Tensor centred = x - x.mean({-1}, true);
    Tensor variance = square(centred).mean({-1}, true);
    return centred * rsqrt(variance + 1e-5) * gain + bias;
  }
};

struct Block : nn::Module {
  nn::Linear in{kWidth, 3 * kWidth}, out{kWidth, kWidth},
      up{kWidth, 2 * kWidth}, down{2 * kWidth, kWidth};
  std::shared_ptr<Norm> first = std::make_shared<Norm>(),
                        second = std::make_shared<Norm>();

  Block() {
    register_module("in", in);
    register_module("out", out);
    register_module("up", up);
    register_module("down", down);
    register_module("first", first);
    register_module("second", second);
  }

  Tensor attend(const Tensor &x) {
    Tensor all = in(x)
                     .reshape({kBatch, kSequence, 3, kHeads, kWidth / kHeads})
                     .permute({2, 0, 3, 1, 4});
    Tensor query = all[0], key = all[1], value = all[2];
    Tensor weights =
        softmax(query.matmul(key.transpose(-2, -1)) * (1 / 2.828427), -1);
    return out(weights.matmul(value)
                   .permute({0, 2, 1, 3})
                   .reshape({kBatch, kSequence, kWidth}));
  }

  Tensor forward(const Tensor &x) {
    Tensor y = x + attend(first->forward(x));
    return y + down(gelu(up(second->forward(y))));
  }
};

} // namespace

static std::unique_ptr<ModelExport> makeTransformer(int64_t parts) {
  auto net = std::make_shared<Tower<std::shared_ptr<Block>>>(
      parts, [] { return std::make_shared<Block>(); });
  return makeStep(net, {kBatch, kSequence, kWidth}, [=](Tensor x) {
    for (const std::shared_ptr<Block> &block : net->layers)
      x = block->forward(x);
    return x;
  });
}

const std::vector<Family> &families() {
  static const std::vector<Family> all = {
      {"chain", "elementwise ops, one after another", makeChain},
      {"chain-backward", "the same with their gradients", makeChainBackward},
      {"wide", "functions of one input, added up", makeWide},
      {"mlp", "linear layers, backward, SGD", makeMlp},
      {"conv", "residual convolutions, backward, SGD", makeConv},
      {"transformer", "attention and MLP blocks, backward, SGD",
       makeTransformer}};
  return all;
}

} // namespace tensorc::benchmark
