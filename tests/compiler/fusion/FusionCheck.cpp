//===- FusionCheck.cpp - Fused programs mean what the graph says ----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/fusion/FusionCheck.h"

#include "compiler/autodiff/Passes.h"
#include "compiler/fusion/Passes.h"
#include "compiler/legalize/Passes.h"
#include "compiler/memory/Passes.h"
#include "compiler/simplify/Passes.h"
#include "compiler/support/Decomposition.h"
#include "dialects/graph/Conversion.h"
#include "dialects/graph/GraphDialect.h"
#include "dialects/kernel/KernelDialect.h"
#include "runtime/core/Dense.h"
#include "tests/compiler/fusion/EagerGraph.h"
#include "tests/oracle/Record.h"

#include "mlir/IR/Verifier.h"
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
    registry.insert<graph::GraphDialect, kernel::KernelDialect,
                    scalar::ScalarDialect, func::FuncDialect,
                    arith::ArithDialect, math::MathDialect>();
    return new MLIRContext(registry);
  }();
  return *context;
}

TensorList randomArguments(func::FuncOp function,
                           const FusionOptions &options) {
  std::mt19937 generator(options.seed);
  std::uniform_real_distribution<double> real(-2, 2);
  std::uniform_int_distribution<int64_t> whole(0, options.integerLimit - 1);
  TensorList arguments;
  for (Type type : function.getArgumentTypes()) {
    Tensor tensor = make_dense(*graph::toTensorType(type), kCPU);
    DType dtype = tensor.dtype();
    char *element = address(*tensor.impl());
    for (int64_t i = 0; i < tensor.numel(); ++i, element += size_of(dtype))
      // Quarters, so that there are ties and floats are exact.
      write_element(element, dtype,
                    is_floating_point(dtype)
                        ? tensorc::Scalar(std::round(real(generator) * 4) / 4)
                    : dtype == kBool ? tensorc::Scalar(whole(generator) % 2)
                                     : tensorc::Scalar(whole(generator)));
    arguments.push_back(tensor);
  }
  return arguments;
}

