//===- CompiledModel.h - A model, compiled in this process ------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_E2E_COMPILEDMODEL_H
#define TENSORC_TESTS_E2E_COMPILEDMODEL_H

#include "compiler/pipeline/Pipeline.h"
#include "tensorc/export.h"
#include "tensorc/tensorc.h"
#include "tools/tensorc/JitModel.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tensorc::test {

/// `compilation`'s model, compiled to an object and loaded; null, and a failure
/// of the test, where that fails.
std::unique_ptr<tool::JitModel> load(compiler::Compilation &compilation);

/// The outputs of a function of `model`, which has no state, on `inputs`.
llvm::Expected<TensorList> call(tool::JitModel &model,
                                const std::string &function,
                                const TensorList &inputs);

/// What each function of a model without state gives on its examples: `model`
/// traced, compiled as `options` say to an object, and run. A failure of the
/// test where one of these fails.
std::map<std::string, TensorList> run_compiled(const ModelExport &model,
                                               compiler::Options options);

/// A CPU to compile for, and how.
struct Machine {
  const target::Cpu *cpu;
  int optLevel;
  /// Where the host runs it.
  std::optional<compiler::Options> options() const;
};
/// `v3_O0`.
std::string name(const Machine &machine);
void PrintTo(const Machine &machine, std::ostream *out);
/// Each CPU of the host's architecture, without and with optimization.
std::vector<Machine> machines(std::vector<int> optLevels = {0, 3});

} // namespace tensorc::test

#endif // TENSORC_TESTS_E2E_COMPILEDMODEL_H
