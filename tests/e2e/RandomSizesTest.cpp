//===- RandomSizesTest.cpp - Whole programs of symbolic sizes -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random graphs of sizes that are symbols, from the graph to the object, host
// code included, called with several sizes, some of which have code of their
// own.
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/fusion/EagerGraph.h"
#include "tests/compiler/fusion/FusionCheck.h"
#include "tests/compiler/fusion/RandomGraph.h"
#include "tests/e2e/CompiledModel.h"

#include "compiler/autodiff/Passes.h"
#include "compiler/support/Specialize.h"
#include "runtime/core/Dense.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include <gtest/gtest.h>

#include <cmath>
#include <regex>

using namespace mlir;
using namespace tensorc;
using namespace tensorc::test;

namespace {

constexpr size_t kGuard = 64;

class RandomSizes {
public:
  RandomSizes(unsigned seed, bool hasOwnCode)
      : seed(seed), hasOwnCode(hasOwnCode) {
    RandomGraph generator(seed, /*isSymbolic=*/true);
    // State has nothing to do with sizes.
    text = std::regex_replace(
        generator.run(),
        std::regex(R"( \{graph.state = "[^"]*"(, graph.role = "buffer")?\})"),
        "");
    sizes = sizesToTry(generator.symbols(), seed);
  }

  /// False where there is no program for symbols.
  bool check(const Machine &machine);

private:
  void compare(tool::JitModel &model, ModuleOp graph,
               const compiler::SymbolValues &values);

  unsigned seed;
  bool hasOwnCode; ///< for some of the sizes
  std::string text;
  std::vector<compiler::SymbolValues> sizes;
  compiler::Options options;
};

} // namespace

bool RandomSizes::check(const Machine &machine) {
  SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + text);
  MLIRContext context(compiler::dialects());
  OwningOpRef<ModuleOp> graph = parseSourceString<ModuleOp>(text, &context);
  EXPECT_TRUE(graph);
  if (!graph)
    return true;
  for (auto function : graph->getOps<func::FuncOp>()) {
    Builder b(&context);
    for (unsigned i = 0; i < function.getNumArguments(); ++i)
      function.setArgAttr(i, "graph.name", b.getStringAttr("i" + Twine(i)));
    for (unsigned i = 0; i < function.getNumResults(); ++i)
      function.setResultAttr(i, "graph.name", b.getStringAttr("o" + Twine(i)));
  }
  auto symbols = compiler::symbolsOf(*graph->getOps<func::FuncOp>().begin());
  for (size_t i = 1; i < 3 && hasOwnCode && !symbols.empty(); ++i) {
    compiler::SymbolValues &own = options.specialize.emplace_back();
    for (const Symbol &symbol : symbols)
      own[symbol.name] = sizes[i][symbol.name];
  }
  options.target.cpus = {machine.cpu};
  options.optLevel = machine.optLevel;
  compiler::Compilation compilation(graph->clone(), options);
  {
    ScopedDiagnosticHandler quiet(&context,
                                  [](Diagnostic &) { return success(); });
    if (failed(compilation.runTo(compiler::Phase::Kernels)))
      return false;
  }
  std::unique_ptr<tool::JitModel> model = load(compilation);
  for (const compiler::SymbolValues &values : sizes)
    if (model && !testing::Test::HasFailure())
      compare(*model, *graph, values);
  return true;
}

void RandomSizes::compare(tool::JitModel &model, ModuleOp graph,
                          const compiler::SymbolValues &values) {
  OwningOpRef<ModuleOp> numbers = graph.clone();
  PassManager pm(graph.getContext());
  pm.addPass(compiler::createDifferentiatePass());
  ASSERT_TRUE(succeeded(compiler::specialize(*numbers, values)) &&
              succeeded(pm.run(*numbers)));
  auto function = *numbers->getOps<func::FuncOp>().begin();
  FusionOptions drawn;
  drawn.seed = seed;
  TensorList arguments = randomArguments(function, drawn);
  double magnitude = 1;
  TensorList expected = evaluate(function, arguments, &magnitude);

  const compiler::ModelFunction *known = model.find("f");
  std::vector<int64_t> told;
  std::string said;
  for (const Symbol &symbol : known->symbols) {
    told.push_back(values.find(symbol.name)->second);
    said += symbol.name + "=" + std::to_string(told.back()) + " ";
  }
  SCOPED_TRACE(said);
  // Exactly as large as the call says, and a guard that stays.
  std::vector<tool::Memory> memory;
  std::vector<void *> buffers;
  for (const TensorList *list : {&arguments, &expected})
    for (const Tensor &tensor : *list) {
      std::vector<char> bytes = dense_bytes(tensor);
      memory.emplace_back(bytes.size() + kGuard);
      char *data = memory.back().data();
      std::fill_n(data, memory.back().size(), char(0x5a));
      if (list == &arguments)
        std::copy(bytes.begin(), bytes.end(), data);
      buffers.push_back(data);
    }
  tool::Memory state(0);
  if (llvm::Error error = model.call("f", state.data(), buffers, told))
    FAIL() << llvm::toString(std::move(error));
  double tolerance = toleranceOf(text) * magnitude;
  for (auto [i, wanted] : llvm::enumerate(expected)) {
    const tool::Memory &buffer = memory[arguments.size() + i];
    for (size_t at = buffer.size() - kGuard; at < buffer.size(); ++at)
      ASSERT_EQ(buffer.data()[at], char(0x5a)) << "behind result " << i;
    auto got = from_blob(buffer.data(), wanted.shape(), wanted.dtype())
                   .to_vector(),
         right = wanted.to_vector();
    bool isExact = !is_floating_point(wanted.dtype());
    for (size_t at = 0; at < right.size(); ++at)
      if (got[at] != right[at] &&
          !(std::isnan(got[at]) && std::isnan(right[at])))
        ASSERT_NEAR(got[at], right[at], isExact ? 0 : tolerance)
            << "result " << i << "[" << at << "]";
  }
}

TEST(RandomSizes, CompiledProgramsTakeAllSizes) {
  unsigned count = 120, refused = 0;
  if (const char *asked = std::getenv("TENSORC_RANDOM_PROGRAMS"))
    llvm::StringRef(asked).getAsInteger(10, count);
  std::vector<Machine> all = machines();
  for (unsigned seed = 0; seed < count; ++seed) {
    const Machine &machine = all[seed % all.size()];
    if (machine.options() && !RandomSizes(seed, seed / 4 % 2).check(machine))
      ++refused;
    if (testing::Test::HasFailure())
      return;
  }
  EXPECT_LE(5 * refused, count);
}
