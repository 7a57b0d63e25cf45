//===- Run.cpp - Steps of a model on a device -----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DeviceModel.h"

#include <string.h>

using namespace tensorc::rt;
using namespace tensorc::rt::cuda;

int32_t DeviceModel::run(uint32_t index, Sizing &sizing,
                         const void *const *inputs, void *const *outputs) {
  FunctionState &function = functions[index];
  if (int32_t status = begin())
    return status;
  if (int32_t status = prepare(index))
    return status;
  if (outputs)
    if (int32_t status = prepareReadback(function))
      return status;
  Step step = {
      index,  code.functions[index],         function,
      sizing, function.slots[function.next], sizing.graphs[function.next]};
  if (int32_t status = enqueue(step, inputs))
    return settled(status);
  sizing.lastRun = ++function.runs;
  function.last = &sizing;
  if (function.inputBytes)
    function.next ^= 1;
  return outputs ? settled(copyOutputs(index, outputs)) : TENSORC_OK;
}

/// Copies the inputs to the slot, once the step that last used it is done.
int32_t DeviceModel::upload(const Step &step, const void *const *inputs) {
  Slot &slot = step.slot;
  const uint64_t *sizes = step.sizing.bytes;
  if (int32_t status = device.call(api().eventSynchronize, slot.uploaded))
    return status;
  char *staging = static_cast<char *>(slot.staging);
  for (uint64_t i = 0; i < step.description.input_count; ++i)
    if (sizes[i])
      memcpy(staging + offsetOf(sizes, i), inputs[i], sizes[i]);
  size_t bytes = offsetOf(sizes, step.description.input_count);
  int32_t status = device.call(api().streamWaitEvent, copy, slot.consumed, 0u);
  if (!status && bytes)
    status = device.call(api().memcpyHtoDAsync, slot.inputs, slot.staging,
                         bytes, copy);
  if (!status)
    status = device.call(api().eventRecord, slot.uploaded, copy);
  if (!status)
    status = device.call(api().streamWaitEvent, compute, slot.uploaded, 0u);
  return status;
}

int32_t DeviceModel::enqueue(const Step &step, const void *const *inputs) {
  // The first run is not captured: a function that runs once isn't worth it,
  // and a launch that the driver refuses is named.
  bool replay = useGraphs && step.sizing.lastRun;
  if (replay && !step.graph)
    if (int32_t status = capture(step))
      return status;
  if (step.function.inputBytes)
    if (int32_t status = upload(step, inputs))
      return status;
  int32_t status =
      replay ? device.callWithRoom(api().graphLaunch, step.graph, compute)
             : launchAll(step, /*capturing=*/false);
  if (!status && step.function.inputBytes)
    status = device.call(api().eventRecord, step.slot.consumed, compute);
  return status;
}

int32_t DeviceModel::capture(const Step &step) {
  if (int32_t status =
          device.call(api().streamBeginCapture, compute, kCaptureThreadLocal))
    return status;
  int32_t status = launchAll(step, /*capturing=*/true);
  // Ends the capture in any case. The words of an earlier failure stay.
  Graph graph = nullptr;
  Result ended = api().streamEndCapture(compute, &graph);
  if (!status && ended != kSuccess)
    status = device.failed(ended, api().streamEndCapture.name);
  if (!status)
    status =
        device.callWithRoom(api().graphInstantiate, &step.graph, graph, 0ull);
  if (status)
    step.graph = nullptr;
  destroy(api().graphDestroy, graph);
  return status;
}

int32_t DeviceModel::launchAll(const Step &step, bool capturing) {
  const tensorc_cuda_function &description = step.description;
  for (uint64_t i = 0; i < description.launch_count; ++i) {
    int32_t status = launch(description.launches[i], step, capturing);
    if (!status)
      continue;
    // Out of memory means that nothing was changed; here, something was.
    if (status == TENSORC_ERROR_DEVICE_OUT_OF_MEMORY && i && !capturing)
      status = TENSORC_ERROR_DEVICE;
    const tensorc_cuda_kernel &kernel =
        code.kernels[description.launches[i].kernel];
    return tensorc_rt_fail(status, "`%s_%s`, kernel `%s`: %s",
                           program.model->name, description.name, kernel.name,
                           tensorc_rt_last_error());
  }
  return TENSORC_OK;
}

uint64_t DeviceModel::resolve(const tensorc_cuda_argument &argument,
                              const Step &step) const {
  const uint64_t *bytes = step.sizing.bytes;
  switch (argument.kind) {
  case TENSORC_CUDA_STATE:
    return state + argument.offset;
  case TENSORC_CUDA_WORKSPACE:
    return workspace + argument.offset;
  case TENSORC_CUDA_CONSTANTS:
    return constants + argument.offset;
  case TENSORC_CUDA_INPUT:
    return step.slot.inputs + offsetOf(bytes, argument.index) + argument.offset;
  case TENSORC_CUDA_OUTPUT:
    return step.function.outputs +
           offsetOf(bytes + step.description.input_count, argument.index) +
           argument.offset;
  case TENSORC_CUDA_STATUS:
    return statuses + step.index * sizeof(int32_t);
  case TENSORC_CUDA_SIZE:
    return static_cast<uint64_t>(step.sizing.sizes[argument.index]);
  default:
    return argument.offset; // a value
  }
}

/// How many blocks a launch has along the first axis.
static uint32_t blocksOf(const tensorc_cuda_launch &launch,
                         const Sizing &sizing) {
  if (!launch.blocks)
    return launch.grid[0];
  int64_t blocks = sizing.sizes[launch.blocks - 1];
  return static_cast<uint32_t>(blocks < 1           ? 1
                               : blocks > INT32_MAX ? INT32_MAX
                                                    : blocks);
}

