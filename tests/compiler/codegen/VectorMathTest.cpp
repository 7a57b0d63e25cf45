//===- VectorMathTest.cpp - Accuracy of transcendental functions ----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/lowering/GenericText.h"
#include "tests/compiler/lowering/KernelTest.h"
#include <cmath>

using namespace tensorc::test;

namespace {
struct Function {
  const char *op;
  double (*exact)(double);
  float low, high;
  /// In units in the last place of the exact result, as f32.
  double ulps;
};
void PrintTo(const Function &function, std::ostream *stream) {
  *stream << function.op;
}
class VectorMath : public ::testing::TestWithParam<Function> {};
} // namespace

static constexpr int64_t count = 8192;

static CompiledKernel compile(const std::string &op, int level) {
  std::string n = std::to_string(count);
  auto module =
      parse(generic(1, {{n, "d0"}}, {{n, "d0"}}, "",
                    "%y = math." + op + " %x0 : f32\n kernel.yield %y : f32"));
  return CompiledKernel(*module, level);
}

static double ulpsBetween(float got, double exact) {
  float rounded = static_cast<float>(exact);
  if (std::isnan(exact) || std::isinf(rounded))
    return (std::isnan(got) && std::isnan(exact)) || got == rounded ? 0 : 1e30;
  double unit = std::max(
      std::abs(double(std::nextafter(rounded, INFINITY)) - double(rounded)),
      double(std::numeric_limits<float>::denorm_min()));
  return std::abs(double(got) - exact) / unit;
}

TEST_P(VectorMath, IsAccurate) {
  const Function &function = GetParam();
  auto type =
      mlir::MemRefType::get({count}, mlir::Float32Type::get(&context()));
  for (int level : runnableLevels()) {
    CompiledKernel kernel = compile(function.op, level);
    ASSERT_TRUE(kernel.valid());
    HostBuffer in(type, {}), out(type, {});
    std::mt19937 generator(1);
    std::uniform_real_distribution<float> inputs(function.low, function.high);
    for (int64_t i = 0; i < count; ++i)
      in.store(i, {inputs(generator), 0});
    kernel.run("k", {&in, &out}, {});
    double worst = 0, at = 0;
    for (int64_t i = 0; i < count; ++i) {
      double x = in.load(i).real;
      double error = ulpsBetween(float(out.load(i).real), function.exact(x));
      if (!(error <= worst)) {
        worst = error;
        at = x;
      }
    }
    EXPECT_LE(worst, function.ulps) << "level " << level << ", at " << at;
  }
}

TEST_P(VectorMath, HandlesSpecialValues) {
  const Function &function = GetParam();
  auto type =
      mlir::MemRefType::get({count}, mlir::Float32Type::get(&context()));
  for (int level : runnableLevels()) {
    CompiledKernel kernel = compile(function.op, level);
    ASSERT_TRUE(kernel.valid());
    HostBuffer in(type, {}), out(type, {});
    const std::vector<double> values = {0.0, -0.0,  1.0,    INFINITY, -INFINITY,
                                        NAN, 1e-30, -1e-30, 500,      -500};
    for (int64_t i = 0; i < count; ++i)
      in.store(i, {values[size_t(i) % values.size()], 0});
    kernel.run("k", {&in, &out}, {});
    for (size_t i = 0; i < values.size(); ++i) {
      double x = in.load(int64_t(i)).real;
      EXPECT_LE(
          ulpsBetween(float(out.load(int64_t(i)).real), function.exact(x)),
          std::max(function.ulps, 1.0))
          << "level " << level << ", at " << x << ", got "
          << out.load(int64_t(i)).real << ", expected " << function.exact(x);
    }
  }
}

TEST_P(VectorMath, CallsNothing) {
  for (int level : {3, 4}) {
    CompiledKernel kernel = compile(GetParam().op, level);
    ASSERT_TRUE(kernel.valid());
    EXPECT_EQ(kernel.assembly().find("\tcall"), std::string::npos)
        << kernel.assembly();
  }
}

static double reciprocalRoot(double x) { return 1 / std::sqrt(x); }

INSTANTIATE_TEST_SUITE_P(
    Functions, VectorMath,
    ::testing::Values(Function{"exp", std::exp, -87, 88, 2},
                      Function{"exp2", std::exp2, -125, 127, 2},
                      Function{"expm1", std::expm1, -20, 20, 4},
                      Function{"log", std::log, 1e-6f, 100, 2},
                      Function{"log2", std::log2, 1e-6f, 100, 2},
                      Function{"log1p", std::log1p, -0.9f, 100, 4},
                      Function{"tanh", std::tanh, -9, 9, 2},
                      Function{"erf", std::erf, -4, 4, 4},
                      Function{"sin", std::sin, -10000, 10000, 2},
                      Function{"cos", std::cos, -10000, 10000, 2},
                      Function{"tan", std::tan, -1000, 1000, 3},
                      Function{"atan", std::atan, -10, 10, 2},
                      Function{"sqrt", std::sqrt, 0, 100, 0.5},
                      Function{"rsqrt", reciprocalRoot, 1e-6f, 100, 2},
                      Function{"floor", std::floor, -10, 10, 0},
                      Function{"ceil", std::ceil, -10, 10, 0},
                      Function{"trunc", std::trunc, -10, 10, 0},
                      Function{"roundeven", std::nearbyint, -10, 10, 0}),
    [](const auto &info) { return std::string(info.param.op); });
