//===- Api.h - The part of the CUDA driver API that is used ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Declared here so that no toolkit is needed. A test compares all of it with
// the toolkit's cuda.h where there is one.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DEVICE_CUDA_API_H
#define TENSORC_DEVICE_CUDA_API_H

#include <stddef.h>

namespace tensorc::rt::cuda {

/// A `CUresult`. An int: drivers know more of them than are named here.
using Result = int;
inline constexpr Result kSuccess = 0, kInvalidValue = 1, kOutOfMemory = 2,
                        kDeinitialized = 4, kDeviceUnavailable = 46,
                        kNoDevice = 100, kInvalidDevice = 101,
                        kInvalidImage = 200, kNoBinaryForGpu = 209,
                        kEccUncorrectable = 214, kInvalidPtx = 218,
                        kNvlinkUncorrectable = 220, kJitCompilerNotFound = 221,
                        kUnsupportedPtxVersion = 222,
                        kJitCompilationDisabled = 223, kContained = 226,
                        kInvalidSource = 300, kInvalidHandle = 400,
                        kNotFound = 500, kIllegalAddress = 700,
                        kLaunchTimeout = 702, kContextIsDestroyed = 709,
                        kAssert = 710, kHardwareStackError = 714,
                        kIllegalInstruction = 715, kMisalignedAddress = 716,
                        kInvalidAddressSpace = 717, kInvalidPc = 718,
                        kLaunchFailed = 719, kTensorMemoryLeak = 721,
                        kNotSupported = 801, kMpsClientTerminated = 810,
                        kUnknown = 999;

using DeviceHandle = int;
using Address = unsigned long long;
using Context = struct OpaqueContext *;
using Module = struct OpaqueModule *;
using Library = struct OpaqueLibrary *;
using Kernel = struct OpaqueKernel *;
using Function = struct OpaqueFunction *;
using Stream = struct OpaqueStream *;
using Event = struct OpaqueEvent *;
using Graph = struct OpaqueGraph *;
using GraphExec = struct OpaqueGraphExec *;

/// `CUdevice_attribute`
enum DeviceAttribute : int {
  kMultiprocessorCount = 16,
  kComputeCapabilityMajor = 75,
  kComputeCapabilityMinor = 76,
};
/// `CUfunction_attribute`
enum FunctionAttribute : int { kMaxDynamicSharedSizeBytes = 8 };
/// `CUjit_option`
enum JitOption : int { kJitErrorLogBuffer = 5, kJitErrorLogBufferBytes = 6 };
/// `CUlibraryOption`
enum LibraryOption : int {};
/// `CUstreamCaptureMode`
enum CaptureMode : int { kCaptureThreadLocal = 1 };
/// `CUlaunchAttributeID`
enum LaunchAttributeId : int { kClusterDimension = 4 };

enum : unsigned {
  kStreamNonBlocking = 1,
  kEventDisableTiming = 2,
};

/// `CUlaunchAttribute`
struct LaunchAttribute {
  LaunchAttributeId id;
  char padding[4];
  union {
    char bytes[64];
    unsigned cluster[3];
  } value;
};

/// `CUlaunchConfig`
struct LaunchConfig {
  unsigned grid[3];
  unsigned block[3];
  unsigned sharedBytes;
  Stream stream;
  LaunchAttribute *attributes;
  unsigned attributeCount;
};

/// A function of the driver, by the name it is exported under.
struct Symbol {
  constexpr Symbol(Symbol *&first, const char *name, bool required = true)
      : name(name), required(required), next(first) {
    first = this;
  }
  const char *name;
  bool required;
  void *address = nullptr;
  Symbol *next;
};

template <typename... Parameters> struct Entry : Symbol {
  using Symbol::Symbol;
  [[gnu::always_inline]] Result operator()(Parameters... arguments) const {
    return reinterpret_cast<Result (*)(Parameters...)>(address)(arguments...);
  }
};

/// The driver's functions, all required ones there once it is loaded.
struct Api {
  Symbol *first = nullptr; // must come before the entries

  Entry<unsigned> init{first, "cuInit"};
  Entry<int *> driverGetVersion{first, "cuDriverGetVersion"};
  Entry<Result, const char **> getErrorName{first, "cuGetErrorName"};
  Entry<Result, const char **> getErrorString{first, "cuGetErrorString"};

