//===- Tracer.cpp - Records one function of a model -----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/frontend/Tracer.h"

#include "dialects/graph/Conversion.h"
#include "dialects/graph/GraphDialect.h"

#include "tensorc/grad_mode.h"
#include "tensorc/location.h"

#include <algorithm>
#include <cassert>

using namespace mlir;

namespace tensorc::compiler {

Tracer::Tracer(OpBuilder &builder, Block &block,
               const std::vector<StateTensor> &state)
    : GraphExecutor(builder), block(block), inputCount(block.getNumArguments()),
      state(state) {
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
  }
}

void Tracer::save(const std::shared_ptr<TensorImpl> &impl) {
  if (!impl->is_traced() && savedImpls.insert(impl.get()).second)
    saved.push_back({impl, impl->requires_grad, impl->grad});
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
      unsigned position = inputCount + std::distance(used.begin(), entry);
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

Tracer::View *Tracer::findView(const Tensor &tensor) {
  auto it = views.find(tensor.impl().get());
  if (it == views.end())
    return nullptr;
  // Memory of a tensor that is gone may belong to another one now.
  if (it->second.self.lock() == tensor.impl())
    return &it->second;
  views.erase(it);
  return nullptr;
}

void Tracer::refresh(const Tensor &tensor, const SourceLocation &location) {
  View *view = findView(tensor);
  if (!view)
    return;
  // A copy: what is recorded below may move the map's entries.
  View copy = *view;
  refresh(copy.base, location);
  unsigned version = versions[copy.base.impl().get()];
  if (copy.version == version)
    return;
  findView(tensor)->version = version;
  GradModeGuard guard(copy.gradMode);
  Tensor fresh = execute(
      {*copy.info, std::span(&copy.base, 1), copy.attributes, location})[0];
  tensor.impl()->value = fresh.impl()->value;
  tensor.impl()->requires_grad = fresh.requires_grad();
  ++versions[tensor.impl().get()];
}

void Tracer::rebind(const Tensor &target, Value value,
                    const SourceLocation &location) {
  TensorImpl *impl = target.impl().get();
  ++versions[impl];
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

Tensor Tracer::tracked(const Tensor &tensor, const SourceLocation &location) {
  Value value = unwrap(tensor, location);
  bool leaf = tensor.requires_grad() && !derived.contains(value);
  if (hidden.contains(value)) {
    Tensor cut = GraphExecutor::execute(
        {*find_op("detach"), std::span(&tensor, 1), {}, location})[0];
    if (!leaf)
      return cut;
    value = unwrap(cut, location);
    // The same contents: views of it stay as they are.
    unsigned version = versions[tensor.impl().get()];
    rebind(tensor, value, location);
    versions[tensor.impl().get()] = version;
  }
  if (leaf && llvm::none_of(leaves, [&](const Leaf &known) {
        return known.impl == tensor.impl() && known.value == value;
      }))
    leaves.push_back({tensor.impl(), value});
  return tensor;
}

/// Whether the result shares its operand's elements in eager mode.
static bool isView(const OpInfo &info) {
  static constexpr std::string_view names[] = {"reshape", "permute", "slice",
                                               "broadcast_to", "detach"};
  return llvm::is_contained(names, info.name);
}

std::vector<Tensor> Tracer::execute(const OpCall &call) {
  auto requiresGrad = [](const Tensor &tensor) {
    return tensor.defined() && tensor.requires_grad();
  };
  bool cut = call.info.name == "detach";
  bool tracking = GradMode::is_enabled() && call.info.gradient && !cut &&
                  llvm::any_of(call.operands, requiresGrad);
  std::vector<Tensor> operands(call.operands.begin(), call.operands.end());
  bool dependent = false;
  for (Tensor &operand : operands) {
    if (tracking)
      operand = tracked(operand, call.location);
    dependent |= requiresGrad(operand) ||
                 hidden.contains(unwrap(operand, call.location));
  }

  std::vector<Tensor> results = GraphExecutor::execute(
      {call.info, operands, call.attributes, call.location});
  for (const Tensor &result : results) {
    if (!result.is_floating_point() || cut)
      continue;
    Value value = unwrap(result, call.location);
    if (tracking) {
      result.impl()->requires_grad = true;
      derived.insert(value);
    } else if (dependent) {
      hidden.insert(value);
    }
  }
  if (isView(call.info)) {
    const Tensor &base = call.operands[0];
    views[results[0].impl().get()] = {results[0].impl(),
                                      base,
                                      &call.info,
                                      call.attributes,
                                      versions[base.impl().get()],
                                      GradMode::is_enabled()};
  }
  return results;
}

void Tracer::writeThrough(const View &view, const Tensor &value,
                          const SourceLocation &location) {
  const Shape &shape = view.base.shape();
  std::string_view name = view.info->name;
  Tensor update;
  if (name == "detach") {
    update = value;
  } else if (name == "reshape") {
    update = perform("reshape", {value}, {{"shape", shape}}, location);
  } else if (name == "permute") {
    const auto &dims = view.attributes.get<std::vector<int64_t>>("dims");
    std::vector<int64_t> inverse(dims.size());
    for (size_t i = 0; i < dims.size(); ++i)
      inverse[dims[i]] = int64_t(i);
    update = perform("permute", {value}, {{"dims", inverse}}, location);
  } else if (name == "slice") {
    const auto &starts = view.attributes.get<std::vector<int64_t>>("starts");
    const auto &steps = view.attributes.get<std::vector<int64_t>>("steps");
    std::vector<int64_t> high, interior;
    for (size_t d = 0; d < shape.size(); ++d) {
      int64_t count = value.shape()[d];
      int64_t extent = count ? (count - 1) * steps[d] + 1 : 0;
      high.push_back(shape[d] - starts[d] - extent);
      interior.push_back(steps[d] - 1);
    }
    auto spread = [&](const Tensor &part) {
      return perform("pad", {part},
                     {{"low", starts},
                      {"high", high},
                      {"interior", interior},
                      {"value", 0.0}},
                     location);
    };
    Tensor mask = spread(perform(
        "full", {},
        {{"value", 1.0}, {"shape", value.shape()}, {"dtype", DType::Bool}},
        location));
    update = perform("where", {mask, spread(value), view.base}, {}, location);
  } else {
    throw Error("expected a tensor with an element of its own everywhere, "
                "received an expanded one, for an in-place update",
                user_location(location));
  }
  Tensor base = view.base;
  assign(base, update, location);
}

void Tracer::assign(Tensor &target, const Tensor &value,
                    SourceLocation location) {
  refresh(target, location);
  if (target.type() != value.type())
    throw Error("expected a value of type " + to_string(target.type()) +
                    " for an in-place update, received " +
                    to_string(value.type()),
                user_location(location));
  bool grad = GradMode::is_enabled();
  Value current = unwrap(target, location);
  bool flows = target.requires_grad() && derived.contains(current);
  if (grad && target.requires_grad() && !flows)
    throw Error("cannot update a leaf tensor with `requires_grad` in place "
                "outside `NoGradGuard`",
                user_location(location));
  if (!grad && flows)
    throw Error("cannot update a tensor that gradient flows through in place "
                "under `NoGradGuard`",
                user_location(location));

  Value contents = unwrap(value, location);
  // What a leaf holds has no history.
  if (!grad && target.requires_grad() && derived.contains(contents))
    contents = unwrap(perform("detach", {value}, {}, location), location);
  if (const View *found = findView(target)) {
    View view = *found;
    writeThrough(view, value, location);
    view.version = versions[view.base.impl().get()];
    views[target.impl().get()] = view;
  }
  save(target.impl());
  if (grad && value.requires_grad())
    target.impl()->requires_grad = true;
  rebind(target, contents, location);
}

//===----------------------------------------------------------------------===//
// Gradients
//===----------------------------------------------------------------------===//

std::vector<Tracer::Leaf> Tracer::reachedLeaves(Value root) const {
  llvm::DenseSet<Value> leafValues, visited;
  for (const Leaf &leaf : leaves)
    leafValues.insert(leaf.value);
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
  if (known.impl()->is_traced() && !GradMode::is_enabled())
    assign(known, sum, location);
  else
    leaf->grad = sum.impl();
}

void Tracer::backward(const Tensor &root, const Tensor &seed,
                      SourceLocation location) {
  if (!root.requires_grad())
    throw Error("[backward] expected a tensor that was made from one with "
                "`requires_grad`, received " +
                    to_string(root.type()) + " without such a history",
                user_location(location));
  if (!seed.defined() && root.numel() != 1)
    throw Error(
        "[backward] expected a one-element tensor or a seed, received " +
            to_string(root.type()),
        user_location(location));
  if (seed.defined() && seed.type() != root.type())
    throw Error("[backward] expected a seed of type " + to_string(root.type()) +
                    ", received " + to_string(seed.type()),
                user_location(location));

  bool differentiable = GradMode::is_enabled();
  Value rootValue = unwrap(tracked(root, location), location);
  std::vector<Leaf> reached = reachedLeaves(rootValue);
  SmallVector<Value> wrt;
  for (const Leaf &leaf : reached)
    wrt.push_back(leaf.value);
  Value seedValue;
  if (seed.defined())
    seedValue =
        unwrap(differentiable ? tracked(seed, location) : seed, location);
  auto request = graph::GradientsOp::create(builder, locationOf(location),
                                            TypeRange(ValueRange(wrt)),
                                            rootValue, wrt, seedValue);

  for (auto [leaf, value] : llvm::zip_equal(reached, request->getResults())) {
    Tensor gradient = wrap(value);
    gradient.impl()->requires_grad = differentiable;
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
