//===- Passes.td - Lowering kernels to CPU code ----------------*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_CPU_PASSES
#define TENSORC_COMPILER_LOWERING_CPU_PASSES

include "mlir/Pass/PassBase.td"

def ScheduleCpuPass : Pass<"tensorc-schedule-cpu", "::mlir::ModuleOp"> {
  let summary = "Says into how many tasks each kernel is worth splitting";
  let description = [{
    Sets `kernel.tasks` (i64) on each `kernel.func` that doesn't have it: 1 below
    about 20 µs of work, else one for each 10 µs, up to four for each thread that
    the target's CPU may have (256), and no more than there are results: from
    shapes and target alone, so that nothing depends on the threads that there
    are. Kernels of dynamic shape get 1: any task count is valid, and whoever
    launches them knows the sizes. Variants that aren't for a CPU are left alone.
  }];
  let options = [
    Option<"cpu", "cpu", "std::string", "\"x86-64-v4\"",
           "The CPU to schedule for, where the module isn't a variant">
  ];
  let dependentDialects = ["::tensorc::kernel::KernelDialect"];
}

def LowerCpuPass : Pass<"tensorc-lower-cpu", "::mlir::ModuleOp"> {
  let summary = "Turns each kernel.func into loops over native vectors";
  let description = [{
    A `kernel.func` becomes a `func.func` of the same name with the ABI of
    `tensorc_kernel_fn`:

        (%buffers: !llvm.ptr, %sizes: !llvm.ptr, %task: i64, %task_count: i64) -> i32

    It reaches its arguments by `kernel.binding` and `kernel.size`, and returns 0
    or the status of the first `scalar.check` that fails. `kernel.tasks` stays, or
    is set. Other ops of the module are left alone. A module with the attribute
    `kernel.target` is lowered for that CPU instead of the option's, or left
    alone where that is none.
  }];
  let options = [
    Option<"cpu", "cpu", "std::string", "\"x86-64-v4\"",
           "The CPU to lower for, as in `--target`">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect", "::tensorc::kernel::KernelDialect"
  ];
}

def MergeKernelsPass : Pass<"tensorc-merge-kernels", "::mlir::ModuleOp"> {
  let summary = "Has kernels of the same code share one function";
  let description = [{
    Lowered kernels that differ at most in how much there is to share among
    tasks, as those of two batch sizes, become one `func.func`, which takes that
    from its sizes. Launches get `kernel.sizes` for it, and `kernel.tasks`. Kernels
    that no program launches, or that have dynamic sizes, are left alone.
  }];
  let dependentDialects = ["::tensorc::kernel::KernelDialect"];
}

#endif // TENSORC_COMPILER_LOWERING_CPU_PASSES
