//===- Passes.td - Lowering kernels to GPU code ---------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_GPU_PASSES
#define TENSORC_COMPILER_LOWERING_GPU_PASSES

include "mlir/Pass/PassBase.td"

def LowerGpuPass : Pass<"tensorc-lower-gpu", "::mlir::ModuleOp"> {
  let summary = "Turns each kernel.func into the code of a GPU's threads";
  let description = [{
    A `kernel.func` becomes a `gpu.module` of its name that holds a `gpu.func` of
    its name. Its arguments are one flat buffer for each of the kernel's, then
    (i64) the dynamic sizes, then, where the kernel can fail
    (`kernel.can_fail`), the status: one i32 that it stores into if it does. One
    that writes state after others that can fail (`kernel.guarded`) has it, too,
    and does nothing where it isn't 0.
    `known_block_size` says how many threads a block has. `known_grid_size` says
    how many blocks to launch; a kernel that doesn't have it (dynamic sizes) is
    right for any number of them, and says how many it has work for by a map from
    its sizes: `kernel.blocks = affine_map<()[s0] -> ((s0 + 255) floordiv 256)>`.
    What the programs of the module tell it, how great sizes are and what divides
    them, decides on packs and indices: `kernel.index_bits` on the module is the width
    of indices that is enough. A function whose shared arrays take more than a
    kernel gets without asking (48 KB) has `kernel.shared_bytes`, which the
    launch has to ask for; one whose arrays start at multiples of more than 16
    bytes has `kernel.shared_alignment`.

    Results don't depend on the order in which threads run: reductions have a
    fixed order, and there are no atomics. Other ops of the module are left alone. A module with the
    attribute `kernel.target` is lowered for that GPU instead of the options', or
    left alone where that is none.
  }];
  let options = [
    Option<"multiprocessors", "multiprocessors", "int64_t", "132",
           "How many multiprocessors schedules count on">,
    Option<"sharedBytes", "shared-bytes", "int64_t", "101376",
           "Shared memory that a block may have">,
    Option<"tf32", "tf32", "bool", "false",
           "Multiply f32 on tensor cores, with 10 bits of mantissa">,
    Option<"warpgroups", "warpgroups", "bool", "false",
           "Multiply matrices in shared memory, four warps together (wgmma)">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::NVVM::NVVMDialect",
    "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect",
    "::mlir::nvgpu::NVGPUDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect", "::tensorc::kernel::KernelDialect"
  ];
}

#endif // TENSORC_COMPILER_LOWERING_GPU_PASSES
