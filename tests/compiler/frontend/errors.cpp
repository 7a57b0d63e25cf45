// Errors in a model: each at its line, which is shown with a caret; nothing is
// written.

// RUN: not tensorc %s -DSHAPE -o %t.o 2>&1 | FileCheck %s --check-prefix=SHAPE
// RUN: not tensorc %s -DBROADCAST -o %t.o 2>&1 | FileCheck %s --check-prefix=BROADCAST
// RUN: not tensorc %s -DLAYER -o %t.o 2>&1 | FileCheck %s --check-prefix=LAYER
// RUN: not tensorc %s -DITEM -o %t.o 2>&1 | FileCheck %s --check-prefix=ITEM
// RUN: not tensorc %s -DSTATE -o %t.o 2>&1 | FileCheck %s --check-prefix=STATE
// RUN: not tensorc %s -DLEAF -o %t.o 2>&1 | FileCheck %s --check-prefix=LEAF
// RUN: not tensorc %s -DFLOWS -o %t.o 2>&1 | FileCheck %s --check-prefix=FLOWS
// RUN: not tensorc %s -DUNREGISTERED -o %t.o 2>&1 | FileCheck %s --check-prefix=UNREGISTERED
// RUN: not tensorc %s -DOUTSIDE -o %t.o 2>&1 | FileCheck %s --check-prefix=OUTSIDE
// RUN: not tensorc %s -DEXPANDED -o %t.o 2>&1 | FileCheck %s --check-prefix=EXPANDED
// RUN: not tensorc %s -DHISTORY -o %t.o 2>&1 | FileCheck %s --check-prefix=HISTORY
// RUN: not tensorc %s -DNO_SEED -o %t.o 2>&1 | FileCheck %s --check-prefix=NO_SEED
// RUN: not tensorc %s -DBAD_SEED -o %t.o 2>&1 | FileCheck %s --check-prefix=BAD_SEED
// RUN: not tensorc %s -DRANDOM -o %t.o 2>&1 | FileCheck %s --check-prefix=RANDOM
// RUN: not tensorc %s -DLARGE -o %t.o 2>&1 | FileCheck %s --check-prefix=LARGE
// RUN: not tensorc %s -DBEYOND -o %t.o 2>&1 | FileCheck %s --check-prefix=BEYOND
// RUN: not tensorc %s -DKEPT -o %t.o 2>&1 | FileCheck %s --check-prefix=KEPT
// RUN: not tensorc %s -DEXCEPTION -o %t.o 2>&1 | FileCheck %s --check-prefix=EXCEPTION
// RUN: not ls %t.o %t.h %t.safetensors

#include "tensorc/tensorc.h"

#include <stdexcept>

using namespace tensorc;

struct Net : nn::Module {
  Tensor weight = register_parameter("weight", zeros({5, 1}));
  Tensor scale = register_buffer("scale", zeros({}));
  nn::Linear fc = register_module("fc", nn::Linear(7, 4));
};

static std::shared_ptr<Net> net;
static Tensor constant, outside, large;
static TensorList kept;

