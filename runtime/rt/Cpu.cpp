//===- Cpu.cpp - What the processor can do ------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Cpu.h"
#include "Status.h"

#include <atomic>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace {

#if defined(__x86_64__)
struct CpuId {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  explicit CpuId(unsigned leaf) {
    // Leaves zeros when the processor doesn't know the leaf.
    if (!__get_cpuid_count(leaf, 0, &eax, &ebx, &ecx, &edx))
      eax = ebx = ecx = edx = 0;
  }
};

constexpr bool all(uint64_t value, uint64_t mask) {
  return (value & mask) == mask;
}

/// The register state that the operating system saves: XCR0.
uint64_t enabledState() {
  unsigned low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return static_cast<uint64_t>(high) << 32 | low;
}

/// x86-64 psABI, section "Micro-Architecture Levels".
int32_t detect() {
  CpuId basic(1), extended(7), amd(0x80000001);

  constexpr unsigned kV2 = bit_SSE3 | bit_SSSE3 | bit_CMPXCHG16B | bit_SSE4_1 |
                           bit_SSE4_2 | bit_POPCNT;
  if (!all(basic.ecx, kV2) || !all(amd.ecx, bit_LAHF_LM))
    return TENSORC_CPU_X86_64_V1;

  constexpr unsigned kV3 =
      bit_FMA | bit_MOVBE | bit_OSXSAVE | bit_AVX | bit_F16C;
  constexpr unsigned kV3Extended = bit_BMI | bit_AVX2 | bit_BMI2;
  constexpr uint64_t kYmm = 0x6;
  if (!all(basic.ecx, kV3) || !all(extended.ebx, kV3Extended) ||
      !all(amd.ecx, bit_LZCNT) || !all(enabledState(), kYmm))
    return TENSORC_CPU_X86_64_V2;

  constexpr unsigned kV4 =
      bit_AVX512F | bit_AVX512DQ | bit_AVX512CD | bit_AVX512BW | bit_AVX512VL;
  constexpr uint64_t kZmm = 0xe6;
  if (!all(extended.ebx, kV4) || !all(enabledState(), kZmm))
    return TENSORC_CPU_X86_64_V3;
  return TENSORC_CPU_X86_64_V4;
}
#elif defined(__aarch64__)
int32_t detect() { return TENSORC_CPU_AARCH64; } // all have NEON
#else
int32_t detect() { return 0; }
#endif

struct Name {
  int32_t cpu;
  const char *text;
};
constexpr Name kNames[] = {{TENSORC_CPU_X86_64_V1, "x86-64-v1"},
                           {TENSORC_CPU_X86_64_V2, "x86-64-v2"},
                           {TENSORC_CPU_X86_64_V3, "x86-64-v3"},
                           {TENSORC_CPU_X86_64_V4, "x86-64-v4"},
                           {TENSORC_CPU_AARCH64, "aarch64"}};

bool areOneArchitecture(int32_t a, int32_t b) { return a >> 8 == b >> 8; }

} // namespace

const char *tensorc::rt::cpuName(int32_t cpu) {
  for (const Name &name : kNames)
    if (name.cpu == cpu)
      return name.text;
  return "unknown";
}

int32_t tensorc_rt_cpu(void) {
  static std::atomic<int32_t> known = -1; // two threads find the same
  int32_t cpu = known.load(std::memory_order_relaxed);
  if (cpu >= 0)
    return cpu;
  cpu = detect();
  if (const char *limit = getenv("TENSORC_CPU"))
    for (const Name &name : kNames)
      if (strcmp(name.text, limit) == 0 && name.cpu < cpu &&
          areOneArchitecture(name.cpu, cpu))
        cpu = name.cpu;
  known.store(cpu, std::memory_order_relaxed);
  return cpu;
}

int32_t tensorc_rt_cpu_supports(int32_t cpu) {
  int32_t own = tensorc_rt_cpu();
  return areOneArchitecture(cpu, own) && cpu <= own;
}
