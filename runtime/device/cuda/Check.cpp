//===- Check.cpp - Whether a program's description is consistent ----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Code.h"
#include "rt/Model.h"

#include <string.h>

using namespace tensorc::rt;
using namespace tensorc::rt::cuda;

namespace {

/// Blocks of inputs or outputs are smaller than this, so that sums of sizes
/// don't overflow.
constexpr uint64_t kMaxBytes = uint64_t(1) << 48;

class Checker {
public:
  explicit Checker(const tensorc_cuda_program &program) : program(program) {}
  int32_t check() const;

private:
  bool code(const tensorc_cuda_code &code) const;
  bool sameFunction(const tensorc_cuda_function &one,
                    const tensorc_cuda_function &other) const;
  bool function(const tensorc_cuda_code &code,
                const tensorc_cuda_function &function) const;
  bool launch(const tensorc_cuda_code &code,
              const tensorc_cuda_function &function,
              const tensorc_cuda_launch &launch) const;
  bool argument(const tensorc_cuda_code &code,
                const tensorc_cuda_function &function,
                const tensorc_cuda_argument &argument) const;

  const tensorc_cuda_program &program;
};

bool sameBuffers(const tensorc_cuda_buffer *one,
                 const tensorc_cuda_buffer *other, uint64_t count) {
  for (uint64_t i = 0; i < count; ++i)
    if (one[i].bytes != other[i].bytes)
      return false;
  return true;
}

bool fits(const tensorc_cuda_buffer *buffers, uint64_t count) {
  uint64_t sum = 0;
  for (uint64_t i = 0; i < count; ++i) {
    if (!buffers[i].name || buffers[i].bytes > kMaxBytes)
      return false;
    sum += buffers[i].bytes;
    if (sum > kMaxBytes)
      return false;
  }
  return true;
}

} // namespace

bool Checker::argument(const tensorc_cuda_code &code,
                       const tensorc_cuda_function &function,
                       const tensorc_cuda_argument &argument) const {
  switch (argument.kind) {
  case TENSORC_CUDA_STATE:
    return argument.offset <= program.model->state_bytes;
  case TENSORC_CUDA_WORKSPACE:
    return argument.offset <= function.workspace_bytes;
  case TENSORC_CUDA_CONSTANTS:
    return argument.offset <= code.constant_bytes;
  case TENSORC_CUDA_INPUT:
    return argument.index < function.input_count &&
           argument.offset <= function.inputs[argument.index].bytes;
  case TENSORC_CUDA_OUTPUT:
    return argument.index < function.output_count &&
           argument.offset <= function.outputs[argument.index].bytes;
  case TENSORC_CUDA_STATUS:
    return argument.offset == 0;
  case TENSORC_CUDA_VALUE:
    return true;
  default:
    return false;
  }
}

bool Checker::launch(const tensorc_cuda_code &code,
                     const tensorc_cuda_function &function,
                     const tensorc_cuda_launch &launch) const {
  if (launch.kernel >= code.kernel_count ||
      launch.argument_count > TENSORC_CUDA_MAX_ARGUMENTS)
    return false;
  for (int i = 0; i < 3; ++i)
    if (launch.grid[i] == 0 || launch.block[i] == 0)
      return false;
  for (uint64_t i = 0; i < launch.argument_count; ++i)
    if (!argument(code, function, launch.arguments[i]))
      return false;
  return true;
}

bool Checker::function(const tensorc_cuda_code &code,
                       const tensorc_cuda_function &function) const {
  if (!function.name || function.workspace_bytes > kMaxBytes ||
      !fits(function.inputs, function.input_count) ||
      !fits(function.outputs, function.output_count))
    return false;
  for (uint64_t i = 0; i < function.launch_count; ++i)
    if (!launch(code, function, function.launches[i]))
      return false;
  return true;
}

bool Checker::sameFunction(const tensorc_cuda_function &one,
                           const tensorc_cuda_function &other) const {
  return strcmp(one.name, other.name) == 0 &&
         one.input_count == other.input_count &&
         one.output_count == other.output_count &&
         sameBuffers(one.inputs, other.inputs, one.input_count) &&
         sameBuffers(one.outputs, other.outputs, one.output_count);
}

bool Checker::code(const tensorc_cuda_code &code) const {
  if (code.constant_bytes > kMaxBytes ||
      (code.constant_bytes && !code.constants) ||
      code.function_count != program.codes[0].function_count)
    return false;
  for (uint64_t i = 0; i < code.module_count; ++i) {
    const tensorc_cuda_module &module = code.modules[i];
    if (!module.ptx && !module.cubin)
      return false;
    // The driver reads up to the terminator.
    if (module.ptx && (!module.ptx_bytes || module.ptx[module.ptx_bytes - 1]))
      return false;
  }
  for (uint64_t i = 0; i < code.kernel_count; ++i)
    if (!code.kernels[i].name || code.kernels[i].module >= code.module_count)
      return false;
  for (uint64_t i = 0; i < code.function_count; ++i)
    if (!function(code, code.functions[i]) ||
        !sameFunction(code.functions[i], program.codes[0].functions[i]))
      return false;
  return true;
}

int32_t Checker::check() const {
  bool good = program.code_count > 0 && program.codes;
  for (uint64_t i = 0; good && i < program.code_count; ++i)
    good = code(program.codes[i]);
  for (uint64_t i = 0; good && i < program.check_count; ++i)
    good = program.checks && program.checks[i];
  if (good)
    return TENSORC_OK;
  return tensorc_rt_fail(
      TENSORC_ERROR_ABI_MISMATCH,
      "model `%s` describes its GPU code wrongly: is it damaged?",
      program.model->name);
}

int32_t tensorc::rt::cuda::checkProgram(const tensorc_cuda_program *program) {
  if (!program)
    return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                           "the GPU program is a null pointer");
  if (program->magic != TENSORC_CUDA_MAGIC)
    return tensorc_rt_fail(TENSORC_ERROR_ABI_MISMATCH,
                           "not a tensorc GPU program: expected magic 0x%08x, "
                           "received 0x%08x",
                           TENSORC_CUDA_MAGIC, program->magic);
  if (program->abi_major != TENSORC_ABI_MAJOR ||
      program->abi_minor > TENSORC_ABI_MINOR ||
      program->struct_size < sizeof(tensorc_cuda_program))
    return tensorc_rt_fail(
        TENSORC_ERROR_ABI_MISMATCH,
        "the GPU program was compiled for ABI %u.%u (%u bytes), this runtime "
        "has ABI %d.%d (%zu bytes)",
        program->abi_major, program->abi_minor, program->struct_size,
        TENSORC_ABI_MAJOR, TENSORC_ABI_MINOR, sizeof(tensorc_cuda_program));
  if (int32_t status = checkAbi(program->model))
    return status;
  return Checker(*program).check();
}
