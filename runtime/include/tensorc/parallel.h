//===- parallel.h - Threads of eager mode -----------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_PARALLEL_H
#define TENSORC_PARALLEL_H

namespace tensorc {

/// Threads that eager ops may use, the calling one included; 0: as many as
/// there are processors, or what the environment variable TENSORC_NUM_THREADS
/// says. Results don't depend on it. Not to be called while an op is running.
void set_num_threads(int count);
int get_num_threads();

} // namespace tensorc

#endif // TENSORC_PARALLEL_H
