//===- Call.cpp - What an entry point asks of its arguments -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Call.h"
#include "Cpu.h"

#include <string.h>

using namespace tensorc::rt;

namespace {

/// A `tensorc_call` and what follows it, with the arguments.
class Call {
public:
  Call(const tensorc_call &call, void *const *arguments, const uint64_t *bytes)
      : call_(call), arguments_(arguments), bytes_(bytes ? bytes : own()) {}

  int32_t check() const;

private:
  static constexpr uint32_t kState = 0, kWorkspace = 1, kInputs = 2;

  const uint64_t *own() const {
    return reinterpret_cast<const uint64_t *>(&call_ + 1);
  }
  uint32_t outputs() const { return kInputs + call_.input_count; }
  uint32_t count() const { return outputs() + call_.output_count; }
  Region region(uint32_t i) const { return {arguments_[i], bytes_[i]}; }
  bool isWritten(uint32_t i) const {
    return i == kState ? call_.updates_state
                       : i == kWorkspace || i >= outputs();
  }
  /// The function's at 0, then the inputs' and outputs'.
  const char *text(uint32_t i) const {
    auto *text = reinterpret_cast<const char *>(own() + count());
    for (; i; --i)
      text += strlen(text) + 1;
    return text;
  }
  const char *name(uint32_t i) const {
    return i == kState       ? "state"
           : i == kWorkspace ? "workspace"
                             : text(i - kInputs + 1);
  }

  const tensorc_call &call_;
  void *const *arguments_;
  const uint64_t *bytes_;
};

} // namespace

int32_t Call::check() const {
  for (uint32_t i = 0; i < count(); ++i) {
    if (!bytes_[i])
      continue;
    if (!arguments_[i])
      return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT, "%s: `%s` is null",
                             text(0), name(i));
    if (i < kInputs &&
        reinterpret_cast<uintptr_t>(arguments_[i]) % TENSORC_ALIGNMENT)
      return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                             "%s: `%s` is not aligned to %d bytes", text(0),
                             name(i), TENSORC_ALIGNMENT);
  }
  for (uint32_t i = 0; i < count(); ++i) {
    if (!isWritten(i))
      continue;
    for (uint32_t j = 0; j < count(); ++j)
      if (i != j && overlap(region(i), region(j)))
        return overlapError(nullptr, text(0), name(i), name(j));
  }
  if (!tensorc_rt_cpu_supports(call_.cpu))
    return tensorc_rt_fail(TENSORC_ERROR_UNSUPPORTED_CPU,
                           "%s: needs an %s processor, this one is %s", text(0),
                           cpuName(call_.cpu), cpuName(tensorc_rt_cpu()));
  return TENSORC_OK;
}

bool tensorc::rt::overlap(Region a, Region b) {
  auto x = reinterpret_cast<uintptr_t>(a.begin);
  auto y = reinterpret_cast<uintptr_t>(b.begin);
  // Of no bytes, neither distance is small enough.
  return x < y ? a.bytes > y - x && b.bytes : b.bytes > x - y && a.bytes;
}

int32_t tensorc::rt::overlapError(const char *model, const char *function,
                                  const char *written, const char *other) {
  return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                         "%s%s%s: `%s` overlaps `%s`, expected memory of its "
                         "own for what the function writes to",
                         model ? model : "", model ? "_" : "", function,
                         written, other);
}

int32_t tensorc_rt_check_call(const tensorc_call *call,
                              void *const *arguments) {
  return Call(*call, arguments, nullptr).check();
}

int32_t tensorc_rt_check_sized_call(const tensorc_call *call,
                                    void *const *arguments,
                                    const uint64_t *bytes) {
  return Call(*call, arguments, bytes).check();
}
