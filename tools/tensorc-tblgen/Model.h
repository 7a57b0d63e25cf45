//===- Model.h - An op as its definition states it -------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TOOLS_TBLGEN_MODEL_H
#define TENSORC_TOOLS_TBLGEN_MODEL_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TableGen/Record.h"

#include <string>
#include <vector>

namespace tensorc::tblgen {

struct OperandModel {
  std::string name;
  std::string constraint; ///< in words, for the reference
  std::string words;      ///< the same in errors, of one if it is variadic
  std::vector<std::string> elementTypes; ///< `DType::Float32`
  bool variadic = false;
  bool optional = false;
};

struct AttributeModel {
  std::string name;
  std::string cppType;       ///< `std::vector<std::int64_t>`
  std::string getter;        ///< `get<std::vector<std::int64_t>>`
  std::string parameterType; ///< how a raw function takes it
  std::string publicType;    ///< how a public one does
  std::string doc;           ///< `list of int`
};

/// One `Graph_Op` of the .td files.
struct OpModel {
  const llvm::Record *record = nullptr;
  std::string name;     ///< `convolution`
  std::string cppClass; ///< `::tensorc::graph::ConvolutionOp`
  std::string kind;     ///< `contraction`
  std::string summary;
  std::string description;
  std::vector<OperandModel> operands;
  std::vector<AttributeModel> attributes;
  std::vector<OperandModel> results;
  std::vector<std::string> gradients; ///< empty: written by hand
  bool nonDifferentiable = false;
  bool hasLegalForm = false;
  bool givesView = false;
  std::string scalarBody;
  std::string inferRule; ///< a function's name; empty: none

  bool isComposite() const { return kind == "composite"; }
  /// Whether there is a `decompose_<op>`.
  bool hasDecomposition() const { return isComposite() || hasLegalForm; }
  bool isElementwise() const { return kind == "elementwise"; }
  /// Whether rules and public functions exist: not for `constant`, whose
  /// attribute the runtime doesn't know, nor for requests.
  bool hasRules() const { return !inferRule.empty(); }
};

/// All ops, sorted by name. Ends the program with an error at the definition
/// where one can't be understood.
std::vector<OpModel> collectOps(const llvm::RecordKeeper &records);

/// The first lines of a generated file.
void emitBanner(llvm::raw_ostream &os, llvm::StringRef what);

/// The C++ spelling of a string.
std::string quoted(llvm::StringRef text);

} // namespace tensorc::tblgen

#endif // TENSORC_TOOLS_TBLGEN_MODEL_H
