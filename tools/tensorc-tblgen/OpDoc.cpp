//===- OpDoc.cpp - The reference page, and what it lacks ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Function.h"
#include "Model.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace tensorc::tblgen;

/// `description` without the indentation of the .td file.
static void emitDescription(raw_ostream &os, StringRef description) {
  SmallVector<StringRef> lines;
  description.trim("\n ").split(lines, '\n');
  size_t indent = StringRef::npos;
  for (StringRef line : ArrayRef(lines).drop_front())
    if (!line.trim().empty())
      indent = std::min(indent, line.find_first_not_of(' '));
  for (auto [index, line] : enumerate(lines)) {
    StringRef text =
        index == 0 ? line
                   : line.drop_front(std::min(
                         indent == StringRef::npos ? 0 : indent, line.size()));
    os << text.rtrim() << '\n';
  }
}

static void emitSignature(raw_ostream &os, const OpModel &op) {
  os << "`" << op.name << '(';
  bool first = true;
  auto separate = [&] {
    if (!std::exchange(first, false))
      os << ", ";
  };
  for (const OperandModel &operand : op.operands) {
    separate();
    os << operand.name << (operand.variadic ? "…" : "")
       << (operand.optional ? "?" : "");
  }
  for (const AttributeModel &attribute : op.attributes) {
    separate();
    os << attribute.name << ": " << attribute.doc;
  }
  os << ")`";
}

/// What users call.
static void emitFunctionDoc(raw_ostream &os, ArrayRef<FunctionModel> functions,
                            StringRef name) {
  const auto *function = find_if(
      functions, [&](const FunctionModel &each) { return each.name == name; });
  if (function == functions.end())
    return;
  os << "\nIn C++ `" << name << '`';
  std::vector<std::string> forms;
  if (function->hasMethod)
    forms.push_back("a method");
  if (function->hasInPlace || function->hasFreeInPlace)
    forms.push_back(("`" + name + "_`").str());
  if (function->hasOut)
    forms.push_back(("`" + name + "_out`").str());
  if (!forms.empty())
    os << " (also " << join(forms, ", ") << ')';
  os << ": " << function->types << '\n';
}

static bool emitOpDoc(const RecordKeeper &records, raw_ostream &os) {
  os << "# The ops of `graph`\n\nMade by tensorc-tblgen from "
        "`dialects/graph`. Shapes are static, or `?`\nwhere a size is known "
        "only at run time; no op broadcasts or converts types\nunless it "
        "says so. Numbered constraints are checked by the verifier (C1, …).\n";
  std::vector<OpModel> ops = collectOps(records);
  std::vector<FunctionModel> functions = collectFunctions(records);
  for (StringRef kind : orderedKinds()) {
    os << "\n## " << char(toUpper(kind[0])) << kind.drop_front() << '\n';
    for (const OpModel &op : ops) {
      if (op.kind != kind)
        continue;
      os << "\n### `graph." << op.name << "`\n" << op.summary << ". ";
      emitSignature(os, op);
      os << "\n\n";
      emitDescription(os, op.description);
      os << "\nGradient: ";
      if (op.kind == "request")
        os << "expanded before differentiation is asked about";
      else if (op.nonDifferentiable)
        os << "none, non-differentiable";
      else if (op.gradients.empty())
        os << "`gradient_" << op.name << "`";
      else
        for (auto [index, gradient] : enumerate(op.gradients)) {
          SmallVector<StringRef> words;
          SplitString(gradient, words);
          os << (index ? "; " : "") << op.operands[index].name << ": "
             << (gradient.empty() ? "zero" : "`" + join(words, " ") + "`");
        }
      os << ".\n";
      emitFunctionDoc(os, functions, op.name);
    }
  }
  return false;
}

/// One line per op for the coverage test: its name, kind, and what it has.
static bool emitOpList(const RecordKeeper &records, raw_ostream &os) {
  for (const OpModel &op : collectOps(records)) {
    os << op.name << ' ' << op.kind;
    if (!op.summary.empty())
      os << " summary";
    if (!StringRef(op.description).trim().empty())
      os << " description";
    if (StringRef(op.description).contains("(C1)"))
      os << " constraints";
    os << ' '
       << (op.nonDifferentiable   ? "non-differentiable"
           : op.gradients.empty() ? "gradient-rule"
                                  : "gradient")
       << '\n';
  }
  return false;
}

static mlir::GenRegistration
    docRegistration("gen-op-doc", "The reference page of the ops", emitOpDoc);
static mlir::GenRegistration listRegistration("gen-op-list",
                                              "What each op has, line by line",
                                              emitOpList);
