//===- FakeDriver.cpp - The functions of the fake driver ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// A call that is told to fail does nothing, except those that give something
// back: they do, as the driver's may report failures of earlier work. Only
// freeing memory leaves it as it was.
//
// FAKE_CUDA_OLD leaves out what came with CUDA 11.8 and later;
// FAKE_CUDA_ANCIENT leaves out something that is required.
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/cuda/FakeMachine.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace tensorc::rt::cuda;

extern "C" FakeDriver *fakecuda() { return &machine().fake; }

namespace {

/// A call under the lock.
struct Call {
  explicit Call(const char *name, bool needsContext = true)
      : guard(machine().lock), result(machine().enter(name, needsContext)) {}
  std::lock_guard<std::recursive_mutex> guard;
  Result result;
};

/// What no thread may do while one of its streams is captured.
Result unsafeWhileCapturing(const char *name) {
  if (!machine().capturing())
    return kSuccess;
  machine().violation(std::string(name) + " while capturing");
  return 900; // CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED
}

template <typename Handle>
void destroy(std::set<Handle> &handles, Handle handle, const char *kind) {
  if (!handles.erase(handle))
    return machine().violation(std::string(kind) + " that isn't one");
  machine().count(kind, -1);
  delete handle;
}

template <typename Handle>
Result load(Handle *handle, const void *image, const char *kind,
            const JitOption *options, void **values, unsigned count) {
  const char *text = static_cast<const char *>(image);
  for (auto &[start, result] : machine().fake.imageResults)
    if (std::strncmp(text, start.c_str(), start.size()) == 0 && result) {
      for (unsigned i = 0; i < count; ++i)
        if (options[i] == kJitErrorLogBuffer)
          std::strcpy(static_cast<char *>(values[i]),
                      "ptxas fatal: as told\nsecond line");
      return result;
    }
  auto *loaded = new std::remove_pointer_t<Handle>;
  if (!parseImage(text, *loaded)) {
    delete loaded;
    return kInvalidImage;
  }
  machine().count(kind, 1);
  *handle = loaded;
  return kSuccess;
}

OpaqueFunction *find(FakeImage &image, const char *name) {
  auto found = image.functions.find(name);
  return found == image.functions.end() ? nullptr : &found->second;
}

Result launch(const char *name, const LaunchConfig &config, Function function,
              void **arguments) {
  Call call(name);
  if (call.result)
    return call.result;
  if (config.sharedBytes > function->sharedLimit)
    return kInvalidValue;
  FakeLaunch launch = {};
  for (int i = 0; i < 3; ++i) {
    launch.grid[i] = config.grid[i];
    launch.block[i] = config.block[i];
  }
  for (unsigned i = 0; i < config.attributeCount; ++i)
    if (config.attributes[i].id == kClusterDimension)
      std::memcpy(launch.cluster, config.attributes[i].value.cluster,
                  sizeof(launch.cluster));
  launch.sharedBytes = config.sharedBytes;
  for (std::size_t i = 0; i < function->parameters.size(); ++i) {
    launch.arguments.push_back(0);
    std::memcpy(&launch.arguments.back(), arguments[i],
                function->parameters[i]);
  }
  return machine().push(config.stream, {function->name, [=] {
                                          machine().execute(*function, launch);
                                        }});
}

} // namespace

