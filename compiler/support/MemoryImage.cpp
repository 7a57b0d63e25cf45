//===- MemoryImage.cpp - Constants as they lie in memory ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/support/MemoryImage.h"

using namespace mlir;

namespace tensorc::compiler {

std::string memoryImage(DenseElementsAttr value) {
  std::string bytes;
  if (value.getElementType().isInteger(1)) {
    for (bool bit : value.getValues<bool>())
      bytes.push_back(bit);
    return bytes;
  }
  ArrayRef<char> raw = value.getRawData();
  int64_t count = value.isSplat() ? value.getNumElements() : 1;
  bytes.reserve(raw.size() * count);
  for (int64_t i = 0; i != count; ++i)
    bytes.append(raw.begin(), raw.end());
  return bytes;
}

} // namespace tensorc::compiler
