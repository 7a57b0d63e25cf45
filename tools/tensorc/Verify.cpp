//===- Verify.cpp - Compiled against eager and finite differences ---------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/frontend/ModelCode.h"
#include "compiler/pipeline/Pipeline.h"
#include "compiler/support/GraphExecutor.h"
#include "tools/tensorc/Commands.h"
#include "tools/tensorc/JitModel.h"
#include "tools/tensorc/ModelGuard.h"
#include "tools/tensorc/OpChecks.h"
#include "tools/tensorc/Session.h"
#include "tools/tensorc/Supervisor.h"

#include "tensorc/creation.h"
#include "tensorc/grad_mode.h"

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
  /// Compares all outputs and all state after one call.
  llvm::Error checkFunction(const ModelExport::Function &function,
                            JitModel &jit);
  void checkTensor(const std::string &what, const Tensor &eager,
                   const char *compiled);
  void report(const std::string &what, double difference, double tolerance,
              const std::string &failure = {});

  const VerifyCommand &command;
  Session session;
  int failures = 0;
};

} // namespace

/// Numbers between -1 and 1; whole numbers and truth values stay as the example
/// has them, since what they may be is the model's affair.
static Memory randomInput(const Tensor &example, std::mt19937_64 &random) {
  std::vector<char> bytes = dense_bytes(example);
  Memory memory(bytes.size());
  std::memcpy(memory.data(), bytes.data(), bytes.size());
  std::uniform_real_distribution<double> distribution(-1, 1);
  for (int64_t i = 0; i < example.numel(); ++i) {
    double value = distribution(random);
    if (example.dtype() == kFloat32)
      reinterpret_cast<float *>(memory.data())[i] = float(value);
    else if (example.dtype() == kFloat64)
      reinterpret_cast<double *>(memory.data())[i] = value;
  }
  return memory;
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
                         const char *compiled) {
  Tensor other =
      from_blob(const_cast<char *>(compiled), eager.shape(), eager.dtype());
  std::vector<double> expected = eager.to_vector<double>();
  std::vector<double> received = other.to_vector<double>();
  double scale = 1e-30, difference = 0;
  for (double value : expected)
    if (std::isfinite(value))
      scale = std::max(scale, std::abs(value));
  for (size_t i = 0; i < expected.size(); ++i) {
    double a = expected[i], b = received[i];
    bool same = a == b || (std::isnan(a) && std::isnan(b));
    double distance = same ? 0 : std::abs(a - b) / scale;
    if (!(distance <= difference))
      difference = distance;
  }
  report(what, difference, eager.is_floating_point() ? command.tolerance : 0);
}

llvm::Error Verify::checkFunction(const ModelExport::Function &function,
                                  JitModel &jit) {
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

  std::vector<Memory> memory;
  TensorList arguments;
  for (const auto &[name, example] : function.inputs) {
    memory.push_back(randomInput(example, random));
    // The compiled function reads the same memory as the eager one.
    arguments.push_back(
        from_blob(memory.back().data(), example.shape(), example.dtype()));
  }
  const compiler::ModelFunction *known = jit.find(function.name);
  size_t firstOutput = memory.size();
  for (const compiler::ModelBuffer &output : known->outputs)
    memory.emplace_back(compiler::byteSize(output.type));
  std::vector<void *> buffers;
  for (Memory &buffer : memory)
    buffers.push_back(buffer.data());
  noteActivity("while running the compiled `" + function.name + "`");
  if (llvm::Error error = jit.call(function.name, state.data(), buffers))
    return error;

  llvm::outs() << function.name << ": compiled against eager\n";
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
                  memory[firstOutput + i].data());
    for (const ModelExport::State &entry : session.model()->state())
      if (const compiler::StateEntry *slot = model.state.find(entry.name))
        checkTensor(entry.name, entry.tensor.detach(),
                    state.data() + slot->offset);
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
  if (target->levels.empty() || !target->chips.empty())
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
  for (const ModelExport::Function &function : session.model()->functions())
    if ((*jit)->find(function.name))
      if (llvm::Error error = checkFunction(function, **jit))
        return session.fail("`" + function.name +
                            "` failed: " + llvm::toString(std::move(error)));

  session.progress.show("checking gradients");
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
