//===- executor.h - Who performs an op --------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_EXECUTOR_H
#define TENSORC_EXECUTOR_H

#include "tensorc/op.h"
#include "tensorc/tensor.h"

#include <vector>

namespace tensorc {

/// What a backward pass leaves behind.
struct BackwardOptions {
  bool retain_graph = false; ///< it can be run again
  bool create_graph = false; ///< the gradients can be differentiated
};

/// Performs ops: at once (eager), or by recording them (tracing, autodiff).
/// One is current per thread; not thread-safe in itself.
class Executor {
public:
  virtual ~Executor();

  /// Performs `call`; result types follow from `call.info.infer`. Autograd
  /// bookkeeping is the executor's (the eager one keeps a tape; the recording
  /// one only marks `requires_grad`).
  virtual std::vector<Tensor> execute(const OpCall &call) = 0;
  /// `target` gets the contents of `value` (same type), and its history: what
  /// an in-place op made of `target`.
  virtual void assign(Tensor &target, const Tensor &value,
                      SourceLocation location) = 0;
  /// `target` gets the contents of `source` (same type), as by `ops::copy`.
  virtual void copy(Tensor &target, const Tensor &source,
                    SourceLocation location);
  /// Brings a view up to what its base is now.
  virtual void follow(const Tensor &view);
  /// `tensor` on `device`. Recorded functions know no devices: there, itself.
  virtual Tensor to_device(const Tensor &tensor, Device device,
                           SourceLocation location);
  /// `root.backward(seed)`: accumulates into `.grad` of the leaves. `seed` may
  /// be undefined for a one-element root.
  virtual void backward(const Tensor &root, const Tensor &seed,
                        const BackwardOptions &options,
                        SourceLocation location) = 0;
  /// The address of a tensor's first element, on the device that it is on; an
  /// error while tracing.
  virtual const void *data(const Tensor &tensor, SourceLocation location) = 0;

  /// Whether ops are recorded, to be performed any number of times later.
  virtual bool is_recording() const { return true; }

  /// This thread's executor: the innermost `ExecutorScope`'s, else the eager
  /// one.
  static Executor &current();
  /// Who knows the history of `tensor`: this thread's executor where that is
  /// traced, else the process-wide default.
  static Executor &of(const Tensor &tensor);
  /// Makes the process-wide default (libtensorc's eager executor registers
  /// itself).
  static void set_default(Executor *executor);
};

/// Makes an executor current for this thread while it lives.
class ExecutorScope {
public:
  explicit ExecutorScope(Executor &executor);
  ~ExecutorScope();
  ExecutorScope(const ExecutorScope &) = delete;
  ExecutorScope &operator=(const ExecutorScope &) = delete;

private:
  Executor *previous_;
};

/// From now on every device means the CPU, in all of this process: for the
/// compiler, where models are defined and traced, whatever they will run on.
void ignore_devices();

} // namespace tensorc

#endif // TENSORC_EXECUTOR_H
