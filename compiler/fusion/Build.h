//===- Build.h - Clusters to kernels ---------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FUSION_BUILD_H
#define TENSORC_COMPILER_FUSION_BUILD_H

#include "compiler/fusion/Clusters.h"

#include "dialects/kernel/KernelDialect.h"

#include "mlir/IR/BuiltinOps.h"

#include <unordered_map>

namespace tensorc::compiler::fusion {

/// A kernel and the `graph` values whose buffers it is launched on.
struct KernelCall {
  mlir::StringAttr kernel;
  llvm::SmallVector<mlir::Value> inputs;
  llvm::SmallVector<mlir::Value> outputs;
  mlir::Location loc;
  llvm::SmallVector<int64_t> sizes = {}; ///< for the kernel's last arguments
};

/// The dense buffer type of a tensor, in a program.
mlir::MemRefType bufferType(mlir::Value tensor);

/// The sizes of a structured op that its maps don't show: of a dimension that
/// is no result of its own, or one in a larger axis.
struct HiddenSizes {
  llvm::SmallVector<int64_t> dimSizes; ///< empty where there are none
  llvm::SmallVector<int64_t> given;    ///< what the kernel is told, in order
};
/// `operands` are the types of the buffers in the program.
HiddenSizes hiddenSizes(llvm::ArrayRef<mlir::AffineMap> maps,
                        mlir::TypeRange operands,
                        llvm::ArrayRef<int64_t> sizes);

/// The kernels of a module: equal ones are one symbol.
class KernelLibrary {
public:
  explicit KernelLibrary(mlir::ModuleOp module);

  /// The kernels that compute `cluster`, in order.
  llvm::FailureOr<llvm::SmallVector<KernelCall>>
  build(const Clustering &clustering, const Cluster &cluster);

  /// A kernel that copies one buffer of `type` to another.
  mlir::StringAttr copy(mlir::MemRefType type, mlir::Location loc);

  /// Ends `function`, which is outside of the module, with `kernel.return`, and
  /// puts it in under `name` and a number, unless an equal one is there.
  mlir::StringAttr add(kernel::FuncOp function, llvm::StringRef name);

private:
  KernelCall buildGeneric(const Clustering &clustering, const Cluster &cluster,
                          llvm::StringRef name);
  KernelCall buildContract(const Clustering &clustering, const Cluster &cluster,
                           llvm::StringRef name);
  KernelCall buildPad(const Cluster &cluster, llvm::StringRef name);
  KernelCall buildFill(mlir::Value output, mlir::TypedAttr value);
  /// `told` are the sizes of the body's `kernel.argument`s.
  KernelCall finishGeneric(mlir::Block *body, llvm::ArrayRef<Access> inputs,
                           llvm::ArrayRef<Access> outputs,
                           llvm::ArrayRef<int64_t> told,
                           llvm::ArrayRef<int64_t> sizes,
                           llvm::ArrayRef<bool> reduced, llvm::StringRef name,
                           mlir::Location loc);
  /// A kernel without a body on buffers of these types, outside of the module.
  kernel::FuncOp start(mlir::TypeRange buffers, mlir::Location loc);

  mlir::ModuleOp module;
  mlir::SymbolTable symbols;
  mlir::OpBuilder b;
  mlir::Operation *last = nullptr; ///< the kernel that was added last
  /// By a hash of their structure.
  std::unordered_map<size_t, llvm::SmallVector<kernel::FuncOp, 1>> known;
  unsigned count = 0;
};

} // namespace tensorc::compiler::fusion

#endif // TENSORC_COMPILER_FUSION_BUILD_H
