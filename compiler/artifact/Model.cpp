//===- Model.cpp - What an artifact says about itself ---------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/artifact/Model.h"

#include "dialects/kernel/KernelDialect.h"
#include "tensorc/names.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"

using namespace mlir;

namespace tensorc::compiler {

std::string identifier(StringRef name) {
  std::string result;
  for (char c : name)
    result += llvm::isAlnum(c) ? c : '_';
  if (result.empty() || llvm::isDigit(result.front()))
    result.insert(result.begin(), '_');
  return parameter_name(result);
}

/// The buffer that `value` is a view of.
static Value rootBuffer(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (auto reinterpret = dyn_cast<kernel::ReinterpretOp>(op))
      value = reinterpret.getSource();
    else if (auto view = dyn_cast<kernel::ViewOp>(op))
      value = view.getArena();
    else
      break;
  }
  return value;
}

static FailureOr<ModelFunction> describeFunction(kernel::ProgramOp program) {
  ModelFunction function;
  function.name = program.getSymName().str();
  if (auto bytes =
          program->getAttrOfType<IntegerAttr>("kernel.workspace_bytes"))
    function.workspaceBytes = bytes.getInt();
  if (auto symbols = program->getAttrOfType<ArrayAttr>(kernel::symbolsName))
    for (auto symbol : symbols.getAsRange<scalar::SymbolAttr>())
      function.symbols.push_back(scalar::toSymbol(symbol));
  llvm::DenseSet<Value> state;
  for (BlockArgument argument : program.getBody().getArguments()) {
    unsigned i = argument.getArgNumber();
    auto role = program.getArgAttrOfType<StringAttr>(i, "kernel.role");
    auto name = program.getArgAttrOfType<StringAttr>(i, "kernel.name");
    if (!role || role == "workspace")
      continue;
    std::string text = name ? name.str() : "arg" + std::to_string(i);
    auto type = cast<MemRefType>(argument.getType());
    if (llvm::is_contained(scalar::rawSizesOf(type), ShapedType::kDynamic))
      return program.emitError()
             << "`" << function.name << "`: `" << text
             << "` has a size that is unknown at compile time (" << type
             << "); an artifact needs numbers or symbols";
    if (role == "input") {
      function.inputs.push_back({text, type});
    } else if (role == "output") {
      function.outputs.push_back({text, type});
    } else {
      function.state.push_back(text);
      state.insert(argument);
    }
  }
  program.walk([&](kernel::LaunchOp launch) {
    ++function.launches;
    for (Value output : launch.getOutputs())
      function.updatesState |= state.contains(rootBuffer(output));
  });
  return function;
}

static std::string hashOf(ModuleOp module, StringRef prefix) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << TENSORC_VERSION << '\n' << prefix << '\n';
  module.print(os);
  std::array<uint8_t, 32> digest = llvm::SHA256::hash(
      ArrayRef(reinterpret_cast<const uint8_t *>(text.data()), text.size()));
  return llvm::toHex(digest, /*LowerCase=*/true);
}

/// What is wrong where a check fails, but for the value.
static std::string wordsOf(scalar::CheckOp check) {
  std::string words = check.getExpected()->str() + ", received others";
  if (auto subject = check.getSubject())
    words += " at `" + subject->str() + "`";
  if (auto source = check.getSource())
    words += " (" + source->str() + ")";
  return words;
}

void numberChecks(ModuleOp module) {
  llvm::StringMap<int32_t> numbers;
  module.walk([&](scalar::CheckOp check) {
    if (check.hasWords())
      check.setNumber(numbers.try_emplace(wordsOf(check), numbers.size() + 1)
                          .first->second);
  });
}

static std::vector<std::string> describeChecks(ModuleOp module) {
  std::vector<std::string> checks;
  module.walk([&](scalar::CheckOp check) {
    if (auto number = check.getNumber()) {
      checks.resize(std::max<size_t>(checks.size(), *number));
      checks[*number - 1] = wordsOf(check);
    }
  });
  return checks;
}

/// Notes that calls of `general` with certain sizes are `program`'s.
static void addSpecialized(Model &model, StringRef general,
                           kernel::ProgramOp program,
                           const ModelFunction &special) {
  SymbolValues values;
  for (NamedAttribute size :
       program->getAttrOfType<DictionaryAttr>(specializedSizesName))
    values[size.getName().str()] = cast<IntegerAttr>(size.getValue()).getInt();
  for (ModelFunction &function : model.functions)
    if (function.name == general) {
      function.specialized.push_back(std::move(values));
      function.workspaceBytes =
          std::max(function.workspaceBytes, special.workspaceBytes);
    }
}

FailureOr<Model> describeModel(ModuleOp module, StringRef prefix) {
  Model model;
  model.prefix = prefix.str();
  for (auto variant : module.getOps<ModuleOp>()) {
    if (const target::Cpu *cpu = target::cpuOf(variant))
      model.cpus.push_back(cpu);
    else if (const target::Gpu *gpu = target::gpuOf(variant))
      model.gpus.push_back(gpu);
  }
  // All have the same functions and state. Memory is planned alike for all
  // CPUs; what GPUs need stands in their own part of the object.
  ModuleOp first = *module.getOps<ModuleOp>().begin();
  for (auto program : first.getOps<kernel::ProgramOp>()) {
    FailureOr<ModelFunction> function = describeFunction(program);
    if (failed(function))
      return failure();
    if (auto general = program->getAttrOfType<StringAttr>(specializesName))
      addSpecialized(model, general.getValue(), program, *function);
    else
      model.functions.push_back(std::move(*function));
  }
  FailureOr<StateLayout> state = layoutState(first);
  if (failed(state))
    return failure();
  model.state = std::move(*state);
  model.checks = describeChecks(first);
  model.contentHash = hashOf(module, prefix);
  return model;
}

} // namespace tensorc::compiler
