//===- StateLayout.cpp - Where model state lives --------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/support/StateLayout.h"

#include "dialects/kernel/KernelDialect.h"
#include "tensorc/abi.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MathExtras.h"

#include <tuple>

using namespace mlir;

namespace tensorc::compiler {

int64_t elementBytes(Type type) {
  return llvm::divideCeil(type.getIntOrFloatBitWidth(), 8);
}

SymInt bytesOf(ShapedType type) {
  SymInt bytes = elementBytes(type.getElementType());
  for (int64_t size : scalar::rawSizesOf(type))
    bytes *= size;
  return bytes;
}

int64_t byteSize(ShapedType type) { return bytesOf(type).max(); }

const StateEntry *StateLayout::find(StringRef name) const {
  auto it = numbers.find(name);
  return it == numbers.end() ? nullptr : &entries[it->second];
}

void StateLayout::add(StateEntry entry) {
  numbers.try_emplace(entry.name, entries.size());
  entries.push_back(std::move(entry));
}

static int roleRank(StringRef role) {
  return role == "parameter" ? 0 : role == "buffer" ? 1 : 2;
}

/// An empty tensor gets none: the runtime knows them by what they share.
static void addAliases(ModuleOp module, StateLayout &layout) {
  auto aliases = module->getAttrOfType<DictionaryAttr>("graph.state_aliases");
  if (!aliases)
    return;
  for (NamedAttribute alias : aliases) {
    auto name = cast<StringAttr>(alias.getValue());
    const StateEntry *entry = layout.find(name.getValue());
    if (!entry || entry->bytes == 0)
      continue;
    StateEntry copy = *entry;
    copy.name = alias.getName().str();
    copy.isAlias = true;
    layout.add(std::move(copy));
  }
}

FailureOr<StateLayout> layoutState(ModuleOp module) {
  SmallVector<StateEntry, 0> entries; // as they are first used
  llvm::StringMap<size_t> index;
  for (auto program : module.getOps<kernel::ProgramOp>()) {
    for (unsigned i = 0, e = program.getNumArguments(); i != e; ++i) {
      auto name = program.getArgAttrOfType<StringAttr>(i, "kernel.name");
      auto role = program.getArgAttrOfType<StringAttr>(i, "kernel.role");
      if (!name || !role || role == "input" || role == "output" ||
          role == "workspace")
        continue;
      auto type = cast<MemRefType>(program.getArgumentTypes()[i]);
      auto [it, inserted] = index.try_emplace(name.getValue(), entries.size());
      if (!inserted) {
        const StateEntry &known = entries[it->second];
        if (known.type != type)
          return program.emitOpError()
                 << "uses state `" << name.getValue() << "` as " << type
                 << ", another function as " << known.type;
        continue;
      }
      StateEntry entry;
      entry.name = name.str();
      entry.role = role.str();
      entry.type = type;
      entry.bytes = byteSize(type);
      entries.push_back(std::move(entry));
    }
  }

  llvm::StringMap<size_t> order;
  if (auto names = module->getAttrOfType<ArrayAttr>("graph.state_order"))
    for (auto [position, name] : llvm::enumerate(names))
      order.try_emplace(cast<StringAttr>(name).getValue(), position);
  // By role, then by the module's order, then by first use.
  auto key = [&](size_t i) {
    const StateEntry &entry = entries[i];
    auto it = order.find(entry.name);
    size_t position = it == order.end() ? order.size() : it->second;
    return std::tuple(roleRank(entry.role), position, i);
  };
  auto sequence = llvm::to_vector(llvm::seq<size_t>(0, entries.size()));
  llvm::sort(sequence, [&](size_t a, size_t b) { return key(a) < key(b); });
  StateLayout layout;
  for (size_t i : sequence) {
    StateEntry &entry = entries[i];
    entry.offset = layout.bytes;
    layout.bytes = llvm::alignTo(layout.bytes + entry.bytes, TENSORC_ALIGNMENT);
    layout.add(std::move(entry));
  }
  addAliases(module, layout);
  return layout;
}

} // namespace tensorc::compiler
