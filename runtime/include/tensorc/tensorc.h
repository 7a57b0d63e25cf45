//===- tensorc.h - Everything -----------------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TENSORC_H
#define TENSORC_TENSORC_H

#include "tensorc/creation.h"
#include "tensorc/cuda.h"
#include "tensorc/device.h"
#include "tensorc/export.h"
#include "tensorc/functions.h"
#include "tensorc/io/tensors.h"
#include "tensorc/nn.h"
#include "tensorc/optim.h"
#include "tensorc/parallel.h"
#include "tensorc/tensor.h"

#endif // TENSORC_TENSORC_H
