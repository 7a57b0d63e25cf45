//===- Function.cpp - A public function as its definition states it -------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Function.h"
#include "Model.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/TableGen/Error.h"

using namespace llvm;
using namespace tensorc::tblgen;

ArrayRef<StringRef> tensorc::tblgen::orderedKinds() {
  static constexpr StringRef kinds[] = {
      "elementwise", "creation", "movement",  "reduction",
      "contraction", "window",   "composite", "request"};
  return kinds;
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

/// `(ins "const Tensor &":$self, CArg<"bool", "false">:$keepdim)`.
static ParameterList makeParameters(const DagInit &dag, const Record &record) {
  ParameterList parameters;
  for (unsigned i = 0; i < dag.getNumArgs(); ++i) {
    ParameterModel parameter;
    parameter.name = dag.getArgNameStr(i).str();
    if (const auto *type = dyn_cast<StringInit>(dag.getArg(i))) {
      parameter.type = type->getValue().str();
    } else if (const auto *arg = dyn_cast<DefInit>(dag.getArg(i));
               arg && arg->getDef()->isSubClassOf("CArg")) {
      parameter.type = arg->getDef()->getValueAsString("type").str();
      parameter.fallback =
          arg->getDef()->getValueAsString("defaultValue").str();
    }
    if (parameter.type.empty() || parameter.name.empty())
      PrintFatalError(record.getLoc(),
                      "parameter " + Twine(i) +
                          " is neither `\"type\":$name` nor `CArg<\"type\", "
                          "\"default\">:$name`");
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

/// Those of an op that says nothing else.
static ParameterList makeParameters(const OpModel &op) {
  ParameterList parameters;
  bool broadcast = op.isElementwise() && op.operands.size() > 1;
  for (const OperandModel &operand : op.operands)
    parameters.push_back({operand.variadic ? "const TensorList &"
                          : broadcast      ? "const TensorArg &"
                                           : "const Tensor &",
                          operand.name, ""});
  for (const AttributeModel &attribute : op.attributes)
    parameters.push_back({attribute.publicType, attribute.name, ""});
  return parameters;
}

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

/// What a description says before its constraints.
static std::string semanticsOf(StringRef description) {
  return description.take_front(description.find("- (C1)")).trim().str();
}

static std::string replaced(std::string text, StringRef what, StringRef by) {
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos;
       at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

/// Whether a gradient's expression reads the elements of `name`.
static bool reads(StringRef expression, StringRef name) {
  std::string text = replaced(expression.str(), (name + ".dtype()").str(), "");
  auto inside = [](char c) { return isAlnum(c) || c == '_'; };
  for (size_t at = 0; (at = text.find(name, at)) != std::string::npos;
       at += name.size()) {
    size_t end = at + name.size();
    if ((at == 0 || !inside(text[at - 1])) &&
        (end == text.size() || !inside(text[end])))
      return true;
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

static void addOp(FunctionModel &function, const OpModel &op) {
  function.name = op.name;
  function.kind = op.kind;
  function.summary = op.summary;
  if (function.does.empty())
    function.does = semanticsOf(op.description);
  function.nonDifferentiable = op.nonDifferentiable;
  std::string operands, attributes;
  for (const OperandModel &operand : op.operands)
    operands += (operands.empty() ? "" : ", ") + operand.name;
  for (const AttributeModel &attribute : op.attributes)
    attributes += ", " + attribute.name;
  function.expression =
      replaced(replaced(function.expression, "$operands", operands),
               "$attributes", attributes);
  if (function.overloads.empty())
    function.overloads.push_back(makeParameters(op));
  // Of a rule written by hand nothing is known.
  for (auto [index, operand] : enumerate(op.operands))
    if (!op.nonDifferentiable &&
        (op.gradients.empty() ||
         reads(op.gradients[index], op.operands[0].name)))
      function.readersOfFirst.push_back(operand.name);
}

std::vector<FunctionModel>
tensorc::tblgen::collectFunctions(const RecordKeeper &records) {
  std::vector<OpModel> ops = collectOps(records);
  std::vector<FunctionModel> functions;
  for (const Record *record :
       records.getAllDerivedDefinitions("Graph_PublicFunction")) {
    const Record *call = record->getValueAsDef("function");
    if (call->getName() == "Graph_NoFunction")
      continue;
    FunctionModel function;
    function.does = record->getValueAsString("does").trim().str();
    function.types = call->getValueAsString("types").str();
    function.expression = call->getValueAsString("expression").str();
    for (const Init *overload : *record->getValueAsListInit("parameters"))
      function.overloads.push_back(
          makeParameters(*cast<DagInit>(overload), *record));
    for (const Record *form : record->getValueAsListOfDefs("forms")) {
      StringRef name = form->getName();
      (name == "Graph_Method"        ? function.hasMethod
       : name == "Graph_InPlace"     ? function.hasInPlace
       : name == "Graph_FreeInPlace" ? function.hasFreeInPlace
                                     : function.hasOut) = true;
    }
    const auto op =
        find_if(ops, [&](const OpModel &op) { return op.record == record; });
    if (op != ops.end()) {
      addOp(function, *op);
    } else {
      function.name = record->getValueAsString("name").str();
      function.kind = record->getValueAsString("kind").str();
      function.summary = record->getValueAsString("summary").str();
    }
    function.expression = replaced(function.expression, "$op", function.name);
    if (!is_contained(orderedKinds(), function.kind))
      PrintFatalError(record->getLoc(), "`" + function.kind + "` is no kind");
    if (function.overloads.empty())
      PrintFatalError(record->getLoc(), "function has no `parameters`");
    for (const ParameterList &parameters : function.overloads)
      if ((function.hasMethod || function.hasInPlace ||
           function.hasFreeInPlace) &&
          (parameters.empty() ||
           !(parameters[0].isTensor() || parameters[0].isTensorArg())))
        PrintFatalError(record->getLoc(),
                        "a method needs a tensor as its first parameter");
    functions.push_back(std::move(function));
  }
  llvm::sort(functions, [](const FunctionModel &a, const FunctionModel &b) {
    return a.name < b.name;
  });
  return functions;
}
