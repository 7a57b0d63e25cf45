//===- Model.h - One function of tensors, each way that it runs -*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_E2E_ACCURACY_MODEL_H
#define TENSORC_TESTS_E2E_ACCURACY_MODEL_H

#include "compiler/target/Cpu.h"
#include "tensorc/tensorc.h"

#include <functional>
#include <string>
#include <vector>

namespace tensorc::test {

/// What a tensor holds, as double; each is a number of the tensor's type.
using Numbers = std::vector<double>;
using Function = std::function<TensorList(const TensorList &)>;

/// A tensor's type and contents.
struct Input {
  DType dtype;
  Shape shape;
  Numbers values;
};

/// How code is compiled.
struct Way {
  const target::Cpu *cpu;
  int optLevel; ///< 0 or 3
  bool excessPrecision = false;
  std::string name() const;
};
/// Those that this machine can run.
std::vector<Way> ways();

/// The nearest number of `dtype`.
double rounded(double value, DType dtype);
/// `values`, rounded.
Input input(DType dtype, Shape shape, Numbers values);

/// The results of `function`, compiled, on `inputs`. With `seeds`, the
/// gradients of Σ seed · result with respect to the inputs of floating-point
/// types.
std::vector<Numbers> compiled(const Function &function,
                              const std::vector<Input> &inputs, const Way &way,
                              const std::vector<Input> &seeds = {});
/// The same in eager mode.
std::vector<Numbers> eager(const Function &function,
                           const std::vector<Input> &inputs,
                           const std::vector<Input> &seeds = {});

} // namespace tensorc::test

#endif // TENSORC_TESTS_E2E_ACCURACY_MODEL_H
