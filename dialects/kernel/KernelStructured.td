//===- KernelStructured.td - What kernels consist of -------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_KERNEL_STRUCTURED
#define TENSORC_KERNEL_STRUCTURED

include "dialects/kernel/KernelBase.td"

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
    /// The operands that have maps.
    ::mlir::OperandRange getBuffers() {
      return getOperands().drop_back(getSizes().size());
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
      coefficient 1, or its size stands in `dim_sizes`; sizes found twice agree,
      but where `dim_sizes` has one, it is that (a slice shows more than it
      reads).
    - (C4) a yielded value of a map without reduction dimensions is a row value.
    - (C5) output maps are injective.
    - (C6) no map reaches out of its operand, as far as sizes are known.
    - (C7) the block's arguments and what it yields have the element types.
    - (C8) every `kernel.index` asks for one of the dimensions.
    - (C9) `reduction_dims` rise and are dimensions.
    - (C10) `sizes` are arguments of the kernel, one for each `kDynamic` of
      `dim_sizes`.
  }];
  let arguments = (ins Arg<Variadic<Kernel_Buffer>, "", [MemRead]>:$inputs,
                       Arg<Variadic<Kernel_Buffer>, "", [MemWrite]>:$outputs,
                       AffineMapArrayAttr:$indexing_maps,
                       DenseI64ArrayAttr:$reduction_dims,
                       // Those of dimensions that no map shows alone, or not in
                       // their size: a number, or `kDynamic` for the next of
                       // `sizes`; else -1. May be empty.
                       DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$dim_sizes,
                       Variadic<Index>:$sizes);
  let assemblyFormat = [{
    `ins` `(` ($inputs^ `:` type($inputs))? `)`
    `outs` `(` $outputs `:` type($outputs) `)` (`sizes` `(` $sizes^ `)`)?
    attr-dict-with-keyword $body
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
    - (C6), (C7), (C8), (C10) as for `kernel.generic`.
  }];
  let arguments = (ins Arg<Kernel_Buffer, "", [MemRead]>:$lhs,
                       Arg<Kernel_Buffer, "", [MemRead]>:$rhs,
                       Arg<Variadic<Kernel_Buffer>, "", [MemRead]>:$extras,
                       Arg<Variadic<Kernel_Buffer>, "", [MemWrite]>:$outputs,
                       AffineMapArrayAttr:$indexing_maps,
                       DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$dim_sizes,
                       Variadic<Index>:$sizes);
  let assemblyFormat = [{
    `ins` `(` $lhs `,` $rhs `:` type($lhs) `,` type($rhs) `)`
    (`extras` `(` $extras^ `:` type($extras) `)`)?
    `outs` `(` $outputs `:` type($outputs) `)` (`sizes` `(` $sizes^ `)`)?
    attr-dict-with-keyword $body
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

    - (C1) input and output have the same rank; `low` and `interior` have a
      number for each dimension.
    - (C2) input, output and `value` have one element type.
    - (C3) `interior` is not negative.
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

def Kernel_ReduceOp : Kernel_Op<"reduce", [Pure, SameOperandsAndResultType,
                                           HasParent<"GenericOp">]> {
  let summary = "Combines a value over the reduction dimensions";
  let description = [{
    Floating-point maximum and minimum propagate NaN. Sums of f16 and bf16 are
    converted to f32 by whoever builds the body.

    - (C1) ui8 has the combiners `umaximum` and `uminimum`, all other types have
      `maximum` and `minimum`.
  }];
  let hasVerifier = 1;
  let arguments = (ins Scalar_Combiner:$combiner, Kernel_Scalar:$value);
  let results = (outs Kernel_Scalar:$result);
  let assemblyFormat = "$combiner $value attr-dict `:` type($value)";
}

def Kernel_IndexOp : Kernel_Op<"index", [Pure]> {
  let summary = "The current position in a dimension of the iteration space";
  let arguments = (ins I64Attr:$dim);
  let results = (outs Index:$result);
  let assemblyFormat = "$dim attr-dict";
}

def Kernel_ArgumentOp : Kernel_Op<"argument", [Pure]> {
  let summary = "A size that the kernel is given";
  let description = [{
    - (C1) `number` is that of an argument of the `kernel.func`, of type `index`.
  }];
  let arguments = (ins I64Attr:$number);
  let results = (outs Index:$result);
  let assemblyFormat = "$number attr-dict";
  let hasVerifier = 1;
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
    ui8 are seen as i8, bf16 as i16.
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
    strides and its offset if that is dynamic; an `index` argument is one itself.
  }];
  let arguments = (ins AnyType:$sizes, I64Attr:$position);
  let results = (outs Index:$value);
  let assemblyFormat = "$sizes `[` $position `]` attr-dict `:` type($sizes)";
}

#endif // TENSORC_KERNEL_STRUCTURED
