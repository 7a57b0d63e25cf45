//===- Cases.cpp - What the GPU benchmark measures ------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Results are compared with sums in double, at places chosen at random.
//
//===----------------------------------------------------------------------===//

#include "benchmarks/cuda/Cases.h"

#include "tensorc/abi.h"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <random>

using namespace tensorc::benchmark;

namespace {

/// The shape `large` of kernels.cpp.
constexpr int64_t kRows = 16384, kColumns = 4096;
/// Rows, columns, elements that are compared.
constexpr int kSamples = 64;

size_t elementBytes(int32_t dtype) {
  return dtype == TENSORC_I64 ? 8 : dtype == TENSORC_F32 ? 4 : 2;
}

/// A number with a sign bit, `exponentBits` and `fractionBits`.
double decode(uint16_t word, int exponentBits, int fractionBits) {
  int fraction = word & ((1 << fractionBits) - 1);
  int exponent = word >> fractionBits & ((1 << exponentBits) - 1);
  int bias = (1 << (exponentBits - 1)) - 1;
  double size;
  if (exponent == (1 << exponentBits) - 1)
    size = fraction ? double(NAN) : double(INFINITY);
  else if (exponent == 0)
    size = std::ldexp(fraction, 1 - bias - fractionBits);
  else
    size = std::ldexp((1 << fractionBits) + fraction,
                      exponent - bias - fractionBits);
  return word >> 15 ? -size : size;
}

/// The other way, for multiples of 1/64 in [-1, 1], which are exact.
uint16_t encode(int sixtyFourths, int exponentBits, int fractionBits) {
  if (sixtyFourths == 0)
    return 0;
  int exponent;
  double part = std::frexp(std::abs(sixtyFourths) / 64.0, &exponent);
  int bias = (1 << (exponentBits - 1)) - 1;
  int fraction = int(std::ldexp(2 * part - 1, fractionBits));
  return uint16_t((sixtyFourths < 0 ? 1 << 15 : 0) |
                  (exponent - 1 + bias) << fractionBits | fraction);
}

std::string compare(double got, double want, double tolerance, int64_t row,
                    int64_t column) {
  if (std::abs(got - want) <= tolerance)
    return {};
  char text[160];
  std::snprintf(
      text, sizeof(text), "wrong result: [%lld, %lld] is %.7g, expected %.7g",
      static_cast<long long>(row), static_cast<long long>(column), got, want);
  return text;
}

/// Samples points of a [kRows, kColumns] result: `want(row)` prepares a row and
/// gives the value at a column.
template <typename Want>
std::string checkPoints(const HostData &data, double tolerance, Want want) {
  std::mt19937_64 random(5);
  for (int i = 0; i < kSamples; ++i) {
    int64_t row = int64_t(random() % kRows);
    auto value = want(row);
    for (int j = 0; j < kSamples; ++j) {
      int64_t column = int64_t(random() % kColumns);
      std::string words = compare(data.outputs[0][row * kColumns + column],
                                  value(column), tolerance, row, column);
      if (!words.empty())
        return words;
    }
  }
  return {};
}

template <typename Function> double sumRow(Function &&term) {
  double sum = 0;
  for (int64_t column = 0; column < kColumns; ++column)
    sum += term(column);
  return sum;
}

std::string checkAdd(const HostData &data) {
  return checkPoints(data, 1e-6, [&](int64_t row) {
    return [&data, row](int64_t column) {
      int64_t at = row * kColumns + column;
      return data.inputs[0][at] + data.inputs[1][at];
    };
  });
}

std::string checkReluScale(const HostData &data) {
  return checkPoints(data, 1e-5, [&](int64_t row) {
    return [&data, row](int64_t column) {
      double x = data.inputs[0][row * kColumns + column];
      return std::max(x * 1.5 + 0.25, 0.0) * 2;
    };
  });
}

std::string checkSoftmax(const HostData &data) {
  return checkPoints(data, 1e-8, [&](int64_t row) {
    const HostTensor &x = data.inputs[0];
    double sum =
        sumRow([&](int64_t c) { return std::exp(x[row * kColumns + c]); });
    return [&x, row, sum](int64_t column) {
      return std::exp(x[row * kColumns + column]) / sum;
    };
  });
}

std::string checkLayerNorm(const HostData &data) {
  return checkPoints(data, 1e-4, [&](int64_t row) {
    const HostTensor &x = data.inputs[0];
    auto at = [&x, row](int64_t c) { return x[row * kColumns + c]; };
    double mean = sumRow(at) / kColumns;
    double variance =
        sumRow([&](int64_t c) { return (at(c) - mean) * (at(c) - mean); }) /
        kColumns;
    return [=](int64_t column) {
      return (at(column) - mean) / std::sqrt(variance + 1e-5);
    };
  });
}

std::string checkRowSum(const HostData &data) {
  std::mt19937_64 random(6);
  for (int i = 0; i < kSamples; ++i) {
    int64_t row = int64_t(random() % kRows);
    double sum =
        sumRow([&](int64_t c) { return data.inputs[0][row * kColumns + c]; });
    std::string words = compare(data.outputs[0][row], sum, 1e-3, row, 0);
    if (!words.empty())
      return words;
  }
  return {};
}

std::string checkColumnSum(const HostData &data) {
  std::mt19937_64 random(7);
  for (int i = 0; i < kSamples; ++i) {
    int64_t column = int64_t(random() % kColumns);
    double sum = 0;
    for (int64_t row = 0; row < kRows; ++row)
      sum += data.inputs[0][row * kColumns + column];
    std::string words = compare(data.outputs[0][column], sum, 1e-3, 0, column);
    if (!words.empty())
      return words;
  }
  return {};
}

std::string checkFullSum(const HostData &data) {
  double sum = 0;
  for (int64_t i = 0; i < kRows * kColumns; ++i)
    sum += data.inputs[0][i];
  // The terms are random: their sum is small beside that of their sizes.
  return compare(data.outputs[0][0], sum, 1e-7 * kRows * kColumns, 0, 0);
}

std::string checkCrossEntropy(const HostData &data) {
  const HostTensor &x = data.inputs[0], &labels = data.inputs[1];
  double loss = 0;
  for (int64_t row = 0; row < kRows; ++row) {
    double sum =
        sumRow([&](int64_t c) { return std::exp(x[row * kColumns + c]); });
    loss += std::log(sum) - x[row * kColumns + int64_t(labels[row])];
  }
  loss /= kRows;
  return compare(data.outputs[0][0], loss, 1e-4 * loss, 0, 0);
}

/// Elements of a product; `tolerance` is relative to the sum of sizes, and the
/// result is rounded to its type.
std::string checkProduct(const HostData &data, const Product &product,
                         double tolerance, double rounding) {
  std::mt19937_64 random(8);
  for (int i = 0; i < 4 * kSamples; ++i) {
    int64_t row = int64_t(random() % uint64_t(product.m)),
            column = int64_t(random() % uint64_t(product.n));
    double sum = 0, sizes = 0;
    for (int64_t k = 0; k < product.k; ++k) {
      double term = data.inputs[0][row * product.k + k] *
                    data.inputs[1][k * product.n + column];
      sum += term;
      sizes += std::abs(term);
    }
    std::string words =
        compare(data.outputs[0][row * product.n + column], sum,
                tolerance * sizes + rounding * std::abs(sum), row, column);
    if (!words.empty())
      return words;
  }
  return {};
}

/// A 3×3 convolution without padding of [64, channels, size, size].
std::string checkConvolution(const HostData &data, int64_t channels,
                             int64_t size, int64_t outputs) {
  int64_t to = size - 2;
  std::mt19937_64 random(9);
  for (int i = 0; i < 4 * kSamples; ++i) {
    int64_t n = int64_t(random() % 64),
            o = int64_t(random() % uint64_t(outputs)),
            y = int64_t(random() % uint64_t(to)),
            x = int64_t(random() % uint64_t(to));
    double sum = 0;
    for (int64_t c = 0; c < channels; ++c)
      for (int64_t dy = 0; dy < 3; ++dy)
        for (int64_t dx = 0; dx < 3; ++dx)
          sum += data.inputs[0][((n * channels + c) * size + y + dy) * size +
                                x + dx] *
                 data.inputs[1][((o * channels + c) * 3 + dy) * 3 + dx];
    std::string words =
        compare(data.outputs[0][((n * outputs + o) * to + y) * to + x], sum,
                1e-4, n, o);
    if (!words.empty())
      return words;
  }
  return {};
}

void addMemoryBound(std::vector<Case> &cases) {
  // What is promised for them, of the bandwidth of a copy beside them.
  constexpr double needed = 0.85;
  auto add = [&](const char *function, std::vector<int32_t> inputs,
                 std::string (*check)(const HostData &)) {
    cases.push_back({function, inputs, {TENSORC_F32}, {}, needed, check});
  };
  add("add", {TENSORC_F32, TENSORC_F32}, checkAdd);
  add("relu_scale", {TENSORC_F32}, checkReluScale);
  add("row_sum", {TENSORC_F32}, checkRowSum);
  add("column_sum", {TENSORC_F32}, checkColumnSum);
  add("full_sum", {TENSORC_F32}, checkFullSum);
  add("softmax", {TENSORC_F32}, checkSoftmax);
  add("layer_norm", {TENSORC_F32}, checkLayerNorm);
  add("cross_entropy", {TENSORC_F32, TENSORC_I64}, checkCrossEntropy);
}

void addProducts(std::vector<Case> &cases) {
  auto add = [&](const std::string &name, int32_t dtype, Product product,
                 double needed = 0) {
    double tolerance = product.tf32 ? 1e-3 : 1e-5;
    double rounding = dtype == TENSORC_BF16  ? 0x1p-8
                      : dtype == TENSORC_F16 ? 0x1p-11
                                             : 0;
    cases.push_back({name,
                     {dtype, dtype},
                     {dtype},
                     product,
                     needed,
                     [=](const HostData &data) {
                       return checkProduct(data, product, tolerance, rounding);
                     }});
  };
  for (int64_t size : {512, 1024, 2048, 4096})
    add("matmul_f32_" + std::to_string(size), TENSORC_F32, {size, size, size},
        size == 2048 ? 0.5 : 0);
  add("matmul_f32_odd", TENSORC_F32, {1001, 777, 1533});
  add("matmul_tf32_4096", TENSORC_F32, {4096, 4096, 4096, true});
  for (int64_t size : {1024, 2048, 4096, 8192}) {
    add("matmul_bf16_" + std::to_string(size), TENSORC_BF16, {size, size, size},
        size == 4096 ? 0.4 : 0);
    add("matmul_f16_" + std::to_string(size), TENSORC_F16, {size, size, size});
  }
  add("matmul_bf16_odd", TENSORC_BF16, {1001, 777, 1533});
}

void addConvolutions(std::vector<Case> &cases) {
  cases.push_back(
      {"conv1",
       {TENSORC_F32, TENSORC_F32},
       {TENSORC_F32},
       {},
       0,
       [](const HostData &data) { return checkConvolution(data, 1, 32, 6); }});
  cases.push_back(
      {"conv2",
       {TENSORC_F32, TENSORC_F32},
       {TENSORC_F32},
       {},
       0,
       [](const HostData &data) { return checkConvolution(data, 6, 15, 16); }});
}

} // namespace

