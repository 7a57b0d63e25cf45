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

FusionOptions optionsOf(llvm::StringRef graph, unsigned seed,
                        FusionOptions options = {}) {
  options.tolerance = toleranceOf(graph);
  options.byMagnitude = true;
  options.simplify = true;
  options.seed = seed;
  return options;
}

void checkGraph(unsigned seed, const FusionOptions &options = {}) {
  std::string graph = RandomGraph(seed).run();
  checkFusion(graph, 0, optionsOf(graph, seed, options));
}

/// What isn't run, and why, for all graphs of a test.
class Refusals {
public:
  void checkGraph(unsigned seed, FusionOptions options = {}) {
    RandomGraph generator(seed, /*isSymbolic=*/true);
    std::string graph = generator.run();
    options.sizes = sizesToTry(generator.symbols(), seed);
    ++graphs;
    std::string refusal =
        checkSymbolic(graph, optionsOf(graph, seed, std::move(options)));
    if (refusal.empty())
      return;
    // These aren't made for users.
    EXPECT_FALSE(llvm::StringRef(refusal).starts_with("'kernel.") ||
                 llvm::StringRef(refusal).contains(" yields "))
        << refusal << "\n"
        << graph;
    ++refused;
    // Without what was received, as that is always something else.
    refusal.resize(std::min(refusal.size(), refusal.find("received")));
    ++words[refusal.substr(0, 70)];
  }

  /// Few are refused.
  ~Refusals() {
    std::string list;
    for (const auto &[text, count] : words)
      list += std::to_string(count) + " times: " + text + "\n";
    EXPECT_LE(5 * refused, graphs) << list;
    testing::Test::RecordProperty("graphs", int(graphs));
    testing::Test::RecordProperty("refused", int(refused));
    testing::Test::RecordProperty("refusals", list);
  }

private:
  unsigned graphs = 0, refused = 0;
  std::map<std::string, unsigned> words;
};

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
  return
      [compiled](kernel::FuncOp function, llvm::ArrayRef<HostBuffer *> buffers,
                 llvm::ArrayRef<int64_t> sizes) -> int32_t {
        if (!compiled->valid())
          return -1;
        constexpr int64_t tasks = 2;
        int32_t status = 0;
        for (int64_t task = 0; task < tasks && status == 0; ++task)
          status =
              compiled->run(function.getSymName(), buffers, sizes, task, tasks);
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

// Of sizes that are symbols, each at several.
TEST(RandomGraph, KeepsItsMeaningAtAllSizes) {
  auto [first, end] = seedsOf("TENSORC_RANDOM_GRAPHS", 2000);
  Refusals refusals;
  for (unsigned seed = first; seed < end; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    refusals.checkGraph(seed);
    if (testing::Test::HasFailure())
      return;
  }
}

/// Calls `check` with each seed, and what compiles for one of the CPUs.
static void
forEachProgram(unsigned count,
               llvm::function_ref<void(unsigned, FusionOptions)> check) {
  auto [first, end] = seedsOf("TENSORC_RANDOM_PROGRAMS", count);
  for (unsigned seed = first; seed < end; ++seed) {
    const target::Cpu &cpu = runnableCpus()[seed % runnableCpus().size()];
    int optLevel = seed / 2 % 2 ? 3 : 0;
    SCOPED_TRACE("seed " + std::to_string(seed) + ", " + cpu.name.str() +
                 ", -O" + std::to_string(optLevel));
    FusionOptions options;
    options.compile = [&cpu, optLevel](ModuleOp module) {
      return compileKernels(module, cpu, optLevel);
    };
    check(seed, options);
    if (testing::Test::HasFailure())
      return;
  }
}

// The same in machine code; TENSORC_RANDOM_PROGRAMS as above.
TEST(RandomGraph, KeepsItsMeaningCompiled) { forEachProgram(60, checkGraph); }

TEST(RandomGraph, KeepsItsMeaningCompiledAtAllSizes) {
  Refusals refusals;
  forEachProgram(40, [&](unsigned seed, FusionOptions options) {
    refusals.checkGraph(seed, std::move(options));
  });
}
