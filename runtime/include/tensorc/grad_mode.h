//===- grad_mode.h - Whether ops are differentiable -------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAD_MODE_H
#define TENSORC_GRAD_MODE_H

namespace tensorc {

/// Whether this thread's ops are recorded for `backward()`; true at first.
class GradMode {
public:
  static bool is_enabled();
  static void set_enabled(bool enabled);
};

/// Sets the grad mode while it lives.
class GradModeGuard {
public:
  explicit GradModeGuard(bool enabled) : previous_(GradMode::is_enabled()) {
    GradMode::set_enabled(enabled);
  }
  ~GradModeGuard() { GradMode::set_enabled(previous_); }
  GradModeGuard(const GradModeGuard &) = delete;
  GradModeGuard &operator=(const GradModeGuard &) = delete;

private:
  bool previous_;
};

/// `torch.no_grad()` for a scope.
class NoGradGuard : public GradModeGuard {
public:
  NoGradGuard() : GradModeGuard(false) {}
};

/// Calls `body` without recording.
template <typename F> auto no_grad(F &&body) {
  NoGradGuard guard;
  return body();
}

} // namespace tensorc

#endif // TENSORC_GRAD_MODE_H
