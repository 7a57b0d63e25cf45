//===- DoubleMathTest.cpp - Functions of f64 in GPU code ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What runs here is the library's bitcode, compiled for this machine; exact
// values are the host's libm's in 80 bits.
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/gpu/EmulatedKernel.h"
#include "tests/compiler/gpu/GpuKernelTest.h"
#include "tests/compiler/lowering/GenericText.h"
#include "tests/compiler/lowering/KernelTest.h"
#include <cmath>
#include <random>

using namespace tensorc;
using namespace tensorc::test;

namespace {
using Exact1 = long double (*)(long double);
using Exact2 = long double (*)(long double, long double);

struct Function {
  const char *op;
  double low, high;
  /// In units in the last place.
  double ulps;
  Exact1 exact1;
  Exact2 exact2 = nullptr;

  long double exact(double x, double y) const {
    return exact2 ? exact2(x, y) : exact1(x);
  }
  std::string kernel(int64_t count) const {
    std::string n = std::to_string(count);
    std::vector<Operand> inputs(exact2 ? 2 : 1, {n, "d0", "f64"});
    return generic(1, inputs, {{n, "d0", "f64"}}, "",
                   "%y = math." + std::string(op) +
                       (exact2 ? " %x0, %x1" : " %x0") +
                       " : f64\n kernel.yield %y : f64");
  }
};
void PrintTo(const Function &function, std::ostream *stream) {
  *stream << function.op;
}
class GpuDoubleMath : public ::testing::TestWithParam<Function> {};
} // namespace

static const Function functions[] = {
    Function{"acos", -1, 1, 1.5, std::acos},
    Function{"acosh", 1, 1e6, 1.5, std::acosh},
    Function{"asin", -1, 1, 1.5, std::asin},
    Function{"asinh", -1e6, 1e6, 1.5, std::asinh},
    Function{"atan", -20, 20, 1.5, std::atan},
    Function{"atan2", -20, 20, 1.5, nullptr, std::atan2},
    Function{"atanh", -1, 1, 1.5, std::atanh},
    Function{"cbrt", -1e6, 1e6, 1, std::cbrt},
    Function{"cos", -1e7, 1e7, 2, std::cos},
    Function{"cosh", -700, 700, 1.5, std::cosh},
    Function{"erf", -6, 6, 1.5, std::erf},
    Function{"erfc", -6, 26, 3, std::erfc},
    Function{"exp", -740, 709, 1.5, std::exp},
    Function{"exp2", -1070, 1023, 1.5, std::exp2},
    Function{"expm1", -40, 700, 1.5, std::expm1},
    Function{"log", 0, 1e6, 2, std::log},
    Function{"log10", 0, 1e6, 1, std::log10},
    Function{"log1p", -1, 1e6, 1, std::log1p},
    Function{"log2", 0, 1e6, 1, std::log2},
    Function{"powf", 0, 100, 1, nullptr, std::pow},
    Function{"sin", -1e7, 1e7, 2, std::sin},
    Function{"sinh", -700, 700, 1.5, std::sinh},
    Function{"tan", -1e7, 1e7, 1.5, std::tan},
    Function{"tanh", -20, 20, 1.5, std::tanh}};

static constexpr int64_t accuracyCount = 1 << 14;

static double ulpsBetween(double got, long double exact) {
  constexpr double wrong = std::numeric_limits<double>::infinity();
  double rounded = static_cast<double>(exact);
  if (std::isnan(exact))
    return std::isnan(got) ? 0 : wrong;
  if (std::isinf(rounded))
    return got == rounded ? 0 : wrong;
  if (got == 0 && rounded == 0)
    return std::signbit(got) == std::signbit(exact) ? 0 : wrong;
  double unit =
      std::max(std::abs(rounded) - std::nextafter(std::abs(rounded), 0.0),
               std::numeric_limits<double>::denorm_min());
  return static_cast<double>(std::abs(got - exact) / unit);
}

/// The results for the numbers of `x` (and `y`), which end up in it.
static std::vector<double> compute(const Function &function,
                                   std::vector<double> x,
                                   std::vector<double> y) {
  gpuContext();
  auto module = parse(function.kernel(int64_t(x.size())));
  // One multiprocessor has enough to do with them to take pairs.
  EmulatedKernel kernel(*module, {.multiprocessors = 1});
  std::vector<double> results(x.size());
  if (!kernel.valid())
    return results;
  std::vector<void *> buffers{x.data()};
  if (function.exact2)
    buffers.push_back(y.data());
  buffers.push_back(results.data());
  int32_t status = 0;
  EXPECT_EQ(kernel.run("k", buffers, {}, ThreadOrder::Forward, 1, status), "");
  return results;
}

static void check(const Function &function, const std::vector<double> &x,
                  const std::vector<double> &y) {
  std::vector<double> got = compute(function, x, y);
  double worst = 0;
  size_t at = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    double error = ulpsBetween(got[i], function.exact(x[i], y[i]));
    if (!(error <= worst)) {
      worst = error;
      at = i;
    }
  }
  EXPECT_LE(worst, function.ulps)
      << function.op << " of " << x[at] << ", " << y[at] << " is " << got[at]
      << ", expected " << double(function.exact(x[at], y[at]));
}

TEST_P(GpuDoubleMath, IsAccurate) {
  const Function &function = GetParam();
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> inRange(function.low, function.high);
  std::uniform_real_distribution<double> exponent(-60, 0);
  std::vector<double> x, y;
  for (int64_t i = 0; i < accuracyCount; ++i) {
    // Evenly, and near zero.
    double scale = i % 2 ? 1 : std::exp2(exponent(random));
    x.push_back(std::max(inRange(random) * scale, function.low));
    y.push_back(inRange(random));
  }
  check(function, x, y);
}

TEST_P(GpuDoubleMath, HandlesSpecialValues) {
  using Limits = std::numeric_limits<double>;
  std::vector<double> values{0,
                             0.25,
                             0.5,
                             1,
                             1.5,
                             2,
                             3,
                             40,
                             1e22,
                             1e300,
                             1e-10,
                             1e-300,
                             1e-310,
                             710,
                             745.5,
                             1023.5,
                             9007199254740991,
                             2147483648.5,
                             Limits::min(),
                             Limits::max(),
                             Limits::infinity(),
                             Limits::denorm_min(),
                             Limits::quiet_NaN()};
  for (size_t i = 0, e = values.size(); i < e; ++i)
    values.push_back(-values[i]);
  std::vector<double> x, y;
  for (double first : values)
    for (double second : GetParam().exact2 ? values : std::vector{0.0}) {
      x.push_back(first);
      y.push_back(second);
    }
  check(GetParam(), x, y);
}

INSTANTIATE_TEST_SUITE_P(Functions, GpuDoubleMath,
                         ::testing::ValuesIn(functions), [](const auto &info) {
                           return std::string(info.param.op);
                         });

TEST(GpuDoubleMathPtx, HoldsEachFunction) {
  gpuContext();
  // One text of all, so that tables need names of their own.
  std::string text;
  for (const Function &function : functions) {
    std::string kernel = function.kernel(accuracyCount);
    text +=
        kernel.replace(kernel.find("@k"), 2, std::string("@") + function.op);
  }
  auto module = parse(text);
  ASSERT_TRUE(module);
  checkPtx(*module, {.multiprocessors = 1}, "in functions of f64");
}