extern "C" {

Result cuInit(unsigned) {
  Call call("cuInit", false);
  return call.result ? call.result : machine().fake.initResult;
}
Result cuDriverGetVersion(int *version) {
  Call call("cuDriverGetVersion", false);
  *version = machine().fake.version;
  return call.result;
}
Result cuGetErrorName(Result result, const char **name) {
  static const std::map<Result, const char *> names = {
      {kInvalidValue, "CUDA_ERROR_INVALID_VALUE"},
      {kOutOfMemory, "CUDA_ERROR_OUT_OF_MEMORY"},
      {kDeviceUnavailable, "CUDA_ERROR_DEVICE_UNAVAILABLE"},
      {kNoDevice, "CUDA_ERROR_NO_DEVICE"},
      {kInvalidPtx, "CUDA_ERROR_INVALID_PTX"},
      {kUnsupportedPtxVersion, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION"},
      {kLaunchFailed, "CUDA_ERROR_LAUNCH_FAILED"},
      {kUnknown, "CUDA_ERROR_UNKNOWN"}};
  auto found = names.find(result);
  if (found == names.end())
    return kInvalidValue;
  *name = found->second;
  return kSuccess;
}
Result cuGetErrorString(Result result, const char **words) {
  *words = result == kLaunchFailed ? "unspecified launch failure" : "as told";
  return kSuccess;
}

Result cuDeviceGetCount(int *count) {
  Call call("cuDeviceGetCount", false);
  *count = machine().fake.devices;
  return call.result;
}
Result cuDeviceGet(DeviceHandle *device, int ordinal) {
  Call call("cuDeviceGet", false);
  *device = ordinal;
  return call.result;
}
Result cuDeviceGetName(char *name, int length, DeviceHandle) {
  Call call("cuDeviceGetName", false);
  std::snprintf(name, static_cast<std::size_t>(length), "Fake");
  return call.result;
}
Result cuDeviceTotalMem_v2(std::size_t *bytes, DeviceHandle) {
  Call call("cuDeviceTotalMem_v2", false);
  *bytes = machine().fake.memoryBytes;
  return call.result;
}
Result cuDeviceGetAttribute(int *value, DeviceAttribute attribute,
                            DeviceHandle) {
  Call call("cuDeviceGetAttribute", false);
  int sm = machine().fake.sm;
  *value = attribute == kComputeCapabilityMajor ? sm / 10
           : attribute == kComputeCapabilityMinor
               ? sm % 10
               : machine().fake.multiprocessors;
  return call.result;
}
Result cuDevicePrimaryCtxRetain(Context *context, DeviceHandle) {
  Call call("cuDevicePrimaryCtxRetain", false);
  if (call.result)
    return call.result;
  ++machine().context.users;
  machine().count("context", 1);
  *context = &machine().context;
  return kSuccess;
}
Result cuDevicePrimaryCtxRelease_v2(DeviceHandle) {
  Call call("cuDevicePrimaryCtxRelease_v2", false);
  machine().count("context", -1);
  if (--machine().context.users == 0)
    machine().endContext();
  return call.result;
}
Result cuCtxPushCurrent_v2(Context context) {
  Call call("cuCtxPushCurrent_v2", false);
  if (!call.result)
    currentContexts().push_back(context);
  return call.result;
}
Result cuCtxPopCurrent_v2(Context *context) {
  Call call("cuCtxPopCurrent_v2", false);
  if (currentContexts().empty()) {
    machine().violation("pops no context");
    return kInvalidValue;
  }
  *context = currentContexts().back();
  currentContexts().pop_back();
  return call.result;
}

Result cuMemGetInfo_v2(std::size_t *available, std::size_t *total) {
  Call call("cuMemGetInfo_v2");
  if (call.result)
    return call.result;
  *total = machine().fake.memoryBytes;
  *available = *total - machine().fake.bytesInUse;
  return kSuccess;
}
Result cuMemAlloc_v2(Address *address, std::size_t bytes) {
  Call call("cuMemAlloc_v2");
  Result result =
      call.result ? call.result : unsafeWhileCapturing("cuMemAlloc");
  if (result)
    return result;
  FakeDriver &fake = machine().fake;
  if (bytes == 0)
    return kInvalidValue;
  if (bytes > fake.memoryBytes - fake.bytesInUse)
    return kOutOfMemory;
  void *memory = std::aligned_alloc(512, (bytes + 511) / 512 * 512);
  std::memset(memory, 0xcd, bytes); // what was there before is anyone's guess
  *address = reinterpret_cast<Address>(memory);
  machine().memory[*address] = bytes;
  machine().count("device memory", 1);
  fake.bytesInUse += bytes;
  return kSuccess;
}
Result cuMemFree_v2(Address address) {
  Call call("cuMemFree_v2");
  Result result = call.result ? call.result : unsafeWhileCapturing("cuMemFree");
  if (result)
    return result;
  // Freeing waits for the device.
  for (Stream stream : machine().streams)
    machine().workUntilIdle(stream);
  machine().freeMemory(address);
  return machine().context.broken;
}
Result cuMemHostAlloc(void **memory, std::size_t bytes, unsigned) {
  Call call("cuMemHostAlloc");
  Result result =
      call.result ? call.result : unsafeWhileCapturing("cuMemHostAlloc");
  if (result)
    return result;
  *memory = std::malloc(bytes);
  machine().hostMemory[*memory] = bytes;
  machine().count("host memory", 1);
  return kSuccess;
}
Result cuMemFreeHost(void *memory) {
  Call call("cuMemFreeHost");
  machine().freeHostMemory(memory);
  return call.result;
}
Result cuMemcpyHtoD_v2(Address to, const void *from, std::size_t bytes) {
  Call call("cuMemcpyHtoD_v2");
  if (call.result)
    return call.result;
  if (!machine().inMemory(to, bytes))
    return kInvalidValue;
  std::memcpy(reinterpret_cast<void *>(to), from, bytes);
  return kSuccess;
}
Result cuMemcpyDtoH_v2(void *to, Address from, std::size_t bytes) {
  Call call("cuMemcpyDtoH_v2");
  if (call.result)
    return call.result;
  if (!machine().inMemory(from, bytes))
    return kInvalidValue;
  std::memcpy(to, reinterpret_cast<void *>(from), bytes);
  return kSuccess;
}
Result cuMemcpyHtoDAsync_v2(Address to, const void *from, std::size_t bytes,
                            Stream stream) {
  Call call("cuMemcpyHtoDAsync_v2");
  if (call.result)
    return call.result;
  return machine().push(stream, {"upload", [=] {
                                   machine().copy(reinterpret_cast<void *>(to),
                                                  from, bytes, true);
                                 }});
}
Result cuMemcpyDtoHAsync_v2(void *to, Address from, std::size_t bytes,
                            Stream stream) {
  Call call("cuMemcpyDtoHAsync_v2");
  if (call.result)
    return call.result;
  return machine().push(stream,
                        {"download", [=] {
                           machine().copy(to, reinterpret_cast<void *>(from),
                                          bytes, false);
                         }});
}
Result cuMemcpyDtoDAsync_v2(Address to, Address from, std::size_t bytes,
                            Stream stream) {
  Call call("cuMemcpyDtoDAsync_v2");
  if (call.result)
    return call.result;
  if (!machine().inMemory(to, bytes) || !machine().inMemory(from, bytes))
    return kInvalidValue;
  return machine().push(stream, {"copy", [=] {
                                   std::memmove(reinterpret_cast<void *>(to),
                                                reinterpret_cast<void *>(from),
                                                bytes);
                                 }});
}
Result cuMemsetD8Async(Address address, unsigned char value, std::size_t bytes,
                       Stream stream) {
  Call call("cuMemsetD8Async");
  if (call.result)
    return call.result;
  if (!machine().inMemory(address, bytes))
    return kInvalidValue;
  return machine().push(
      stream, {"memset", [=] {
                 std::memset(reinterpret_cast<void *>(address), value, bytes);
               }});
}

Result cuStreamCreate(Stream *stream, unsigned flags) {
  Call call("cuStreamCreate");
  if (call.result)
    return call.result;
  if (flags != kStreamNonBlocking)
    machine().violation("a stream that waits for the default stream");
  machine().streams.insert(*stream = new OpaqueStream);
  (*stream)->serial = machine().streamsCreated++;
  machine().count("stream", 1);
  return kSuccess;
}
Result cuStreamDestroy_v2(Stream stream) {
  Call call("cuStreamDestroy_v2");
  if (machine().streams.count(stream) && !stream->queue.empty() &&
      !machine().context.broken &&
      machine().fake.failed != "cuStreamSynchronize")
    machine().violation("a stream that is at work is destroyed");
  destroy(machine().streams, stream, "stream");
  return call.result;
}
Result cuStreamSynchronize(Stream stream) {
  Call call("cuStreamSynchronize");
  return call.result ? call.result : machine().workUntilIdle(stream);
}
Result cuStreamWaitEvent(Stream stream, Event event, unsigned) {
  Call call("cuStreamWaitEvent");
  if (call.result)
    return call.result;
  return machine().push(stream, {"wait", nullptr, event, event->recorded});
}
Result cuEventCreate(Event *event, unsigned) {
  Call call("cuEventCreate");
  if (call.result)
    return call.result;
  machine().events.insert(*event = new OpaqueEvent);
  machine().count("event", 1);
  return kSuccess;
}
Result cuEventDestroy_v2(Event event) {
  Call call("cuEventDestroy_v2");
  destroy(machine().events, event, "event");
  return call.result;
}
Result cuEventRecord(Event event, Stream stream) {
  Call call("cuEventRecord");
  if (call.result)
    return call.result;
  std::uint64_t version = ++event->recorded;
  return machine().push(stream, {"record", [=] { event->done = version; }});
}
/// Whatever it is, it takes a millisecond.
Result cuEventElapsedTime(float *milliseconds, Event, Event) {
  Call call("cuEventElapsedTime");
  *milliseconds = 1;
  return call.result;
}
Result cuEventSynchronize(Event event) {
  Call call("cuEventSynchronize");
  if (call.result)
    return call.result;
  std::uint64_t version = event->recorded;
  return machine().workUntil(
      [=] { return machine().context.broken || event->done >= version; });
}

#if !defined(FAKE_CUDA_OLD)
Result cuLibraryLoadData(Library *library, const void *image,
                         JitOption *options, void **values, unsigned count,
                         LibraryOption *, void **, unsigned) {
  Call call("cuLibraryLoadData");
  return call.result ? call.result
                     : load(library, image, "library", options, values, count);
}
Result cuLibraryUnload(Library library) {
  Call call("cuLibraryUnload");
  machine().count("library", -1);
  delete library;
  return call.result;
}
Result cuLibraryGetKernel(Kernel *kernel, Library library, const char *name) {
  Call call("cuLibraryGetKernel");
  if (call.result)
    return call.result;
  *kernel = reinterpret_cast<Kernel>(find(*library, name));
  return *kernel ? kSuccess : kNotFound;
}
Result cuKernelGetFunction(Function *function, Kernel kernel) {
  Call call("cuKernelGetFunction");
  *function = reinterpret_cast<Function>(kernel);
  return call.result;
}
Result cuFuncLoad(Function) { return Call("cuFuncLoad").result; }
Result cuLaunchKernelEx(const LaunchConfig *config, Function function,
                        void **arguments, void **) {
  return launch("cuLaunchKernelEx", *config, function, arguments);
}
#endif
Result cuModuleLoadDataEx(Module *module, const void *image, unsigned count,
                          JitOption *options, void **values) {
  Call call("cuModuleLoadDataEx");
  return call.result ? call.result
                     : load(module, image, "module", options, values, count);
}
Result cuModuleUnload(Module module) {
  Call call("cuModuleUnload");
  machine().count("module", -1);
  delete module;
  return call.result;
}
Result cuModuleGetFunction(Function *function, Module module,
                           const char *name) {
  Call call("cuModuleGetFunction");
  if (call.result)
    return call.result;
  *function = find(*module, name);
  return *function ? kSuccess : kNotFound;
}
Result cuFuncSetAttribute(Function function, FunctionAttribute attribute,
                          int value) {
  Call call("cuFuncSetAttribute");
  if (call.result)
    return call.result;
  if (attribute != kMaxDynamicSharedSizeBytes || value > 227 << 10)
    return kInvalidValue;
  function->sharedLimit = static_cast<unsigned>(value);
  return kSuccess;
}

Result cuLaunchKernel(Function function, unsigned gridX, unsigned gridY,
                      unsigned gridZ, unsigned blockX, unsigned blockY,
                      unsigned blockZ, unsigned sharedBytes, Stream stream,
                      void **arguments, void **) {
  LaunchConfig config = {{gridX, gridY, gridZ},
                         {blockX, blockY, blockZ},
                         sharedBytes,
                         stream,
                         nullptr,
                         0};
  return launch("cuLaunchKernel", config, function, arguments);
}
Result cuStreamBeginCapture_v2(Stream stream, CaptureMode mode) {
  Call call("cuStreamBeginCapture_v2");
  if (call.result)
    return call.result;
  if (mode != kCaptureThreadLocal || stream->capture)
    machine().violation("captures what it may not");
  stream->capture = std::make_unique<OpaqueGraph>();
  stream->capturer = std::this_thread::get_id();
  return kSuccess;
}
Result cuStreamEndCapture(Stream stream, Graph *graph) {
  Call call("cuStreamEndCapture");
  *graph = nullptr;
  std::unique_ptr<OpaqueGraph> captured = std::move(stream->capture);
  if (call.result)
    return call.result;
  machine().count("graph", 1);
  *graph = captured.release();
  return kSuccess;
}
#if !defined(FAKE_CUDA_ANCIENT)
Result cuGraphInstantiateWithFlags(GraphExec *exec, Graph graph,
                                   unsigned long long) {
  Call call("cuGraphInstantiateWithFlags");
  if (call.result)
    return call.result;
  machine().count("graph exec", 1);
  *exec = new OpaqueGraphExec{graph->works};
  return kSuccess;
}
#endif
Result cuGraphDestroy(Graph graph) {
  Call call("cuGraphDestroy");
  machine().count("graph", -1);
  delete graph;
  return call.result;
}
Result cuGraphLaunch(GraphExec exec, Stream stream) {
  Call call("cuGraphLaunch");
  for (std::size_t i = 0; !call.result && i < exec->works.size(); ++i)
    call.result = machine().push(stream, exec->works[i]);
  return call.result;
}
Result cuGraphExecDestroy(GraphExec exec) {
  Call call("cuGraphExecDestroy");
  machine().count("graph exec", -1);
  delete exec;
  return call.result;
}

} // extern "C"
