//===- KernelOps.td - The kernel dialect ----------------------*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_KERNEL_OPS
#define TENSORC_KERNEL_OPS

include "mlir/IR/OpBase.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Kernel_Dialect : Dialect {
  let name = "kernel";
  let cppNamespace = "::tensorc::kernel";
  let summary = "What runs together: fused kernels, buffers, launches";
}

class Kernel_Op<string mnemonic, list<Trait> traits = []>
    : Op<Kernel_Dialect, mnemonic, traits>;

def Kernel_Buffer : StridedMemRefRankOf<
    [I1, UI<8>, I8, I16, I32, I64, F16, BF16, F32, F64],
    [0, 1, 2, 3, 4, 5, 6, 7, 8]>;
def Kernel_Scalar : AnyTypeOf<[AnySignlessInteger, UI<8>, AnyFloat, Index]>;

//===----------------------------------------------------------------------===//
// Programs: what an exported function does
//===----------------------------------------------------------------------===//

class Kernel_FuncLike<string mnemonic> : Kernel_Op<mnemonic, [
    IsolatedFromAbove, Symbol, FunctionOpInterface, AffineScope]> {
  let arguments = (ins SymbolNameAttr:$sym_name,
                       TypeAttrOf<FunctionType>:$function_type,
                       OptionalAttr<DictArrayAttr>:$arg_attrs,
                       OptionalAttr<DictArrayAttr>:$res_attrs);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let skipDefaultBuilders = 1;
  // Makes the entry block too, with an argument for each of the type's inputs.
  let builders = [OpBuilder<(ins "::llvm::StringRef":$name,
                                 "::mlir::FunctionType":$type), [{
    $_state.addAttribute(getSymNameAttrName($_state.name),
                         $_builder.getStringAttr(name));
    $_state.addAttribute(getFunctionTypeAttrName($_state.name),
                         ::mlir::TypeAttr::get(type));
    ::mlir::Region *body = $_state.addRegion();
    ::mlir::Block &entry = body->emplaceBlock();
    for (::mlir::Type input : type.getInputs())
      entry.addArgument(input, $_state.location);
  }]>];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() {
      return getFunctionType().getInputs();
    }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() {
      return getFunctionType().getResults();
    }
    ::mlir::Region *getCallableRegion() { return &getBody(); }
  }];
}

def Kernel_ProgramOp : Kernel_FuncLike<"program"> {
  let summary = "An exported function as a sequence of launches";
  let description = [{
    Arguments are buffers, in order: inputs, outputs, then state; each carries
    `kernel.name` and `kernel.role` (`input`, `output`, `parameter`, `buffer`,
    `optimizer`). Memory planning adds the workspace as a last argument
    (`memref<Nxi8>`, role `workspace`) and replaces every `kernel.alloc` by a
    `kernel.view` of it.
  }];
}

def Kernel_AllocOp : Kernel_Op<"alloc"> {
  let summary = "An intermediate buffer, before memory is planned";
  let results = (outs Res<Kernel_Buffer, "", [MemAlloc]>:$buffer);
  let assemblyFormat = "attr-dict `:` type($buffer)";
}

def Kernel_ConstantOp : Kernel_Op<"constant", [Pure]> {
  let summary = "A read-only buffer with known contents";
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Kernel_Buffer:$buffer);
  let assemblyFormat = "attr-dict $value `:` type($buffer)";
  let hasVerifier = 1;
}

def Kernel_ViewOp : Kernel_Op<"view", [Pure]> {
  let summary = "A buffer at a fixed byte offset of an arena";
  let arguments = (ins MemRefRankOf<[I8], [1]>:$arena, I64Attr:$offset);
  let results = (outs Kernel_Buffer:$buffer);
  let assemblyFormat = "$arena `[` $offset `]` attr-dict `:` type($arena) `to` type($buffer)";
  let hasVerifier = 1;
}

def Kernel_ReinterpretOp : Kernel_Op<"reinterpret", [Pure]> {
  let summary = "The same dense bytes under another shape";
  let arguments = (ins Kernel_Buffer:$source);
  let results = (outs Kernel_Buffer:$buffer);
  let assemblyFormat = "$source attr-dict `:` type($source) `to` type($buffer)";
  let hasVerifier = 1;
}

