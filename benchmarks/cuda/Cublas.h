//===- Cublas.h - The peer for products -------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_BENCHMARKS_CUDA_CUBLAS_H
#define TENSORC_BENCHMARKS_CUDA_CUBLAS_H

#include "benchmarks/cuda/Cases.h"
#include "benchmarks/cuda/Device.h"

namespace tensorc::benchmark {

/// cuBLAS, if it is found: of CUDA 12 or 13, in `folders`, then where the
/// system looks, then where the toolkit is.
class Cublas {
public:
  Cublas(Device &device, const std::vector<std::string> &folders);
  Cublas(const Cublas &) = delete;
  Cublas &operator=(const Cublas &) = delete;
  ~Cublas();

  /// Empty where it is there, else one line that says why not.
  const std::string &missing() const { return reason; }
  /// Queues c = a · b, all row-major of type `dtype`, with f32 sums. f32
  /// factors stay f32 unless the product says otherwise.
  void multiply(const Product &product, int32_t dtype, const Memory &a,
                const Memory &b, const Memory &c);

private:
  bool load(const std::vector<std::string> &folders);
  void *find(const char *name);

  void *library = nullptr;
  void *handle = nullptr;
  std::unique_ptr<Memory> workspace;
  std::string reason;
};

} // namespace tensorc::benchmark

#endif // TENSORC_BENCHMARKS_CUDA_CUBLAS_H
