//===- lenet.cpp - The tutorial's LeNet, with its training step -----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model file: `tensorc lenet.cpp -o lenet.o` runs it at compile time and
// compiles the functions that it exports. -DBATCH=N and -DINFER_BATCH=N choose
// the batches: numbers, or dynamic("B", 1, 256), a size that each call says.
//
//===----------------------------------------------------------------------===//

#include <tensorc/tensorc.h>

#ifndef BATCH
#define BATCH 64
#endif
#ifndef INFER_BATCH
#define INFER_BATCH 100
#endif

using namespace tensorc;
namespace F = tensorc::nn::functional;

struct LeNet : nn::Module {
  nn::Conv2d conv1{1, 6, 3}, conv2{6, 16, 3};
  nn::Linear fc1{16 * 6 * 6, 120}, fc2{120, 84}, fc3{84, 10};

  LeNet() {
    register_module("conv1", conv1);
    register_module("conv2", conv2);
    register_module("fc1", fc1);
    register_module("fc2", fc2);
    register_module("fc3", fc3);
  }

  Tensor forward(Tensor x) {
    x = F::max_pool2d(F::relu(conv1(x)), {2, 2});
    x = F::max_pool2d(F::relu(conv2(x)), 2);
    x = x.view({-1, 16 * 6 * 6});
    x = F::relu(fc1(x));
    x = F::relu(fc2(x));
    return fc3(x);
  }
};

TENSORC_MODEL(model) {
  manual_seed(0);
  auto net = std::make_shared<LeNet>();
  auto sgd = std::make_shared<optim::SGD>(
      net->parameters(), optim::SGDOptions{.lr = 0.01, .momentum = 0.9});
  nn::CrossEntropyLoss criterion;

  model.module(net);
  model.optimizer("sgd", sgd);
  model.function("infer", {{"images", zeros({INFER_BATCH, 1, 32, 32})}},
                 [=](const TensorList &in) {
                   NoGradGuard no_grad;
                   return Outputs{{"logits", net->forward(in[0])}};
                 });
  model.function("train_step",
                 {{"images", zeros({BATCH, 1, 32, 32})},
                  {"labels", zeros({BATCH}, kInt64)}},
                 [=](const TensorList &in) {
                   sgd->zero_grad();
                   Tensor logits = net->forward(in[0]);
                   Tensor loss = criterion(logits, in[1]);
                   loss.backward();
                   sgd->step();
                   return Outputs{{"loss", loss}, {"logits", logits}};
                 });
}
