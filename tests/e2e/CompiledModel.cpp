//===- CompiledModel.cpp - A model, compiled in this process --------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/e2e/CompiledModel.h"

#include "compiler/frontend/Frontend.h"
#include "dialects/graph/Conversion.h"
#include "runtime/core/Dense.h"
#include "tensorc/abi.h"

#include <gtest/gtest.h>

namespace tensorc::test {

llvm::Expected<TensorList> call(tool::JitModel &model,
                                const std::string &function,
                                const TensorList &inputs) {
  std::vector<tool::Memory> memory;
  for (const Tensor &input : inputs) {
    std::vector<char> bytes = dense_bytes(input);
    memory.emplace_back(bytes.size());
    std::copy(bytes.begin(), bytes.end(), memory.back().data());
  }
  auto &outputs = model.find(function)->outputs;
  for (const compiler::ModelBuffer &output : outputs) {
    memory.emplace_back(compiler::byteSize(output.type));
    // Whatever isn't written is wrong.
    std::fill_n(memory.back().data(), memory.back().size(), char(0x5a));
  }
  std::vector<void *> buffers;
  for (tool::Memory &buffer : memory)
    buffers.push_back(buffer.data());
  tool::Memory state(0);
  if (llvm::Error error = model.call(function, state.data(), buffers))
    return error;
  TensorList results;
  std::size_t next = inputs.size();
  for (const compiler::ModelBuffer &output : outputs)
    results.push_back(from_blob(buffers[next++], output.type.getShape().vec(),
                                *graph::toDType(output.type.getElementType()))
                          .clone());
  return results;
}

std::unique_ptr<tool::JitModel> load(compiler::Compilation &compilation) {
  if (failed(compilation.runTo(compiler::Phase::Object))) {
    ADD_FAILURE() << "can't be compiled";
    return nullptr;
  }
  auto jit = tool::JitModel::load(compilation);
  if (!jit) {
    ADD_FAILURE() << llvm::toString(jit.takeError());
    return nullptr;
  }
  return std::move(*jit);
}

std::map<std::string, TensorList> run_compiled(const ModelExport &model,
                                               compiler::Options options) {
  mlir::MLIRContext context(compiler::dialects());
  auto traced = compiler::traceModel(&context, model);
  if (failed(traced)) {
    ADD_FAILURE() << "can't be traced";
    return {};
  }
  compiler::Compilation compilation(std::move(*traced), std::move(options));
  std::unique_ptr<tool::JitModel> jit = load(compilation);
  if (!jit)
    return {};
  std::map<std::string, TensorList> results;
  for (const ModelExport::Function &function : model.functions()) {
    TensorList inputs;
    for (const auto &[name, example] : function.inputs)
      inputs.push_back(example);
    llvm::Expected<TensorList> outputs = call(*jit, function.name, inputs);
    if (outputs)
      results[function.name] = std::move(*outputs);
    else
      ADD_FAILURE() << function.name << ": "
                    << llvm::toString(outputs.takeError());
  }
  return results;
}

std::optional<compiler::Options> Machine::options() const {
  if (!tensorc_rt_cpu_supports(cpu->id))
    return std::nullopt;
  compiler::Options options;
  options.target.cpus = {cpu};
  options.optLevel = optLevel;
  return options;
}

std::string name(const Machine &machine) {
  return machine.cpu->suffix.str() + "_O" + std::to_string(machine.optLevel);
}

void PrintTo(const Machine &machine, std::ostream *out) {
  *out << name(machine);
}

std::vector<Machine> machines(std::vector<int> optLevels) {
  std::vector<Machine> result;
  const target::Cpu *host = target::hostCpu();
  for (const target::Cpu &cpu : target::cpus())
    for (int optLevel : optLevels)
      if (host && &cpu.architecture == &host->architecture)
        result.push_back({&cpu, optLevel});
  return result;
}

} // namespace tensorc::test
