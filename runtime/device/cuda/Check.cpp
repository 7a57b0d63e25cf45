//===- Check.cpp - Whether a program's description is consistent ----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Code.h"
#include "Sizes.h"
#include "rt/Model.h"

#include <stddef.h>
#include <string.h>

using namespace tensorc::rt;
using namespace tensorc::rt::cuda;

namespace {

/// Blocks of inputs or outputs are smaller than this, so that sums of sizes
/// don't overflow.
constexpr uint64_t kMaxBytes = uint64_t(1) << 48;
/// Of one function.
constexpr uint64_t kMaxSizes = 1 << 20;

class Checker {
public:
  explicit Checker(const tensorc_cuda_program &program) : program(program) {}
  int32_t check() const;

private:
  bool code(const tensorc_cuda_code &code) const;
  bool sameFunction(const tensorc_cuda_function &one,
                    const tensorc_cuda_function &other) const;
  bool function(const tensorc_cuda_code &code,
                const tensorc_cuda_function &function,
                const tensorc_cuda_sizes &sizes) const;
  bool launch(const tensorc_cuda_code &code,
              const tensorc_cuda_function &function,
              const tensorc_cuda_sizes &sizes,
              const tensorc_cuda_launch &launch) const;
  bool argument(const tensorc_cuda_code &code,
                const tensorc_cuda_function &function,
                const tensorc_cuda_sizes &sizes,
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

bool isSymbol(const tensorc_cuda_symbol &symbol) {
  return symbol.name && symbol.divisor >= 1 && symbol.min <= symbol.max;
}

/// Whether size `index` is made of what comes before it.
bool isSize(const tensorc_cuda_sizes &sizes, uint64_t index) {
  const tensorc_cuda_size &size = sizes.sizes[index];
  if (size.op == TENSORC_CUDA_SIZE_NUMBER)
    return true;
  if (size.op == TENSORC_CUDA_SIZE_SYMBOL)
    return size.first < sizes.symbol_count;
  return size.op > TENSORC_CUDA_SIZE_SYMBOL &&
         size.op <= TENSORC_CUDA_SIZE_MINIMUM && size.first < index &&
         size.second >= 0 && static_cast<uint64_t>(size.second) < index;
}

bool areSizes(const tensorc_cuda_sizes &sizes, uint64_t buffers) {
  if (sizes.symbol_count > kMaxSizes || sizes.size_count > kMaxSizes)
    return false;
  for (uint64_t i = 0; i < sizes.symbol_count; ++i)
    if (!isSymbol(sizes.symbols[i]))
      return false;
  for (uint64_t i = 0; i < sizes.size_count; ++i)
    if (!isSize(sizes, i))
      return false;
  for (uint64_t i = 0; sizes.symbol_count && i < buffers; ++i)
    if (sizes.buffers[i] >= sizes.size_count)
      return false;
  // Only with symbols they are computed.
  return sizes.symbol_count || !sizes.size_count;
}

} // namespace

bool Checker::argument(const tensorc_cuda_code &code,
                       const tensorc_cuda_function &function,
                       const tensorc_cuda_sizes &sizes,
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
  case TENSORC_CUDA_SIZE:
    return argument.index < sizes.size_count && argument.offset == 0;
  default:
    return false;
  }
}

bool Checker::launch(const tensorc_cuda_code &code,
                     const tensorc_cuda_function &function,
                     const tensorc_cuda_sizes &sizes,
                     const tensorc_cuda_launch &launch) const {
  if (launch.kernel >= code.kernel_count || launch.blocks > sizes.size_count ||
      launch.argument_count > TENSORC_CUDA_MAX_ARGUMENTS)
    return false;
  for (int i = 0; i < 3; ++i)
    if (launch.grid[i] == 0 || launch.block[i] == 0)
      return false;
  for (uint64_t i = 0; i < launch.argument_count; ++i)
    if (!argument(code, function, sizes, launch.arguments[i]))
      return false;
  return true;
}

bool Checker::function(const tensorc_cuda_code &code,
                       const tensorc_cuda_function &function,
                       const tensorc_cuda_sizes &sizes) const {
  if (!function.name || function.workspace_bytes > kMaxBytes ||
      !fits(function.inputs, function.input_count) ||
      !fits(function.outputs, function.output_count) ||
      !areSizes(sizes, function.input_count + function.output_count))
    return false;
  for (uint64_t i = 0; i < function.launch_count; ++i)
    if (!launch(code, function, sizes, function.launches[i]))
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
    if (!function(code, code.functions[i], sizesOf(program, i)) ||
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
  return good ? TENSORC_OK : descriptionError(program);
}

int32_t
tensorc::rt::cuda::descriptionError(const tensorc_cuda_program &program) {
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
      program->struct_size < offsetof(tensorc_cuda_program, sizes))
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
