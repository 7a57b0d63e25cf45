//===- Sums.h - How long floating-point sums are made -----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_COMMON_SUMS_H
#define TENSORC_COMPILER_LOWERING_COMMON_SUMS_H

#include <cstdint>

namespace tensorc::lowering {

/// The most terms of a floating-point sum that are added one after the other.
constexpr int64_t longestChain = 32;
/// The same of a contraction, where many sums have to leave the registers after
/// each block.
constexpr int64_t longestContractChain = 384;

} // namespace tensorc::lowering

#endif // TENSORC_COMPILER_LOWERING_COMMON_SUMS_H
