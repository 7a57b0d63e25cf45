//===- GraphDialect.td - The graph dialect ---------------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAPH_DIALECT
#define TENSORC_GRAPH_DIALECT

include "mlir/IR/OpBase.td"

def Graph_Dialect : Dialect {
  let name = "graph";
  let cppNamespace = "::tensorc::graph";
  let summary = "What a model computes: pure ops on ranked tensors";
  let hasConstantMaterializer = 1;
  let hasCanonicalizer = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
  // Beside `func`, what scalar bodies are made of.
  let dependentDialects = [
    "::mlir::func::FuncDialect", "::mlir::arith::ArithDialect",
    "::mlir::math::MathDialect", "::mlir::vector::VectorDialect",
    "::tensorc::scalar::ScalarDialect"];
}

#endif // TENSORC_GRAPH_DIALECT
