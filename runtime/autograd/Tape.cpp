//===- Tape.cpp - What eager mode remembers for backward ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/autograd/Tape.h"
#include "tensorc/views.h"

#include <atomic>
#include <cctype>

namespace tensorc {

/// `tensor` with the history that it has by now.
static const TensorImpl &up_to_date(const Tensor &tensor) {
  (void)tensor.requires_grad();
  return *tensor.impl();
}

SavedTensor::SavedTensor(const Tensor &tensor) : snapshot_(up_to_date(tensor)) {
  // The gradient is the tensor's own affair; keeping it would keep its memory.
  snapshot_.grad = nullptr;
  snapshot_.base = nullptr;
  if (snapshot_.requires_grad && !snapshot_.grad_fn)
    leaf_ = tensor.impl();
  if (snapshot_.storage)
    version_ = snapshot_.storage->version;
}

Tensor SavedTensor::unpack() const {
  bool fresh = !snapshot_.storage || snapshot_.storage->version == version_;
  if (fresh && leaf_ && !snapshot_.freed)
    return Tensor(leaf_);
  auto impl = std::make_shared<TensorImpl>(snapshot_);
  if (!fresh)
    impl->storage = nullptr;
  return Tensor(std::move(impl));
}

void SavedTensor::release() {
  snapshot_.storage = nullptr;
  snapshot_.freed = true;
}

Node::Node(const OpCall &call, std::vector<TensorType> results)
    : info(call.info), attributes(call.attributes), location(call.location),
      results(std::move(results)) {
  static std::atomic<std::uint64_t> count{0};
  sequence = count++;
  for (const Tensor &operand : call.operands)
    operands.emplace_back(operand);
}

/// Freed one after the other: a chain of a million steps would overflow the
/// stack if each freed the one before it.
Node::~Node() {
  static thread_local std::vector<std::vector<SavedTensor>> *pending = nullptr;
  if (pending) {
    pending->push_back(std::move(operands));
    return;
  }
  std::vector<std::vector<SavedTensor>> list;
  pending = &list;
  list.push_back(std::move(operands));
  while (!list.empty()) {
    std::vector<SavedTensor> next = std::move(list.back());
    list.pop_back();
    next.clear();
  }
  pending = nullptr;
}

std::string Node::name() const {
  std::string result;
  bool upper = true;
  for (char c : info.name) {
    if (c != '_')
      result += upper ? char(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = c == '_';
  }
  return result + "Backward0";
}

void mark_made(const Tensor &result, const OpCall &call) {
  TensorImpl &impl = *result.impl();
  impl.requires_grad = true;
  impl.grad_fn = std::make_shared<Node>(
      OpCall(call.info, {}, {}, call.location), std::vector<TensorType>());
}

std::string Tensor::grad_fn_name() const {
  return is_leaf() ? "" : checked().grad_fn->name();
}

} // namespace tensorc
