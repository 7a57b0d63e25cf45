// The gradient of every differentiable op, and of the ops that gradients are
// made of, against central differences of compiled f64 code; and both ways to
// run them against each other.

// RUN: tensorc verify %s --tolerance=1e-5 > %t.said
// RUN: FileCheck %s --input-file=%t.said
// CHECK: gradients against finite differences
// CHECK-DAG: ok {{.*}} convolution_backward_input
// CHECK-DAG: ok {{.*}} convolution_backward_weight
// CHECK-DAG: ok {{.*}} max_pool_backward
// CHECK-DAG: ok {{.*}} avg_pool_backward
// CHECK-DAG: ok {{.*}} erf
// CHECK-NOT: FAIL

#include "tensorc/tensorc.h"

using namespace tensorc;
namespace F = nn::functional;

struct Net : nn::Module {
  Tensor x = register_parameter("x", rand({2, 6}) - 0.5);
  Tensor y = register_parameter("y", rand({2, 6}) + 0.5);
  Tensor image = register_parameter("image", rand({2, 4, 7, 7}));
  Tensor kernel = register_parameter("kernel", rand({6, 2, 3, 3}));
};

/// Makes a gradient ask for every element.
static Tensor weigh(const Tensor &t) {
  return (t * (arange(t.numel()).view(t.shape()).to(t.dtype()) * 0.1 + 0.3))
      .sum();
}

TENSORC_MODEL(model) {
  manual_seed(3);
  auto net = std::make_shared<Net>();
  model.module(net);
  auto function = [&](const char *name, auto terms) {
    model.function(name, {}, [=](const TensorList &) {
      net->zero_grad();
      Tensor loss = zeros({});
      for (const Tensor &term : terms())
        loss = loss + weigh(term);
      loss.backward();
      return Outputs{{"loss", loss}, {"x", net->x.grad() + 0 * net->y.sum()}};
    });
  };
  function("unary", [=] {
    const Tensor &x = net->x, &y = net->y;
    return TensorList{neg(x),        abs(x),     exp(x),
                      exp2(x),       expm1(x),   log(y),
                      log1p(y),      log2(y),    sqrt(y),
                      rsqrt(y),      square(x),  reciprocal(y),
                      sin(x),        cos(x),     tan(x),
                      tanh(x),       sigmoid(x), erf(x),
                      relu(x),       silu(x),    softplus(x),
                      leaky_relu(x), gelu(x),    gelu(x, "tanh"),
                      floor(x),      sign(x),    clamp(x, -0.2, 0.2)};
  });
  function("binary", [=] {
    const Tensor &x = net->x, &y = net->y;
    return TensorList{x + y,          x - y,       x * y,
                      x / y,          pow(y, x),   maximum(x, y),
                      minimum(x, y),  atan2(x, y), where(x > y, x, y),
                      x.t().matmul(y)};
  });
  function("movement", [=] {
    const Tensor &x = net->x;
    return TensorList{x.view({3, 4}),      x.t(),
                      x.flip({1}),         x.slice(1, 1, 6, 2),
                      cat({x, net->y}, 1), x.unsqueeze(1).expand({2, 3, 6})};
  });
  function("reduction", [=] {
    const Tensor &x = net->x, &y = net->y;
    return TensorList{x.sum({1}),   x.mean({0}),      x.amax({1}),
                      x.amin({0}),  prod(y, 1),       logsumexp(x, {1}),
                      x.softmax(1), x.log_softmax(1), F::mse_loss(x, y)};
  });
  function("window", [=] {
    Tensor features = F::conv2d(net->image, net->kernel, {},
                                {.stride = 2, .padding = 1, .groups = 2});
    return TensorList{features, net->x, F::max_pool2d(net->image, 2),
                      F::max_pool2d(net->image, 3, {.stride = 2, .padding = 1}),
                      F::avg_pool2d(net->image, 2)};
  });
}
