//===- Manifest.h - The description inside an object ------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_ARTIFACT_MANIFEST_H
#define TENSORC_COMPILER_ARTIFACT_MANIFEST_H

#include "compiler/artifact/Model.h"

#include "llvm/Support/Error.h"

namespace tensorc::compiler {

/// The object's section that holds the manifest, as JSON.
inline constexpr llvm::StringLiteral kManifestSection = ".tensorc.manifest";

/// The manifest of `model`: one line of JSON, keys in a fixed order.
std::string writeManifest(const Model &model);

/// The manifest of the object file `path`; an error says what the file is
/// instead.
llvm::Expected<std::string> readManifest(llvm::StringRef path);

/// Prints a manifest for people: functions, shapes, memory, state, targets.
llvm::Error printManifest(llvm::StringRef manifest, llvm::raw_ostream &os);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_ARTIFACT_MANIFEST_H
