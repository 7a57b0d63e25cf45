//===- Target.cpp - What code is for --------------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/cpu/Codegen.h"
#include "compiler/codegen/ptx/Codegen.h"
#include "compiler/pipeline/Pipeline.h"

using namespace mlir;

namespace tensorc::compiler {

static llvm::Error useThisMachine(Target &target) {
  int level = std::min(cpu::hostLevel(), 4);
  if (level < 3)
    return llvm::createStringError(
        "this processor is of level x86-64-v" + Twine(level) +
        ", expected x86-64-v3 or higher; choose a target to compile for "
        "another machine");
  target.levels = {level};
  target.tune = cpu::hostCpu();
  return llvm::Error::success();
}

/// All names, for diagnostics.
static std::string knownTargets() {
  std::string names = "`native`, `x86-64-v3`, `x86-64-v4`, `fat`, `cuda`";
  SmallVector<StringRef> chips;
  std::string known = ptx::Chip::known();
  StringRef(known).split(chips, ", ");
  for (StringRef chip : chips)
    names += (", `cuda:" + chip + "`").str();
  return names;
}

llvm::Expected<Target> parseTarget(StringRef text) {
  Target target;
  target.levels.clear();
  SmallVector<StringRef> names;
  text.split(names, ',');
  StringRef cpu;
  for (StringRef name : names) {
    StringRef chip = name;
    bool isCuda = chip.consume_front("cuda:");
    if (name == "cuda")
      chip = "sm_80";
    if (name == "cuda" || (isCuda && succeeded(ptx::Chip::named(chip)))) {
      if (llvm::is_contained(target.chips, chip))
        return llvm::createStringError("`cuda:" + chip + "` is given twice");
      target.chips.push_back(chip.str());
      continue;
    }
    if (!llvm::is_contained({"native", "fat", "x86-64-v3", "x86-64-v4"}, name))
      return llvm::createStringError("expected " + Twine(knownTargets()) +
                                     ", received `" + name + "`");
    if (!cpu.empty())
      return llvm::createStringError(
          "expected one target for the CPU, received `" + cpu + "` and `" +
          name + "`");
    cpu = name;
    if (name == "native") {
      if (llvm::Error error = useThisMachine(target))
        return error;
    } else if (name == "fat") {
      target.levels = {3, 4};
    } else {
      target.levels = {name == "x86-64-v3" ? 3 : 4};
    }
  }
  llvm::sort(target.chips,
             [](StringRef a, StringRef b) { return a.compare_numeric(b) < 0; });
  return target;
}

} // namespace tensorc::compiler
