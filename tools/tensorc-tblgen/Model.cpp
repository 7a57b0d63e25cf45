//===- Model.cpp - An op as its definition states it ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Model.h"

#include "tensorc/dtype.h"

#include "mlir/TableGen/Attribute.h"
#include "mlir/TableGen/Operator.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/TableGen/Error.h"

using namespace llvm;
using namespace tensorc::tblgen;

static AttributeModel makeAttribute(const mlir::tblgen::NamedAttribute &named,
                                    const Record &op) {
  struct Kind {
    StringRef def, cppType, parameterType, publicType, doc;
  };
  static constexpr Kind kinds[] = {
      {"DenseI64ArrayAttr", "std::vector<std::int64_t>",
       "std::vector<std::int64_t>", "const std::vector<std::int64_t> &",
       "list of int"},
      {"Scalar_SizesAttr", "Shape", "const Shape &", "const Shape &",
       "list of sizes"},
      {"I64Attr", "std::int64_t", "std::int64_t", "std::int64_t", "int"},
      {"BoolAttr", "bool", "bool", "bool", "bool"},
      {"F64Attr", "double", "double", "double", "float"},
      {"StrAttr", "std::string", "std::string", "const std::string &",
       "string"},
      {"TypeAttr", "DType", "DType", "DType", "dtype"},
  };
  StringRef def = named.attr.getBaseAttr().getAttrDefName();
  for (const Kind &kind : kinds)
    if (def == kind.def)
      return {named.name.str(),
              kind.cppType.str(),
              kind.cppType == "Shape" ? "sizes"
                                      : "get<" + kind.cppType.str() + ">",
              kind.parameterType.str(),
              kind.publicType.str(),
              kind.doc.str()};
  PrintFatalError(op.getLoc(),
                  "attribute `" + named.name + "` is a `" + def +
                      "`, expected one of the kinds in GraphBase.td");
}

/// The `DType` of an element type of the .td files, whose names are MLIR's in
/// capitals.
static std::string makeElementType(const Record &type, const Record &op) {
  for (const tensorc::DTypeInfo &info : tensorc::kDTypes)
    if (type.getName() == StringRef(info.mlir).upper())
      return "DType(" + std::to_string(int(info.dtype)) + ")";
  PrintFatalError(op.getLoc(),
                  "`" + type.getName() + "` is no element type of the runtime");
}

static OperandModel makeOperand(const mlir::tblgen::NamedTypeConstraint &named,
                                const Record &op) {
  OperandModel operand;
  operand.name = named.name.str();
  operand.constraint = named.constraint.getSummary().str();
  operand.variadic = named.isVariadic();
  operand.optional = named.isOptional();
  const Record *type = &named.constraint.getDef();
  if (named.isVariableLength())
    type = type->getValueAsDef("baseType");
  operand.words = type->getValueAsString("summary").str();
  if (!type->isSubClassOf("Graph_TensorOf"))
    PrintFatalError(op.getLoc(),
                    "`" + named.name + "` is no tensor of GraphBase.td");
  for (const Record *element : type->getValueAsListOfDefs("elementTypes"))
    operand.elementTypes.push_back(makeElementType(*element, op));
  return operand;
}

/// Whether an interface or a trait says how the compiler computes the op.
static bool hasKernel(const mlir::tblgen::Operator &op) {
  static constexpr StringRef traits[] = {
      "::tensorc::graph::ElementwiseOpInterface::Trait",
      "::tensorc::graph::IndexingOpInterface::Trait",
      "::tensorc::graph::PlacementOpInterface::Trait",
      "::tensorc::graph::StructuredOpInterface::Trait",
      "::tensorc::graph::ContractionOpInterface::Trait",
      "::mlir::OpTrait::ConstantLike"};
  return llvm::any_of(
      traits, [&](StringRef trait) { return op.getTrait(trait) != nullptr; });
}

std::vector<OpModel> tensorc::tblgen::collectOps(const RecordKeeper &records) {
  std::vector<OpModel> ops;
  for (const Record *record : records.getAllDerivedDefinitions("Graph_Op")) {
    mlir::tblgen::Operator op(*record);
    OpModel model;
    model.record = record;
    model.name = record->getValueAsString("opName").str();
    model.cppClass = op.getQualCppClassName();
    model.kind = record->getValueAsString("opKind").str();
    model.summary = record->getValueAsString("summary").str();
    model.description = record->getValueAsString("description").str();
    model.nonDifferentiable = record->getValueAsBit("nonDifferentiable");
    model.hasLegalForm = record->getValueAsBit("hasLegalForm");
    model.givesView = record->getValueAsBit("givesView");
    model.scalarBody = record->getValueAsString("scalarBody").str();
    for (StringRef gradient : record->getValueAsListOfStrings("gradients"))
      model.gradients.push_back(gradient.str());

    for (int i = 0; i < op.getNumOperands(); ++i)
      model.operands.push_back(makeOperand(op.getOperand(i), *record));
    for (int i = 0; i < op.getNumResults(); ++i)
      model.results.push_back(makeOperand(op.getResult(i), *record));

    bool isPure =
        llvm::any_of(record->getSuperClasses(), [](const auto &super) {
          return super->getName() == "Graph_PureOp";
        });
    if (isPure) {
      model.inferRule = record->getValueAsString("inferRule").str();
      if (model.inferRule.empty())
        model.inferRule = "infer_" + model.name;
      for (const auto &attribute : op.getAttributes())
        model.attributes.push_back(makeAttribute(attribute, *record));
    }

    if (!model.hasDecomposition() && model.kind != "request" && !hasKernel(op))
      PrintFatalError(record->getLoc(),
                      "op of kind `" + model.kind +
                          "` has no kernel: expected an interface of "
                          "GraphInterfaces.td, or `hasLegalForm`");
    if (model.isElementwise() && model.scalarBody.empty())
      PrintFatalError(record->getLoc(), "elementwise op has no `scalarBody`");
    if (model.nonDifferentiable && !model.gradients.empty())
      PrintFatalError(record->getLoc(),
                      "non-differentiable op has `gradients`");
    if (!model.gradients.empty() &&
        model.gradients.size() != model.operands.size())
      PrintFatalError(record->getLoc(),
                      "op has " + Twine(model.gradients.size()) +
                          " gradients for " + Twine(model.operands.size()) +
                          " operands");
    ops.push_back(std::move(model));
  }
  llvm::sort(
      ops, [](const OpModel &a, const OpModel &b) { return a.name < b.name; });
  return ops;
}

void tensorc::tblgen::emitBanner(raw_ostream &os, StringRef what) {
  os << "// " << what
     << "\n// Made by tensorc-tblgen from dialects/graph; not to be "
        "edited.\n\n";
}

std::string tensorc::tblgen::quoted(StringRef text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      result += '\\';
    result += c;
  }
  return result + '"';
}
