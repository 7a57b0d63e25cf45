//===- cases.cpp - What eager mode is measured by -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A library that eager.py loads beside PyTorch; it has the same cases in
// Python.
//
//===----------------------------------------------------------------------===//

#include <tensorc/abi.h>
#include <tensorc/tensorc.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <time.h>

using namespace tensorc;
namespace F = tensorc::nn::functional;

namespace {

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
    x = F::max_pool2d(F::relu(conv1(x)), 2);
    x = F::max_pool2d(F::relu(conv2(x)), 2);
    x = F::relu(fc1(x.flatten(1)));
    return fc3(F::relu(fc2(x)));
  }
};

using Body = std::function<void()>;

/// A case by its name: tensors that are made once, and what is timed.
Body make_case(const std::string &name) {
  manual_seed(0);
  if (name == "add 4x4") {
    Tensor a = rand({4, 4}), b = rand({4, 4});
    return [=] { Tensor c = a + b; };
  }
  if (name == "add number 4x4") {
    Tensor a = rand({4, 4});
    return [=] { Tensor c = a + 1.5; };
  }
  if (name == "add row 4x4") {
    Tensor a = rand({4, 4}), b = rand({4});
    return [=] { Tensor c = a + b; };
  }
  if (name == "add bfloat16 4x4") {
    Tensor a = rand({4, 4}).to(kBFloat16), b = rand({4, 4}).to(kBFloat16);
    return [=] { Tensor c = a + b; };
  }
  if (name == "add recorded 4x4") {
    Tensor a = rand({4, 4}).requires_grad_(), b = rand({4, 4});
    return [=] { Tensor c = a + b; };
  }
  if (name == "sum 4x4") {
    Tensor a = rand({4, 4});
    return [=] { Tensor c = a.sum(); };
  }
  if (name == "matmul 4x4") {
    Tensor a = rand({4, 4}), b = rand({4, 4});
    return [=] { Tensor c = matmul(a, b); };
  }
  if (name == "view 4x4") {
    Tensor a = rand({4, 4});
    return [=] { Tensor c = a.view({16}); };
  }
  if (name == "add 1000x1000") {
    Tensor a = rand({1000, 1000}), b = rand({1000, 1000});
    return [=] { Tensor c = a + b; };
  }
  if (name == "add transposed 1000x1000") {
    Tensor a = rand({1000, 1000}), b = rand({1000, 1000}).t();
    return [=] { Tensor c = a + b; };
  }
  if (name == "add row 1000x1000") {
    Tensor a = rand({1000, 1000}), b = rand({1000});
    return [=] { Tensor c = a + b; };
  }
  if (name == "add bfloat16 1000x1000") {
    Tensor a = rand({1000, 1000}).to(kBFloat16),
           b = rand({1000, 1000}).to(kBFloat16);
    return [=] { Tensor c = a + b; };
  }
  if (name == "matmul 256x256") {
    Tensor a = rand({256, 256}), b = rand({256, 256});
    return [=] { Tensor c = matmul(a, b); };
  }
  if (name == "sum columns 1000x1000") {
    Tensor a = rand({1000, 1000});
    return [=] { Tensor c = a.sum({0}); };
  }
  std::int64_t batch = name.ends_with("batch 1") ? 1 : 64;
  Tensor images = rand({batch, 1, 32, 32});
  auto net = std::make_shared<LeNet>();
  if (name.starts_with("LeNet inference"))
    return [=] {
      NoGradGuard no_grad;
      Tensor logits = net->forward(images);
    };
  if (name.starts_with("LeNet step")) {
    Tensor labels = (rand({batch}) * 10).to(kInt64);
    // Momentum, so that there is an update, but no learning by heart.
    auto sgd = std::make_shared<optim::SGD>(
        net->parameters(), optim::SGDOptions{.lr = 0, .momentum = 0.9});
    return [=] {
      sgd->zero_grad();
      nn::CrossEntropyLoss criterion;
      criterion(net->forward(images), labels).backward();
      sgd->step();
    };
  }
  return {};
}

} // namespace

extern "C" void eager_set_up(int threads) {
  set_num_threads(threads);
  tensorc_rt_set_flush_denormals(1);
}

/// Seconds of this thread, which others that run meanwhile don't lengthen, or
/// by the clock.
static double now(bool own) {
  timespec time;
  clock_gettime(own ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &time);
  return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

/// Seconds of one call of the case, the least of what several short runs
/// give within about `seconds`; negative for a case that isn't here.
extern "C" double eager_time(const char *name, double seconds, bool own) {
  static std::map<std::string, Body> cases;
  Body &body = cases[name];
  if (!body && !(body = make_case(name)))
    return -1;
  auto measure = [&](long calls) {
    double begin = now(own);
    for (long i = 0; i < calls; ++i)
      body();
    return now(own) - begin;
  };
  long calls = 1;
  while (measure(calls) < 1e-3)
    calls *= 2;
  double least = 1e9;
  for (double spent = 0; spent < seconds;) {
    double time = measure(calls);
    least = std::min(least, time / double(calls));
    spent += time;
  }
  return least;
}
