//===- ScaleTest.cpp - What compiling takes grows with the model ----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The phases that decide about pairs of things count what they look at: for
// models of four times the parts, four times as much. Seconds are measured by
// benchmarks/compile.
//
//===----------------------------------------------------------------------===//

#include "benchmarks/compile/Models.h"
#include "compiler/frontend/Frontend.h"
#include "compiler/fusion/Clusters.h"
#include "compiler/memory/InPlace.h"
#include "compiler/pipeline/Pipeline.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace tensorc;
using namespace tensorc::benchmark;

namespace tensorc::benchmark {
static void PrintTo(const Family &family, std::ostream *os) {
  *os << family.what;
}
} // namespace tensorc::benchmark

namespace {

struct Effort {
  uint64_t ops = 0, fusion = 0, copies = 0;
};

class ScaleTest : public testing::TestWithParam<Family> {};

/// Compiles a model of `parts` parts until memory is planned, and counts.
void measure(const Family &family, int64_t parts, Effort &effort) {
  MLIRContext context(compiler::dialects(), MLIRContext::Threading::DISABLED);
  auto graph = compiler::traceModel(&context, *family.make(parts));
  ASSERT_TRUE(succeeded(graph));
  compiler::Options options;
  options.afterPhase = [&](compiler::Phase phase, ModuleOp module) {
    if (phase == compiler::Phase::Legalized)
      for (auto function : module.getOps<func::FuncOp>()) {
        effort.ops += function.getBody().front().getOperations().size();
        compiler::fusion::Clustering clustering(function);
        ASSERT_TRUE(succeeded(clustering.run()));
        effort.fusion += clustering.effort();
      }
    if (phase != compiler::Phase::Kernels)
      return;
    OwningOpRef<ModuleOp> copy = module.clone();
    SymbolTable symbols(*copy);
    for (auto program : copy->getOps<kernel::ProgramOp>()) {
      compiler::memory::hoistBuffers(program);
      effort.copies += compiler::memory::eliminateCopies(program, symbols);
    }
  };
  compiler::Compilation compilation(std::move(*graph), options);
  ASSERT_TRUE(succeeded(compilation.runTo(compiler::Phase::Planned)));
}

} // namespace

TEST_P(ScaleTest, TakesLinearTime) {
  constexpr int64_t parts = 24;
  Effort few, many;
  measure(GetParam(), parts, few);
  measure(GetParam(), 4 * parts, many);
  EXPECT_GT(few.fusion, uint64_t(parts) / 2);
  double times = double(many.ops) / double(few.ops);
  EXPECT_GT(times, 2);
  EXPECT_LT(double(many.fusion), 1.25 * times * double(few.fusion));
  EXPECT_LT(double(many.copies), 1.25 * times * double(few.copies) + 8);
}

INSTANTIATE_TEST_SUITE_P(Pipeline, ScaleTest, testing::ValuesIn(families()),
                         [](const auto &info) {
                           std::string name = info.param.name;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });
