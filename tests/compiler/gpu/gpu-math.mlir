// RUN: tensorc-opt %s --pass-pipeline='builtin.module(gpu.module(tensorc-gpu-math))' | FileCheck %s
// RUN: tensorc-opt %s --tensorc-to-nvvm --tensorc-emit-ptx | FileCheck %s --check-prefix=PTX

// Functions of f64 are the library's, declared once and called for each element.
// CHECK-LABEL: gpu.module @exp
// CHECK-COUNT-1: llvm.func @_Z3expd(f64) -> f64
// CHECK: gpu.func @exp
// CHECK: %[[X:.*]] = memref.load
// CHECK: %[[Y:.*]] = llvm.call @_Z3expd(%[[X]])
// CHECK: llvm.call @_Z3expd(%[[Y]])
// PTX-LABEL: gpu.binary @exp
// PTX-NOT: .func
// PTX: .global .align 8 .b8 exp_TWO_TO_JBY64_EP_HEAD[512]
// PTX: .entry exp(
// PTX-NOT: call
gpu.module @exp {
  gpu.func @exp(%a: memref<?xf64, #gpu.address_space<global>>) kernel {
    %i = gpu.thread_id x
    %x = memref.load %a[%i] : memref<?xf64, #gpu.address_space<global>>
    %y = math.exp %x : f64
    %z = math.exp %y : f64
    memref.store %z, %a[%i] : memref<?xf64, #gpu.address_space<global>>
    gpu.return
  }
}

// The library's sine of -0 is +0.
// CHECK-LABEL: gpu.func @sine
// CHECK: %[[X:.*]] = memref.load
// CHECK: %[[SINE:.*]] = llvm.call @_Z3sind(%[[X]])
// CHECK: %[[ZERO:.*]] = arith.cmpf oeq, %[[X]],
// CHECK: %[[Y:.*]] = arith.select %[[ZERO]], %[[X]], %[[SINE]]
// CHECK: memref.store %[[Y]]
gpu.module @sine {
  gpu.func @sine(%a: memref<?xf64, #gpu.address_space<global>>) kernel {
    %i = gpu.thread_id x
    %x = memref.load %a[%i] : memref<?xf64, #gpu.address_space<global>>
    %y = math.sin %x : f64
    memref.store %y, %a[%i] : memref<?xf64, #gpu.address_space<global>>
    gpu.return
  }
}

// Exponents that are too great for the library's power are made smaller.
// CHECK-LABEL: gpu.func @power
// CHECK: %[[LESS:.*]] = arith.minimumf %{{.*}}, %{{.*}} : f64
// CHECK: %[[MORE:.*]] = arith.maximumf %[[LESS]], %{{.*}} : f64
// CHECK: llvm.call @_Z3powdd(%{{.*}}, %[[MORE]])
gpu.module @power {
  gpu.func @power(%a: memref<?xf64, #gpu.address_space<global>>) kernel {
    %i = gpu.thread_id x
    %x = memref.load %a[%i] : memref<?xf64, #gpu.address_space<global>>
    %y = math.powf %x, %x : f64
    memref.store %y, %a[%i] : memref<?xf64, #gpu.address_space<global>>
    gpu.return
  }
}

// Functions of f32 stay arithmetic.
// CHECK-LABEL: gpu.module @single
// CHECK-NOT: llvm.func
// CHECK-NOT: math.exp
gpu.module @single {
  gpu.func @single(%a: memref<?xf32, #gpu.address_space<global>>) kernel {
    %i = gpu.thread_id x
    %x = memref.load %a[%i] : memref<?xf32, #gpu.address_space<global>>
    %y = math.exp %x : f32
    memref.store %y, %a[%i] : memref<?xf32, #gpu.address_space<global>>
    gpu.return
  }
}
