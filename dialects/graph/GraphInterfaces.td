//===- GraphInterfaces.td - What passes ask of ops --------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAPH_INTERFACES
#define TENSORC_GRAPH_INTERFACES

include "mlir/IR/OpBase.td"

//===----------------------------------------------------------------------===//
// How fusion computes an op: one of these, or its elements are constant, or it
// has a legal form (GraphBase.td)
//===----------------------------------------------------------------------===//

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

def Graph_IndexingOpInterface : OpInterface<"IndexingOpInterface"> {
  let cppNamespace = "::tensorc::graph";
  let description = [{
    An op whose result is its operand at other indices, so that reading the one
    is reading the other.
  }];
  let methods = [
    InterfaceMethod<[{
      Where the operand is read for the result to be read at `map`, over a space
      of `sizes`. Fails where that isn't linear in the space's dimensions.
    }], "::llvm::FailureOr<::mlir::AffineMap>", "getOperandMap",
    (ins "::mlir::AffineMap":$map, "::llvm::ArrayRef<int64_t>":$sizes)>,
    InterfaceMethod<[{
      Whether the elements are the operand's in their row-major order, so that
      its buffer is the result's, too.
    }], "bool", "keepsOrder", (ins), "", "return false;">,
    InterfaceMethod<[{
      The other way round, of an op that keeps the order: where the result has what
      the operand has at `map`.
    }], "::llvm::FailureOr<::mlir::AffineMap>", "getResultMap",
    (ins "::mlir::AffineMap":$map, "::llvm::ArrayRef<int64_t>":$sizes), "",
    "return ::llvm::failure();">
  ];
}

def Graph_PlacementOpInterface : OpInterface<"PlacementOpInterface"> {
  let cppNamespace = "::tensorc::graph";
  let description = [{
    An op that puts the elements of its operands at places of the result of their
    own, and a constant everywhere else.
  }];
  let methods = [
    InterfaceMethod<[{
      From the indices of an operand to the result's. Fails, with a diagnostic,
      where sizes that this takes aren't known; without one, where the op is not of
      that form, but has a `decompose_<op>` that is (`hasLegalForm`).
    }], "::llvm::FailureOr<::mlir::AffineMap>", "getPlace",
    (ins "unsigned":$operand)>,
    InterfaceMethod<[{
      The element everywhere else; null where the operands fill the result.
    }], "::mlir::TypedAttr", "getFill", (ins), "", "return {};">,
    InterfaceMethod<[{
      Whether all elements are in the result. Only an op of one operand and a fill
      may leave some out: those with a place outside. Such an op moves each
      dimension by itself.
    }], "bool", "keepsAll", (ins), "", "return true;">
  ];
}

def Graph_StructuredOpInterface : OpInterface<"StructuredOpInterface"> {
  let cppNamespace = "::tensorc::graph";
  let description = [{
    An op that is computed at each point of an iteration space, perhaps with
    reductions. One without operands is computed anew wherever it is read.
  }];
  let methods = [
    InterfaceMethod<[{
      Fails where the op is not of that form, but has a `decompose_<op>` that is
      (`hasLegalForm`): windows that reach over an edge, say. By default, each
      element of the result is a point, at which the operands are read.
    }], "::llvm::FailureOr<::tensorc::graph::IterationSpace>",
    "getIterationSpace", (ins), "",
    "return ::tensorc::graph::parallelSpace($_op);">,
    InterfaceMethod<"Builds the result's element at a point.",
      "::mlir::Value", "emitPoint", (ins "::tensorc::graph::PointBuilder &":$point)>,
    InterfaceMethod<[{
      The result's element where no point writes it; null where each is written.
    }], "::mlir::TypedAttr", "getFill", (ins), "", "return {};">
  ];
}

def Graph_ContractionOpInterface : OpInterface<"ContractionOpInterface"> {
  let cppNamespace = "::tensorc::graph";
  let description = [{
    The sum, over the reduced dimensions of an iteration space, of products of two
    operands' elements.
  }];
  let methods = [
    InterfaceMethod<"As that of `StructuredOpInterface`.",
      "::llvm::FailureOr<::tensorc::graph::IterationSpace>",
      "getIterationSpace">,
    InterfaceMethod<[{
      The numbers of the left and the right factor. Vectors lie along the rows of
      the right one.
    }], "::std::pair<unsigned, unsigned>", "getFactors", (ins), "",
    "return {0, 1};">
  ];
}

#endif // TENSORC_GRAPH_INTERFACES
