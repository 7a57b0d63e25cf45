//===- Verify.cpp - Compiled against eager and finite differences ---------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/frontend/ModelCode.h"
#include "compiler/pipeline/Pipeline.h"
#include "compiler/support/GraphExecutor.h"
#include "runtime/core/Range.h"
#include "tools/tensorc/Commands.h"
#include "tools/tensorc/Elements.h"
#include "tools/tensorc/JitModel.h"
#include "tools/tensorc/ModelGuard.h"
#include "tools/tensorc/OpChecks.h"
#include "tools/tensorc/Session.h"
#include "tools/tensorc/Supervisor.h"

#include "tensorc/creation.h"
#include "tensorc/grad_mode.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/Format.h"

#include <cmath>
#include <cstring>
#include <random>

using namespace mlir;

namespace tensorc::tool {

/// A gradient may differ that much from a central difference in f64.
static constexpr double kOpTolerance = 1e-5;

namespace {

/// One run of `tensorc verify`.
class Verify {
public:
  explicit Verify(const VerifyCommand &command)
      : command(command), session(command.compile) {}
  int run();

private:
  /// Compares all outputs and all state after one call with `sizes`.
  llvm::Error checkFunction(const ModelExport::Function &function,
                            JitModel &jit, ModuleOp graph,
                            const compiler::SymbolValues &sizes);
  /// `origin` says which op of the model computes it.
  void checkTensor(const std::string &what, const Tensor &eager,
                   const char *compiled, const std::string &origin);
  double toleranceOf(DType dtype) const;
  void report(const std::string &what, double difference, double tolerance,
              const std::string &failure = {});

