// The test of sizes/ModelsTest.cpp for the LeNet, as cross.cpp is that of
// LossesTest.cpp.
#include "lenet.h"
#include "tests/e2e/sizes/Learner.h"

#include <cstdio>

using namespace tensorc::test;

int main(int, char **argv) {
  nlohmann::json oracle = read_oracle("sizes.json")["lenet"];
  auto run = [&](int threads) {
    return learn<Lenet, lenet::Model>(oracle, argv[1], threads);
  };
  Learned learned = run(1);
  bool isRight = learned.lossesOff <= lossesRoom() &&
                 learned.restOff <= restRoom(oracle),
       isSame = run(2) == learned;
  std::printf("%zu steps, off by %g and %g%s; two threads: %s\n",
              learned.losses.size(), learned.lossesOff, learned.restOff,
              isRight ? "" : ": WRONG",
              isSame ? "the same bits" : "other bits");
  return !isRight || !isSame;
}
