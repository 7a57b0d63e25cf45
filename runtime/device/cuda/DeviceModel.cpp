//===- DeviceModel.cpp - A model's memory on a device ---------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DeviceModel.h"

#include <string.h>

using namespace tensorc::rt;
using namespace tensorc::rt::cuda;

/// State and constants pass through page-locked memory of this size: the
/// driver can copy from it directly, and large models don't need it twice.
static constexpr uint64_t kBounceBytes = 1 << 20;

/// Of how many combinations of sizes a function keeps its graphs.
static constexpr uint32_t kSizings = 8;

DeviceModel::DeviceModel(SharedDevice &device,
                         const tensorc_cuda_program &program,
                         const tensorc_cuda_code &code)
    : device(device), program(program), code(code),
      kernels(device, program, code) {
  const char *graphs = getenv("TENSORC_CUDA_GRAPHS");
  useGraphs = !graphs || strcmp(graphs, "0") != 0;
  for (uint64_t i = 0; i < code.function_count; ++i)
    for (uint64_t j = 0; j < code.functions[i].launch_count; ++j) {
      const tensorc_cuda_launch &launch = code.functions[i].launches[j];
      for (uint64_t k = 0; k < launch.argument_count; ++k)
        canFail |= launch.arguments[k].kind == TENSORC_CUDA_STATUS;
    }
}

DeviceModel::~DeviceModel() {
  // Nothing is given back that the device may still use.
  settled(TENSORC_ERROR_DEVICE);
  dropGraphs();
  for (uint64_t i = 0; functions && i < code.function_count; ++i) {
    FunctionState &function = functions[i];
    for (Slot &slot : function.slots) {
      device.memory.free(slot.inputs);
      destroy(api().memFreeHost, slot.staging);
      destroy(api().eventDestroy, slot.uploaded);
      destroy(api().eventDestroy, slot.consumed);
    }
    device.memory.free(function.outputs);
    destroy(api().memFreeHost, function.readback);
    free(function.sizings);
  }
  free(functions);
  for (Address address : {state, constants, workspace, statuses})
    device.memory.free(address);
  destroy(api().memFreeHost, statusWords);
  destroy(api().memFreeHost, bounce);
  destroy(api().streamDestroy, compute);
  destroy(api().streamDestroy, copy);
}

int32_t DeviceModel::ensureHost(uint64_t bytes, void *&memory) {
  return memory || !bytes ? TENSORC_OK : device.allocateHost(bytes, memory);
}

int32_t DeviceModel::ensureDevice(uint64_t bytes, Address &address) {
  if (int32_t status = device.checkLost())
    return status;
  return address ? TENSORC_OK : device.memory.allocate(bytes, address);
}

int32_t DeviceModel::ensureBounce() { return ensureHost(kBounceBytes, bounce); }

/// All that is in the host's memory.
int32_t DeviceModel::openFunction(uint64_t index) {
  const tensorc_cuda_function &description = code.functions[index];
  const tensorc_cuda_sizes &sizes = sizesOf(program, index);
  FunctionState &function = functions[index];
  function.sizes = &sizes;
  function.sizingCount = sizes.symbol_count ? kSizings : 1;
  uint64_t buffers = description.input_count + description.output_count;
  uint64_t words = sizes.symbol_count + sizes.size_count + buffers;
  function.sizings = static_cast<Sizing *>(
      calloc(function.sizingCount, sizeof(Sizing) + words * sizeof(uint64_t)));
  if (!function.sizings)
    return tensorc_rt_fail(TENSORC_ERROR_OUT_OF_MEMORY,
                           "model `%s`: not enough memory for its functions",
                           program.model->name);
  auto *next =
      reinterpret_cast<int64_t *>(function.sizings + function.sizingCount);
  for (uint32_t i = 0; i < function.sizingCount; ++i, next += words)
    function.sizings[i] = {next,
                           next + sizes.symbol_count,
                           reinterpret_cast<uint64_t *>(next + words - buffers),
                           {},
                           0};
  uint64_t *bytes = function.sizings->bytes;
  for (uint64_t i = 0; i < description.input_count; ++i)
    bytes[i] = description.inputs[i].bytes;
  for (uint64_t i = 0; i < description.output_count; ++i)
    bytes[description.input_count + i] = description.outputs[i].bytes;
  function.inputBytes = offsetOf(bytes, description.input_count);
  function.outputBytes =
      offsetOf(bytes + description.input_count, description.output_count);
  return TENSORC_OK;
}

