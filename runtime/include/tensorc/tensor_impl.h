//===- tensor_impl.h - What a Tensor points to ------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TENSOR_IMPL_H
#define TENSORC_TENSOR_IMPL_H

#include "tensorc/device.h"
#include "tensorc/tensor_type.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace tensorc {

/// Memory that tensors share, of the device that they are on. Made by
/// `make_unset` and `from_blob` (runtime/core).
struct Storage {
  Storage() = default;
  Storage(const Storage &) = delete;
  Storage &operator=(const Storage &) = delete;
  ~Storage();

  void *data = nullptr; ///< aligned to `TENSORC_ALIGNMENT` when owned
  std::size_t bytes = 0;
  std::uint64_t version = 0;   ///< counts in-place writes
  std::size_t block = 0;       ///< of the host's memory: what goes back
  std::shared_ptr<void> owner; ///< of other memory; null: the caller
};

class Tensor;
/// A step of the eager tape; see runtime/autograd.
struct Node;

/// What several `Tensor`s may share. Eager tensors have `storage`; traced ones
/// have `value`, which only the recording executor understands.
struct TensorImpl {
  TensorType type;
  // Eager: element (i, j, …) is at `offset + Σ i * strides`, in elements.
  std::shared_ptr<Storage> storage;
  std::int64_t offset = 0;
  std::vector<std::int64_t> strides;
  Device device; ///< where the storage is
  // Traced: an opaque handle (an mlir::Value) and the executor it belongs to;
  // `strides` are what they would be in eager mode, as `SymInt::raw()` has
  // them; none where a size is `?`.
  void *value = nullptr;
  const void *owner = nullptr;
  // Views: the tensor whose memory this shows, never a view itself. Null where
  // the memory is its own, and for `detach()`, which cuts this tie too.
  std::shared_ptr<TensorImpl> base;
  // Autograd. Of a view what is here is of the time when `history` was its
  // base's: ask the `Tensor`, which looks.
  bool requires_grad = false;
  bool untracked = false; ///< a view that was made under `NoGradGuard`
  bool freed = false;     ///< no storage, for a backward pass has freed it
  std::shared_ptr<TensorImpl> grad;
  std::shared_ptr<Node> grad_fn;
  std::size_t output_index = 0; ///< which result of `grad_fn` this is
  std::uint64_t history = 0;    ///< counts in-place writes that were recorded

  bool is_traced() const { return value != nullptr; }
};

/// The elements of an eager tensor in row-major order, wherever it is.
std::vector<char> dense_bytes(const Tensor &tensor);

} // namespace tensorc

#endif // TENSORC_TENSOR_IMPL_H
