//===- GraphBase.td - The graph dialect and its class ladder --*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every op of tensorc is defined once, below this ladder. `mlir-tblgen` makes
// the MLIR op from it; `tensorc-tblgen` makes the LLVM-free op table, the
// public C++ functions and the reference page.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAPH_BASE
#define TENSORC_GRAPH_BASE

include "mlir/IR/OpBase.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialects/graph/GraphDialect.td"
include "dialects/graph/GraphInterfaces.td"
include "dialects/graph/PublicFunction.td"
include "dialects/scalar/Sizes.td"

//===----------------------------------------------------------------------===//
// Types and attributes
//===----------------------------------------------------------------------===//

// A ranked tensor of `elements`, called `name` in diagnostics.
// The op table knows them, too, and refuses others in the user's words.
class Graph_TensorOf<list<Type> elements, string name>
    : Type<RankedTensorOf<elements>.predicate, name,
           "::mlir::RankedTensorType"> {
  list<Type> elementTypes = elements;
}

defvar Graph_Ints = [UI8, I8, I16, I32, I64];
defvar Graph_Floats = [F16, BF16, F32, F64];
def Graph_Tensor : Graph_TensorOf<[I1] # Graph_Ints # Graph_Floats, "tensor">;
def Graph_NumericTensor : Graph_TensorOf<Graph_Ints # Graph_Floats,
                                         "tensor of numbers">;
def Graph_SignedTensor : Graph_TensorOf<[I8, I16, I32, I64] # Graph_Floats,
                                        "tensor of signed numbers">;
def Graph_FloatTensor : Graph_TensorOf<Graph_Floats,
                                       "tensor of floating-point numbers">;
def Graph_IntTensor : Graph_TensorOf<Graph_Ints, "tensor of whole numbers">;
def Graph_IndexTensor : Graph_TensorOf<[I64], "tensor of int64">;
def Graph_PlaceTensor : Graph_TensorOf<[I32], "tensor of int32">;
def Graph_BoolTensor : Graph_TensorOf<[I1], "tensor of bool">;

// An attribute kind that the op table knows: `cppType` is what a rule reads
// with `attributes.get<cppType>(name)`.
defvar Graph_IntArray = DenseI64ArrayAttr;  // std::vector<int64_t>
defvar Graph_Sizes = Scalar_SizesAttr;      // tensorc::Shape, by `sizes(name)`
defvar Graph_Int = I64Attr;                 // int64_t
defvar Graph_Bool = BoolAttr;               // bool
defvar Graph_Float = F64Attr;               // double
defvar Graph_String = StrAttr;              // std::string
defvar Graph_DType = TypeAttr;              // tensorc::DType

//===----------------------------------------------------------------------===//
// Kinds and rules, read by tensorc-tblgen
//===----------------------------------------------------------------------===//

// How an op is lowered. The eager executor dispatches on it; the compiler asks
// the interfaces (GraphInterfaces.td), one of which every kind but composites and
// requests comes with, or a legal form.
class Graph_Kind<string name> { string kind = name; }
def Kind_Elementwise : Graph_Kind<"elementwise">;  // a scalar body
def Kind_Creation    : Graph_Kind<"creation">;     // no tensor operand
def Kind_Movement    : Graph_Kind<"movement">;     // an affine index map
def Kind_Reduction   : Graph_Kind<"reduction">;    // a combiner over `dims`
def Kind_Contraction : Graph_Kind<"contraction">;  // a sum of products
def Kind_Window      : Graph_Kind<"window">;       // pooling
def Kind_Composite   : Graph_Kind<"composite">;    // decomposes into the others
def Kind_Request     : Graph_Kind<"request">;      // expanded by a pass

class Graph_Op<string mnemonic, Graph_Kind kind, list<Trait> traits = []>
    : Op<Graph_Dialect, mnemonic, traits>, Graph_PublicFunction {
  string opKind = kind.kind;
  // One PyTorch-like expression per operand over the public Tensor functions,
  // with the operands' names, `result` and `grad` in scope; "" is a symbolic
  // zero. Empty list: `gradient_<op>` is written in runtime/autograd.
  list<string> gradients = [];
  // No gradient by definition (comparisons, floor as declared zero, …).
  bit nonDifferentiable = 0;
  // One-line C++ for the scalar body: the operands by name, `b`, `loc`, `type`
  // (the result's element or vector type) and the op's getters in scope; yields
  // a Value. The words are those of dialects/graph/ScalarBodies.h.
  string scalarBody = "";
  // Where the op has no iteration space, `tensorc-legalize` makes of it what
  // `decompose_<op>` in runtime/ops does. Of composites, `tensorc-decompose`.
  bit hasLegalForm = 0;
  // Results are views where strides can say so: by `view_<op>` in runtime/ops.
  bit givesView = 0;
  // The shape rule; "" for `infer_<op>`.
  string inferRule = "";
}

// Ops with results that follow from `infer_<op>` in runtime/ops: pure, and
// with type inference through the op table (dialects/graph/Inference.h).
class Graph_PureOp<string mnemonic, Graph_Kind kind, list<Trait> traits = []>
    : Graph_Op<mnemonic, kind, !listconcat([Pure,
        DeclareOpInterfaceMethods<InferTypeOpInterface,
                                  ["inferReturnTypes"]>], traits)> {
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  code inferDefinition = [{
    ::llvm::LogicalResult $cppClass::inferReturnTypes(
        ::mlir::MLIRContext *context,
        ::std::optional<::mlir::Location> location, ::mlir::ValueRange operands,
        ::mlir::DictionaryAttr attributes, ::mlir::OpaqueProperties properties,
        ::mlir::RegionRange, ::llvm::SmallVectorImpl<::mlir::Type> &results) {
      return ::tensorc::graph::inferByRule<$cppClass>(
          context, location, operands, attributes, properties, results);
    }
  }];
  let extraClassDefinition = inferDefinition;
}

// `methods`: those with a default that the op defines all the same.
class Graph_StructuredOp<string mnemonic, Graph_Kind kind,
                         list<string> methods = []>
    : Graph_PureOp<mnemonic, kind, [DeclareOpInterfaceMethods<
        Graph_StructuredOpInterface, methods>]>;

#endif // TENSORC_GRAPH_BASE
