//===- SizeCode.cpp - Code for sizes that a call says ---------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/support/SizeCode.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;

namespace tensorc::compiler {

using SymbolValue = llvm::function_ref<Value(const Symbol &)>;

static Value constant(OpBuilder &b, Location loc, int64_t value) {
  return LLVM::ConstantOp::create(b, loc, b.getI64IntegerAttr(value));
}

/// A symbol's atom is what it is of its divisor.
static Value emitAtom(OpBuilder &b, Location loc, const SymAtom &atom,
                      SymbolValue symbol) {
  if (atom.kind == SymAtom::Kind::Symbol) {
    Value said = symbol(atom.symbol);
    if (atom.symbol.divisor == 1)
      return said;
    return LLVM::SDivOp::create(b, loc, said,
                                constant(b, loc, atom.symbol.divisor));
  }
  Value first = emitSize(b, loc, atom.first, symbol);
  Value second = emitSize(b, loc, atom.second, symbol);
  if (atom.kind == SymAtom::Kind::FloorDiv) // of sizes
    return LLVM::SDivOp::create(b, loc, first, second);
  return LLVM::SMinOp::create(b, loc, first, second);
}

Value emitSize(OpBuilder &b, Location loc, SymInt size, SymbolValue symbol) {
  Value sum;
  for (const SymTerm &term : terms_of(size)) {
    Value product;
    for (uint32_t atom : term.atoms) {
      Value factor = emitAtom(b, loc, sym_atom(atom), symbol);
      product = product ? LLVM::MulOp::create(b, loc, product, factor) : factor;
    }
    if (!product)
      product = constant(b, loc, term.factor);
    else if (term.factor != 1)
      product =
          LLVM::MulOp::create(b, loc, product, constant(b, loc, term.factor));
    sum = sum ? LLVM::AddOp::create(b, loc, sum, product) : product;
  }
  return sum ? sum : constant(b, loc, 0);
}

} // namespace tensorc::compiler
