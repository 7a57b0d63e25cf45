// Convolutions and pools of images whose size only a call says, with what reaches
// over their edges, and gradients of these.

// RUN: tensorc verify %s | FileCheck %s

#include "tensorc/tensorc.h"

using namespace tensorc;
namespace F = tensorc::nn::functional;

TENSORC_MODEL(model) {
  SymInt B = dynamic("B", 1, 8, {.hint = 2});
  SymInt H = dynamic("H", 8, 32, {.hint = 8, .divisor = 4});
  SymInt W = dynamic("W", 5, 33, {.hint = 9});
  nn::Conv2d conv(1, 2, 3, nn::Conv2dOptions{.padding = 1});
  model.module(conv);
  auto part = [&](const char *name, auto pool) {
    model.function(
        name, {{"x", zeros({B, 1, H, W})}}, [=](const TensorList &in) {
          conv->zero_grad();
          Tensor y = pool(conv(in[0]));
          y.square().sum().backward();
          return Outputs{{"y", y}, {"gradient", conv->weight.grad()}};
        });
  };
  // CHECK: conv: compiled against eager, B = 1, H = 8, W = 5
  // CHECK: conv: compiled against eager, B = 2, H = 8, W = 9
  // CHECK: conv: compiled against eager, B = 3, H = 12, W = 10
  part("conv", [](Tensor y) { return y.tanh(); });
  part("max", [](Tensor y) { return F::max_pool2d(y, 2); });
  part("max_overlapping",
       [](Tensor y) { return F::max_pool2d(y, 3, {.stride = 2}); });
  part("max_padded", [](Tensor y) {
    return F::max_pool2d(y - 5, 4, {.stride = 3, .padding = 2});
  });
  part("max_dilated", [](Tensor y) {
    return F::max_pool2d(y - 5, 3, {.stride = 2, .padding = 1, .dilation = 2});
  });
  part("max_ceil", [](Tensor y) {
    return F::max_pool2d(y, 3, {.stride = 2, .padding = 1, .ceil_mode = true});
  });
  part("mean", [](Tensor y) { return F::avg_pool2d(y, 2); });
  part("mean_padded", [](Tensor y) {
    return F::avg_pool2d(y, 3, {.stride = 2, .padding = 1});
  });
  part("mean_inside", [](Tensor y) {
    return F::avg_pool2d(
        y, 3, {.stride = 2, .padding = 1, .count_include_pad = false});
  });
  // CHECK: mean_ceil: compiled against eager, B = 3, H = 12, W = 10
  part("mean_ceil", [](Tensor y) {
    return F::avg_pool2d(y, 3, {.stride = 2, .padding = 1, .ceil_mode = true});
  });
  // The gradient's gradient, of padded maxima.
  // CHECK: twice: compiled against eager, B = 3, H = 12, W = 10
  model.function("twice", {{"x", zeros({B, 1, H, W})}},
                 [=](const TensorList &in) {
                   conv->zero_grad();
                   Tensor y = F::max_pool2d(conv(in[0]), 3,
                                            {.stride = 2, .padding = 1});
                   y.pow(3).sum().backward({}, true, true);
                   Tensor first = conv->weight.grad();
                   conv->zero_grad();
                   first.square().sum().backward();
                   return Outputs{{"gradient", conv->weight.grad()}};
                 });
  // CHECK: gradients against finite differences
}
