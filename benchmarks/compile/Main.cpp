//===- Main.cpp - How compile time grows with the model -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "benchmarks/compile/Models.h"
#include "compiler/frontend/Frontend.h"
#include "compiler/pipeline/Pipeline.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

using namespace mlir;
using namespace tensorc;
using namespace tensorc::benchmark;
using compiler::Compilation;
using compiler::Phase;

static constexpr char kUsage[] =
    "usage: compile-benchmark [FAMILY...] [--ops N]... [--to PHASE] [-O0]\n"
    "\n"
    "CPU seconds of each phase for models of about N ops (default 1000, "
    "10000,\n"
    "50000), counted before fusion, up to PHASE (default planned; object is "
    "the\n"
    "last). One thread, which on an idle machine takes just as long.\n"
    "\n"
    "families:\n";

namespace {

struct Arguments {
  std::vector<const Family *> families;
  std::vector<int64_t> sizes;
  Phase last = Phase::Planned;
  int optLevel = 3;
};

/// One model, compiled.
struct Row {
  int64_t ops = 0, launches = 0, kernels = 0;
  double trace = 0;
  std::vector<std::pair<Phase, double>> times;
};

} // namespace

static int64_t countOps(ModuleOp module) {
  int64_t count = 0;
  for (auto function : module.getOps<func::FuncOp>())
    count += int64_t(function.getBody().front().getOperations().size()) - 1;
  return count;
}

static void countKernels(ModuleOp module, Row &row) {
  // In the modules of the variants.
  module.walk([&](Operation *op) {
    row.kernels += op->getName().getStringRef() == "kernel.func";
    row.launches += op->getName().getStringRef() == "kernel.launch";
  });
}

static Row compile(const Family &family, int64_t parts,
                   const Arguments &arguments, Phase last) {
  Row row;
  std::unique_ptr<ModelExport> model = family.make(parts);
  MLIRContext context(compiler::dialects(), MLIRContext::Threading::DISABLED);
  std::clock_t begin = std::clock();
  auto lap = [&] {
    std::clock_t now = std::clock();
    return double(now - std::exchange(begin, now)) / CLOCKS_PER_SEC;
  };
  auto graph = compiler::traceModel(&context, *model);
  if (failed(graph))
    std::exit(1);
  row.trace = lap();
  compiler::Options options;
  options.optLevel = arguments.optLevel;
  options.verify = false; // as in `tensorc`
  options.afterPhase = [&](Phase phase, ModuleOp module) {
    row.times.emplace_back(phase, lap());
    if (phase == Phase::Simplified)
      row.ops = countOps(module);
    if (phase == Phase::Planned)
      countKernels(module, row);
    lap();
  };
  Compilation compilation(std::move(*graph), options);
  if (failed(compilation.runTo(last)))
    std::exit(1);
  return row;
}

/// How many parts make about `ops` ops: parts are alike.
static int64_t partsFor(const Family &family, int64_t ops,
                        const Arguments &arguments) {
  auto count = [&](int64_t parts) {
    return compile(family, parts, arguments, Phase::Simplified).ops;
  };
  int64_t few = count(16), more = count(32);
  return std::max<int64_t>(1, 16 + (ops - few) * 16 /
                                       std::max<int64_t>(more - few, 1));
}

static void measure(const Family &family, const Arguments &arguments) {
  std::printf("%s: %s\n    ops kernels launches   trace", family.name.c_str(),
              family.what.c_str());
  for (auto [name, phase] : compiler::phaseNames())
    if (phase <= arguments.last)
      std::printf(" %10s", name.str().c_str());
  std::printf("   fuse+plan\n");
  for (int64_t size : arguments.sizes) {
    Row row = compile(family, partsFor(family, size, arguments), arguments,
                      arguments.last);
    std::printf("%7lld %7lld %8lld %7.3f", (long long)row.ops,
                (long long)row.kernels, (long long)row.launches, row.trace);
    double planning = 0;
    for (auto [phase, seconds] : row.times) {
      std::printf(" %10.3f", seconds);
      if (phase == Phase::Kernels || phase == Phase::Planned)
        planning += seconds;
    }
    std::printf(" %11.3f\n", planning);
    std::fflush(stdout);
  }
}

static int showUsage(bool isAsked) {
  std::FILE *out = isAsked ? stdout : stderr;
  std::fputs(kUsage, out);
  for (const Family &family : families())
    std::fprintf(out, "  %-15s %s\n", family.name.c_str(), family.what.c_str());
  return isAsked ? 0 : 2;
}

int main(int argc, char **argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    StringRef word = argv[i];
    const char *value = i + 1 < argc ? argv[i + 1] : "";
    if (word == "-h" || word == "--help")
      return showUsage(true);
    if (word == "--ops" && std::atoll(value) > 0) {
      arguments.sizes.push_back(std::atoll(argv[++i]));
    } else if (word == "--to" && compiler::parsePhase(value)) {
      arguments.last = *compiler::parsePhase(argv[++i]);
    } else if (word == "-O0") {
      arguments.optLevel = 0;
    } else {
      auto family = llvm::find_if(
          families(), [&](const Family &known) { return known.name == word; });
      if (family == families().end())
        return showUsage(false);
      arguments.families.push_back(&*family);
    }
  }
  if (arguments.sizes.empty())
    arguments.sizes = {1000, 10000, 50000};
  if (arguments.families.empty())
    for (const Family &family : families())
      arguments.families.push_back(&family);
  for (const Family *family : arguments.families)
    measure(*family, arguments);
  return 0;
}
