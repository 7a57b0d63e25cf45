//===- Ways.cpp - All ways to compute graph functions ---------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/ops/Ways.h"

#include "compiler/target/Cpu.h"
#include "dialects/graph/Conversion.h"
#include "runtime/core/Dense.h"
#include "tensorc/abi.h"
#include "tests/compiler/fusion/EagerGraph.h"
#include "tests/compiler/fusion/ProgramRunner.h"
#include "tests/e2e/CompiledModel.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <cstring>

using namespace mlir;

namespace tensorc::test {

using compiler::Compilation;
using compiler::Phase;

/// A tensor of a buffer's type that holds `bytes`.
static Tensor tensorOf(MemRefType type, const void *bytes) {
  Tensor tensor = make_dense(
      {*graph::toDType(type.getElementType()), type.getShape().vec()}, kCPU);
  std::memcpy(address(*tensor.impl()), bytes, compiler::byteSize(type));
  return tensor;
}

static FailureOr<Values> runEagerly(ModuleOp module, const Values &arguments) {
  Compilation compilation(module.clone(), {});
  if (failed(compilation.runTo(Phase::Backward)))
    return failure();
  Values results;
  for (auto function : compilation.module().getOps<func::FuncOp>()) {
    std::string name = function.getSymName().str();
    results[name] = evaluate(function, arguments.at(name));
  }
  return results;
}

static FailureOr<Values> interpretKernels(ModuleOp module,
                                          const Values &arguments) {
  Compilation compilation(module.clone(), {});
  if (failed(compilation.runTo(Phase::Kernels)))
    return failure();
  Values results;
  for (auto program : compilation.module().getOps<kernel::ProgramOp>()) {
    ProgramRunner runner(program);
    std::string name = program.getSymName().str();
    TensorList inputs = arguments.at(name);
    for (auto [i, argument] : llvm::enumerate(program.getArguments())) {
      std::vector<uint8_t> bytes(ProgramRunner::bytesOf(argument), 0x5a);
      if (i < inputs.size())
        std::memcpy(bytes.data(), address(*inputs[i].impl()), bytes.size());
      runner.bind(argument, std::move(bytes));
    }
    if (runner.run() != 0)
      return program.emitError("the interpreter stops"), failure();
    for (Value output : program.getArguments().drop_front(inputs.size()))
      results[name].push_back(
          tensorOf(cast<MemRefType>(output.getType()), runner.place(output)));
  }
  return results;
}

static FailureOr<Values> runCompiled(ModuleOp module, const Values &arguments,
                                     const target::Cpu &cpu, int optLevel) {
  compiler::Options options;
  options.target.cpus = {&cpu};
  options.optLevel = optLevel;
  Compilation compilation(module.clone(), options);
  if (failed(compilation.runTo(Phase::Object)))
    return failure();
  auto jit = tool::JitModel::load(compilation);
  if (!jit)
    return module.emitError(llvm::toString(jit.takeError())), failure();
  Values results;
  for (const auto &[function, inputs] : arguments) {
    llvm::Expected<TensorList> outputs = call(**jit, function, inputs);
    if (!outputs)
      return module.emitError(llvm::toString(outputs.takeError())), failure();
    results[function] = std::move(*outputs);
  }
  return results;
}

std::vector<Way> allWays() {
  std::vector<Way> ways = {{"in eager mode", false, runEagerly},
                           {"interpreted", false, interpretKernels}};
  for (const target::Cpu &cpu : target::cpus())
    for (int optLevel : {0, 3})
      for (bool folded : {false, true})
        if (tensorc_rt_cpu_supports(cpu.id) && (!folded || optLevel))
          ways.push_back(
              {(folded ? "folded for " : "compiled for ") + cpu.name.str() +
                   " at -O" + std::to_string(optLevel),
               folded,
               [&cpu, optLevel](ModuleOp module, const Values &arguments) {
                 return runCompiled(module, arguments, cpu, optLevel);
               }});
  return ways;
}

} // namespace tensorc::test
