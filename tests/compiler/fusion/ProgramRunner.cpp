//===- ProgramRunner.cpp - Programs, interpreted naively ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/fusion/ProgramRunner.h"

#include "compiler/autodiff/Passes.h"
#include "compiler/fusion/Passes.h"
#include "compiler/legalize/Passes.h"
#include "compiler/memory/Passes.h"
#include "compiler/simplify/Passes.h"
#include "compiler/support/StateLayout.h"
#include "dialects/graph/GraphDialect.h"
#include "dialects/kernel/KernelDialect.h"
#include "tests/compiler/fusion/GraphReference.h"
#include "tests/compiler/lowering/Reference.h"

#include "mlir/IR/SymbolTable.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include <gtest/gtest.h>

#include <cmath>
#include <random>

using namespace mlir;

namespace tensorc::test {

MLIRContext &graphContext() {
  static MLIRContext *context = [] {
    DialectRegistry registry;
    registry
        .insert<graph::GraphDialect, kernel::KernelDialect, func::FuncDialect,
                arith::ArithDialect, math::MathDialect>();
    return new MLIRContext(registry);
  }();
  return *context;
}

namespace {

bool isReal(Type type) { return isa<FloatType>(type); }

/// Memory of a program: bytes behind each buffer.
class Runner {
public:
  Runner(kernel::ProgramOp program, KernelRunner runKernel = interpret)
      : program(program), runKernel(std::move(runKernel)) {}

  void bind(Value buffer, std::vector<uint8_t> bytes) {
    memory[buffer] = std::move(bytes);
  }
  static int64_t bytesOf(Value buffer) {
    return compiler::byteSize(cast<MemRefType>(buffer.getType()));
  }

  void run() {
    SymbolTable symbols(program->getParentOfType<ModuleOp>());
    for (Operation &op : program.getBody().front()) {
      if (auto alloc = dyn_cast<kernel::AllocOp>(op))
        bind(alloc, std::vector<uint8_t>(bytesOf(alloc), 0xff));
      else if (auto constant = dyn_cast<kernel::ConstantOp>(op))
        bindConstant(constant);
      else if (auto launch = dyn_cast<kernel::LaunchOp>(op))
        runLaunch(launch, symbols.lookup<kernel::FuncOp>(launch.getKernel()));
    }
  }

  /// The bytes that `buffer` stands for.
  uint8_t *place(Value buffer) {
    if (auto view = buffer.getDefiningOp<kernel::ReinterpretOp>())
      return place(view.getSource());
    if (auto view = buffer.getDefiningOp<kernel::ViewOp>())
      return place(view.getArena()) + view.getOffset();
    return memory.at(buffer).data();
  }

  std::vector<double> read(Value buffer) {
    HostBuffer host = load(buffer);
    std::vector<double> values;
    for (int64_t i = 0; i < host.extent(); ++i)
      values.push_back(isReal(host.elementType) ? host.load(i).real
                                                : host.load(i).whole);
    return values;
  }
  void write(Value buffer, ArrayRef<double> values) {
    HostBuffer host(cast<MemRefType>(buffer.getType()), {});
    for (auto [i, value] : llvm::enumerate(values))
      host.store(i, {value, static_cast<int64_t>(value)});
    std::memcpy(place(buffer), host.data(), bytesOf(buffer));
  }

private:
  HostBuffer load(Value buffer) {
    HostBuffer host(cast<MemRefType>(buffer.getType()), {});
    std::memcpy(host.data(), place(buffer), bytesOf(buffer));
    return host;
  }

  void bindConstant(kernel::ConstantOp op) {
    bind(op, std::vector<uint8_t>(bytesOf(op)));
    std::vector<double> values;
    for (Attribute attribute :
         cast<DenseElementsAttr>(op.getValue()).getValues<Attribute>())
      values.push_back(
          isa<FloatAttr>(attribute)
              ? cast<FloatAttr>(attribute).getValueAsDouble()
              : cast<IntegerAttr>(attribute).getValue().getSExtValue());
    write(op, values);
  }

  void runLaunch(kernel::LaunchOp launch, kernel::FuncOp function) {
    // Operands that are the same memory are one buffer of the interpreter.
    std::map<uint8_t *, std::unique_ptr<HostBuffer>> hosts;
    std::vector<HostBuffer *> buffers;
    std::vector<std::unique_ptr<HostBuffer>> others;
    for (Value operand : launch->getOperands()) {
      auto &host = hosts[place(operand)];
      if (!host)
        host = std::make_unique<HostBuffer>(load(operand));
      if (host->shape == cast<MemRefType>(operand.getType()).getShape().vec() &&
          host->elementType == getElementTypeOrSelf(operand)) {
        buffers.push_back(host.get());
        continue;
      }
      others.push_back(std::make_unique<HostBuffer>(load(operand)));
      buffers.push_back(others.back().get());
    }
    EXPECT_EQ(runKernel(function, buffers), 0);
    size_t inputs = launch.getInputs().size();
    for (auto [i, output] : llvm::enumerate(launch.getOutputs())) {
      EXPECT_TRUE(buffers[inputs + i]->guardsIntact());
      std::memcpy(place(output), buffers[inputs + i]->data(), bytesOf(output));
    }
  }

