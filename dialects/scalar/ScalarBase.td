//===- ScalarBase.td - The scalar dialect ------------------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_SCALAR_BASE
#define TENSORC_SCALAR_BASE

include "mlir/IR/OpBase.td"
include "mlir/IR/EnumAttr.td"

def Scalar_Dialect : Dialect {
  let name = "scalar";
  let cppNamespace = "::tensorc::scalar";
  let summary = "What bodies on single elements need beside arith and math";
  let useDefaultAttributePrinterParser = 1;
  let extraClassDeclaration = [{
    /// The symbol of that name in this context: `symbol` if it is the first.
    SymbolAttr declare(SymbolAttr symbol);
    SymbolAttr findSymbol(::llvm::StringRef name) const;

  private:
    void registerAttributes();
    mutable std::mutex symbolMutex;
    ::llvm::StringMap<SymbolAttr> symbols;
  }];
}

class Scalar_Op<string mnemonic, list<Trait> traits = []>
    : Op<Scalar_Dialect, mnemonic, traits>;

def Scalar_Add : I32EnumAttrCase<"Add", 0, "add">;
def Scalar_Mul : I32EnumAttrCase<"Mul", 1, "mul">;
def Scalar_Max : I32EnumAttrCase<"Maximum", 2, "maximum">;
def Scalar_Min : I32EnumAttrCase<"Minimum", 3, "minimum">;
def Scalar_And : I32EnumAttrCase<"And", 4, "and">;
def Scalar_Or  : I32EnumAttrCase<"Or", 5, "or">;
// Of unsigned numbers.
def Scalar_UMax : I32EnumAttrCase<"UMaximum", 6, "umaximum">;
def Scalar_UMin : I32EnumAttrCase<"UMinimum", 7, "uminimum">;
def Scalar_Combiner : I32EnumAttr<"Combiner", "how a reduction combines",
    [Scalar_Add, Scalar_Mul, Scalar_Max, Scalar_Min, Scalar_And, Scalar_Or,
     Scalar_UMax, Scalar_UMin]> {
  let cppNamespace = "::tensorc::scalar";
}

#endif // TENSORC_SCALAR_BASE