int32_t DeviceModel::findSizing(uint32_t index, const int64_t *symbols,
                                Sizing *&sizing) {
  const FunctionState &function = functions[index];
  const tensorc_cuda_sizes &sizes = *function.sizes;
  sizing = function.sizings;
  if (!sizes.symbol_count)
    return TENSORC_OK; // the bytes are there since it was opened
  size_t symbolBytes = sizes.symbol_count * sizeof(int64_t);
  for (uint32_t i = 0; i < function.sizingCount; ++i) {
    Sizing &known = function.sizings[i];
    if (known.lastRun && !memcmp(known.symbols, symbols, symbolBytes)) {
      sizing = &known;
      return TENSORC_OK;
    }
    if (known.lastRun < sizing->lastRun)
      sizing = &known;
  }
  // A graph that is under way goes when it is done.
  dropGraphs(*sizing);
  sizing->lastRun = 0;
  memcpy(sizing->symbols, symbols, symbolBytes);
  bool good = computeSizes(sizes, symbols, sizing->sizes);
  const tensorc_cuda_function &description = code.functions[index];
  uint64_t inputs = description.input_count;
  for (uint64_t i = 0; good && i < inputs + description.output_count; ++i) {
    // A negative one is too great.
    sizing->bytes[i] = static_cast<uint64_t>(sizing->sizes[sizes.buffers[i]]);
    good = sizing->bytes[i] <= (i < inputs ? description.inputs[i]
                                           : description.outputs[i - inputs])
                                   .bytes;
  }
  return good ? TENSORC_OK : descriptionError(program);
}

int32_t DeviceModel::open() {
  functions = static_cast<FunctionState *>(
      calloc(code.function_count, sizeof(FunctionState)));
  if (!functions)
    return tensorc_rt_fail(TENSORC_ERROR_OUT_OF_MEMORY,
                           "model `%s`: not enough memory for its functions",
                           program.model->name);
  for (uint64_t i = 0; i < code.function_count; ++i)
    if (int32_t status = openFunction(i))
      return status;
  uint64_t statusBytes = canFail ? code.function_count * sizeof(int32_t) : 0;
  uint64_t stateBytes = program.model->state_bytes;
  int32_t status =
      device.call(api().streamCreate, &compute, kStreamNonBlocking);
  if (!status)
    status = device.call(api().streamCreate, &copy, kStreamNonBlocking);
  if (!status)
    status = ensureDevice(stateBytes, state);
  if (!status)
    status = ensureDevice(code.constant_bytes, constants);
  if (!status)
    status = ensureDevice(statusBytes, statuses);
  if (!status)
    status = ensureHost(statusBytes, statusWords);
  if (!status && state)
    status =
        device.call(api().memsetD8Async, state, 0, size_t(stateBytes), compute);
  if (!status && statuses)
    status = device.call(api().memsetD8Async, statuses, 0, size_t(statusBytes),
                         compute);
  if (!status)
    status = copyToDevice(constants, code.constants, code.constant_bytes);
  // The memory was another's a moment ago.
  if (!status)
    status = device.call(api().streamSynchronize, compute);
  return status;
}

/// After a failure, waits for what was begun: the memory that it uses is free
/// for the next try.
int32_t DeviceModel::settled(int32_t status) {
  if (status)
    for (Stream stream : {copy, compute}) {
      Result result = stream ? api().streamSynchronize(stream) : kSuccess;
      device.note(result, api().streamSynchronize.name);
      unsettled |= result != kSuccess;
    }
  return status;
}

/// Before anything else is begun: waits for what a failure left under way.
int32_t DeviceModel::begin() {
  if (!unsettled)
    return TENSORC_OK;
  for (Stream stream : {copy, compute})
    if (int32_t status = device.call(api().streamSynchronize, stream))
      return status;
  unsettled = false;
  return TENSORC_OK;
}

