//===- Sizes.h - Sizes that a call says -----------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DEVICE_CUDA_SIZES_H
#define TENSORC_DEVICE_CUDA_SIZES_H

#include "tensorc/abi_cuda.h"

namespace tensorc::rt::cuda {

/// What a function of `program` computes of a call's sizes; empty where these
/// are numbers.
const tensorc_cuda_sizes &sizesOf(const tensorc_cuda_program &program,
                                  uint64_t function);

/// Whether each of `symbols` is in its range; else an error about `function` of
/// `model`.
int32_t checkSymbols(const char *model, const char *function,
                     const tensorc_cuda_sizes &sizes, const int64_t *symbols);

/// Computes all sizes; false where one is too great for 64 bits, or a divisor
/// isn't positive.
bool computeSizes(const tensorc_cuda_sizes &sizes, const int64_t *symbols,
                  int64_t *values);

} // namespace tensorc::rt::cuda

#endif // TENSORC_DEVICE_CUDA_SIZES_H
