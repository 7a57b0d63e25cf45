//===- Call.h - What an entry point asks of its arguments ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RT_CALL_H
#define TENSORC_RT_CALL_H

#include "Status.h"

namespace tensorc::rt {

/// The memory of an argument.
struct Region {
  const void *begin;
  uint64_t bytes;
};

/// Whether two regions have a byte in common.
bool overlap(Region a, Region b);

/// Says that the argument `written` of `function` overlaps `other`. What begins
/// the function's name may stand apart.
int32_t overlapError(const char *model, const char *function,
                     const char *written, const char *other);

} // namespace tensorc::rt

#endif // TENSORC_RT_CALL_H
