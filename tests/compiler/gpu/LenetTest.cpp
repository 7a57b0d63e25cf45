//===- LenetTest.cpp - The kernels of the LeNet as GPU code ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/gpu/CorpusWriter.h"
#include "tests/compiler/gpu/EmulatedKernel.h"
#include "tests/compiler/gpu/GpuKernelTest.h"
#include "tests/compiler/lowering/KernelTest.h"
#include <array>
#include <cstdio>

using namespace mlir;
using namespace tensorc;
using namespace tensorc::test;

/// What tensorc makes of the example for a GPU of 132 multiprocessors, before
/// lowering.
static std::string lenetKernels() {
  std::string command = TENSORC_BUILD_DIR "/bin/tensorc " TENSORC_SOURCE_DIR
                                          "/examples/lenet/lenet.cpp "
                                          "--target=cuda:sm_90a "
                                          "--emit=planned";
  // A corpus is to be small; of the usual size, the whole network runs there.
  if (CorpusWriter::active)
    command += " -DBATCH=4 -DINFER_BATCH=4";
  command += " 2>/dev/null";
  std::string text;
  FILE *pipe = popen(command.c_str(), "r");
  std::array<char, 4096> chunk;
  while (size_t count = fread(chunk.data(), 1, chunk.size(), pipe))
    text.append(chunk.data(), count);
  EXPECT_EQ(pclose(pipe), 0);
  return text;
}

/// The kernels alone.
static OwningOpRef<ModuleOp> parseLenet() {
  gpuContext();
  OwningOpRef<ModuleOp> module = parse(lenetKernels());
  if (module)
    module = firstVariant(*module);
  if (module)
    for (auto program :
         llvm::make_early_inc_range(module->getOps<kernel::ProgramOp>()))
      program.erase();
  return module;
}

TEST(GpuLenet, BecomesPtxWithoutSpills) {
  OwningOpRef<ModuleOp> module = parseLenet();
  ASSERT_TRUE(module);
  EXPECT_GT(llvm::range_size(module->getOps<kernel::FuncOp>()), 20);
  checkPtx(*module, {}, "in the LeNet");
}

TEST(GpuLenet, ComputesWhatTheInterpreterDoes) {
  OwningOpRef<ModuleOp> module = parseLenet();
  ASSERT_TRUE(module);
  constexpr double tolerance = 1e-3;
  EmulatedKernel compiled(*module, {});
  ASSERT_TRUE(compiled.valid());
  unsigned checked = 0;
  for (auto func : module->getOps<kernel::FuncOp>()) {
    ++checked;
    CheckOptions options;
    Arguments expected = makeArguments(func, options);
    int32_t expectedStatus = interpret(func, expected.pointers());
    if (CorpusWriter *corpus = CorpusWriter::active) {
      corpus->add(func, options, expected, expectedStatus, tolerance);
      continue;
    }
    Arguments got = makeArguments(func, options);
    std::vector<void *> buffers;
    for (HostBuffer *buffer : got.pointers())
      buffers.push_back(buffer->data());
    int32_t status = 0;
    std::string wrong = compiled.run(func.getSymName(), buffers, {},
                                     ThreadOrder::Shuffled, 1, status);
    std::string name = func.getSymName().str();
    EXPECT_EQ(wrong, "") << name;
    EXPECT_EQ(status, expectedStatus) << name;
    for (size_t i = 0; i < got.storage.size(); ++i)
      EXPECT_EQ(got.storage[i].difference(expected.storage[i], tolerance), "")
          << name << ", argument " << i;
  }
  EXPECT_GT(checked, 20u);
}
