//===- Backward.cpp - One walk from a result to what made it --------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/autodiff/Backward.h"

#include "compiler/support/GraphExecutor.h"
#include "dialects/graph/Conversion.h"
#include "dialects/graph/GraphDialect.h"

#include "tensorc/grad_mode.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;

namespace tensorc::compiler {

namespace {

class Backward {
public:
  Backward(OpBuilder &builder, Value root, ValueRange wrt, ValueRange constants)
      : builder(builder), root(root), wrt(wrt) {
    for (Value value : constants)
      cut[value] = nullptr;
  }

  FailureOr<SmallVector<Value>> run(Value seed);

private:
  /// Finds the ops on paths from `wrt` to `root`.
  void findPaths();
  LogicalResult propagate(Operation *op);
  LogicalResult applyRule(Operation *op, const OpInfo &info);
  /// The operand that a rule is given for `value`.
  Value ruleOperand(Value value);
  LogicalResult accumulate(Operation *op, Value value, const Tensor &gradient,
                           GraphExecutor &executor);
  bool isActive(Value value) const { return active.contains(value); }

  OpBuilder &builder;
  Value root;
  ValueRange wrt;
  /// Values that depend on `wrt`.
  llvm::DenseSet<Value> active;
  /// Ops that `root` depends on, and that depend on `wrt`; last one first.
  SmallVector<Operation *> path;
  llvm::DenseMap<Value, Value> gradients;
  /// Of each constant, once it is needed, what is cut off from it.
  llvm::DenseMap<Value, Value> cut;
};

} // namespace

static const OpInfo *infoOf(Operation *op) {
  if (!isa<graph::GraphDialect>(op->getDialect()))
    return nullptr;
  return find_op(op->getName().stripDialect());
}

/// Whether gradients may flow through a value of this type.
static bool carriesGradient(Value value) {
  auto type = dyn_cast<ShapedType>(value.getType());
  return type && isa<FloatType>(type.getElementType());
}

void Backward::findPaths() {
  // What the root needs, found backward …
  llvm::SmallPtrSet<Operation *, 32> needed;
  SmallVector<Value> stack{root};
  while (!stack.empty()) {
    Operation *op = stack.pop_back_val().getDefiningOp();
    if (op && needed.insert(op).second)
      llvm::append_range(stack, op->getOperands());
  }
  // … and of that, what depends on `wrt`, found forward.
  active.insert(wrt.begin(), wrt.end());
  for (Operation &op : llvm::make_range(builder.getInsertionBlock()->begin(),
                                        builder.getInsertionPoint())) {
    if (!needed.contains(&op) ||
        llvm::none_of(op.getOperands(), [&](Value v) { return isActive(v); }))
      continue;
    path.push_back(&op);
    for (Value result : op.getResults())
      if (carriesGradient(result))
        active.insert(result);
  }
  std::reverse(path.begin(), path.end());
}

FailureOr<SmallVector<Value>> Backward::run(Value seed) {
  findPaths();
  gradients[root] = seed;
  for (Operation *op : path)
    if (failed(propagate(op)))
      return failure();
  SmallVector<Value> results;
  for (Value value : wrt)
    results.push_back(gradients.lookup(value));
  return results;
}

LogicalResult Backward::propagate(Operation *op) {
  if (llvm::none_of(op->getResults(),
                    [&](Value result) { return gradients.contains(result); }))
    return success();
  const OpInfo *info = infoOf(op);
  if (!info || !info->gradient)
    return op->emitError("`")
           << op->getName() << "` has no gradient rule, but the gradient that "
           << "is asked for depends on it";
  return applyRule(op, *info);
}

Value Backward::ruleOperand(Value value) {
  auto constant = cut.find(value);
  if (constant == cut.end())
    return value;
  if (!constant->second)
    constant->second =
        graph::DetachOp::create(builder, root.getLoc(), value.getType(), value);
  return constant->second;
}

LogicalResult Backward::applyRule(Operation *op, const OpInfo &info) {
  GraphExecutor executor(builder, op->getLoc());
  SmallVector<Tensor> operands, results, resultGradients;
  SmallVector<bool> needed;
  for (Value operand : op->getOperands()) {
    operands.push_back(executor.wrap(ruleOperand(operand)));
    needed.push_back(isActive(operand));
  }
  for (Value result : op->getResults()) {
    results.push_back(executor.wrap(result));
    Value gradient = gradients.lookup(result);
    resultGradients.push_back(gradient ? executor.wrap(gradient) : Tensor());
  }

  std::vector<Tensor> operandGradients;
  try {
    ExecutorScope scope(executor);
    NoGradGuard noGrad;
    Attributes attributes = graph::toAttributes(op);
    operandGradients = differentiate(
        info, {operands, results, resultGradients, attributes, needed});
    if (operandGradients.size() != operands.size())
      return op->emitError("the gradient rule of `")
             << op->getName() << "` yields " << operandGradients.size()
             << " gradients, expected " << operands.size();
    for (auto [operand, need, gradient] :
         llvm::zip_equal(op->getOperands(), needed, operandGradients))
      if (need && gradient.defined() &&
          failed(accumulate(op, operand, gradient, executor)))
        return failure();
  } catch (const Error &error) {
    return op->emitError("the gradient rule of `")
           << op->getName() << "` failed: " << error.message();
  }
  return success();
}

LogicalResult Backward::accumulate(Operation *op, Value value,
                                   const Tensor &gradient,
                                   GraphExecutor &executor) {
  Value contribution = executor.unwrap(gradient, SourceLocation::current());
  if (contribution.getType() != value.getType())
    return op->emitError("the gradient rule of `")
           << op->getName() << "` yields a gradient of type "
           << contribution.getType() << " for an operand of type "
           << value.getType();
  Value &sum = gradients[value];
  if (!sum) {
    sum = contribution;
    return success();
  }
  sum = graph::AddOp::create(builder, op->getLoc(), value.getType(), sum,
                             contribution);
  return success();
}

FailureOr<SmallVector<Value>> buildBackward(OpBuilder &builder, Value root,
                                            Value seed, ValueRange wrt,
                                            ValueRange constants) {
  return Backward(builder, root, wrt, constants).run(seed);
}

} // namespace tensorc::compiler
