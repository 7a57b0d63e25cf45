//===- Ways.h - All ways to compute graph functions -------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_OPS_WAYS_H
#define TENSORC_TESTS_OPS_WAYS_H

#include "tensorc/tensor.h"

#include "mlir/IR/BuiltinOps.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace tensorc::test {

/// Tensors for each function, by its name.
using Values = std::map<std::string, TensorList>;

/// One way to compute what the functions of a module return. Diagnostics go to
/// the context's handler.
struct Way {
  std::string name; ///< `compiled for x86-64-v3 at -O0`
  /// Whether constants are part of the functions; else they are the arguments.
  bool folded;
  std::function<llvm::FailureOr<Values>(mlir::ModuleOp,
                                        const Values &arguments)>
      run;
};

/// Eager mode; the reference interpreter on fused kernels; and machine code for
/// each CPU of this machine, without and with optimization, and of constants.
std::vector<Way> allWays();

} // namespace tensorc::test

#endif // TENSORC_TESTS_OPS_WAYS_H