  kernel::ProgramOp program;
  KernelRunner runKernel;
  llvm::DenseMap<Value, std::vector<uint8_t>> memory;
};

std::vector<Elements> randomArguments(func::FuncOp function,
                                      const FusionOptions &options) {
  std::mt19937 generator(options.seed);
  std::uniform_real_distribution<double> real(-2, 2);
  std::uniform_int_distribution<int64_t> whole(0, options.integerLimit - 1);
  std::vector<Elements> arguments;
  for (BlockArgument argument : function.getArguments()) {
    auto type = cast<RankedTensorType>(argument.getType());
    Elements elements{type.getShape().vec(), {}};
    for (int64_t i = 0; i < type.getNumElements(); ++i)
      // Quarters, so that there are ties and floats are exact.
      elements.values.push_back(
          isReal(type.getElementType()) ? std::round(real(generator) * 4) / 4
          : type.getElementType().isInteger(1) ? whole(generator) % 2
                                               : whole(generator));
    arguments.push_back(std::move(elements));
  }
  return arguments;
}

/// What each state and output holds after the function, by name.
std::map<std::string, std::vector<double>>
expectedContents(func::FuncOp function, std::vector<Elements> arguments,
                 double &magnitude) {
  std::map<std::string, std::vector<double>> contents;
  for (BlockArgument argument : function.getArguments())
    if (auto name = function.getArgAttrOfType<StringAttr>(
            argument.getArgNumber(), "graph.state"))
      contents[name.str()] = arguments[argument.getArgNumber()].values;
  std::vector<Elements> results = evaluate(function, arguments, &magnitude);
  for (auto [i, result] : llvm::enumerate(results)) {
    auto state = function.getResultAttrOfType<StringAttr>(i, "graph.state");
    contents[state ? state.str() : "result" + std::to_string(i)] =
        result.values;
  }
  return contents;
}

void runAndCompare(kernel::ProgramOp program, func::FuncOp function,
                   const std::vector<Elements> &arguments,
                   const std::map<std::string, std::vector<double>> &expected,
                   double least, const FusionOptions &options) {
  Runner runner(program,
                options.compile
                    ? options.compile(program->getParentOfType<ModuleOp>())
                    : interpret);
  llvm::StringMap<const Elements *> states;
  std::vector<const Elements *> inputs;
  for (auto [i, elements] : llvm::enumerate(arguments))
    if (auto name = function.getArgAttrOfType<StringAttr>(i, "graph.state"))
      states[name.getValue()] = &elements;
    else
      inputs.push_back(&elements);
  auto nextInput = inputs.begin();
  auto attribute = [&](BlockArgument argument, StringRef name) {
    return program.getArgAttrOfType<StringAttr>(argument.getArgNumber(), name)
        .getValue();
  };
  for (BlockArgument argument : program.getBody().getArguments()) {
    runner.bind(argument,
                std::vector<uint8_t>(Runner::bytesOf(argument), 0xff));
    StringRef role = attribute(argument, "kernel.role");
    if (role == "input")
      runner.write(argument, (*nextInput++)->values);
    else if (role != "output" && role != "workspace")
      runner.write(argument,
                   states.at(attribute(argument, "kernel.name"))->values);
  }
  runner.run();
  for (BlockArgument argument : program.getBody().getArguments()) {
    StringRef role = attribute(argument, "kernel.role");
    if (role == "input" || role == "workspace")
      continue;
    std::string name = attribute(argument, "kernel.name").str();
    std::vector<double> actual = runner.read(argument);
    const std::vector<double> &wanted = expected.at(name);
    ASSERT_EQ(actual.size(), wanted.size()) << name;
    double tolerance =
        isReal(getElementTypeOrSelf(argument)) ? options.tolerance : 0;
    for (size_t i = 0; i < actual.size(); ++i) {
      if (std::isnan(wanted[i]) && std::isnan(actual[i]))
        continue;
      if (wanted[i] == actual[i])
        continue;
      ASSERT_NEAR(actual[i], wanted[i],
                  tolerance * std::max(least, std::abs(wanted[i])))
          << name << "[" << i << "]";
    }
  }
}

void splitReductions(ModuleOp module, int64_t workers, int64_t work) {
  PassManager pm(&graphContext());
  compiler::SplitReductionsPassOptions options;
  options.workers = workers;
  options.work = work;
  pm.addPass(compiler::createSplitReductionsPass(options));
  ASSERT_TRUE(succeeded(pm.run(module)));
}

size_t launchesOf(kernel::ProgramOp program) {
  auto launches = program.getBody().getOps<kernel::LaunchOp>();
  return std::distance(launches.begin(), launches.end());
}

} // namespace

void checkFusion(StringRef text, size_t kernels, const FusionOptions &options) {
  SCOPED_TRACE(text.str());
  OwningOpRef<ModuleOp> original =
      parseSourceString<ModuleOp>(text, &graphContext());
  ASSERT_TRUE(original);
  OwningOpRef<ModuleOp> reference;
  if (!options.reference.empty()) {
    reference = parseSourceString<ModuleOp>(options.reference, &graphContext());
    ASSERT_TRUE(reference);
  }
  PassManager differentiate(&graphContext()), fuse(&graphContext());
  if (options.simplify) {
    differentiate.addPass(compiler::createDifferentiatePass());
    ASSERT_TRUE(succeeded(differentiate.run(*original)));
    compiler::buildSimplifyPipeline(fuse);
  }
  OwningOpRef<ModuleOp> fused = original->clone();
  fuse.addPass(compiler::createLegalizePass());
  fuse.addPass(compiler::createFusePass());
  ASSERT_TRUE(succeeded(fuse.run(*fused)));
  OwningOpRef<ModuleOp> planned = fused->clone(), split = fused->clone();
  PassManager plan(&graphContext());
  plan.addPass(compiler::createPlanMemoryPass());
  ASSERT_TRUE(succeeded(plan.run(*planned)));
  splitReductions(*split, /*workers=*/1000, /*work=*/1);
  ASSERT_TRUE(succeeded(plan.run(*split)));
  for (auto function :
       (reference ? *reference : *original).getOps<func::FuncOp>()) {
    std::vector<Elements> arguments = randomArguments(function, options);
    double magnitude = 1;
    auto expected = expectedContents(function, arguments, magnitude);
    for (ModuleOp module : {*fused, *planned, *split}) {
      auto program =
          module.lookupSymbol<kernel::ProgramOp>(function.getSymName());
      ASSERT_TRUE(program);
      std::string printed;
      llvm::raw_string_ostream(printed) << module;
      SCOPED_TRACE(printed);
      runAndCompare(program, function, arguments, expected,
                    options.byMagnitude ? magnitude : 1, options);
      if (testing::Test::HasFatalFailure())
        return;
      if (kernels != 0 && module == *planned)
        EXPECT_EQ(launchesOf(program), kernels);
    }
  }
}

/// What a program's arguments hold when it has run on random data.
static std::vector<std::vector<double>>
contentsAfter(kernel::ProgramOp program, const FusionOptions &options) {
  std::mt19937 generator(options.seed);
  std::uniform_real_distribution<double> real(-2, 2);
  std::uniform_int_distribution<int64_t> whole(0, options.integerLimit - 1);
  Runner runner(program);
  for (BlockArgument argument : program.getArguments()) {
    auto type = cast<MemRefType>(argument.getType());
    runner.bind(argument, std::vector<uint8_t>(Runner::bytesOf(argument)));
    std::vector<double> values(type.getNumElements());
    for (double &value : values)
      value = isReal(type.getElementType()) ? real(generator)
                                            : double(whole(generator));
    runner.write(argument, values);
  }
  runner.run();
  std::vector<std::vector<double>> contents;
  for (BlockArgument argument : program.getArguments())
    contents.push_back(runner.read(argument));
  return contents;
}

size_t checkSplit(StringRef text, int64_t workers, int64_t work,
                  const FusionOptions &options) {
  SCOPED_TRACE(text.str());
  OwningOpRef<ModuleOp> module =
      parseSourceString<ModuleOp>(text, &graphContext());
  if (!module) {
    ADD_FAILURE() << "no module";
    return 0;
  }
  auto programOf = [](ModuleOp module) {
    return *module.getOps<kernel::ProgramOp>().begin();
  };
  auto expected = contentsAfter(programOf(*module), options);
  splitReductions(*module, workers, work);
  std::string printed;
  llvm::raw_string_ostream(printed) << *module;
  SCOPED_TRACE(printed);
  auto actual = contentsAfter(programOf(*module), options);
  for (auto [argument, wanted, got] : llvm::enumerate(expected, actual))
    for (size_t i = 0; i < wanted.size(); ++i)
      EXPECT_NEAR(got[i], wanted[i],
                  options.tolerance * std::max(1.0, std::abs(wanted[i])))
          << "argument " << argument << ", element " << i;
  return launchesOf(programOf(*module));
}

} // namespace tensorc::test
