//===- RandomHalvesTest.cpp - Chains of half ops, op by op ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CudaStoredTest.cpp has the same chains on GPUs.
//
//===----------------------------------------------------------------------===//

#include "tests/e2e/CompiledModel.h"
#include "tests/e2e/StoredModel.h"

#include <gtest/gtest.h>

using namespace tensorc;
using namespace tensorc::test;

namespace {

TEST(RandomHalves, FusedIsOpByOp) {
  for (const Machine &machine : machines())
    if (auto options = machine.options()) {
      SCOPED_TRACE(name(machine));
      std::unique_ptr<StoredModel> stored = chain_model();
      stored->check(run_compiled(stored->model, *options), "compiled");
    }
}

} // namespace
