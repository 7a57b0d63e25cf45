//===- FloatMode.h - How a thread computes ------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RT_FLOATMODE_H
#define TENSORC_RT_FLOATMODE_H

#include <stdint.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tensorc::rt {

/// Rounding and the treatment of denormals of the vector unit.
class FloatMode {
public:
  static FloatMode current() {
    FloatMode mode;
#if defined(__x86_64__)
    mode.bits = _mm_getcsr() & kControl;
#elif defined(__aarch64__)
    mode.bits = static_cast<uint32_t>(fpcr());
#endif
    return mode;
  }
  /// This mode on this thread.
  void apply() const {
#if defined(__x86_64__)
    unsigned now = _mm_getcsr();
    if ((now & kControl) != bits) // setting it is slow
      _mm_setcsr((now & ~kControl) | bits);
#elif defined(__aarch64__)
    if (fpcr() != bits) {
      uint64_t wanted = bits;
      __asm__ volatile("msr fpcr, %0" : : "r"(wanted));
    }
#endif
  }
  FloatMode flushingDenormals(bool on) const {
    FloatMode mode = *this;
    mode.bits = on ? bits | kFlush : bits & ~kFlush;
    return mode;
  }

private:
#if defined(__aarch64__)
  static uint64_t fpcr() {
    uint64_t value;
    __asm__ volatile("mrs %0, fpcr" : "=r"(value));
    return value;
  }
  /// FZ and FZ16 of FPCR: operands and results.
  static constexpr uint32_t kFlush = 1u << 24 | 1u << 19;
#else
  /// MXCSR: all but the flags of what has happened.
  static constexpr uint32_t kControl = 0xffc0;
  /// Flush to zero, denormals are zero.
  static constexpr uint32_t kFlush = 0x8040;
#endif
  uint32_t bits = 0;
};

/// Another mode, for a while.
class FloatModeScope {
public:
  explicit FloatModeScope(FloatMode mode) { mode.apply(); }
  ~FloatModeScope() { before.apply(); }
  FloatModeScope(const FloatModeScope &) = delete;
  FloatModeScope &operator=(const FloatModeScope &) = delete;

private:
  const FloatMode before = FloatMode::current();
};

} // namespace tensorc::rt

#endif // TENSORC_RT_FLOATMODE_H
