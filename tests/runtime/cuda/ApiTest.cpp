//===- ApiTest.cpp - Our declarations against the toolkit's ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Built where a toolkit is: a difference doesn't compile.
//
//===----------------------------------------------------------------------===//

#include "runtime/device/cuda/Api.h"

#include <cuda.h>
#include <gtest/gtest.h>
#include <set>
#include <string>

namespace ours = tensorc::rt::cuda;

// Values.
static_assert(ours::kSuccess == CUDA_SUCCESS);
static_assert(ours::kInvalidValue == CUDA_ERROR_INVALID_VALUE);
static_assert(ours::kOutOfMemory == CUDA_ERROR_OUT_OF_MEMORY);
static_assert(ours::kDeinitialized == CUDA_ERROR_DEINITIALIZED);
static_assert(ours::kDeviceUnavailable == CUDA_ERROR_DEVICE_UNAVAILABLE);
static_assert(ours::kNoDevice == CUDA_ERROR_NO_DEVICE);
static_assert(ours::kInvalidDevice == CUDA_ERROR_INVALID_DEVICE);
static_assert(ours::kInvalidImage == CUDA_ERROR_INVALID_IMAGE);
static_assert(ours::kNoBinaryForGpu == CUDA_ERROR_NO_BINARY_FOR_GPU);
static_assert(ours::kEccUncorrectable == CUDA_ERROR_ECC_UNCORRECTABLE);
static_assert(ours::kInvalidPtx == CUDA_ERROR_INVALID_PTX);
static_assert(ours::kNvlinkUncorrectable == CUDA_ERROR_NVLINK_UNCORRECTABLE);
static_assert(ours::kJitCompilerNotFound == CUDA_ERROR_JIT_COMPILER_NOT_FOUND);
static_assert(ours::kUnsupportedPtxVersion ==
              CUDA_ERROR_UNSUPPORTED_PTX_VERSION);
static_assert(ours::kJitCompilationDisabled ==
              CUDA_ERROR_JIT_COMPILATION_DISABLED);
