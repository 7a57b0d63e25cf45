//===- EagerExecutor.cpp - Performs ops at once ---------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eager/EagerExecutor.h"
#include "runtime/autograd/MemoryOps.h"
#include "runtime/autograd/Tape.h"
#include "runtime/core/Dense.h"
#include "runtime/core/Operands.h"
#include "runtime/core/Range.h"
#include "runtime/core/Sizes.h"
#include "runtime/eager/Compute.h"
#include "tensorc/functions.h"
#include "tensorc/views.h"

#include <algorithm>

namespace tensorc::eager {

/// A handle of its own for the values of `tensor`, without its history.
static Tensor alias(const Tensor &tensor) {
  Tensor result = make_view(tensor, tensor.shape(), tensor.strides(),
                            tensor.impl()->offset);
  result.impl()->base = nullptr;
  return result;
}

/// The result of an op that gives no view, with memory of its own.
static Tensor own(const Tensor &result, const OpCall &call) {
  for (const Tensor &operand : call.operands)
    if (operand.impl()->storage == result.impl()->storage) {
      Tensor copy = make_unset(result.type(), result.device());
      copy_elements(*result.impl(), *copy.impl());
      return copy;
    }
  // One that was made on the way is the user's alone, but for who made it.
  if (result.impl().use_count() > 1)
    return alias(result);
  result.impl()->base = nullptr;
  result.impl()->untracked = false;
  return result;
}

/// For a tensor without memory.
[[noreturn]] static void reject_lost(std::string prefix, const Tensor &tensor,
                                     Location location) {
  if (has_symbols(tensor.shape()))
    throw Error(prefix +
                    "expected a tensor with elements, received the example " +
                    to_string(tensor.type()) +
                    ", which has none: only a call of the compiled function "
                    "says its sizes",
                location);
  if (tensor.impl()->freed)
    throw FreedError(prefix + "a tensor that this gradient needs was freed",
                     location);
  throw Error(prefix + "a tensor that this gradient needs was changed in place "
                       "after it was used",
              location);
}

static Tensor compute_kind(const OpCall &call, const TensorType &type);

/// An op whose kernels are for the types that are computed in: those of other
/// operands between conversions.
static Tensor compute_converted(const OpCall &call, const TensorType &type) {
  if (std::all_of(call.operands.begin(), call.operands.end(),
                  [](const Tensor &operand) {
                    return info_of(operand.dtype()).kernel == operand.dtype();
                  }))
    return compute_kind(call, type);
  std::vector<Tensor> operands;
  for (const Tensor &operand : call.operands)
    operands.push_back(
        converted(operand, info_of(operand.dtype()).kernel, call.location));
  OpCall wide(call.info, operands, call.attributes, call.location);
  Tensor result = compute_kind(wide, infer_results(wide)[0]);
  // The maximum of a window that is all padding is the wide type's least.
  if (call.info.kind == OpKind::Window && !is_floating_point(type.dtype))
    result = maximum(result, least_of(type.dtype));
  return converted(result, type.dtype, call.location);
}

static Tensor compute_kind(const OpCall &call, const TensorType &type) {
  switch (call.info.kind) {
  case OpKind::Reduction:
    return reduce(call, type);
  case OpKind::Contraction:
    return contract(call, type);
  default:
    return pool(call, type);
  }
}

static std::vector<Tensor> compute(const OpCall &call,
                                   const std::vector<TensorType> &types) {
  switch (call.info.kind) {
  case OpKind::Composite:
    return decompose(call.info, {call.operands, call.attributes});
  case OpKind::Movement:
    return {move_elements(call, types[0])};
  case OpKind::Creation:
    return {create(call, types[0])};
  case OpKind::Elementwise:
    return {by_element(call, types[0])};
  case OpKind::Reduction:
  case OpKind::Contraction:
  case OpKind::Window:
    return {compute_converted(call, types[0])};
  case OpKind::Request:
    break;
  }
  throw Error("[" + std::string(call.info.name) +
                  "] this op is there in traced functions only",
              call.location);
}

/// The result of a call that isn't one of the quick ones.
static std::vector<Tensor> perform(const OpCall &call,
                                   const std::vector<TensorType> &types) {
  std::vector<Tensor> results;
  {
    NoGradGuard no_grad;
    DeviceGuard device(
        common_device(call.info.name, call.operands, call.location));
    results = compute(call, types);
  }
  for (Tensor &result : results) {
    if (gives_views(call.info) &&
        result.impl()->storage == call.operands[0].impl()->storage)
      result.impl()->untracked = !GradMode::is_enabled();
    else
      result = own(result, call);
  }
  return results;
}

std::vector<Tensor> EagerExecutor::execute(const OpCall &call) {
  bool recorded = false, defined = true;
  for (const Tensor &operand : call.operands) {
    if (!operand.defined()) {
      defined = false; // the op's rule has the words
      break;
    }
    if (operand.impl()->is_traced())
      throw Error(function_prefix(call.info.name) +
                      "expected values, received a tensor of a traced "
                      "function, which is over",
                  call.location);
    if (!operand.impl()->storage)
      reject_lost("[" + std::string(call.info.name) + "] ", operand,
                  call.location);
    recorded |= operand.requires_grad();
  }
  LocationScope scope(call.location);
  std::vector<Tensor> results;
  std::vector<TensorType> types;
  if (std::optional<Tensor> result =
          defined ? quick_by_element(call) : std::nullopt) {
    results.push_back(std::move(*result));
    if (recorded)
      types.push_back(results[0].type());
  } else {
    types = infer_results(call);
  }
  recorded &= GradMode::is_enabled() && call.info.gradient;
  if (recorded)
    check_tracks(call);
  if (results.empty())
    results = perform(call, types);
  if (!recorded)
    return results;
  auto node = std::make_shared<Node>(call, std::move(types));
  for (std::size_t i = 0; i < results.size(); ++i) {
    TensorImpl &impl = *results[i].impl();
    if (!is_floating_point(impl.type.dtype))
      continue;
    impl.requires_grad = true;
    impl.grad_fn = node;
    impl.output_index = i;
    node->version = impl.storage->version;
  }
  return results;
}

void EagerExecutor::assign(Tensor &target, const Tensor &value,
                           Location location) {
  TensorImpl &to = *target.impl();
  const TensorImpl &from = *value.impl();
  if (to.is_traced() || from.is_traced())
    throw Error(function_prefix("copy_") +
                    "expected values, received a tensor of a traced "
                    "function, which is over",
                location);
  for (const Tensor &tensor : {target, value})
    if (!tensor.impl()->storage)
      reject_lost(function_prefix("copy_"), tensor, location);
  if (records_write(target, value))
    record_write(target, value, location);
  LocationScope scope(location);
  NoGradGuard no_grad;
  // The value may be a view of the target.
  Tensor source = from.storage == to.storage ? value.clone(location) : value;
  copy_elements(*source.impl(), to);
  ++to.storage->version;
}

/// The step of `ops::copy`, without the copy between.
void EagerExecutor::copy(Tensor &target, const Tensor &source,
                         Location location) {
  if (!records_write(target, source))
    return assign(target, source, location);
  const Tensor operands[] = {target, source};
  OpCall call(*find_op("copy"), operands, {}, location);
  check_tracks(call);
  Tensor value = alias(source);
  value.impl()->grad_fn = std::make_shared<Node>(call, infer_results(call));
  value.impl()->requires_grad = true;
  assign(target, value, location);
}

void EagerExecutor::follow(const Tensor &view) { follow_base(*view.impl()); }

Tensor EagerExecutor::to_device(const Tensor &tensor, Device device,
                                Location location) {
  return execute(
      {to_copy(), {&tensor, 1}, {{"device", device.str()}}, location})[0];
}

void EagerExecutor::backward(const Tensor &root, const Tensor &seed,
                             const BackwardOptions &options,
                             Location location) {
  run_backward(root, seed, options, location);
}

const void *EagerExecutor::data(const Tensor &tensor, Location location) {
  const TensorImpl &impl = *tensor.impl();
  if (impl.is_traced())
    throw Error("expected values, received a tensor of a traced function, "
                "which is over",
                location);
  if (!impl.storage)
    reject_lost("", tensor, location);
  return address(impl);
}

/// The default for every thread, from when the library is loaded.
static const bool registered = [] {
  static EagerExecutor executor;
  Executor::set_default(&executor);
  return true;
}();

} // namespace tensorc::eager
