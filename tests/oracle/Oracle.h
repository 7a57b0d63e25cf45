//===- Oracle.h - Reads the values that PyTorch computed --------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_ORACLE_ORACLE_H
#define TENSORC_TESTS_ORACLE_ORACLE_H

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

namespace tensorc::test {

/// The path of `name` in tests/oracle: of the tree that TENSORC_SOURCE_DIR in
/// the environment names, where the test has moved.
inline std::string oracle_path(const std::string &name) {
  const char *moved = std::getenv("TENSORC_SOURCE_DIR");
  return std::string(moved ? moved : TENSORC_SOURCE_DIR) + "/tests/oracle/" +
         name;
}

inline nlohmann::json read_oracle(const std::string &name) {
  std::ifstream file(oracle_path(name));
  if (!file)
    throw std::runtime_error("no stored values: " + oracle_path(name));
  return nlohmann::json::parse(file);
}

} // namespace tensorc::test

#endif // TENSORC_TESTS_ORACLE_ORACLE_H
