//===- CoverageTest.cpp - Every form of every op has been compared --------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads what other programs have noted in this run of ctest (Record.h), which
// runs those with `RECORDS write` in their CMakeLists.txt first.
//
//===----------------------------------------------------------------------===//

#include "tests/oracle/Record.h"

#include <filesystem>
#include <gtest/gtest.h>

using namespace tensorc;
using namespace tensorc::test;

namespace {

std::set<std::string> read_records(const std::string &folder) {
  std::set<std::string> lines;
  for (const auto &file : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(file.path());
    for (std::string line; std::getline(in, line);)
      lines.insert(line);
  }
  return lines;
}

/// What the definition of an op promises: its results for each element type of
/// each operand, or of the result where it has no operand (int64, unless it has
/// a `dtype`); and, where the op
/// has a gradient, those of floating-point operands and the gradients of these.
/// And that it knows sizes that are symbols.
std::set<std::string> forms(const OpInfo &info) {
  std::set<std::string> lines = {symbolic_line(info)};
  bool makes_any = std::ranges::count(info.attributes, "dtype") != 0;
  for (const std::string mode : {"eager", "compiled", "cuda"}) {
    for (const DTypeInfo &type : kDTypes)
      if (info.operands.empty() && type.kind != DTypeKind::Bool &&
          (makes_any || type.dtype == kInt64))
        lines.insert(record_line(info, mode, "forward", 0, type.dtype));
    for (std::size_t i = 0; i < info.operands.size(); ++i)
      for (const DTypeInfo &type : kDTypes) {
        DType dtype = type.dtype;
        if (!info.element_types.empty() && !info.element_types[i].hold(dtype))
          continue;
        lines.insert(record_line(info, mode, "forward", i, dtype));
        if (info.gradient && is_floating_point(dtype))
          for (const std::string order : {"gradient", "second"})
            lines.insert(record_line(info, mode, order, i, dtype));
      }
  }
  return lines;
}

TEST(OpCoverage, EveryFormHasBeenCompared) {
  const char *folder = std::getenv("TENSORC_TEST_RECORDS");
  if (!folder)
    GTEST_SKIP() << "TENSORC_TEST_RECORDS is not set, as by ctest";
  std::set<std::string> records = read_records(folder);
  std::size_t count = 0;
  for (const OpInfo &info : all_ops()) {
    // A request is not computed, and a constant is its own value.
    if (info.kind == OpKind::Request || info.name == "constant")
      continue;
    for (const std::string &form : forms(info)) {
      ++count;
      EXPECT_TRUE(records.contains(form))
          << "no test has compared `" << form << "`";
    }
  }
  EXPECT_GT(count, 0u);
  std::printf("%zu forms of %zu ops\n", count, all_ops().size());
}

} // namespace
