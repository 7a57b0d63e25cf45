//===- Code.cpp - The code of a model that suits a device -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Code.h"

#include <stdio.h>
#include <string.h>

using namespace tensorc::rt;
using namespace tensorc::rt::cuda;

namespace {

/// "sm_90a".
struct TargetText {
  explicit TargetText(const tensorc_cuda_code &code) {
    snprintf(text, sizeof(text), code.suffix ? "sm_%d%c" : "sm_%d", code.sm,
             code.suffix);
  }
  char text[24];
};

/// Whether cubins of `code` run on a device of capability `sm`: on later minor
/// versions of the same major one, unless they are for one capability alone.
bool binaryRuns(const tensorc_cuda_code &code, int32_t sm) {
  if (code.suffix == 'a')
    return code.sm == sm;
  return code.sm <= sm && code.sm / 10 == sm / 10;
}

/// Whether PTX of `code` can be compiled for a device of capability `sm`.
bool ptxRuns(const tensorc_cuda_code &code, int32_t sm) {
  return code.suffix ? binaryRuns(code, sm) : code.sm <= sm;
}

bool runs(const tensorc_cuda_code &code, int32_t sm) {
  if (!ptxRuns(code, sm))
    return false;
  if (binaryRuns(code, sm))
    return true;
  for (uint64_t i = 0; i < code.module_count; ++i)
    if (!code.modules[i].ptx)
      return false;
  return true;
}

/// Later capabilities are better; of the same, what is more special.
int32_t rank(const tensorc_cuda_code &code) {
  return code.sm * 3 + (code.suffix == 'a' ? 2 : code.suffix == 'f' ? 1 : 0);
}

/// The first line of a text, for a message of one line.
struct FirstLine {
  explicit FirstLine(const char *words) {
    size_t length = strcspn(words, "\n");
    snprintf(text, sizeof(text), "%s%.*s", length ? ": " : "",
             static_cast<int>(length), words);
  }
  char text[256];
};

} // namespace

int32_t tensorc::rt::cuda::chooseCode(const tensorc_cuda_program &program,
                                      const SharedDevice &device,
                                      const tensorc_cuda_code *&code) {
  code = nullptr;
  for (uint64_t i = 0; i < program.code_count; ++i) {
    const tensorc_cuda_code &candidate = program.codes[i];
    if (runs(candidate, device.info.sm) &&
        (!code || rank(candidate) > rank(*code)))
      code = &candidate;
  }
  if (code)
    return TENSORC_OK;
  char list[256] = "";
  for (uint64_t i = 0, used = 0; i < program.code_count && used < 200; ++i)
    used += snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "",
                     TargetText(program.codes[i]).text);
  return tensorc_rt_fail(
      TENSORC_ERROR_NO_DEVICE,
      "model `%s` has no code for CUDA device %d (`%s`, sm_%d), only for %s",
      program.model->name, device.ordinal, device.info.name, device.info.sm,
      list);
}

uint64_t tensorc::rt::cuda::offsetOf(const uint64_t *bytes, uint64_t index) {
  constexpr uint64_t kMask = TENSORC_CUDA_ALIGNMENT - 1;
  uint64_t offset = 0;
  for (uint64_t i = 0; i < index; ++i)
    offset += (bytes[i] + kMask) & ~kMask;
  return offset;
}

Kernels::~Kernels() {
  for (uint64_t i = 0; modules && i < code.module_count; ++i) {
    if (modules[i].library)
      device.note(api().libraryUnload(modules[i].library),
                  api().libraryUnload.name);
    if (modules[i].module)
      device.note(api().moduleUnload(modules[i].module),
                  api().moduleUnload.name);
  }
  free(modules);
  free(kernels);
}

int32_t Kernels::allocateTables() {
  if (!modules)
    modules = static_cast<LoadedModule *>(
        calloc(code.module_count, sizeof(LoadedModule)));
  if (!kernels)
    kernels = static_cast<LoadedKernel *>(
        calloc(code.kernel_count, sizeof(LoadedKernel)));
  if (modules && kernels)
    return TENSORC_OK;
  return tensorc_rt_fail(TENSORC_ERROR_OUT_OF_MEMORY,
                         "model `%s`: not enough memory for its kernels",
                         program.model->name);
}

