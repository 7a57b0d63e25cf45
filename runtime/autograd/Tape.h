//===- Tape.h - What eager mode remembers for backward ----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_AUTOGRAD_TAPE_H
#define TENSORC_RUNTIME_AUTOGRAD_TAPE_H

#include "tensorc/error.h"
#include "tensorc/executor.h"
#include "tensorc/op.h"
#include "tensorc/tensor.h"

namespace tensorc {

/// A tensor as it was when an op used it. Later in-place writes through the
/// tensor don't change which step it came from, and those to its storage are
/// noticed. Not a view, whatever the tensor was: a base owns the steps that
/// wrote to it, and these own what they saved.
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
  /// Of the storage, at that time.
  std::uint64_t version() const { return version_; }
  /// Lets go of the elements. Where the gradient goes stays known.
  void release();

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
  /// Of the results' storage when they were made: what is read with another
  /// one isn't what this step made any more.
  std::uint64_t version = 0;
  bool released = false; ///< a backward pass has freed the elements
};

/// Says on the tape that `target` becomes `value`, which an op made and has
/// recorded. A view's base goes on from a new step, which puts `value` in
/// place; the view, and others of the base, follow when they are next looked
/// at. `Error` where `target` must not be written to.
void record_write(const Tensor &target, const Tensor &value, Location location);
/// Has a view come from what its base is now, if that was written to since.
void follow_base(TensorImpl &view);
/// What `as_strided` and `as_strided_scatter` need of their operands, beside
/// the attributes that `record_write` gives them: `tensor` in memory that is
/// laid out by `strides`, as a copy where it isn't already or `copy` says so.
Tensor laid_out(const Tensor &tensor, const std::vector<std::int64_t> &strides,
                bool copy);

/// An op was asked of a tensor whose elements a backward pass has freed.
struct FreedError : Error {
  using Error::Error;
};

/// Differentiates `root` by the tape, in the reverse order of its steps, and
/// adds to the `.grad` of the leaves.
void run_backward(const Tensor &root, const Tensor &seed,
                  const BackwardOptions &options, Location location);

} // namespace tensorc

#endif // TENSORC_RUNTIME_AUTOGRAD_TAPE_H
