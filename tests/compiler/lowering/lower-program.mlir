// RUN: tensorc-opt %s -tensorc-lower-program -split-input-file -verify-diagnostics | FileCheck %s

llvm.func @cheap(!llvm.ptr, !llvm.ptr, i64, i64) -> i32 attributes {kernel.tasks = 1}
llvm.func @large(!llvm.ptr, !llvm.ptr, i64, i64) -> i32 attributes {kernel.tasks = 16, kernel.can_fail}

llvm.func @said(!llvm.ptr, !llvm.ptr, i64, i64) -> i32 attributes {kernel.tasks = 1, kernel.can_fail, kernel.has_words}

// Where a kernel has said what is wrong, the function is named in front of it.
// CHECK-LABEL: llvm.func @says(
kernel.program @says(%x: memref<8xf32> {kernel.name = "x", kernel.role = "input"}) {
  // CHECK: %[[STATUS:.*]] = llvm.call @said(
  // CHECK: %[[WORDS:.*]] = llvm.call @tensorc_rt_last_error()
  // CHECK: llvm.call @tensorc_rt_fail(%[[STATUS]], %{{.*}}, %[[WORDS]])
  // CHECK: llvm.mlir.global internal constant @says_failure("`says`: %s\00")
  kernel.launch @said ins(%x : memref<8xf32>) outs()
  kernel.return
}

// The state region holds %b, then %w, each aligned to 64 bytes.
// CHECK-LABEL: llvm.func @step(
// CHECK-SAME: %[[STATE:.*]]: !llvm.ptr, %[[WORKSPACE:.*]]: !llvm.ptr, %[[X:.*]]: !llvm.ptr, %[[Y:.*]]: !llvm.ptr) -> i32
kernel.program @step(
    %x: memref<8xf32> {kernel.name = "x", kernel.role = "input"},
    %y: memref<8xf32> {kernel.name = "y", kernel.role = "output"},
    %b: memref<f32> {kernel.name = "b", kernel.role = "parameter"},
    %w: memref<8xf32> {kernel.name = "w", kernel.role = "parameter"},
    %arena: memref<128xi8> {kernel.role = "workspace"}) {
  // CHECK: %[[BUFFERS:.*]] = llvm.alloca %{{.*}} x !llvm.ptr
  // CHECK: %[[W:.*]] = llvm.getelementptr inbounds %[[STATE]][%{{.*}}]
  // CHECK: %[[T:.*]] = llvm.getelementptr inbounds %[[WORKSPACE]][%{{.*}}]
  %t = kernel.view %arena[64] : memref<128xi8> to memref<8xf32>
  // CHECK: llvm.store %[[X]], %{{.*}}
  // CHECK: llvm.store %[[W]], %{{.*}}
  // CHECK: llvm.store %[[T]], %{{.*}}
  // CHECK: %[[KERNEL:.*]] = llvm.mlir.addressof @large
  // CHECK: %[[STATUS:.*]] = llvm.call @tensorc_rt_launch(%[[KERNEL]], %[[BUFFERS]],
  // CHECK: %[[OK:.*]] = llvm.icmp "eq" %[[STATUS]]
  // CHECK: llvm.cond_br %[[OK]], ^[[NEXT:bb[0-9]+]], ^[[STOP:bb[0-9]+]]
  // CHECK: ^[[STOP]]:
  // CHECK: llvm.call @tensorc_rt_fail(%[[STATUS]],
  // CHECK: ^[[NEXT]]:
  kernel.launch @large ins(%x, %w : memref<8xf32>, memref<8xf32>) outs(%t : memref<8xf32>)
  // CHECK: llvm.store %[[T]], %{{.*}}
  // CHECK: llvm.store %[[STATE]], %{{.*}}
  // CHECK: llvm.store %[[Y]], %{{.*}}
  // CHECK: llvm.call @cheap(%[[BUFFERS]],
  kernel.launch @cheap ins(%t, %b : memref<8xf32>, memref<f32>) outs(%y : memref<8xf32>)
  // CHECK: llvm.return %{{.*}} : i32
  kernel.return
}

// -----

llvm.func @k(!llvm.ptr, !llvm.ptr, i64, i64) -> i32

kernel.program @unplanned(%y: memref<8xf32> {kernel.name = "y", kernel.role = "output"}) {
  // expected-error @below {{can't be lowered to host code (is memory planned?)}}
  %t = kernel.alloc : memref<8xf32>
  kernel.return
}

