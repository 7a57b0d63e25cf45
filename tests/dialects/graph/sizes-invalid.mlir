// RUN: tensorc-opt %s -split-input-file -verify-diagnostics

// expected-error @below {{`B` has a range that no size has, expected 0 <= min < max, a hint in between, and a divisor of all}}
module attributes {scalar.symbols = [#scalar.symbol<B : 4 to 4, hint 4>]} {}

// -----

// expected-error @below {{`B` has a range that no size has}}
module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 8, hint 4, divisor 2>]} {}

// -----

// expected-error @below {{`B` is declared as #scalar.symbol<B : 1 to 9, hint 4>, expected #scalar.symbol<B : 1 to 8, hint 4> as before}}
module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 8, hint 4>, #scalar.symbol<B : 1 to 9, hint 4>]} {}

// -----

// expected-error @below {{`B` is no symbol, expected one that the module lists in `scalar.symbols`}}
func.func @unknown(%x: tensor<?xf32, #scalar.sizes<B>>)

// -----

module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 8, hint 4>]} {
  // expected-error @below {{`B +` is no size}}
  func.func @text(%x: tensor<?xf32, #scalar.sizes<"B +">>)
}

// -----

module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 8, hint 4>]} {
  // expected-error @below {{sizes are numbers all}}
  func.func @numbers(%x: tensor<4xf32, #scalar.sizes<4>>)
}

// -----

module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 8, hint 4>]} {
  // expected-error @below {{the sizes #scalar.sizes<B, 4> aren't those of a type of 1 dimensions, `?` where they are no numbers}}
  func.func @rank(%x: tensor<?xf32, #scalar.sizes<B, 4>>)
}

// -----

module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 8, hint 4>]} {
  // expected-error @below {{aren't those of a type}}
  func.func @static(%x: tensor<?x5xf32, #scalar.sizes<B, 4>>)
}

// -----

// Nothing is assumed of symbols that isn't declared.
module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 8, hint 4>, #scalar.symbol<S : 1 to 8, hint 4>]} {
  func.func @sum(%x: tensor<?xf32, #scalar.sizes<B>>, %y: tensor<?xf32, #scalar.sizes<S>>) {
    // expected-error @+2 {{expected operands of the same type, received float32[B] and float32[S]}}
    // expected-error@+1 {{failed to infer returned types}}
    %0 = graph.add %x, %y : (tensor<?xf32, #scalar.sizes<B>>, tensor<?xf32, #scalar.sizes<S>>)
        -> tensor<?xf32, #scalar.sizes<B>>
    return
  }
}

// -----

module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 8, hint 4>]} {
  func.func @reshape(%x: tensor<?xf32, #scalar.sizes<B>>) {
    // expected-error @+2 {{expected a shape of B elements, as float32[B], received [2*(B / 2)]}}
    // expected-error@+1 {{failed to infer returned types}}
    %0 = graph.reshape %x {shape = #scalar.sizes<"B / 2 * 2">}
        : (tensor<?xf32, #scalar.sizes<B>>) -> tensor<?xf32, #scalar.sizes<"B / 2 * 2">>
    return
  }
}

// -----

module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 8, hint 4>]} {
  func.func @slice(%x: tensor<?xf32, #scalar.sizes<B>>) {
    // expected-error @+2 {{expected ranges inside float32[B], received starts [0] and ends [2]}}
    // expected-error@+1 {{failed to infer returned types}}
    %0 = graph.slice %x {starts = array<i64: 0>, ends = array<i64: 2>, steps = array<i64: 1>}
        : (tensor<?xf32, #scalar.sizes<B>>) -> tensor<2xf32>
    return
  }
}

// -----

module attributes {scalar.symbols = [#scalar.symbol<S : 0 to 8, hint 4>]} {
  func.func @maximum(%x: tensor<?xf32, #scalar.sizes<S>>) {
    // expected-error @+2 {{expected reduced dimensions that aren't empty, received float32[S]}}
    // expected-error@+1 {{failed to infer returned types}}
    %0 = graph.amax %x {dims = array<i64: 0>, keepdim = false}
        : (tensor<?xf32, #scalar.sizes<S>>) -> tensor<f32>
    return
  }
}
