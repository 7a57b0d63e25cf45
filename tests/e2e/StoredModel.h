//===- StoredModel.h - Stored values as a model to compile ------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_E2E_STOREDMODEL_H
#define TENSORC_TESTS_E2E_STOREDMODEL_H

#include "tensorc/export.h"
#include "tensorc/tensorc.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tensorc::test {

/// By the names of functions.
using Results = std::map<std::string, TensorList>;

/// A model without state whose functions compute, of their examples, numbers
/// that are known; and what they have to give. The same for each way to run it.
struct StoredModel {
  ModelExport model;
  /// The types of each function's outputs.
  std::map<std::string, std::vector<TensorType>> outputs;
  /// Compares what functions gave with what is known, to fail the test, and
  /// notes what was compared as of `mode` (Record.h).
  std::function<void(const Results &, const std::string &mode)> check;
};

/// The cases of tests/oracle/ops, those of an op in one function: results,
/// gradients, and these ones' gradients. `floating` stands for float64.
std::unique_ptr<StoredModel> op_model(DType floating);

/// The cases of tests/oracle/dtypes.json, those of an op or function in one
/// function: of inputs, or of constants where `folded` says so.
std::unique_ptr<StoredModel> dtype_model(bool folded = false);

/// Random chains of ops of halves, each of which rounds its result: all values
/// of a chain, or the last one alone.
std::unique_ptr<StoredModel> chain_model();

/// What is also compiled for GPUs, by its name there: `float64` and the other
/// floating-point types for ops, `dtypes`, `chains`.
std::unique_ptr<StoredModel> stored_model(const std::string &name);

} // namespace tensorc::test

#endif // TENSORC_TESTS_E2E_STOREDMODEL_H
