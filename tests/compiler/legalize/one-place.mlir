// RUN: tensorc-opt %s -split-input-file --tensorc-legalize | FileCheck %s

// One place of a dimension that a symbol says: a pass over it.
// CHECK-LABEL: func.func @last(
// CHECK-SAME: %[[X:.*]]: tensor<4x?x6xi32
// CHECK: %[[PART:.*]] = graph.slice %[[X]] {{.*}}starts = array<i64: 1, 0, 0>{{.*}} -> tensor<2x?x6xi32
// CHECK-DAG: %[[PLACES:.*]] = graph.iota {{.*}}shape = #scalar.sizes<S>
// CHECK-DAG: %[[LAST:.*]] = graph.size_value {size = #scalar.sizes<"S - 1">}
// CHECK: %[[LAST_EACH:.*]] = graph.broadcast_to %[[LAST]]
// CHECK: graph.eq %[[PLACES]], %[[LAST_EACH]]
// CHECK: %[[CHOSEN:.*]] = graph.where %{{.*}}, %[[PART]], %
// CHECK: %[[SUM:.*]] = graph.sum {{.*}}dims = array<i64: 1>{{.*}} -> tensor<2x1x6xi64>
// CHECK: graph.to %[[SUM]] {dtype = i32}
// CHECK-NOT: graph.slice
// CHECK: return
module attributes {scalar.symbols = [#scalar.symbol<S : 1 to 8, hint 4>]} {
  func.func @last(%x: tensor<4x?x6xi32, #scalar.sizes<4, S, 6>>) -> tensor<2x1x6xi32> {
    %0 = graph.slice %x {starts = #scalar.sizes<1, "S - 1", 0>, ends = #scalar.sizes<3, S, 6>, steps = array<i64: 1, 1, 1>} : (tensor<4x?x6xi32, #scalar.sizes<4, S, 6>>) -> tensor<2x1x6xi32>
    return %0 : tensor<2x1x6xi32>
  }
}

// -----

// Of floats by their maximum, which keeps -0.0.
// CHECK-LABEL: func.func @last_float(
// CHECK: graph.where
// CHECK: graph.amax {{.*}}dims = array<i64: 0>
// CHECK-NOT: graph.sum
// CHECK: return
module attributes {scalar.symbols = [#scalar.symbol<S : 1 to 8, hint 4>]} {
  func.func @last_float(%x: tensor<?x6xf32, #scalar.sizes<S, 6>>) -> tensor<1x6xf32> {
    %0 = graph.slice %x {starts = #scalar.sizes<"S - 1", 0>, ends = #scalar.sizes<S, 6>, steps = array<i64: 1, 1>} : (tensor<?x6xf32, #scalar.sizes<S, 6>>) -> tensor<1x6xf32>
    return %0 : tensor<1x6xf32>
  }
}

// -----

// Its gradient.
// CHECK-LABEL: func.func @around(
// CHECK-SAME: %[[X:.*]]: tensor<4x1xf32>
// CHECK: graph.iota {{.*}}shape = #scalar.sizes<S>
// CHECK: %[[WIDE:.*]] = graph.broadcast_to %[[X]]
// CHECK: graph.where %{{.*}}, %[[WIDE]], %{{.*}} -> tensor<4x?xf32, #scalar.sizes<4, S>>
// CHECK-NOT: graph.pad
// CHECK: return
module attributes {scalar.symbols = [#scalar.symbol<S : 1 to 8, hint 4>]} {
  func.func @around(%x: tensor<4x1xf32>) -> tensor<4x?xf32, #scalar.sizes<4, S>> {
    %0 = graph.pad %x {low = #scalar.sizes<0, "S - 1">, high = array<i64: 0, 0>, interior = array<i64: 0, 0>, value = 0.0 : f64} : (tensor<4x1xf32>) -> tensor<4x?xf32, #scalar.sizes<4, S>>
    return %0 : tensor<4x?xf32, #scalar.sizes<4, S>>
  }
}

// -----

// Longer slices aren't.
// CHECK-LABEL: func.func @half(
// CHECK-NEXT: graph.slice
// CHECK-NEXT: return
module attributes {scalar.symbols = [#scalar.symbol<S : 1 to 8, hint 4>]} {
  func.func @half(%x: tensor<?xf32, #scalar.sizes<S>>) -> tensor<?xf32, #scalar.sizes<"S - S / 2">> {
    %0 = graph.slice %x {starts = #scalar.sizes<"S / 2">, ends = #scalar.sizes<S>, steps = array<i64: 1>} : (tensor<?xf32, #scalar.sizes<S>>) -> tensor<?xf32, #scalar.sizes<"S - S / 2">>
    return %0 : tensor<?xf32, #scalar.sizes<"S - S / 2">>
  }
}
