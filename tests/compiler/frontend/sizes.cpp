// Sizes that only a call says, in models: what is traced, differentiated and
// decomposed keeps them.

// RUN: tensorc %s --emit=graph -o - | FileCheck %s
// RUN: tensorc %s --emit=backward -o - | FileCheck %s --check-prefix=BACKWARD
// RUN: tensorc %s --emit=legalized --function=losses -o - | FileCheck %s --check-prefix=LEGAL
// RUN: tensorc %s --emit=graph -o %t.mlir && tensorc-opt %t.mlir -o /dev/null

#include "tensorc/tensorc.h"

using namespace tensorc;
namespace F = tensorc::nn::functional;

// Those that functions name, in the order in which they are met.
// CHECK: scalar.symbols = [#scalar.symbol<B : 1 to 256, hint 64>, #scalar.symbol<S : 8 to 512, hint 512, divisor 8>, #scalar.symbol<N : 0 to 9, hint 9>]
TENSORC_MODEL(model) {
  SymInt B = dynamic("B", 1, 256, {.hint = 64});
  SymInt S = dynamic("S", 1, 512, {.divisor = 8});
  (void)dynamic("unused", 1, 2);
  Tensor weight = zeros({6});
  weight.requires_grad_();
  model.state("weight", weight, StateRole::Parameter);

  // CHECK-LABEL: func.func @made(
  // CHECK-SAME: %[[X:.*]]: tensor<?x6xf32, #scalar.sizes<B, 6>> {graph.name = "x"}
  // CHECK-SAME: -> (tensor<?x6xf32, #scalar.sizes<B, 6>> {graph.name = "sum"},
  model.function("made", {{"x", empty({B, 6})}}, [=](const TensorList &in) {
    SymInt rows = in[0].size(0);
    // CHECK: graph.full {{.*}}shape = #scalar.sizes<B, 6>
    // CHECK: graph.iota {{.*}}dtype = f32, shape = #scalar.sizes<B>
    Tensor sum = in[0] + ones({rows, 6});
    Tensor places = arange(rows, kFloat32);
    // A size counts as a number does, wherever one may stand.
    // CHECK: %[[SIZE:.*]] = graph.size_value {size = #scalar.sizes<B>} : () -> tensor<i64>
    // CHECK: %[[FLOAT:.*]] = graph.to %[[SIZE]] {dtype = f32} : (tensor<i64>) -> tensor<f32>
    // CHECK: graph.div {{.*}}, %[[FLOAT]]
    Tensor mean = in[0].sum() / rows;
    // CHECK: graph.size_value {size = #scalar.sizes<"B*S + 1">}
    // CHECK: graph.to {{.*}} -> tensor<i32>
    Tensor whole = in[0].sum().to(kInt32) * (rows * S + 1);
    // As a number beside halves, it isn't rounded to their type.
    // CHECK: graph.div {{.*}} : (tensor<f32>, tensor<f32>) -> tensor<f32>
    // CHECK: graph.to {{.*}} : (tensor<f32>) -> tensor<f16>
    Tensor half = in[0].to(kFloat16).sum() / rows;
    return Outputs{{"sum", sum},     {"places", places}, {"mean", mean},
                   {"whole", whole}, {"half", half}};
  });

  // CHECK-LABEL: func.func @moved(
  // CHECK-SAME: tensor<?x?x6xf32, #scalar.sizes<B, S, 6>>
  // CHECK-SAME: tensor<?x?xf32, #scalar.sizes<N, S>>
  model.function(
      "moved",
      {{"x", zeros({B, S, 6})}, {"n", zeros({dynamic("N", 0, 9), S})}},
      [=](const TensorList &in) {
        // CHECK: graph.reshape {{.*}} -> tensor<?x12xf32, #scalar.sizes<"4*B*(S / 8)", 12>>
        Tensor pairs = in[0].view({-1, 12});
        // CHECK: graph.slice {{.*}} -> tensor<?x?x6xf32, #scalar.sizes<B, "S - 1", 6>>
        Tensor rest = in[0].slice(1, 1);
        // CHECK: graph.slice {{.*}} -> tensor<?x1x6xf32, #scalar.sizes<B, 1, 6>>
        Tensor last = in[0].select(1, in[0].size(1) - 1);
        // CHECK: graph.cat {{.*}} -> tensor<?x?xf32, #scalar.sizes<"B + N", S>>
        Tensor both = cat({in[0].select(2, 0), in[1]}, 0);
        // CHECK: graph.matmul {{.*}} -> tensor<?x?x?xf32, #scalar.sizes<B, S, S>>
        Tensor products = matmul(in[0], in[0].transpose(1, 2));
        return Outputs{{"pairs", pairs},
                       {"rest", rest},
                       {"last", last},
                       {"both", both},
                       {"products", products}};
      });

  // What shares memory in eager mode does, whatever the sizes are, and nothing
  // else.
  // CHECK-LABEL: func.func @views(
  // CHECK-SAME: %[[X:.*]]: tensor<?x6xf32
  model.function("views", {{"x", zeros({B, 6})}}, [=](const TensorList &in) {
    Tensor x = in[0];
    // CHECK: %[[FLAT:.*]] = graph.reshape %[[X]] {shape = #scalar.sizes<"6*B">}
    // CHECK: %[[SUM:.*]] = graph.add %[[FLAT]],
    // CHECK: %[[BASE:.*]] = graph.reshape %[[SUM]] {shape = #scalar.sizes<B, 6>}
    x.view({-1}).add_(1);
    // CHECK: %[[TURNED:.*]] = graph.permute %[[BASE]]
    // CHECK: %[[COPY:.*]] = graph.reshape %[[TURNED]] {shape = #scalar.sizes<"6*B">}
    Tensor copy = x.t().reshape({-1});
    copy.mul_(2);
    Tensor dense = x.t().contiguous();
    dense.mul_(3);
    Tensor same = x.contiguous();
    // A place that a symbol says is written to as others are.
    // CHECK: %[[MASK:.*]] = graph.pad {{.*}}low = #scalar.sizes<"B - 1", 0>{{.*}} -> tensor<?x6xi1
    // CHECK: %[[LAST:.*]] = graph.pad {{.*}}low = #scalar.sizes<"B - 1", 0>{{.*}} -> tensor<?x6xf32
    // CHECK: %[[WRITTEN:.*]] = graph.where %[[MASK]], %[[LAST]],
    Tensor written = x + 1;
    written.select(0, x.size(0) - 1).mul_(2);
    // CHECK: return %[[BASE]], %[[BASE]], %[[WRITTEN]]
    return Outputs{{"changed", x}, {"same", same}, {"written", written}};
  });

  // Means and what is made of them, by a size that a call says.
  // LEGAL-LABEL: func.func @losses(
  // LEGAL: graph.size_value {size = #scalar.sizes<B>}
  // LEGAL: graph.size_value {size = #scalar.sizes<"6*B">}
  // LEGAL-NOT: graph.mean
  // BACKWARD-LABEL: func.func @losses(
  // BACKWARD: graph.mse_loss
  // BACKWARD: graph.size_value {size = #scalar.sizes<"6*B">}
  // BACKWARD-NOT: graph.gradients
  // BACKWARD: return
  model.function("losses", {{"x", zeros({B, 6})}}, [=](const TensorList &in) {
    // Statistics of a batch, as layers make them of primitives.
    Tensor mean = in[0].mean({0}), off = in[0] - mean;
    Tensor variance = (off * off).mean({0});
    Tensor normal = off / (variance + 1e-5).sqrt() * weight;
    Tensor loss = F::mse_loss(normal, in[0]) + normal.square().mean();
    loss.backward();
    return Outputs{{"loss", loss}, {"gradient", weight.grad()}};
  });
}
