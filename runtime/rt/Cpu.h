//===- Cpu.h - What the processor can do --------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RT_CPU_H
#define TENSORC_RT_CPU_H

#include <stdint.h>

namespace tensorc::rt {

/// The name of a `tensorc_cpu`: `x86-64-v3`.
const char *cpuName(int32_t cpu);

} // namespace tensorc::rt

#endif // TENSORC_RT_CPU_H
