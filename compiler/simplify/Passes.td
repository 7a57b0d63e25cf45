//===- Passes.td - Simplification -------------------------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_SIMPLIFY_PASSES
#define TENSORC_SIMPLIFY_PASSES

include "mlir/Pass/PassBase.td"

def DecomposePass : Pass<"tensorc-decompose", "::mlir::ModuleOp"> {
  let summary = "Replace composite `graph` ops by primitive ones";
  let description = [{
    Calls the decompositions of `runtime/ops` (`decompose_<op>`, the same that
    eager mode uses) until no composite is left. Runs after differentiation, so
    that composites keep gradients of their own; what only it sees
    (`graph.detach`, `clone`, `copy`, `set_data`) becomes its last operand.
  }];
  let dependentDialects = ["::tensorc::graph::GraphDialect"];
}

def SpecializePass : Pass<"tensorc-specialize", "::mlir::ModuleOp"> {
  let summary = "Put numbers for sizes that are symbols";
  let description = [{
    In all types and attributes of functions and programs; the symbols are the
    module's no more. Other ops are not simplified for it.
  }];
  let options = [
    Option<"sizes", "sizes", "std::string", "\"\"",
           "what symbols are, as in `B=3,S=5`; others stay">
  ];
}

#endif // TENSORC_SIMPLIFY_PASSES
