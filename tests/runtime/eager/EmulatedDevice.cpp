//===- EmulatedDevice.cpp - Eager mode on a GPU that isn't there ----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/eager/EmulatedDevice.h"
#include "tensorc/device.h"
#include "tests/compiler/gpu/EmulatedKernel.h"
#include "tests/compiler/lowering/KernelTest.h"
#include "tests/runtime/autograd/Device.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Parser/Parser.h"

#include <cstdlib>
#include <dlfcn.h>

using namespace mlir;

namespace tensorc::test {
namespace {

/// What libtensorc_kernels_cuda counts on.
constexpr int64_t kMultiprocessors = 108;

class Kernels {
public:
  static Kernels &get() {
    static Kernels kernels;
    return kernels;
  }
  void installIn(FakeDriver &fake) {
    for (auto &[entry, kernel] : kernels)
      fake.kernels[entry] = [this, entry = entry](const FakeLaunch &launch) {
        run(entry, launch);
      };
  }

private:
  struct Kernel {
    kernel::FuncOp func;
    std::unique_ptr<EmulatedKernel> compiled;
  };

  Kernels();
  void run(const std::string &entry, const FakeLaunch &launch);

  OwningOpRef<ModuleOp> module;
  std::map<std::string, Kernel> kernels; ///< by the names in the PTX
};

} // namespace

Kernels::Kernels() {
  DialectRegistry registry;
  registry.insert<memref::MemRefDialect, scf::SCFDialect, vector::VectorDialect,
                  gpu::GPUDialect, nvgpu::NVGPUDialect, NVVM::NVVMDialect>();
  context().appendDialectRegistry(registry);
  context().loadAllAvailableDialects();
  module = parseSourceFile<ModuleOp>(EAGER_KERNELS, &context());
  if (!module)
    std::abort();
  for (auto func : module->getOps<kernel::FuncOp>()) {
    std::string entry = func.getSymName().str();
    std::replace(entry.begin(), entry.end(), '.', '_');
    func.setSymName(entry);
    kernels[entry].func = func;
  }
}

void Kernels::run(const std::string &entry, const FakeLaunch &launch) {
  Kernel &kernel = kernels.at(entry);
  if (!kernel.compiled) {
    OwningOpRef<ModuleOp> alone = ModuleOp::create(kernel.func.getLoc());
    alone->push_back(kernel.func.clone());
    kernel.compiled = std::make_unique<EmulatedKernel>(
        *alone, simt::TargetInfo{.multiprocessors = kMultiprocessors});
  }
  size_t buffers = kernel.func.getArgumentTypes().size();
  bool canFail = false;
  kernel.func.walk([&](scalar::CheckOp) { canFail = true; });
  std::vector<void *> addresses;
  for (size_t i = 0; i < buffers; ++i)
    addresses.push_back(reinterpret_cast<void *>(launch.arguments[i]));
  std::vector<int64_t> sizes(launch.arguments.begin() + buffers,
                             launch.arguments.end() - canFail);
  int32_t status = 0;
  EXPECT_EQ(kernel.compiled->run(entry, addresses, sizes, ThreadOrder::Shuffled,
                                 launch.grid[0], status),
            "")
      << entry;
  if (status)
    *reinterpret_cast<int32_t *>(launch.arguments.back()) = status;
}

FakeDriver &fake_driver() {
  static FakeDriver *fake = [] {
    setenv("TENSORC_CUDA_DRIVER", FAKE_DRIVER, 1);
    void *handle = dlopen(FAKE_DRIVER, RTLD_NOW);
    void *function = handle ? dlsym(handle, "fakecuda") : nullptr;
    if (!function)
      std::abort();
    return reinterpret_cast<FakeDriverFunction *>(function)();
  }();
  return *fake;
}

void reset_fake_driver() {
  fake_driver() = FakeDriver();
  fake_driver().memoryBytes = size_t(256) << 20;
  // A small one, which has each block do several blocks' work.
  fake_driver().multiprocessors = 2;
  Kernels::get().installIn(fake_driver());
}

/// Once for a program: tensors of other tests may still be there.
void use_device() {
  static const bool ready = [] {
    reset_fake_driver();
    return true;
  }();
  (void)ready;
  set_default_device("cuda");
  for (const std::string &violation : fake_driver().violations)
    ADD_FAILURE() << violation;
  fake_driver().violations.clear();
}

} // namespace tensorc::test
