//===- Cpu.h - The CPUs that code is made for -------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One table. What schedules, emitters, code generation, command line, manifest
// and entry points know of a CPU stands in its row; a new one is a new row.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_TARGET_CPU_H
#define TENSORC_COMPILER_TARGET_CPU_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>

namespace tensorc::target {

/// What an object is for: CPUs that share instructions and calls.
struct Architecture {
  llvm::StringLiteral name;
  llvm::StringLiteral triple;
  /// LLVM's name of the CPU that all of them are at least.
  llvm::StringLiteral baseCpu;
  /// Makes LLVM know it, once.
  void (*initialize)();
};

/// A CPU as emitters and schedules see it. Depends on its name alone, never on
/// the machine that compiles, so that the same input gives the same bytes.
struct Cpu {
  llvm::StringLiteral name;   ///< as on the command line: `x86-64-v3`
  llvm::StringLiteral suffix; ///< of its symbols in an object: `v3`
  const Architecture &architecture;
  int32_t
      id; ///< a `tensorc_cpu`; a CPU runs what is for lower ones of its kind
  llvm::StringLiteral llvmName;
  /// LLVM's features that a machine needs to have beside the one before it.
  llvm::ArrayRef<llvm::StringLiteral> needs;
  int64_t vectorBytes; ///< of the widest vectors that pay off
  int64_t registers;   ///< that hold them
  bool hasMasks;       ///< a register for each vector's mask
  int64_t l1Bytes, l2Bytes;
  /// That one program is likely to have at most: work is shared out for so
  /// many, whatever a program has, and small work for fewer.
  int64_t threads;

  /// Native lanes of elements of `bits` bits.
  int64_t lanes(unsigned bits) const { return vectorBytes * 8 / bits; }
};

/// All CPUs; those of one architecture in a row, each at least the one before.
llvm::ArrayRef<Cpu> cpus();

/// Their names, for diagnostics: `x86-64-v3, …`.
std::string cpuNames();

/// The CPU of that name, or null.
const Cpu *findCpu(llvm::StringRef name);

/// The best CPU of the table that this machine is; null where it is none.
const Cpu *hostCpu();
/// What LLVM calls this machine, to tune for.
std::string hostName();

} // namespace tensorc::target

#endif // TENSORC_COMPILER_TARGET_CPU_H