int64_t HostTensor::count() const {
  return int64_t(bytes.size() / elementBytes(dtype));
}

double HostTensor::operator[](int64_t index) const {
  const uint8_t *place = bytes.data() + size_t(index) * elementBytes(dtype);
  auto as = [&](auto value) {
    std::memcpy(&value, place, sizeof(value));
    return value;
  };
  switch (dtype) {
  case TENSORC_I64:
    return double(as(int64_t()));
  case TENSORC_F32:
    return double(as(float()));
  case TENSORC_F16:
    return decode(as(uint16_t()), 5, 10);
  default:
    return decode(as(uint16_t()), 8, 7);
  }
}

void HostTensor::randomize(uint64_t seed) {
  uint64_t state = seed;
  auto next = [&] { // Knuth's MMIX generator
    state = state * 6364136223846793005u + 1442695040888963407u;
    return uint32_t(state >> 40);
  };
  size_t width = elementBytes(dtype);
  // Of the 16-bit types, all values that there are.
  uint16_t words[128] = {};
  if (width == 2)
    for (int i = 0; i < 128; ++i)
      words[i] =
          dtype == TENSORC_F16 ? encode(i - 64, 5, 10) : encode(i - 64, 8, 7);
  for (int64_t i = 0; i < count(); ++i) {
    uint8_t *place = bytes.data() + size_t(i) * width;
    uint32_t number = next();
    float real = float(number) * 0x1p-23f - 1;
    int64_t label = number % kColumns;
    const void *source = dtype == TENSORC_I64 ? static_cast<void *>(&label)
                         : width == 4         ? static_cast<void *>(&real)
                                              : &words[number % 128];
    std::memcpy(place, source, width);
  }
}

std::vector<Case> tensorc::benchmark::allCases() {
  std::vector<Case> cases;
  addMemoryBound(cases);
  addProducts(cases);
  addConvolutions(cases);
  return cases;
}
