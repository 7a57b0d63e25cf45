//===- Generator.cpp - Random numbers -------------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Generator.h"
#include "runtime/core/Dense.h"
#include "runtime/core/Operands.h"
#include "tensorc/creation.h"
#include "tensorc/executor.h"

#include <cmath>
#include <numbers>

namespace tensorc {

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    std::uint64_t a = std::uint64_t(0xD2511F53u) * counter[0];
    std::uint64_t b = std::uint64_t(0xCD9E8D57u) * counter[2];
    counter = {std::uint32_t(b >> 32) ^ counter[1] ^ key[0], std::uint32_t(b),
               std::uint32_t(a >> 32) ^ counter[3] ^ key[1], std::uint32_t(a)};
    key[0] += 0x9E3779B9u; // the golden ratio
    key[1] += 0xBB67AE85u; // √3 - 1
  }
  return counter;
}

std::uint32_t Generator::next() {
  if (used_ == 4) {
    block_ = philox({std::uint32_t(counter_), std::uint32_t(counter_ >> 32)},
                    {std::uint32_t(seed_), std::uint32_t(seed_ >> 32)});
    ++counter_;
    used_ = 0;
  }
  return block_[used_++];
}

double Generator::uniform53() {
  std::uint64_t high = next() >> 5, low = next() >> 6;
  return double(high << 26 | low) * 0x1p-53;
}

double Generator::normal() {
  // 1 - u is never 0, so the logarithm is finite.
  double radius = std::sqrt(-2 * std::log(1 - uniform53()));
  return radius * std::cos(2 * std::numbers::pi * uniform53());
}

Generator &Generator::current() {
  static thread_local Generator generator(0);
  return generator;
}

void manual_seed(std::uint64_t seed) { Generator::current() = Generator(seed); }

/// Random numbers are drawn at once; recorded, they would be constants. They
/// are drawn on the host, so that a seed gives the same on every device.
template <typename F>
static Tensor draw(const char *op, const Shape &shape,
                   const TensorOptions &options, Location location, F &&value) {
  if (Executor::current().is_recording())
    throw Error(function_prefix(op) +
                    "random numbers can't be drawn in a traced function: pass "
                    "them as an input",
                user_location(location));
  DType dtype = options.dtype.value_or(kFloat32);
  if (!is_floating_point(dtype))
    expected(op, "a floating-point type", std::string(name(dtype)), location);
  FunctionScope scope(op, location);
  Tensor result = make_dense({dtype, shape}, kCPU);
  char *element = address(*result.impl());
  std::int64_t count = element_count(shape);
  for (std::int64_t i = 0; i < count; ++i, element += size_of(dtype))
    write_element(element, dtype, value(dtype));
  return moved_to(result, device_of(options));
}

Tensor rand(const Shape &shape, const TensorOptions &options,
            Location location) {
  Generator &generator = Generator::current();
  return draw("rand", shape, options, location, [&](DType dtype) {
    if (dtype == kFloat64)
      return generator.uniform53();
    // In so many steps that none rounds up to 1.
    double steps = std::ldexp(1, info_of(dtype).digits);
    double value = generator.uniform24();
    return is_half(dtype) ? std::floor(value * steps) / steps : value;
  });
}

Tensor randn(const Shape &shape, const TensorOptions &options,
             Location location) {
  Generator &generator = Generator::current();
  return draw("randn", shape, options, location,
              [&](DType) { return generator.normal(); });
}

Tensor rand_like(const Tensor &self, const TensorOptions &options,
                 Location location) {
  FunctionScope scope("rand_like", location);
  return rand(self.shape(), options_like(self, options), location);
}

Tensor randn_like(const Tensor &self, const TensorOptions &options,
                  Location location) {
  FunctionScope scope("randn_like", location);
  return randn(self.shape(), options_like(self, options), location);
}

} // namespace tensorc