static Outputs f(const TensorList &in) {
#if defined(SHAPE)
  return Outputs{{"y", matmul(in[0], in[0])}};
  // SHAPE: errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [matmul] {{.*}}[2, 3]{{.*}}[2, 3]
  // SHAPE-NEXT: return Outputs
  // SHAPE-NEXT: {{^ +\^$}}
#elif defined(BEYOND)
  return Outputs{{"y", ones({1LL << 40, 1LL << 40}).sum()}};
  // BEYOND: errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [ones] expected a result that memory can hold, received float32[1099511627776, 1099511627776]
  // BEYOND-NEXT: return Outputs
#elif defined(BROADCAST)
  return Outputs{{"y", in[0] + net->weight.view({5})}};
  // BROADCAST: errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: {{.*}}[2, 3]{{.*}}[5]
  // BROADCAST-NEXT: return Outputs
  // BROADCAST-NEXT: {{^ +\^$}}
#elif defined(LAYER)
  return Outputs{{"y", net->fc(in[0])}};
  // LAYER: errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [linear] expected input of shape {{.*}} for weight float32[4, 7], received float32[2, 3]
  // LAYER-NEXT: return Outputs
  // LAYER-NEXT: {{^ +\^$}}
#elif defined(ITEM)
  double sum = in[0].sum().item();
  // ITEM: errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: cannot read the value of a traced tensor: expected an eager tensor, received float32[] that is known only when the compiled function runs
  // ITEM-NEXT: double sum = in[0].sum().item();
  // ITEM-NEXT: {{^ +\^$}}
  return Outputs{{"y", in[0] * sum}};
#elif defined(STATE)
  double value = net->scale.item();
  // STATE: errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: cannot read the value of state while tracing: expected a plain eager tensor, received `scale`, which the compiled function may change
  // STATE-NEXT: double value = net->scale.item();
  // STATE-NEXT: {{^ +\^$}}
  return Outputs{{"y", in[0] * value}};
#elif defined(LEAF)
  net->weight.mul_(2);
  // LEAF: errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: cannot update a leaf tensor with `requires_grad` in place outside `NoGradGuard`
  // LEAF-NEXT: net->weight.mul_(2);
  // LEAF-NEXT: {{^ +\^$}}
  return Outputs{};
#elif defined(FLOWS)
  Tensor y = net->weight * 2;
  Tensor row = no_grad([&] { return y[0]; });
  row.mul_(2);
  // FLOWS: errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: cannot update a view that was made under `NoGradGuard` in place where gradients are recorded
  // FLOWS-NEXT: row.mul_(2);
  // FLOWS-NEXT: {{^ +\^$}}
  return Outputs{{"y", y}};
#elif defined(UNREGISTERED)
  constant.add_(1);
  // UNREGISTERED: errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: expected an in-place update of model state, received one of a tensor that isn't registered; register it as a buffer of a module
  // UNREGISTERED-NEXT: constant.add_(1);
  // UNREGISTERED-NEXT: {{^ +\^$}}
  return Outputs{};
#elif defined(OUTSIDE)
  return Outputs{{"y", in[0] + outside.sum()}};
  // OUTSIDE: errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: expected the state tensor `weight` itself, received a view of it that was made outside the traced function
  // OUTSIDE-NEXT: return Outputs
  // OUTSIDE-NEXT: {{^ +\^$}}
#elif defined(EXPANDED)
  Tensor wide = (in[0] + 1).slice(1, 0, 1).expand({2, 9});
  wide.add_(1);
  // EXPANDED: errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [add_] expected a tensor with a place of its own for each element, received an expanded one, float32[2, 9] (`clone()` it)
  // EXPANDED-NEXT: wide.add_(1);
  // EXPANDED-NEXT: {{^ +\^$}}
  return Outputs{{"y", wide}};
#elif defined(HISTORY)
  in[0].sum().backward();
  // HISTORY: errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [backward] expected a tensor that was made from one with `requires_grad`, received float32[] without such a history
  // HISTORY-NEXT: in[0].sum().backward();
  // HISTORY-NEXT: {{^ +\^$}}
  return Outputs{};
#elif defined(NO_SEED)
  net->weight.mul(2).backward();
  // NO_SEED: errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [backward] expected a one-element tensor or a seed, received float32[5, 1]
  // NO_SEED-NEXT: net->weight.mul(2).backward();
  // NO_SEED-NEXT: {{^ +\^$}}
  return Outputs{};
#elif defined(BAD_SEED)
  net->weight.mul(2).backward(in[0]);
  // BAD_SEED: errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [backward] expected a seed of type float32[5, 1], received float32[2, 3]
  // BAD_SEED-NEXT: net->weight.mul(2).backward(in[0]);
  // BAD_SEED-NEXT: {{^ +\^$}}
  return Outputs{};
#elif defined(RANDOM)
  return Outputs{{"y", in[0] + rand({2, 3})}};
  // RANDOM: errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [rand] random numbers can't be drawn in a traced function
  // RANDOM-NEXT: return Outputs
  // RANDOM-NEXT: {{^ +\^$}}
#elif defined(LARGE)
  return Outputs{{"y", in[0].sum() + large.sum()}};
  // LARGE: errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: expected a constant of at most 1048576 bytes, received float32[1024, 1024]; register it as a buffer of a module instead
  // LARGE-NEXT: return Outputs
  // LARGE-NEXT: {{^ +\^$}}
#elif defined(KEPT)
  kept.push_back(in[0] + kept.back());
  // KEPT: errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: expected a tensor of the function being traced, received one that another traced function made
  // KEPT-NEXT: kept.push_back(in[0] + kept.back());
  // KEPT-NEXT: {{^ +\^$}}
  return Outputs{{"y", kept.back()}};
#else
  throw std::out_of_range("beyond the end");
#endif
}

TENSORC_MODEL(model) {
  net = std::make_shared<Net>();
  constant = zeros({3});
  outside = net->weight.view({5});
  large = arange(1 << 20, kFloat32).view({1024, 1024});
  model.module(net);
#ifdef KEPT
  model.function("first", {{"x", zeros({2, 3})}}, [](const TensorList &in) {
    kept.push_back(in[0] + 1);
    return Outputs{{"y", kept.back()}};
  });
#endif
  model.function("f", {{"x", zeros({2, 3})}}, f);
  // EXCEPTION: errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: exception while tracing `f`: beyond the end
}