namespace {

bool isReal(Type type) { return isa<FloatType>(type); }

/// What each state and output holds after the function, by name.
std::map<std::string, std::vector<double>>
expectedContents(func::FuncOp function, const TensorList &arguments,
                 double &magnitude) {
  std::map<std::string, std::vector<double>> contents;
  for (auto [i, argument] : llvm::enumerate(arguments))
    if (auto name = function.getArgAttrOfType<StringAttr>(i, "graph.state"))
      contents[name.str()] = argument.to_vector();
  TensorList results = evaluate(function, arguments, &magnitude);
  for (auto [i, result] : llvm::enumerate(results)) {
    auto state = function.getResultAttrOfType<StringAttr>(i, "graph.state");
    contents[state ? state.str() : "result" + std::to_string(i)] =
        result.to_vector();
  }
  return contents;
}

void runAndCompare(kernel::ProgramOp program, func::FuncOp function,
                   const TensorList &arguments,
                   const std::map<std::string, std::vector<double>> &expected,
                   double least, const FusionOptions &options,
                   const KernelRunner &runKernel,
                   const compiler::SymbolValues &symbols) {
  ProgramRunner runner(program, runKernel, symbols);
  std::map<std::string, Tensor> states;
  TensorList inputs;
  for (auto [i, argument] : llvm::enumerate(arguments))
    if (auto name = function.getArgAttrOfType<StringAttr>(i, "graph.state"))
      states[name.str()] = argument;
    else
      inputs.push_back(argument);
  auto nextInput = inputs.begin();
  auto attribute = [&](BlockArgument argument, StringRef name) {
    return program.getArgAttrOfType<StringAttr>(argument.getArgNumber(), name)
        .getValue();
  };
  for (BlockArgument argument : program.getBody().getArguments()) {
    runner.bind(argument,
                std::vector<uint8_t>(ProgramRunner::bytesOf(argument), 0xff));
    StringRef role = attribute(argument, "kernel.role");
    if (role == "input")
      runner.write(argument, (*nextInput++).to_vector());
    else if (role != "output" && role != "workspace")
      runner.write(
          argument,
          states.at(attribute(argument, "kernel.name").str()).to_vector());
  }
  EXPECT_EQ(runner.run(), 0);
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

namespace {

/// What one graph becomes, in the forms that are run.
class FusedForms {
public:
  FusedForms(ModuleOp graph, const FusionOptions &options)
      : options(options), graph(graph) {}

  /// Fails where passes do.
  LogicalResult make();
  void compare(ModuleOp reference, const compiler::SymbolValues &symbols,
               ArrayRef<ModuleOp> modules);
  ModuleOp specializedGraph(const compiler::SymbolValues &symbols);
  ModuleOp specializedProgram(const compiler::SymbolValues &symbols);

  const FusionOptions &options;
  ModuleOp graph;
  OwningOpRef<ModuleOp> differentiated, fused, planned, split;
  SmallVector<OwningOpRef<ModuleOp>> owned; ///< made for some sizes
  size_t kernels = 0;

private:
  /// Made once for a module.
  const KernelRunner &runnerOf(ModuleOp module) {
    KernelRunner &runner = runners[module];
    if (!runner)
      runner = options.compile ? options.compile(module) : interpret;
    return runner;
  }

  llvm::DenseMap<Operation *, KernelRunner> runners;
};

LogicalResult differentiate(ModuleOp module, const FusionOptions &options) {
  PassManager pm(&graphContext());
  if (options.simplify)
    pm.addPass(compiler::createDifferentiatePass());
  return pm.run(module);
}

LogicalResult fuse(ModuleOp module, const FusionOptions &options) {
  PassManager pm(&graphContext());
  if (options.simplify)
    compiler::buildSimplifyPipeline(pm);
  pm.addPass(compiler::createLegalizePass());
  pm.addPass(compiler::createFusePass());
  return pm.run(module);
}

LogicalResult plan(ModuleOp module) {
  PassManager pm(&graphContext());
  pm.addPass(compiler::createPlanMemoryPass());
  return pm.run(module);
}

} // namespace

LogicalResult FusedForms::make() {
  differentiated = graph.clone();
  if (failed(differentiate(*differentiated, options)))
    return failure();
  fused = differentiated->clone();
  if (failed(fuse(*fused, options)))
    return failure();
  planned = fused->clone();
  split = fused->clone();
  splitReductions(*split, /*workers=*/1000, /*work=*/1);
  return success(succeeded(plan(*planned)) && succeeded(plan(*split)));
}

/// With numbers for symbols before anything else.
ModuleOp FusedForms::specializedGraph(const compiler::SymbolValues &symbols) {
  owned.push_back(graph.clone());
  ModuleOp module = *owned.back();
  EXPECT_TRUE(succeeded(compiler::specialize(module, symbols)) &&
              succeeded(differentiate(module, options)));
  return module;
}

/// With numbers for symbols in the planned program.
ModuleOp FusedForms::specializedProgram(const compiler::SymbolValues &symbols) {
  owned.push_back(planned->clone());
  EXPECT_TRUE(succeeded(compiler::specialize(*owned.back(), symbols)));
  EXPECT_TRUE(succeeded(verify(*owned.back())));
  return *owned.back();
}

/// Runs `modules` and what `reference` says.
void FusedForms::compare(ModuleOp reference,
                         const compiler::SymbolValues &symbols,
                         ArrayRef<ModuleOp> modules) {
  for (auto function : reference.getOps<func::FuncOp>()) {
    TensorList arguments = randomArguments(function, options);
    double magnitude = 1;
    auto expected = expectedContents(function, arguments, magnitude);
    for (ModuleOp module : modules) {
      auto program =
          module.lookupSymbol<kernel::ProgramOp>(function.getSymName());
      ASSERT_TRUE(program);
      std::string printed;
      llvm::raw_string_ostream(printed) << module;
      SCOPED_TRACE(printed);
      runAndCompare(program, function, arguments, expected,
                    options.byMagnitude ? magnitude : 1, options,
                    runnerOf(module), symbols);
      if (testing::Test::HasFatalFailure())
        return;
      if (kernels != 0 && module == *planned)
        EXPECT_EQ(launchesOf(program), kernels);
    }
  }
}

void checkFusion(StringRef text, size_t kernels, const FusionOptions &options) {
  SCOPED_TRACE(text.str());
  OwningOpRef<ModuleOp> graph =
      parseSourceString<ModuleOp>(text, &graphContext());
  ASSERT_TRUE(graph);
  OwningOpRef<ModuleOp> reference;
  if (!options.reference.empty()) {
    reference = parseSourceString<ModuleOp>(options.reference, &graphContext());
    ASSERT_TRUE(reference);
  }
  FusedForms forms(*graph, options);
  forms.kernels = kernels;
  ASSERT_TRUE(succeeded(forms.make()));
  forms.compare(reference ? *reference : *forms.differentiated, {},
                {*forms.fused, *forms.planned, *forms.split});
}

/// Notes that `op`, if it has such sizes, has been compared.
static void recordSymbolic(Operation *op) {
  auto isSymbolic = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && isa_and_nonnull<scalar::SizesAttr>(tensor.getEncoding());
  };
  auto isSizes = [](NamedAttribute attribute) {
    return isa<scalar::SizesAttr>(attribute.getValue());
  };
  const OpInfo *info = compiler::infoOf(op);
  if (info && (llvm::any_of(op->getOperandTypes(), isSymbolic) ||
               llvm::any_of(op->getResultTypes(), isSymbolic) ||
               llvm::any_of(op->getAttrs(), isSizes)))
    Records::add_symbolic(*info);
}

std::string checkSymbolic(StringRef text, const FusionOptions &options) {
  SCOPED_TRACE(text.str());
  OwningOpRef<ModuleOp> graph =
      parseSourceString<ModuleOp>(text, &graphContext());
  if (!graph) {
    ADD_FAILURE() << "no graph";
    return {};
  }
  FusedForms forms(*graph, options);
  std::string refusal;
  {
    ScopedDiagnosticHandler handler(
        &graphContext(), [&](Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
            refusal = refusal.empty() ? diagnostic.str() : refusal;
          return success();
        });
    if (failed(forms.make()))
      return refusal.empty() ? "no words" : refusal;
  }
  for (auto [index, symbols] : llvm::enumerate(options.sizes)) {
    std::string sizes;
    for (const auto &[name, value] : symbols)
      sizes += name + "=" + std::to_string(value) + " ";
    SCOPED_TRACE(sizes);
    ModuleOp reference = forms.specializedGraph(symbols);
    SmallVector<ModuleOp> modules = {*forms.planned};
    switch ((index + options.seed) % 4) {
    case 0:
      modules.push_back(*forms.fused);
      break;
    case 1:
      modules.push_back(*forms.split);
      break;
    case 2:
      modules.push_back(forms.specializedProgram(symbols));
      break;
    case 3: {
      ModuleOp fused = forms.owned.emplace_back(reference.clone()).get();
      if (failed(fuse(fused, options)) || failed(plan(fused)))
        ADD_FAILURE() << "no program with numbers for symbols";
      else
        forms.compare(reference, {}, fused);
      break;
    }
    }
    forms.compare(reference, symbols, modules);
    if (testing::Test::HasFailure())
      return {};
  }
  forms.differentiated->walk(recordSymbolic);
  return {};
}

/// What a program's arguments hold when it has run on random data.
static std::vector<std::vector<double>>
contentsAfter(kernel::ProgramOp program, const FusionOptions &options) {
  std::mt19937 generator(options.seed);
  std::uniform_real_distribution<double> real(-2, 2);
  std::uniform_int_distribution<int64_t> whole(0, options.integerLimit - 1);
  ProgramRunner runner(program);
  for (BlockArgument argument : program.getArguments()) {
    auto type = cast<MemRefType>(argument.getType());
    runner.bind(argument,
                std::vector<uint8_t>(ProgramRunner::bytesOf(argument)));
    std::vector<double> values(type.getNumElements());
    for (double &value : values)
      value = isReal(type.getElementType()) ? real(generator)
                                            : double(whole(generator));
    runner.write(argument, values);
  }
  EXPECT_EQ(runner.run(), 0);
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
