//===- HeaderText.h - What the classes of a header share --------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_ARTIFACT_HEADERTEXT_H
#define TENSORC_COMPILER_ARTIFACT_HEADERTEXT_H

#include "compiler/artifact/Model.h"

#include "llvm/Support/raw_ostream.h"

namespace tensorc::compiler {

/// `f32[64, 10]`, `f32[B, 10]`
std::string describe(const ModelBuffer &buffer);
/// The parameters of a C function: sizes, inputs and outputs.
void writeParameters(llvm::raw_ostream &os, const ModelFunction &function);
/// The parameters of a method (see tensorc/call.h); `outputDefault` follows
/// each output.
void writeArguments(llvm::raw_ostream &os, const ModelFunction &function,
                    llvm::StringRef outputDefault = "");
/// The statements of a method of class `owner` that check its arguments;
/// outputs may be null where they are `optional`.
void writeChecks(llvm::raw_ostream &os, const ModelFunction &function,
                 llvm::StringRef prefix, llvm::StringRef owner, bool optional);
/// The ranges of sizes, as sentences of a comment.
void writeSizes(llvm::raw_ostream &os, const ModelFunction &function);
/// Inputs and outputs with their shapes, for a comment.
void writeSignature(llvm::raw_ostream &os, const ModelFunction &function);
/// Members of a class that say the ranges of sizes, and the shapes.
void writeShapes(llvm::raw_ostream &os, const ModelFunction &function);
/// `{0}` → the prefix; the rest of the text is full of braces.
std::string instantiate(llvm::StringRef text, llvm::StringRef prefix);

/// The declarations of GPU code: for C, and the class `CudaModel`.
void writeCudaC(llvm::raw_ostream &os, const Model &model);
void writeCudaClass(llvm::raw_ostream &os, const Model &model);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_ARTIFACT_HEADERTEXT_H
