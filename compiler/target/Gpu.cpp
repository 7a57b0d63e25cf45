//===- Gpu.cpp - The GPUs that code is made for ---------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/target/Gpu.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace tensorc;
using namespace tensorc::target;

static constexpr Gpu kGpus[] = {
    {.name = "sm_80",
     .features = "+ptx70",
     .multiprocessors = 108,
     .sharedBytes = 99 << 10,
     .hasWarpgroups = false},
    {.name = "sm_89",
     .features = "+ptx78",
     .multiprocessors = 142,
     .sharedBytes = 99 << 10,
     .hasWarpgroups = false},
    {.name = "sm_90a",
     .features = "+ptx80",
     .multiprocessors = 132,
     .sharedBytes = 227 << 10,
     .hasWarpgroups = true},
    {.name = "sm_100",
     .features = "+ptx86",
     .multiprocessors = 148,
     .sharedBytes = 99 << 10,
     .hasWarpgroups = false},
};

llvm::ArrayRef<Gpu> target::gpus() { return kGpus; }

std::string target::gpuNames() {
  std::string names;
  for (const Gpu &gpu : kGpus)
    names += (names.empty() ? "" : ", ") + gpu.name.str();
  return names;
}

const Gpu *target::findGpu(llvm::StringRef name) {
  const Gpu *found =
      llvm::find_if(kGpus, [&](const Gpu &gpu) { return gpu.name == name; });
  return found == std::end(kGpus) ? nullptr : found;
}

int32_t Gpu::capability() const {
  int32_t number = 0;
  llvm::StringRef digits = name.drop_front(llvm::StringRef("sm_").size());
  digits.consumeInteger(10, number);
  return number;
}

char Gpu::suffix() const {
  return llvm::isDigit(name.back()) ? '\0' : name.back();
}
