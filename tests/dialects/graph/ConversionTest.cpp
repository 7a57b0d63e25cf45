//===- ConversionTest.cpp - MLIR's types and the runtime's --- -*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/Conversion.h"
#include "dialects/graph/GraphDialect.h"
#include "dialects/graph/Inference.h"

#include "gtest/gtest.h"

using namespace tensorc::graph;
using tensorc::DType;

namespace {

TEST(Conversion, TypesThereAndBack) {
  mlir::MLIRContext context;
  for (int i = 0; i < 10; ++i) {
    tensorc::TensorType type{static_cast<DType>(i), {2, tensorc::kDynamic, 0}};
    auto mlirType = toMlirType(type, &context);
    EXPECT_TRUE(mlirType.isDynamicDim(1));
    EXPECT_EQ(toTensorType(mlirType), type);
  }
}

TEST(Conversion, OtherTypesAreNone) {
  mlir::MLIRContext context;
  mlir::Builder b(&context);
  EXPECT_EQ(toDType(b.getIndexType()), std::nullopt);
  EXPECT_EQ(toDType(b.getIntegerType(64, /*isSigned=*/false)), std::nullopt);
  EXPECT_EQ(toDType(b.getIntegerType(4)), std::nullopt);
  EXPECT_EQ(toTensorType(b.getF32Type()), std::nullopt);
  EXPECT_EQ(toTensorType(mlir::UnrankedTensorType::get(b.getF32Type())),
            std::nullopt);
}

TEST(Conversion, AttributesThereAndBack) {
  mlir::MLIRContext context;
  const tensorc::Attribute values[] = {
      true,         std::int64_t{-3},    0.1,
      DType::UInt8, std::string("mean"), std::vector<std::int64_t>{1, 2}};
  for (const tensorc::Attribute &value : values)
    EXPECT_EQ(toAttribute(toMlirAttribute(value, &context)), value);
  EXPECT_EQ(toAttribute(mlir::UnitAttr::get(&context)), std::nullopt);
  EXPECT_EQ(toAttribute(mlir::Builder(&context).getI32IntegerAttr(1)),
            std::nullopt);
}

TEST(Conversion, AttributesOfAnOp) {
  mlir::MLIRContext context;
  context.loadDialect<GraphDialect>();
  mlir::OpBuilder b(&context);
  auto type = mlir::RankedTensorType::get({2, 3}, b.getF32Type());
  mlir::OwningOpRef<FullOp> full =
      FullOp::create(b, b.getUnknownLoc(), type, 0.5);
  (*full)->setAttr("note", b.getStringAttr("not the op's own"));
  tensorc::Attributes attributes = toAttributes(full->getOperation());
  EXPECT_EQ(attributes.get<double>("value"), 0.5);
  EXPECT_EQ(attributes.get<DType>("dtype"), DType::Float32);
  EXPECT_EQ(attributes.get<std::vector<std::int64_t>>("shape"),
            (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(attributes.find("note"), nullptr);
  EXPECT_EQ(toMlirAttributes(attributes, &context).size(), 3u);
}

/// What `inferTypes` says of the op `name` on an operand of `type`.
std::string inferenceError(mlir::MLIRContext &context, llvm::StringRef name,
                           mlir::Type type) {
  mlir::OpBuilder b(&context);
  auto loc = b.getUnknownLoc();
  auto module = mlir::ModuleOp::create(loc);
  b.setInsertionPointToEnd(module.getBody());
  auto cast = mlir::UnrealizedConversionCastOp::create(b, loc, type,
                                                       mlir::ValueRange());
  std::string message;
  mlir::ScopedDiagnosticHandler handler(
      &context,
      [&](mlir::Diagnostic &diagnostic) { message = diagnostic.str(); });
  llvm::SmallVector<mlir::Type> results;
  EXPECT_TRUE(mlir::failed(
      inferTypes(name, &context, loc, cast.getResults(), nullptr, results)));
  module.erase();
  return message;
}

TEST(Inference, OpsWithoutARule) {
  mlir::MLIRContext context;
  mlir::Builder b(&context);
  auto tensor = mlir::RankedTensorType::get({2}, b.getF32Type());
  EXPECT_EQ(inferenceError(context, "graph.gradients", tensor),
            "`graph.gradients` has no shape rule");
}

TEST(Inference, OperandsThatAreNoTensors) {
  mlir::MLIRContext context;
  EXPECT_EQ(
      inferenceError(context, "graph.exp", mlir::IndexType::get(&context)),
      "`graph.exp` has an operand of type 'index', expected a ranked "
      "tensor");
}

} // namespace
