//===- Tape.h - What eager mode remembers for backward ----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_AUTOGRAD_TAPE_H
#define TENSORC_RUNTIME_AUTOGRAD_TAPE_H

#include "tensorc/tensor.h"

namespace tensorc {

/// A tensor as it was when an op used it. Later in-place writes through the
/// tensor don't change which step it came from, and those to its storage are
/// noticed.
class SavedTensor {
public:
  SavedTensor() = default;
  explicit SavedTensor(const Tensor &tensor);

  const TensorImpl &snapshot() const { return snapshot_; }
  bool requires_grad() const { return snapshot_.requires_grad; }
  /// The tensor itself, if it was a leaf that wants a gradient.
  Tensor leaf() const { return Tensor(leaf_); }
  /// The tensor to differentiate with. Where its elements were overwritten
  /// meanwhile it has none: only a rule that uses them fails.
  Tensor unpack() const;

private:
  TensorImpl snapshot_;
  std::shared_ptr<TensorImpl> leaf_;
  std::uint64_t version_ = 0;
};

/// A step of the tape: an op that was performed on tensors of which one wants a
/// gradient. Owns what the gradient rule may need, and by that the steps before
/// it.
struct Node {
  Node(const OpCall &call, std::vector<TensorType> results);
  ~Node();
  Node(const Node &) = delete;
  Node &operator=(const Node &) = delete;

  /// `AddBackward0`.
  std::string name() const;

  const OpInfo &info;
  std::vector<SavedTensor> operands;
  Attributes attributes;
  Location location;
  std::vector<TensorType> results;
  std::uint64_t sequence; ///< rises with every step of the program
  bool released = false;  ///< a backward pass has freed `operands`
};

struct BackwardOptions {
  bool retain_graph = false;
  bool create_graph = false;
};

/// Differentiates `root` by the tape, in the reverse order of its steps, and
/// adds to the `.grad` of the leaves.
void run_backward(const Tensor &root, const Tensor &seed,
                  BackwardOptions options, Location location);

} // namespace tensorc

#endif // TENSORC_RUNTIME_AUTOGRAD_TAPE_H
