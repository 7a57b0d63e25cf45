//===- Device.cpp - Functions of a program on a device, timed -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "benchmarks/cuda/Device.h"

#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>
#include <stdexcept>

using namespace tensorc::benchmark;
using namespace tensorc::rt::cuda;

void tensorc::benchmark::check(int32_t status) {
  if (status)
    throw std::runtime_error(tensorc_rt_last_error());
}

Device::Device() {
  check(SharedDevice::acquire(0, shared));
  current = std::make_unique<Current>(*shared);
  check(current->status);
  // The runtime has it loaded: this is another handle of the same library.
  const char *named = std::getenv("TENSORC_CUDA_DRIVER");
  void *driver =
      dlopen(named && *named ? named : "libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  for (Symbol *symbol = symbols; symbol; symbol = symbol->next) {
    symbol->address = driver ? dlsym(driver, symbol->name) : nullptr;
    if (!symbol->address)
      throw std::runtime_error("the driver has no `" +
                               std::string(symbol->name) + "`");
  }
  check(
      shared->call(api().streamCreate, &stream, unsigned(kStreamNonBlocking)));
  check(shared->call(api().eventCreate, &begin, 0u));
  check(shared->call(api().eventCreate, &end, 0u));
}

Device::~Device() {
  if (begin)
    shared->note(api().eventDestroy(begin), api().eventDestroy.name);
  if (end)
    shared->note(api().eventDestroy(end), api().eventDestroy.name);
  if (stream)
    shared->note(api().streamDestroy(stream), api().streamDestroy.name);
  current.reset();
  shared->release();
}

void Device::copy(Address to, Address from, uint64_t bytes) {
  check(shared->call(memcpyDtoDAsync, to, from, size_t(bytes), stream));
}

void Device::wait() { check(shared->call(api().streamSynchronize, stream)); }

/// A graph of some repetitions of a work.
struct Device::Repeated {
  Repeated(Device &device, const Work &work, int count)
      : device(device), count(count) {
    check(device->call(api().streamBeginCapture, device.stream,
                       kCaptureThreadLocal));
    Graph graph = nullptr;
    try {
      for (int i = 0; i < count; ++i)
        work();
    } catch (...) {
      api().streamEndCapture(device.stream, &graph);
      throw;
    }
    check(device->call(api().streamEndCapture, device.stream, &graph));
    int32_t status =
        device->callWithRoom(api().graphInstantiate, &executable, graph, 0ull);
    device->note(api().graphDestroy(graph), api().graphDestroy.name);
    check(status);
  }
  Repeated(const Repeated &) = delete;
  ~Repeated() {
    if (executable)
      device->note(api().graphExecDestroy(executable),
                   api().graphExecDestroy.name);
  }
  void launch() {
    check(device->call(api().graphLaunch, executable, device.stream));
  }

  Device &device;
  int count;
  GraphExec executable = nullptr;
};

/// Seconds from before to after `work` on the device.
double Device::elapsed(const Work &work) {
  check(shared->call(api().eventRecord, begin, stream));
  work();
  check(shared->call(api().eventRecord, end, stream));
  check(shared->call(api().eventSynchronize, end));
  float milliseconds = 0;
  check(shared->call(eventElapsedTime, &milliseconds, begin, end));
  return milliseconds * 1e-3;
}

std::vector<double> Device::time(const std::vector<Work> &works, int turns) {
  constexpr double kTurn = 4e-3;
  std::vector<std::unique_ptr<Repeated>> graphs;
  for (const Work &work : works) {
    work();
    double once = std::max(elapsed(work), 1e-6);
    int count = std::clamp(int(kTurn / once), 1, 200);
    graphs.push_back(std::make_unique<Repeated>(*this, work, count));
    graphs.back()->launch();
  }
  std::vector<std::vector<double>> seconds(works.size());
  for (int turn = 0; turn < turns; ++turn)
    for (size_t i = 0; i < works.size(); ++i)
      seconds[i].push_back(elapsed([&] { graphs[i]->launch(); }) /
                           graphs[i]->count);
  std::vector<double> medians;
  for (std::vector<double> &list : seconds) {
    auto middle = list.begin() + ptrdiff_t(list.size() / 2);
    std::nth_element(list.begin(), middle, list.end());
    medians.push_back(*middle);
  }
  return medians;
}

