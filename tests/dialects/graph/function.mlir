// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// What a traced function's arguments and results say of themselves.

// CHECK: func.func @step(%{{.*}}: tensor<4xf32> {graph.name = "x"}, %{{.*}}: tensor<4xf32> {graph.role = "parameter", graph.state = "w"}) -> (tensor<4xf32> {graph.name = "y"}, tensor<4xf32> {graph.state = "w"})
func.func @step(%x: tensor<4xf32> {graph.name = "x"},
                %w: tensor<4xf32> {graph.state = "w", graph.role = "parameter"})
    -> (tensor<4xf32> {graph.name = "y"}, tensor<4xf32> {graph.state = "w"}) {
  return %x, %w : tensor<4xf32>, tensor<4xf32>
}

// -----

// (C1)
// expected-error@+1 {{has `graph.state = 1 : i64`, expected a string for `graph.name`, `graph.state` or `graph.role`}}
func.func @state_is_a_number(%x: tensor<4xf32> {graph.state = 1 : i64}) {
  return
}

// -----

// (C1)
// expected-error@+1 {{has `graph.color = "red"`, expected a string for `graph.name`, `graph.state` or `graph.role`}}
func.func @unknown(%x: tensor<4xf32>) -> (tensor<4xf32> {graph.color = "red"}) {
  return %x : tensor<4xf32>
}

// -----

// (C2)
// expected-error@+1 {{has `graph.role` "weight", expected "parameter", "buffer" or "optimizer"}}
func.func @unknown_role(%x: tensor<4xf32> {graph.role = "weight"}) {
  return
}
