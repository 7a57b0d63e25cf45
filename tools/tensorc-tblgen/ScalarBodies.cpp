//===- ScalarBodies.cpp - Elementwise ops on scalars ---------- -*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Model.h"

#include "mlir/TableGen/GenInfo.h"

using namespace llvm;
using namespace tensorc::tblgen;

static bool emitScalarBodies(const RecordKeeper &records, raw_ostream &os) {
  emitBanner(os, "ElementwiseOpInterface of the elementwise ops.");
  for (const OpModel &op : collectOps(records)) {
    if (!op.isElementwise())
      continue;
    os << "::mlir::Value " << StringRef(op.cppClass).ltrim(":")
       << "::emitScalar([[maybe_unused]] ::mlir::OpBuilder &b,\n"
       << "    [[maybe_unused]] ::mlir::Location loc,\n"
       << "    ::mlir::ValueRange operands,\n"
       << "    [[maybe_unused]] ::mlir::Type type) {\n";
    for (auto [index, operand] : enumerate(op.operands))
      os << "  ::mlir::Value " << operand.name << " = operands[" << index
         << "];\n";
    os << "  return " << op.scalarBody << ";\n}\n\n";
  }
  return false;
}

static mlir::GenRegistration registration("gen-scalar-bodies",
                                          "emitScalar of elementwise ops",
                                          emitScalarBodies);
