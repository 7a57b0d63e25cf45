//===- ElementwiseGradients.cpp - Gradients of elementwise ops ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Rules.h"
#include "tensorc/functions.h"

#include <cmath>

namespace tensorc {

/// x / (x² + y²) and -y / (x² + y²), for y = self and x = other, without the
/// squares, which would overflow or vanish: with t the lesser by the greater.
std::vector<Tensor> gradient_atan2(const GradientArgs &args) {
  const Tensor &y = args.operands[0], &x = args.operands[1];
  const Tensor &grad = args.gradients[0];
  Tensor is_flat = abs(y) <= abs(x);
  Tensor greater = where(is_flat, x, y);
  Tensor t = where(is_flat, y, x) / greater;
  // Divided in two steps: the product of both divisors can overflow, too.
  Tensor share = grad / (square(t) + 1);
  return {share * where(is_flat, 1, t) / greater,
          -(share * where(is_flat, t, 1) / greater)};
}

std::vector<Tensor> gradient_remainder(const GradientArgs &args) {
  const Tensor &self = args.operands[0], &other = args.operands[1];
  const Tensor &result = args.results[0], &grad = args.gradients[0];
  std::vector<Tensor> gradients = {grad, {}};
  if (!args.needed[1])
    return gradients;
  // ⌊self / other⌋ as PyTorch has it: without the error of a rounded quotient,
  // and by an infinite number 0 or -1.
  Tensor quotient =
      where(other == 0, self / other, round((self - result) / other));
  Tensor is_far = logical_and(abs(other) == INFINITY, abs(self) < INFINITY);
  Tensor unit = where(result == self, 0, full({}, -1, self.dtype()));
  // A step function: its own gradient is zero, by 0 too.
  gradients[1] = -grad * where(is_far, unit, quotient).detach();
  return gradients;
}

} // namespace tensorc
