//===- EmulatedProgram.cpp - A GPU's kernels on a fake driver -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/e2e/EmulatedProgram.h"
#include "compiler/codegen/ptx/Codegen.h"
#include "compiler/lowering/gpu/Passes.h"
#include "tests/compiler/lowering/KernelTest.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"

#include <gtest/gtest.h>

using namespace mlir;

namespace tensorc::test {

/// What `cuda:sm_80` counts on.
static constexpr int64_t kMultiprocessors = 108;

EmulatedProgram::EmulatedProgram(const std::string &planned) {
  DialectRegistry registry;
  registry.insert<memref::MemRefDialect, scf::SCFDialect, vector::VectorDialect,
                  gpu::GPUDialect, nvgpu::NVGPUDialect, NVVM::NVVMDialect>();
  ptx::registerTranslations(registry);
  context().appendDialectRegistry(registry);
  context().loadAllAvailableDialects();
  module = parseSourceFile<ModuleOp>(planned, &context());
  if (!module) {
    ADD_FAILURE() << "cannot read " << planned;
    return;
  }
  module = firstVariant(*module);
  for (auto program : module->getOps<kernel::ProgramOp>()) {
    std::vector<std::string> &launches = programs[program.getSymName().str()];
    program.walk([&](kernel::LaunchOp launch) {
      launches.push_back(launch.getKernel().str());
    });
  }
  readShapes(*module);
  compiled = std::make_unique<EmulatedKernel>(
      *module, simt::TargetInfo{.multiprocessors = kMultiprocessors});
}

void EmulatedProgram::installIn(FakeDriver &fake) {
  launched.clear();
  for (const auto &[name, expected] : shapes)
    fake.kernels[name] = [this, name = name](const FakeLaunch &launch) {
      launched.push_back({name, launch});
      run(name, launch);
    };
}

void EmulatedProgram::readShapes(ModuleOp kernels) {
  OwningOpRef<ModuleOp> lowered = kernels.clone();
  PassManager pm(&context());
  pm.addPass(simt::createLowerGpuPass(
      simt::TargetInfo{.multiprocessors = kMultiprocessors}));
  if (failed(pm.run(*lowered))) {
    ADD_FAILURE() << "lowering failed";
    return;
  }
  lowered->walk([&](gpu::GPUFuncOp func) {
    auto grid = func.getKnownGridSize();
    bool canFail = func->hasAttr("kernel.can_fail");
    auto arguments = func.getFunctionType().getInputs();
    auto buffers = llvm::count_if(arguments, llvm::IsaPred<MemRefType>);
    shapes[func.getName().str()] = {grid ? unsigned((*grid)[0]) : 0,
                                    unsigned((*func.getKnownBlockSize())[0]),
                                    unsigned(arguments.size()),
                                    unsigned(buffers) - canFail, canFail};
  });
}

void EmulatedProgram::run(const std::string &name, const FakeLaunch &launch) {
  const Shape &shape = shapes.at(name);
  ArrayRef<uint64_t> arguments = launch.arguments;
  std::vector<void *> buffers;
  for (uint64_t argument : arguments.take_front(shape.buffers))
    buffers.push_back(reinterpret_cast<void *>(argument));
  int32_t *failed = nullptr, status = 0;
  if (shape.canFail) {
    failed = reinterpret_cast<int32_t *>(arguments.back());
    status = *failed;
    arguments = arguments.drop_back();
  }
  std::vector<int64_t> sizes(arguments.begin() + shape.buffers,
                             arguments.end());
  std::string wrong =
      compiled->run(name, buffers, sizes, order, launch.grid[0], status);
  EXPECT_EQ(wrong, "") << name;
  if (failed && status)
    *failed = status;
}

} // namespace tensorc::test