int32_t DeviceModel::launch(const tensorc_cuda_launch &launch, const Step &step,
                            bool capturing) {
  // While a stream is captured, its thread may not free memory: no cache is
  // given back then.
  auto call = [&](const auto &entry, auto... arguments) {
    return capturing ? device.call(entry, arguments...)
                     : device.callWithRoom(entry, arguments...);
  };
  uint64_t values[TENSORC_CUDA_MAX_ARGUMENTS];
  void *arguments[TENSORC_CUDA_MAX_ARGUMENTS];
  for (uint64_t i = 0; i < launch.argument_count; ++i) {
    values[i] = resolve(launch.arguments[i], step);
    arguments[i] = &values[i];
  }
  Function function = kernels[launch.kernel];
  const uint32_t *block = launch.block;
  uint32_t grid[] = {blocksOf(launch, step.sizing), launch.grid[1],
                     launch.grid[2]};
  bool clusters = false;
  for (uint32_t size : launch.cluster)
    clusters |= size > 1;
  if (!clusters)
    return call(api().launchKernel, function, grid[0], grid[1], grid[2],
                block[0], block[1], block[2], launch.shared_bytes, compute,
                arguments, static_cast<void **>(nullptr));
  if (!api().launchKernelEx.address)
    return tensorc_rt_fail(TENSORC_ERROR_NO_DEVICE,
                           "the driver is too old: it has no `%s`",
                           api().launchKernelEx.name);
  LaunchAttribute attribute = {};
  attribute.id = kClusterDimension;
  LaunchConfig config = {};
  for (int i = 0; i < 3; ++i) {
    attribute.value.cluster[i] = launch.cluster[i] ? launch.cluster[i] : 1;
    config.grid[i] = grid[i];
    config.block[i] = block[i];
  }
  config.sharedBytes = launch.shared_bytes;
  config.stream = compute;
  config.attributes = &attribute;
  config.attributeCount = 1;
  return call(api().launchKernelEx, &config, function, arguments,
              static_cast<void **>(nullptr));
}

int32_t DeviceModel::copyOutputs(uint32_t index, void *const *outputs) {
  const tensorc_cuda_function &description = code.functions[index];
  const FunctionState &function = functions[index];
  const uint64_t *sizes = function.last->bytes + description.input_count;
  char *readback = static_cast<char *>(function.readback);
  bool wanted = false;
  for (uint64_t i = 0; i < description.output_count; ++i) {
    if (!outputs[i])
      continue;
    wanted = true;
    uint64_t offset = offsetOf(sizes, i);
    size_t bytes = sizes[i];
    if (!bytes)
      continue;
    if (int32_t status = device.call(api().memcpyDtoHAsync, readback + offset,
                                     function.outputs + offset, bytes, compute))
      return status;
  }
  if (!wanted)
    return TENSORC_OK;
  if (int32_t status = finish())
    return status;
  for (uint64_t i = 0; i < description.output_count; ++i)
    if (outputs[i] && sizes[i])
      memcpy(outputs[i], readback + offsetOf(sizes, i), sizes[i]);
  return TENSORC_OK;
}

int32_t DeviceModel::readOutput(uint32_t index, uint32_t output,
                                void *destination) {
  const tensorc_cuda_function &description = code.functions[index];
  FunctionState &function = functions[index];
  if (!function.last)
    return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                           "`%s_%s` has not run yet", program.model->name,
                           description.name);
  if (int32_t status = begin())
    return status;
  if (int32_t status = prepareReadback(function))
    return status;
  const uint64_t *sizes = function.last->bytes + description.input_count;
  uint64_t offset = offsetOf(sizes, output);
  size_t bytes = sizes[output];
  char *readback = static_cast<char *>(function.readback) + offset;
  int32_t status = TENSORC_OK;
  if (bytes)
    status = device.call(api().memcpyDtoHAsync, readback,
                         function.outputs + offset, bytes, compute);
  if (!status)
    status = finish();
  if (status)
    return settled(status);
  if (bytes)
    memcpy(destination, readback, bytes);
  return TENSORC_OK;
}

int32_t DeviceModel::synchronize() {
  int32_t status = begin();
  return status ? status : settled(finish());
}

/// Waits for all that was begun on `compute`, and so for all uploads that it
/// has waited for.
int32_t DeviceModel::finish() {
  if (canFail)
    if (int32_t status =
            device.call(api().memcpyDtoHAsync, statusWords, statuses,
                        size_t(code.function_count * sizeof(int32_t)), compute))
      return status;
  if (int32_t status = device.call(api().streamSynchronize, compute))
    return status;
  return canFail ? reportIndexErrors() : TENSORC_OK;
}

int32_t DeviceModel::reportIndexErrors() {
  const int32_t *words = static_cast<const int32_t *>(statusWords);
  for (uint64_t i = 0; i < code.function_count; ++i) {
    if (!words[i])
      continue;
    // Reported once; what other functions did is for who waits next.
    if (int32_t status =
            device.call(api().memsetD8Async, statuses + i * sizeof(int32_t), 0,
                        sizeof(int32_t), compute))
      return status;
    uint32_t check = static_cast<uint32_t>(words[i]) / TENSORC_CUDA_CHECK_UNIT;
    bool isKnown = check != 0 && check <= program.check_count;
    return tensorc_rt_fail(TENSORC_ERROR_INDEX_OUT_OF_RANGE, "`%s_%s`: %s",
                           program.model->name, code.functions[i].name,
                           isKnown ? program.checks[check - 1]
                                   : "an index or label is out of range");
  }
  return TENSORC_OK;
}
