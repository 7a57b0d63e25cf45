// RUN: tensorc %s --emit=graph | FileCheck %s
// Eager mode, which needs no such tricks, agrees.
// RUN: tensorc verify %s

#include "tensorc/tensorc.h"

using namespace tensorc;

struct Net : nn::Module {
  Tensor scale = register_parameter("scale", ones({3}));
  Tensor shift = register_parameter("shift", zeros({3}));
  Tensor count = register_buffer("count", zeros({}, kInt64));
  Tensor unused = register_parameter("unused", zeros({7}));

  Tensor forward(const Tensor &x) { return x * scale + shift; }
};

TENSORC_MODEL(model) {
  auto net = std::make_shared<Net>();
  model.module(net);
  Tensor lr = full({}, 0.5);
  model.state("lr", lr, StateRole::Optimizer);

  // Inputs, then the state that the function uses in the model's order, however
  // it uses it; `unused` is no argument. Nothing is updated.
  // CHECK: graph.state_order = ["scale", "shift", "unused", "count", "lr"]
  // CHECK-LABEL: func.func @infer(
  // CHECK-SAME: %[[X:.*]]: tensor<2x3xf32> {graph.name = "x"}
  // CHECK-SAME: %[[SCALE:.*]]: tensor<3xf32> {graph.role = "parameter", graph.state = "scale"}
  // CHECK-SAME: %[[SHIFT:.*]]: tensor<3xf32> {graph.role = "parameter", graph.state = "shift"})
  // CHECK-SAME: -> (tensor<2x3xf32> {graph.name = "y"})
  // CHECK: %[[S:.*]] = graph.broadcast_to %[[SCALE]]
  // CHECK: %[[P:.*]] = graph.mul %[[X]], %[[S]]
  // CHECK: %[[B:.*]] = graph.broadcast_to %[[SHIFT]]
  // CHECK: %[[Y:.*]] = graph.add %[[P]], %[[B]]
  // CHECK-NEXT: return %[[Y]]
  model.function("infer", {{"x", zeros({2, 3})}}, [=](const TensorList &in) {
    return Outputs{{"y", net->forward(in[0])}};
  });

  // An update is a result; reading after it reads the new value. The
  // arguments keep their order though `lr` is used first.
  // CHECK-LABEL: func.func @update(
  // CHECK-SAME: %[[SHIFT:.*]]: tensor<3xf32> {graph.role = "parameter", graph.state = "shift"}
  // CHECK-SAME: %[[COUNT:.*]]: tensor<i64> {graph.role = "buffer", graph.state = "count"}
  // CHECK-SAME: %[[LR:.*]]: tensor<f32> {graph.role = "optimizer", graph.state = "lr"}
  // CHECK-SAME: -> (tensor<i64> {graph.name = "count"}, tensor<3xf32> {graph.state = "shift"}, tensor<i64> {graph.state = "count"})
  // CHECK: %[[STEP:.*]] = graph.broadcast_to %[[LR]]
  // CHECK: %[[NEW:.*]] = graph.sub %[[SHIFT]], %[[STEP]]
  // CHECK: %[[ONCE:.*]] = graph.add %[[COUNT]]
  // CHECK: %[[TWICE:.*]] = graph.add %[[ONCE]]
  // CHECK: return %[[TWICE]], %[[NEW]], %[[TWICE]]
  model.function("update", {}, [=](const TensorList &) {
    NoGradGuard no_grad;
    net->shift.sub_(lr);
    net->count.add_(1);
    net->count.add_(1);
    return Outputs{{"count", net->count}};
  });

  // Tracing left the model as it was: this function starts from the arguments.
  // CHECK-LABEL: func.func @again(
  // CHECK-SAME: %[[COUNT:.*]]: tensor<i64> {graph.role = "buffer", graph.state = "count"}) -> (tensor<i64> {graph.name = "count"})
  // CHECK-NEXT: return %[[COUNT]]
  model.function("again", {}, [=](const TensorList &) {
    return Outputs{{"count", net->count}};
  });

  // Written without being read: an argument all the same.
  // CHECK-LABEL: func.func @reset(
  // CHECK-SAME: %[[X:.*]]: tensor<f32> {graph.name = "x"}, %{{.*}}: tensor<f32> {graph.role = "optimizer", graph.state = "lr"}) -> (tensor<f32> {graph.state = "lr"})
  // CHECK: return %[[X]]
  model.function("reset", {{"x", zeros({})}}, [=](const TensorList &in) mutable {
    lr.copy_(in[0]);
    return Outputs{};
  });

  // Other eager tensors are constants; equal elements are written once.
  // CHECK-LABEL: func.func @constants(
  // CHECK-DAG: %[[T:.*]] = graph.constant {{.*}}dense<[1.5{{.*}}, -2.0{{.*}}]> : tensor<2xf32>
  // CHECK-DAG: graph.mul %{{.*}}, %[[T]]
  // CHECK-DAG: graph.constant {{.*}}dense<true> : tensor<2xi1>
  // CHECK-DAG: graph.constant {{.*}}dense<1.0{{.*}}> : tensor<1024x1024xf32>
  Tensor table = tensor({1.5, -2});
  Tensor mask = ones({2}, kBool);
  Tensor many = ones({1024, 1024});
  model.function("constants", {{"x", zeros({2})}}, [=](const TensorList &in) {
    return Outputs{{"y", where(mask, in[0] * table, in[0]) + many.sum()}};
  });
}
