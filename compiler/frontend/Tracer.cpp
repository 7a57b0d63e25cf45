//===- Tracer.cpp - Records one function of a model -----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/frontend/Tracer.h"

#include "dialects/graph/Conversion.h"
#include "dialects/graph/GraphDialect.h"
#include "tensorc/views.h"

#include "tensorc/grad_mode.h"
#include "tensorc/location.h"

#include <algorithm>
#include <cassert>

using namespace mlir;

namespace tensorc::compiler {

Tracer::Tracer(OpBuilder &builder, Block &block,
               const std::vector<StateTensor> &state)
    : GraphExecutor(builder), block(block), state(state) {
  for (auto [index, entry] : llvm::enumerate(state)) {
    const std::shared_ptr<TensorImpl> &impl = entry.tensor.impl();
    stateIndex.try_emplace(impl.get(), index);
    if (entry.tensor.numel() != 0)
      stateStorage.try_emplace(impl->storage.get(), index);
    // A gradient left over from eager work is no part of the function.
    save(impl);
    impl->grad = nullptr;
  }
}

Tracer::~Tracer() {
  for (const Saved &entry : saved) {
    entry.impl->requires_grad = entry.requiresGrad;
    entry.impl->grad = entry.grad;
    entry.impl->grad_fn = entry.history;
  }
}

void Tracer::save(const std::shared_ptr<TensorImpl> &impl) {
  if (!impl->is_traced() && savedImpls.insert(impl.get()).second)
    saved.push_back({impl, impl->requires_grad, impl->grad, impl->grad_fn});
}

std::vector<Tracer::UsedState> Tracer::usedState() const {
  std::vector<UsedState> result;
  for (const auto &[index, entry] : used)
    result.push_back(entry);
  return result;
}

//===----------------------------------------------------------------------===//
// Values of tensors
//===----------------------------------------------------------------------===//

Value Tracer::capture(const Tensor &tensor, const SourceLocation &location) {
  const TensorImpl *impl = tensor.impl().get();
  if (auto it = stateIndex.find(impl); it != stateIndex.end()) {
    auto [entry, inserted] = used.try_emplace(it->second);
    if (inserted) {
      const StateTensor &known = state[it->second];
      // Arguments stand in the order of the state, whatever is used first.
      auto next = std::next(entry);
      unsigned position =
          next == used.end()
              ? block.getNumArguments()
              : cast<BlockArgument>(next->second.argument).getArgNumber();
      Value argument = block.insertArgument(
          position, graph::toMlirType(tensor.type(), builder.getContext()),
          locationOf(location));
      entry->second = {&known, argument, argument};
    }
    return entry->second.current;
  }
  if (auto it = stateStorage.find(impl->storage.get());
      it != stateStorage.end())
    throw Error("expected the state tensor `" + state[it->second].name +
                    "` itself, received a view of it that was made outside "
                    "the traced function",
                user_location(location));
  auto [it, inserted] = constants.try_emplace(impl);
  if (inserted)
    it->second = {tensor, GraphExecutor::capture(tensor, location)};
  return it->second.second;
}

Value Tracer::unwrap(const Tensor &tensor, const SourceLocation &location) {
  if (tensor.defined())
    refresh(tensor, location);
  return GraphExecutor::unwrap(tensor, location);
}

void Tracer::rebind(const Tensor &target, Value value,
                    const SourceLocation &location) {
  TensorImpl *impl = target.impl().get();
  ++versions[impl];
  ++writes;
  if (impl->is_traced()) {
    impl->value = value.getAsOpaquePointer();
    return;
  }
  auto it = stateIndex.find(impl);
  if (it == stateIndex.end())
    throw Error("expected an in-place update of model state, received one of "
                "a tensor that isn't registered; register it as a buffer of a "
                "module",
                user_location(location));
  capture(target, location);
  used[it->second].current = value;
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

Tensor Tracer::perform(std::string_view name,
                       const std::vector<Tensor> &operands,
                       Attributes attributes, const SourceLocation &location) {
  const OpInfo *info = find_op(name);
  assert(info && "an op that the tracer needs is not in the table");
  return execute({*info, operands, std::move(attributes), location})[0];
}

Tensor Tracer::cut(const Tensor &tensor, const SourceLocation &location) {
  return GraphExecutor::execute(
      {*find_op("detach"), std::span(&tensor, 1), {}, location})[0];
}

bool Tracer::isReached(Value value) const {
  return derived.contains(value) || hidden.contains(value) ||
         leafValues.contains(value);
}

Tensor Tracer::tracked(const Tensor &tensor, const SourceLocation &location) {
  Value value = unwrap(tensor, location);
  if (!tensor.requires_grad())
    return isReached(value) ? cut(tensor, location) : tensor;
  if (derived.contains(value))
    return tensor;
  auto [known, isNew] =
      leafIndex.try_emplace({tensor.impl().get(), value}, leaves.size());
  if (!isNew) {
    Value held = leaves[known->second].value;
    return held == value ? tensor : wrap(held);
  }
  // What was recorded before the tensor required a gradient has none.
  bool own = value.use_empty() && !isReached(value);
  Tensor leaf = own ? tensor : cut(tensor, location);
  leaves.push_back({tensor.impl(), value, unwrap(leaf, location)});
  leafValues.insert(leaves.back().value);
  return leaf;
}

std::vector<Tensor> Tracer::execute(const OpCall &call) {
  auto requiresGrad = [](const Tensor &tensor) {
    return tensor.defined() && tensor.requires_grad();
  };
  bool detaches = call.info.name == "detach";
  bool tracking = GradMode::is_enabled() && call.info.gradient && !detaches &&
                  llvm::any_of(call.operands, requiresGrad);
  if (tracking)
    check_tracks(call);
  std::vector<Tensor> operands(call.operands.begin(), call.operands.end());
  // Leaves first: who else holds the value of one is cut off from it.
  for (bool wanted : {true, false})
    for (auto [operand, given] : llvm::zip_equal(operands, call.operands))
      if (tracking && requiresGrad(given) == wanted)
        operand = tracked(given, call.location);
  bool dependent = llvm::any_of(operands, [&](const Tensor &operand) {
    return isReached(unwrap(operand, call.location));
  });

  std::vector<Tensor> results = GraphExecutor::execute(
      {call.info, operands, call.attributes, call.location});
  for (const Tensor &result : results) {
    if (!result.is_floating_point() || detaches)
      continue;
    Value value = unwrap(result, call.location);
    if (tracking) {
      mark_made(result, call);
      derived.insert(value);
    } else if (dependent) {
      hidden.insert(value);
    }
  }
  if (results.size() == 1)
    noteView(results[0], call);
  return results;
}

void Tracer::assign(Tensor &target, const Tensor &value,
                    SourceLocation location) {
  refresh(target, location);
  if (target.type() != value.type())
    throw Error("expected a value of type " + to_string(target.type()) +
                    " for an in-place update, received " +
                    to_string(value.type()),
                user_location(location));
  bool grad = GradMode::is_enabled(), recorded = records_write(target, value);
  bool flows =
      target.requires_grad() && derived.contains(unwrap(target, location));
  if (recorded && target.requires_grad() && !flows)
    throw Error("cannot update a leaf tensor with `requires_grad` in place "
                "outside `NoGradGuard`",
                user_location(location));
  if (recorded && target.impl()->base && target.impl()->untracked)
    throw Error("cannot update a view that was made under `NoGradGuard` in "
                "place where gradients are recorded",
                user_location(location));

  Value contents = unwrap(value, location);
  if (!grad && target.requires_grad()) {
    // The elements change, and where the gradient goes doesn't; what a leaf
    // holds has no history.
    Tensor elements = value;
    if (derived.contains(contents))
      elements = perform("detach", {value}, {}, location);
    GradModeGuard recording(true);
    if (flows)
      elements = perform("set_data", {target, elements}, {}, location);
    contents = unwrap(elements, location);
  }
  if (const View *found = findView(target)) {
    View view = *found;
    writeThrough(view, value, location);
    view.version = versions[view.base.impl().get()];
    views[target.impl().get()] = view;
  }
  save(target.impl());
  TensorImpl &impl = *target.impl();
  if (recorded) {
    impl.requires_grad = value.requires_grad();
    impl.grad_fn = value.impl()->grad_fn;
    if (!impl.base)
      ++impl.history;
    else if (!impl.untracked)
      impl.history = impl.base->history;
  }
  rebind(target, contents, location);
}

//===----------------------------------------------------------------------===//
// Gradients
//===----------------------------------------------------------------------===//

std::vector<Tracer::Leaf> Tracer::reachedLeaves(Value root) const {
  llvm::DenseSet<Value> visited;
  SmallVector<Value> stack{root};
  while (!stack.empty()) {
    Value value = stack.pop_back_val();
    if (!visited.insert(value).second || leafValues.contains(value) ||
        !derived.contains(value))
      continue;
    llvm::append_range(stack, value.getDefiningOp()->getOperands());
  }
  std::vector<Leaf> reached;
  for (const Leaf &leaf : leaves)
    if (visited.contains(leaf.value))
      reached.push_back(leaf);
  return reached;
}

void Tracer::accumulate(const std::shared_ptr<TensorImpl> &leaf,
                        const Tensor &gradient,
                        const SourceLocation &location) {
  save(leaf);
  if (!leaf->grad) {
    leaf->grad = gradient.impl();
    return;
  }
  // In place where the eager tape does so too: whoever holds the gradient sees
  // the sum.
  Tensor known(leaf->grad);
  Tensor sum = perform("add", {known, gradient}, {}, location);
  if (known.impl()->is_traced() && !GradMode::is_enabled() &&
      !is_expanded(known))
    assign(known, sum, location);
  else
    leaf->grad = sum.impl();
}

void Tracer::backward(const Tensor &root, const Tensor &seed,
                      const BackwardOptions &options, SourceLocation location) {
  // Recorded, a graph is kept as long as it is needed.
  bool differentiable = options.create_graph;
  GradModeGuard mode(differentiable);
  if (!root.requires_grad())
    throw Error("[backward] expected a tensor that was made from one with "
                "`requires_grad`, received " +
                    to_string(root.type()) + " without such a history",
                user_location(location));
  if (!seed.defined() && !root.numel().is(1))
    throw Error(
        "[backward] expected a one-element tensor or a seed, received " +
            to_string(root.type()),
        user_location(location));
  if (seed.defined() && seed.type() != root.type())
    throw Error("[backward] expected a seed of type " + to_string(root.type()) +
                    ", received " + to_string(seed.type()),
                user_location(location));

  Value rootValue = unwrap(tracked(root, location), location);
  std::vector<Leaf> reached;
  SmallVector<Value> wrt, constants;
  for (const Leaf &leaf : reachedLeaves(rootValue)) {
    if (leaf.impl->requires_grad) {
      reached.push_back(leaf);
      wrt.push_back(leaf.value);
    } else if (differentiable) {
      constants.push_back(leaf.value);
    }
  }
  if (reached.empty())
    return;
  Value seedValue;
  if (seed.defined())
    seedValue =
        unwrap(differentiable ? tracked(seed, location) : seed, location);
  auto request = graph::GradientsOp::create(
      builder, locationOf(location), TypeRange(ValueRange(wrt)), rootValue, wrt,
      seedValue, constants);

  for (auto [leaf, value] : llvm::zip_equal(reached, request->getResults())) {
    Tensor gradient = wrap(value);
    if (differentiable)
      mark_made(gradient, {*find_op("clone"), {}, {}, location});
    (differentiable ? derived : hidden).insert(value);
    accumulate(leaf.impl, gradient, location);
  }
}

const void *Tracer::data(const Tensor &tensor, SourceLocation location) {
  const Storage *storage = tensor.impl()->storage.get();
  auto it = stateStorage.find(storage);
  if (storage && it != stateStorage.end())
    throw Error("cannot read the value of state while tracing: expected a "
                "plain eager tensor, received `" +
                    state[it->second].name +
                    "`, which the compiled function may change",
                user_location(location));
  return GraphExecutor::data(tensor, location);
}

} // namespace tensorc::compiler
