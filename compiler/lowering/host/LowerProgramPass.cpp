//===- LowerProgramPass.cpp - Programs to host code, as a pass ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/host/LowerProgram.h"
#include "compiler/lowering/host/Passes.h"
#include "compiler/target/Variant.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;

namespace tensorc::compiler {

#define GEN_PASS_DEF_LOWERPROGRAMPASS
#include "compiler/lowering/host/Passes.h.inc"

namespace {

struct LowerProgramPass : impl::LowerProgramPassBase<LowerProgramPass> {
  void runOnOperation() override {
    if (target::isVariant(getOperation()) && !target::cpuOf(getOperation()))
      return;
    FailureOr<StateLayout> state = layoutState(getOperation());
    if (failed(state) || failed(lowerPrograms(getOperation(), *state)))
      signalPassFailure();
  }
};

} // namespace

} // namespace tensorc::compiler
