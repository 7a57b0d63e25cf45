//===- Decompose.cpp - Composite ops become primitive ones ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/simplify/Passes.h"
#include "compiler/support/GraphExecutor.h"
#include "dialects/graph/Conversion.h"
#include "dialects/graph/GraphDialect.h"

#include "tensorc/grad_mode.h"

using namespace mlir;

namespace tensorc::compiler {

#define GEN_PASS_DEF_DECOMPOSEPASS
#include "compiler/simplify/Passes.h.inc"

/// No chain of decompositions is longer; one that is goes round in a circle.
static constexpr int maxDepth = 16;

static const OpInfo *compositeInfo(Operation *op) {
  if (!isa_and_present<graph::GraphDialect>(op->getDialect()))
    return nullptr;
  const OpInfo *info = find_op(op->getName().stripDialect());
  return info && info->kind == OpKind::Composite ? info : nullptr;
}

static LogicalResult replace(Operation *op, const OpInfo &info) {
  if (!info.decompose)
    return op->emitError("`") << op->getName() << "` has no decomposition";
  OpBuilder builder(op);
  GraphExecutor executor(builder, op->getLoc());
  SmallVector<Tensor> operands;
  for (Value operand : op->getOperands())
    operands.push_back(executor.wrap(operand));
  SmallVector<Value> results;
  try {
    ExecutorScope scope(executor);
    NoGradGuard noGrad;
    Attributes attributes = graph::toAttributes(op);
    for (const Tensor &result : decompose(info, {operands, attributes}))
      results.push_back(executor.unwrap(result, SourceLocation::current()));
  } catch (const Error &error) {
    return op->emitError("the decomposition of `")
           << op->getName() << "` failed: " << error.message();
  }
  if (TypeRange(ValueRange(results)) != op->getResultTypes())
    return op->emitError("the decomposition of `")
           << op->getName() << "` yields (" << TypeRange(ValueRange(results))
           << "), expected (" << op->getResultTypes() << ")";
  op->replaceAllUsesWith(results);
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
