//===- Decomposition.cpp - Ops become what a rule makes of them -----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/support/Decomposition.h"

#include "compiler/support/GraphExecutor.h"
#include "dialects/graph/Conversion.h"
#include "dialects/graph/GraphDialect.h"

#include "tensorc/grad_mode.h"

using namespace mlir;

namespace tensorc::compiler {

const OpInfo *infoOf(Operation *op) {
  return isa_and_present<graph::GraphDialect>(op->getDialect())
             ? find_op(op->getName().stripDialect())
             : nullptr;
}

FailureOr<SmallVector<Value>>
decomposed(Operation *op,
           function_ref<std::vector<Tensor>(const DecomposeArgs &)> rule) {
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
    for (const Tensor &result : rule({operands, attributes}))
      results.push_back(executor.unwrap(result, SourceLocation::current()));
  } catch (const Error &error) {
    return op->emitError("the decomposition of `")
           << op->getName() << "` failed: " << error.message();
  }
  if (TypeRange(ValueRange(results)) != op->getResultTypes())
    return op->emitError("the decomposition of `")
           << op->getName() << "` yields (" << TypeRange(ValueRange(results))
           << "), expected (" << op->getResultTypes() << ")";
  return results;
}

} // namespace tensorc::compiler
