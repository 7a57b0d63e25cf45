//===- MathAccuracyTest.cpp - Functions against exact values --------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every function at special values (pairs of them, of two operands) and in a
// sweep over its type's bit patterns, in all modes, against the host's 80-bit
// functions. TENSORC_SWEEP_STEP=1 takes all 2^32 f32 (hours);
// benchmarks/accuracy does so in minutes.
//
//===----------------------------------------------------------------------===//

#include "tensorc/abi.h"
#include "tests/compiler/lowering/GenericText.h"
#include "tests/compiler/lowering/KernelTest.h"
#include <bit>
#include <cmath>

using namespace tensorc;
using namespace tensorc::test;

namespace {
using Exact = long double (*)(long double, long double);

/// A function, and how far from exact it may be, in units in the last place.
struct Function {
  const char *op;
  unsigned operands;
  Exact exact;
  double ulps32, ulps64;
};
void PrintTo(const Function &function, std::ostream *stream) {
  *stream << function.op;
}

/// A CPU and an -O.
struct Mode {
  const target::Cpu *cpu;
  int optLevel;
};

template <typename T> struct Type;
template <> struct Type<float> {
  using Bits = uint32_t;
  static constexpr const char *name = "f32";
};
template <> struct Type<double> {
  using Bits = uint64_t;
  static constexpr const char *name = "f64";
};
template <typename T> using Bits = typename Type<T>::Bits;

/// Elements of a kernel: lanes, and a tail for each vector width.
constexpr size_t chunk = 1031;

std::vector<Mode> modes() {
  std::vector<Mode> result;
  for (const target::Cpu &cpu : runnableCpus())
    for (int optLevel : {0, 3})
      result.push_back({&cpu, optLevel});
  return result;
}

/// A kernel of `count` elements whose body computes %y.
template <typename T>
std::string kernelText(unsigned operands, const std::string &body,
                       size_t count) {
  Operand each{std::to_string(count), "d0", Type<T>::name};
  return generic(1, std::vector<Operand>(operands, each), {each}, "",
                 body + "\n kernel.yield %y : " + Type<T>::name);
}

/// A function of a type in one mode.
template <typename T> class Compiled {
public:
  Compiled(const Function &function, Mode mode, size_t count = chunk)
      : operands(function.operands) {
    std::string body = std::string("%y = math.") + function.op + " %x0" +
                       (operands == 2 ? ", %x1 : " : " : ") + Type<T>::name;
    auto module = parse(kernelText<T>(operands, body, count));
    kernel.emplace(*module, *mode.cpu, mode.optLevel);
    run = reinterpret_cast<tensorc_kernel_fn>(kernel->address("k"));
  }

  const std::string &assembly() const { return kernel->assembly(); }

  /// Of any number of elements.
  std::vector<T> operator()(const std::vector<T> &x,
                            const std::vector<T> &y) const {
    std::vector<T> result;
    std::vector<T> in0(chunk), in1(chunk), out(chunk);
    for (size_t start = 0; start < x.size(); start += chunk) {
      size_t count = std::min(chunk, x.size() - start);
      std::copy_n(x.begin() + start, count, in0.begin());
      std::copy_n(y.begin() + start, count, in1.begin());
      std::vector<void *> buffers = {in0.data(), in1.data(), out.data()};
      if (operands == 1)
        buffers.erase(buffers.begin() + 1);
      EXPECT_EQ(run(buffers.data(), nullptr, 0, 1), 0);
      result.insert(result.end(), out.begin(), out.begin() + count);
    }
    return result;
  }

private:
  unsigned operands;
  std::optional<CompiledKernel> kernel;
  tensorc_kernel_fn run;
};

/// The distance in units in the last place of the exact result; infinity where
/// a special value is wrong, the sign of zero included.
template <typename T> double ulpsBetween(T got, long double exact) {
  using Limits = std::numeric_limits<T>;
  constexpr double never = INFINITY;
  if (std::isnan(exact) || std::isnan(got))
    return std::isnan(exact) && std::isnan(got) ? 0 : never;
  if (std::isinf(exact) || got == exact)
    return got == exact && std::signbit(got) == std::signbit(exact) ? 0 : never;
  if (exact == 0 || std::signbit(got) != std::signbit(exact))
    return never;
  // What overflows is the next number after the largest.
  long double beyond = std::ldexp(1.0L, Limits::max_exponent);
  long double size = std::min(std::abs(exact), beyond);
  long double value = std::isinf(got) ? beyond : std::abs((long double)(got));
  int exponent = std::clamp(std::ilogb(size), Limits::min_exponent - 1,
                            Limits::max_exponent - 1);
  return double(std::abs(value - size) /
                std::ldexp(1.0L, exponent - Limits::digits + 1));
}

template <typename T> std::vector<T> specialValues() {
  using Limits = std::numeric_limits<T>;
  std::vector<T> points = {
      0, Limits::infinity(), Limits::denorm_min(), Limits::min(), Limits::max(),
      // A denormal, and the largest.
      Limits::min() / 8, std::nextafter(Limits::min(), T(0))};
  // Powers of two, whole numbers, what lies between.
  for (int power : {-60, -30, -25, -13, -1, 1, 7, 24, 30, 31, 52, 53, 62, 64})
    points.push_back(std::ldexp(T(1), power));
  for (double x : {1.0, 3.0, 5.0, 10.0, 127.0, 149.0, 150.0, 151.0, 1023.0,
                   1074.0, 1075.0, 0.1, 0.25, 0.75, 1.5, 2.5, 0.3333333333})
    points.push_back(T(x));
  // Where exp and its like overflow, vanish, or have their last change.
  for (double x : {88.72283905, 87.33654475, 103.97207708, 709.782712893384,
                   708.3964185322641, 745.1332191019411, 17.32867951,
                   36.7368005696771, 9.010913347, 19.06154746, 3.9192059})
    points.push_back(T(x));
  // Near multiples of pi/2; some are among the closest that there are.
  for (double k : {1.0, 2.0, 3.0, 4.0, 5.0, 8.0, 100.0, 12345.0, 1e6})
    points.push_back(T(k * 1.5707963267948966L));
  points.insert(points.end(),
                {T(16367173) * std::ldexp(T(1), 72), T(0x1p85) * T(1.9456118),
                 T(6381956970095103) * std::ldexp(T(1), 20)});
  // Where the expansions choose: sqrt 2, 1/sqrt 2, 7/8, ln 2 / 2; and the
  // worst points of log2 and erf.
  for (double x :
       {1.4142135623730951, 0.7071067811865476, 0.875, 0.34657359, 1.3968269,
        0.93629, 0.93245, 0.4142135623730951, 0.2928932188134524})
    points.push_back(T(x));
  std::vector<T> result = {Limits::quiet_NaN()};
  for (T point : points)
    for (T x : {point, std::nextafter(point, T(0)),
                std::nextafter(point, Limits::infinity())}) {
      result.push_back(x);
      result.push_back(-x);
    }
  return result;
}

/// Equal bits, or both NaN.
template <typename T> bool isSame(T x, T y) {
  return std::bit_cast<Bits<T>>(x) == std::bit_cast<Bits<T>>(y) ||
         (std::isnan(x) && std::isnan(y));
}

template <typename T>
void check(const Function &function, const std::vector<T> &x,
           const std::vector<T> &y) {
  double limit = sizeof(T) == 4 ? function.ulps32 : function.ulps64;
  std::vector<T> first;
  for (Mode mode : modes()) {
    std::vector<T> got = Compiled<T>(function, mode)(x, y);
    std::string where = std::string(function.op) + " of " + Type<T>::name +
                        ", " + mode.cpu->name.str() + ", -O" +
                        std::to_string(mode.optLevel);
    int complaints = 0;
    double worst = 0;
    for (size_t i = 0; i < x.size() && complaints < 5; ++i) {
      if (!first.empty()) {
        if (isSame(got[i], first[i]))
          continue;
        ++complaints;
        ADD_FAILURE() << where << " differs from the first mode at " << x[i]
                      << ", " << y[i] << ": " << got[i] << ", " << first[i];
        continue;
      }
      long double exact = function.exact(x[i], y[i]);
      double error = ulpsBetween(got[i], exact);
      worst = std::max(worst, error);
      if (error <= limit)
        continue;
      ++complaints;
      ADD_FAILURE() << where << std::hexfloat << " at " << x[i] << ", " << y[i]
                    << ": got " << got[i] << ", expected " << double(exact)
                    << std::defaultfloat << " (" << double(exact) << "), "
                    << error << " ulp";
    }
    if (first.empty()) {
      first = got;
      ::testing::Test::RecordProperty(Type<T>::name, std::to_string(worst));
    }
  }
}

/// Each special value, in each place of a vector and in the tails.
template <typename T> void checkSpecialValues(const Function &function) {
  std::vector<T> values = specialValues<T>(), x, y;
  if (function.operands == 2) {
    for (T left : values)
      for (T right : values) {
        x.push_back(left);
        y.push_back(right);
      }
  } else {
    if (values.size() % 2 == 0)
      values.push_back(1);
    for (size_t i = 0; i < 16 * values.size(); ++i)
      x.push_back(values[i % values.size()]);
    y = x;
  }
  check(function, x, y);
}

/// The bit patterns 0, step, 2 step, …
template <typename T> void checkSweep(const Function &function, uint64_t step) {
  uint64_t last = sizeof(T) == 4 ? UINT32_MAX : UINT64_MAX;
  constexpr uint64_t most = 1 << 20;
  std::mt19937_64 generator(1);
  std::vector<T> x, y;
  for (uint64_t bits = 0;; bits += step) {
    x.push_back(std::bit_cast<T>(Bits<T>(bits)));
    if (function.operands == 1) {
      y.push_back(0);
    } else {
      // Half of the pairs have results that are numbers.
      T other = std::bit_cast<T>(Bits<T>(generator()));
      bool isTame = generator() % 2;
      int exponent;
      if (isTame) {
        x.back() = std::ldexp(std::frexp(std::abs(x.back()), &exponent),
                              int(generator() % 9) - 4);
        other =
            std::ldexp(std::frexp(other, &exponent), int(generator() % 16) - 8);
      }
      y.push_back(other);
    }
    bool isLast = last - bits < step;
    if (isLast || x.size() == most) {
      check(function, x, y);
      x.clear();
      y.clear();
    }
    if (isLast || ::testing::Test::HasFailure())
      return;
  }
}

class MathAccuracy : public ::testing::TestWithParam<Function> {};
} // namespace

