//===- Differentiate.cpp - Expand gradient requests -----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/autodiff/Backward.h"
#include "compiler/autodiff/Passes.h"
#include "compiler/support/GraphExecutor.h"
#include "dialects/graph/GraphDialect.h"

using namespace mlir;

namespace tensorc::compiler {

#define GEN_PASS_DEF_DIFFERENTIATEPASS
#include "compiler/autodiff/Passes.h.inc"

namespace {

/// A tensor of `type` full of `value`.
Value buildFull(OpBuilder &builder, mlir::Location location, Type type,
                double value) {
  auto tensor = cast<RankedTensorType>(type);
  return graph::FullOp::create(
      builder, location, tensor, builder.getF64FloatAttr(value),
      scalar::sizesAttr(builder.getContext(), scalar::sizesOf(tensor)),
      TypeAttr::get(tensor.getElementType()));
}

LogicalResult expand(graph::GradientsOp request) {
  OpBuilder builder(request);
  mlir::Location location = request.getLoc();
  auto requireSizes = [&](Type type, StringRef what) -> LogicalResult {
    if (!llvm::is_contained(scalar::rawSizesOf(cast<ShapedType>(type)),
                            ShapedType::kDynamic))
      return success();
    return request.emitOpError("expected a ")
           << what << " of known sizes, received " << type;
  };

  Value root = request.getRoot();
  Value seed = request.getSeed();
  if (!seed) {
    if (failed(requireSizes(root.getType(), "root")))
      return failure();
    seed = buildFull(builder, location, root.getType(), 1.0);
  }
  FailureOr<SmallVector<Value>> gradients = buildBackward(
      builder, root, seed, request.getWrt(), request.getConstants());
  if (failed(gradients))
    return failure();
  for (auto [gradient, wrt] : llvm::zip_equal(*gradients, request.getWrt()))
    if (!gradient) {
      if (failed(requireSizes(wrt.getType(), "tensor without a path to root")))
        return failure();
      gradient = buildFull(builder, location, wrt.getType(), 0.0);
    }
  request->replaceAllUsesWith(*gradients);
  request.erase();
  return success();
}

struct DifferentiatePass : impl::DifferentiatePassBase<DifferentiatePass> {
  void runOnOperation() override {
    SmallVector<graph::GradientsOp> requests;
    getOperation().walk([&](graph::GradientsOp op) { requests.push_back(op); });
    for (graph::GradientsOp request : requests)
      if (failed(expand(request)))
        return signalPassFailure();
  }
};

} // namespace
} // namespace tensorc::compiler
