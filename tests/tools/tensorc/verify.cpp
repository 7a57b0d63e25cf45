// Compiled code against eager mode, and gradients against finite differences.

// RUN: tensorc verify %s | FileCheck %s
// CHECK: step: compiled against eager
// CHECK-NEXT: ok {{ *[0-9].*}} loss
// CHECK-NEXT: ok {{ *[0-9].*}} weight
// CHECK-NEXT: ok {{ *[0-9].*}} steps
// Whole numbers and truth values are drawn, unless the model refuses them.
// CHECK: whole: compiled against eager{{$}}
// CHECK-NEXT: ok {{ *}}0.0e+00 sum
// CHECK-NEXT: ok {{ *}}0.0e+00 where
// CHECK: labels: compiled against eager, whole numbers as in the example
// CHECK-NEXT: ok {{ *[0-9].*}} loss
// CHECK: gradients against finite differences
// CHECK-DAG: ok {{ *[0-9].*}} matmul float64[2, 3], float64[3, 4]
// CHECK-DAG: ok {{ *[0-9].*}} log float64[2, 4]
// CHECK-DAG: ok {{ *[0-9].*}} mse_loss float64[2, 4], float64[2, 4]
// CHECK-NOT: detach
// CHECK-NOT: FAIL

// A function that does another thing each time it is called cannot pass.
// RUN: not tensorc verify %s -DFORGETFUL 2>&1 | FileCheck %s --check-prefix=DIFFERENT
// It is said where, and which line computes it.
// DIFFERENT: FAIL {{ *[0-9].*}} loss
// DIFFERENT-NEXT: at [] expected {{[0-9.]+}}, received {{[0-9.]+}}; `mse_loss` at {{.*}}verify.cpp:[[# @LINE + 71]]
// DIFFERENT-NEXT: FAIL {{ *[0-9].*}} weight
// DIFFERENT-NEXT: at [{{[0-9], [0-9]}}] expected {{[-0-9.]+}}, received {{[-0-9.]+}}; `sub` at {{.*}}verify.cpp:{{[0-9]+}}
// DIFFERENT: tensorc: error: {{[0-9]+}} of the checks failed

// Code that refuses the example, too, is one failure among the checks.
// RUN: not tensorc verify %s -DREFUSED 2>&1 | FileCheck %s --check-prefix=REFUSED
// REFUSED: refused: compiled against eager, whole numbers as in the example
// REFUSED-NEXT: FAIL compiled code: `refused`: [one_hot] expected indices in [0, 2), received 3 at `x[1]` (verify.cpp:{{[0-9]+}})
// REFUSED-NEXT: good: compiled against eager{{$}}
// REFUSED-NEXT: ok {{ *[0-9].*}} y
// REFUSED-NEXT: gradients against finite differences
// REFUSED: tensorc: error: 1 of the checks failed

// Jumps are no differences, nor is the mean of nothing.
// RUN: tensorc verify %s -DJUMPS | FileCheck %s --check-prefix=JUMPS
// JUMPS: gradients against finite differences
// JUMPS-DAG: ok {{ *[0-9].*}} remainder float64[10000], float64[10000]
// JUMPS-DAG: ok {{ *[0-9].*}} mean float64[0, 3]
// JUMPS-DAG: ok {{ *[0-9].*}} mse_loss float64[0, 3], float64[0, 3]
// JUMPS-DAG: ok {{ *[0-9].*}} logsumexp float64[0, 3]
// JUMPS-NOT: FAIL

#include "tensorc/tensorc.h"

using namespace tensorc;

struct Net : nn::Module {
  Tensor weight = register_parameter("weight", rand({3, 4}) + 0.5);
  Tensor steps = register_buffer("steps", zeros({}, kInt64));
};

#if defined(REFUSED)
TENSORC_MODEL(model) {
  model.function("refused", {{"x", tensor({1, 3})}},
                 [=](const TensorList &in) -> Outputs {
                   return {{"y", one_hot(in[0], 2)}};
                 });
  model.function("good", {{"x", ones({2})}},
                 [=](const TensorList &in) -> Outputs {
                   return {{"y", in[0] * 2}};
                 });
}
#elif defined(JUMPS)
TENSORC_MODEL(model) {
  Tensor x = ones({10000}), none = ones({0, 3});
  model.function("f", {{"x", x}, {"y", x}, {"none", none}},
                 [=](const TensorList &in) -> Outputs {
                   Tensor nothing = in[2] * 1;
                   return {{"remainder", remainder(in[0], in[1])},
                           {"mean", nothing.mean()},
                           {"loss", nn::functional::mse_loss(nothing, in[2])},
                           {"logsumexp", logsumexp(nothing, {0})}};
                 });
}
#else
TENSORC_MODEL(model) {
  manual_seed(1);
  auto net = std::make_shared<Net>();
  auto calls = std::make_shared<int>(0);
  model.module(net);
  model.function(
      "step", {{"x", zeros({2, 3})}, {"y", zeros({2, 4})}},
      [=](const TensorList &in) {
        net->zero_grad();
        Tensor x = abs(in[0]);
#ifdef FORGETFUL
        x = x * ++*calls;
#endif
        Tensor z = log(matmul(x, net->weight)).detach() * relu(in[1]);
        Tensor out = z + matmul(x, net->weight);
        Tensor loss = nn::MSELoss()(out, in[1]);
        loss.backward();
        NoGradGuard no_grad;
        net->weight.sub_(net->weight.grad() * 0.1);
        net->steps.add_(1);
        return Outputs{{"loss", loss}};
      });
  model.function("whole",
                 {{"i", zeros({37}, kInt32)}, {"b", zeros({37}, kBool)}},
                 [](const TensorList &in) {
                   return Outputs{{"sum", in[0] * 3 + in[0]},
                                  {"where", where(in[1], in[0], 7)}};
                 });
  model.function(
      "labels", {{"x", zeros({2, 3})}, {"labels", zeros({2}, kInt64)}},
      [](const TensorList &in) {
        return Outputs{{"loss", nn::CrossEntropyLoss()(in[0], in[1])}};
      });
}
#endif
