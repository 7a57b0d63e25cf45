//===- CheckKernel.cpp - CPU code of kernels, run and compared ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/lowering/KernelTest.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::test;

void test::checkKernel(llvm::StringRef text, const CheckOptions &options) {
  OwningOpRef<ModuleOp> module = parse(text);
  if (!module)
    return;
  auto func = *module->getOps<kernel::FuncOp>().begin();
  std::string name = func.getSymName().str();
  Arguments expected = makeArguments(func, options);
  int32_t expectedStatus = interpret(func, expected.pointers());
  std::vector<int64_t> sizes;
  for (const auto &list : options.dynamic)
    sizes.insert(sizes.end(), list.begin(), list.end());

  for (const target::Cpu &cpu : hostCpus())
    for (int optLevel : options.optLevels) {
      CompiledKernel compiled(*module, cpu, optLevel);
      if (!compiled.valid()) {
        ADD_FAILURE() << text.str();
        return;
      }
      if (&cpu >= runnableCpus().end())
        continue;
      std::string reference;
      for (int64_t taskCount : options.taskCounts) {
        Arguments got = makeArguments(func, options);
        int32_t status = 0;
        // Backwards: tasks may run in any order.
        for (int64_t task = taskCount; task-- > 0;) {
          int32_t here =
              compiled.run(name, got.pointers(), sizes, task, taskCount);
          status = here ? here : status;
        }
        std::string where = cpu.name.str() + ", -O" + std::to_string(optLevel) +
                            ", " + std::to_string(taskCount) + " tasks, seed " +
                            std::to_string(options.seed) + "\n" + text.str();
        EXPECT_EQ(status, expectedStatus) << where;
        std::string bits;
        for (size_t i = 0; i < got.storage.size(); ++i) {
          HostBuffer &buffer = got.storage[i];
          EXPECT_TRUE(buffer.guardsIntact())
              << "argument " << i << ", " << where;
          EXPECT_EQ(buffer.difference(expected.storage[i], options.tolerance),
                    "")
              << "argument " << i << ", " << where;
          for (int64_t p = 0; p < buffer.extent(); ++p) {
            Scalar element = buffer.load(p);
            bits.append(reinterpret_cast<const char *>(&element),
                        sizeof(element));
          }
        }
        if (reference.empty())
          reference = bits;
        EXPECT_EQ(reference == bits, true)
            << "results depend on the number of tasks, " << where;
        if (::testing::Test::HasFailure())
          return;
      }
    }
}
