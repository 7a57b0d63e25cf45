//===- Models.h - Models of any size to compile -----------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_BENCHMARKS_COMPILE_MODELS_H
#define TENSORC_BENCHMARKS_COMPILE_MODELS_H

#include "tensorc/export.h"

#include <memory>
#include <string>
#include <vector>

namespace tensorc::benchmark {

/// A kind of model that grows by equal parts.
struct Family {
  std::string name;
  std::string what; ///< one line of a table
  /// A model of so many parts, with the function `run`.
  std::unique_ptr<ModelExport> (*make)(int64_t parts);
};

/// Chains of elementwise ops, many small functions of one input, towers of
/// layers with backward pass and optimizer, a transformer.
const std::vector<Family> &families();

} // namespace tensorc::benchmark

#endif // TENSORC_BENCHMARKS_COMPILE_MODELS_H