Result Kernels::loadImage(const void *image, LoadedModule &loaded, char *log,
                          size_t logBytes) {
  JitOption options[] = {kJitErrorLogBuffer, kJitErrorLogBufferBytes};
  auto load = [&] {
    void *values[] = {log, reinterpret_cast<void *>(logBytes)};
    log[0] = 0;
    if (!api().libraryLoadData.address)
      return api().moduleLoadDataEx(&loaded.module, image, 2, options, values);
    Result result = api().libraryLoadData(&loaded.library, image, options,
                                          values, 2, nullptr, nullptr, 0);
    // A driver that has the function may still not support it.
    if (result == kNotSupported)
      result =
          api().moduleLoadDataEx(&loaded.module, image, 2, options, values);
    return result;
  };
  Result result = load();
  if (result == kOutOfMemory) {
    device.memory.releaseCache();
    result = load();
  }
  if (result != kSuccess)
    loaded = {};
  return result;
}

int32_t Kernels::loadModule(uint32_t index, LoadedModule &loaded) {
  if (int32_t status = device.checkLost())
    return status;
  const tensorc_cuda_module &module = code.modules[index];
  char log[1024];
  Result result = kNoBinaryForGpu;
  if (module.cubin && binaryRuns(code, device.info.sm))
    result = loadImage(module.cubin, loaded, log, sizeof(log));
  // An image that this driver can't read is no reason to give up.
  if (module.ptx && (result == kNoBinaryForGpu || result == kInvalidImage ||
                     result == kInvalidSource))
    result = loadImage(module.ptx, loaded, log, sizeof(log));
  if (result == kSuccess)
    return TENSORC_OK;
  if (result == kUnsupportedPtxVersion || result == kNoBinaryForGpu)
    return tensorc_rt_fail(
        TENSORC_ERROR_NO_DEVICE,
        "model `%s`: the driver, CUDA %d.%d, is too old for its %s code: %s",
        program.model->name, device.info.driver_version / 1000,
        device.info.driver_version % 1000 / 10, TargetText(code).text,
        ErrorWords(result).text);
  int32_t status = device.failed(result, api().libraryLoadData.address
                                             ? api().libraryLoadData.name
                                             : api().moduleLoadDataEx.name);
  return tensorc_rt_fail(status, "model `%s`: %s%s", program.model->name,
                         tensorc_rt_last_error(), FirstLine(log).text);
}

int32_t Kernels::load(uint32_t index, uint32_t sharedBytes) {
  if (int32_t status = allocateTables())
    return status;
  const tensorc_cuda_kernel &kernel = code.kernels[index];
  LoadedModule &module = modules[kernel.module];
  if (!module.library && !module.module)
    if (int32_t status = loadModule(kernel.module, module))
      return status;

  LoadedKernel &loaded = kernels[index];
  int32_t status = TENSORC_OK;
  if (!loaded.function) {
    Function function = nullptr;
    if (module.library) {
      Kernel handle = nullptr;
      status = device.callWithRoom(api().libraryGetKernel, &handle,
                                   module.library, kernel.name);
      if (!status)
        status =
            device.callWithRoom(api().kernelGetFunction, &function, handle);
    } else {
      status = device.callWithRoom(api().moduleGetFunction, &function,
                                   module.module, kernel.name);
    }
    // Loading at the first launch could fail in the midst of a step.
    if (!status && api().funcLoad.address)
      status = device.callWithRoom(api().funcLoad, function);
    if (!status)
      loaded.function = function;
  }
  // What a kernel may have without being asked for.
  constexpr uint32_t kDefaultSharedBytes = 48 << 10;
  if (!status && sharedBytes > kDefaultSharedBytes &&
      sharedBytes > loaded.sharedBytes) {
    status =
        device.call(api().funcSetAttribute, loaded.function,
                    kMaxDynamicSharedSizeBytes, static_cast<int>(sharedBytes));
    if (!status)
      loaded.sharedBytes = sharedBytes;
  }
  if (status)
    return tensorc_rt_fail(status,
                           "model `%s`, kernel `%s` (%u bytes of shared "
                           "memory): %s",
                           program.model->name, kernel.name, sharedBytes,
                           tensorc_rt_last_error());
  return TENSORC_OK;
}