// -----

kernel.program @a(%w: memref<4xf32> {kernel.name = "w", kernel.role = "parameter"}) {
  kernel.return
}
// expected-error @below {{uses state `w` as 'memref<8xf32>', another function as 'memref<4xf32>'}}
kernel.program @b(%w: memref<8xf32> {kernel.name = "w", kernel.role = "parameter"}) {
  kernel.return
}

// -----

llvm.func @shared(!llvm.ptr, !llvm.ptr, i64, i64) -> i32 attributes {kernel.tasks = 1}

// A kernel that serves several shapes has its sizes, and its tasks, from the launch.
// CHECK-LABEL: llvm.func @sized(
kernel.program @sized(%x: memref<8xf32> {kernel.name = "x", kernel.role = "input"}) {
  // CHECK: %[[SIZES:.*]] = llvm.mlir.addressof @sized_sizes
  // CHECK: %[[TASKS:.*]] = llvm.mlir.constant(4 : i64)
  // CHECK: llvm.call @tensorc_rt_launch(%{{.*}}, %{{.*}}, %[[SIZES]], %[[TASKS]])
  // CHECK: llvm.mlir.global internal constant @sized_sizes("d\00\00\00\00\00\00\00\07\00\00\00\00\00\00\00") {{.*}}alignment = 8
  kernel.launch @shared ins(%x : memref<8xf32>) outs() {kernel.sizes = array<i64: 100, 7>, kernel.tasks = 4 : i64}
  kernel.return
}

// -----

module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 8, hint 4>, #scalar.symbol<S : 8 to 64, hint 8, divisor 8>]} {
llvm.func @rows(!llvm.ptr, !llvm.ptr, i64, i64) -> i32 attributes {kernel.tasks = 1}

