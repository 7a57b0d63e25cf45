//===- tensor_impl.h - What a Tensor points to ------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TENSOR_IMPL_H
#define TENSORC_TENSOR_IMPL_H

#include "tensorc/device.h"
#include "tensorc/op.h"

#include <memory>
#include <vector>

namespace tensorc {

/// Memory that tensors share, of the device that they are on.
struct Storage {
  std::shared_ptr<void> data; ///< aligned to `TENSORC_ALIGNMENT` when owned
  std::size_t bytes = 0;
  std::uint64_t version = 0; ///< counts in-place writes
};

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
  Device device;        ///< where the storage is
  bool is_view = false; ///< made as a view of another tensor's storage
  // Traced: an opaque handle (an mlir::Value) and the executor it belongs to.
  void *value = nullptr;
  const void *owner = nullptr;
  // Autograd.
  bool requires_grad = false;
  std::shared_ptr<TensorImpl> grad;
  std::shared_ptr<Node> grad_fn;
  std::size_t output_index = 0; ///< which result of `grad_fn` this is

  bool is_traced() const { return value != nullptr; }
};

/// The elements of an eager tensor in row-major order, wherever it is.
std::vector<char> dense_bytes(const Tensor &tensor);

} // namespace tensorc

#endif // TENSORC_TENSOR_IMPL_H