TEST_P(MathAccuracy, SpecialValuesOfF32) {
  checkSpecialValues<float>(GetParam());
}
TEST_P(MathAccuracy, SpecialValuesOfF64) {
  checkSpecialValues<double>(GetParam());
}
TEST_P(MathAccuracy, SweepOfF32) {
  const char *step = std::getenv("TENSORC_SWEEP_STEP");
  checkSweep<float>(GetParam(), step ? std::stoull(step) : 16411);
}
TEST_P(MathAccuracy, SweepOfF64) {
  checkSweep<double>(GetParam(), 0x10001fffffff1);
}

TEST_P(MathAccuracy, CallsNothing) {
  for (const target::Cpu &cpu : hostCpus()) {
    std::string assembly = Compiled<float>(GetParam(), {&cpu, 3}).assembly();
    EXPECT_EQ(assembly.find("\tcall"), std::string::npos) << assembly;
  }
}

/// What is known when compiling has the bits of what isn't.
TEST_P(MathAccuracy, FoldsToTheSameBits) {
  const Function &function = GetParam();
  std::vector<float> values = {0.0f,   -0.0f, 0.3f,       -0.7f,
                               1.0f,   2.5f,  88.5f,      -100.f,
                               1e-40f, 1e30f, 3.1415927f, 0x1p60f};
  for (int optLevel : {0, 3}) {
    Compiled<float> compiled(function, {&runnableCpus().back(), optLevel});
    for (size_t i = 0; i < values.size(); ++i) {
      float x = values[i], y = values[(i + 5) % values.size()];
      auto constant = [](const char *name, float value) {
        char bits[16];
        std::snprintf(bits, sizeof bits, "0x%08x",
                      std::bit_cast<uint32_t>(value));
        return std::string(name) + " = arith.constant " + bits + " : f32\n ";
      };
      std::string body = constant("%a", x) + constant("%b", y) + "%y = math." +
                         function.op + " %a" +
                         (function.operands == 2 ? ", %b" : "") + " : f32";
      auto module = parse(kernelText<float>(0, body, 35));
      CompiledKernel folded(*module, runnableCpus().back(), optLevel);
      std::vector<float> out(35);
      void *buffers[] = {out.data()};
      auto run = reinterpret_cast<tensorc_kernel_fn>(folded.address("k"));
      EXPECT_EQ(run(buffers, nullptr, 0, 1), 0);
      std::vector<float> expected =
          compiled(std::vector(35, x), std::vector(35, y));
      for (size_t lane = 0; lane < out.size(); ++lane)
        ASSERT_TRUE(isSame(out[lane], expected[lane]))
            << function.op << " of " << x << ", " << y << ": " << out[lane]
            << " folded, " << expected[lane] << " run, lane " << lane;
    }
  }
}

