//===- Code.h - The code of a model that suits a device -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DEVICE_CUDA_CODE_H
#define TENSORC_DEVICE_CUDA_CODE_H

#include "SharedDevice.h"

namespace tensorc::rt::cuda {

/// Whether `program` is one that this runtime can read, and consistent: no
/// index or offset in it leads outside. A damaged object is an error here, not
/// a stray write on the device.
int32_t checkProgram(const tensorc_cuda_program *program);

/// Says that its description isn't.
int32_t descriptionError(const tensorc_cuda_program &program);

/// The best code of `program` for `device`, or an error.
int32_t chooseCode(const tensorc_cuda_program &program,
                   const SharedDevice &device, const tensorc_cuda_code *&code);

/// Where buffer `index` lies in the block of those that have `bytes`; with
/// `index` their number, the block's size.
uint64_t offsetOf(const uint64_t *bytes, uint64_t index);

/// The kernels of a code, loaded when first asked for. One thread at a time,
/// the device's context being current.
class Kernels {
public:
  Kernels(SharedDevice &device, const tensorc_cuda_program &program,
          const tensorc_cuda_code &code)
      : device(device), program(program), code(code) {}
  Kernels(const Kernels &) = delete;
  Kernels &operator=(const Kernels &) = delete;
  ~Kernels();

  /// Loads a kernel so that it can be launched with this much shared memory.
  int32_t load(uint32_t kernel, uint32_t sharedBytes);
  /// A kernel that was loaded.
  Function operator[](uint32_t kernel) const {
    return kernels[kernel].function;
  }

private:
  struct LoadedModule {
    Library library; ///< one of the two
    Module module;
  };
  struct LoadedKernel {
    Function function;
    uint32_t sharedBytes; ///< as far as it was told
  };
  int32_t loadModule(uint32_t index, LoadedModule &loaded);
  Result loadImage(const void *image, LoadedModule &loaded, char *log,
                   size_t logBytes);
  int32_t allocateTables();

  SharedDevice &device;
  const tensorc_cuda_program &program;
  const tensorc_cuda_code &code;
  LoadedModule *modules = nullptr;
  LoadedKernel *kernels = nullptr;
};

} // namespace tensorc::rt::cuda

#endif // TENSORC_DEVICE_CUDA_CODE_H
