// From lowered kernels to one module, pass by pass.
// RUN: tensorc %s --target=x86-64-v3,x86-64-v4,cuda:sm_80 --emit=lowered -o %t.lowered
// RUN: tensorc %s --target=x86-64-v3,x86-64-v4,cuda:sm_80 --emit=translated -o %t.translated
// RUN: FileCheck %s --input-file=%t.translated
// RUN: tensorc-opt %t.lowered --pass-pipeline='builtin.module(builtin.module(gpu.module(tensorc-gpu-describe)))' | FileCheck %s --check-prefix=DESCRIBED
// RUN: tensorc-opt %t.lowered --pass-pipeline='builtin.module(builtin.module(gpu.module(tensorc-gpu-describe),tensorc-to-nvvm,tensorc-emit-ptx))' | FileCheck %s --check-prefix=EMITTED
// RUN: tensorc-opt %t.lowered --pass-pipeline='builtin.module(builtin.module(gpu.module(tensorc-gpu-describe),tensorc-to-nvvm,tensorc-emit-ptx,tensorc-link-ptx))' | FileCheck %s --check-prefix=LINKED
// RUN: tensorc-opt %t.translated --tensorc-merge-variants=tune=znver4 | FileCheck %s --check-prefix=MERGED
// RUN: tensorc %s --target=x86-64-v3,cuda:sm_80 -o %t.o --print-ir-after=translated 2>&1 | FileCheck %s --check-prefix=PRINTED

// Functions for each CPU; for the GPU a binary of all kernels and one of each, whose
// programs stay.
// CHECK-LABEL: module @"x86-64-v3"
// CHECK-NOT: kernel.program
// CHECK-DAG: llvm.func {{.*}}@add_0(
// CHECK-DAG: llvm.func {{.*}}@f(
// CHECK-LABEL: module @"x86-64-v4"
// CHECK-DAG: llvm.func {{.*}}@add_0(
// CHECK-DAG: llvm.func {{.*}}@f(
// CHECK-LABEL: module @sm_80
// CHECK-NOT: gpu.module
// CHECK: gpu.binary @kernels {{.*}}[#gpu.object<#nvvm.target<{{.*}}chip = "sm_80">, assembly = "{{.*}}.visible .entry add_0(
// CHECK: gpu.binary @add_0
// CHECK: gpu.binary @sum_1
// CHECK: kernel.program @f(

// Blocks and threads, as the launches have them.
// DESCRIBED: gpu.module @add_0 attributes {{.*}}kernel.launches = {add_0 = {block = array<i32: {{[0-9]+}}, 1, 1>, grid = array<i32: {{[0-9]+}}, 1, 1>}}

// A binary for each, then one of all; CPUs' variants are as they were.
// EMITTED-LABEL: module @"x86-64-v3"
// EMITTED: func.func @add_0(
// EMITTED-LABEL: module @sm_80
// EMITTED: gpu.binary @add_0 {kernel.launches
// EMITTED: gpu.binary @sum_1 {kernel.launches
// LINKED-LABEL: module @sm_80
// LINKED: gpu.binary @kernels {kernel.launches = {add_0 = {{.*}}, sum_1 = {{.*}}} {{.*}}.visible .entry add_0({{.*}}.visible .entry sum_1(

// Names with their CPU, seen by this object alone; the GPU's variant stays.
// MERGED-DAG: llvm.func internal @f.v3({{.*}}tune_cpu = "znver4"
// MERGED-DAG: llvm.func internal @f.v4({{.*}}target_cpu = "x86-64-v4"
// MERGED-DAG: llvm.func internal @add_0.v3(
// MERGED-DAG: module @sm_80

// PRINTED: // ---- after `translated`
// PRINTED: gpu.binary @kernels
func.func @f(%x: tensor<64xf32>, %y: tensor<64xf32>) -> (tensor<64xf32>, tensor<f32>) {
  %0 = graph.add %x, %y : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  %1 = graph.sum %x {dims = array<i64: 0>, keepdim = false} : (tensor<64xf32>) -> tensor<f32>
  return %0, %1 : tensor<64xf32>, tensor<f32>
}
