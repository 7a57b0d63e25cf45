// From C++: the initial weights come along; flags reach the host's compiler.

// RUN: rm -rf %t && mkdir -p %t/include && echo '#define SIZE 3' > %t/include/size.h
// RUN: tensorc %s -o %t/model.o -DFACTOR=2.5 -I %t/include
// RUN: ls -A %t | FileCheck %s --check-prefix=FILES
// FILES: include
// FILES-NEXT: model.h
// FILES-NEXT: model.o
// FILES-NEXT: model.safetensors
// FILES-NOT: {{.}}

// Only the state that the functions use is in the file, with its values.
// RUN: %python %S/Inputs/show-safetensors.py %t/model.safetensors | FileCheck %s --check-prefix=WEIGHTS --match-full-lines
// WEIGHTS: weight F32 [3] [2.5, 2.5, 2.5]
// WEIGHTS-NEXT: rate F32 [] [0.5]
// WEIGHTS-NOT: {{.+}}

// One function: only its state.
// RUN: tensorc %s -o %t/one.o -DFACTOR=1 -I%t/include --function=forward
// RUN: %python %S/Inputs/show-safetensors.py %t/one.safetensors | FileCheck %s --check-prefix=ONE --match-full-lines
// ONE: weight F32 [3] [1.0, 1.0, 1.0]
// ONE-NOT: {{.+}}

// Twice the same, byte for byte, though from another folder.
// RUN: cp %s %t/again.cpp
// RUN: cd %t && tensorc again.cpp -o again.o --name=model -DFACTOR=2.5 -Iinclude
// RUN: cmp %t/model.o %t/again.o && cmp %t/model.safetensors %t/again.safetensors

// Nothing stays behind where the model file was compiled.
// RUN: mkdir %t/tmp && env TMPDIR=%t/tmp tensorc %s -DFACTOR=1 -I%t/include --emit=graph -o %t/graph.mlir
// RUN: not env TMPDIR=%t/tmp tensorc %s --emit=graph
// RUN: ls -A %t/tmp > %t/left && test ! -s %t/left

// What the model's code prints is no part of the output.
// RUN: tensorc %s -DFACTOR=1 -I%t/include --emit=graph 2> %t/said | FileCheck %s --check-prefix=GRAPH
// GRAPH-NOT: made with
// GRAPH: module attributes
// RUN: grep "made with 3 weights" %t/said

#include "size.h"
#include "tensorc/tensorc.h"

#include <iostream>

using namespace tensorc;

struct Net : nn::Module {
  Tensor weight = register_parameter("weight", full({SIZE}, double(FACTOR)));
  Tensor unused = register_parameter("unused", zeros({9}));
};

TENSORC_MODEL(model) {
  auto net = std::make_shared<Net>();
  Tensor rate = full({}, 0.5);
  std::cout << "made with " << SIZE << " weights\n";
  model.module(net);
  model.state("rate", rate, StateRole::Optimizer);
  model.function("forward", {{"x", zeros({SIZE})}}, [=](const TensorList &in) {
    return Outputs{{"y", in[0] * net->weight}};
  });
  model.function("step", {{"x", zeros({SIZE})}}, [=](const TensorList &in) {
    net->zero_grad();
    (in[0] * net->weight).sum().backward();
    NoGradGuard no_grad;
    net->weight.sub_(net->weight.grad() * rate);
    return Outputs{};
  });
}
