//===- Cuda.cpp - The C functions for models on a device ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DeviceModel.h"
#include "rt/Call.h"

#include <new>
#include <string.h>

using namespace tensorc::rt;
using namespace tensorc::rt::cuda;

static DeviceModel *unwrap(tensorc_cuda_model *model) {
  return reinterpret_cast<DeviceModel *>(model);
}

static int32_t nullPointer(const char *what) {
  return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT, "%s is a null pointer",
                         what);
}

static int32_t checkFunction(tensorc_cuda_model *model, int32_t function) {
  if (!model)
    return nullPointer("the model");
  uint64_t count = unwrap(model)->code.function_count;
  if (function < 0 || static_cast<uint64_t>(function) >= count)
    return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                           "model `%s` has %llu functions, no function %d",
                           unwrap(model)->program.model->name,
                           static_cast<unsigned long long>(count), function);
  return TENSORC_OK;
}

/// For state: whether it has `bytes` at `offset`.
static int32_t checkRange(tensorc_cuda_model *model, uint64_t offset,
                          uint64_t bytes, const void *memory) {
  if (!model)
    return nullPointer("the model");
  if (!memory && bytes)
    return nullPointer("the memory");
  const tensorc_model &description = *unwrap(model)->program.model;
  uint64_t end;
  if (__builtin_add_overflow(offset, bytes, &end) ||
      end > description.state_bytes)
    return tensorc_rt_fail(
        TENSORC_ERROR_INVALID_ARGUMENT,
        "model `%s` has %llu bytes of state, received %llu bytes at %llu",
        description.name,
        static_cast<unsigned long long>(description.state_bytes),
        static_cast<unsigned long long>(bytes),
        static_cast<unsigned long long>(offset));
  return TENSORC_OK;
}

static void destroyModel(DeviceModel *model) {
  SharedDevice &device = model->device;
  {
    Current current(device);
    model->~DeviceModel();
  }
  free(model);
  device.release();
}

static int32_t openOn(SharedDevice &device, const tensorc_cuda_program &program,
                      DeviceModel *&model) {
  const tensorc_cuda_code *code;
  if (int32_t status = chooseCode(program, device, code))
    return status;
  void *memory = malloc(sizeof(DeviceModel));
  if (!memory)
    return tensorc_rt_fail(TENSORC_ERROR_OUT_OF_MEMORY,
                           "can't allocate %zu bytes", sizeof(DeviceModel));
  model = new (memory) DeviceModel(device, program, *code);
  Current current(device);
  return current.status ? current.status : model->open();
}

int32_t tensorc_rt_cuda_open(const tensorc_cuda_program *program,
                             int32_t ordinal, tensorc_cuda_model **model) {
  if (!model)
    return nullPointer("the place for the model");
  *model = nullptr;
  if (int32_t status = checkProgram(program))
    return status;
  SharedDevice *device;
  if (int32_t status = SharedDevice::acquire(ordinal, device))
    return status;
  DeviceModel *opened = nullptr;
  int32_t status = openOn(*device, *program, opened);
  if (!status) {
    *model = reinterpret_cast<tensorc_cuda_model *>(opened);
    return TENSORC_OK;
  }
  if (opened)
    destroyModel(opened);
  else
    device->release();
  return status;
}

void tensorc_rt_cuda_close(tensorc_cuda_model *model) {
  if (model)
    destroyModel(unwrap(model));
}

int32_t tensorc_rt_cuda_find_function(const tensorc_cuda_program *program,
                                      const char *name) {
  if (!program || !name || !program->code_count)
    return -1;
  const tensorc_cuda_code &code = program->codes[0];
  for (uint64_t i = 0; i < code.function_count; ++i)
    if (strcmp(code.functions[i].name, name) == 0)
      return static_cast<int32_t>(i);
  return -1;
}

