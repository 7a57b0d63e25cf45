//===- Losses.h - What losses and their gradients share ---------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_OPS_LOSSES_H
#define TENSORC_RUNTIME_OPS_LOSSES_H

#include "tensorc/tensor.h"

#include <string>

namespace tensorc {

/// The classes that rows of scores are to have.
struct Targets {
  /// `target` [N] of `classes` classes, checked for `function`, a loss.
  Targets(const char *function, const Tensor &target, std::int64_t classes,
          std::int64_t ignore_index);

  Tensor counted; ///< bool [N]: not ignored
  Tensor hit;     ///< bool [N, C]: whether the column is the row's class

  /// How many rows are counted, as a 0-d tensor of `dtype`.
  Tensor count(DType dtype) const;
};

/// `losses` [N], zero where ignored, by `reduction`; the mean is over the
/// counted rows.
Tensor reduce_losses(const Tensor &losses, const Targets &targets,
                     const std::string &reduction);
/// The gradient of each row's loss, [N, 1], from that of the reduced loss; zero
/// where ignored.
Tensor spread_gradient(const Tensor &gradient, const Targets &targets,
                       const std::string &reduction);

} // namespace tensorc

#endif // TENSORC_RUNTIME_OPS_LOSSES_H
