//===- Sizes.td - Sizes that are symbols ------------------ -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sizes and their normal form are the runtime's (tensorc/sym_int.h): the
// dialect keeps, prints and reads them.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_SCALAR_SIZES
#define TENSORC_SCALAR_SIZES

include "dialects/scalar/ScalarBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/TensorEncoding.td"

class Scalar_Attr<string name, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<Scalar_Dialect, name, traits> {
  let mnemonic = attrMnemonic;
}

def Scalar_SymbolAttr : Scalar_Attr<"Symbol", "symbol"> {
  let summary = "A size that each call says";
  let description = [{
    `#scalar.symbol<B : 1 to 256, hint 64, divisor 8>`: multiples of the divisor
    in the range. A module lists its symbols in `scalar.symbols`; sizes name
    them. Reading one makes the name known to what is read after it.

    - (C1) 0 ≤ min < max, hint in between, divisor ≥ 1, and it divides all three.
  }];
  let parameters = (ins StringRefParameter<"as C has names">:$name,
                        "int64_t":$min, "int64_t":$max, "int64_t":$hint,
                        "int64_t":$divisor);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

def Scalar_DimsAttr : Scalar_Attr<"Sizes", "sizes", [
    DeclareAttrInterfaceMethods<VerifiableTensorEncoding>,
    DeclareAttrInterfaceMethods<MemRefLayoutAttrInterface, ["verifyLayout"]>]> {
  let summary = "Sizes of which one at least isn't a number";
  let description = [{
    `#scalar.sizes<B, 784, "2*B + 1">`: on the type of a tensor or a dense buffer,
    what its dimensions are; on an op, those of an attribute (which is an array
    where all are numbers).

    - (C1) On a type there is one for each dimension, a number where that is
      static, none where it is `?`.
  }];
  // `SymInt::raw`: what is equal is the same number, in this process.
  let parameters = (ins ArrayRefParameter<"int64_t">:$raw);
  let extraClassDeclaration = [{
    static SizesAttr get(::mlir::MLIRContext *context, const Shape &sizes);
    Shape getSizes() const;
  }];
  let hasCustomAssemblyFormat = 1;
}

// As an attribute of an op: a list of numbers, or `#scalar.sizes`.
def Scalar_SizesAttr : Attr<
    CPred<"::llvm::isa<::mlir::DenseI64ArrayAttr, ::tensorc::scalar::SizesAttr>"
          "($_self)">, "list of sizes"> {
  let storageType = "::mlir::Attribute";
  let returnType = "::tensorc::Shape";
  let convertFromStorage = "::tensorc::scalar::toSizes($_self)";
  let constBuilderCall = "::tensorc::scalar::sizesAttr($_builder.getContext(), $0)";
}

#endif // TENSORC_SCALAR_SIZES
