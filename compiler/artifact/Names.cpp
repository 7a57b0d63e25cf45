//===- Names.cpp - Names of the header that can't be ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/artifact/Names.h"

#include "compiler/artifact/Model.h"
#include "tensorc/names.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace tensorc::compiler {
namespace {

/// What the header declares so far, and for what: "the function `f`".
class Declared {
public:
  /// Adds `name`, which `what` needs; an error of `function` where another
  /// thing has it.
  LogicalResult add(func::FuncOp function, const Twine &name,
                    const Twine &what) {
    auto [it, inserted] = names.try_emplace(name.str(), what.str());
    if (inserted)
      return success();
    return emitError(function.getLoc())
           << "expected names that stay apart in the header, received "
           << it->second << " and " << what.str() << ", which are both `"
           << name.str() << "` there; rename one of them";
  }

private:
  llvm::StringMap<std::string> names;
};

} // namespace

static LogicalResult refuse(func::FuncOp function, StringRef what,
                            StringRef name, NameUse use) {
  std::string problem = name_problem(name, use);
  if (problem.empty())
    return success();
  return emitError(function.getLoc())
         << what << " `" << name << "` " << problem << "; for example `"
         << proposed_name(name, use) << "` can be";
}

/// Whether the header of a model has, or could have, a macro of that name.
static bool isOwnMacro(StringRef name, StringRef prefix) {
  std::string capitals = prefix.upper() + "_";
  if (!name.consume_front(capitals))
    return false;
  return llvm::is_contained({"HAS_CPU", "HAS_CUDA", "STATE_BYTES"}, name) ||
         name.starts_with("CUDA_") || name.ends_with("_WORKSPACE_BYTES");
}

static LogicalResult checkFunction(func::FuncOp function, StringRef prefix,
                                   Declared &members, Declared &macros) {
  std::string name = function.getSymName().str();
  std::string self = "the function `" + name + "`";
  auto notMacro = [&](StringRef given) -> LogicalResult {
    if (!isOwnMacro(given, prefix))
      return success();
    return emitError(function.getLoc())
           << "`" << given << "` is a macro of the header of the model `"
           << prefix << "`; rename it, or the model by `--name`";
  };
  if (failed(notMacro(name)))
    return failure();
  if (failed(refuse(function, "the function", name, NameUse::Function)) ||
      failed(members.add(function, name, self)) ||
      failed(members.add(function, name + "_workspace_bytes", self)) ||
      failed(macros.add(function, StringRef(name).upper() + "_WORKSPACE_BYTES",
                        self)))
    return failure();
  Declared parameters;
  auto buffer = [&](StringAttr given, StringRef what) -> LogicalResult {
    if (!given)
      return success();
    StringRef text = given.getValue();
    std::string description =
        ("the " + what + " `" + text + "` of `" + name + "`").str();
    std::string parameter = identifier(text);
    return success(
        succeeded(
            refuse(function, ("the " + what).str(), text, NameUse::Buffer)) &&
        succeeded(notMacro(text)) &&
        succeeded(parameters.add(function, parameter, description)) &&
        succeeded(members.add(function, name + "_" + parameter + "_shape",
                              description)));
  };
  for (const Symbol &symbol : symbolsOf(function)) {
    std::string description =
        "the size `" + symbol.name + "` of `" + name + "`";
    if (identifier(symbol.name) != symbol.name)
      return emitError(function.getLoc())
             << description << " has a name of the header's own; rename it";
    if (failed(refuse(function, "the size", symbol.name, NameUse::Buffer)) ||
        failed(notMacro(symbol.name)) ||
        failed(parameters.add(function, symbol.name, description)))
      return failure();
    for (StringRef what : {"_min", "_max", "_divisor"})
      if (failed(members.add(function, name + "_" + symbol.name + what,
                             description)))
        return failure();
  }
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    if (failed(buffer(function.getArgAttrOfType<StringAttr>(i, "graph.name"),
                      "input")))
      return failure();
  for (unsigned i = 0; i < function.getNumResults(); ++i)
    if (failed(buffer(function.getResultAttrOfType<StringAttr>(i, "graph.name"),
                      "output")))
      return failure();
  return success();
}

LogicalResult checkNames(ModuleOp module, StringRef prefix) {
  Declared members, macros;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isDeclaration())
      continue;
    if (failed(checkFunction(function, prefix, members, macros)))
      return failure();
    std::string name = (prefix + "_" + function.getSymName()).str();
    std::string problem = name_problem(name, NameUse::Model);
    if (!problem.empty())
      return emitError(function.getLoc())
             << "the C function `" << name << "` " << problem
             << "; rename the function, or the model by `--name`";
  }
  return success();
}

} // namespace tensorc::compiler
