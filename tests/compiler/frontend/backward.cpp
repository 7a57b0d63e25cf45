// RUN: tensorc %s --emit=graph | FileCheck %s
// Eager mode, where a tape runs, agrees.
// RUN: tensorc verify %s --function=reached --function=accumulate --function=no_grad --function=two_steps --function=frozen --function=frozen_between --function=input --function=constant_gradient --function=create_graph

#include "tensorc/tensorc.h"

using namespace tensorc;

struct Net : nn::Module {
  Tensor a = register_parameter("a", zeros({3}));
  Tensor b = register_parameter("b", zeros({3}));
};

TENSORC_MODEL(model) {
  auto net = std::make_shared<Net>();
  model.module(net);

  // One request for the parameters that the loss was made from, in the order of
  // their use; `a` is not among them.
  // CHECK-LABEL: func.func @reached(
  // CHECK-SAME: %[[X:.*]]: tensor<3xf32> {graph.name = "x"}, %[[B:.*]]: tensor<3xf32>
  // CHECK: %[[LOSS:.*]] = graph.sum
  // CHECK: %[[G:.*]] = graph.gradients %[[LOSS]] wrt(%[[B]])
  // CHECK: return %[[G]]
  model.function("reached", {{"x", zeros({3})}}, [=](const TensorList &in) {
    (in[0] * net->b).sum().backward();
    if (net->a.grad().defined())
      throw Error("a gradient came from nowhere");
    return Outputs{{"g", net->b.grad()}};
  });

  // Gradients are not kept from one function to the next; within one, they
  // add up, and a seed may be given.
  // CHECK-LABEL: func.func @accumulate(
  // CHECK: %[[G1:.*]] = graph.gradients %{{.*}} wrt(
  // CHECK: %[[G2:.*]] = graph.gradients %{{.*}} wrt(%{{.*}}) seed(%{{.*}} : tensor<3xf32>)
  // CHECK: %[[SUM:.*]] = graph.add %[[G1]], %[[G2]]
  // CHECK: return %[[SUM]]
  model.function("accumulate", {{"x", zeros({3})}}, [=](const TensorList &in) {
    (in[0] * net->b).sum().backward();
    (in[0] * net->b).backward(in[0]);
    return Outputs{{"g", net->b.grad()}};
  });

  // What was made under NoGradGuard is a constant to the work around it.
  // CHECK-LABEL: func.func @no_grad(
  // CHECK-SAME: %[[A:.*]]: tensor<3xf32> {{{.*}}"a"}
  // CHECK: %[[E:.*]] = graph.exp %[[A]]
  // CHECK: %[[LEAF:.*]] = graph.detach %[[A]]
  // CHECK: graph.mul %[[LEAF]], %[[E]]
  // CHECK: graph.gradients %{{.*}} wrt(%[[LEAF]])
  model.function("no_grad", {}, [=](const TensorList &) {
    Tensor weight = no_grad([&] { return exp(net->a); });
    (net->a * weight).sum().backward();
    return Outputs{{"g", net->a.grad()}};
  });

  // Two steps: the second one differentiates with respect to the updated
  // parameter and no further.
  // CHECK-LABEL: func.func @two_steps(
  // CHECK-SAME: %[[A:.*]]: tensor<3xf32> {{{.*}}"a"}
  // CHECK: %[[G1:.*]] = graph.gradients %{{.*}} wrt(%[[A]])
  // CHECK: %[[A1:.*]] = graph.sub %[[A]], %[[G1]]
  // CHECK: %[[CUT:.*]] = graph.detach %[[A1]]
  // CHECK: graph.square %[[CUT]]
  // CHECK: %[[G2:.*]] = graph.gradients %{{.*}} wrt(%[[CUT]])
  // CHECK: %[[A2:.*]] = graph.sub %[[A1]], %[[G2]]
  // CHECK: return %[[A2]]
  model.function("two_steps", {}, [=](const TensorList &) {
    for (int step = 0; step < 2; ++step) {
      net->zero_grad();
      square(net->a).sum().backward();
      no_grad([&] { return net->a.sub_(net->a.grad()); });
    }
    return Outputs{};
  });

  // A parameter that is frozen at first, as a GAN's discriminator behind its
  // generator: what was made of it by then is no part of its gradient. It isn't
  // changed, so it isn't returned.
  // CHECK-LABEL: func.func @frozen(
  // CHECK-SAME: %[[A:.*]]: tensor<3xf32> {{{.*}}"a"}, %[[B:.*]]: tensor<3xf32> {{{.*}}"b"}
  // CHECK-SAME: -> (tensor<3xf32> {graph.name = "ga"}, tensor<3xf32> {graph.name = "gb"})
  // CHECK: graph.mul %[[A]], %[[B]]
  // CHECK: %[[LEAF:.*]] = graph.detach %[[B]]
  // CHECK: graph.sin %[[LEAF]]
  // CHECK: graph.gradients %{{.*}} wrt(%[[A]], %[[LEAF]])
  model.function("frozen", {}, [=](const TensorList &) {
    net->b.requires_grad_(false);
    Tensor generated = net->a * net->b;
    net->b.requires_grad_();
    (generated + sin(net->b)).sum().backward();
    return Outputs{{"ga", net->a.grad()}, {"gb", net->b.grad()}};
  });

  // Made of a leaf while it was none: cut off from it.
  // CHECK-LABEL: func.func @frozen_between(
  // CHECK-SAME: %[[X:.*]]: tensor<3xf32> {graph.name = "x"})
  // CHECK: %[[BEFORE:.*]] = graph.square %[[X]]
  // CHECK: %[[BETWEEN:.*]] = graph.exp %[[X]]
  // CHECK: %[[CUT:.*]] = graph.detach %[[BETWEEN]]
  // CHECK: graph.mul %[[BEFORE]], %[[CUT]]
  // CHECK: graph.gradients %{{.*}} wrt(%[[X]])
  model.function("frozen_between", {{"x", zeros({3})}},
                 [=](const TensorList &in) {
                   Tensor x = in[0];
                   Tensor before = square(x.requires_grad_());
                   Tensor between = exp(x.requires_grad_(false));
                   x.requires_grad_();
                   (before * between).sum().backward();
                   return Outputs{{"g", x.grad()}};
                 });

  // An input may ask for a gradient too.
  // CHECK-LABEL: func.func @input(
  // CHECK-SAME: %[[X:.*]]: tensor<3xf32> {graph.name = "x"})
  // CHECK: graph.gradients %{{.*}} wrt(%[[X]])
  model.function("input", {{"x", zeros({3})}}, [=](const TensorList &in) {
    Tensor x = in[0];
    x.requires_grad_();
    sin(x).sum().backward();
    return Outputs{{"g", x.grad()}};
  });

  // A gradient is a constant to later work, unless `create_graph` is asked for.
  // CHECK-LABEL: func.func @constant_gradient(
  // CHECK: %[[G:.*]] = graph.gradients
  // CHECK: %[[CUT:.*]] = graph.detach %[[G]]
  // CHECK: graph.mul %[[CUT]]
  model.function("constant_gradient", {}, [=](const TensorList &) {
    (net->a * net->a * net->a).sum().backward();
    Tensor gradient = net->a.grad();
    net->zero_grad();
    (gradient * net->a).sum().backward();
    return Outputs{{"g", net->a.grad()}};
  });

  // CHECK-LABEL: func.func @create_graph(
  // CHECK-SAME: %[[A:.*]]: tensor<3xf32>
  // CHECK: %[[G:.*]] = graph.gradients
  // CHECK-NOT: graph.detach
  // CHECK: graph.mul %[[G]], %[[A]]
  // CHECK: graph.gradients %{{.*}} wrt(%[[A]])
  model.function("create_graph", {}, [=](const TensorList &) {
    (net->a * net->a * net->a).sum().backward({}, true, true);
    Tensor gradient = net->a.grad();
    net->zero_grad();
    (gradient * net->a).sum().backward();
    return Outputs{{"g", net->a.grad()}};
  });

  // A buffer that a tracked value was written to passes gradients on.
  // CHECK-LABEL: func.func @in_place(
  // CHECK-SAME: %[[A:.*]]: tensor<3xf32>
  // CHECK: %[[Y:.*]] = graph.exp %[[A]]
  // CHECK: %[[Y2:.*]] = graph.mul %[[Y]]
  // CHECK: %[[LOSS:.*]] = graph.sum %[[Y2]]
  // CHECK: graph.gradients %[[LOSS]] wrt(%[[A]])
  model.function("in_place", {}, [=](const TensorList &) {
    Tensor y = exp(net->a);
    y.mul_(2);
    y.sum().backward();
    return Outputs{{"g", net->a.grad()}};
  });
}
