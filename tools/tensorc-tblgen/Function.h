//===- Function.h - A public function as its definition states it -*- C++
//-*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TOOLS_TBLGEN_FUNCTION_H
#define TENSORC_TOOLS_TBLGEN_FUNCTION_H

#include "llvm/ADT/StringRef.h"
#include "llvm/TableGen/Record.h"

#include <string>
#include <vector>

namespace tensorc::tblgen {

struct ParameterModel {
  std::string type; ///< `const Dims &`
  std::string name;
  std::string fallback; ///< its default; empty: none

  bool isTensor() const { return type == "const Tensor &"; }
  bool isTensorArg() const { return type == "const TensorArg &"; }
  bool isTensorList() const { return type == "const TensorList &"; }
};
using ParameterList = std::vector<ParameterModel>;

/// One `Graph_PublicFunction` of the .td files that isn't `Graph_NoFunction`.
struct FunctionModel {
  std::string name;
  std::string kind;       ///< the heading: `elementwise`
  std::string summary;    ///< without a full stop
  std::string does;       ///< sentences
  std::string types;      ///< sentences
  std::string expression; ///< C++, with its names put in; empty: by hand
  std::vector<ParameterList> overloads; ///< the fullest last
  bool hasMethod = false;
  bool hasInPlace = false;
  bool hasFreeInPlace = false;
  bool hasOut = false;
  bool nonDifferentiable = false;
  /// The operands whose gradient reads the elements of the first one, which an
  /// in-place form overwrites.
  std::vector<std::string> readersOfFirst;
};

/// All public functions, sorted by name. Ends the program with an error at the
/// definition where one can't be understood.
std::vector<FunctionModel> collectFunctions(const llvm::RecordKeeper &records);

/// The kinds in the order of pages and headers.
llvm::ArrayRef<llvm::StringRef> orderedKinds();

} // namespace tensorc::tblgen

#endif // TENSORC_TOOLS_TBLGEN_FUNCTION_H
