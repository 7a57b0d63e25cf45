//===- MergeKernels.cpp - One function for kernels of like code -----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/cpu/Emission.h"
#include "compiler/lowering/cpu/Passes.h"
#include "compiler/target/Tasks.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OperationSupport.h"
#include "llvm/ADT/MapVector.h"

namespace tensorc::cpu {
#define GEN_PASS_DEF_MERGEKERNELSPASS
#include "compiler/lowering/cpu/Passes.h.inc"
} // namespace tensorc::cpu

using namespace mlir;
using namespace tensorc;
using namespace tensorc::cpu;

namespace {

/// A lowered kernel and the programs' launches of it.
struct Kernel {
  func::FuncOp func;
  SmallVector<arith::ConstantOp> extents; ///< what tasks share
  SmallVector<int64_t> values;            ///< which these have been
  SmallVector<kernel::LaunchOp> launches;
};

struct MergeKernels : cpu::impl::MergeKernelsPassBase<MergeKernels> {
  void runOnOperation() override;
};

} // namespace

static void setExtent(arith::ConstantOp constant, int64_t value) {
  constant.setValueAttr(IntegerAttr::get(constant.getType(), value));
}

/// Finds the kernel's extents, and makes them 0.
static void takeExtents(Kernel &kernel) {
  kernel.func.walk([&](arith::ConstantOp constant) {
    if (!constant->removeDiscardableAttr(Emission::extentAttribute))
      return;
    kernel.extents.push_back(constant);
    kernel.values.push_back(cast<IntegerAttr>(constant.getValue()).getInt());
    setExtent(constant, 0);
  });
}

static llvm::hash_code structureOf(func::FuncOp func) {
  llvm::hash_code hash(0);
  func.walk([&](Operation *op) {
    if (op != func)
      hash = llvm::hash_combine(hash,
                                OperationEquivalence::computeHash(
                                    op, OperationEquivalence::ignoreHashValue,
                                    OperationEquivalence::ignoreHashValue,
                                    OperationEquivalence::IgnoreLocations));
  });
  return hash;
}

static bool areAlike(func::FuncOp x, func::FuncOp y) {
  auto attributes = [](func::FuncOp func) {
    NamedAttrList list(func->getDiscardableAttrDictionary());
    list.erase(target::tasksAttribute);
    return list.getDictionary(func.getContext());
  };
  return attributes(x) == attributes(y) &&
         OperationEquivalence::isRegionEquivalentTo(
             &x.getBody(), &y.getBody(), OperationEquivalence::IgnoreLocations);
}

/// Makes the first kernel's function serve all.
static void merge(MutableArrayRef<Kernel> kernels) {
  Kernel &first = kernels.front();
  bool differ = llvm::any_of(kernels, [&](const Kernel &kernel) {
    return kernel.values != first.values;
  });
  for (auto [position, constant] : llvm::enumerate(first.extents)) {
    setExtent(constant, first.values[position]);
    if (!differ)
      continue;
    OpBuilder b(constant);
    auto size = kernel::SizeOp::create(b, constant.getLoc(), b.getIndexType(),
                                       first.func.getArgument(1), position);
    constant.replaceAllUsesWith(size.getResult());
    constant.erase();
  }
  Builder b(first.func.getContext());
  for (Kernel &kernel : kernels) {
    for (kernel::LaunchOp launch : kernel.launches) {
      launch.setKernel(first.func.getSymName());
      launch->setAttr(target::tasksAttribute,
                      kernel.func->getAttr(target::tasksAttribute));
      if (differ)
        launch->setAttr("kernel.sizes", b.getDenseI64ArrayAttr(kernel.values));
    }
    if (kernel.func != first.func)
      kernel.func.erase();
  }
}

void MergeKernels::runOnOperation() {
  llvm::MapVector<StringAttr, Kernel> kernels;
  for (auto func : getOperation().getOps<func::FuncOp>())
    kernels[func.getSymNameAttr()].func = func;
  getOperation().walk([&](kernel::LaunchOp launch) {
    auto found = kernels.find(launch.getKernelAttr().getAttr());
    if (found != kernels.end())
      found->second.launches.push_back(launch);
  });

  llvm::MapVector<size_t, SmallVector<SmallVector<Kernel>>> groups;
  for (auto &[name, kernel] : kernels) {
    bool hasSizes = false;
    kernel.func.walk([&](kernel::SizeOp) { hasSizes = true; });
    if (kernel.launches.empty() || hasSizes)
      continue;
    takeExtents(kernel);
    auto &alike = groups[size_t(structureOf(kernel.func))];
    auto *group = llvm::find_if(alike, [&](SmallVector<Kernel> &group) {
      return areAlike(group.front().func, kernel.func);
    });
    if (group == alike.end()) {
      alike.emplace_back();
      group = &alike.back();
    }
    group->push_back(std::move(kernel));
  }
  for (auto &[hash, alike] : groups)
    for (SmallVector<Kernel> &group : alike)
      merge(group);
}
