//===- Tracer.h - Records one function of a model ---------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FRONTEND_TRACER_H
#define TENSORC_COMPILER_FRONTEND_TRACER_H

#include "compiler/support/GraphExecutor.h"

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Block.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <map>
#include <string>
#include <vector>

namespace tensorc::compiler {

/// An eager tensor that outlives a call of the model's functions.
struct StateTensor {
  std::string name; ///< `conv1.weight`
  std::string role; ///< `parameter`, `buffer` or `optimizer`
  Tensor tensor;
};

/// Records a function into a block: gives state tensors arguments, makes
/// in-place updates and views functional, and turns `backward()` into
/// `graph.gradients`. What the function did to eager tensors (gradients, flags)
/// is undone when the tracer dies.
///
/// As the eager tape does, it tracks which tensors require a gradient, and
/// when. In tracked ops, a leaf has a value that nothing else has: the one it
/// holds, or, where something was made of that before the leaf required a
/// gradient, a `graph.detach` of it. What is made of the leaf untracked after
/// that (under `NoGradGuard`, or while it requires none again) passes a
/// `graph.detach` before it meets tracked work.
class Tracer : public GraphExecutor {
public:
  /// `inputs` arguments of `block` exist already; those of the state used
  /// follow, in the order of `state`, which must outlive the tracer.
  Tracer(mlir::OpBuilder &builder, mlir::Block &block,
         const std::vector<StateTensor> &state);
  ~Tracer() override;

  mlir::Value unwrap(const Tensor &tensor,
                     const SourceLocation &location) override;
  std::vector<Tensor> execute(const OpCall &call) override;
  void assign(Tensor &target, const Tensor &value,
              SourceLocation location) override;
  void follow(const Tensor &view) override;
  void backward(const Tensor &root, const Tensor &seed,
                const BackwardOptions &options,
                SourceLocation location) override;
  const void *data(const Tensor &tensor, SourceLocation location) override;

  /// State that the function used, in the order of its arguments.
  struct UsedState {
    const StateTensor *state;
    mlir::Value argument;
    mlir::Value current; ///< differs from `argument` where it was updated
  };
  std::vector<UsedState> usedState() const;

protected:
  mlir::Value capture(const Tensor &tensor,
                      const SourceLocation &location) override;

private:
  /// How a traced tensor shares the elements of another one.
  struct View {
    std::weak_ptr<TensorImpl> self;
    Tensor base;
    const OpInfo *info;
    Attributes attributes;
    /// Where the elements are in the base; null for one that is the base but
    /// for gradients.
    mlir::Operation *indexing;
    unsigned version; ///< of the base, when `self` was last computed
    bool gradMode;    ///< whether gradients were recorded when it was made
    uint64_t seen;    ///< how many writes there were when it was looked at
  };
  /// Where a view's elements lie along one dimension of its base: at `start`,
  /// or, each `step` apart, along a dimension of the view.
  struct Place {
    std::optional<unsigned> dim;
    int64_t start, step;
  };
  /// For each dimension of the base; none where elements share a place or
  /// dimensions of the view one of the base.
  static std::optional<std::vector<Place>>
  placesOf(mlir::AffineMap map, llvm::ArrayRef<int64_t> shape);
  /// A tensor with `requires_grad` that no tracked op made, as one used it.
  struct Leaf {
    std::shared_ptr<TensorImpl> impl;
    mlir::Value held;  ///< the tensor's own
    mlir::Value value; ///< what tracked ops have for it: the same, or cut off
  };

  View *findView(const Tensor &tensor);
  /// Notes that `result` of `call` shares memory with its operand in eager
  /// mode, where it does.
  void noteView(const Tensor &result, const OpCall &call);
  /// Recomputes a view whose base was updated since.
  void refresh(const Tensor &tensor, const SourceLocation &location);
  /// The same for one whose base is up to date.
  void followBase(const Tensor &tensor, const SourceLocation &location);
  /// Updates what `view` is a view of, so that it shows `value`.
  void writeThrough(const View &view, const Tensor &value,
                    const SourceLocation &location);
  /// `base` with `value` in its places.
  Tensor place(const Tensor &base, const std::vector<Place> &places,
               const Tensor &value, const SourceLocation &location);
  Tensor scatter(const View &view, const Tensor &value,
                 const SourceLocation &location);
  /// `base`, made of `value` too, which is empty.
  Tensor untouched(const Tensor &base, const Tensor &value,
                   const SourceLocation &location);
  /// Gives a tensor another value, for all who share it.
  void rebind(const Tensor &target, mlir::Value value,
              const SourceLocation &location);
  /// The operand of a differentiable op: a leaf is noted, and what requires no
  /// gradient is cut off where a path leads to it.
  Tensor tracked(const Tensor &tensor, const SourceLocation &location);
  Tensor cut(const Tensor &tensor, const SourceLocation &location);
  /// Whether `value` is made of what is a leaf by now.
  bool isReached(mlir::Value value) const;
  Tensor perform(std::string_view name, const std::vector<Tensor> &operands,
                 Attributes attributes, const SourceLocation &location);
  /// The leaves that paths from `root` lead to, in the order of `leaves`,
  /// whether they require a gradient by now or not.
  std::vector<Leaf> reachedLeaves(mlir::Value root) const;
  void accumulate(const std::shared_ptr<TensorImpl> &leaf,
                  const Tensor &gradient, const SourceLocation &location);
  /// Remembers what is to be restored in an eager tensor.
  void save(const std::shared_ptr<TensorImpl> &impl);

  mlir::Block &block;
  const std::vector<StateTensor> &state;
  llvm::DenseMap<const TensorImpl *, size_t> stateIndex;
  llvm::DenseMap<const Storage *, size_t> stateStorage;
  std::map<size_t, UsedState> used; ///< by index in `state`
  llvm::DenseMap<const TensorImpl *, std::pair<Tensor, mlir::Value>> constants;

  llvm::DenseMap<const TensorImpl *, View> views;
  llvm::DenseMap<const TensorImpl *, unsigned> versions;
  uint64_t writes = 0; ///< in-place ones so far

  /// Values that gradient flows through to some leaf.
  llvm::DenseSet<mlir::Value> derived;
  /// Values that depend on a leaf, but only through untracked work.
  llvm::DenseSet<mlir::Value> hidden;
  std::vector<Leaf> leaves; ///< in the order of their first use
  llvm::DenseSet<mlir::Value> leafValues;
  /// In `leaves`, by the tensor and what it holds.
  llvm::DenseMap<std::pair<const TensorImpl *, mlir::Value>, size_t> leafIndex;

  struct Saved {
    std::shared_ptr<TensorImpl> impl;
    bool requiresGrad;
    std::shared_ptr<TensorImpl> grad;
    std::shared_ptr<Node> history;
  };
  std::vector<Saved> saved;
  llvm::DenseSet<const TensorImpl *> savedImpls;
};

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_FRONTEND_TRACER_H
