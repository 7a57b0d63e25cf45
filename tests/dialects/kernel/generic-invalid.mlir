// RUN: tensorc-opt %s -split-input-file -verify-diagnostics

kernel.func @too_few_maps(%x: memref<4x8xf32>, %y: memref<4x8xf32>) {
  // (C1)
  // expected-error@+1 {{'kernel.generic' op has 1 indexing maps for 2 operands}}
  kernel.generic ins(%x : memref<4x8xf32>) outs(%y : memref<4x8xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}

// -----

kernel.func @results_and_rank_differ(%x: memref<4x8xf32>, %y: memref<4x8xf32>) {
  // (C1)
  // expected-error@+1 {{'kernel.generic' op indexing map #0 is affine_map<(d0, d1) -> (d0)>, expected 2 dimensions, no symbols, and 2 results}}
  kernel.generic ins(%x : memref<4x8xf32>) outs(%y : memref<4x8xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}

// -----

kernel.func @dimensions_differ(%x: memref<4xf32>, %y: memref<4x8xf32>) {
  // (C1)
  // expected-error@+1 {{'kernel.generic' op indexing map #1 is affine_map<(d0, d1) -> (d0, d1)>, expected 1 dimensions, no symbols, and 2 results}}
  kernel.generic ins(%x : memref<4xf32>) outs(%y : memref<4x8xf32>)
      attributes {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}

// -----

kernel.func @symbol(%x: memref<4xf32>, %y: memref<4xf32>) {
  // (C1)
  // expected-error@+1 {{'kernel.generic' op indexing map #0 is affine_map<(d0)[s0] -> (d0 + s0)>, expected 1 dimensions, no symbols, and 1 results}}
  kernel.generic ins(%x : memref<4xf32>) outs(%y : memref<4xf32>)
      attributes {indexing_maps = [affine_map<(d0)[s0] -> (d0 + s0)>, affine_map<(d0) -> (d0)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}

// -----

kernel.func @modulo(%x: memref<4xf32>, %y: memref<8xf32>) {
  // (C2)
  // expected-error@+1 {{'kernel.generic' op indexing map #0 is affine_map<(d0) -> (d0 mod 4)>, expected results that are linear in the dimensions}}
  kernel.generic ins(%x : memref<4xf32>) outs(%y : memref<8xf32>)
      attributes {indexing_maps = [affine_map<(d0) -> (d0 mod 4)>, affine_map<(d0) -> (d0)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}

// -----

kernel.func @division(%x: memref<4xf32>, %y: memref<8xf32>) {
  // (C2)
  // expected-error@+1 {{'kernel.generic' op indexing map #0 is affine_map<(d0) -> (d0 floordiv 2)>, expected results that are linear in the dimensions}}
  kernel.generic ins(%x : memref<4xf32>) outs(%y : memref<8xf32>)
      attributes {indexing_maps = [affine_map<(d0) -> (d0 floordiv 2)>, affine_map<(d0) -> (d0)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}

// -----

kernel.func @no_size(%x: memref<10xf32>, %y: memref<8xf32>) {
  // (C3)
  // expected-error@+1 {{'kernel.generic' op dimension d1 has no size: no map has it as a result of its own, nor do `dim_sizes`}}
  kernel.generic ins(%x : memref<10xf32>) outs(%y : memref<8xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d0 + d1)>, affine_map<(d0, d1) -> (d0)>], reduction_dims = array<i64: 1>} {
  ^bb0(%in: f32):
    %s = kernel.reduce add %in : f32
    kernel.yield %s : f32
  }
  kernel.return
}

// -----

kernel.func @sizes_differ(%x: memref<4x8xf32>, %y: memref<8x4xf32>) {
  // (C3)
  // expected-error@+1 {{'kernel.generic' op dimension d0 has size 4 and size 8}}
  kernel.generic ins(%x : memref<4x8xf32>) outs(%y : memref<8x4xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}

// -----

kernel.func @dim_size_too_large(%x: memref<4x8xf32>, %y: memref<4x8xf32>) {
  // `dim_sizes` wins over what the maps show; (C6) looks after the rest.
  // expected-error@+1 {{'kernel.generic' op indexing map #0 reaches from 0 to 8 in an axis of size 8}}
  kernel.generic ins(%x : memref<4x8xf32>) outs(%y : memref<4x8xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], reduction_dims = array<i64>, dim_sizes = array<i64: -1, 9>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}

// -----

kernel.func @too_few_dim_sizes(%x: memref<4x8xf32>, %y: memref<4x8xf32>) {
  // (C3)
  // expected-error@+1 {{'kernel.generic' op has 1 `dim_sizes` for 2 dimensions}}
  kernel.generic ins(%x : memref<4x8xf32>) outs(%y : memref<4x8xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], reduction_dims = array<i64>, dim_sizes = array<i64: 4>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}

// -----

kernel.func @element_for_a_row(%x: memref<4x8xf32>, %y: memref<4xf32>) {
  // (C4)
  // expected-error@+1 {{'kernel.generic' op output #0 has one element for each row, but the value yielded for it differs within a row (`kernel.reduce` makes a row value)}}
  kernel.generic ins(%x : memref<4x8xf32>) outs(%y : memref<4xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], reduction_dims = array<i64: 1>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}

// -----

kernel.func @sum_of_row_and_element(%x: memref<4x8xf32>, %y: memref<4xf32>) {
  // (C4)
  // expected-error@+1 {{'kernel.generic' op output #0 has one element for each row, but the value yielded for it differs within a row (`kernel.reduce` makes a row value)}}
  kernel.generic ins(%x : memref<4x8xf32>) outs(%y : memref<4xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], reduction_dims = array<i64: 1>} {
  ^bb0(%in: f32):
    %s = kernel.reduce add %in : f32
    %t = arith.addf %s, %in : f32
    kernel.yield %t : f32
  }
  kernel.return
}

// -----

kernel.func @index_in_a_row(%x: memref<4x8xf32>, %y: memref<4xi64>) {
  // (C4)
  // expected-error@+1 {{'kernel.generic' op output #0 has one element for each row, but the value yielded for it differs within a row (`kernel.reduce` makes a row value)}}
  kernel.generic ins(%x : memref<4x8xf32>) outs(%y : memref<4xi64>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], reduction_dims = array<i64: 1>} {
  ^bb0(%in: f32):
    %i = kernel.index 1
    %c = arith.index_cast %i : index to i64
    kernel.yield %c : i64
  }
  kernel.return
}

// -----

kernel.func @dimension_missing(%x: memref<4x8xf32>, %y: memref<4xf32>) {
  // (C5)
  // expected-error@+1 {{'kernel.generic' op output #0 has the map affine_map<(d0, d1) -> (d0)>, which writes an element twice}}
  kernel.generic ins(%x : memref<4x8xf32>) outs(%y : memref<4xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}

// -----

kernel.func @overlap(%x: memref<6x3xf32>, %y: memref<8xf32>) {
  // (C5)
  // expected-error@+1 {{'kernel.generic' op output #0 has the map affine_map<(d0, d1) -> (d0 + d1)>, which writes an element twice}}
  kernel.generic ins(%x : memref<6x3xf32>) outs(%y : memref<8xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0 + d1)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}

// -----

kernel.func @over_the_end(%x: memref<9xf32>, %y: memref<8xf32>) {
  // (C6)
  // expected-error@+1 {{'kernel.generic' op indexing map #0 reaches from 2 to 9 in an axis of size 9}}
  kernel.generic ins(%x : memref<9xf32>) outs(%y : memref<8xf32>)
      attributes {indexing_maps = [affine_map<(d0) -> (d0 + 2)>, affine_map<(d0) -> (d0)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}

// -----

kernel.func @before_the_start(%x: memref<9xf32>, %y: memref<8xf32>) {
  // (C6)
  // expected-error@+1 {{'kernel.generic' op indexing map #0 reaches from -1 to 6 in an axis of size 9}}
  kernel.generic ins(%x : memref<9xf32>) outs(%y : memref<8xf32>)
      attributes {indexing_maps = [affine_map<(d0) -> (6 - d0)>, affine_map<(d0) -> (d0)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}

// -----

kernel.func @block_arguments(%x: memref<4x8xf32>, %y: memref<4x8xf32>) {
  // (C7)
  // expected-error@+1 {{'kernel.generic' op has block arguments of types ('f64'), expected ('f32')}}
  kernel.generic ins(%x : memref<4x8xf32>) outs(%y : memref<4x8xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], reduction_dims = array<i64>} {
  ^bb0(%in: f64):
    kernel.yield %in : f64
  }
  kernel.return
}

// -----

kernel.func @yielded_types(%x: memref<4x8xf32>, %y: memref<4x8xf32>) {
  // (C7)
  // expected-error@+1 {{'kernel.generic' op yields values of types ('f32', 'f32'), expected ('f32')}}
  kernel.generic ins(%x : memref<4x8xf32>) outs(%y : memref<4x8xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    kernel.yield %in, %in : f32, f32
  }
  kernel.return
}

// -----

kernel.func @no_such_dimension(%x: memref<4x8xf32>, %y: memref<4x8xf32>) {
  // (C8)
  kernel.generic ins(%x : memref<4x8xf32>) outs(%y : memref<4x8xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    // expected-error@+1 {{'kernel.index' op asks for dimension 2 of 2}}
    %i = kernel.index 2
    kernel.yield %in : f32
  }
  kernel.return
}

// -----

kernel.func @reduction_dims_fall(%x: memref<4x8xf32>, %y: memref<4x8xf32>) {
  // (C9)
  // expected-error@+1 {{'kernel.generic' op has `reduction_dims` [1, 0], expected rising numbers below 2}}
  kernel.generic ins(%x : memref<4x8xf32>) outs(%y : memref<4x8xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], reduction_dims = array<i64: 1, 0>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}

// -----

kernel.func @yields_nothing(%x: memref<4xf32>, %y: memref<4xf32>) {
  // (C7)
  // expected-error@+1 {{'kernel.generic' op has a body that doesn't end in `kernel.yield`}}
  kernel.generic ins(%x : memref<4xf32>) outs(%y : memref<4xf32>)
      attributes {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    kernel.return
  }
  kernel.return
}

// -----

kernel.func @reduces_elsewhere() {
  %zero = arith.constant 0.0 : f32
  // expected-error@+1 {{'kernel.reduce' op expects parent op 'kernel.generic'}}
  %0 = kernel.reduce add %zero : f32
  kernel.return
}

// -----

kernel.func @combines_bytes_as_signed(%x: memref<4xui8>, %y: memref<ui8>) {
  kernel.generic ins(%x : memref<4xui8>) outs(%y : memref<ui8>)
      attributes {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> ()>], reduction_dims = array<i64: 0>} {
  ^bb0(%in: ui8):
    // (C1) of `kernel.reduce`
    // expected-error@+1 {{'kernel.reduce' op combines values of type 'ui8' by `maximum`, which is for other types}}
    %s = kernel.reduce maximum %in : ui8
    kernel.yield %s : ui8
  }
  kernel.return
}

// -----

kernel.func @combines_numbers_as_unsigned(%x: memref<4xi8>, %y: memref<i8>) {
  kernel.generic ins(%x : memref<4xi8>) outs(%y : memref<i8>)
      attributes {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> ()>], reduction_dims = array<i64: 0>} {
  ^bb0(%in: i8):
    // expected-error@+1 {{'kernel.reduce' op combines values of type 'i8' by `uminimum`, which is for ui8}}
    %s = kernel.reduce uminimum %in : i8
    kernel.yield %s : i8
  }
  kernel.return
}

// -----

kernel.func @told_too_little(%x: memref<?xf32>, %y: memref<?xf32>) {
  // (C10)
  // expected-error@+1 {{'kernel.generic' op has 0 `sizes` for 1 dimensions of `dim_sizes` that have no number}}
  kernel.generic ins(%x : memref<?xf32>) outs(%y : memref<?xf32>)
      attributes {dim_sizes = array<i64: -9223372036854775808>, indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}

// -----

kernel.func @told_nothing(%x: memref<?xf32>, %y: memref<?xf32>) {
  kernel.generic ins(%x : memref<?xf32>) outs(%x : memref<?xf32>)
      attributes {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    // (C1) of `kernel.argument`
    // expected-error@+1 {{'kernel.argument' op asks for argument #0 of the kernel, which is no size}}
    %n = kernel.argument 0
    kernel.yield %in : f32
  }
  kernel.return
}