/// Outputs may lie over inputs: these are read before anything is written.
static int32_t checkBuffers(const char *model,
                            const tensorc_cuda_function &function,
                            const uint64_t *bytes, const void *const *inputs,
                            void *const *outputs) {
  for (uint64_t i = 0; i < function.input_count; ++i)
    if (bytes[i] && (!inputs || !inputs[i]))
      return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                             "%s_%s: `%s` is null", model, function.name,
                             function.inputs[i].name);
  bytes += function.input_count;
  for (uint64_t i = 0; outputs && i < function.output_count; ++i)
    for (uint64_t j = 0; outputs[i] && j < i; ++j)
      if (outputs[j] && overlap({outputs[i], bytes[i]}, {outputs[j], bytes[j]}))
        return overlapError(model, function.name, function.outputs[i].name,
                            function.outputs[j].name);
  return TENSORC_OK;
}

int32_t tensorc_rt_cuda_run(tensorc_cuda_model *model, int32_t function,
                            const void *const *inputs, void *const *outputs) {
  return tensorc_rt_cuda_run_sized(model, function, nullptr, inputs, outputs);
}

int32_t tensorc_rt_cuda_run_sized(tensorc_cuda_model *model, int32_t function,
                                  const int64_t *symbols,
                                  const void *const *inputs,
                                  void *const *outputs) {
  if (int32_t status = checkFunction(model, function))
    return status;
  DeviceModel &opened = *unwrap(model);
  auto index = static_cast<uint32_t>(function);
  const tensorc_cuda_function &description = opened.code.functions[index];
  const char *name = opened.program.model->name;
  const tensorc_cuda_sizes &sizes = sizesOf(opened.program, index);
  if (sizes.symbol_count && !symbols)
    return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                           "%s_%s: expected sizes (`%s`), received none", name,
                           description.name, sizes.symbols->name);
  if (int32_t status = checkSymbols(name, description.name, sizes, symbols))
    return status;
  Current current(opened.device);
  if (current.status)
    return current.status;
  Sizing *sizing;
  if (int32_t status = opened.findSizing(index, symbols, sizing))
    return status;
  if (int32_t status =
          checkBuffers(name, description, sizing->bytes, inputs, outputs))
    return status;
  return opened.run(index, *sizing, inputs, outputs);
}

int32_t tensorc_rt_cuda_read_output(tensorc_cuda_model *model, int32_t function,
                                    int32_t output, void *destination) {
  if (int32_t status = checkFunction(model, function))
    return status;
  const tensorc_cuda_function &description =
      unwrap(model)->code.functions[function];
  if (output < 0 || static_cast<uint64_t>(output) >= description.output_count)
    return tensorc_rt_fail(
        TENSORC_ERROR_INVALID_ARGUMENT,
        "`%s_%s` has %llu outputs, no output %d",
        unwrap(model)->program.model->name, description.name,
        static_cast<unsigned long long>(description.output_count), output);
  if (!destination && description.outputs[output].bytes)
    return nullPointer("the destination");
  Current current(unwrap(model)->device);
  return current.status
             ? current.status
             : unwrap(model)->readOutput(static_cast<uint32_t>(function),
                                         static_cast<uint32_t>(output),
                                         destination);
}

int32_t tensorc_rt_cuda_read_state(tensorc_cuda_model *model, uint64_t offset,
                                   uint64_t bytes, void *destination) {
  if (int32_t status = checkRange(model, offset, bytes, destination))
    return status;
  Current current(unwrap(model)->device);
  return current.status ? current.status
                        : unwrap(model)->readState(offset, bytes, destination);
}

int32_t tensorc_rt_cuda_write_state(tensorc_cuda_model *model, uint64_t offset,
                                    uint64_t bytes, const void *source) {
  if (int32_t status = checkRange(model, offset, bytes, source))
    return status;
  Current current(unwrap(model)->device);
  return current.status ? current.status
                        : unwrap(model)->writeState(offset, bytes, source);
}

int32_t tensorc_rt_cuda_synchronize(tensorc_cuda_model *model) {
  if (!model)
    return nullPointer("the model");
  Current current(unwrap(model)->device);
  return current.status ? current.status : unwrap(model)->synchronize();
}
