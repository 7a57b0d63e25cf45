// RUN: tensorc-opt %s --pass-pipeline='builtin.module(func.func(tensorc-vector-math))' | FileCheck %s

// CHECK-LABEL: func.func @polynomials
// CHECK-NOT: math.{{exp|tanh|sin|log|erf}}
// CHECK: math.fma {{.*}} : vector<16xf32>
// CHECK-NOT: math.{{exp|tanh|sin|log|erf}}
// CHECK: return
func.func @polynomials(%x: vector<16xf32>) -> vector<16xf32> {
  %0 = math.exp %x : vector<16xf32>
  %1 = math.tanh %0 : vector<16xf32>
  %2 = math.sin %1 : vector<16xf32>
  %3 = math.log %2 : vector<16xf32>
  %4 = math.erf %3 : vector<16xf32>
  return %4 : vector<16xf32>
}

// f64 goes to libm.
// CHECK-LABEL: func.func @double
// CHECK: math.exp
// CHECK: math.sin
func.func @double(%x: vector<8xf64>) -> vector<8xf64> {
  %0 = math.exp %x : vector<8xf64>
  %1 = math.sin %0 : vector<8xf64>
  return %1 : vector<8xf64>
}

// bf16 has no conversion of its own before AVX512-BF16.
// CHECK-LABEL: func.func @bfloat
// CHECK-NOT: arith.truncf
// CHECK: arith.shrui
// CHECK: return
func.func @bfloat(%x: vector<16xf32>) -> vector<16xbf16> {
  %0 = arith.truncf %x : vector<16xf32> to vector<16xbf16>
  return %0 : vector<16xbf16>
}