void Memory::upload(const void *source) {
  if (!bytes)
    return;
  check(device->call(api().memcpyHtoD, address, source, size_t(bytes)));
  // The copy may still be on its way from the driver's own buffer.
  check(device->call(api().streamSynchronize, Stream(nullptr)));
}

void Memory::download(void *destination) const {
  if (bytes)
    check(device->call(api().memcpyDtoH, destination, address, size_t(bytes)));
}

LoadedProgram::LoadedProgram(Device &device,
                             const tensorc_cuda_program &program)
    : device(device) {
  check(checkProgram(&program));
  check(chooseCode(program, *device, code));
  kernels = std::make_unique<Kernels>(*device, program, *code);
}

LoadedPrograms::LoadedPrograms(
    Device &device, const std::vector<const tensorc_cuda_program *> &programs)
    : device(device) {
  for (const tensorc_cuda_program *program : programs)
    loaded.push_back(std::make_unique<LoadedProgram>(device, *program));
}

LoadedProgram &LoadedPrograms::find(const std::string &name) {
  for (const auto &program : loaded)
    for (uint64_t i = 0; i < program->code->function_count; ++i)
      if (program->code->functions[i].name == name)
        return *program;
  throw std::runtime_error("no function `" + name + "` in the programs");
}

LoadedFunction::LoadedFunction(LoadedProgram &program, const std::string &name)
    : program(program) {
  const tensorc_cuda_code &code = *program.code;
  for (uint64_t i = 0; i < code.function_count; ++i)
    if (code.functions[i].name == name)
      description = &code.functions[i];
  Device &device = program.device;
  for (uint64_t i = 0; i < description->input_count; ++i)
    inputs.push_back(
        std::make_unique<Memory>(device, description->inputs[i].bytes));
  for (uint64_t i = 0; i < description->output_count; ++i)
    outputs.push_back(
        std::make_unique<Memory>(device, description->outputs[i].bytes));
  workspace = std::make_unique<Memory>(device, description->workspace_bytes);
  constants = std::make_unique<Memory>(device, code.constant_bytes);
  constants->upload(code.constants);
  int32_t ok = 0;
  status = std::make_unique<Memory>(device, sizeof(ok));
  status->upload(&ok);
  for (uint64_t i = 0; i < description->launch_count; ++i) {
    const tensorc_cuda_launch &launch = description->launches[i];
    check(program.kernels->load(launch.kernel, launch.shared_bytes));
  }
}

uint64_t LoadedFunction::resolve(const tensorc_cuda_argument &argument) const {
  switch (argument.kind) {
  case TENSORC_CUDA_WORKSPACE:
    return workspace->address + argument.offset;
  case TENSORC_CUDA_CONSTANTS:
    return constants->address + argument.offset;
  case TENSORC_CUDA_INPUT:
    return inputs[argument.index]->address + argument.offset;
  case TENSORC_CUDA_OUTPUT:
    return outputs[argument.index]->address + argument.offset;
  case TENSORC_CUDA_STATUS:
    return status->address;
  case TENSORC_CUDA_VALUE:
    return argument.offset;
  default:
    throw std::runtime_error("a benchmark has no state");
  }
}

void LoadedFunction::launch() {
  for (uint64_t i = 0; i < description->launch_count; ++i) {
    const tensorc_cuda_launch &launch = description->launches[i];
    std::vector<uint64_t> values;
    for (uint64_t a = 0; a < launch.argument_count; ++a)
      values.push_back(resolve(launch.arguments[a]));
    std::vector<void *> arguments;
    for (uint64_t &value : values)
      arguments.push_back(&value);
    check(program.device->call(
        api().launchKernel, (*program.kernels)[launch.kernel], launch.grid[0],
        launch.grid[1], launch.grid[2], launch.block[0], launch.block[1],
        launch.block[2], launch.shared_bytes, program.device.stream,
        arguments.data(), static_cast<void **>(nullptr)));
  }
}
