//===- OpTable.cpp - The op table and its rules ---------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Model.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/StringExtras.h"

#include <set>

using namespace llvm;
using namespace tensorc::tblgen;

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

static bool emitRuleDecls(const RecordKeeper &records, raw_ostream &os) {
  emitBanner(os, "The rules of the ops: what is written by hand.");
  os << "namespace tensorc {\n\n";
  std::set<std::string> inferRules;
  for (const OpModel &op : collectOps(records)) {
    if (!op.hasRules())
      continue;
    if (inferRules.insert(op.inferRule).second)
      os << "std::vector<TensorType> " << op.inferRule
         << "(const InferArgs &args);\n";
    if (!op.nonDifferentiable && op.gradients.empty())
      os << "std::vector<Tensor> gradient_" << op.name
         << "(const GradientArgs &args);\n";
    if (op.hasDecomposition())
      os << "std::vector<Tensor> decompose_" << op.name
         << "(const DecomposeArgs &args);\n";
    if (op.givesView)
      os << "std::optional<Layout> view_" << op.name
         << "(const OpCall &call, const TensorType &result);\n";
  }
  os << "\n} // namespace tensorc\n";
  return false;
}

//===----------------------------------------------------------------------===//
// Gradients from strings
//===----------------------------------------------------------------------===//

static void emitGradient(raw_ostream &os, const OpModel &op) {
  os << "static std::vector<Tensor> gradient_" << op.name
     << "([[maybe_unused]] const GradientArgs &args) {\n";
  for (auto [index, operand] : enumerate(op.operands))
    os << "  [[maybe_unused]] const Tensor &" << operand.name
       << " = args.operands[" << index << "];\n";
  os << "  [[maybe_unused]] const Tensor &result = args.results[0];\n"
     << "  [[maybe_unused]] const Tensor &grad = args.gradients[0];\n";
  for (const AttributeModel &attribute : op.attributes)
    os << "  [[maybe_unused]] const auto &" << attribute.name
       << " = args.attributes." << attribute.getter << '('
       << quoted(attribute.name) << ");\n";
  os << "  std::vector<Tensor> gradients(" << op.operands.size() << ");\n";
  for (auto [index, expression] : enumerate(op.gradients))
    if (!expression.empty())
      os << "  if (args.needed[" << index << "])\n    gradients[" << index
         << "] = " << expression << ";\n";
  os << "  return gradients;\n}\n\n";
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

template <typename Range>
static void emitNames(raw_ostream &os, const OpModel &op, StringRef what,
                      const Range &range) {
  if (range.empty())
    return;
  os << "static constexpr std::string_view " << what << '_' << op.name
     << "[] = {";
  interleaveComma(range, os,
                  [&](const auto &item) { os << quoted(item.name); });
  os << "};\n";
}

static void emitElementTypes(raw_ostream &os, const OpModel &op) {
  if (op.operands.empty())
    return;
  os << "static constexpr ElementTypes element_types_" << op.name << "[] = {";
  interleaveComma(op.operands, os, [&](const OperandModel &operand) {
    os << "\n    {types_bits({";
    interleaveComma(operand.elementTypes, os);
    os << "}), " << quoted(operand.words) << "}";
  });
  os << "};\n";
}

template <typename Range>
static void emitSpan(raw_ostream &os, const OpModel &op, StringRef what,
                     const Range &range) {
  if (range.empty())
    os << "{}";
  else
    os << what << '_' << op.name;
}

static void emitEntry(raw_ostream &os, const OpModel &op) {
  std::string kind = op.kind;
  kind[0] = toUpper(kind[0]);
  bool variadic = !op.operands.empty() && op.operands.back().variadic;
  os << "    {" << quoted(op.name) << ", OpKind::" << kind << ", ";
  emitSpan(os, op, "operands", op.operands);
  os << ", ";
  emitSpan(os, op, "element_types", op.operands);
  os << ", " << (variadic ? "true" : "false") << ", ";
  emitSpan(os, op, "attributes", op.attributes);
  os << ", ";
  emitSpan(os, op, "results", op.results);
  os << ",\n     " << (op.hasRules() ? op.inferRule : "nullptr") << ", "
     << (op.nonDifferentiable ? "nullptr" : "gradient_" + op.name) << ", "
     << (op.hasDecomposition() ? "decompose_" + op.name : "nullptr") << ", "
     << (op.givesView ? "view_" + op.name : "nullptr") << "},\n";
}

static bool emitOpTable(const RecordKeeper &records, raw_ostream &os) {
  emitBanner(os, "The op table; needs tensorc/functions.h and ops/Ops.h.inc.");
  std::vector<OpModel> ops = collectOps(records);
  os << "namespace tensorc {\n\n";
  for (const OpModel &op : ops)
    if (!op.gradients.empty())
      emitGradient(os, op);
  os << R"(static constexpr std::uint16_t
types_bits(std::initializer_list<DType> types) {
  int bits = 0;
  for (DType type : types)
    bits |= 1 << static_cast<int>(type);
  return static_cast<std::uint16_t>(bits);
}

)";
  for (const OpModel &op : ops) {
    emitNames(os, op, "operands", op.operands);
    emitElementTypes(os, op);
    emitNames(os, op, "attributes", op.attributes);
    emitNames(os, op, "results", op.results);
  }
  os << "\n// Sorted by name.\nstatic constexpr OpInfo opTable[] = {\n";
  for (const OpModel &op : ops)
    emitEntry(os, op);
  os << R"(};

std::span<const OpInfo> all_ops() { return opTable; }

const OpInfo *find_op(std::string_view name) {
  const OpInfo *found = std::lower_bound(
      std::begin(opTable), std::end(opTable), name,
      [](const OpInfo &info, std::string_view key) { return info.name < key; });
  return found != std::end(opTable) && found->name == name ? found : nullptr;
}

} // namespace tensorc
)";
  return false;
}

static mlir::GenRegistration declsRegistration("gen-rule-decls",
                                               "Declarations of the rules",
                                               emitRuleDecls);
static mlir::GenRegistration tableRegistration("gen-op-table", "The op table",
                                               emitOpTable);
