//===- Decompose.cpp - Composite ops become primitive ones ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/simplify/Passes.h"
#include "compiler/support/Decomposition.h"
#include "dialects/graph/GraphDialect.h"

using namespace mlir;

namespace tensorc::compiler {

#define GEN_PASS_DEF_DECOMPOSEPASS
#include "compiler/simplify/Passes.h.inc"

/// No chain of decompositions is longer; one that is goes round in a circle.
static constexpr int maxDepth = 16;

static const OpInfo *compositeInfo(Operation *op) {
  const OpInfo *info = infoOf(op);
  return info && info->kind == OpKind::Composite ? info : nullptr;
}

static LogicalResult replace(Operation *op, const OpInfo &info) {
  if (!info.decompose)
    return op->emitError("`") << op->getName() << "` has no decomposition";
  auto results = decomposed(
      op, [&](const DecomposeArgs &args) { return decompose(info, args); });
  if (failed(results))
    return failure();
  op->replaceAllUsesWith(*results);
  op->erase();
  return success();
}

namespace {

struct DecomposePass : impl::DecomposePassBase<DecomposePass> {
  void runOnOperation() override {
    for (int depth = 0; depth < maxDepth; ++depth) {
      SmallVector<Operation *> composites;
      getOperation().walk([&](Operation *op) {
        if (compositeInfo(op))
          composites.push_back(op);
      });
      if (composites.empty())
        return dropHistory();
      for (Operation *op : composites)
        if (failed(replace(op, *compositeInfo(op))))
          return signalPassFailure();
    }
    getOperation().walk([&](Operation *op) {
      if (compositeInfo(op))
        op->emitError("`") << op->getName() << "` decomposes into itself";
    });
    signalPassFailure();
  }

  void dropHistory() {
    getOperation().walk([](Operation *op) {
      if (!op->hasTrait<graph::HistoryOp>())
        return;
      op->replaceAllUsesWith(ValueRange(op->getOperands().back()));
      op->erase();
    });
  }
};

} // namespace
} // namespace tensorc::compiler
