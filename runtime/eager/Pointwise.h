//===- Pointwise.h - Kernels of one element after the other -----*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_EAGER_POINTWISE_H
#define TENSORC_RUNTIME_EAGER_POINTWISE_H

#include "runtime/eager/Kernels.h"

#include <span>

namespace tensorc::eager {

/// What turns [n] of one type into another, for CPUs; null where there is
/// nothing to do. The two are types of kernels, or one is a type and the other
/// that of its kernels.
const tensorc_eager_kernel *conversion(DType from, DType to, Location location);

/// The same by the type that they convert to, for any device.
const KernelSet &conversion_set(DType to);

/// An operand, and the type that the kernel takes it as.
struct PointwiseOperand {
  const Tensor *tensor;
  DType kernel;
};

/// Runs a kernel of dense [n]… -> [n] on the CPU, for operands of the result's
/// shape, whatever their strides are. `result` is dense; `type` is the one
/// that the kernel writes. Without a kernel, the one operand is converted.
///
/// Operands that aren't dense or not of the kernel's type come through a few
/// kilobytes that stay in the first cache: kernels know nothing of that, so one
/// serves every layout and several types.
void run_pointwise(const tensorc_eager_kernel *kernel,
                   std::span<const PointwiseOperand> operands,
                   const Tensor &result, DType type, Location location);

} // namespace tensorc::eager

#endif // TENSORC_RUNTIME_EAGER_POINTWISE_H
