//===- KernelOps.td - Programs, buffers, kernels ------------ -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_KERNEL_OPS
#define TENSORC_KERNEL_OPS

include "dialects/kernel/KernelBase.td"
include "dialects/scalar/Sizes.td"
include "dialects/kernel/KernelStructured.td"

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
  code baseDeclarations = [{
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() {
      return getFunctionType().getInputs();
    }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() {
      return getFunctionType().getResults();
    }
    ::mlir::Region *getCallableRegion() { return &getBody(); }
  }];
  let extraClassDeclaration = baseDeclarations;
}

def Kernel_ProgramOp : Kernel_FuncLike<"program"> {
  let summary = "An exported function as a sequence of launches";
  let description = [{
    Arguments are buffers (C2), in order: inputs, outputs, then state, and there
    are no results (C1). Each argument carries
    `kernel.name` and `kernel.role` (`input`, `output`, `parameter`, `buffer`,
    `optimizer`). Sizes that are no numbers are said by the buffers' types,
    `memref<?x784xf32, #scalar.sizes<B, 784>>`, and what they are made of by the
    attribute `kernel.symbols`, an array of `#scalar.symbol`, in the order in
    which a call gives them. Memory planning adds the workspace as a last argument
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
  let description = [{
    - (C1) `value` has the buffer's shape and element type.
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Kernel_Buffer:$buffer);
  let assemblyFormat = "attr-dict $value `:` type($buffer)";
  let hasVerifier = 1;
}

def Kernel_ViewOp : Kernel_Op<"view", [Pure]> {
  let summary = "A buffer at a fixed byte offset of an arena";
  let description = [{
    - (C1) `offset` is a multiple of the element's size, and not negative.
    - (C2) the buffer is dense.
    - (C3) the buffer ends in the arena, as far as sizes are known.
  }];
  let arguments = (ins MemRefRankOf<[I8], [1]>:$arena, I64Attr:$offset);
  let results = (outs Kernel_Buffer:$buffer);
  let assemblyFormat = "$arena `[` $offset `]` attr-dict `:` type($arena) `to` type($buffer)";
  let hasVerifier = 1;
}

def Kernel_ReinterpretOp : Kernel_Op<"reinterpret", [Pure]> {
  let summary = "The same dense bytes under another shape";
  let description = [{
    - (C1) both buffers are dense.
    - (C2) element types and, as far as they are known, numbers of elements are
      equal.
  }];
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

    - (C1) `kernel` names a `kernel.func`,
    - (C2) which has as many arguments as buffers are passed,
    - (C3) of their element types and, as far as they are known, shapes,
    - (C4) followed by one of type `index` for each of `sizes`.
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel,
                       Arg<Variadic<Kernel_Buffer>, "", [MemRead]>:$inputs,
                       Arg<Variadic<Kernel_Buffer>, "", [MemWrite]>:$outputs,
                       OptionalAttr<Scalar_SizesAttr>:$sizes);
  let assemblyFormat = [{
    $kernel `ins` `(` ($inputs^ `:` type($inputs))? `)`
            `outs` `(` ($outputs^ `:` type($outputs))? `)`
            (`sizes` $sizes^)? attr-dict
  }];
  let builders = [OpBuilder<(ins "::llvm::StringRef":$kernel,
                                 "::mlir::ValueRange":$inputs,
                                 "::mlir::ValueRange":$outputs), [{
    build($_builder, $_state, kernel, inputs, outputs, ::mlir::Attribute());
  }]>];
}

//===----------------------------------------------------------------------===//
// Kernels: what runs together
//===----------------------------------------------------------------------===//

def Kernel_FuncOp : Kernel_FuncLike<"func"> {
  let summary = "A kernel: one structured op on buffers";
  let description = [{
    Arguments are the launch's inputs, then its outputs. The body holds one
    structured op (`kernel.generic`, `kernel.contract`, `kernel.pad`) on them and
    `kernel.return`. All arguments are buffers (C2), then sizes, of type `index`
    (C3), and there are no results (C1).
    Identical kernels are one symbol, launched many times.

    Every op of a body rounds its result to the result's type, f16 and bf16
    included. With the attribute `kernel.excess_precision`, sums, differences,
    products and quotients of these types keep the digits of f32 until a buffer or
    a conversion takes them.
  }];
  let extraClassDeclaration = baseDeclarations # [{
    /// How many of the arguments are sizes, the last ones.
    unsigned getSizeCount();
  }];
}

def Kernel_ReturnOp : Kernel_Op<"return", [Pure, Terminator]> {
  let summary = "Ends a kernel or a program";
  let assemblyFormat = "attr-dict";
}

#endif // TENSORC_KERNEL_OPS
