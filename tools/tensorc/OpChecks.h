//===- OpChecks.h - Gradients against finite differences --------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TOOLS_TENSORC_OPCHECKS_H
#define TENSORC_TOOLS_TENSORC_OPCHECKS_H

#include "compiler/pipeline/Pipeline.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace tensorc::tool {

/// How far the gradient of one op is from a central difference.
struct OpCheck {
  std::string op;        ///< `convolution f64[64, 1, 32, 32], f64[6, 1, 3, 3]`
  double difference = 0; ///< |<∇f, v> - ∂f/∂v|, relative
  std::string failure = {}; ///< why it could not be checked
};

/// Compiles each kind of differentiable op (name, shapes, attributes) of the
/// traced `module` alone, in f64, with its gradient, and compares the gradient
/// along a random direction with a central difference of compiled code. The
/// target and optimization level are those of `options`.
llvm::Expected<std::vector<OpCheck>> checkOps(mlir::ModuleOp module,
                                              const compiler::Options &options);

} // namespace tensorc::tool

#endif // TENSORC_TOOLS_TENSORC_OPCHECKS_H
