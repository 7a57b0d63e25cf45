//===- EagerExecutor.h - Performs ops at once -------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_EAGER_EAGEREXECUTOR_H
#define TENSORC_RUNTIME_EAGER_EAGEREXECUTOR_H

#include "tensorc/executor.h"

namespace tensorc::eager {

/// Performs ops at once, and keeps the tape for `backward()`. Moving elements
/// needs no arithmetic and is done here, as views where strides can express it;
/// all arithmetic is in kernels that tensorc compiled (see Kernels.h).
class EagerExecutor : public Executor {
public:
  std::vector<Tensor> execute(const OpCall &call) override;
  void assign(Tensor &target, const Tensor &value, Location location) override;
  void copy(Tensor &target, const Tensor &source, Location location) override;
  void follow(const Tensor &view) override;
  Tensor to_device(const Tensor &tensor, Device device,
                   Location location) override;
  void backward(const Tensor &root, const Tensor &seed,
                const BackwardOptions &options, Location location) override;
  const void *data(const Tensor &tensor, Location location) override;
  bool is_recording() const override { return false; }
};

} // namespace tensorc::eager

#endif // TENSORC_RUNTIME_EAGER_EAGEREXECUTOR_H
