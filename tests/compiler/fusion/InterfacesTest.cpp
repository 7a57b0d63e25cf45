//===- InterfacesTest.cpp - Ops that fusion has never heard of ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A dialect whose ops have an interface, and nothing else: they fuse with their
// neighbours and run as what they say they are.
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/fusion/FusionCheck.h"

#include "dialects/graph/GraphDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace tensorc;

namespace {

template <typename Concrete, template <typename> class Interface>
class TestOp
    : public Op<Concrete, OpTrait::ZeroRegions, OpTrait::OneResult,
                OpTrait::ZeroSuccessors, OpTrait::VariadicOperands, Interface> {
public:
  using Op<Concrete, OpTrait::ZeroRegions, OpTrait::OneResult,
           OpTrait::ZeroSuccessors, OpTrait::VariadicOperands, Interface>::Op;

  static ArrayRef<StringRef> getAttributeNames() { return {}; }

  /// Of the first operand.
  ArrayRef<int64_t> shape() {
    Operation *op = this->getOperation();
    return cast<RankedTensorType>(op->getOperand(0).getType()).getShape();
  }
};

/// result[j] = max_i self[i, j] - min_i self[i, j].
class RangeOp : public TestOp<RangeOp, graph::StructuredOpInterface::Trait> {
public:
  using TestOp::TestOp;
  static StringRef getOperationName() { return "test.range"; }

  FailureOr<graph::IterationSpace> getIterationSpace() {
    return graph::reductionSpace(getOperation(), {0}, /*keepdim=*/false);
  }
  Value emitPoint(graph::PointBuilder &point) {
    Value element = point.operand(0);
    Value most = point.combine(scalar::Combiner::Maximum, element);
    Value least = point.combine(scalar::Combiner::Minimum, element);
    return arith::SubFOp::create(point.b, point.loc, most, least);
  }
};

/// result[i] = i * 2, of no operand.
class EvenOp : public TestOp<EvenOp, graph::StructuredOpInterface::Trait> {
public:
  using TestOp::TestOp;
  static StringRef getOperationName() { return "test.even"; }

  Value emitPoint(graph::PointBuilder &point) {
    Value index = point.index(0, point.b.getF32Type());
    return arith::AddFOp::create(point.b, point.loc, index, index);
  }
};

/// result[i, j] = self[j, rows - 1 - i] of `rows` columns.
class RotateOp : public TestOp<RotateOp, graph::IndexingOpInterface::Trait> {
public:
  using TestOp::TestOp;
  static StringRef getOperationName() { return "test.rotate"; }

  FailureOr<AffineMap> getOperandMap(AffineMap map, ArrayRef<int64_t>) {
    AffineExpr row = map.getResult(0), column = map.getResult(1);
    return AffineMap::get(map.getNumDims(), 0, {column, shape()[1] - 1 - row},
                          map.getContext());
  }
};

/// result[2 * i] = self[i], result[2 * i + 1] = other[i].
class InterleaveOp
    : public TestOp<InterleaveOp, graph::PlacementOpInterface::Trait> {
public:
  using TestOp::TestOp;
  static StringRef getOperationName() { return "test.interleave"; }

  FailureOr<AffineMap> getPlace(unsigned operand) {
    return AffineMap::get(1, 0,
                          getAffineDimExpr(0, getContext()) * 2 + operand);
  }
};

/// result[i + 1] = self[i], and 7 at both ends.
class FrameOp : public TestOp<FrameOp, graph::PlacementOpInterface::Trait> {
public:
  using TestOp::TestOp;
  static StringRef getOperationName() { return "test.frame"; }

  FailureOr<AffineMap> getPlace(unsigned) {
    return AffineMap::get(1, 0, getAffineDimExpr(0, getContext()) + 1);
  }
  TypedAttr getFill() { return Builder(getContext()).getF32FloatAttr(7); }
};

/// result[i, j] = Σ_k self[i, k] * other[j, k].
class GramOp : public TestOp<GramOp, graph::ContractionOpInterface::Trait> {
public:
  using TestOp::TestOp;
  static StringRef getOperationName() { return "test.gram"; }

  FailureOr<graph::IterationSpace> getIterationSpace() {
    graph::SpaceBuilder space(getOperation());
    auto other = cast<RankedTensorType>(getOperand(1).getType());
    AffineExpr i = space.dim(shape()[0]), j = space.dim(other.getDimSize(0));
    AffineExpr k = space.dim(shape()[1], /*reduced=*/true);
    return space.finish({i, j}, {{i, k}, {j, k}});
  }
};

class TestDialect : public Dialect {
public:
  static constexpr StringLiteral getDialectNamespace() { return "test"; }
  explicit TestDialect(MLIRContext *context)
      : Dialect(getDialectNamespace(), context, TypeID::get<TestDialect>()) {
    addOperations<RangeOp, EvenOp, RotateOp, InterleaveOp, FrameOp, GramOp>();
  }
};

/// Compares a function's `ops` with `reference`, ops of `graph`, both on
/// %x: 4x6, %y: 5x6, %v: 6, and fused into so many kernels.
void check(StringRef ops, StringRef reference, StringRef type, size_t kernels) {
  test::graphContext().getOrLoadDialect<TestDialect>();
  auto function = [&](StringRef body) {
    return ("func.func @f(%x: tensor<4x6xf32>, %y: tensor<5x6xf32>, "
            "%v: tensor<6xf32>) -> " +
            type + " {\n" + body + "\nreturn %r : " + type + "\n}")
        .str();
  };
  test::FusionOptions options;
  options.reference = function(reference);
  test::checkFusion(function(ops), kernels, options);
}

} // namespace

