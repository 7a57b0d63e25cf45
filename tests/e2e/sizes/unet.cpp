// A small U-Net: a kind for each pixel of any number of pictures of any even
// height and width.
#include <tensorc/tensorc.h>

#ifndef BATCH
#define BATCH dynamic("B", 1, 4, {.hint = 2})
#endif
#ifndef HEIGHT
#define HEIGHT dynamic("H", 2, 40, {.hint = 24, .divisor = 2})
#endif
#ifndef WIDTH
#define WIDTH dynamic("W", 2, 64, {.hint = 32, .divisor = 2})
#endif

using namespace tensorc;
namespace F = nn::functional;

constexpr std::int64_t kKinds = 3;

struct UnetImpl : nn::Module {
  nn::Conv2d down1 = layer("down1", 1, 6), down2 = layer("down2", 6, 6);
  nn::Conv2d deep1 = layer("deep1", 6, 12), deep2 = layer("deep2", 12, 12);
  nn::Conv2d up1 = layer("up1", 18, 6), up2 = layer("up2", 6, 6);
  nn::Conv2d last = register_module("last", nn::Conv2d(6, kKinds, 1));

  nn::Conv2d layer(const char *name, std::int64_t in, std::int64_t out) {
    return register_module(
        name, nn::Conv2d(in, out, 3, nn::Conv2dOptions{.padding = 1}));
  }
  /// Each pixel four times.
  static Tensor upsample(const Tensor &x) {
    SymInt B = x.size(0), C = x.size(1), H = x.size(2), W = x.size(3);
    return x.view({B, C, H, 1, W, 1})
        .expand({B, C, H, 2, W, 2})
        .reshape({B, C, H * 2, W * 2});
  }
  Tensor forward(const Tensor &x) {
    Tensor fine = F::relu(down2(F::relu(down1(x))));
    Tensor deep = F::relu(deep2(F::relu(deep1(F::max_pool2d(fine, 2)))));
    Tensor both = cat({fine, upsample(deep)}, 1);
    return last(F::relu(up2(F::relu(up1(both)))));
  }
};

TENSORC_MODEL(model) {
  SymInt B = BATCH, H = HEIGHT, W = WIDTH;
  auto net = std::make_shared<UnetImpl>();
  auto sgd = std::make_shared<optim::SGD>(
      net->parameters(), optim::SGDOptions{.lr = 0.1, .momentum = 0.9});
  model.module(net);
  model.optimizer("sgd", sgd);
  model.function("infer", {{"x", empty({B, 1, H, W})}},
                 [=](const TensorList &in) {
                   NoGradGuard unrecorded;
                   return Outputs{{"logits", net->forward(in[0])}};
                 });
  model.function(
      "train_step",
      {{"x", empty({B, 1, H, W})}, {"labels", empty({B, H, W}, kInt64)}},
      [=](const TensorList &in) {
        sgd->zero_grad();
        Tensor logits = net->forward(in[0]);
        Tensor pixels = logits.permute({0, 2, 3, 1}).reshape({-1, kKinds});
        Tensor loss = F::cross_entropy(pixels, in[1].view({-1}));
        loss.backward();
        sgd->step();
        return Outputs{{"loss", loss}, {"logits", logits}};
      });
}
