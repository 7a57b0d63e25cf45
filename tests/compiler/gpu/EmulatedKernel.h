//===- EmulatedKernel.h - GPU code of kernels, for the CPU -----*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_COMPILER_GPU_EMULATEDKERNEL_H
#define TENSORC_TESTS_COMPILER_GPU_EMULATEDKERNEL_H

#include "compiler/lowering/gpu/Target.h"
#include "mlir/IR/BuiltinOps.h"
#include "tests/compiler/gpu/Emulator.h"
#include <memory>

namespace llvm::orc {
class LLJIT;
}

namespace tensorc::test {

/// The GPU code of a module's kernels, compiled to machine code that the
/// emulator runs; with the library of functions of f64 that PTX has inlined.
class EmulatedKernel {
public:
  /// Lowers all kernels of `source` (which stays as it is) for a GPU. A failure
  /// is a test failure, and `valid` is false.
  EmulatedKernel(mlir::ModuleOp source, const simt::TargetInfo &target);
  ~EmulatedKernel();

  bool valid() const { return jit != nullptr; }
  const std::string &lowered() const { return loweredText; }
  /// Runs a kernel; `blocks` where its grid is any, 0 for what the kernel says
  /// then. Returns what the emulator finds wrong.
  std::string run(llvm::StringRef kernel, llvm::ArrayRef<void *> buffers,
                  llvm::ArrayRef<int64_t> sizes, ThreadOrder order,
                  int64_t blocks, int32_t &status) const;

private:
  struct Kernel {
    EmulatedLaunch launch;
    bool canFail = false;
    mlir::AffineMap blocks; ///< where the grid is any
  };
  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::map<std::string, Kernel> kernels;
  std::string loweredText;

  void convert(mlir::ModuleOp module);
};

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_GPU_EMULATEDKERNEL_H
