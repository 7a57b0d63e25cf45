//===- nn.h - Modules, layers, losses ---------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_NN_H
#define TENSORC_NN_H

#include "tensorc/nn/functional.h"
#include "tensorc/nn/layers.h"
#include "tensorc/nn/module.h"

#endif // TENSORC_NN_H
