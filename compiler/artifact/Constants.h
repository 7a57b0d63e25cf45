//===- Constants.h - Constant data of an object -----------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_ARTIFACT_CONSTANTS_H
#define TENSORC_COMPILER_ARTIFACT_CONSTANTS_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

#include <string>

namespace tensorc::compiler {

/// Writes C data into a module in the LLVM dialect. Values are made where the
/// builder is: in a function, or in the initializer of a global.
class ConstantWriter {
protected:
  /// Its symbols begin with `prefix` and a full stop.
  ConstantWriter(mlir::ModuleOp module, std::string prefix);

  /// Local constant bytes.
  mlir::LLVM::GlobalOp bytes(llvm::StringRef name, llvm::StringRef contents,
                             uint64_t alignment = 1);
  /// The same, terminated, under a name that is not used yet.
  mlir::LLVM::GlobalOp string(llvm::StringRef text);
  /// A constant whose value `body` makes.
  mlir::LLVM::GlobalOp global(mlir::Type type, mlir::LLVM::Linkage linkage,
                              llvm::StringRef symbol,
                              llvm::function_ref<mlir::Value()> body);
  mlir::Value structure(mlir::Type type, llvm::ArrayRef<mlir::Value> fields);
  /// A local array, row by row; null where there are no rows.
  mlir::LLVM::GlobalOp
  table(llvm::StringRef symbol, mlir::Type rowType, size_t rows,
        llvm::function_ref<llvm::SmallVector<mlir::Value>(size_t)> row);

  mlir::Value address(mlir::LLVM::GlobalOp global); ///< null where it is null
  mlir::Value i32(int64_t value);
  mlir::Value i64(int64_t value);

  mlir::ModuleOp module;
  mlir::OpBuilder b;
  mlir::Location loc;
  mlir::Type pointer;

private:
  std::string prefix;
  unsigned strings = 0;
};

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_ARTIFACT_CONSTANTS_H