// What a call says stands behind the workspace; what kernels are told is
// computed once.
// CHECK-LABEL: llvm.func @symbols(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %[[B:.*]]: i64, %[[S:.*]]: i64, %[[X:.*]]: !llvm.ptr, %[[Y:.*]]: !llvm.ptr) -> i32
kernel.program @symbols(
    %x: memref<?x4xf32, #scalar.sizes<B, 4>> {kernel.name = "x", kernel.role = "input"},
    %y: memref<?xf32, #scalar.sizes<"2*B*S">> {kernel.name = "y", kernel.role = "output"})
    attributes {kernel.symbols = [#scalar.symbol<B : 1 to 8, hint 4>, #scalar.symbol<S : 8 to 64, hint 8, divisor 8>]} {
  // CHECK: %[[SIZES:.*]] = llvm.alloca %{{.*}} x i64
  // CHECK: llvm.store %[[B]], %{{.*}} : i64, !llvm.ptr
  // CHECK: %[[EIGHT:.*]] = llvm.mlir.constant(8 : i64)
  // CHECK: %[[ATOM:.*]] = llvm.sdiv %[[S]], %[[EIGHT]]
  // CHECK: %[[BS:.*]] = llvm.mul %[[B]], %[[ATOM]]
  // CHECK: %[[SIZE:.*]] = llvm.mul %[[BS]], %{{.*}}
  // CHECK: llvm.store %[[SIZE]]
  // CHECK: llvm.call @rows(%{{.*}}, %[[SIZES]], %{{.*}}, %{{.*}})
  // CHECK-NOT: alloca
  // CHECK: llvm.call @rows(%{{.*}}, %[[SIZES]], %{{.*}}, %{{.*}})
  kernel.launch @rows ins(%x : memref<?x4xf32, #scalar.sizes<B, 4>>) outs(%y : memref<?xf32, #scalar.sizes<"2*B*S">>) sizes #scalar.sizes<"B - 1">
  kernel.launch @rows ins(%x : memref<?x4xf32, #scalar.sizes<B, 4>>) outs(%y : memref<?xf32, #scalar.sizes<"2*B*S">>) sizes #scalar.sizes<"B - 1">
  kernel.return
}

// Where some symbols have become numbers, launches list all that is told.
// CHECK-LABEL: llvm.func @partly(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %[[S:.*]]: i64, %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr) -> i32
kernel.program @partly(
    %x: memref<3x?xf32, #scalar.sizes<3, S>> {kernel.name = "x", kernel.role = "input"},
    %y: memref<3xf32> {kernel.name = "y", kernel.role = "output"})
    attributes {kernel.symbols = [#scalar.symbol<S : 8 to 64, hint 8, divisor 8>]} {
  // CHECK: %[[SIZES:.*]] = llvm.alloca %{{.*}} x i64
  // CHECK: %[[THREE:.*]] = llvm.mlir.constant(3 : i64)
  // CHECK: llvm.store %[[THREE]], %{{.*}} : i64, !llvm.ptr
  // CHECK: llvm.store %{{.*}}, %{{.*}} : i64, !llvm.ptr
  // CHECK: llvm.store %[[THREE]], %{{.*}} : i64, !llvm.ptr
  // CHECK: llvm.call @rows(%{{.*}}, %[[SIZES]], %{{.*}}, %{{.*}})
  kernel.launch @rows ins(%x : memref<3x?xf32, #scalar.sizes<3, S>>) outs(%y : memref<3xf32>) {kernel.sizes = #scalar.sizes<3, S, 3>}
  kernel.return
}
}

// -----

// What a launch of sizes that a call says is worth in tasks is counted by the
// call: 40 µs for 4,096 elements, so 10,000 ns for each 1,024.
// CHECK-LABEL: llvm.func @tasks(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %[[B:.*]]: i64, %[[X:.*]]: !llvm.ptr, %[[Y:.*]]: !llvm.ptr) -> i32
module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 64, hint 4>]} {
  llvm.func @rows(!llvm.ptr, !llvm.ptr, i64, i64) -> i32 attributes {kernel.tasks = 4}
  kernel.program @tasks(
      %x: memref<?x1024xf32, #scalar.sizes<B, 1024>> {kernel.name = "x", kernel.role = "input"},
      %y: memref<?x1024xf32, #scalar.sizes<B, 1024>> {kernel.name = "y", kernel.role = "output"})
      attributes {kernel.symbols = [#scalar.symbol<B : 1 to 64, hint 4>]} {
    // CHECK: %[[EACH:.*]] = llvm.mlir.constant(10000 : i64)
    // CHECK: %[[TIMES:.*]] = llvm.mul %{{.*}}, %[[EACH]]
    // CHECK: %[[TIME:.*]] = llvm.sdiv %[[TIMES]], %{{.*}}
    // CHECK: %[[COUNT:.*]] = llvm.intr.smin
    // CHECK: %[[LITTLE:.*]] = llvm.icmp "slt" %[[TIME]], %{{.*}}
    // CHECK: %[[TASKS:.*]] = llvm.select %[[LITTLE]], %{{.*}}, %[[COUNT]]
    // CHECK: llvm.call @tensorc_rt_launch(%{{.*}}, %{{.*}}, %{{.*}}, %[[TASKS]])
    // CHECK-NOT: llvm.intr.smin
    // CHECK: llvm.call @tensorc_rt_launch(%{{.*}}, %{{.*}}, %{{.*}}, %[[TASKS]])
    kernel.launch @rows ins(%x : memref<?x1024xf32, #scalar.sizes<B, 1024>>) outs(%y : memref<?x1024xf32, #scalar.sizes<B, 1024>>) {kernel.nanoseconds = 40000 : i64}
    kernel.launch @rows ins(%x : memref<?x1024xf32, #scalar.sizes<B, 1024>>) outs(%y : memref<?x1024xf32, #scalar.sizes<B, 1024>>) {kernel.nanoseconds = 40000 : i64}
    // Never enough.
    // CHECK: llvm.call @rows(
    kernel.launch @rows ins(%x : memref<?x1024xf32, #scalar.sizes<B, 1024>>) outs(%y : memref<?x1024xf32, #scalar.sizes<B, 1024>>) {kernel.nanoseconds = 400 : i64}
    kernel.return
  }

// A size that nothing depends on is no argument: nobody asks for it.
// CHECK-LABEL: llvm.func @unsaid(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr) -> i32
// CHECK-NOT: llvm.icmp
// CHECK: llvm.return
kernel.program @unsaid(%y: memref<3xf32> {kernel.name = "y", kernel.role = "output"}) {
  kernel.return
}
kernel.program @unsaid.B2(%y: memref<3xf32> {kernel.name = "y", kernel.role = "output"})
    attributes {kernel.specializes = "unsaid", kernel.specialized_sizes = {B = 2 : i64}} {
  kernel.return
}
}
