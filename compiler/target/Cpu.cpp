//===- Cpu.cpp - The CPUs that code is made for ---------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/target/Cpu.h"

#include "tensorc/abi.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

#include <mutex>

using namespace tensorc;
using namespace tensorc::target;

static void initializeX86() {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeX86AsmParser();
  });
}

static void initializeAArch64() {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64Target();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64AsmPrinter();
    LLVMInitializeAArch64AsmParser();
  });
}

static constexpr Architecture kX86 = {"x86-64", "x86_64-unknown-linux-gnu",
                                      "x86-64", initializeX86};
static constexpr Architecture kAArch64 = {
    "aarch64", "aarch64-unknown-linux-gnu", "generic", initializeAArch64};

// x86-64 psABI, "Micro-Architecture Levels".
static constexpr llvm::StringLiteral kV3Needs[] = {
    "cx16", "popcnt", "sse4.2", "avx2",  "bmi",
    "bmi2", "f16c",   "fma",    "lzcnt", "movbe"};
static constexpr llvm::StringLiteral kV4Needs[] = {
    "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"};
static constexpr llvm::StringLiteral kNeonNeeds[] = {"neon"};

// The caches are the smallest that such machines commonly have: Haswell and
// Zen 1; Skylake-SP and Zen 4; Cortex-A72 and Neoverse N1.
static constexpr Cpu kCpus[] = {
    {.name = "x86-64-v3",
     .suffix = "v3",
     .architecture = kX86,
     .id = TENSORC_CPU_X86_64_V3,
     .llvmName = "x86-64-v3",
     .needs = kV3Needs,
     .vectorBytes = 32,
     .registers = 16,
     .hasMasks = false,
     .l1Bytes = 32 << 10,
     .l2Bytes = 1 << 19,
     .threads = 64},
    {.name = "x86-64-v4",
     .suffix = "v4",
     .architecture = kX86,
     .id = TENSORC_CPU_X86_64_V4,
     .llvmName = "x86-64-v4",
     .needs = kV4Needs,
     .vectorBytes = 64,
     .registers = 32,
     .hasMasks = true,
     .l1Bytes = 32 << 10,
     .l2Bytes = 1 << 20,
     .threads = 64},
    {.name = "aarch64",
     .suffix = "neon",
     .architecture = kAArch64,
     .id = TENSORC_CPU_AARCH64,
     .llvmName = "generic",
     .needs = kNeonNeeds,
     .vectorBytes = 16,
     .registers = 32,
     .hasMasks = false,
     .l1Bytes = 32 << 10,
     .l2Bytes = 1 << 19,
     .threads = 64},
};

llvm::ArrayRef<Cpu> target::cpus() { return kCpus; }

std::string target::cpuNames() {
  std::string names;
  for (const Cpu &cpu : kCpus)
    names += (names.empty() ? "" : ", ") + cpu.name.str();
  return names;
}

const Cpu *target::findCpu(llvm::StringRef name) {
  const Cpu *found =
      llvm::find_if(kCpus, [&](const Cpu &cpu) { return cpu.name == name; });
  return found == std::end(kCpus) ? nullptr : found;
}

const Cpu *target::hostCpu() {
  llvm::Triple::ArchType host =
      llvm::Triple(llvm::sys::getProcessTriple()).getArch();
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  const Cpu *best = nullptr;
  for (const Cpu &cpu : kCpus) {
    if (llvm::Triple(cpu.architecture.triple).getArch() != host)
      continue;
    if (!llvm::all_of(cpu.needs, [&](llvm::StringRef feature) {
          return features.lookup(feature);
        }))
      break;
    best = &cpu;
  }
  return best;
}

std::string target::hostName() { return llvm::sys::getHostCPUName().str(); }