def Kernel_LaunchOp : Kernel_Op<"launch", [
    AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Runs a kernel on buffers";
  let description = [{
    The first `inputs` operands are read, the others written. An output may be
    the same buffer as an input only where the kernel reads and writes it
    through the same index map (memory planning sees to that).
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel,
                       Arg<Variadic<Kernel_Buffer>, "", [MemRead]>:$inputs,
                       Arg<Variadic<Kernel_Buffer>, "", [MemWrite]>:$outputs);
  let assemblyFormat = [{
    $kernel `ins` `(` ($inputs^ `:` type($inputs))? `)`
            `outs` `(` ($outputs^ `:` type($outputs))? `)` attr-dict
  }];
}

//===----------------------------------------------------------------------===//
// Kernels: what runs together
//===----------------------------------------------------------------------===//

def Kernel_FuncOp : Kernel_FuncLike<"func"> {
  let summary = "A kernel: one structured op on buffers";
  let description = [{
    Arguments are the launch's inputs, then its outputs. The body holds one
    structured op (`kernel.generic`, `kernel.contract`, `kernel.pad`) on them and
    `kernel.return`. Identical kernels are one symbol, launched many times.
  }];
}

def Kernel_ReturnOp : Kernel_Op<"return", [Pure, Terminator]> {
  let summary = "Ends a kernel or a program";
  let assemblyFormat = "attr-dict";
}

class Kernel_StructuredOp<string mnemonic> : Kernel_Op<mnemonic, [
    AttrSizedOperandSegments, SingleBlock, RecursiveMemoryEffects]> {
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
  code commonDeclarations = [{
    ::mlir::Block *getBlock() { return &getBody().front(); }
    ::llvm::SmallVector<::mlir::AffineMap> getIndexingMapsArray() {
      return ::llvm::to_vector(
          getIndexingMaps().getAsValueRange<::mlir::AffineMapAttr>());
    }
  }];
}

def Kernel_GenericOp : Kernel_StructuredOp<"generic"> {
  let summary = "Elementwise work, reductions and pooling on one iteration space";
  let description = [{
    The iteration space has the dimensions of `indexing_maps`; those listed in
    `reduction_dims` are reduced, the others are parallel. For each point the
    block receives the inputs' elements (in order) at their maps and yields the
    outputs' elements.

    Inside the body, `kernel.reduce` combines a value over all reduction
    dimensions; its result, like an input whose map uses no reduction dimension,
    is a *row* value: one for all points that differ only in reduction
    dimensions. An output whose map uses no reduction dimension must be yielded a
    row value. Several reductions may follow one another (softmax: maximum, then
    sum of exponentials, then the quotient): each is one pass over the row.

    - (C1) one indexing map per operand, of the same number of dimensions;
      results of map i = rank of operand i.
    - (C2) the maps are affine, linear in the dimensions (no mod, no division).
    - (C3) every dimension is the sole result expression of some map, with
      coefficient 1, or its size stands in `dim_sizes`; sizes found twice agree.
    - (C4) a yielded value of a map without reduction dimensions is a row value.
    - (C5) output maps are injective, unless the output accumulates.

    `accumulate` lists outputs to which the yielded value is added (the buffer is
    initialised by an earlier kernel), for scatters that overlap; the sum over
    overlapping points is in the order of the reduction dimensions.
  }];
  let arguments = (ins Arg<Variadic<Kernel_Buffer>, "", [MemRead]>:$inputs,
                       Arg<Variadic<Kernel_Buffer>, "", [MemWrite]>:$outputs,
                       AffineMapArrayAttr:$indexing_maps,
                       DenseI64ArrayAttr:$reduction_dims,
                       // Static sizes of dimensions that no map shows alone;
                       // -1 (kDynamic) where a map does. May be empty.
                       DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$dim_sizes,
                       DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$accumulate);
  let assemblyFormat = [{
    `ins` `(` ($inputs^ `:` type($inputs))? `)`
    `outs` `(` $outputs `:` type($outputs) `)` attr-dict-with-keyword $body
  }];
  let extraClassDeclaration = commonDeclarations # [{
    /// True where `value`, of the body, is the same for all points that differ
    /// only in reduction dimensions.
    bool isRowValue(::mlir::Value value);
  }];
}

def Kernel_ContractOp : Kernel_StructuredOp<"contract"> {
  let summary = "A sum of products with an epilogue: matmul, convolution";
  let description = [{
    acc[p] = sum over k of lhs[mapA(p, k)] * rhs[mapB(p, k)], where p are the
    dimensions that the outputs' maps use and k the others; then the block
    receives acc and the `extras`' elements at p and yields the outputs' elements.
    f16 and bf16 products are accumulated in f32; acc has the type of the block's
    first argument.

    A dimension in both lhs and rhs and the outputs is a batch dimension; in lhs
    and outputs only, an M dimension; in rhs and outputs only, an N dimension.
    Convolution is a contraction whose rhs map adds dimensions (oh + kh).

    - (C1) one map per operand (lhs, rhs, extras, outputs), results = rank.
    - (C2) the maps are affine and linear.
    - (C3) every dimension's size can be read off some operand, as for
      `kernel.generic`.
    - (C4) extras and outputs use only dimensions p; output maps are injective
      and use all of p.
  }];
  let arguments = (ins Arg<Kernel_Buffer, "", [MemRead]>:$lhs,
                       Arg<Kernel_Buffer, "", [MemRead]>:$rhs,
                       Arg<Variadic<Kernel_Buffer>, "", [MemRead]>:$extras,
                       Arg<Variadic<Kernel_Buffer>, "", [MemWrite]>:$outputs,
                       AffineMapArrayAttr:$indexing_maps,
                       DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$dim_sizes);
  let assemblyFormat = [{
    `ins` `(` $lhs `,` $rhs `:` type($lhs) `,` type($rhs) `)`
    (`extras` `(` $extras^ `:` type($extras) `)`)?
    `outs` `(` $outputs `:` type($outputs) `)` attr-dict-with-keyword $body
  }];
  let extraClassDeclaration = commonDeclarations # [{
    /// The dimensions k: those that are summed over.
    ::llvm::SmallVector<int64_t> getReductionDims();
  }];
}

