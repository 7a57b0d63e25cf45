//===- Thrown.h - What calls of compiled models throw -----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_E2E_THROWN_H
#define TENSORC_TESTS_E2E_THROWN_H

#include "tensorc/abi.h"

#include <gtest/gtest.h>

#include <string>

namespace tensorc::test {

/// The words of the `Error`, of a generated header, that `call` throws, which
/// has this status.
template <typename Error, typename F>
std::string thrown(F &&call, std::int32_t status) {
  try {
    call();
  } catch (const Error &error) {
    EXPECT_EQ(error.status(), status) << error.what();
    return error.what();
  }
  return "nothing was thrown";
}
template <typename Error, typename F> std::string outOfRange(F &&call) {
  return thrown<Error>(call, TENSORC_ERROR_INDEX_OUT_OF_RANGE);
}
template <typename Error, typename F> std::string refused(F &&call) {
  return thrown<Error>(call, TENSORC_ERROR_INVALID_ARGUMENT);
}

} // namespace tensorc::test

#endif // TENSORC_TESTS_E2E_THROWN_H
