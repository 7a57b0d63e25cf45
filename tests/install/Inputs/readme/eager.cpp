// Around the README's eager training loop: what it takes for granted.
#include <tensorc/tensorc.h>

#include <cmath>
#include <cstdio>

using namespace tensorc;

struct LeNetImpl : nn::Module {
  nn::Linear linear = register_module("linear", nn::Linear(4, 3));
  Tensor forward(const Tensor &x) { return linear(x); }
};

struct LeNet : LeNetImpl {};

int main() {
  struct Batch {
    Tensor images, labels;
  };
  std::vector<Batch> batches(3, {ones({2, 4}), zeros({2}, kInt64)});
#include "snippet.inc"
  std::printf("trained and saved\n");
}
