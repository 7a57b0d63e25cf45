//===- SplitKernel.h - A reduction as two kernels ---------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FUSION_SPLITKERNEL_H
#define TENSORC_COMPILER_FUSION_SPLITKERNEL_H

#include "dialects/kernel/KernelDialect.h"

#include "mlir/IR/AffineMap.h"

namespace tensorc::compiler::fusion {

/// A value of a body that is reduced over the iteration space, and how.
struct Reduction {
  mlir::Value value; ///< the result of `kernel.reduce`, a contraction's sum
  scalar::Combiner combiner;
};

/// A `kernel.func` whose reductions can be done in parts: a contraction, or a
/// generic with reductions of loaded values alone (none of another's result)
/// and outputs of rows alone.
struct ReducingKernel {
  kernel::FuncOp function;
  mlir::Operation *op; ///< the structured op
  llvm::SmallVector<mlir::AffineMap> maps;
  llvm::SmallVector<int64_t> sizes;    ///< static
  llvm::SmallVector<int64_t> parallel; ///< dimensions of rows
  llvm::SmallVector<int64_t> reduced;  ///< all others
  llvm::SmallVector<Reduction> reductions;

  mlir::Block &body() const { return op->getRegion(0).front(); }
  unsigned outputs() const;
  /// The product of the sizes of `dims`.
  int64_t points(llvm::ArrayRef<int64_t> dims) const;
};

/// Fails for kernels that aren't of this kind: with dynamic sizes, checks,
/// sums in f16 or bf16, or of what can't be stored.
llvm::FailureOr<ReducingKernel> analyzeReductions(kernel::FuncOp function);

/// A reduction dimension in so many equal parts.
struct DimParts {
  int64_t dim;
  int64_t parts;
};

/// What a kernel becomes: `partial` computes the reductions of each part, into
/// `buffers`; `whole` combines them in the order of the parts, and has the rest
/// of the body. Both are outside of a module, without `kernel.return`.
struct SplitKernel {
  kernel::FuncOp partial, whole;
  llvm::SmallVector<mlir::MemRefType> buffers;
  /// Which arguments of the original they take: `partial` some of its inputs,
  /// then `buffers`; `whole` these, some of its inputs, and its outputs.
  llvm::SmallVector<unsigned> partialInputs, wholeInputs, outputs;
};

/// Splits each of the dimensions, all of them reduced ones.
SplitKernel splitKernel(const ReducingKernel &kernel,
                        llvm::ArrayRef<DimParts> parts);

} // namespace tensorc::compiler::fusion

#endif // TENSORC_COMPILER_FUSION_SPLITKERNEL_H
