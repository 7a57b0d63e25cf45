// RUN: tensorc-opt %s | tensorc-opt | FileCheck %s

// Sizes are in their normal form, by whatever text they came.
// CHECK: module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 256, hint 64>, #scalar.symbol<H : 16 to 512, hint 64, divisor 16>]}
module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 256, hint 64>,
                                    #scalar.symbol<H : 16 to 512, hint 64, divisor 16>]} {
  // CHECK-LABEL: func.func @normal(
  // CHECK-SAME: tensor<?x784xf32, #scalar.sizes<B, 784>>
  // CHECK-SAME: tensor<?xf32, #scalar.sizes<"2*B + 1">>
  // CHECK-SAME: tensor<?xf32, #scalar.sizes<"8*(H / 16)">>
  // CHECK-SAME: tensor<?xf32, #scalar.sizes<"min(B, 100)">>
  func.func @normal(%a: tensor<?x784xf32, #scalar.sizes<"B * 784 / 784", 784>>,
                    %b: tensor<?xf32, #scalar.sizes<"1 + B + B">>,
                    %c: tensor<?xf32, #scalar.sizes<"H / 2">>,
                    %d: tensor<?xf32, #scalar.sizes<"min(100, B)">>) {
    return
  }

  // CHECK-LABEL: func.func @ops(
  func.func @ops(%x: tensor<?x6xf32, #scalar.sizes<B, 6>>, %y: tensor<2x6xf32>) {
    // CHECK: graph.reshape %{{.*}} {shape = #scalar.sizes<"2*B", 3>}
    %0 = graph.reshape %x {shape = #scalar.sizes<"B + B", 3>}
        : (tensor<?x6xf32, #scalar.sizes<B, 6>>) -> tensor<?x3xf32, #scalar.sizes<"2*B", 3>>
    // CHECK: graph.cat {{.*}} -> tensor<?x6xf32, #scalar.sizes<"B + 2", 6>>
    %1 = graph.cat %x, %y {dim = 0}
        : (tensor<?x6xf32, #scalar.sizes<B, 6>>, tensor<2x6xf32>)
          -> tensor<?x6xf32, #scalar.sizes<"B + 2", 6>>
    // What is cut off at a number is of static size.
    // CHECK: graph.slice {{.*}} -> tensor<2x6xf32>
    %2 = graph.slice %1 {starts = #scalar.sizes<B, 0>, ends = #scalar.sizes<"B + 2", 6>,
                         steps = array<i64: 1, 1>}
        : (tensor<?x6xf32, #scalar.sizes<"B + 2", 6>>) -> tensor<2x6xf32>
    // CHECK: graph.pad {{.*}} -> tensor<?x6xf32, #scalar.sizes<"2*B", 6>>
    %3 = graph.pad %x {low = array<i64: 1, 0>, high = array<i64: 0, 0>,
                       interior = array<i64: 1, 0>, value = 0.0}
        : (tensor<?x6xf32, #scalar.sizes<B, 6>>) -> tensor<?x6xf32, #scalar.sizes<"2*B", 6>>
    return
  }

  // CHECK-LABEL: func.func @windows(
  func.func @windows(%x: tensor<?x1x?x?xf32, #scalar.sizes<B, 1, H, H>>,
                     %w: tensor<4x1x3x3xf32>) {
    // CHECK: graph.convolution {{.*}} -> tensor<?x4x?x?xf32, #scalar.sizes<B, 4, H, H>>
    %0 = graph.convolution %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 1, 1>,
                                   dilation = array<i64: 1, 1>, groups = 1}
        : (tensor<?x1x?x?xf32, #scalar.sizes<B, 1, H, H>>, tensor<4x1x3x3xf32>)
          -> tensor<?x4x?x?xf32, #scalar.sizes<B, 4, H, H>>
    // CHECK: graph.max_pool {{.*}} -> tensor<?x4x?x?xf32, #scalar.sizes<B, 4, "8*(H / 16)", "8*(H / 16)">>
    %1 = graph.max_pool %0 {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>,
                            padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>,
                            ceil_mode = false}
        : (tensor<?x4x?x?xf32, #scalar.sizes<B, 4, H, H>>)
          -> tensor<?x4x?x?xf32, #scalar.sizes<B, 4, "H / 2", "H / 2">>
    return
  }
}
