//===- ProgramRunner.h - Programs, interpreted naively ----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_COMPILER_FUSION_PROGRAMRUNNER_H
#define TENSORC_TESTS_COMPILER_FUSION_PROGRAMRUNNER_H

#include "dialects/kernel/KernelDialect.h"
#include "tests/compiler/lowering/Reference.h"

#include <functional>
#include <vector>

namespace tensorc::test {

/// Runs a kernel of a module on buffers; returns its status.
using KernelRunner =
    std::function<int32_t(kernel::FuncOp, llvm::ArrayRef<HostBuffer *>)>;

/// A `kernel.program`, launch by launch, on memory of its own.
class ProgramRunner {
public:
  ProgramRunner(kernel::ProgramOp program, KernelRunner runKernel = interpret)
      : program(program), runKernel(std::move(runKernel)) {}

  /// What an argument holds before the program runs.
  void bind(mlir::Value buffer, std::vector<uint8_t> bytes) {
    memory[buffer] = std::move(bytes);
  }
  static int64_t bytesOf(mlir::Value buffer);

  /// The status of the first kernel that fails, or -1 where one writes out of
  /// bounds; 0 for success.
  int32_t run();

  /// The bytes that `buffer` stands for.
  uint8_t *place(mlir::Value buffer);
  std::vector<double> read(mlir::Value buffer);
  void write(mlir::Value buffer, llvm::ArrayRef<double> values);

private:
  HostBuffer load(mlir::Value buffer);
  int32_t runLaunch(kernel::LaunchOp launch, kernel::FuncOp function);

  kernel::ProgramOp program;
  KernelRunner runKernel;
  llvm::DenseMap<mlir::Value, std::vector<uint8_t>> memory;
};

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_FUSION_PROGRAMRUNNER_H
