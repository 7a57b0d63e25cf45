//===- Model.cpp - Descriptions of compiled models ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Model.h"
#include "Cpu.h"

#include <string.h>

using namespace tensorc::rt;

int32_t tensorc::rt::checkAbi(const tensorc_model *model) {
  if (!model)
    return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                           "the model is a null pointer");
  // Until the magic is right, no other word of it can be trusted.
  if (model->magic != TENSORC_ABI_MAGIC)
    return tensorc_rt_fail(TENSORC_ERROR_ABI_MISMATCH,
                           "not a tensorc model: expected magic 0x%08x, "
                           "received 0x%08x",
                           TENSORC_ABI_MAGIC, model->magic);
  if (model->abi_major != TENSORC_ABI_MAJOR ||
      model->abi_minor > TENSORC_ABI_MINOR)
    return tensorc_rt_fail(
        TENSORC_ERROR_ABI_MISMATCH,
        "the model was compiled for ABI %u.%u, this runtime has ABI %d.%d",
        model->abi_major, model->abi_minor, TENSORC_ABI_MAJOR,
        TENSORC_ABI_MINOR);
  if (model->struct_size < sizeof(tensorc_model))
    return tensorc_rt_fail(TENSORC_ERROR_ABI_MISMATCH,
                           "the model's description has %u bytes, expected %zu",
                           model->struct_size, sizeof(tensorc_model));
  return TENSORC_OK;
}

int32_t tensorc_rt_check_model(const tensorc_model *model) {
  if (int32_t status = checkAbi(model))
    return status;
  if (model->cpu && !tensorc_rt_cpu_supports(model->cpu))
    return tensorc_rt_fail(TENSORC_ERROR_UNSUPPORTED_CPU,
                           "model `%s` needs an %s processor, this one is %s",
                           model->name, cpuName(model->cpu),
                           cpuName(tensorc_rt_cpu()));
  return TENSORC_OK;
}

const tensorc_tensor_desc *tensorc_rt_find_state(const tensorc_model *model,
                                                 const char *name) {
  for (uint64_t i = 0; i < model->state_count; ++i)
    if (strcmp(model->state[i].name, name) == 0)
      return &model->state[i];
  return nullptr;
}
