//===- TestProgram.cpp - A small GPU program for the tests ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/cuda/TestProgram.h"

#include <cstring>
#include <random>

const char *const kTestPtx = R"ptx(
.version 7.0
.target sm_80
.address_size 64

// values[i] = values[i] * 3 + batch[i]; copy[i] = values[i]
.visible .entry step(.param .u64 step_values, .param .u64 step_batch,
                     .param .u64 step_copy, .param .u32 step_count)
{
  .reg .pred %p;
  .reg .b32 %r<4>;
  .reg .b64 %rd<5>;
  mov.u32 %r0, %ctaid.x;
  mov.u32 %r1, %ntid.x;
  mov.u32 %r2, %tid.x;
  mad.lo.u32 %r0, %r0, %r1, %r2;
  ld.param.u32 %r1, [step_count];
  setp.ge.u32 %p, %r0, %r1;
  @%p ret;
  mul.wide.u32 %rd0, %r0, 4;
  ld.param.u64 %rd1, [step_values];
  ld.param.u64 %rd2, [step_batch];
  ld.param.u64 %rd3, [step_copy];
  add.u64 %rd1, %rd1, %rd0;
  add.u64 %rd2, %rd2, %rd0;
  add.u64 %rd3, %rd3, %rd0;
  ld.global.u32 %r1, [%rd1];
  ld.global.u32 %r2, [%rd2];
  mad.lo.u32 %r1, %r1, 3, %r2;
  st.global.u32 [%rd1], %r1;
  st.global.u32 [%rd3], %r1;
  ret;
}

// sum[i] = one[i] + other[i]
.visible .entry add(.param .u64 add_one, .param .u64 add_other,
                    .param .u64 add_sum, .param .u32 add_count)
{
  .reg .pred %p;
  .reg .b32 %r<4>;
  .reg .b64 %rd<5>;
  mov.u32 %r0, %ctaid.x;
  mov.u32 %r1, %ntid.x;
  mov.u32 %r2, %tid.x;
  mad.lo.u32 %r0, %r0, %r1, %r2;
  ld.param.u32 %r1, [add_count];
  setp.ge.u32 %p, %r0, %r1;
  @%p ret;
  mul.wide.u32 %rd0, %r0, 4;
  ld.param.u64 %rd1, [add_one];
  ld.param.u64 %rd2, [add_other];
  ld.param.u64 %rd3, [add_sum];
  add.u64 %rd1, %rd1, %rd0;
  add.u64 %rd2, %rd2, %rd0;
  add.u64 %rd3, %rd3, %rd0;
  ld.global.u32 %r1, [%rd1];
  ld.global.u32 %r2, [%rd2];
  add.u32 %r1, %r1, %r2;
  st.global.u32 [%rd3], %r1;
  ret;
}

// A batch that starts with ~0 is an error.
.visible .entry check(.param .u64 check_batch, .param .u64 check_status)
{
  .reg .pred %p;
  .reg .b32 %r<2>;
  .reg .b64 %rd<2>;
  ld.param.u64 %rd0, [check_batch];
  ld.global.u32 %r0, [%rd0];
  setp.ne.u32 %p, %r0, 0xffffffff;
  @%p ret;
  ld.param.u64 %rd1, [check_status];
  mov.u32 %r1, 5;
  st.global.u32 [%rd1], %r1;
  ret;
}
)ptx";
static_assert(TENSORC_ERROR_INDEX_OUT_OF_RANGE == 5);

static tensorc_cuda_argument at(tensorc_cuda_argument_kind kind,
                                std::uint64_t offset = 0,
                                std::uint32_t index = 0) {
  return {kind, index, offset};
}

static tensorc_cuda_launch launchOf(std::uint32_t kernel, std::uint32_t threads,
                                    const tensorc_cuda_argument *arguments,
                                    std::uint64_t count) {
  constexpr std::uint32_t kBlock = 128;
  return {kernel,
          0,
          {(threads + kBlock - 1) / kBlock, 1, 1},
          {threads < kBlock ? threads : kBlock, 1, 1},
          {1, 0, 1},
          0,
          arguments,
          count};
}

TestProgram::TestProgram() : constants(numbers(4711)) {
  tensorc_cuda_argument count = at(TENSORC_CUDA_VALUE, kCount);
  tensorc_cuda_argument values = at(TENSORC_CUDA_STATE);
  tensorc_cuda_argument copy = at(TENSORC_CUDA_WORKSPACE, kTrainOffset);
  tensorc_cuda_argument once = at(TENSORC_CUDA_WORKSPACE, kInferOffset);
  tensorc_cuda_argument batch = at(TENSORC_CUDA_INPUT, 0, 0);
  tensorc_cuda_argument shift = at(TENSORC_CUDA_CONSTANTS);
  checkArguments = {batch, at(TENSORC_CUDA_STATUS)};
  stepArguments = {values, batch, copy, count};
  biasArguments = {copy, at(TENSORC_CUDA_INPUT, 0, 1),
                   at(TENSORC_CUDA_OUTPUT, 0, 0), count};
  shiftArguments = {copy, shift, at(TENSORC_CUDA_OUTPUT, 0, 1), count};
  onceArguments = {values, shift, once, count};
  twiceArguments = {once, shift, at(TENSORC_CUDA_OUTPUT, 0, 0), count};
  trainLaunches = {launchOf(2, 1, checkArguments.data(), 2),
                   launchOf(0, kCount, stepArguments.data(), 4),
                   launchOf(1, kCount, biasArguments.data(), 4),
                   launchOf(1, kCount, shiftArguments.data(), 4)};
  inferLaunches = {launchOf(1, kCount, onceArguments.data(), 4),
                   launchOf(1, kCount, twiceArguments.data(), 4)};
  functions = {
      {{"train", inputs.data(), outputs.data(), trainLaunches.data(),
        inputs.size(), outputs.size(), trainLaunches.size(),
        kTrainOffset + kBytes},
       {"infer", nullptr, inferOutputs.data(), inferLaunches.data(), 0,
        inferOutputs.size(), inferLaunches.size(), kInferOffset + kBytes}}};
  module.ptx_bytes = std::strlen(kTestPtx) + 1;
  code.sm = 80;
  code.modules = &module;
  code.module_count = 1;
  code.kernels = kernels.data();
  code.kernel_count = kernels.size();
  code.functions = functions.data();
  code.function_count = functions.size();
  code.constants = constants.data();
  code.constant_bytes = kBytes;
}

void Reference::train(const Values &batch) {
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = values[i] * 3 + batch[i];
}

Values Reference::plus(const Values &other, std::uint32_t times) const {
  Values sum = values;
  for (std::size_t i = 0; i < sum.size(); ++i)
    sum[i] += times * other[i];
  return sum;
}

Values numbers(std::uint32_t seed) {
  std::mt19937 random(seed);
  Values values(kCount);
  for (std::uint32_t &value : values)
    value = random() >> 1; // never ~0
  return values;
}
