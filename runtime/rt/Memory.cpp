//===- Memory.cpp - Aligned, zero-filled memory -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Status.h"

#include <stdlib.h>

// `calloc` knows which pages are fresh from the kernel and need no clearing:
// a large workspace costs nothing until it is used. The block's own address is
// kept in the word before the aligned one.
void *tensorc_rt_alloc(size_t bytes) {
  constexpr size_t kExtra = TENSORC_ALIGNMENT + sizeof(void *);
  size_t total;
  void *block = nullptr;
  if (!__builtin_add_overflow(bytes, kExtra, &total))
    block = calloc(1, total);
  if (!block) {
    tensorc_rt_fail(TENSORC_ERROR_OUT_OF_MEMORY, "can't allocate %zu bytes",
                    bytes);
    return nullptr;
  }
  uintptr_t address = reinterpret_cast<uintptr_t>(block) + kExtra;
  address -= address % TENSORC_ALIGNMENT;
  void **memory = reinterpret_cast<void **>(address);
  memory[-1] = block;
  return memory;
}

void tensorc_rt_free(void *memory) {
  if (memory)
    free(static_cast<void **>(memory)[-1]);
}