  const VerifyCommand &command;
  Session session;
  int failures = 0;
};

} // namespace

/// What sizes are tried: the usual ones, the least, and others beside the usual
/// ones.
static std::vector<compiler::SymbolValues>
sizesToTry(const std::vector<Symbol> &symbols) {
  compiler::SymbolValues usual, least, odd;
  for (const Symbol &symbol : symbols) {
    usual[symbol.name] = symbol.hint;
    least[symbol.name] = symbol.min;
    int64_t step = symbol.hint < symbol.max ? symbol.divisor : -symbol.divisor;
    odd[symbol.name] = symbol.hint + step;
  }
  if (symbols.empty())
    return {usual};
  std::vector<compiler::SymbolValues> all = {usual, least, odd};
  llvm::sort(all);
  all.erase(llvm::unique(all), all.end());
  return all;
}

static Shape specialized(const Shape &shape,
                         const compiler::SymbolValues &sizes) {
  Shape result;
  for (SymInt size : shape)
    result.push_back(compiler::specialized(size, sizes));
  return result;
}

static bool isWhole(const Tensor &tensor) {
  return !tensor.is_floating_point() && tensor.dtype() != kBool;
}

/// Numbers between -1 and 1; of whole ones any, a quarter of them at the ends
/// of the type, or with `keepWhole` what the example has.
static Memory randomInput(const Tensor &example, bool keepWhole,
                          std::mt19937_64 &random) {
  std::vector<char> bytes = dense_bytes(example);
  Memory memory(bytes.size());
  std::memcpy(memory.data(), bytes.data(), bytes.size());
  if (keepWhole && isWhole(example))
    return memory;
  DType dtype = example.dtype();
  std::uniform_real_distribution<double> distribution(-1, 1);
  for (int64_t i = 0; i < example.numel(); ++i) {
    Scalar value = distribution(random);
    if (dtype == kBool)
      value = random() % 2 == 0;
    else if (isWhole(example) && random() % 4 == 0)
      value = random() % 2 ? least_of(dtype) : greatest_of(dtype);
    else if (isWhole(example))
      value = static_cast<int64_t>(random());
    write_element(memory.data() + i * size_of(dtype), dtype, value);
  }
  return memory;
}

/// `[2, 1]`: where element `number` is.
static std::string positionOf(int64_t number, const Shape &shape) {
  Shape position(shape.size());
  for (size_t d = shape.size(); d-- > 0; number /= shape[d])
    position[d] = number % shape[d];
  return to_string(position);
}

/// How far two elements are apart; 0 for two NaN.
static double distance(const char *a, const char *b, DType dtype) {
  if (!is_floating_point(dtype))
    return std::abs(double(read_int(a, dtype)) - double(read_int(b, dtype))) +
           (read_int(a, dtype) != read_int(b, dtype));
  double x = read_double(a, dtype), y = read_double(b, dtype);
  return x == y || (std::isnan(x) && std::isnan(y)) ? 0 : std::abs(x - y);
}

void Verify::report(const std::string &what, double difference,
                    double tolerance, const std::string &failure) {
  session.progress.clear();
  // Written so that a NaN fails.
  bool good = failure.empty() && difference <= tolerance;
  failures += !good;
  llvm::outs() << (good ? "  ok    " : "  FAIL  ");
  if (failure.empty())
    llvm::outs() << llvm::format("%8.1e  ", difference) << what << "\n";
  else
    llvm::outs() << "          " << what << ": " << failure << "\n";
}

void Verify::checkTensor(const std::string &what, const Tensor &eager,
                         const char *compiled, const std::string &origin) {
  DType dtype = eager.dtype();
  size_t step = size_of(dtype);
  std::vector<char> expected = dense_bytes(eager);
  double scale = 1e-30, difference = 0;
  for (double value : eager.to_vector<double>())
    if (std::isfinite(value))
      scale = std::max(scale, std::abs(value));
  int64_t worst = 0;
  for (int64_t i = 0; i < eager.numel(); ++i) {
    double here =
        distance(expected.data() + i * step, compiled + i * step, dtype) /
        scale;
    if (here <= difference)
      continue;
    difference = here;
    worst = i;
    if (std::isnan(here))
      break;
  }
  double tolerance = toleranceOf(dtype);
  report(what, difference, tolerance);
  if (difference <= tolerance)
    return;
  llvm::outs() << "                  at " << positionOf(worst, eager.shape())
               << " expected " << textOf(expected.data() + worst * step, dtype)
               << ", received " << textOf(compiled + worst * step, dtype)
               << "; " << origin << "\n";
}

double Verify::toleranceOf(DType dtype) const {
  // Two units of the types that have few digits.
  if (is_half(dtype))
    return std::max(command.tolerance, std::ldexp(4, -info_of(dtype).digits));
  return is_floating_point(dtype) ? command.tolerance : 0;
}

/// The op that makes the result `name`, and the model's line of it.
static std::string originOf(func::FuncOp function, StringRef name) {
  Operation *terminator = function.getBody().front().getTerminator();
  for (unsigned i = 0; i < function.getNumResults(); ++i) {
    auto known = function.getResultAttrOfType<StringAttr>(i, "graph.name");
    if (!known)
      known = function.getResultAttrOfType<StringAttr>(i, "graph.state");
    if (!known || known.getValue() != name)
      continue;
    Operation *op = terminator->getOperand(i).getDefiningOp();
    if (!op)
      return "an input of the function";
    std::string text = "`" + op->getName().stripDialect().str() + "`";
    if (auto line = op->getLoc()->findInstanceOf<FileLineColLoc>())
      text += " at " + line.getFilename().str() + ":" +
              std::to_string(line.getLine());
    return text;
  }
  return "not updated by the function";
}

llvm::Error Verify::checkFunction(const ModelExport::Function &function,
                                  JitModel &jit, ModuleOp graph,
                                  const compiler::SymbolValues &sizes) {
  const compiler::Model &model = jit.model();
  std::mt19937_64 random(1);
  Memory state(model.state.bytes);
  for (const ModelExport::State &entry : session.model()->state()) {
    // A traced function starts without gradients.
    entry.tensor.impl()->grad = nullptr;
    if (const compiler::StateEntry *known = model.state.find(entry.name)) {
      std::vector<char> bytes = dense_bytes(entry.tensor);
      std::memcpy(state.data() + known->offset, bytes.data(), bytes.size());
    }
  }

  const compiler::ModelFunction *known = jit.find(function.name);
  NamedTensors inputs = function.inputs;
  for (auto &[name, example] : inputs)
    if (!example.impl()->storage) // one of sizes that a call says
      example = zeros(specialized(example.shape(), sizes), example.dtype());
  std::vector<int64_t> told;
  std::string said;
  for (const Symbol &symbol : known->symbols) {
    told.push_back(sizes.find(symbol.name)->second);
    said += ", " + symbol.name + " = " + std::to_string(told.back());
  }
  size_t firstOutput = inputs.size();
  std::vector<Memory> memory;
  Memory updated(model.state.bytes);
  // Which whole numbers are labels or indices is the model's affair: where it
  // refuses some, those of the example stay.
  bool keepWhole = false;
  auto announce = [&](bool kept) {
    session.progress.clear();
    llvm::outs() << function.name << ": compiled against eager" << said
                 << (kept ? ", whole numbers as in the example" : "") << "\n";
  };
  noteActivity("while running the compiled `" + function.name + "`");
  for (;;) {
    memory.clear();
    for (const auto &[name, example] : inputs)
      memory.push_back(randomInput(example, keepWhole, random));
    for (const compiler::ModelBuffer &output : known->outputs)
      memory.emplace_back(
          compiler::specialized(compiler::bytesOf(output.type), sizes));
    std::vector<void *> buffers;
    for (Memory &buffer : memory)
      buffers.push_back(buffer.data());
    std::memcpy(updated.data(), state.data(), state.size());
    llvm::Error error = jit.call(function.name, updated.data(), buffers, told);
    if (!error)
      break;
    if (keepWhole || llvm::none_of(inputs, [](auto &input) {
          return isWhole(input.second);
        })) {
      announce(keepWhole);
      report("compiled code", 0, 0, llvm::toString(std::move(error)));
      return llvm::Error::success();
    }
    llvm::consumeError(std::move(error));
    keepWhole = true;
  }
  // The compiled function has read the same memory as the eager one does.
  TensorList arguments;
  for (auto [buffer, input] : llvm::zip(memory, inputs))
    arguments.push_back(
        from_blob(buffer.data(), input.second.shape(), input.second.dtype()));

  announce(keepWhole);
  auto traced = graph.lookupSymbol<func::FuncOp>(function.name);
  try {
    Outputs outputs;
    ModelGuard guard;
    {
      GradModeGuard grad(true);
      compiler::ModelCode code("running `" + function.name + "` eagerly");
      outputs = function.call(arguments);
    }
    if (llvm::Error error = guard.restore()) {
      leaveError(llvm::toString(std::move(error)));
      return llvm::createStringError("");
    }
    for (size_t i = 0; i < outputs.size(); ++i)
      checkTensor(outputs[i].first, outputs[i].second.detach(),
                  memory[firstOutput + i].data(),
                  originOf(traced, outputs[i].first));
    for (const ModelExport::State &entry : session.model()->state())
      if (const compiler::StateEntry *slot = model.state.find(entry.name))
        checkTensor(entry.name, entry.tensor.detach(),
                    updated.data() + slot->offset,
                    originOf(traced, entry.name));
  } catch (const std::exception &error) {
    report("eager mode", 0, 0, error.what());
  } catch (...) {
    report("eager mode", 0, 0, "unknown exception");
  }
  return llvm::Error::success();
}

int Verify::run() {
  auto target = compiler::parseTarget(command.compile.target);
  if (!target)
    return session.fail(target.takeError());
  if (target->cpus.empty() || !target->gpus.empty() ||
      !tensorc_rt_cpu_supports(target->cpus.front()->id))
    return session.fail("`--target`: verify runs code for this machine's CPU, "
                        "received `" +
                        command.compile.target + "`");
  OwningOpRef<ModuleOp> graph = session.load();
  if (!graph)
    return 1;
  if (!session.model())
    return session.fail("expected a model in C++, received `" +
                        command.compile.input +
                        "`: eager mode needs the model's code");
  OwningOpRef<ModuleOp> traced = graph->clone();

  compiler::Options options;
  options.functions = command.compile.functions;
  options.specialize = command.compile.specialize;
  options.optLevel = command.compile.optLevel;
  options.excessPrecision = command.compile.excessPrecision;
  options.target = *target;
  session.progress.show("compiling");
  compiler::Compilation compilation(std::move(graph), options);
  if (failed(compilation.runTo(compiler::Phase::Object)))
    return 1;
  auto jit = JitModel::load(compilation);
  if (!jit)
    return session.fail(jit.takeError());
  compiler::SymbolValues usual;
  for (const ModelExport::Function &function : session.model()->functions()) {
    const compiler::ModelFunction *known = (*jit)->find(function.name);
    if (!known)
      continue;
    for (const Symbol &symbol : known->symbols)
      usual[symbol.name] = symbol.hint;
    for (const compiler::SymbolValues &sizes : sizesToTry(known->symbols))
      if (llvm::Error error = checkFunction(function, **jit, *traced, sizes))
        return session.fail("`" + function.name +
                            "` failed: " + llvm::toString(std::move(error)));
  }

  session.progress.show("checking gradients");
  if (failed(compiler::specialize(*traced, usual)))
    return 1;
  // With the ops of the backward pass: they are differentiable, too.
  compiler::Compilation differentiated(std::move(traced), options);
  if (failed(differentiated.runTo(compiler::Phase::Backward)))
    return 1;
  auto checks = checkOps(differentiated.module(), options);
  if (!checks)
    return session.fail(checks.takeError());
  session.progress.clear();
  llvm::outs() << "gradients against finite differences\n";
  for (const OpCheck &check : *checks)
    report(check.op, check.difference, kOpTolerance, check.failure);
  llvm::outs().flush();
  if (failures == 0)
    return 0;
  return session.fail(std::to_string(failures) + " of the checks failed");
}

int verify(const VerifyCommand &command) {
  return supervise(command.compile.supervisor,
                   [&] { return Verify(command).run(); });
}

} // namespace tensorc::tool
