//===- FusionCheck.h - Fused programs mean what the graph says --*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_COMPILER_FUSION_FUSIONCHECK_H
#define TENSORC_TESTS_COMPILER_FUSION_FUSIONCHECK_H

#include "tests/compiler/fusion/ProgramRunner.h"

#include "tensorc/tensor.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

#include <string>

namespace tensorc::test {

/// The context that programs are parsed in; tests may add dialects.
mlir::MLIRContext &graphContext();

struct FusionOptions {
  /// Of real numbers; relative to a result above 1, or, with `byMagnitude`, to
  /// the greatest number that the function computes.
  double tolerance = 1e-5;
  bool byMagnitude = false;
  /// Integers are drawn from [0, integerLimit).
  int64_t integerLimit = 3;
  unsigned seed = 1;
  /// Expands requests for gradients, whose ops the reference computes, and
  /// simplifies what is fused.
  bool simplify = false;
  /// A function of the same name that says what is expected; empty: the text
  /// itself.
  std::string reference = {};
  /// Makes what runs a module's kernels instead of the interpreter.
  std::function<KernelRunner(mlir::ModuleOp)> compile = {};
  /// What the symbols of the text are, in each of several runs.
  std::vector<compiler::SymbolValues> sizes = {{}};
};

/// What `function`, of sizes that are numbers, is called with.
TensorList randomArguments(mlir::func::FuncOp function,
                           const FusionOptions &options);

/// Fuses the functions of `text`, and plans their memory, as they are and with
/// all reductions split that can be; runs all programs on random data, kernel
/// by kernel in the interpreter, with memory that nobody wrote being NaN; and
/// compares outputs and state with what the graph's definitions give.
/// `kernels`, if above 0, is the number of launches after planning, without
/// splitting, that the last function must have.
///
/// Where sizes are symbols, the graph with numbers in their place says what is
/// right, and one of these is run for each of `sizes` beside the planned
/// program: one whose memory isn't planned, one of split reductions, one that
/// got the numbers after planning, and one that got them before all else.
void checkFusion(llvm::StringRef text, size_t kernels = 0,
                 const FusionOptions &options = {});

/// The same; returns what the passes say where there are no programs for
/// symbols, after which nothing has been compared.
std::string checkSymbolic(llvm::StringRef text, const FusionOptions &options);

/// Splits the reductions of `text`, a module of one program and its kernels,
/// for so many workers with parts of at least `work` points, and compares what
/// both programs make of the same random data. Returns the number of launches
/// after.
size_t checkSplit(llvm::StringRef text, int64_t workers, int64_t work,
                  const FusionOptions &options = {});

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_FUSION_FUSIONCHECK_H
