//===- Specialize.cpp - The pass that puts numbers for symbols ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/support/Specialize.h"
#include "compiler/simplify/Passes.h"

using namespace mlir;

namespace tensorc::compiler {

#define GEN_PASS_DEF_SPECIALIZEPASS
#include "compiler/simplify/Passes.h.inc"

namespace {

struct SpecializePass : impl::SpecializePassBase<SpecializePass> {
  using SpecializePassBase::SpecializePassBase;

  void runOnOperation() override {
    std::optional<SymbolValues> values = parseSymbolValues(sizes);
    if (!values) {
      getOperation().emitError()
          << "expected sizes as in `B=3,S=5`, received `" << sizes << "`";
      return signalPassFailure();
    }
    if (failed(specialize(getOperation(), *values)))
      signalPassFailure();
  }
};

} // namespace

} // namespace tensorc::compiler
