//===- MemoryImage.h - Constants as they lie in memory ----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_SUPPORT_MEMORYIMAGE_H
#define TENSORC_COMPILER_SUPPORT_MEMORYIMAGE_H

#include "mlir/IR/BuiltinAttributes.h"

#include <string>

namespace tensorc::compiler {

/// The dense bytes of a constant as they lie in memory (`i1` takes one each).
std::string memoryImage(mlir::DenseElementsAttr value);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_SUPPORT_MEMORYIMAGE_H
