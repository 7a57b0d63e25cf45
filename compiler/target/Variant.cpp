//===- Variant.cpp - The module of one target -----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/target/Variant.h"

using namespace mlir;
using namespace tensorc;

static StringRef targetOf(ModuleOp module) {
  auto name = module->getAttrOfType<StringAttr>(target::targetAttribute);
  return name ? name.getValue() : StringRef();
}

const target::Cpu *target::cpuOf(ModuleOp module) {
  return findCpu(targetOf(module));
}

const target::Gpu *target::gpuOf(ModuleOp module) {
  StringRef name = targetOf(module);
  return name.consume_front(gpuPrefix) ? findGpu(name) : nullptr;
}
