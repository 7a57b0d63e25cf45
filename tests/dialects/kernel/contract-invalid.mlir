// RUN: tensorc-opt %s -split-input-file -verify-diagnostics

kernel.func @too_few_maps(%a: memref<4x5xf32>, %b: memref<5x6xf32>, %y: memref<4x6xf32>) {
  // (C1)
  // expected-error@+1 {{'kernel.contract' op has 2 indexing maps for 3 operands}}
  kernel.contract ins(%a, %b : memref<4x5xf32>, memref<5x6xf32>) outs(%y : memref<4x6xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>]} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  kernel.return
}

// -----

kernel.func @modulo(%a: memref<4x5xf32>, %b: memref<5x6xf32>, %y: memref<4x6xf32>) {
  // (C2)
  // expected-error@+1 {{'kernel.contract' op indexing map #0 is affine_map<(d0, d1, d2) -> (d0, d2 mod 5)>, expected results that are linear in the dimensions}}
  kernel.contract ins(%a, %b : memref<4x5xf32>, memref<5x6xf32>) outs(%y : memref<4x6xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2 mod 5)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>]} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  kernel.return
}

// -----

kernel.func @sizes_differ(%a: memref<4x5xf32>, %b: memref<7x6xf32>, %y: memref<4x6xf32>) {
  // (C3)
  // expected-error@+1 {{'kernel.contract' op dimension d2 has size 5 and size 7}}
  kernel.contract ins(%a, %b : memref<4x5xf32>, memref<7x6xf32>) outs(%y : memref<4x6xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>]} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  kernel.return
}

// -----

kernel.func @extra_uses_a_summed_dimension(%a: memref<4x5xf32>, %b: memref<5x6xf32>, %y: memref<4x6xf32>, %e: memref<5xf32>) {
  // (C4)
  // expected-error@+1 {{'kernel.contract' op extra #0 has the map affine_map<(d0, d1, d2) -> (d2)>, which uses a summed dimension}}
  kernel.contract ins(%a, %b : memref<4x5xf32>, memref<5x6xf32>) extras(%e : memref<5xf32>) outs(%y : memref<4x6xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d2)>, affine_map<(d0, d1, d2) -> (d0, d1)>]} {
  ^bb0(%acc: f32, %extra: f32):
    kernel.yield %acc : f32
  }
  kernel.return
}

// -----

kernel.func @one_output_misses_a_dimension(%a: memref<4x5xf32>, %b: memref<5x6xf32>, %y: memref<4x6xf32>, %z: memref<4xf32>) {
  // (C4)
  // expected-error@+1 {{'kernel.contract' op output #1 has the map affine_map<(d0, d1, d2) -> (d0)>, which writes an element twice}}
  kernel.contract ins(%a, %b : memref<4x5xf32>, memref<5x6xf32>) outs(%y, %z : memref<4x6xf32>, memref<4xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>, affine_map<(d0, d1, d2) -> (d0)>]} {
  ^bb0(%acc: f32):
    kernel.yield %acc, %acc : f32, f32
  }
  kernel.return
}

// -----

kernel.func @over_the_end(%a: memref<4x5xf32>, %b: memref<5x6xf32>, %y: memref<4x6xf32>) {
  // (C6)
  // expected-error@+1 {{'kernel.contract' op indexing map #0 reaches from 1 to 4 in an axis of size 4}}
  kernel.contract ins(%a, %b : memref<4x5xf32>, memref<5x6xf32>) outs(%y : memref<4x6xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1, d2) -> (d0 + 1, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>]} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  kernel.return
}

// -----

kernel.func @block_arguments(%a: memref<4x5xf32>, %b: memref<5x6xf32>, %y: memref<4x6xf32>, %e: memref<6xf32>) {
  // (C7)
  // expected-error@+1 {{'kernel.contract' op has block arguments of types ('f32'), expected ('f32', 'f32')}}
  kernel.contract ins(%a, %b : memref<4x5xf32>, memref<5x6xf32>) extras(%e : memref<6xf32>) outs(%y : memref<4x6xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>]} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  kernel.return
}

// -----

kernel.func @yielded_types(%a: memref<4x5xf32>, %b: memref<5x6xf32>, %y: memref<4x6xf32>) {
  // (C7)
  // expected-error@+1 {{'kernel.contract' op yields values of types ('f64'), expected ('f32')}}
  kernel.contract ins(%a, %b : memref<4x5xf32>, memref<5x6xf32>) outs(%y : memref<4x6xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>]} {
  ^bb0(%acc: f64):
    kernel.yield %acc : f64
  }
  kernel.return
}

// -----

kernel.func @no_accumulator(%a: memref<4x5xf32>, %b: memref<5x6xf32>, %y: memref<4x6xf32>) {
  // (C7)
  // expected-error@+1 {{'kernel.contract' op has no block argument for the accumulator}}
  kernel.contract ins(%a, %b : memref<4x5xf32>, memref<5x6xf32>) outs(%y : memref<4x6xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>]} {
    %z = arith.constant 0.0 : f32
    kernel.yield %z : f32
  }
  kernel.return
}

// -----

kernel.func @no_such_dimension(%a: memref<4x5xf32>, %b: memref<5x6xf32>, %y: memref<4x6xf32>) {
  // (C8)
  kernel.contract ins(%a, %b : memref<4x5xf32>, memref<5x6xf32>) outs(%y : memref<4x6xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>]} {
  ^bb0(%acc: f32):
    // expected-error@+1 {{'kernel.index' op asks for dimension 3 of 3}}
    %i = kernel.index 3
    kernel.yield %acc : f32
  }
  kernel.return
}
