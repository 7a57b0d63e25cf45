//===- SingleMathTest.cpp - GPUs' functions of f32 are the CPU's ----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/gpu/EmulatedKernel.h"
#include "tests/compiler/gpu/GpuKernelTest.h"
#include "tests/compiler/lowering/GenericText.h"
#include "tests/compiler/lowering/KernelTest.h"
#include <bit>
#include <cmath>

using namespace tensorc;
using namespace tensorc::test;

namespace {
class SingleMath : public ::testing::TestWithParam<const char *> {};

/// Special values, and pairs of those and of what is random.
void fill(std::vector<float> &x, std::vector<float> &y) {
  const std::vector<float> special = {0,
                                      -0.0f,
                                      1,
                                      -1,
                                      0.5f,
                                      -2.5f,
                                      3,
                                      1e-45f,
                                      -1e-40f,
                                      0x1p-126f,
                                      0x1.fffffep127f,
                                      -0x1.fffffep127f,
                                      INFINITY,
                                      -INFINITY,
                                      NAN,
                                      88.72f,
                                      -103.9f,
                                      -87.5f,
                                      0x1p31f,
                                      0x1p60f,
                                      2e21f,
                                      1.5707964f,
                                      3.1415927f,
                                      0.875f};
  std::mt19937 generator(1);
  for (size_t i = 0; i < x.size(); ++i) {
    x[i] = special[i % special.size()];
    y[i] = special[i / special.size() % special.size()];
    if (i >= special.size() * special.size()) {
      x[i] = std::bit_cast<float>(uint32_t(generator()));
      y[i] = std::bit_cast<float>(uint32_t(generator()));
    }
  }
}

constexpr size_t count = 2048;

/// A kernel of `op`, a function of one or two f32, for `count` of them.
std::string kernelOf(const std::string &op, bool isBinary) {
  Operand each{std::to_string(count), "d0"};
  return generic(1, std::vector<Operand>(isBinary ? 2 : 1, each), {each}, "",
                 "%y = " + op + (isBinary ? " %x0, %x1" : " %x0") +
                     " : f32\n kernel.yield %y : f32");
}

void emulate(mlir::ModuleOp module, llvm::ArrayRef<void *> buffers) {
  EmulatedKernel emulated(module, simt::TargetInfo());
  ASSERT_TRUE(emulated.valid());
  int32_t status = 0;
  ASSERT_EQ(emulated.run("k", buffers, {}, ThreadOrder::Forward, 1, status),
            "");
}
} // namespace

TEST_P(SingleMath, HasTheBitsOfTheCpu) {
  gpuContext();
  std::string op = GetParam();
  bool isBinary = op == "math.powf" || op == "math.atan2" || op == "arith.remf";
  auto module = parse(kernelOf(op, isBinary));
  std::vector<float> x(count), y(count), cpu(count), gpu(count);
  fill(x, y);
  auto buffers = [&](std::vector<float> &result) {
    std::vector<void *> all = {x.data(), y.data(), result.data()};
    if (!isBinary)
      all.erase(all.begin() + 1);
    return all;
  };
  CompiledKernel compiled(*module, runnableCpus().back());
  ASSERT_TRUE(compiled.valid());
  auto run = reinterpret_cast<tensorc_kernel_fn>(compiled.address("k"));
  ASSERT_EQ(run(buffers(cpu).data(), nullptr, 0, 1), 0);
  ASSERT_NO_FATAL_FAILURE(emulate(*module, buffers(gpu)));
  for (size_t i = 0; i < count; ++i)
    EXPECT_TRUE(std::bit_cast<uint32_t>(cpu[i]) ==
                    std::bit_cast<uint32_t>(gpu[i]) ||
                (std::isnan(cpu[i]) && std::isnan(gpu[i])))
        << op << " of " << x[i] << ", " << y[i] << ": " << gpu[i] << ", CPU "
        << cpu[i];
}

INSTANTIATE_TEST_SUITE_P(
    Functions, SingleMath,
    ::testing::Values("math.exp", "math.exp2", "math.expm1", "math.log",
                      "math.log1p", "math.log2", "math.tanh", "math.erf",
                      "math.sin", "math.cos", "math.tan", "math.atan",
                      "math.atan2", "math.powf", "arith.remf"),
    [](const auto &info) {
      return llvm::StringRef(info.param).split('.').second.str();
    });
