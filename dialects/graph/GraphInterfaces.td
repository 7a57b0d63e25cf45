//===- GraphInterfaces.td - What passes ask of ops --------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAPH_INTERFACES
#define TENSORC_GRAPH_INTERFACES

include "mlir/IR/OpBase.td"

def Graph_ElementwiseOpInterface : OpInterface<"ElementwiseOpInterface"> {
  let cppNamespace = "::tensorc::graph";
  let description = [{
    An op whose result at a point is a function of its operands' elements at
    that point. All operands and the result have one shape.
  }];
  let methods = [
    InterfaceMethod<[{
      Builds the function on `operands`, which are elements or vectors of
      elements of the op's operands, in order; yields a value of `type`, the
      result's element type or a vector of it.
    }], "::mlir::Value", "emitScalar",
    (ins "::mlir::OpBuilder &":$b, "::mlir::Location":$loc,
         "::mlir::ValueRange":$operands, "::mlir::Type":$type)>
  ];
}

#endif // TENSORC_GRAPH_INTERFACES
