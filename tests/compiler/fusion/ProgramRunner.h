//===- ProgramRunner.h - Programs, interpreted naively ----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_COMPILER_FUSION_PROGRAMRUNNER_H
#define TENSORC_TESTS_COMPILER_FUSION_PROGRAMRUNNER_H

#include "compiler/support/Specialize.h"
#include "dialects/kernel/KernelDialect.h"
#include "tests/compiler/lowering/Reference.h"

#include <functional>
#include <vector>

namespace tensorc::test {

/// Runs a kernel of a module on buffers and the sizes that it is told; returns
/// its status.
using KernelRunner = std::function<int32_t(
    kernel::FuncOp, llvm::ArrayRef<HostBuffer *>, llvm::ArrayRef<int64_t>)>;

/// A `kernel.program`, launch by launch, on memory of its own: of the greatest
/// sizes, of which a call uses the beginning.
class ProgramRunner {
public:
  /// `symbols` is what the call says.
  ProgramRunner(kernel::ProgramOp program, KernelRunner runKernel = interpret,
                compiler::SymbolValues symbols = {})
      : program(program), runKernel(std::move(runKernel)),
        symbols(std::move(symbols)) {}

  /// What an argument holds before the program runs.
  void bind(mlir::Value buffer, std::vector<uint8_t> bytes) {
    memory[buffer] = std::move(bytes);
  }
  /// At the greatest sizes.
  static int64_t bytesOf(mlir::Value buffer);
  /// Of the sizes of the call.
  mlir::MemRefType typeOf(mlir::Value buffer) const;

  /// The status of the first kernel that fails, or -1 where one writes out of
  /// bounds; 0 for success.
  int32_t run();

  /// The bytes that `buffer` stands for.
  uint8_t *place(mlir::Value buffer);
  std::vector<double> read(mlir::Value buffer);
  void write(mlir::Value buffer, llvm::ArrayRef<double> values);

private:
  HostBuffer load(mlir::Value buffer);
  /// The array of sizes in the ABI of kernels.
  std::vector<int64_t> toldSizes(kernel::LaunchOp launch) const;
  int32_t runLaunch(kernel::LaunchOp launch, kernel::FuncOp function);

  kernel::ProgramOp program;
  KernelRunner runKernel;
  compiler::SymbolValues symbols;
  llvm::DenseMap<mlir::Value, std::vector<uint8_t>> memory;
};

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_FUSION_PROGRAMRUNNER_H
