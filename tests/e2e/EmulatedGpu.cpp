//===- EmulatedGpu.cpp - Tests on a GPU that isn't there ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/e2e/EmulatedProgram.h"
#include "tests/e2e/Gpu.h"

#include <gtest/gtest.h>

namespace tensorc::test {

static FakeDriver &driver() {
  static FakeDriver &fake = loadFakeDriver(FAKE_DRIVER);
  return fake;
}

void use_gpu(const std::string &model) {
  static std::map<std::string, std::unique_ptr<EmulatedProgram>> programs;
  std::unique_ptr<EmulatedProgram> &program = programs[model];
  if (!program)
    program = std::make_unique<EmulatedProgram>(PLANNED_FOLDER "/" + model +
                                                "-planned.mlir");
  driver() = FakeDriver();
  driver().sm = 80;
  program->installIn(driver());
}

void leave_gpu() {
  for (const std::string &violation : driver().violations)
    ADD_FAILURE() << violation;
  for (const auto &[kind, count] : driver().live)
    EXPECT_EQ(count, 0) << kind << " was not given back";
}

} // namespace tensorc::test
