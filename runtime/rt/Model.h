//===- Model.h - Descriptions of compiled models ------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RT_MODEL_H
#define TENSORC_RT_MODEL_H

#include "Status.h"

namespace tensorc::rt {

/// Whether this runtime can read `model`'s description at all.
int32_t checkAbi(const tensorc_model *model);

} // namespace tensorc::rt

#endif // TENSORC_RT_MODEL_H
