// Optimizers in traced functions: what a step needs is said at its line, and
// their state has the types of the parameters.

// RUN: not tensorc %s -DAPART --emit=graph 2>&1 | FileCheck %s --check-prefix=APART
// RUN: not tensorc %s -DLATE --emit=graph 2>&1 | FileCheck %s --check-prefix=LATE
// RUN: tensorc %s -DDOUBLE --emit=graph | FileCheck %s --check-prefix=DOUBLE
// RUN: tensorc verify %s -DDOUBLE --tolerance=1e-14
// RUN: tensorc verify %s -DBUFFERS

#include "tensorc/tensorc.h"

using namespace tensorc;

struct Net : nn::Module {
  Tensor w = register_parameter("w", ones({2}));
  Tensor unused = register_parameter("unused", ones({2}));
  Tensor sum_of_gradients = register_buffer("sum", zeros({2}));
};

TENSORC_MODEL(model) {
  auto net = std::make_shared<Net>();
  auto sgd = std::make_shared<optim::SGD>(
      net->parameters(),
      optim::SGDOptions{.lr = 0.1, .momentum = 0.9, .dampening = 0.3});
#ifdef DOUBLE
  net->to(kFloat64);
#endif
  model.module(net);
  model.optimizer("sgd", sgd);
#ifdef LATE
  net->to(kFloat64);
#endif
  Tensor x = zeros({2}, net->w.dtype());

#ifdef APART
  // Gradients don't outlive the function: a step of none would do nothing.
  model.function("accumulate", {{"x", x}}, [=](const TensorList &in) {
    (net->w * in[0]).sum().backward();
    return Outputs{{"g", net->w.grad()}};
  });
  model.function("apply", {}, [=](const TensorList &) -> Outputs {
    sgd->step();
    // APART: optimizer.cpp:[[@LINE-1]]:{{.*}}: error: [Optimizer] expected a gradient of some parameter, received none: a traced function starts without gradients, so `backward()` belongs in the function of the step, or sums of gradients in buffers of a module
    return {{"w", net->w * 1}};
  });
#elif defined(BUFFERS)
  // As the error says.
  model.function("accumulate", {{"x", x}}, [=](const TensorList &in) {
    (net->w * in[0]).sum().backward();
    NoGradGuard no_grad;
    net->sum_of_gradients.add_(net->w.grad());
    return Outputs{{"g", net->w.grad()}};
  });
  model.function("apply", {}, [=](const TensorList &) -> Outputs {
    net->w.set_grad(net->sum_of_gradients);
    sgd->step();
    NoGradGuard no_grad;
    net->sum_of_gradients.zero_();
    return {{"w", net->w * 1}};
  });
#else
  // DOUBLE: %{{.*}}: tensor<f64> {graph.role = "optimizer", graph.state = "sgd.lr"}
  // DOUBLE-SAME: %{{.*}}: tensor<2xf64> {graph.role = "optimizer", graph.state = "sgd.momentum_buffer.w"}
  // DOUBLE-NOT: xf32>
  model.function("fit", {{"x", x}}, [=](const TensorList &in) {
    sgd->zero_grad();
    (net->w * in[0]).square().sum().backward();
    sgd->step();
    // LATE: optimizer.cpp:[[@LINE-1]]:{{.*}}: error: [SGD] expected parameters as they were when the optimizer became the model's, received some of float64 for its float32; convert the module before `model.optimizer`
    return Outputs{{"w", net->w * 1}};
  });
#endif
}
