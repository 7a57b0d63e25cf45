//===- Op.cpp - Attributes, calls, executors ------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/op.h"
#include "runtime/core/Dense.h"
#include "runtime/core/Sizes.h"
#include "tensorc/executor.h"
#include "tensorc/functions.h"

#include <algorithm>

namespace tensorc {

Shape Attributes::sizes(std::string_view name) const {
  const Attribute *attribute = find(name);
  if (attribute)
    if (const auto *sizes = std::get_if<Shape>(attribute))
      return *sizes;
  return get<std::vector<std::int64_t>>(name);
}

/// Numbers have one form.
static Attribute normal(Attribute value) {
  if (const auto *sizes = std::get_if<Shape>(&value))
    if (!has_symbols(*sizes))
      return std::vector<std::int64_t>(*sizes);
  return value;
}

Attributes::Attributes(
    std::initializer_list<std::pair<std::string, Attribute>> items) {
  items_.reserve(items.size());
  for (const auto &[name, value] : items)
    items_.emplace_back(name, normal(value));
}

void Attributes::set(std::string name, Attribute value) {
  value = normal(std::move(value));
  for (auto &[known, old] : items_) {
    if (known == name) {
      old = std::move(value);
      return;
    }
  }
  // As many as most ops have, at once.
  if (items_.empty())
    items_.reserve(6);
  items_.emplace_back(std::move(name), std::move(value));
}

const Attribute *Attributes::find(std::string_view name) const {
  for (const auto &[known, value] : items_)
    if (known == name)
      return &value;
  return nullptr;
}

static void check_element_types(const OpInfo &info,
                                std::span<const TensorType> operands) {
  if (info.element_types.empty())
    return;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    // The last operand may repeat.
    std::size_t known = std::min(i, info.operands.size() - 1);
    const ElementTypes &types = info.element_types[known];
    if (!types.hold(operands[i].dtype))
      throw Error("expected `" + std::string(info.operands[known]) +
                  "` to be a " + std::string(types.words) + ", received " +
                  to_string(operands[i]));
  }
}

std::vector<TensorType> infer_types(const OpInfo &info, const InferArgs &args) {
  check_element_types(info, args.operands);
  std::vector<TensorType> results = info.infer(args);
  for (const TensorType &type : results)
    require_size(type);
  return results;
}

std::vector<TensorType> infer_results(const OpCall &call) {
  std::vector<TensorType> types;
  auto prefix = [&] { return function_prefix(call.info.name); };
  types.reserve(call.operands.size());
  for (const Tensor &operand : call.operands) {
    if (!operand.defined())
      throw Error(prefix() + "expected a tensor, received an undefined one",
                  call.location);
    types.push_back(operand.type());
  }
  try {
    return infer_types(call.info, {types, call.attributes});
  } catch (const Error &error) {
    Shape sizes;
    for (const TensorType &type : types)
      sizes.insert(sizes.end(), type.shape.begin(), type.shape.end());
    for (const auto &[name, value] : call.attributes)
      if (const auto *shape = std::get_if<Shape>(&value))
        sizes.insert(sizes.end(), shape->begin(), shape->end());
    // One about the sizes themselves says their ranges.
    bool said = error.message().find(", where ") != std::string::npos;
    throw Error(prefix() + error.message() + (said ? "" : for_all_sizes(sizes)),
                call.location);
  }
}

//===----------------------------------------------------------------------===//
// Rules, without roundings in between
//===----------------------------------------------------------------------===//

static bool any_half(std::span<const Tensor> tensors) {
  return std::any_of(tensors.begin(), tensors.end(), [](const Tensor &tensor) {
    return tensor.defined() && is_half(tensor.dtype());
  });
}

static std::vector<Tensor> widened(std::span<const Tensor> tensors) {
  std::vector<Tensor> result(tensors.begin(), tensors.end());
  for (Tensor &tensor : result)
    if (tensor.defined() && is_half(tensor.dtype()))
      tensor = to(tensor, kFloat32);
  return result;
}

std::vector<Tensor> decompose(const OpInfo &info, const DecomposeArgs &args) {
  if (!any_half(args.operands))
    return info.decompose(args);
  std::vector<TensorType> types;
  for (const Tensor &operand : args.operands)
    types.push_back(operand.type());
  types = infer_types(info, {types, args.attributes});
  std::vector<Tensor> operands = widened(args.operands);
  std::vector<Tensor> results = info.decompose({operands, args.attributes});
  for (std::size_t i = 0; i < results.size(); ++i)
    results[i] = to(results[i], types[i].dtype);
  return results;
}

std::vector<Tensor> differentiate(const OpInfo &info,
                                  const GradientArgs &args) {
  bool is_one_op =
      info.kind == OpKind::Movement || info.kind == OpKind::Contraction;
  if (is_one_op || (!any_half(args.operands) && !any_half(args.gradients)))
    return info.gradient(args);
  std::vector<Tensor> operands = widened(args.operands),
                      results = widened(args.results),
                      gradients = widened(args.gradients);
  std::vector<Tensor> found = info.gradient(
      {operands, results, gradients, args.attributes, args.needed});
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i].defined() || !is_floating_point(args.operands[i].dtype()))
      continue;
    // What the rule hands on as it is needs no conversion there and back.
    auto same = std::find_if(
        gradients.begin(), gradients.end(),
        [&](const Tensor &gradient) { return gradient.is(found[i]); });
    if (same != gradients.end())
      found[i] = args.gradients[same - gradients.begin()];
    if (found[i].dtype() != args.operands[i].dtype())
      found[i] = to(found[i], args.operands[i].dtype());
  }
  return found;
}

//===----------------------------------------------------------------------===//
// Executors
//===----------------------------------------------------------------------===//

static thread_local Executor *current_executor = nullptr;
static Executor *&default_executor() {
  static Executor *executor = nullptr;
  return executor;
}

Executor::~Executor() = default;

Tensor Executor::to_device(const Tensor &tensor, Device, SourceLocation) {
  return tensor;
}

Executor &Executor::current() {
  if (current_executor)
    return *current_executor;
  if (!default_executor())
    throw Error("no executor is there to perform ops");
  return *default_executor();
}

Executor &Executor::of(const Tensor &tensor) {
  return tensor.impl()->is_traced() ? current() : *default_executor();
}

void Executor::set_default(Executor *executor) {
  default_executor() = executor;
}

ExecutorScope::ExecutorScope(Executor &executor) : previous_(current_executor) {
  current_executor = &executor;
}

ExecutorScope::~ExecutorScope() { current_executor = previous_; }

} // namespace tensorc
