//===- GraphExecutor.h - Records ops as graph ops ---------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_SUPPORT_GRAPHEXECUTOR_H
#define TENSORC_COMPILER_SUPPORT_GRAPHEXECUTOR_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/Location.h"
#include "mlir/IR/Value.h"
#include "tensorc/executor.h"
#include "tensorc/tensor.h"
#include "tensorc/tensor_impl.h"

#include "tensorc/location.h"
#include <memory>
#include <optional>
#include <vector>

namespace tensorc::compiler {

/// Where the user's line is, as MLIR says it; unknown without a line.
mlir::Location toLocation(mlir::MLIRContext *context,
                          const SourceLocation &location);

/// The executor that performs an op by building the `graph` op of that name at
/// its builder's insertion point. Tensors that it returns are *traced*: they
/// hold an `mlir::Value` and nothing else.
///
/// Eager tensors may be operands; they become `graph.constant`s. Gradient rules
/// and decompositions run under this class as it is; the frontend's tracer adds
/// what state means. Not thread-safe. Must outlive the tensors it made.
class GraphExecutor : public Executor {
public:
  /// Every op gets the location `location`, or, without one, the location of
  /// the call that asked for it.
  explicit GraphExecutor(mlir::OpBuilder &builder,
                         std::optional<mlir::Location> location = {});

  /// A traced tensor for `value`, whose type must be a ranked tensor of an
  /// element type that tensorc has.
  Tensor wrap(mlir::Value value);
  /// The value of a traced tensor of this executor, or a constant with the
  /// contents of an eager one. Throws `Error` for a tensor of another trace.
  virtual mlir::Value unwrap(const Tensor &tensor,
                             const SourceLocation &location);

  /// Throws `Error` where the op's operands don't fit.
  std::vector<Tensor> execute(const OpCall &call) override;
  void assign(Tensor &target, const Tensor &value,
              SourceLocation location) override;
  void backward(const Tensor &root, const Tensor &seed,
                const BackwardOptions &options,
                SourceLocation location) override;
  /// Always throws `Error` for a traced tensor.
  const void *data(const Tensor &tensor, SourceLocation location) override;

protected:
  /// The value that stands for an eager tensor; here, a constant.
  virtual mlir::Value capture(const Tensor &tensor,
                              const SourceLocation &location);
  mlir::Location locationOf(const SourceLocation &location) const;

  mlir::OpBuilder &builder;

private:
  std::optional<mlir::Location> fixedLocation;
  /// What the tensors of this executor carry: no other one ever has the same,
  /// not even at the same address after this one is gone.
  const void *identity;
};

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_SUPPORT_GRAPHEXECUTOR_H
