//===- main.cpp - Runs functions of graph ops, and checks them ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// tensorc-check FILE: computes each function of FILE, which takes nothing, in
// all ways there are (Ways.h), and checks what `check` ops expect of its
// values.
//
//===----------------------------------------------------------------------===//

#include "compiler/pipeline/Pipeline.h"
#include "dialects/graph/GraphDialect.h"
#include "tests/compiler/fusion/EagerGraph.h"
#include "tests/ops/CheckDialect.h"
#include "tests/ops/Ways.h"
#include "tools/tensorc/Elements.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"

#include <cmath>

using namespace mlir;
using namespace tensorc;
using namespace tensorc::test;

namespace {

struct Expectation {
  mlir::Location location;
  std::string op; ///< what computes the value
  Tensor value;
  std::optional<int64_t> ulps; ///< none: exactly
};
using Expectations = std::map<std::string, std::vector<Expectation>>;

/// A module whose functions return what is checked, its constants taken out as
/// arguments, or not.
struct Prepared {
  OwningOpRef<ModuleOp> module;
  Values arguments;
};

} // namespace

static FailureOr<Expectations> findExpectations(ModuleOp module) {
  Expectations all;
  for (auto function : module.getOps<func::FuncOp>()) {
    std::vector<Expectation> &found = all[function.getSymName().str()];
    auto add = [&](auto op, std::optional<int64_t> ulps) {
      Operation *source = op.getValue().getDefiningOp();
      found.push_back(
          {op.getLoc(), source ? source->getName().getStringRef().str() : "",
           tensorOf(cast<DenseElementsAttr>(op.getExpected())), ulps});
    };
    function.walk([&](Operation *op) {
      llvm::TypeSwitch<Operation *>(op)
          .Case([&](check::ExpectEqConstOp op) { add(op, std::nullopt); })
          .Case(
              [&](check::ExpectAlmostEqConstOp op) { add(op, op.getUlps()); });
    });
    if (found.empty() || function.getNumArguments() != 0)
      return function.emitError(
          "expected a function that takes nothing and checks something");
  }
  if (all.empty())
    return module.emitError("expected functions"), failure();
  return all;
}

static Prepared prepare(ModuleOp source, bool folded) {
  Prepared result{source.clone(), {}};
  Builder b(source.getContext());
  for (auto function : result.module->getOps<func::FuncOp>()) {
    Block &body = function.getBody().front();
    TensorList &arguments = result.arguments[function.getSymName().str()];
    SmallVector<Value> checked;
    for (Operation &op : llvm::make_early_inc_range(body)) {
      auto constant = dyn_cast<graph::ConstantOp>(op);
      if (constant && !folded) {
        arguments.push_back(
            tensorOf(cast<DenseElementsAttr>(constant.getValue())));
        constant.replaceAllUsesWith(
            body.addArgument(constant.getType(), constant.getLoc()));
        constant.erase();
      } else if (isa<check::CheckDialect>(op.getDialect())) {
        checked.push_back(op.getOperand(0));
        op.erase();
      }
    }
    body.getTerminator()->setOperands(checked);
    function.setType(b.getFunctionType(body.getArgumentTypes(),
                                       ValueRange(checked).getTypes()));
    for (unsigned i = 0; i < arguments.size(); ++i)
      function.setArgAttr(i, "graph.name", b.getStringAttr("i" + Twine(i)));
    for (unsigned i = 0; i < checked.size(); ++i)
      function.setResultAttr(i, "graph.name", b.getStringAttr("o" + Twine(i)));
  }
  return result;
}

/// Whether `x` and `y`, elements of `dtype`, are the same but for `ulps`.
static bool isSame(const char *x, const char *y, DType dtype,
                   std::optional<int64_t> ulps) {
  if (!is_floating_point(dtype))
    return read_int(x, dtype) == read_int(y, dtype);
  double a = read_double(x, dtype), b = read_double(y, dtype);
  if (a == b)
    return ulps || std::signbit(a) == std::signbit(b);
  int exponent = 0;
  std::frexp(b, &exponent);
  return (std::isnan(a) && std::isnan(b)) ||
         (ulps &&
          std::abs(a - b) <=
              double(*ulps) * std::ldexp(1, exponent - info_of(dtype).digits));
}

static LogicalResult compare(const Expectation &expected, const Tensor &value,
                             const Way &way) {
  auto error = [&] {
    return emitError(expected.location)
           << "`" << expected.op << "`, " << way.name << ": ";
  };
  if (to_string(value.type()) != to_string(expected.value.type()))
    return error() << "expected " << to_string(expected.value.type())
                   << ", received " << to_string(value.type());
  DType dtype = value.dtype();
  std::vector<char> bytes = dense_bytes(value);
  const char *x = bytes.data(), *y = address(*expected.value.impl());
  size_t size = size_of(dtype);
  for (int64_t i = 0; i < value.numel(); ++i, x += size, y += size) {
    if (isSame(x, y, dtype, expected.ulps))
      continue;
    std::string index;
    int64_t rest = i, count = value.numel();
    for (int64_t of : value.shape()) {
      count /= of;
      index += (index.empty() ? "" : ", ") + std::to_string(rest / count);
      rest %= count;
    }
    return error() << "[" << index << "]: expected " << tool::textOf(y, dtype)
                   << ", received " << tool::textOf(x, dtype);
  }
  return success();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  if (argc != 2) {
    llvm::errs() << "usage: tensorc-check FILE\n";
    return 2;
  }
  DialectRegistry registry;
  compiler::dialects().appendTo(registry);
  registry.insert<check::CheckDialect>();
  MLIRContext context(registry);
  llvm::SourceMgr sources;
  SourceMgrDiagnosticHandler handler(sources, &context);
  OwningOpRef<ModuleOp> module =
      parseSourceFile<ModuleOp>(argv[1], sources, &context);
  if (!module)
    return 1;
  FailureOr<Expectations> expectations = findExpectations(*module);
  if (failed(expectations))
    return 1;
  bool good = true;
  size_t count = 0;
  std::vector<Way> ways = allWays();
  for (const Way &way : ways) {
    Prepared prepared = prepare(*module, way.folded);
    FailureOr<Values> values = way.run(*prepared.module, prepared.arguments);
    if (failed(values)) {
      llvm::errs() << "nothing " << way.name << '\n';
      good = false;
      continue;
    }
    for (const auto &[function, list] : *expectations)
      for (size_t i = 0; i < list.size(); ++i, ++count)
        good &= succeeded(compare(list[i], values->at(function).at(i), way));
  }
  llvm::outs() << expectations->size() << " functions, " << count / ways.size()
               << " expectations, " << ways.size() << " ways\n";
  return good ? 0 : 1;
}
