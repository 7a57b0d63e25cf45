//===- Passes.td - Lowered GPU kernels to the LLVM dialect ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_CODEGEN_PTX_PASSES
#define TENSORC_COMPILER_CODEGEN_PTX_PASSES

include "mlir/Pass/PassBase.td"

def GpuMathPass : Pass<"tensorc-gpu-math", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Turns transcendental functions into arithmetic";
  let description = [{
    Functions of f32 become the polynomials that CPU code has; those of f64, calls
    of libclc's, which PTX then holds inlined.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
}

def GpuToNVVMPass : Pass<"tensorc-gpu-to-nvvm", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Converts lowered kernels to the LLVM dialect";
  let description = [{
    A `gpu.func` becomes an `llvm.func` that takes a pointer to global memory for
    each buffer. Its shared arrays become globals. Indices have the module's
    `kernel.index_bits`.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::mlir::NVVM::NVVMDialect",
                           "::mlir::cf::ControlFlowDialect"];
}

def DescribeKernelsPass : Pass<"tensorc-gpu-describe", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Notes how each kernel of a gpu.module is launched";
  let description = [{
    Sets `kernel.launches` on the `gpu.module`: for each `gpu.func` by name a
    dictionary with `block` (the sizes, which have to be known), `grid` (the same) or
    `blocks` (what gives their number, a map from the kernel's sizes), `shared`
    (bytes that a launch has to ask for), and `can_fail` where the last parameter
    is a status. What comes of the module keeps it.
  }];
}

def EmitPtxPass : Pass<"tensorc-emit-ptx", "::mlir::ModuleOp"> {
  let summary = "Replaces each gpu.module by its PTX";
  let description = [{
    Each `gpu.module` (in the LLVM dialect) becomes a `gpu.binary` of its name with
    the text. In a variant it is compiled for that one's GPU; those of CPUs are
    left alone.
  }];
  let options = [
    Option<"chip", "chip", "std::string", "\"sm_80\"",
           "The GPU to compile for, where the module isn't a variant">
  ];
}

def LinkPtxPass : Pass<"tensorc-link-ptx", "::mlir::ModuleOp"> {
  let summary = "Makes one binary of a GPU's, with machine code where it can";
  let description = [{
    Adds a `gpu.binary` to the variant of a GPU, `kernels`: the PTX of all others
    in one text, and the `kernel.launches` of all. Where `ptxas` is found, a second
    object is its cubin; what `ptxas` refuses is a warning, as the driver compiles
    PTX itself. The others stay, as launches name them; other modules are left
    alone.
  }];
}

#endif // TENSORC_COMPILER_CODEGEN_PTX_PASSES
