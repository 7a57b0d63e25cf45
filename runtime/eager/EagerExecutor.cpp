//===- EagerExecutor.cpp - Performs ops at once ---------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eager/EagerExecutor.h"
#include "runtime/core/Dense.h"
#include "runtime/core/Operands.h"
#include "runtime/eager/Compute.h"

#include <algorithm>

namespace tensorc::eager {

/// A handle of its own for the values of `tensor`, without its history.
static Tensor alias(const Tensor &tensor) {
  return make_view(tensor, tensor.shape(), tensor.strides(),
                   tensor.impl()->offset);
}

static std::vector<Tensor> compute(const OpCall &call,
                                   const std::vector<TensorType> &types) {
  switch (call.info.kind) {
  case OpKind::Composite:
    return call.info.decompose({call.operands, call.attributes});
  case OpKind::Movement:
    return {move_elements(call, types[0])};
  case OpKind::Creation:
    return {create(call, types[0])};
  case OpKind::Elementwise:
    return {by_element(call, types[0])};
  case OpKind::Reduction:
    return {reduce(call, types[0])};
  case OpKind::Contraction:
    return {contract(call, types[0])};
  case OpKind::Window:
    return {pool(call, types[0])};
  case OpKind::Request:
    break;
  }
  throw Error("[" + std::string(call.info.name) +
                  "] this op is there in traced functions only",
              call.location);
}

std::vector<Tensor> EagerExecutor::execute(const OpCall &call) {
  std::vector<TensorType> types = infer_results(call);
  bool recorded = false;
  for (const Tensor &operand : call.operands) {
    if (operand.impl()->is_traced())
      throw Error("[" + std::string(call.info.name) +
                      "] expected values, received a tensor of a traced "
                      "function, which is over",
                  call.location);
    if (!operand.impl()->storage)
      throw Error("[" + std::string(call.info.name) +
                      "] a tensor that this gradient needs was changed in "
                      "place after it was used",
                  call.location);
    recorded |= operand.requires_grad();
  }
  recorded &= GradMode::is_enabled() && call.info.gradient;
  std::vector<Tensor> results;
  {
    NoGradGuard no_grad;
    LocationScope scope(call.location);
    DeviceGuard device(
        common_device(call.info.name, call.operands, call.location));
    results = compute(call, types);
  }
  // A result that is an operand, or shared by who made it, gets a handle of its
  // own to carry the history.
  for (Tensor &result : results)
    if (result.impl().use_count() > 1)
      result = alias(result);
  if (!recorded)
    return results;
  auto node = std::make_shared<Node>(call, types);
  for (std::size_t i = 0; i < results.size(); ++i) {
    TensorImpl &impl = *results[i].impl();
    if (!is_floating_point(impl.type.dtype))
      continue;
    impl.requires_grad = true;
    impl.grad_fn = node;
    impl.output_index = i;
  }
  return results;
}

void EagerExecutor::assign(Tensor &target, const Tensor &value,
                           Location location) {
  TensorImpl &to = *target.impl();
  const TensorImpl &from = *value.impl();
  if (to.is_traced() || from.is_traced())
    throw Error("[copy_] expected values, received a tensor of a traced "
                "function, which is over",
                location);
  if (GradMode::is_enabled() && (to.requires_grad || from.requires_grad)) {
    if (to.requires_grad && !to.grad_fn)
      throw Error("[copy_] a leaf that requires grad can't be changed in place "
                  "(use a NoGradGuard)",
                  location);
    if (to.type.shape != from.type.shape || to.is_view)
      throw Error("[copy_] a view can't be changed in place where gradients "
                  "are recorded",
                  location);
    to.requires_grad = from.requires_grad;
    to.grad_fn = from.grad_fn;
    to.output_index = from.output_index;
  }
  LocationScope scope(location);
  // The value may be a view of the target.
  Tensor source = from.storage == to.storage ? value.clone(location) : value;
  copy_elements(*source.impl(), to);
  ++to.storage->version;
}

void EagerExecutor::backward(const Tensor &root, const Tensor &seed,
                             Location location) {
  backward(root, seed, {}, location);
}

void EagerExecutor::backward(const Tensor &root, const Tensor &seed,
                             BackwardOptions options, Location location) {
  run_backward(root, seed, options, location);
}

const void *EagerExecutor::data(const Tensor &tensor, Location location) {
  const TensorImpl &impl = *tensor.impl();
  if (impl.is_traced())
    throw Error("expected values, received a tensor of a traced function, "
                "which is over",
                location);
  if (!impl.storage)
    throw Error("a tensor that this gradient needs was changed in place after "
                "it was used",
                location);
  return address(impl);
}

/// The default for every thread, from when the library is loaded.
static const bool registered = [] {
  static EagerExecutor executor;
  Executor::set_default(&executor);
  return true;
}();

} // namespace tensorc::eager
