//===- GraphOps.td - All ops of the graph dialect --------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

include "dialects/graph/Unary.td"
include "dialects/graph/Binary.td"
include "dialects/graph/Creation.td"
include "dialects/graph/Movement.td"
include "dialects/graph/Reduction.td"
include "dialects/graph/Contraction.td"
include "dialects/graph/Window.td"
include "dialects/graph/Composite.td"
include "dialects/graph/Request.td"
include "dialects/graph/History.td"
include "dialects/graph/Functions.td"
