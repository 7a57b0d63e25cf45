//===- DTypesTest.cpp - Each op on each element type ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The cases of tests/oracle/dtypes.json in each mode: compiled with operands as
// inputs and with operands that are constants, for each CPU that the machine
// can run, with and without optimization; and eagerly, on operands of two
// layouts. What a type doesn't take has to be an error at the line of the call.
// CudaStoredTest.cpp has them compiled for GPUs.
//
//===----------------------------------------------------------------------===//

#include "compiler/frontend/Frontend.h"
#include "dialects/kernel/KernelDialect.h"
#include "tests/e2e/CompiledModel.h"
#include "tests/e2e/DTypeCases.h"
#include "tests/e2e/StoredModel.h"

#include "mlir/IR/Diagnostics.h"

#include <gtest/gtest.h>

using namespace tensorc;
using namespace tensorc::test;

namespace {

/// Whatever is wrong with a kernel is said of the model's line.
void expect_lines(compiler::Phase phase, mlir::ModuleOp module) {
  if (phase != compiler::Phase::Kernels)
    return;
  module.walk([](kernel::FuncOp kernel) {
    kernel.walk([](mlir::Operation *op) {
      EXPECT_FALSE(llvm::isa<mlir::UnknownLoc>(op->getLoc()))
          << op->getName().getStringRef().str();
    });
  });
}

class DTypes : public testing::TestWithParam<Machine> {
protected:
  void check(bool folded) {
    std::optional<compiler::Options> options = GetParam().options();
    if (!options)
      GTEST_SKIP() << "the machine is no " << GetParam().cpu->name.str();
    options->afterPhase = expect_lines;
    std::unique_ptr<StoredModel> stored = dtype_model(folded);
    stored->check(run_compiled(stored->model, *options), "compiled");
  }
};

TEST_P(DTypes, OfInputs) { check(false); }
INSTANTIATE_TEST_SUITE_P(Compiled, DTypes, testing::ValuesIn(machines()),
                         [](const auto &info) { return name(info.param); });

using FoldedDTypes = DTypes;
TEST_P(FoldedDTypes, OfConstants) { check(true); }
INSTANTIATE_TEST_SUITE_P(Compiled, FoldedDTypes,
                         testing::ValuesIn(machines({3})),
                         [](const auto &info) { return name(info.param); });

/// The same elements, every second one of a larger tensor.
Tensor spread(const Tensor &tensor) {
  Tensor twice = cat({tensor.unsqueeze(-1), tensor.unsqueeze(-1)}, -1);
  return twice.select(-1, 0);
}

TEST(EagerDTypes, AreThoseOfPyTorch) {
  for (const DTypeCase &item : dtype_cases()) {
    if (!item.expected)
      continue;
    expect_same(item.call(item.operands), item, "eager");
    TensorList others;
    for (const Tensor &operand : item.operands)
      others.push_back(spread(operand));
    expect_same(item.call(others), item, "eager");
  }
}

TEST(EagerDTypes, AreRefused) {
  for (const DTypeCase &item : dtype_cases()) {
    if (item.expected)
      continue;
    try {
      Tensor result = item.call(item.operands);
      ADD_FAILURE() << item.name << " gives " << to_string(result.type());
    } catch (const Error &error) {
      ASSERT_TRUE(error.location()) << item.name << ": " << error.what();
      EXPECT_STREQ(error.location()->file_name(), kDTypeCasesFile) << item.name;
    }
  }
}

TEST(CompiledDTypes, AreRefused) {
  for (const DTypeCase &item : dtype_cases()) {
    if (item.expected)
      continue;
    ModelExport model;
    NamedTensors inputs;
    for (const Tensor &operand : item.operands)
      inputs.emplace_back("i" + std::to_string(inputs.size()), operand);
    model.function("f", inputs, [&](const TensorList &operands) {
      return Outputs{{"o", item.call(operands)}};
    });
    mlir::MLIRContext context(compiler::dialects());
    bool named = false;
    std::string text;
    mlir::ScopedDiagnosticHandler handler(
        &context, [&](mlir::Diagnostic &diagnostic) {
          text += diagnostic.str() + "\n";
          auto at = llvm::dyn_cast<mlir::FileLineColLoc>(
              mlir::Location(diagnostic.getLocation()));
          named |= at && at.getFilename() == kDTypeCasesFile;
        });
    // While tracing, in the library's words.
    EXPECT_TRUE(mlir::failed(compiler::traceModel(&context, model)))
        << item.name;
    EXPECT_TRUE(named) << item.name << ": " << text;
    EXPECT_TRUE(text.starts_with("[") &&
                text.find("] expected ") != std::string::npos)
        << item.name << ": " << text;
  }
}

/// Eagerly, at the line of the division; ChecksTest has compiled code.
TEST(DTypes, ADivisorOfZeroIsAnError) {
  for (DType dtype : {kUInt8, kInt8, kInt16, kInt32, kInt64})
    for (std::int64_t count : {3, 100000}) {
      Tensor divisors = ones({count}, dtype);
      divisors[count - 1] = 0;
      Location at = Location::current();
      try {
        remainder(TensorArg(divisors, at), TensorArg(divisors, at));
        ADD_FAILURE() << name(dtype) << " was divided by 0";
      } catch (const Error &error) {
        EXPECT_EQ(
            error.message(),
            "[remainder] expected divisors other than 0, received others");
        EXPECT_EQ(error.location()->line(), at.line());
      }
    }
}

} // namespace