  Entry<int *> deviceGetCount{first, "cuDeviceGetCount"};
  Entry<DeviceHandle *, int> deviceGet{first, "cuDeviceGet"};
  Entry<char *, int, DeviceHandle> deviceGetName{first, "cuDeviceGetName"};
  Entry<size_t *, DeviceHandle> deviceTotalMem{first, "cuDeviceTotalMem_v2"};
  Entry<int *, DeviceAttribute, DeviceHandle> deviceGetAttribute{
      first, "cuDeviceGetAttribute"};
  Entry<Context *, DeviceHandle> primaryCtxRetain{first,
                                                  "cuDevicePrimaryCtxRetain"};
  Entry<DeviceHandle> primaryCtxRelease{first, "cuDevicePrimaryCtxRelease_v2"};
  Entry<Context> ctxPushCurrent{first, "cuCtxPushCurrent_v2"};
  Entry<Context *> ctxPopCurrent{first, "cuCtxPopCurrent_v2"};

  Entry<size_t *, size_t *> memGetInfo{first, "cuMemGetInfo_v2"};
  Entry<Address *, size_t> memAlloc{first, "cuMemAlloc_v2"};
  Entry<Address> memFree{first, "cuMemFree_v2"};
  Entry<void **, size_t, unsigned> memHostAlloc{first, "cuMemHostAlloc"};
  Entry<void *> memFreeHost{first, "cuMemFreeHost"};
  Entry<Address, const void *, size_t> memcpyHtoD{first, "cuMemcpyHtoD_v2"};
  Entry<void *, Address, size_t> memcpyDtoH{first, "cuMemcpyDtoH_v2"};
  Entry<Address, const void *, size_t, Stream> memcpyHtoDAsync{
      first, "cuMemcpyHtoDAsync_v2"};
  Entry<void *, Address, size_t, Stream> memcpyDtoHAsync{
      first, "cuMemcpyDtoHAsync_v2"};
  Entry<Address, unsigned char, size_t, Stream> memsetD8Async{
      first, "cuMemsetD8Async"};

  Entry<Stream *, unsigned> streamCreate{first, "cuStreamCreate"};
  Entry<Stream> streamDestroy{first, "cuStreamDestroy_v2"};
  Entry<Stream> streamSynchronize{first, "cuStreamSynchronize"};
  Entry<Stream, Event, unsigned> streamWaitEvent{first, "cuStreamWaitEvent"};
  Entry<Event *, unsigned> eventCreate{first, "cuEventCreate"};
  Entry<Event> eventDestroy{first, "cuEventDestroy_v2"};
  Entry<Event, Stream> eventRecord{first, "cuEventRecord"};
  Entry<Event> eventSynchronize{first, "cuEventSynchronize"};

  // Since CUDA 12.0. Without them, modules serve.
  Entry<Library *, const void *, JitOption *, void **, unsigned,
        LibraryOption *, void **, unsigned>
      libraryLoadData{first, "cuLibraryLoadData", false};
  Entry<Library> libraryUnload{first, "cuLibraryUnload", false};
  Entry<Kernel *, Library, const char *> libraryGetKernel{
      first, "cuLibraryGetKernel", false};
  Entry<Function *, Kernel> kernelGetFunction{first, "cuKernelGetFunction",
                                              false};
  Entry<Module *, const void *, unsigned, JitOption *, void **>
      moduleLoadDataEx{first, "cuModuleLoadDataEx"};
  Entry<Module> moduleUnload{first, "cuModuleUnload"};
  Entry<Function *, Module, const char *> moduleGetFunction{
      first, "cuModuleGetFunction"};
  // Since CUDA 12.4. Without it, a function is loaded at its first launch.
  Entry<Function> funcLoad{first, "cuFuncLoad", false};
  Entry<Function, FunctionAttribute, int> funcSetAttribute{
      first, "cuFuncSetAttribute"};

  Entry<Function, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned,
        unsigned, Stream, void **, void **>
      launchKernel{first, "cuLaunchKernel"};
  // Since CUDA 11.8. Only clusters need it.
  Entry<const LaunchConfig *, Function, void **, void **> launchKernelEx{
      first, "cuLaunchKernelEx", false};
  Entry<Stream, CaptureMode> streamBeginCapture{first,
                                                "cuStreamBeginCapture_v2"};
  Entry<Stream, Graph *> streamEndCapture{first, "cuStreamEndCapture"};
  Entry<GraphExec *, Graph, unsigned long long> graphInstantiate{
      first, "cuGraphInstantiateWithFlags"};
  Entry<Graph> graphDestroy{first, "cuGraphDestroy"};
  Entry<GraphExec, Stream> graphLaunch{first, "cuGraphLaunch"};
  Entry<GraphExec> graphExecDestroy{first, "cuGraphExecDestroy"};
};

} // namespace tensorc::rt::cuda

#endif // TENSORC_DEVICE_CUDA_API_H
