//===- Cublas.cpp - The peer for products ---------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "benchmarks/cuda/Cublas.h"

#include <dlfcn.h>
#include <stdexcept>

using namespace tensorc::benchmark;

namespace {
// Of cublas_api.h and library_types.h.
constexpr int kNoTranspose = 0, kDefaultAlgorithm = -1;
constexpr int kComputeF32 = 68, kComputeTf32 = 77;
constexpr int kRealF32 = 0, kRealF16 = 2, kRealBf16 = 14;

using Create = int(void **);
using Destroy = int(void *);
using SetStream = int(void *, void *);
using SetWorkspace = int(void *, void *, size_t);
using Gemm = int(void *, int, int, int, int, int, const void *, const void *,
                 int, int, const void *, int, int, const void *, void *, int,
                 int, int, int);

void checkCublas(int status, const char *what) {
  if (status)
    throw std::runtime_error(std::string("cuBLAS: ") + what + " gives status " +
                             std::to_string(status));
}

void *pointer(const Memory &memory) {
  return reinterpret_cast<void *>(memory.address);
}
} // namespace

bool Cublas::load(const std::vector<std::string> &folders) {
  std::vector<std::string> places;
  for (const std::string &folder : folders)
    places.push_back(folder + "/");
  places.push_back(""); // LD_LIBRARY_PATH and the system's
  places.push_back("/usr/local/cuda/lib64/");
  for (const std::string &place : places)
    for (const char *version : {".12", ".13"}) {
      // What it needs itself is beside it, where the loader may not look.
      dlopen((place + "libcublasLt.so" + version).c_str(),
             RTLD_NOW | RTLD_GLOBAL);
      library = dlopen((place + "libcublas.so" + version).c_str(), RTLD_NOW);
      if (library)
        return true;
    }
  return false;
}

void *Cublas::find(const char *name) {
  void *function = dlsym(library, name);
  if (!function)
    throw std::runtime_error(std::string("cuBLAS has no `") + name + "`");
  return function;
}

Cublas::Cublas(Device &device, const std::vector<std::string> &folders) {
  if (!load(folders)) {
    reason = "no libcublas.so.12 or .13 found";
    return;
  }
  try {
    checkCublas(reinterpret_cast<Create *>(find("cublasCreate_v2"))(&handle),
                "cublasCreate");
    checkCublas(reinterpret_cast<SetStream *>(find("cublasSetStream_v2"))(
                    handle, device.stream),
                "cublasSetStream");
    // Its own would be allocated while a graph is captured.
    constexpr uint64_t kWorkspace = 64 << 20;
    workspace = std::make_unique<Memory>(device, kWorkspace);
    checkCublas(reinterpret_cast<SetWorkspace *>(find("cublasSetWorkspace_v2"))(
                    handle, pointer(*workspace), kWorkspace),
                "cublasSetWorkspace");
  } catch (const std::runtime_error &error) {
    reason = error.what();
  }
}

Cublas::~Cublas() {
  if (handle)
    reinterpret_cast<Destroy *>(find("cublasDestroy_v2"))(handle);
}

void Cublas::multiply(const Product &product, int32_t dtype, const Memory &a,
                      const Memory &b, const Memory &c) {
  int type = dtype == TENSORC_F32   ? kRealF32
             : dtype == TENSORC_F16 ? kRealF16
                                    : kRealBf16;
  float one = 1, zero = 0;
  // It takes columns: cᵀ = bᵀ · aᵀ.
  int m = int(product.n), n = int(product.m), k = int(product.k);
  checkCublas(reinterpret_cast<Gemm *>(find("cublasGemmEx"))(
                  handle, kNoTranspose, kNoTranspose, m, n, k, &one, pointer(b),
                  type, m, pointer(a), type, k, &zero, pointer(c), type, m,
                  product.tf32 ? kComputeTf32 : kComputeF32, kDefaultAlgorithm),
              "cublasGemmEx");
}
