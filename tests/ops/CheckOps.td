//===- CheckOps.td - What a test expects of values --------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As the `check` dialect of StableHLO has it.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_OPS_CHECKOPS
#define TENSORC_TESTS_OPS_CHECKOPS

include "mlir/IR/OpBase.td"

def Check_Dialect : Dialect {
  let name = "check";
  let cppNamespace = "::tensorc::check";
}

class Check_ExpectOp<string mnemonic> : Op<Check_Dialect, mnemonic, [
    AllTypesMatch<["expected", "value"]>]> {
  let arguments = (ins AnyStaticShapeTensor:$value, ElementsAttr:$expected);
  let assemblyFormat = "$value `,` $expected attr-dict";
}

def Check_ExpectEqConstOp : Check_ExpectOp<"expect_eq_const"> {
  let summary = "The value is that constant, with the signs of its zeros; NaN "
                "is NaN";
}

def Check_ExpectAlmostEqConstOp : Check_ExpectOp<"expect_almost_eq_const"> {
  let summary = "The value is that constant, but for so many units in the last "
                "place of its type";
  let arguments = (ins AnyStaticShapeTensor:$value, ElementsAttr:$expected,
                       DefaultValuedAttr<I64Attr, "4">:$ulps);
}

#endif // TENSORC_TESTS_OPS_CHECKOPS
