//===- Simplify.cpp - The order of simplification -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/simplify/Passes.h"

#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace tensorc::compiler {

void buildSimplifyPipeline(OpPassManager &pm) {
  // Before decomposition: fewer composites to take apart.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createDecomposePass());
  // Canonicalization also drops what nothing uses.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void registerSimplifyPipeline() {
  PassPipelineRegistration<>(
      "tensorc-simplify",
      "Bring a differentiated graph module into the form that fusion takes",
      buildSimplifyPipeline);
}

} // namespace tensorc::compiler
