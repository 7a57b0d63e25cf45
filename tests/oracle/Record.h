//===- Record.h - What tests have compared, for the coverage ----*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A test program whose environment has TENSORC_TEST_RECORDS, a folder, leaves a
// file there with a line for each form of an op that it has compared with
// stored values, as `add compiled gradient 0 float32`: the op, the mode, the
// order of differentiation, the operand by its number, and its type; or as
// `add symbolic`, of an op in a graph of sizes that are symbols.
// CoverageTest.cpp reads all of them.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_ORACLE_RECORD_H
#define TENSORC_TESTS_ORACLE_RECORD_H

#include "tensorc/dtype.h"
#include "tensorc/op.h"
#include "tensorc/tensor.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <span>
#include <string>
#include <unistd.h>

namespace tensorc::test {

inline std::string record_line(const OpInfo &info, const std::string &mode,
                               const std::string &order, std::size_t operand,
                               DType dtype) {
  return std::string(info.name) + " " + mode + " " + order + " " +
         std::to_string(operand) + " " + std::string(tensorc::name(dtype));
}

inline std::string symbolic_line(const OpInfo &info) {
  return std::string(info.name) + " symbolic";
}

/// The lines of this process.
class Records {
public:
  ~Records() {
    const char *folder = std::getenv("TENSORC_TEST_RECORDS");
    if (!folder || lines.empty())
      return;
    std::filesystem::create_directories(folder);
    std::ofstream file(std::string(folder) + "/" + std::to_string(getpid()));
    for (const std::string &line : lines)
      file << line << '\n';
  }

  /// The result of an op on `operands`; of none, its own type counts.
  static void add_result(const OpInfo &info, const std::string &mode,
                         std::span<const Tensor> operands,
                         const Tensor &result) {
    if (operands.empty())
      add(info, mode, "forward", 0, result.dtype());
    for (std::size_t i = 0; i < operands.size(); ++i)
      add(info, mode, "forward", i, operands[i].dtype());
  }
  /// The op has been compared in a graph where it has sizes that are symbols.
  static void add_symbolic(const OpInfo &info) {
    add_line(symbolic_line(info));
  }
  /// `operand` is the place in the call: repeated operands are one.
  static void add(const OpInfo &info, const std::string &mode,
                  const std::string &order, std::size_t operand, DType dtype) {
    if (info.variadic)
      operand = std::min(operand, info.operands.size() - 1);
    add_line(record_line(info, mode, order, operand, dtype));
  }

private:
  static void add_line(std::string line) {
    static Records records;
    records.lines.insert(std::move(line));
  }

  std::set<std::string> lines;
};

} // namespace tensorc::test

#endif // TENSORC_TESTS_ORACLE_RECORD_H
