//===- SideBySide.cpp - Ops of a module, several at a time ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/support/SideBySide.h"

#include "mlir/IR/OwningOpRef.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/IR/Threading.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;

namespace tensorc::compiler {

/// Into how many modules at most.
static constexpr int64_t maxGroups = 4;
/// Fewer ops than this aren't worth a module.
static constexpr int64_t opsPerGroup = 2;

static int64_t sizeOf(Operation *whole) {
  int64_t size = 0;
  whole->walk([&](Operation *) { ++size; });
  return size;
}

/// Moves the ops to modules like `module`, neighbours together.
static SmallVector<OwningOpRef<ModuleOp>> share(ModuleOp module,
                                                ArrayRef<Operation *> ops) {
  SmallVector<int64_t> sizes = llvm::map_to_vector(ops, sizeOf);
  int64_t total = llvm::sum_of(sizes, int64_t(0)), begin = 0;
  int64_t count =
      std::clamp<int64_t>(int64_t(ops.size()) / opsPerGroup, 1, maxGroups);
  SmallVector<OwningOpRef<ModuleOp>> groups;
  for (int64_t i = 0; i < count; ++i) {
    groups.push_back(cast<ModuleOp>(module->cloneWithoutRegions()));
    groups.back()->getBodyRegion().emplaceBlock();
  }
  for (auto [op, size] : llvm::zip_equal(ops, sizes)) {
    // Where its middle falls.
    Block *body = groups[(begin + size / 2) * count / total]->getBody();
    op->moveBefore(body, body->end());
    begin += size;
  }
  return groups;
}

LogicalResult
transformSideBySide(ModuleOp module, ArrayRef<Operation *> ops,
                    function_ref<LogicalResult(ModuleOp)> transform) {
  if (ops.empty())
    return success();
  auto nameOf = [](Operation *op) {
    return op->getAttrOfType<StringAttr>(SymbolTable::getSymbolAttrName());
  };
  llvm::DenseSet<StringAttr> moved, known;
  for (Operation *op : ops)
    moved.insert(nameOf(op));
  OpBuilder b(ops.front());
  auto place = ModuleOp::create(b, module.getLoc());
  SmallVector<OwningOpRef<ModuleOp>> groups = share(module, ops);
  LogicalResult result =
      failableParallelForEach(module.getContext(), groups,
                              [&](auto &group) { return transform(*group); });
  for (Operation &op : *module.getBody())
    known.insert(nameOf(&op));
  SmallVector<Operation *> added;
  for (OwningOpRef<ModuleOp> &group : groups)
    for (Operation &op : llvm::make_early_inc_range(*group->getBody())) {
      if (moved.contains(nameOf(&op)))
        op.moveBefore(place);
      else if (known.insert(nameOf(&op)).second)
        added.push_back(&op);
    }
  place.erase();
  for (Operation *op : llvm::reverse(added))
    op->moveBefore(&module.getBody()->front());
  return result;
}

} // namespace tensorc::compiler
