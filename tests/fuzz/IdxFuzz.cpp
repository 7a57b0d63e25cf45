//===- IdxFuzz.cpp - Any bytes are an IDX file or an error ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/data/idx.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  try {
    tensorc::data::IdxArray array =
        tensorc::data::parse_idx(data, size, "fuzz");
    uint64_t bytes = tensorc::data::idx_element_size(array.type);
    for (int64_t dim : array.dims)
      bytes *= uint64_t(dim);
    if (bytes != array.bytes.size())
      __builtin_trap();
  } catch (const tensorc::data::Error &) {
  }
  return 0;
}
