// The test of LossesTest.cpp, without a framework that would have to be
// compiled for the other machine.
#include "lenet.h"
#include "tests/e2e/FirstLosses.h"

#include <cstdio>

using namespace tensorc::test;

int main() {
  nlohmann::json oracle = read_lenet_losses();
  std::vector<char> state, stateOfTwo;
  std::vector<float> losses = firstLosses<lenet::Model>(oracle, 1, state);
  int wrong = 0;
  for (std::size_t step = 0; step < losses.size(); ++step) {
    double wanted = oracle["float64"][step];
    bool isRight = std::abs(losses[step] - wanted) <= 1e-5 * wanted;
    wrong += !isRight;
    std::printf("step %zu: loss %.7f, PyTorch's %.7f%s\n", step, losses[step],
                wanted, isRight ? "" : "  WRONG");
  }
  bool isSame = firstLosses<lenet::Model>(oracle, 2, stateOfTwo) == losses &&
                stateOfTwo == state;
  std::printf("%zu steps, %d wrong; two threads: %s\n", losses.size(), wrong,
              isSame ? "the same bits" : "other bits");
  return wrong || !isSame;
}
