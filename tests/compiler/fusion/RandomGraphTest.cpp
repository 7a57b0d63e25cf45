//===- RandomGraphTest.cpp - Random graphs keep their meaning -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/fusion/RandomGraph.h"
#include "tests/compiler/fusion/FusionCheck.h"
#include "tests/compiler/lowering/KernelTest.h"

#include <gtest/gtest.h>

#include <cstdlib>

using namespace mlir;
using namespace tensorc;
using namespace tensorc::test;

namespace {

/// The numbers of graphs that `variable` asks for, `first:count` or `count`.
std::pair<unsigned, unsigned> seedsOf(const char *variable, unsigned count) {
  unsigned first = 0;
  if (const char *asked = std::getenv(variable)) {
    llvm::StringRef text(asked);
    if (text.contains(':'))
      text.split(':').first.getAsInteger(10, first);
    text.split(':').second.getAsInteger(10, count);
    if (!text.contains(':'))
      text.getAsInteger(10, count);
  }
  return {first, first + count};
}

/// A few roundings of f32 or f64. Of the halves, which round after each op on
/// both sides, one: a number between two of them may go to either.
double toleranceOf(llvm::StringRef graph) {
  if (graph.contains("bf16"))
    return 0x1p-7;
  if (graph.contains("f16"))
    return 0x1p-10;
  return graph.contains("f32") ? 4e-6 : 1e-11;
}

void checkGraph(unsigned seed, FusionOptions options = {}) {
  std::string graph = RandomGraph(seed).run();
  options.tolerance = toleranceOf(graph);
  options.byMagnitude = true;
  options.simplify = true;
  options.seed = seed;
  checkFusion(graph, 0, options);
}

/// Compiles the kernels of `module` for `cpu`, and runs them in shares.
KernelRunner compileKernels(ModuleOp module, const target::Cpu &cpu,
                            int optLevel) {
  OwningOpRef<ModuleOp> kernels = module.clone();
  for (auto program :
       llvm::make_early_inc_range(kernels->getOps<kernel::ProgramOp>()))
    program.erase();
  std::string text;
  llvm::raw_string_ostream(text) << *kernels;
  auto compiled = std::make_shared<CompiledKernel>(*parse(text), cpu, optLevel);
  return [compiled](kernel::FuncOp function,
                    llvm::ArrayRef<HostBuffer *> buffers) -> int32_t {
    if (!compiled->valid())
      return -1;
    constexpr int64_t tasks = 2;
    int32_t status = 0;
    for (int64_t task = 0; task < tasks && status == 0; ++task)
      status = compiled->run(function.getSymName(), buffers, {}, task, tasks);
    return status;
  };
}

} // namespace

// TENSORC_RANDOM_GRAPHS asks for more of them, or for others: `first:count`.
TEST(RandomGraph, KeepsItsMeaning) {
  auto [first, end] = seedsOf("TENSORC_RANDOM_GRAPHS", 1500);
  for (unsigned seed = first; seed < end; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    checkGraph(seed);
    if (testing::Test::HasFailure())
      return;
  }
}

// The same in machine code; TENSORC_RANDOM_PROGRAMS as above.
TEST(RandomGraph, KeepsItsMeaningCompiled) {
  auto [first, end] = seedsOf("TENSORC_RANDOM_PROGRAMS", 60);
  for (unsigned seed = first; seed < end; ++seed) {
    const target::Cpu &cpu = runnableCpus()[seed % runnableCpus().size()];
    int optLevel = seed / 2 % 2 ? 3 : 0;
    SCOPED_TRACE("seed " + std::to_string(seed) + ", " + cpu.name.str() +
                 ", -O" + std::to_string(optLevel));
    FusionOptions options;
    options.compile = [&cpu, optLevel](ModuleOp module) {
      return compileKernels(module, cpu, optLevel);
    };
    checkGraph(seed, options);
    if (testing::Test::HasFailure())
      return;
  }
}
