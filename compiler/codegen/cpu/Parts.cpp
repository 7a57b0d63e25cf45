//===- Parts.cpp - A module in parts that compile side by side ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An LLVM context is one thread's. So that several threads can make one object,
// each makes an object of its part. Joining them costs little, and symbols stay
// local.
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/cpu/Parts.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::cpu;

/// How many parts a module has, however many threads there are: the object must
/// not depend on the machine that makes it.
static constexpr size_t maxParts = 4;
/// Fewer operations than this aren't worth a part.
static constexpr int64_t opsPerPart = 1500;
/// As how many operations an exchange of lanes counts: LLVM tries many ways to
/// do it.
static constexpr int64_t opsPerShuffle = 10;
/// Objects of several parts have fewer sections than need longer numbers. A
/// symbol has one, and one for its relocations.
static constexpr size_t maxSymbols = 16000;

namespace {
struct Contents {
  int64_t work = 0; // in operations
  bool hasGlobals = false;
  llvm::SetVector<StringAttr> functions; // that it calls or passes on
};
} // namespace

static Contents contentsOf(Operation *whole, const SymbolTable &symbols) {
  Contents result;
  whole->walk([&](Operation *op) {
    result.work += isa<LLVM::ShuffleVectorOp>(op) ? opsPerShuffle : 1;
    FlatSymbolRefAttr name;
    if (auto call = dyn_cast<LLVM::CallOp>(op))
      name = call.getCalleeAttr();
    else if (auto address = dyn_cast<LLVM::AddressOfOp>(op))
      name = address.getGlobalNameAttr();
    if (!name)
      return;
    if (symbols.lookup<LLVM::LLVMFuncOp>(name.getAttr()))
      result.functions.insert(name.getAttr());
    else
      result.hasGlobals = true;
  });
  return result;
}

/// Into how many parts, and where each function goes: those with globals to the
/// first, then the largest first, each to where there is least.
static std::pair<size_t, SmallVector<size_t>>
distribute(ArrayRef<Contents> contents) {
  int64_t total = 0, fixed = 0;
  SmallVector<size_t> order, partOf(contents.size(), 0);
  for (auto [i, of] : llvm::enumerate(contents)) {
    total += of.work;
    if (of.hasGlobals)
      fixed += of.work;
    else
      order.push_back(i);
  }
  size_t count = std::clamp<size_t>(size_t(total / opsPerPart), 1, maxParts);
  llvm::stable_sort(order, [&](size_t x, size_t y) {
    return contents[x].work > contents[y].work;
  });
  SmallVector<int64_t> load(count, 0);
  load.front() = fixed;
  for (size_t i : order) {
    partOf[i] = size_t(llvm::min_element(load) - load.begin());
    load[partOf[i]] += contents[i].work;
  }
  return {count, std::move(partOf)};
}

ModuleParts::ModuleParts(ModuleOp module) : module(module) {
  for (Operation &op : *module.getBody())
    before.push_back(&op);
  if (before.size() > maxSymbols)
    return;
  SymbolTable symbols(module);
  SmallVector<LLVM::LLVMFuncOp> funcs;
  for (auto func : module.getOps<LLVM::LLVMFuncOp>())
    if (!func.isExternal())
      funcs.push_back(func);
  SmallVector<Contents> contents;
  for (LLVM::LLVMFuncOp func : funcs)
    contents.push_back(contentsOf(func, symbols));
  auto [count, partOf] = distribute(contents);
  // What globals are made of, stays with them.
  for (Operation *op : before)
    if (!isa<LLVM::LLVMFuncOp>(op)) {
      contents.push_back(contentsOf(op, symbols));
      partOf.push_back(0);
    }

  OpBuilder b(module.getContext());
  for (size_t part = 1; part < count; ++part) {
    others.push_back(cast<ModuleOp>(module->cloneWithoutRegions()));
    b.createBlock(&others.back()->getBodyRegion());
  }
  for (auto [func, part] : llvm::zip(funcs, partOf))
    if (part != 0)
      func->moveBefore((*this)[part].getBody(), (*this)[part].getBody()->end());

  // What a part doesn't hold itself, it declares.
  SmallVector<llvm::DenseSet<StringAttr>> known(count);
  for (auto [func, part] : llvm::zip(funcs, partOf))
    known[part].insert(func.getSymNameAttr());
  for (auto [of, part] : llvm::zip_equal(contents, partOf)) {
    b.setInsertionPointToStart((*this)[part].getBody());
    for (StringAttr name : of.functions) {
      auto func = symbols.lookup<LLVM::LLVMFuncOp>(name);
      bool isThere = part == 0 && func.isExternal();
      if (isThere || !known[part].insert(name).second)
        continue;
      auto declaration =
          cast<LLVM::LLVMFuncOp>(b.insert(func->cloneWithoutRegions()));
      if (!func.isExternal()) {
        declaration.setLinkage(LLVM::Linkage::External);
        // In the end it is in the same object.
        declaration.setDsoLocal(true);
      }
      if (part == 0)
        declarations.push_back(declaration);
    }
  }
}

ModuleParts::~ModuleParts() {
  for (Operation *op : declarations)
    op->erase();
  if (others.empty())
    return;
  Block *body = module.getBody();
  for (Operation *op : before)
    op->moveBefore(body, body->end());
}
