//===- DTypeCases.h - The cases of tests/oracle/dtypes.json -----*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_E2E_DTYPECASES_H
#define TENSORC_TESTS_E2E_DTYPECASES_H

#include "tensorc/op.h"
#include "tensorc/tensorc.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tensorc::test {

/// One op on tensors, or a function of tensors or of a tensor and a number.
struct DTypeCase {
  std::string name;
  std::string group;            ///< what is compiled as one function
  const OpInfo *info = nullptr; ///< the one op that it is of, or null
  TensorList operands;
  std::function<Tensor(const TensorList &)> call;
  std::optional<Tensor> expected; ///< none: it has to be refused
  int ulp = 0;
};

const std::vector<DTypeCase> &dtype_cases();
/// The file whose lines errors of these calls have to name.
extern const char *const kDTypeCasesFile;

/// Compares the result of `item`, and notes it as of `mode` (Record.h).
void expect_same(const Tensor &received, const DTypeCase &item,
                 const std::string &mode);

} // namespace tensorc::test

#endif // TENSORC_TESTS_E2E_DTYPECASES_H