#define UNARY(NAME)                                                            \
  [](long double x, long double) -> long double { return std::NAME(x); }
#define BINARY(NAME)                                                           \
  [](long double x, long double y) -> long double { return std::NAME(x, y); }

INSTANTIATE_TEST_SUITE_P(
    Functions, MathAccuracy,
    ::testing::Values(Function{"exp", 1, UNARY(exp), 1, 1},
                      Function{"exp2", 1, UNARY(exp2), 1, 1},
                      Function{"expm1", 1, UNARY(expm1), 1, 1},
                      Function{"log", 1, UNARY(log), 1, 1},
                      Function{"log2", 1, UNARY(log2), 1, 1},
                      Function{"log1p", 1, UNARY(log1p), 1, 1},
                      // libm's tanh of f64 is within 2.
                      Function{"tanh", 1, UNARY(tanh), 1, 2},
                      Function{"erf", 1, UNARY(erf), 1, 1},
                      Function{"sin", 1, UNARY(sin), 1, 1},
                      Function{"cos", 1, UNARY(cos), 1, 1},
                      Function{"tan", 1, UNARY(tan), 1, 1},
                      Function{"atan", 1, UNARY(atan), 1, 1},
                      Function{"atan2", 2, BINARY(atan2), 1, 1},
                      Function{"powf", 2, BINARY(pow), 1, 1},
                      Function{"sqrt", 1, UNARY(sqrt), 0.5, 0.5},
                      Function{"floor", 1, UNARY(floor), 0, 0},
                      Function{"ceil", 1, UNARY(ceil), 0, 0},
                      Function{"trunc", 1, UNARY(trunc), 0, 0},
                      Function{"roundeven", 1, UNARY(nearbyint), 0, 0}),
    [](const auto &info) { return std::string(info.param.op); });
