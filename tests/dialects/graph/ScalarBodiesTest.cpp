//===- ScalarBodiesTest.cpp - Every scalar body, every type -- -*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/Conversion.h"
#include "dialects/graph/GraphDialect.h"
#include "dialects/kernel/KernelDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace tensorc::graph;

namespace {

class ScalarBodies : public testing::Test {
protected:
  ScalarBodies() : context(MLIRContext::Threading::DISABLED) {
    context.loadDialect<GraphDialect>();
  }

  /// A value for each attribute that an elementwise op has.
  SmallVector<NamedAttribute> attributes(OperationName name) {
    Builder b(&context);
    const std::pair<StringRef, Attribute> values[] = {
        {"approximate", b.getStringAttr("tanh")},
        {"dtype", TypeAttr::get(b.getI32Type())},
        {"function", b.getStringAttr("check_index")},
        {"ignore_index", b.getI64IntegerAttr(-100)},
        {"max", b.getF64FloatAttr(6)},
        {"min", b.getF64FloatAttr(0)},
        {"negative_slope", b.getF64FloatAttr(0.01)},
        {"size", b.getI64IntegerAttr(10)},
    };
    SmallVector<NamedAttribute> result;
    for (StringAttr needed : name.getAttributeNames())
      for (const auto &[key, value] : values)
        if (needed == key)
          result.emplace_back(needed, value);
    return result;
  }

  /// An op on values of `operands`; null if it doesn't take them.
  Operation *makeOp(OpBuilder &b, OperationName name, ArrayRef<Type> operands) {
    OperationState state(b.getUnknownLoc(), name);
    for (Type type : operands)
      state.operands.push_back(UnrealizedConversionCastOp::create(
                                   b, b.getUnknownLoc(), type, ValueRange())
                                   .getResult(0));
    state.attributes = attributes(name);
    // An op that infers nothing does not take the operands.
    ScopedDiagnosticHandler quiet(&context, [](Diagnostic &) {});
    auto info = name.getRegisteredInfo();
    auto *inference = info->getInterface<InferTypeOpInterface>();
    if (failed(inference->inferReturnTypes(
            &context, std::nullopt, state.operands,
            state.attributes.getDictionary(&context), nullptr, {},
            state.types)))
      return nullptr;
    Operation *op = b.create(state);
    return succeeded(verify(op)) ? op : nullptr;
  }

  /// Emits the body of `op` on scalars or vectors, and verifies what came out.
  void checkBody(Operation *op, ArrayRef<int64_t> vector) {
    auto shaped = [&](Type tensor) -> Type {
      Type element = cast<RankedTensorType>(tensor).getElementType();
      return vector.empty() ? element : VectorType::get(vector, element);
    };
    Location loc = op->getLoc();
    auto module = ModuleOp::create(loc);
    auto builder = OpBuilder::atBlockEnd(module.getBody());
    SmallVector<Type> types;
    for (Value operand : op->getOperands())
      types.push_back(shaped(operand.getType()));
    Type result = shaped(op->getResult(0).getType());
    auto func = func::FuncOp::create(builder, loc, "body",
                                     builder.getFunctionType(types, result));
    Block *block = func.addEntryBlock();
    builder.setInsertionPointToEnd(block);
    Value value = cast<ElementwiseOpInterface>(op).emitScalar(
        builder, loc, block->getArguments(), result);
    func::ReturnOp::create(builder, loc, value);
    std::string text;
    llvm::raw_string_ostream(text) << *op << " as " << result << ":\n"
                                   << module;
    EXPECT_EQ(value.getType(), result) << text;
    EXPECT_TRUE(succeeded(verify(module))) << text;
    module.erase();
  }

  MLIRContext context;
};

TEST_F(ScalarBodies, VerifyOnScalarsAndVectors) {
  ModuleOp module = ModuleOp::create(UnknownLoc::get(&context));
  auto builder = OpBuilder::atBlockEnd(module.getBody());
  SmallVector<Type> elements;
  for (auto dtype = tensorc::DType::Bool; dtype <= tensorc::DType::Float64;
       dtype = static_cast<tensorc::DType>(static_cast<int>(dtype) + 1))
    elements.push_back(toMlirType(dtype, &context));

  int ops = 0;
  for (RegisteredOperationName name : context.getRegisteredOperations()) {
    if (!name.hasInterface<ElementwiseOpInterface>())
      continue;
    ++ops;
    StringRef mnemonic = name.stripDialect();
    size_t count =
        tensorc::find_op(std::string_view(mnemonic))->operands.size();
    int taken = 0;
    for (Type element : elements) {
      auto tensor = RankedTensorType::get({4}, element);
      SmallVector<Type> operands(count, tensor);
      if (mnemonic == "where")
        operands[0] = tensor.clone(builder.getI1Type());
      Operation *op = makeOp(builder, name, operands);
      if (!op)
        continue;
      ++taken;
      checkBody(op, {});
      checkBody(op, {8});
      checkBody(op, {2, 4});
    }
    EXPECT_GT(taken, 0) << mnemonic.str() << " took no element type";
  }
  EXPECT_GT(ops, 45);
  module.erase();
}

TEST_F(ScalarBodies, CastsBetweenAllTypes) {
  ModuleOp module = ModuleOp::create(UnknownLoc::get(&context));
  auto builder = OpBuilder::atBlockEnd(module.getBody());
  Location loc = builder.getUnknownLoc();
  for (int from = 0; from < 10; ++from)
    for (int to = 0; to < 10; ++to) {
      auto type = [&](int dtype) {
        return RankedTensorType::get(
            {4}, toMlirType(static_cast<tensorc::DType>(dtype), &context));
      };
      Value source = UnrealizedConversionCastOp::create(
                         builder, loc, type(from), ValueRange())
                         .getResult(0);
      auto op = ToOp::create(builder, loc, type(to), source,
                             type(to).getElementType());
      checkBody(op, {});
      checkBody(op, {16});
    }
  module.erase();
}

} // namespace
