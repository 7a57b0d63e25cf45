// A model for the compiler knows no devices: what names one is ignored, with or
// without a GPU on the machine that compiles.
// RUN: env TENSORC_CUDA_DRIVER=/nowhere/libcuda.so.1 tensorc %s --emit=graph | FileCheck %s
// RUN: env TENSORC_CUDA_DRIVER=/nowhere/libcuda.so.1 tensorc verify %s

#include "tensorc/tensorc.h"

using namespace tensorc;

struct Net : nn::Module {
  Tensor scale = register_parameter("scale", ones({3}, "cuda"));

  Tensor forward(const Tensor &x) {
    Tensor moved = x.to("cuda").cuda() * scale.to(x.device());
    Tensor same = moved + zeros({2, 3}, x.device());
    return same.cpu().to("cuda", kFloat64);
  }
};

// CHECK-LABEL: func.func @infer(
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32> {graph.name = "x"}
// CHECK-SAME: %[[SCALE:.*]]: tensor<3xf32> {graph.role = "parameter", graph.state = "scale"}
// CHECK-NEXT: %[[S:.*]] = graph.broadcast_to %[[SCALE]]
// CHECK-NEXT: %[[M:.*]] = graph.mul %[[X]], %[[S]]
// CHECK-NEXT: %[[ZERO:.*]] = graph.full
// CHECK-NEXT: %[[A:.*]] = graph.add %[[M]], %[[ZERO]]
// CHECK-NEXT: %[[Y:.*]] = graph.to %[[A]]
// CHECK-NEXT: return %[[Y]]
TENSORC_MODEL(model) {
  set_default_device("cuda");
  auto net = std::make_shared<Net>();
  net->to("cuda:0");
  model.module(net);
  model.function("infer", {{"x", zeros({2, 3}, "cuda")}},
                 [=](const TensorList &in) {
                   return Outputs{{"y", net->forward(in[0])}};
                 });
}
