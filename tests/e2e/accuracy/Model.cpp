//===- Model.cpp - One function of tensors, each way that it runs ---------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/e2e/accuracy/Model.h"

#include "compiler/pipeline/Pipeline.h"
#include "compiler/support/GraphExecutor.h"
#include "dialects/graph/Conversion.h"
#include "dialects/graph/GraphDialect.h"
#include "runtime/core/Half.h"
#include "tensorc/abi.h"
#include "tests/e2e/CompiledModel.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <deque>
#include <gtest/gtest.h>

using namespace mlir;

namespace tensorc::test {

static MLIRContext &context() {
  static MLIRContext context(compiler::dialects());
  context.loadAllAvailableDialects();
  return context;
}

std::string Way::name() const {
  return cpu->name.str() + " -O" + std::to_string(optLevel);
}

std::vector<Way> ways() {
  std::vector<Way> found;
  for (const target::Cpu &cpu : target::cpus())
    for (int optLevel : {0, 3})
      if (tensorc_rt_cpu_supports(cpu.id))
        found.push_back({&cpu, optLevel});
  return found;
}

//===----------------------------------------------------------------------===//
// Numbers in memory
//===----------------------------------------------------------------------===//

template <typename Visitor> static auto visit(DType dtype, Visitor visitor) {
  switch (dtype) {
  case DType::UInt8:
    return visitor(uint8_t());
  case DType::Int64:
    return visitor(int64_t());
  case DType::Float64:
    return visitor(double());
  default:
    return visitor(float());
  }
}

static void write(void *to, DType dtype, const Numbers &values) {
  if (is_half(dtype)) {
    for (size_t i = 0; i < values.size(); ++i)
      static_cast<uint16_t *>(to)[i] =
          dtype == kFloat16 ? to_float16(values[i]) : to_bfloat16(values[i]);
    return;
  }
  visit(dtype, [&](auto type) {
    std::copy(values.begin(), values.end(), static_cast<decltype(type) *>(to));
  });
}

static Numbers read(const void *from, DType dtype, size_t count) {
  Numbers values(count);
  if (is_half(dtype)) {
    auto *bits = static_cast<const uint16_t *>(from);
    for (size_t i = 0; i < count; ++i)
      values[i] =
          dtype == kFloat16 ? from_float16(bits[i]) : from_bfloat16(bits[i]);
    return values;
  }
  visit(dtype, [&](auto type) {
    auto *elements = static_cast<const decltype(type) *>(from);
    std::copy(elements, elements + count, values.begin());
  });
  return values;
}

double rounded(double value, DType dtype) {
  return dtype == kFloat16    ? from_float16(to_float16(value))
         : dtype == kBFloat16 ? from_bfloat16(to_bfloat16(value))
         : dtype == kFloat32  ? double(float(value))
                              : value;
}

Input input(DType dtype, Shape shape, Numbers values) {
  for (double &value : values)
    value = rounded(value, dtype);
  return {dtype, std::move(shape), std::move(values)};
}

//===----------------------------------------------------------------------===//
// Compiled
//===----------------------------------------------------------------------===//

static RankedTensorType typeOf(const Input &input) {
  return graph::toMlirType(TensorType{input.dtype, input.shape}, &context());
}

static OwningOpRef<ModuleOp> record(const Function &function,
                                    const std::vector<Input> &inputs,
                                    const std::vector<Input> &seeds) {
  mlir::Location loc = UnknownLoc::get(&context());
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  OpBuilder b = OpBuilder::atBlockEnd(module->getBody());
  SmallVector<Type> types;
  for (const Input &each : inputs)
    types.push_back(typeOf(each));
  for (const Input &each : seeds)
    types.push_back(typeOf(each));
  auto traced = func::FuncOp::create(b, loc, "f", b.getFunctionType(types, {}));
  Block *block = traced.addEntryBlock();
  b.setInsertionPointToStart(block);
  compiler::GraphExecutor executor(b, loc);
  SmallVector<Value> results;
  {
    ExecutorScope scope(executor);
    NoGradGuard noGrad;
    TensorList operands;
    for (Value argument : block->getArguments().take_front(inputs.size()))
      operands.push_back(executor.wrap(argument));
    for (const Tensor &result : function(operands))
      results.push_back(executor.unwrap(result, SourceLocation::current()));
  }
  if (!seeds.empty()) {
    SmallVector<Value> wrt;
    SmallVector<Type> gradients;
    for (size_t i = 0; i < inputs.size(); ++i)
      if (is_floating_point(inputs[i].dtype)) {
        wrt.push_back(block->getArgument(i));
        gradients.push_back(wrt.back().getType());
      }
    auto request = graph::GradientsOp::create(
        b, loc, gradients, results[0], wrt, block->getArgument(inputs.size()),
        /*constants=*/ValueRange());
    results.assign(request->result_begin(), request->result_end());
  }
  func::ReturnOp::create(b, loc, results);
  traced.setType(b.getFunctionType(types, ValueRange(results).getTypes()));
  for (unsigned i = 0; i < types.size(); ++i)
    traced.setArgAttr(i, "graph.name", b.getStringAttr("x" + Twine(i)));
  for (unsigned i = 0; i < results.size(); ++i)
    traced.setResultAttr(i, "graph.name", b.getStringAttr("y" + Twine(i)));
  return module;
}

std::vector<Numbers> compiled(const Function &function,
                              const std::vector<Input> &inputs, const Way &way,
                              const std::vector<Input> &seeds) {
  OwningOpRef<ModuleOp> module = record(function, inputs, seeds);
  auto traced = *module->getOps<func::FuncOp>().begin();
  std::vector<TensorType> outputs;
  for (Type type : traced.getResultTypes())
    outputs.push_back(*graph::toTensorType(type));
  compiler::Options options;
  options.target.cpus = {way.cpu};
  options.optLevel = way.optLevel;
  options.excessPrecision = way.excessPrecision;
  compiler::Compilation compilation(std::move(module), options);
  std::unique_ptr<tool::JitModel> jit = load(compilation);
  if (!jit)
    return {};
  std::vector<tool::Memory> buffers;
  for (const std::vector<Input> *list : {&inputs, &seeds})
    for (const Input &each : *list) {
      buffers.emplace_back(each.values.size() * size_of(each.dtype));
      write(buffers.back().data(), each.dtype, each.values);
    }
  std::vector<size_t> counts;
  for (const TensorType &type : outputs) {
    counts.push_back(1);
    for (int64_t size : type.shape)
      counts.back() *= size;
    buffers.emplace_back(counts.back() * size_of(type.dtype));
  }
  std::vector<void *> pointers;
  for (tool::Memory &buffer : buffers)
    pointers.push_back(buffer.data());
  tool::Memory state(1);
  if (llvm::Error error = jit->call("f", state.data(), pointers))
    ADD_FAILURE() << llvm::toString(std::move(error));
  std::vector<Numbers> results;
  size_t first = buffers.size() - outputs.size();
  for (size_t i = 0; i < outputs.size(); ++i)
    results.push_back(
        read(buffers[first + i].data(), outputs[i].dtype, counts[i]));
  return results;
}

//===----------------------------------------------------------------------===//
// Eager
//===----------------------------------------------------------------------===//

std::vector<Numbers> eager(const Function &function,
                           const std::vector<Input> &inputs,
                           const std::vector<Input> &seeds) {
  std::deque<tool::Memory> buffers;
  auto tensor = [&](const Input &input) {
    tool::Memory &memory =
        buffers.emplace_back(input.values.size() * size_of(input.dtype));
    write(memory.data(), input.dtype, input.values);
    return from_blob(memory.data(), input.shape, input.dtype);
  };
  TensorList operands, results;
  for (const Input &each : inputs) {
    operands.push_back(tensor(each));
    if (!seeds.empty() && is_floating_point(each.dtype))
      operands.back().requires_grad_();
  }
  results = function(operands);
  if (!seeds.empty()) {
    for (std::size_t i = 0; i < results.size(); ++i)
      results[i].backward(tensor(seeds[i]));
    results.clear();
    for (const Tensor &operand : operands)
      if (operand.requires_grad())
        results.push_back(operand.grad());
  }
  std::vector<Numbers> numbers;
  for (const Tensor &result : results)
    numbers.push_back(result.to_vector<double>());
  return numbers;
}

} // namespace tensorc::test
