//===- Target.cpp - What code is for --------------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/pipeline/Variants.h"

#include "llvm/Support/Error.h"

using namespace mlir;

namespace tensorc::compiler {

/// What `fat` stands for: all CPUs of this architecture.
static constexpr StringLiteral kFatArchitecture = "x86-64";

/// All names, for diagnostics.
static std::string knownTargets() {
  std::string names = "`native`";
  for (const target::Cpu &cpu : target::cpus())
    names += (", `" + cpu.name + "`").str();
  names += ", `fat`, `cuda`";
  for (const target::Gpu &gpu : target::gpus())
    names += (", `" + target::gpuPrefix + gpu.name + "`").str();
  return names;
}

namespace {

class TargetParser {
public:
  TargetParser() { target.cpus.clear(); }

  llvm::Error add(StringRef name);
  Target finish();

private:
  llvm::Error addNative();
  llvm::Error addCpu(const target::Cpu &cpu, StringRef name);
  llvm::Error addGpu(const target::Gpu &gpu, StringRef name);

  Target target;
  /// `native` or `fat`, which say for which CPUs, all of them.
  StringRef whole;
};

} // namespace

llvm::Error TargetParser::addNative() {
  const target::Cpu *cpu = target::hostCpu();
  if (!cpu)
    return llvm::createStringError(
        "this processor is none that code can be made for, expected one of " +
        target::cpuNames() +
        " or better; choose a target to compile for another machine");
  target.tune = target::hostName();
  return addCpu(*cpu, "native");
}

llvm::Error TargetParser::addCpu(const target::Cpu &cpu, StringRef name) {
  if (llvm::is_contained(target.cpus, &cpu))
    return llvm::createStringError("`" + name + "` is given twice");
  if (!target.cpus.empty() &&
      &target.cpus.front()->architecture != &cpu.architecture)
    return llvm::createStringError(
        "expected CPUs of one architecture, received `" +
        target.cpus.front()->name + "` and `" + name + "`");
  target.cpus.push_back(&cpu);
  return llvm::Error::success();
}

llvm::Error TargetParser::addGpu(const target::Gpu &gpu, StringRef name) {
  if (llvm::is_contained(target.gpus, &gpu))
    return llvm::createStringError("`" + name + "` is given twice");
  target.gpus.push_back(&gpu);
  return llvm::Error::success();
}

llvm::Error TargetParser::add(StringRef name) {
  if (name == "cuda")
    return addGpu(target::gpus().front(), name);
  StringRef chip = name;
  if (chip.consume_front(target::gpuPrefix))
    if (const target::Gpu *gpu = target::findGpu(chip))
      return addGpu(*gpu, name);
  const target::Cpu *cpu = target::findCpu(name);
  if (!cpu && name != "native" && name != "fat")
    return llvm::createStringError("expected " + Twine(knownTargets()) +
                                   ", received `" + name + "`");
  StringRef before = whole;
  if (before.empty() && !target.cpus.empty())
    before = target.cpus.front()->name;
  if (!before.empty() && (!cpu || !whole.empty()))
    return llvm::createStringError(
        "expected one target for the CPU, received `" + before + "` and `" +
        name + "`");
  if (cpu)
    return addCpu(*cpu, name);
  whole = name;
  if (name == "native")
    return addNative();
  for (const target::Cpu &known : target::cpus())
    if (known.architecture.name == kFatArchitecture)
      target.cpus.push_back(&known);
  return llvm::Error::success();
}

Target TargetParser::finish() {
  // Both tables are in order.
  llvm::sort(target.cpus);
  llvm::sort(target.gpus);
  return std::move(target);
}

llvm::Expected<Target> parseTarget(StringRef text) {
  TargetParser parser;
  SmallVector<StringRef> names;
  text.split(names, ',');
  for (StringRef name : names)
    if (llvm::Error error = parser.add(name))
      return error;
  return parser.finish();
}

} // namespace tensorc::compiler
