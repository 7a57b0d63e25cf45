// How the work of a CPU is shared out: by shapes, for up to 64 threads, whatever
// a program has. Long sums with few results are made in parts.
// RUN: tensorc %s --target=x86-64-v4 --emit=planned | FileCheck %s
// RUN: tensorc %s --target=x86-64-v3,x86-64-v4 --function=weight --emit=planned | FileCheck %s --check-prefix=BOTH

// The same parts for all CPUs that have as many threads.
// BOTH-COUNT-2: kernel.func @convolution_backward_weight_sub_parts_0({{.*}}memref<8x6x3x3xf32>) attributes {kernel.tasks = 10 : i64}

// 54 results of 57,600 terms each: 8 times 8 images, and their sum, which the
// last op takes along.
// CHECK-DAG: kernel.func @convolution_backward_weight_sub_parts_{{[0-9]+}}(%{{.*}}: memref<64x6x30x30xf32>, %{{.*}}: memref<64x1x32x32xf32>, %{{.*}}: memref<8x6x3x3xf32>) attributes {kernel.tasks = 10 : i64}
// CHECK-DAG: kernel.func @convolution_backward_weight_sub_whole_{{[0-9]+}}(%{{.*}}: memref<8x6x3x3xf32>, %{{.*}}: memref<6x1x3x3xf32>, %{{.*}}: memref<6x1x3x3xf32>) attributes {kernel.tasks = 1 : i64}
func.func @weight(%g: tensor<64x6x30x30xf32>, %x: tensor<64x1x32x32xf32>, %w: tensor<6x1x3x3xf32>) -> tensor<6x1x3x3xf32> {
  %0 = graph.convolution_backward_weight %g, %x {weight_shape = array<i64: 6, 1, 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<64x6x30x30xf32>, tensor<64x1x32x32xf32>) -> tensor<6x1x3x3xf32>
  %1 = graph.sub %w, %0 : (tensor<6x1x3x3xf32>, tensor<6x1x3x3xf32>) -> tensor<6x1x3x3xf32>
  return %1 : tensor<6x1x3x3xf32>
}

// One result.
// CHECK-DAG: kernel.func @sum_parts_{{[0-9]+}}(%{{.*}}: memref<10000000xf32>, %{{.*}}: memref<128xf32>) attributes {kernel.tasks = 128 : i64}
// CHECK-DAG: kernel.func @sum_whole_{{[0-9]+}}(%{{.*}}: memref<128xf32>, %{{.*}}: memref<f32>) attributes {kernel.tasks = 1 : i64}
func.func @total(%x: tensor<10000000xf32>) -> tensor<f32> {
  %0 = graph.sum %x {dims = array<i64: 0>, keepdim = false} : (tensor<10000000xf32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// Columns that are neighbours are one task's, however many they are.
// CHECK-DAG: kernel.func @sum_parts_{{[0-9]+}}(%{{.*}}: memref<40000x100xf32>, %{{.*}}: memref<80x100xf32>) attributes {kernel.tasks = 80 : i64}
func.func @columns(%x: tensor<40000x100xf32>) -> tensor<100xf32> {
  %0 = graph.sum %x {dims = array<i64: 0>, keepdim = false} : (tensor<40000x100xf32>) -> tensor<100xf32>
  return %0 : tensor<100xf32>
}

// Rows enough.
// CHECK-DAG: kernel.func @sum_{{[0-9]+}}(%{{.*}}: memref<400x10000xf32>, %{{.*}}: memref<400xf32>) attributes {kernel.tasks = 80 : i64}
func.func @rows(%x: tensor<400x10000xf32>) -> tensor<400xf32> {
  %0 = graph.sum %x {dims = array<i64: 1>, keepdim = false} : (tensor<400x10000xf32>) -> tensor<400xf32>
  return %0 : tensor<400xf32>
}

// A product of few results and of many.
// CHECK-DAG: kernel.func @matmul_parts_{{[0-9]+}}(%{{.*}}: memref<7x99999xf32>, %{{.*}}: memref<99999x13xf32>, %{{.*}}: memref<9x7x13xf32>) attributes {kernel.tasks = 40 : i64}
// CHECK-DAG: kernel.func @matmul_{{[0-9]+}}(%{{.*}}: memref<301x257xf32>, %{{.*}}: memref<257x129xf32>, %{{.*}}: memref<301x129xf32>) attributes {kernel.tasks = 33 : i64}
func.func @odd(%a: tensor<7x99999xf32>, %b: tensor<99999x13xf32>, %c: tensor<301x257xf32>, %d: tensor<257x129xf32>) -> (tensor<7x13xf32>, tensor<301x129xf32>) {
  %0 = graph.matmul %a, %b : (tensor<7x99999xf32>, tensor<99999x13xf32>) -> tensor<7x13xf32>
  %1 = graph.matmul %c, %d : (tensor<301x257xf32>, tensor<257x129xf32>) -> tensor<301x129xf32>
  return %0, %1 : tensor<7x13xf32>, tensor<301x129xf32>
}

// Little work is one task.
// CHECK-DAG: kernel.func @add_{{[0-9]+}}(%{{.*}}: memref<1000xf32>, {{.*}}) attributes {kernel.tasks = 1 : i64}
func.func @little(%x: tensor<1000xf32>) -> tensor<1000xf32> {
  %0 = graph.add %x, %x : (tensor<1000xf32>, tensor<1000xf32>) -> tensor<1000xf32>
  return %0 : tensor<1000xf32>
}