def Kernel_PadOp : Kernel_Op<"pad"> {
  let summary = "Copies a buffer into the middle of a larger, filled one";
  let description = [{
    output[low[d] + i[d] * (interior[d] + 1)] = input[i], everything else `value`.
    Negative `low` or `high` crop. The output's shape says the high padding.
  }];
  let arguments = (ins Arg<Kernel_Buffer, "", [MemRead]>:$input,
                       Arg<Kernel_Buffer, "", [MemWrite]>:$output,
                       DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$interior,
                       TypedAttrInterface:$value);
  let assemblyFormat = [{
    $input `into` $output attr-dict `:` type($input) `,` type($output)
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Inside a structured op
//===----------------------------------------------------------------------===//

def Kernel_Add : I32EnumAttrCase<"Add", 0, "add">;
def Kernel_Mul : I32EnumAttrCase<"Mul", 1, "mul">;
def Kernel_Max : I32EnumAttrCase<"Maximum", 2, "maximum">;
def Kernel_Min : I32EnumAttrCase<"Minimum", 3, "minimum">;
def Kernel_And : I32EnumAttrCase<"And", 4, "and">;
def Kernel_Or  : I32EnumAttrCase<"Or", 5, "or">;
def Kernel_Combiner : I32EnumAttr<"Combiner", "how a reduction combines",
    [Kernel_Add, Kernel_Mul, Kernel_Max, Kernel_Min, Kernel_And, Kernel_Or]> {
  let cppNamespace = "::tensorc::kernel";
}

def Kernel_ReduceOp : Kernel_Op<"reduce", [Pure, SameOperandsAndResultType]> {
  let summary = "Combines a value over the reduction dimensions";
  let description = [{
    Floating-point maximum and minimum propagate NaN. Sums of f16 and bf16 are
    converted to f32 by whoever builds the body.
  }];
  let arguments = (ins Kernel_Combiner:$combiner, Kernel_Scalar:$value);
  let results = (outs Kernel_Scalar:$result);
  let assemblyFormat = "$combiner $value attr-dict `:` type($value)";
}

def Kernel_IndexOp : Kernel_Op<"index", [Pure]> {
  let summary = "The current position in a dimension of the iteration space";
  let arguments = (ins I64Attr:$dim);
  let results = (outs Index:$result);
  let assemblyFormat = "$dim attr-dict";
}

def Kernel_CheckOp : Kernel_Op<"check"> {
  let summary = "Makes the kernel fail where a condition doesn't hold";
  let description = [{
    `status` is a `tensorc_status`; the launch returns it, and the program stops
    before anything that follows. The kernel itself runs on, so it must not
    depend on the condition for its memory safety.
  }];
  let arguments = (ins I1:$condition, I32Attr:$status);
  let assemblyFormat = "$condition `,` $status attr-dict";
}

def Kernel_YieldOp : Kernel_Op<"yield", [Pure, Terminator,
    ParentOneOf<["GenericOp", "ContractOp"]>]> {
  let summary = "The outputs' elements at this point";
  let arguments = (ins Variadic<Kernel_Scalar>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

//===----------------------------------------------------------------------===//
// Lowered kernels: how code reaches its arguments (the ABI of tensorc_kernel_fn)
//===----------------------------------------------------------------------===//

def Kernel_BindingOp : Kernel_Op<"binding", [Pure]> {
  let summary = "A flat view of a lowered kernel's buffer argument";
  let description = [{
    `buffers` is the kernel's array of buffer pointers. Elements of type i1 and
    ui8 are seen as i8.
  }];
  let arguments = (ins AnyType:$buffers, I64Attr:$position);
  let results = (outs MemRefRankOf<[AnyType], [1]>:$view);
  let assemblyFormat = "$buffers `[` $position `]` attr-dict `:` type($buffers) `to` type($view)";
}

def Kernel_SizeOp : Kernel_Op<"size", [Pure]> {
  let summary = "A dynamic size or stride of a lowered kernel's argument";
  let description = [{
    `sizes` is the kernel's array of them: for each argument in order, its dynamic
    sizes, then, where its type has an explicit strided layout, its dynamic
    strides and its offset if that is dynamic.
  }];
  let arguments = (ins AnyType:$sizes, I64Attr:$position);
  let results = (outs Index:$value);
  let assemblyFormat = "$sizes `[` $position `]` attr-dict `:` type($sizes)";
}

#endif // TENSORC_KERNEL_OPS
