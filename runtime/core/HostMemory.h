//===- HostMemory.h - Memory of the host, kept for the next tensor -*- C++ -*-//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_CORE_HOSTMEMORY_H
#define TENSORC_RUNTIME_CORE_HOSTMEMORY_H

#include <cstddef>

namespace tensorc {

/// How much freed memory each thread keeps, at most.
inline constexpr std::size_t kKeptBytes = std::size_t(128) << 20;

/// At least `bytes`, aligned to `TENSORC_ALIGNMENT`; `block` is what there is,
/// which `free_host` wants to know. Null where there is no memory. Freed blocks
/// are kept by the thread that freed them, for its next tensors of about that
/// size: a large one from the system has to be mapped page by page.
void *allocate_host(std::size_t bytes, std::size_t &block);
void free_host(void *memory, std::size_t block);
/// Gives back what this thread keeps, and says how much that was.
std::size_t release_kept();

} // namespace tensorc

#endif // TENSORC_RUNTIME_CORE_HOSTMEMORY_H
