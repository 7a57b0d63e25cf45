//===- Tasks.h - How many tasks a kernel is worth ---------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counting, from shapes and the table of CPUs alone: neither the threads that a
// program will have nor this machine's matter, so that results don't, either.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_TARGET_TASKS_H
#define TENSORC_COMPILER_TARGET_TASKS_H

#include "compiler/target/Cpu.h"
#include "dialects/kernel/KernelDialect.h"

namespace tensorc::target {

/// `kernel.tasks`: how many tasks a kernel is split into.
inline constexpr llvm::StringLiteral tasksAttribute = "kernel.tasks";

/// What a kernel does, as counted.
struct KernelWork {
  double nanoseconds = 0; ///< on one core
  double rows = 0;        ///< results that are independent of one another

  /// Into how many tasks so much work is worth splitting on `cpu`, if it could
  /// be split anywhere: 1 for little.
  int64_t tasks(const Cpu &cpu) const;
};

/// None for kernels of dynamic shape.
std::optional<KernelWork> workOf(kernel::FuncOp kernel);

/// How many tasks `kernel` is worth as it is: 1 for dynamic shapes.
int64_t tasksOf(kernel::FuncOp kernel, const Cpu &cpu);
/// The work of a `launch` of it, where symbols are their hints.
std::optional<KernelWork> workOf(kernel::FuncOp kernel,
                                 kernel::LaunchOp launch);

/// `kernel.nanoseconds` of a launch: what it takes where symbols are their
/// hints. Programs count what it takes in a call by the elements of its largest
/// buffer, and make tasks of it as below.
inline constexpr llvm::StringLiteral nanosecondsAttribute =
    "kernel.nanoseconds";
/// Less than this isn't worth waking a thread for, which takes about 1 µs of
/// whoever does it, and 5 to 50 µs until it is there.
inline constexpr int64_t nanosecondsToSplit = 20'000;
/// A task more costs 10 ns, and what its kernel does before its first element.
inline constexpr int64_t nanosecondsPerTask = 10'000;
/// Of one launch.
int64_t mostTasks(const Cpu &cpu);

} // namespace tensorc::target

#endif // TENSORC_COMPILER_TARGET_TASKS_H
