//===- Lifetimes.cpp - Who reads and writes what --------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/memory/Lifetimes.h"

using namespace mlir;

namespace tensorc::compiler::memory {

Value baseOf(Value buffer) {
  while (auto view = buffer.getDefiningOp<kernel::ReinterpretOp>())
    buffer = view.getSource();
  return buffer;
}

SmallVector<kernel::LaunchOp> launchesOf(kernel::ProgramOp program) {
  return llvm::to_vector(program.getBody().getOps<kernel::LaunchOp>());
}

llvm::MapVector<Value, Lifetime>
lifetimesOf(ArrayRef<kernel::LaunchOp> launches) {
  llvm::MapVector<Value, Lifetime> lifetimes;
  for (auto [number, launch] : llvm::enumerate(launches))
    for (Value operand : launch->getOperands()) {
      unsigned now = number;
      auto [it, isNew] =
          lifetimes.insert({baseOf(operand), Lifetime{now, now}});
      it->second.last = now;
    }
  return lifetimes;
}

/// The structured op of the launched kernel, if it is a generic one.
static kernel::GenericOp genericOf(kernel::LaunchOp launch,
                                   SymbolTable &symbols) {
  auto function = symbols.lookup<kernel::FuncOp>(launch.getKernel());
  if (!function)
    return {};
  auto generics = function.getBody().getOps<kernel::GenericOp>();
  return generics.empty() ? kernel::GenericOp() : *generics.begin();
}

bool canWriteOver(kernel::LaunchOp launch, unsigned output, Value buffer,
                  SymbolTable &symbols) {
  kernel::GenericOp generic = genericOf(launch, symbols);
  if (!generic)
    return false;
  SmallVector<AffineMap> maps = generic.getIndexingMapsArray();
  unsigned inputs = launch.getInputs().size();
  AffineMap written = maps[inputs + output];
  Type type = launch.getOutputs()[output].getType();
  for (auto [index, input] : llvm::enumerate(launch.getInputs()))
    if (baseOf(input) == buffer &&
        (maps[index] != written || input.getType() != type))
      return false;
  // A kernel that reduces goes over a row several times, and has rows and whole
  // tensors as outputs at different times.
  auto usesReduced = [&](AffineMap map) {
    return llvm::any_of(generic.getReductionDims(),
                        [&](int64_t dim) { return map.isFunctionOfDim(dim); });
  };
  return llvm::all_of(ArrayRef(maps).drop_front(inputs), [&](AffineMap map) {
    return usesReduced(map) == usesReduced(written);
  });
}

bool isCopy(kernel::LaunchOp launch, SymbolTable &symbols) {
  kernel::GenericOp generic = genericOf(launch, symbols);
  if (!generic || generic.getInputs().size() != 1 ||
      generic.getOutputs().size() != 1)
    return false;
  SmallVector<AffineMap> maps = generic.getIndexingMapsArray();
  Block *body = generic.getBlock();
  return maps[0].isIdentity() && maps[1].isIdentity() &&
         llvm::hasSingleElement(*body) &&
         body->getTerminator()->getOperand(0) == body->getArgument(0);
}

bool canFail(kernel::LaunchOp launch, SymbolTable &symbols) {
  auto function = symbols.lookup<kernel::FuncOp>(launch.getKernel());
  return function &&
         function.walk([](scalar::CheckOp) { return WalkResult::interrupt(); })
             .wasInterrupted();
}

bool isState(Value buffer) {
  auto argument = dyn_cast<BlockArgument>(baseOf(buffer));
  if (!argument)
    return false;
  auto program = cast<kernel::ProgramOp>(argument.getOwner()->getParentOp());
  auto role = program.getArgAttrOfType<StringAttr>(argument.getArgNumber(),
                                                   "kernel.role");
  return role && role != "input" && role != "output" && role != "workspace";
}

} // namespace tensorc::compiler::memory