TEST(Interfaces, StructuredOp) {
  check(R"(%0 = graph.exp %x : (tensor<4x6xf32>) -> tensor<4x6xf32>
           %1 = "test.range"(%0) : (tensor<4x6xf32>) -> tensor<6xf32>
           %r = graph.mul %1, %v : (tensor<6xf32>, tensor<6xf32>) -> tensor<6xf32>)",
        R"(%0 = graph.exp %x : (tensor<4x6xf32>) -> tensor<4x6xf32>
           %1 = graph.amax %0 {dims = array<i64: 0>, keepdim = false} : (tensor<4x6xf32>) -> tensor<6xf32>
           %2 = graph.amin %0 {dims = array<i64: 0>, keepdim = false} : (tensor<4x6xf32>) -> tensor<6xf32>
           %3 = graph.sub %1, %2 : (tensor<6xf32>, tensor<6xf32>) -> tensor<6xf32>
           %r = graph.mul %3, %v : (tensor<6xf32>, tensor<6xf32>) -> tensor<6xf32>)",
        "tensor<6xf32>", 1);
}

TEST(Interfaces, StructuredOpWithoutOperands) {
  check(
      R"(%0 = "test.even"() : () -> tensor<6xf32>
           %r = graph.mul %0, %v : (tensor<6xf32>, tensor<6xf32>) -> tensor<6xf32>)",
      R"(%0 = graph.iota {dim = 0 : i64, shape = array<i64: 6>, dtype = f32} : () -> tensor<6xf32>
           %1 = graph.add %0, %0 : (tensor<6xf32>, tensor<6xf32>) -> tensor<6xf32>
           %r = graph.mul %1, %v : (tensor<6xf32>, tensor<6xf32>) -> tensor<6xf32>)",
      "tensor<6xf32>", 1);
}

TEST(Interfaces, IndexingOp) {
  check(R"(%0 = graph.exp %x : (tensor<4x6xf32>) -> tensor<4x6xf32>
           %1 = "test.rotate"(%0) : (tensor<4x6xf32>) -> tensor<6x4xf32>
           %r = graph.sum %1 {dims = array<i64: 1>, keepdim = false} : (tensor<6x4xf32>) -> tensor<6xf32>)",
        R"(%0 = graph.exp %x : (tensor<4x6xf32>) -> tensor<4x6xf32>
           %1 = graph.permute %0 {dims = array<i64: 1, 0>} : (tensor<4x6xf32>) -> tensor<6x4xf32>
           %2 = graph.flip %1 {dims = array<i64: 0>} : (tensor<6x4xf32>) -> tensor<6x4xf32>
           %r = graph.sum %2 {dims = array<i64: 1>, keepdim = false} : (tensor<6x4xf32>) -> tensor<6xf32>)",
        "tensor<6xf32>", 1);
}

TEST(Interfaces, PlacementOpOfSeveral) {
  check(R"(%0 = graph.neg %v : (tensor<6xf32>) -> tensor<6xf32>
           %r = "test.interleave"(%v, %0) : (tensor<6xf32>, tensor<6xf32>) -> tensor<12xf32>)",
        R"(%0 = graph.neg %v : (tensor<6xf32>) -> tensor<6xf32>
           %1 = graph.reshape %v {shape = array<i64: 6, 1>} : (tensor<6xf32>) -> tensor<6x1xf32>
           %2 = graph.reshape %0 {shape = array<i64: 6, 1>} : (tensor<6xf32>) -> tensor<6x1xf32>
           %3 = graph.cat %1, %2 {dim = 1 : i64} : (tensor<6x1xf32>, tensor<6x1xf32>) -> tensor<6x2xf32>
           %r = graph.reshape %3 {shape = array<i64: 12>} : (tensor<6x2xf32>) -> tensor<12xf32>)",
        "tensor<12xf32>", 2);
}

TEST(Interfaces, PlacementOpWithFill) {
  // The producer writes to its place, after the fill.
  const char *ops = R"(%0 = graph.exp %v : (tensor<6xf32>) -> tensor<6xf32>
           %r = "test.frame"(%0) : (tensor<6xf32>) -> tensor<8xf32>)";
  const char *reference =
      R"(%0 = graph.exp %v : (tensor<6xf32>) -> tensor<6xf32>
           %r = graph.pad %0 {low = array<i64: 1>, high = array<i64: 1>, interior = array<i64: 0>, value = 7.0 : f64} : (tensor<6xf32>) -> tensor<8xf32>)";
  check(ops, reference, "tensor<8xf32>", 2);
  // With nobody to do so, it is one kernel.
  check(
      R"(%r = "test.frame"(%v) : (tensor<6xf32>) -> tensor<8xf32>)",
      R"(%r = graph.pad %v {low = array<i64: 1>, high = array<i64: 1>, interior = array<i64: 0>, value = 7.0 : f64} : (tensor<6xf32>) -> tensor<8xf32>)",
      "tensor<8xf32>", 1);
}

TEST(Interfaces, ContractionOp) {
  check(
      R"(%0 = "test.gram"(%x, %y) : (tensor<4x6xf32>, tensor<5x6xf32>) -> tensor<4x5xf32>
           %r = graph.relu %0 : (tensor<4x5xf32>) -> tensor<4x5xf32>)",
      R"(%0 = graph.permute %y {dims = array<i64: 1, 0>} : (tensor<5x6xf32>) -> tensor<6x5xf32>
           %1 = graph.matmul %x, %0 : (tensor<4x6xf32>, tensor<6x5xf32>) -> tensor<4x5xf32>
           %r = graph.relu %1 : (tensor<4x5xf32>) -> tensor<4x5xf32>)",
      "tensor<4x5xf32>", 1);
}
