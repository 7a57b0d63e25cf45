//===- LeNetNumbers.h - The numbers of tests/oracle/lenet.py ----*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_ORACLE_LENETNUMBERS_H
#define TENSORC_TESTS_ORACLE_LENETNUMBERS_H

#include "tests/oracle/Oracle.h"

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace tensorc::test {

/// The stream that weights and batches are made from, see lenet.py.
struct LeNetStream {
  std::uint32_t next() { return x = x * 1664525u + 1013904223u; }
  double uniform() { return (next() >> 8) * 0x1p-24; }

  std::uint32_t x;
};

/// The initial weights, parameter by parameter in the order of parameters().
class LeNetWeights {
public:
  /// `fan_in` is the one of the layer that the parameter belongs to.
  void fill(std::span<float> parameter, std::int64_t fan_in) {
    for (float &value : parameter)
      value = float((2 * stream.uniform() - 1) / std::sqrt(double(fan_in)));
  }

private:
  LeNetStream stream{1};
};

struct LeNetBatch {
  LeNetBatch(std::uint32_t number, std::int64_t size)
      : images(size * 32 * 32), labels(size) {
    LeNetStream stream{100 + number};
    for (float &pixel : images)
      pixel = float(2 * stream.uniform() - 1);
    for (std::int64_t &label : labels)
      label = (stream.next() >> 16) % 10;
  }
  std::vector<float> images;
  std::vector<std::int64_t> labels;
};

/// PyTorch's losses.
inline nlohmann::json read_lenet_losses() {
  return read_oracle("lenet_losses.json");
}

} // namespace tensorc::test

#endif // TENSORC_TESTS_ORACLE_LENETNUMBERS_H
