// RUN: tensorc %s --emit=graph | FileCheck %s
// Eager mode, which needs no such tricks, agrees.
// RUN: tensorc verify %s

// Tensors that share elements, made functional.

#include "tensorc/tensorc.h"

using namespace tensorc;

TENSORC_MODEL(model) {
  // Writing to a view writes to what it is a view of.
  // CHECK-LABEL: func.func @write_slice(
  // CHECK-SAME: %[[X:.*]]: tensor<4x3xf32>
  // CHECK: %[[Y:.*]] = graph.add %[[X]]
  // CHECK: %[[ROW:.*]] = graph.slice %[[Y]] {ends = array<i64: 2, 3>, starts = array<i64: 1, 0>
  // CHECK: %[[NEW:.*]] = graph.mul
  // CHECK: %[[SPREAD:.*]] = graph.pad %{{.*}} {high = array<i64: 2, 0>, interior = array<i64: 0, 0>, low = array<i64: 1, 0>
  // CHECK: %[[RESULT:.*]] = graph.where %{{.*}}, %{{.*}}, %[[Y]]
  // CHECK: return %[[RESULT]]
  model.function("write_slice", {{"x", zeros({4, 3})}},
                 [](const TensorList &in) {
                   Tensor y = in[0] + 1;
                   Tensor row = y[1];
                   row.mul_(2);
                   return Outputs{{"y", y}};
                 });

  // A view shows what is written to its base.
  // CHECK-LABEL: func.func @write_base(
  // CHECK: graph.reshape
  // CHECK: %[[NEW:.*]] = graph.mul
  // CHECK: %[[FLAT:.*]] = graph.reshape %[[NEW]]
  // CHECK: return %[[FLAT]]
  model.function("write_base", {{"x", zeros({4, 3})}},
                 [](const TensorList &in) {
                   Tensor y = in[0] + 1;
                   Tensor flat = y.view({12});
                   y.mul_(2);
                   return Outputs{{"flat", flat}};
                 });

  // A chain of views, long after: each is made again, in order.
  // CHECK-LABEL: func.func @chain(
  // CHECK: %[[NEW:.*]] = graph.mul
  // CHECK: %[[A:.*]] = graph.reshape %[[NEW]] {shape = array<i64: 12>}
  // CHECK: %[[B:.*]] = graph.reshape %[[A]] {shape = array<i64: 2, 6>}
  // CHECK: %[[C:.*]] = graph.permute %[[B]]
  // CHECK: return %[[C]]
  model.function("chain", {{"x", zeros({4, 3})}}, [](const TensorList &in) {
    Tensor y = in[0] + 1;
    Tensor last = y.view({12}).view({2, 6}).t();
    TensorList others;
    for (int i = 0; i < 100; ++i)
      others.push_back(in[0].view({12}));
    y.mul_(2);
    return Outputs{{"last", last}};
  });

  // Two views of one tensor see each other's writes, through a permutation and
  // a shape; steps leave the elements between as they were.
  // CHECK-LABEL: func.func @siblings(
  // CHECK: graph.pad %{{.*}} {high = array<i64: 0, 0>, interior = array<i64: 0, 1>, low = array<i64: 0, 1>
  // CHECK: %[[FLAT:.*]] = graph.where
  // CHECK: %[[BASE:.*]] = graph.reshape %[[FLAT]] {shape = array<i64: 4, 3>}
  // CHECK: %[[SIBLING:.*]] = graph.slice %[[BASE]]
  // CHECK: graph.reshape %[[SIBLING]]
  model.function("siblings", {{"x", zeros({4, 3})}},
                 [](const TensorList &in) {
                   Tensor y = in[0] + 1;
                   Tensor row = y[0];
                   Tensor odd = y.view({3, 4}).t().slice(0, 1, {}, 2);
                   odd.zero_();
                   return Outputs{{"row", row}};
                 });

  // What has memory of its own in eager mode has it here, whatever it is called
  // and wherever that depends on how the operand lies.
  // CHECK-LABEL: func.func @copies(
  // CHECK: %[[Y:.*]] = graph.add
  // CHECK: %[[OLD:.*]] = graph.clone %[[Y]]
  // CHECK: %[[FLAT:.*]] = graph.reshape
  // CHECK: %[[DENSE:.*]] = graph.clone
  // CHECK: return %[[OLD]], %[[FLAT]], %[[DENSE]]
  model.function("copies", {{"x", zeros({4, 3})}}, [](const TensorList &in) {
    Tensor y = in[0] + 1;
    Tensor old = y.clone();
    Tensor flat = y.t().reshape({12});
    Tensor dense = y.t().contiguous();
    y.add_(1);
    return Outputs{{"old", old}, {"flat", flat}, {"dense", dense}};
  });

  // What is written to a view of views goes to its place at once.
  // CHECK-LABEL: func.func @nested(
  // CHECK: %[[Y:.*]] = graph.add
  // CHECK: %[[NEW:.*]] = graph.mul
  // CHECK: %[[PART:.*]] = graph.permute %[[NEW]] {dims = array<i64: 1, 0>}
  // CHECK: graph.pad %[[PART]] {high = array<i64: 1, 0>, interior = array<i64: 0, 1>, low = array<i64: 1, 0>
  // CHECK: %[[RESULT:.*]] = graph.where %{{.*}}, %{{.*}}, %[[Y]]
  // CHECK-NOT: graph.where
  // CHECK: return %[[RESULT]]
  model.function("nested", {{"x", zeros({4, 3})}}, [](const TensorList &in) {
    Tensor y = in[0] + 1;
    Tensor part = y.slice(0, 1).t().slice(0, 0, {}, 2).slice(1, 0, 2);
    part.mul_(2);
    return Outputs{{"y", y}};
  });

  // One row, or element, of what was expanded is one of what it was made of.
  // CHECK-LABEL: func.func @expanded(
  // CHECK: %[[Y:.*]] = graph.add
  // CHECK: graph.pad %{{.*}} {high = array<i64: 3, 0>
  // CHECK: graph.where %{{.*}}, %{{.*}}, %[[Y]]
  // CHECK: graph.pad %{{.*}} {high = array<i64: 0, 2>
  // CHECK: graph.where
  model.function("expanded", {{"x", zeros({4, 3})}}, [](const TensorList &in) {
    Tensor y = in[0] + 1;
    Tensor rows = y.slice(0, 0, 1).expand({5, 3});
    rows[2].mul_(2);
    Tensor same = y.slice(0, 3).slice(1, 0, 1).expand({2, 4}).view({8});
    same[5].zero_();
    return Outputs{{"y", y}, {"rows", rows + 0}};
  });
}
