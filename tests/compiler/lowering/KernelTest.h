//===- KernelTest.h - Compile kernels, run them, compare --------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_COMPILER_LOWERING_KERNELTEST_H
#define TENSORC_TESTS_COMPILER_LOWERING_KERNELTEST_H

#include "compiler/target/Cpu.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "tests/compiler/lowering/Reference.h"
#include <gtest/gtest.h>
#include <memory>

namespace llvm::orc {
class LLJIT;
}

namespace tensorc::test {

/// The context that tests parse in, with all dialects of lowered code.
mlir::MLIRContext &context();

/// Kernel code of one module, in memory.
class CompiledKernel {
public:
  /// Compiles all kernels of `source` (which stays as it is) for a CPU.
  /// A failure is a test failure, and `valid` is false.
  CompiledKernel(mlir::ModuleOp source, const target::Cpu &cpu,
                 int optLevel = 3);
  ~CompiledKernel();

  bool valid() const { return jit != nullptr; }
  const std::string &assembly() const { return assemblyText; }
  /// The module after lowering, before LLVM.
  const std::string &lowered() const { return loweredText; }
  /// Does share `task` of `taskCount`; returns the status.
  int32_t run(llvm::StringRef kernel, llvm::ArrayRef<HostBuffer *> buffers,
              llvm::ArrayRef<int64_t> sizes, int64_t task = 0,
              int64_t taskCount = 1) const;
  /// The function's address, a `tensorc_kernel_fn`.
  void *address(llvm::StringRef kernel) const;

private:
  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::string assemblyText, loweredText;
};

struct CheckOptions {
  /// For each argument: its dynamic sizes, strides and offset.
  std::vector<std::vector<int64_t>> dynamic = {};
  /// Difference allowed, relative to the expected value where that is above 1.
  double tolerance = 1e-5;
  unsigned seed = 1;
  /// Integers are drawn from [0, integerLimit).
  int64_t integerLimit = 7;
  /// Puts NaN and infinities into the inputs.
  bool specials = false;
  /// (output argument, input argument): these share memory.
  std::vector<std::pair<unsigned, unsigned>> inPlace = {};
  std::vector<int64_t> taskCounts = {1, 5};
  std::vector<int> optLevels = {3};
  /// GPUs multiply f32 as TF32.
  bool tf32 = false;
};

mlir::OwningOpRef<mlir::ModuleOp> parse(llvm::StringRef text);

/// The CPUs of this machine's architecture, and those of them that it is.
llvm::ArrayRef<target::Cpu> hostCpus();
llvm::ArrayRef<target::Cpu> runnableCpus();

/// The first variant in a planned module, as one for nothing in particular.
mlir::OwningOpRef<mlir::ModuleOp> firstVariant(mlir::ModuleOp planned);

/// The buffers of one run; those that share memory are one.
struct Arguments {
  std::vector<HostBuffer> storage;
  std::vector<unsigned> owner;

  std::vector<HostBuffer *> pointers() {
    std::vector<HostBuffer *> result;
    for (unsigned index : owner)
      result.push_back(&storage[index]);
    return result;
  }
};

/// Random contents for the arguments of `func`; the same for the same seed.
Arguments makeArguments(kernel::FuncOp func, const CheckOptions &options);

/// Compiles the first kernel of `text` for each CPU (also where it can't run),
/// runs it on random data and compares with the interpreter: outputs, status,
/// untouched memory, guards, and equality for all task counts bit by bit.
void checkKernel(llvm::StringRef text, const CheckOptions &options = {});

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_LOWERING_KERNELTEST_H
