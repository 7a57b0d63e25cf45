//===- Passes.td - Memory planning ------------------------ -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_MEMORY_PASSES
#define TENSORC_COMPILER_MEMORY_PASSES

include "mlir/Pass/PassBase.td"

def PlanMemoryPass : Pass<"tensorc-plan-memory", "::mlir::ModuleOp"> {
  let summary = "Gives every buffer of a program its place in one arena";
  let description = [{
    In each `kernel.program`:

    1. A value that is copied to an output or to state is computed there, if the
       launches can be ordered so that all readers of the old contents come
       first, and everything that can fail before state is written; a copy stays
       where they cannot.
    2. A launch writes over an input that nothing reads later, where it reads and
       writes both at the same index.
    3. The other buffers get offsets in one arena by lifetime, best fit, largest
       first, each aligned to 64 bytes. The arena becomes the program's last
       argument (role `workspace`), every `kernel.alloc` a `kernel.view` of it.

    The program gets the attributes `kernel.workspace_bytes` (the arena),
    `kernel.live_bytes` (the most that is live at once; the arena can't be
    smaller) and `kernel.buffer_bytes` (all buffers, were none shared). Kernels
    that write state in a program that can fail get `kernel.guarded`. A program
    whose intermediate buffers have dynamic sizes is an error.
  }];
  let dependentDialects = ["::tensorc::kernel::KernelDialect"];
}

#endif // TENSORC_COMPILER_MEMORY_PASSES
