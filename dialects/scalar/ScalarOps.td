//===- ScalarOps.td - Ops of the scalar dialect ------------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_SCALAR_OPS
#define TENSORC_SCALAR_OPS

include "dialects/scalar/ScalarBase.td"

def Scalar_CheckOp : Scalar_Op<"check"> {
  let summary = "Makes the kernel fail where a condition doesn't hold";
  let description = [{
    `status` is a `tensorc_status`; the launch returns it, and the program stops
    before anything that follows. The kernel itself runs on, so it must not
    depend on the condition for its memory safety.

    `value` is what was looked at, and `expected` says what it should have been:
    with both, the failure has words. `subject` is the function's input that
    `value` was read from, `source` the line of the user's file. `number` is the
    check's place among those of its module with other words, counted from 1: a
    GPU can tell no more.
  }];
  let arguments = (ins I1:$condition, I32Attr:$status, Optional<I64>:$value,
      OptionalAttr<StrAttr>:$expected, OptionalAttr<StrAttr>:$subject,
      OptionalAttr<StrAttr>:$source, OptionalAttr<I32Attr>:$number);
  let assemblyFormat = "$condition `,` $status (`,` $value^)? attr-dict";
  let extraClassDeclaration = [{
    /// Whether a failure can say what was expected and what came.
    bool hasWords() { return getValue() && getExpected(); }
    /// The body's argument that `value` is, or was converted from; null where
    /// there is none.
    ::mlir::BlockArgument getOrigin();
  }];
}

#endif // TENSORC_SCALAR_OPS
