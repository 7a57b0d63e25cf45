//===- Legalize.cpp - Graph ops that have an iteration space --------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/legalize/Images.h"
#include "compiler/legalize/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace tensorc::compiler {

#define GEN_PASS_DEF_LEGALIZEPASS
#include "compiler/legalize/Passes.h.inc"

using namespace legalize;

/// (self · other)ᵀ = otherᵀ · selfᵀ: a product that is only wanted transposed
/// is computed that way.
static LogicalResult legalizeOp(graph::PermuteOp op) {
  auto product = op.getSelf().getDefiningOp<graph::MatmulOp>();
  if (!product || !product->hasOneUse())
    return success();
  ArrayRef<int64_t> dims = op.getDims();
  auto transposed = llvm::to_vector(llvm::seq<int64_t>(0, dims.size()));
  std::swap(transposed[dims.size() - 2], transposed[dims.size() - 1]);
  if (dims != ArrayRef(transposed))
    return success();
  ImageBuilder image(op);
  Value left = image.create<graph::PermuteOp>(product.getOther(), dims);
  Value right = image.create<graph::PermuteOp>(product.getSelf(), dims);
  op->replaceAllUsesWith(graph::MatmulOp::create(
      image.b, product.getLoc(), op.getResult().getType(), left, right));
  op->erase();
  product->erase();
  return success();
}

/// Lets everybody read what `pad` pads from the padded tensor, so that it need
/// not be in memory twice.
static void sharePadded(graph::PadOp pad) {
  Operation *source = pad.getSelf().getDefiningOp();
  if (!source || isa<graph::IndexingOpInterface>(source) ||
      isa<graph::PlacementOpInterface>(source) ||
      source->getNumOperands() == 0 || source->hasOneUse() || !pad.keepsAll() ||
      !pad.getSelf().getType().hasStaticShape())
    return;
  for (Operation *user : source->getUsers())
    if (isa<func::ReturnOp>(user) || (isa<graph::PadOp>(user) && user != pad))
      return;
  pad->moveAfter(source);
  OpBuilder b(pad->getContext());
  b.setInsertionPointAfter(pad);
  Ints ends, steps;
  for (auto [low, interior, size] : llvm::zip_equal(
           pad.getLow(), pad.getInterior(), shapeOf(pad.getSelf()))) {
    steps.push_back(interior + 1);
    ends.push_back(size == 0 ? low : low + (size - 1) * steps.back() + 1);
  }
  Value slice = graph::SliceOp::create(b, pad.getLoc(), pad.getResult(),
                                       pad.getLow(), ends, steps);
  pad.getSelf().replaceAllUsesExcept(slice, pad);
}

namespace {

struct LegalizePass : impl::LegalizePassBase<LegalizePass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (failed(runOnFunction(function)))
        return signalPassFailure();
  }

  LogicalResult runOnFunction(func::FuncOp function) {
    SmallVector<Operation *> ops;
    function.walk([&](Operation *op) { ops.push_back(op); });
    for (Operation *op : ops) {
      auto rule = [](auto op) { return legalizeOp(op); };
      LogicalResult done =
          llvm::TypeSwitch<Operation *, LogicalResult>(op)
              .Case<graph::Conv2dOp, graph::Conv2dBackwardWeightOp,
                    graph::Conv2dBackwardInputOp, graph::MaxPool2dOp,
                    graph::AvgPool2dOp, graph::MaxPool2dBackwardOp,
                    graph::AvgPool2dBackwardOp, graph::PermuteOp>(rule)
              .Default(success());
      if (failed(done))
        return failure();
    }
    IRRewriter rewriter(&getContext());
    DominanceInfo dominance(function);
    eliminateCommonSubExpressions(rewriter, dominance, function);
    for (auto pad :
         llvm::make_early_inc_range(function.getBody().getOps<graph::PadOp>()))
      sharePadded(pad);
    return success();
  }
};

} // namespace

} // namespace tensorc::compiler
