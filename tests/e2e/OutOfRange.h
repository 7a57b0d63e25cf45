//===- OutOfRange.h - What a check that fails says --------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_E2E_OUTOFRANGE_H
#define TENSORC_TESTS_E2E_OUTOFRANGE_H

#include "tensorc/abi.h"

#include <gtest/gtest.h>

#include <string>

namespace tensorc::test {

/// The words of the `Error`, of a generated header, that `call` throws.
template <typename Error, typename F> std::string outOfRange(F &&call) {
  try {
    call();
  } catch (const Error &error) {
    EXPECT_EQ(error.status(), TENSORC_ERROR_INDEX_OUT_OF_RANGE) << error.what();
    return error.what();
  }
  return "nothing was thrown";
}

} // namespace tensorc::test

#endif // TENSORC_TESTS_E2E_OUTOFRANGE_H
