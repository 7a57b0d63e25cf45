//===- PublicOps.cpp - The raw --------------------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Model.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace tensorc::tblgen;

/// A description as `///` lines.
static void emitDoc(raw_ostream &os, const OpModel &op) {
  os << "/// " << op.summary << ".\n///\n";
  SmallVector<StringRef> lines;
  StringRef(op.description).trim().split(lines, '\n');
  for (StringRef line : lines) {
    line.consume_front("    ");
    line = line.rtrim();
    os << (line.empty() ? "///" : "/// ") << line << '\n';
  }
}

static void emitFunction(raw_ostream &os, const OpModel &op) {
  bool many = op.results.size() != 1 || op.results[0].variadic;
  emitDoc(os, op);
  os << "inline " << (many ? "std::vector<Tensor>" : "Tensor") << ' ' << op.name
     << '(';
  for (const OperandModel &operand : op.operands)
    os << (operand.variadic ? "std::span<const Tensor> " : "const Tensor &")
       << operand.name << ", ";
  for (const AttributeModel &attribute : op.attributes)
    os << attribute.parameterType << ' ' << attribute.name << ", ";
  os << "SourceLocation location = SourceLocation::current()) {\n"
     << "  static const OpInfo &info = *find_op(" << quoted(op.name) << ");\n";

  bool spread = op.operands.size() == 1 && op.operands[0].variadic;
  bool mixed = !spread && !op.operands.empty() && op.operands.back().variadic;
  if (mixed) {
    os << "  std::vector<Tensor> operands = {";
    interleaveComma(ArrayRef(op.operands).drop_back(), os,
                    [&](const OperandModel &operand) { os << operand.name; });
    StringRef last = op.operands.back().name;
    os << "};\n  operands.insert(operands.end(), " << last << ".begin(), "
       << last << ".end());\n";
  } else if (!spread && !op.operands.empty()) {
    os << "  const Tensor operands[] = {";
    interleaveComma(op.operands, os,
                    [&](const OperandModel &operand) { os << operand.name; });
    os << "};\n";
  }
  os << "  Attributes attributes;\n";
  for (const AttributeModel &attribute : op.attributes)
    os << "  attributes.set(" << quoted(attribute.name) << ", "
       << attribute.name << ");\n";
  os << "  return Executor::current().execute({info, ";
  if (spread)
    os << op.operands[0].name;
  else
    os << (op.operands.empty() ? "{}" : "operands");
  os << ", std::move(attributes), location})" << (many ? "" : "[0]")
     << ";\n}\n\n";
}

static bool emitPublicOps(const RecordKeeper &records, raw_ostream &os) {
  emitBanner(os, "The raw ops: no type promotion, no broadcasting.");
  os << "namespace tensorc::ops {\n\n";
  for (const OpModel &op : collectOps(records))
    if (op.hasRules())
      emitFunction(os, op);
  os << "} // namespace tensorc::ops\n";
  return false;
}

static mlir::GenRegistration registration("gen-public-ops",
                                          "The raw C++ functions of all ops",
                                          emitPublicOps);
