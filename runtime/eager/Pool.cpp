//===- Pool.cpp - Pools in eager mode -------------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "runtime/eager/Axes.h"
#include "runtime/eager/Compute.h"
#include "runtime/eager/Kernels.h"
#include "runtime/ops/Windows.h"
#include "tensorc/ops.h"

#include <algorithm>

namespace tensorc::eager {

static const KernelSet first_max_backward("first_max_backward");

/// Writes `grad` to the first maxima along `dims` of `elements`, 0 elsewhere,
/// in `result`, which lies as it likes; false where no kernel takes that.
static bool to_first_maxima(const Tensor &grad, const Tensor &elements,
                            const Ints &dims, const Tensor &result,
                            Location location) {
  // Kernels tell places by numbers below 1024.
  for (std::int64_t dim : dims)
    if (elements.shape()[std::size_t(dim)] >= 1024)
      return false;
  Axes kept, places;
  std::size_t next = 0;
  for (std::size_t d = 0; d < elements.shape().size(); ++d) {
    bool is_place =
        std::find(dims.begin(), dims.end(), std::int64_t(d)) != dims.end();
    (is_place ? places : kept)
        .add(elements.shape()[d], {elements.strides()[d], result.strides()[d],
                                   is_place ? 0 : grad.strides()[next]});
    next += !is_place;
  }
  if (!kept.fill(kKeptAxes) || !places.fill(kPlaceAxes) ||
      !first_max_backward.has(grad.dtype(), grad.device()))
    return false;
  run_kernel(first_max_backward, grad.dtype(),
             {Strided(grad).along(kept, 2),
              Strided(elements).along(kept, 0).along(places, 0),
              Strided(result).along(kept, 1).along(places, 1)},
             location);
  return true;
}

static Tensor max_pool_backward(const OpCall &call, const TensorType &type) {
  const Tensor &grad = call.operands[0], &self = call.operands[1];
  Windows windows(call.attributes, self.shape(), grad.shape());
  if (!windows.overlap() && !windows.padded()) {
    // Right to their places in the result.
    bool covered = std::all_of(
        windows.begin(), windows.end(), [](const WindowsAlong &along) {
          return along.kernel == along.stride &&
                 along.count * along.stride == along.size;
        });
    Tensor result = covered ? make_unset(type) : make_dense(type);
    if (to_first_maxima(grad, windows.view(self), windows.places(),
                        windows.view(result), call.location))
      return result;
  }
  return call.info.decompose({call.operands, call.attributes})[0];
}

Tensor pool(const OpCall &call, const TensorType &type) {
  if (element_count(type.shape) == 0 ||
      element_count(call.operands[0].shape()) == 0)
    return make_dense(type);
  if (call.info.name == "max_pool_backward")
    return max_pool_backward(call, type);
  if (call.info.decompose)
    return call.info.decompose({call.operands, call.attributes})[0];
  // The only one that doesn't is `first_max_backward`.
  Tensor result = make_unset(type);
  if (!to_first_maxima(call.operands[0], call.operands[1],
                       call.attributes.get<Ints>("dims"), result,
                       call.location))
    throw Error("[" + std::string(call.info.name) +
                    "] there is no kernel for such operands in eager mode",
                call.location);
  return result;
}

} // namespace tensorc::eager
