//===- Legalize.cpp - Graph ops that have an iteration space --------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/legalize/OnePlace.h"
#include "compiler/legalize/Passes.h"
#include "compiler/support/Decomposition.h"
#include "dialects/graph/GraphDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"

using namespace mlir;

namespace tensorc::compiler {

#define GEN_PASS_DEF_LEGALIZEPASS
#include "compiler/legalize/Passes.h.inc"

/// Whether the op is one that has an iteration space, or needs none.
static bool isLegal(Operation *op) {
  if (auto structured = dyn_cast<graph::StructuredOpInterface>(op))
    return succeeded(structured.getIterationSpace());
  if (auto contraction = dyn_cast<graph::ContractionOpInterface>(op))
    return succeeded(contraction.getIterationSpace());
  if (auto placement = dyn_cast<graph::PlacementOpInterface>(op))
    return succeeded(placement.getPlace(0));
  return isa<graph::ElementwiseOpInterface, graph::IndexingOpInterface>(op);
}

/// Whether the op computes from what it takes, or puts it where it belongs,
/// other than into padding.
static bool doesWork(Operation *op) {
  if (isa<graph::ContractionOpInterface>(op))
    return true;
  if (isa<graph::StructuredOpInterface>(op))
    return op->getNumOperands() != 0;
  return isa<graph::UnfoldBackwardOp>(op);
}

/// Replaces an op that isn't legal, and may be another, by what it decomposes
/// to.
static LogicalResult legalizeOp(Operation *op) {
  DecomposeRule rule = onePlaceRule(op);
  if (const OpInfo *info = infoOf(op);
      !rule && info && info->kind != OpKind::Composite && !isLegal(op))
    rule = info->decompose;
  if (!rule)
    return success();
  Operation *before = op->getPrevNode();
  auto results = decomposed(op, rule);
  if (failed(results))
    return failure();
  // What does the work of another op has its name.
  Operation *made = before ? before->getNextNode() : &op->getBlock()->front();
  for (; made != op; made = made->getNextNode())
    if (doesWork(made))
      made->setLoc(NameLoc::get(
          StringAttr::get(op->getContext(), op->getName().stripDialect()),
          op->getLoc()));
  op->replaceAllUsesWith(*results);
  op->erase();
  return success();
}

/// (self · other)ᵀ = otherᵀ · selfᵀ: a product that is only wanted transposed
/// is computed that way.
static void transposeProduct(graph::PermuteOp op) {
  auto product = op.getSelf().getDefiningOp<graph::MatmulOp>();
  if (!product || !product->hasOneUse())
    return;
  ArrayRef<int64_t> dims = op.getDims();
  auto transposed = llvm::to_vector(llvm::seq<int64_t>(0, dims.size()));
  std::swap(transposed[dims.size() - 2], transposed[dims.size() - 1]);
  if (dims != ArrayRef(transposed))
    return;
  OpBuilder b(op);
  Value left =
      graph::PermuteOp::create(b, op.getLoc(), product.getOther(), dims);
  Value right =
      graph::PermuteOp::create(b, op.getLoc(), product.getSelf(), dims);
  op->replaceAllUsesWith(graph::MatmulOp::create(
      b, product.getLoc(), op.getResult().getType(), left, right));
  op->erase();
  product->erase();
}

/// Lets everybody read what `pad` pads from the padded tensor, so that it need
/// not be in memory twice.
static void sharePadded(graph::PadOp pad) {
  Operation *source = pad.getSelf().getDefiningOp();
  if (!source || isa<graph::IndexingOpInterface>(source) ||
      isa<graph::PlacementOpInterface>(source) ||
      source->getNumOperands() == 0 || source->hasOneUse() || !pad.keepsAll())
    return;
  for (Operation *user : source->getUsers())
    if (isa<func::ReturnOp>(user) || (isa<graph::PadOp>(user) && user != pad))
      return;
  Shape starts = pad.getLow(), ends;
  SmallVector<int64_t> steps;
  for (auto [low, interior, size] :
       llvm::zip_equal(starts, pad.getInterior(),
                       scalar::sizesOf(pad.getSelf().getType()))) {
    int64_t step = interior + 1;
    if (size.is(kDynamic) || (step != 1 && !size.is(0) && size.min() == 0))
      return;
    steps.push_back(step);
    ends.push_back(size.is(0) ? low : low + (size - 1) * step + 1);
  }
  pad->moveAfter(source);
  OpBuilder b(pad->getContext());
  b.setInsertionPointAfter(pad);
  Value slice = graph::SliceOp::create(b, pad.getLoc(), pad.getResult(), starts,
                                       ends, steps);
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
      if (auto permute = dyn_cast<graph::PermuteOp>(op))
        transposeProduct(permute);
      else if (failed(legalizeOp(op)))
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
