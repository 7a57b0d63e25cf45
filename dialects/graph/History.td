//===- History.td - Ops that only differentiation sees ----- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The value of each is that of its last operand. What they say is where the
// gradient goes, so nothing folds them before differentiation, and nothing of
// them is left after it.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAPH_HISTORY
#define TENSORC_GRAPH_HISTORY

include "dialects/graph/Elementwise.td"

def Graph_HistoryTrait : NativeOpTrait<"HistoryOp"> {
  let cppNamespace = "::tensorc::graph";
}

class Graph_HistoryOp<string mnemonic, string what, string formula>
    : Graph_ElementwiseOp<mnemonic, [Graph_HistoryTrait]> {
  let summary = what;
  let description = "For each element i, result[i] = " # formula # ".\n\n"
      "- (C1) All operands and the result have the same type.";
  let results = (outs Graph_Tensor:$result);
}

def Graph_DetachOp : Graph_HistoryOp<"detach",
    "Cuts a value off from gradients", "self[i]; the gradient is zero"> {
  let function = Graph_Call<"Of any type; the same memory.",
                            "self.detach(location)">;
  let arguments = (ins Graph_Tensor:$self);
  let scalarBody = "self";
  let gradients = [""];
  let givesView = 1;
}
def Graph_CloneOp : Graph_HistoryOp<"clone", "A tensor of its own",
    "self[i]; the result shares no memory, which only who runs ops at once, or "
    "traces them, can tell"> {
  let arguments = (ins Graph_Tensor:$self);
  let scalarBody = "self";
  let gradients = ["grad"];
}
def Graph_CopyOp : Graph_HistoryOp<"copy", "What `copy_` makes of a tensor",
    "source[i]; the gradient goes to `source`, and that of `self`, which was "
    "overwritten, is zero"> {
  let arguments = (ins Graph_Tensor:$self, Graph_Tensor:$source);
  let scalarBody = "source";
  let gradients = ["zeros_like(grad)", "grad"];
}
def Graph_SetDataOp : Graph_HistoryOp<"set_data",
    "What `copy_` makes of a tensor while gradients aren't recorded",
    "source[i]; the gradient goes to `self` all the same, as if it had its old "
    "elements"> {
  let arguments = (ins Graph_Tensor:$self, Graph_Tensor:$source);
  let scalarBody = "source";
  let gradients = ["grad", ""];
}

#endif // TENSORC_GRAPH_HISTORY
