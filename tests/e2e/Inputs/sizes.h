// The functions that SizesTest.cpp runs, eagerly and compiled.
#ifndef TENSORC_TESTS_E2E_INPUTS_SIZES_H
#define TENSORC_TESTS_E2E_INPUTS_SIZES_H

#include <tensorc/tensorc.h>

namespace sizes {

using namespace tensorc;
namespace F = nn::functional;

/// Of [B, 6]: what is made of rows, of columns, and of their number.
inline Outputs rows(const Tensor &x) {
  SymInt count = x.size(0);
  Tensor off = x - x.mean({0});
  return {{"mean", x.mean()},
          {"share", x.sum() / count},
          {"normal", off / ((off * off).mean({0}) + 0.1).sqrt()},
          {"probabilities", x.softmax(0)},
          {"log_probabilities", x.log_softmax(1)},
          {"places", arange(count, kFloat32) * count},
          {"rest", x.slice(0, 1) * 2},
          {"longer", cat({ones({3, 6}), x})},
          {"flat", x.view({-1}) + 1},
          {"turned", x.t().reshape({-1}) + 1},
          {"products", matmul(x.t(), x)}};
}

/// Of [B, S, 4], where S is a multiple of 4, and [S].
inline Outputs sequences(const Tensor &x, const Tensor &bias) {
  SymInt length = x.size(1);
  Tensor scores = matmul(x, x.transpose(1, 2)) / length + bias;
  Tensor written = x + 1;
  written.select(1, length - 1).mul_(2);
  return {{"attended", matmul(scores.softmax(-1), x)},
          {"quarters", x.view({x.size(0), length / 4, 16}).sum(2)},
          {"last", x.select(1, length - 1)},
          {"written", written},
          {"all", x.sum({0, 1})}};
}

/// A step of two layers with a normalized batch between, by hand.
struct NetImpl : nn::Module {
  Tensor first = register_parameter("first", weights({6, 8}));
  Tensor scale = register_parameter("scale", ones({8}));
  Tensor second = register_parameter("second", weights({8, 3}));

  static Tensor weights(const Shape &shape) {
    SymInt count = shape[0] * shape[1];
    return (arange(count, kFloat32) * 0.7).sin().view(shape);
  }
  Tensor forward(const Tensor &x) {
    Tensor hidden = matmul(x, first), off = hidden - hidden.mean({0});
    return matmul((off / ((off * off).mean({0}) + 0.1).sqrt() * scale).relu(),
                  second);
  }
  Outputs step(const Tensor &x, const Tensor &labels) {
    zero_grad();
    Tensor logits = forward(x);
    Tensor loss = F::cross_entropy(logits, labels) +
                  F::mse_loss(logits, logits * 0.5) +
                  logits.select(0, x.size(0) - 1).square().mean();
    loss.backward();
    NoGradGuard unrecorded;
    for (Tensor parameter : parameters())
      parameter -= parameter.grad() * 0.1;
    return {{"loss", loss}};
  }
};
using Net = nn::Handle<NetImpl()>;

} // namespace sizes

#endif // TENSORC_TESTS_E2E_INPUTS_SIZES_H