static_assert(ours::kInvalidSource == CUDA_ERROR_INVALID_SOURCE);
static_assert(ours::kInvalidHandle == CUDA_ERROR_INVALID_HANDLE);
static_assert(ours::kNotFound == CUDA_ERROR_NOT_FOUND);
static_assert(ours::kIllegalAddress == CUDA_ERROR_ILLEGAL_ADDRESS);
static_assert(ours::kLaunchTimeout == CUDA_ERROR_LAUNCH_TIMEOUT);
static_assert(ours::kContextIsDestroyed == CUDA_ERROR_CONTEXT_IS_DESTROYED);
static_assert(ours::kAssert == CUDA_ERROR_ASSERT);
static_assert(ours::kHardwareStackError == CUDA_ERROR_HARDWARE_STACK_ERROR);
static_assert(ours::kIllegalInstruction == CUDA_ERROR_ILLEGAL_INSTRUCTION);
static_assert(ours::kMisalignedAddress == CUDA_ERROR_MISALIGNED_ADDRESS);
static_assert(ours::kInvalidAddressSpace == CUDA_ERROR_INVALID_ADDRESS_SPACE);
static_assert(ours::kInvalidPc == CUDA_ERROR_INVALID_PC);
static_assert(ours::kLaunchFailed == CUDA_ERROR_LAUNCH_FAILED);
static_assert(ours::kNotSupported == CUDA_ERROR_NOT_SUPPORTED);
static_assert(ours::kMpsClientTerminated == CUDA_ERROR_MPS_CLIENT_TERMINATED);
static_assert(ours::kUnknown == CUDA_ERROR_UNKNOWN);
#if CUDA_VERSION >= 12090
static_assert(ours::kContained == CUDA_ERROR_CONTAINED);
static_assert(ours::kTensorMemoryLeak == CUDA_ERROR_TENSOR_MEMORY_LEAK);
#endif
static_assert(int(ours::kMultiprocessorCount) ==
              CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
static_assert(int(ours::kComputeCapabilityMajor) ==
              CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
static_assert(int(ours::kComputeCapabilityMinor) ==
              CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
static_assert(int(ours::kMaxDynamicSharedSizeBytes) ==
              CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES);
static_assert(int(ours::kJitErrorLogBuffer) == CU_JIT_ERROR_LOG_BUFFER);
static_assert(int(ours::kJitErrorLogBufferBytes) ==
              CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES);
static_assert(int(ours::kCaptureThreadLocal) ==
              CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
static_assert(int(ours::kClusterDimension) ==
              CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION);
static_assert(unsigned(ours::kStreamNonBlocking) == CU_STREAM_NON_BLOCKING);
static_assert(unsigned(ours::kEventDisableTiming) == CU_EVENT_DISABLE_TIMING);

// Layouts.
static_assert(sizeof(ours::Address) == sizeof(CUdeviceptr));
static_assert(sizeof(ours::DeviceHandle) == sizeof(CUdevice));
static_assert(sizeof(ours::LaunchAttribute) == sizeof(CUlaunchAttribute));
static_assert(offsetof(ours::LaunchAttribute, value) ==
              offsetof(CUlaunchAttribute, value));
static_assert(sizeof(ours::LaunchConfig) == sizeof(CUlaunchConfig));
static_assert(offsetof(ours::LaunchConfig, block) ==
              offsetof(CUlaunchConfig, blockDimX));
static_assert(offsetof(ours::LaunchConfig, sharedBytes) ==
              offsetof(CUlaunchConfig, sharedMemBytes));
static_assert(offsetof(ours::LaunchConfig, stream) ==
              offsetof(CUlaunchConfig, hStream));
static_assert(offsetof(ours::LaunchConfig, attributes) ==
              offsetof(CUlaunchConfig, attrs));
static_assert(offsetof(ours::LaunchConfig, attributeCount) ==
              offsetof(CUlaunchConfig, numAttrs));

namespace {

template <typename Ours, typename Theirs> constexpr bool sameParameters = false;
template <typename... Ours, typename... Theirs>
constexpr bool
    sameParameters<ours::Entry<Ours...>, CUresult CUDAAPI(Theirs...)> =
        sizeof...(Ours) == sizeof...(Theirs) &&
        ((sizeof(Ours) == sizeof(Theirs) &&
          std::is_pointer_v<Ours> == std::is_pointer_v<Theirs>) &&
         ...);

std::set<std::string> compared;

} // namespace

// The toolkit's macros give each function the name that is exported for its
// version of the API.
#define TEXT_OF(name) #name
#define EXPORTED_NAME(name) TEXT_OF(name)
#define COMPARE(entry, function)                                               \
  static_assert(                                                               \
      sameParameters<decltype(ours::Api::entry), decltype(function)>);         \
  EXPECT_STREQ(api.entry.name, EXPORTED_NAME(function));                       \
  compared.insert(api.entry.name)

TEST(ApiTest, NamesAndParameters) {
  ours::Api api;
  COMPARE(init, cuInit);
  COMPARE(driverGetVersion, cuDriverGetVersion);
  COMPARE(getErrorName, cuGetErrorName);
  COMPARE(getErrorString, cuGetErrorString);
  COMPARE(deviceGetCount, cuDeviceGetCount);
  COMPARE(deviceGet, cuDeviceGet);
  COMPARE(deviceGetName, cuDeviceGetName);
  COMPARE(deviceTotalMem, cuDeviceTotalMem);
  COMPARE(deviceGetAttribute, cuDeviceGetAttribute);
  COMPARE(primaryCtxRetain, cuDevicePrimaryCtxRetain);
  COMPARE(primaryCtxRelease, cuDevicePrimaryCtxRelease);
  COMPARE(ctxPushCurrent, cuCtxPushCurrent);
  COMPARE(ctxPopCurrent, cuCtxPopCurrent);
  COMPARE(memGetInfo, cuMemGetInfo);
  COMPARE(memAlloc, cuMemAlloc);
  COMPARE(memFree, cuMemFree);
  COMPARE(memHostAlloc, cuMemHostAlloc);
  COMPARE(memFreeHost, cuMemFreeHost);
  COMPARE(memcpyHtoD, cuMemcpyHtoD);
  COMPARE(memcpyDtoH, cuMemcpyDtoH);
  COMPARE(memcpyHtoDAsync, cuMemcpyHtoDAsync);
  COMPARE(memcpyDtoHAsync, cuMemcpyDtoHAsync);
  COMPARE(memsetD8Async, cuMemsetD8Async);
  COMPARE(streamCreate, cuStreamCreate);
  COMPARE(streamDestroy, cuStreamDestroy);
  COMPARE(streamSynchronize, cuStreamSynchronize);
  COMPARE(streamWaitEvent, cuStreamWaitEvent);
  COMPARE(eventCreate, cuEventCreate);
  COMPARE(eventDestroy, cuEventDestroy);
  COMPARE(eventRecord, cuEventRecord);
  COMPARE(eventSynchronize, cuEventSynchronize);
  COMPARE(libraryLoadData, cuLibraryLoadData);
  COMPARE(libraryUnload, cuLibraryUnload);
  COMPARE(libraryGetKernel, cuLibraryGetKernel);
  COMPARE(kernelGetFunction, cuKernelGetFunction);
  COMPARE(moduleLoadDataEx, cuModuleLoadDataEx);
  COMPARE(moduleUnload, cuModuleUnload);
  COMPARE(moduleGetFunction, cuModuleGetFunction);
#if CUDA_VERSION >= 12040
  COMPARE(funcLoad, cuFuncLoad);
#endif
  COMPARE(funcSetAttribute, cuFuncSetAttribute);
  COMPARE(launchKernel, cuLaunchKernel);
  COMPARE(launchKernelEx, cuLaunchKernelEx);
  COMPARE(streamBeginCapture, cuStreamBeginCapture);
  COMPARE(streamEndCapture, cuStreamEndCapture);
  COMPARE(graphInstantiate, cuGraphInstantiateWithFlags);
  COMPARE(graphDestroy, cuGraphDestroy);
  COMPARE(graphLaunch, cuGraphLaunch);
  COMPARE(graphExecDestroy, cuGraphExecDestroy);
  for (ours::Symbol *symbol = api.first; symbol; symbol = symbol->next)
#if CUDA_VERSION < 12040
    if (symbol != &api.funcLoad)
#endif
      EXPECT_TRUE(compared.count(symbol->name)) << symbol->name;
}