void DeviceModel::dropGraphs(Sizing &sizing) {
  for (GraphExec &graph : sizing.graphs) {
    destroy(api().graphExecDestroy, graph);
    graph = nullptr;
  }
}

void DeviceModel::dropGraphs() {
  for (uint64_t i = 0; functions && i < code.function_count; ++i)
    for (uint32_t j = 0; functions[i].sizings && j < functions[i].sizingCount;
         ++j)
      dropGraphs(functions[i].sizings[j]);
}

/// Makes the workspace larger. Functions share it, as they run one at a time.
int32_t DeviceModel::growWorkspace(uint64_t bytes) {
  if (bytes <= workspaceBytes)
    return TENSORC_OK;
  if (workspace)
    if (int32_t status = device.call(api().streamSynchronize, compute))
      return status;
  // Graphs that were captured have the old address in them.
  dropGraphs();
  device.memory.free(workspace);
  workspace = 0;
  workspaceBytes = 0;
  if (int32_t status = ensureDevice(bytes, workspace))
    return status;
  workspaceBytes = bytes;
  return TENSORC_OK;
}

int32_t DeviceModel::prepareSlot(const FunctionState &function, Slot &slot) {
  if (int32_t status = ensureDevice(function.inputBytes, slot.inputs))
    return status;
  if (int32_t status = ensureHost(function.inputBytes, slot.staging))
    return status;
  for (Event *event : {&slot.uploaded, &slot.consumed})
    if (!*event)
      if (int32_t status =
              device.call(api().eventCreate, event, kEventDisableTiming))
        return status;
  return TENSORC_OK;
}

int32_t DeviceModel::prepareReadback(FunctionState &function) {
  return ensureHost(function.outputBytes, function.readback);
}

/// Allocates and loads what `index` needs and has not yet. What was done
/// before a failure is kept for the next try.
int32_t DeviceModel::prepare(uint32_t index) {
  const tensorc_cuda_function &description = code.functions[index];
  FunctionState &function = functions[index];
  if (int32_t status = growWorkspace(description.workspace_bytes))
    return status;
  if (function.loaded)
    return TENSORC_OK;
  if (function.inputBytes)
    for (Slot &slot : function.slots)
      if (int32_t status = prepareSlot(function, slot))
        return status;
  if (int32_t status = ensureDevice(function.outputBytes, function.outputs))
    return status;
  for (uint64_t i = 0; i < description.launch_count; ++i)
    if (int32_t status = kernels.load(description.launches[i].kernel,
                                      description.launches[i].shared_bytes))
      return status;
  function.loaded = true;
  return TENSORC_OK;
}

int32_t DeviceModel::copyToDevice(Address address, const void *source,
                                  uint64_t bytes) {
  if (int32_t status = bytes ? ensureBounce() : TENSORC_OK)
    return status;
  for (uint64_t done = 0; done < bytes;) {
    size_t part = bytes - done < kBounceBytes ? bytes - done : kBounceBytes;
    memcpy(bounce, static_cast<const char *>(source) + done, part);
    if (int32_t status = device.call(api().memcpyHtoDAsync, address + done,
                                     bounce, part, compute))
      return status;
    if (int32_t status = device.call(api().streamSynchronize, compute))
      return status;
    done += part;
  }
  return TENSORC_OK;
}

int32_t DeviceModel::writeState(uint64_t offset, uint64_t bytes,
                                const void *source) {
  if (int32_t status = begin())
    return status;
  return settled(copyToDevice(state + offset, source, bytes));
}

int32_t DeviceModel::readState(uint64_t offset, uint64_t bytes,
                               void *destination) {
  // Also reports how the steps fared whose state this is.
  if (int32_t status = synchronize())
    return status;
  if (int32_t status = bytes ? ensureBounce() : TENSORC_OK)
    return status;
  for (uint64_t done = 0; done < bytes;) {
    size_t part = bytes - done < kBounceBytes ? bytes - done : kBounceBytes;
    int32_t status = device.call(api().memcpyDtoHAsync, bounce,
                                 state + offset + done, part, compute);
    if (!status)
      status = device.call(api().streamSynchronize, compute);
    if (status)
      return settled(status);
    memcpy(static_cast<char *>(destination) + done, bounce, part);
    done += part;
  }
  return TENSORC_OK;
}
