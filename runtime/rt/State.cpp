//===- State.cpp - Loads and saves a model's state ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Model.h"
#include "Safetensors.h"

#include <algorithm>

using namespace tensorc::rt;

static const char *bytesOf(const void *state, const tensorc_tensor_desc &desc) {
  return static_cast<const char *>(state) + desc.offset;
}

/// What both directions need to be true of the model and of the arguments.
static int32_t checkState(const tensorc_model *model, const void *state,
                          const char *path) {
  if (int32_t status = checkAbi(model))
    return status;
  if (!path || (!state && model->state_bytes))
    return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                           "%s is a null pointer",
                           path ? "the state" : "the path");
  if (model->state_bytes &&
      reinterpret_cast<uintptr_t>(state) % TENSORC_ALIGNMENT)
    return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                           "the state is not aligned to %d bytes",
                           TENSORC_ALIGNMENT);
  for (uint64_t i = 0; i < model->state_count; ++i) {
    const tensorc_tensor_desc &desc = model->state[i];
    const ElementType *type = elementTypeOf(desc.dtype);
    uint64_t bytes, end;
    if (!type || !denseBytes(*type, desc.shape, desc.rank, bytes) ||
        bytes != desc.bytes ||
        __builtin_add_overflow(desc.offset, bytes, &end) ||
        end > model->state_bytes)
      return tensorc_rt_fail(
          TENSORC_ERROR_ABI_MISMATCH,
          "model `%s` describes its state `%s` wrongly: is it damaged?",
          model->name, desc.name);
  }
  return TENSORC_OK;
}

/// Tied weights have several names: entries that share their memory.
static bool sameMemory(const tensorc_tensor_desc &a,
                       const tensorc_tensor_desc &b) {
  return a.bytes && a.bytes == b.bytes && a.offset == b.offset;
}

/// Whether an entry before `i` is another name of the same tensor.
static bool isAlias(const tensorc_model *model, uint64_t i) {
  for (uint64_t j = 0; j < i; ++j)
    if (sameMemory(model->state[j], model->state[i]))
      return true;
  return false;
}

/// Whether the file has the tensor of entry `i` under another name, or lacks it
/// and says so under its first one.
static bool isElsewhere(const tensorc_model *model, uint64_t i,
                        const SafetensorsHeader &header) {
  if (header.find(model->state[i].name))
    return false;
  if (isAlias(model, i))
    return true;
  for (uint64_t j = i + 1; j < model->state_count; ++j)
    if (sameMemory(model->state[j], model->state[i]) &&
        header.find(model->state[j].name))
      return true;
  return false;
}

/// An error where the file has several names of one tensor, and not the same
/// values for them.
static int32_t checkAliases(const tensorc_model *model, const char *path,
                            const SafetensorsFile &file) {
  for (uint64_t i = 0; i < model->state_count; ++i) {
    const FileTensor *tensor = file.header().find(model->state[i].name);
    for (uint64_t j = 0; tensor && j < i; ++j) {
      if (!sameMemory(model->state[j], model->state[i]))
        continue;
      const FileTensor *other = file.header().find(model->state[j].name);
      bool same = true;
      if (other)
        if (int32_t status = file.equal(*tensor, *other, same))
          return status;
      Quoted first(model->state[j].name, strlen(model->state[j].name));
      Quoted second(model->state[i].name, strlen(model->state[i].name));
      if (!same)
        return tensorc_rt_fail(TENSORC_ERROR_FORMAT,
                               "%s: tensors `%s` and `%s` differ, expected the "
                               "same values: the model has one tensor for both",
                               path, first.text, second.text);
    }
  }
  return TENSORC_OK;
}

/// Finds the tensor of the file that `desc` takes: null where there is none,
/// which fails if `strict`.
static int32_t match(const SafetensorsFile &file, const char *path,
                     const tensorc_tensor_desc &desc, bool strict,
                     const FileTensor *&tensor) {
  Quoted name(desc.name, strlen(desc.name));
  tensor = file.header().find(desc.name);
  if (!tensor && !strict)
    return TENSORC_OK;
  if (!tensor)
    return tensorc_rt_fail(TENSORC_ERROR_FORMAT, "%s: tensor `%s` is missing",
                           path, name.text);
  const int64_t *shape = file.header().shape(*tensor);
  if (tensor->rank != desc.rank ||
      !std::equal(shape, shape + desc.rank, desc.shape))
    return tensorc_rt_fail(TENSORC_ERROR_FORMAT,
                           "%s: tensor `%s` has shape %s, expected %s", path,
                           name.text, ShapeText(shape, tensor->rank).text,
                           ShapeText(desc.shape, desc.rank).text);
  if (tensor->type->dtype != desc.dtype)
    return tensorc_rt_fail(
        TENSORC_ERROR_FORMAT, "%s: tensor `%s` has dtype %s, expected %s", path,
        name.text, tensor->type->name, elementTypeOf(desc.dtype)->name);
  return TENSORC_OK;
}

int32_t tensorc_rt_load_state(const tensorc_model *model, void *state,
                              const char *path) {
  return tensorc_rt_load_state_report(model, state, path, /*strict=*/1, nullptr,
                                      nullptr);
}

int32_t tensorc_rt_load_state_report(const tensorc_model *model, void *state,
                                     const char *path, int32_t strict,
                                     tensorc_load_report_fn report,
                                     void *context) {
  if (int32_t status = checkState(model, state, path))
    return status;
  SafetensorsFile file;
  if (int32_t status = file.open(path))
    return status;
  // All are looked at before the first byte of the state is written.
  const FileTensor *tensor;
  for (uint64_t i = 0; i < model->state_count; ++i) {
    const tensorc_tensor_desc &desc = model->state[i];
    if (isElsewhere(model, i, file.header()))
      continue;
    if (int32_t status = match(file, path, desc, strict, tensor))
      return status;
    if (!tensor && report)
      report(context, TENSORC_LOAD_MISSING, desc.name);
  }
  if (int32_t status = checkAliases(model, path, file))
    return status;
  for (size_t i = 0; report && i < file.header().size(); ++i)
    if (const char *name = file.header()[i].name;
        !tensorc_rt_find_state(model, name))
      report(context, TENSORC_LOAD_UNEXPECTED, name);
  for (uint64_t i = 0; i < model->state_count; ++i) {
    const tensorc_tensor_desc &desc = model->state[i];
    if (isElsewhere(model, i, file.header()))
      continue;
    char *memory = static_cast<char *>(state) + desc.offset;
    int32_t status = match(file, path, desc, strict, tensor);
    if (!status && !tensor)
      continue;
    if (!status)
      status = file.read(*tensor, memory);
    if (status)
      return tensorc_rt_fail(status, "%s (the state is partly overwritten)",
                             tensorc_rt_last_error());
    // Any byte but 0 is true, as in numpy; compiled code counts on 0 and 1.
    if (desc.dtype == TENSORC_BOOL)
      for (uint64_t j = 0; j < desc.bytes; ++j)
        memory[j] = memory[j] != 0;
  }
  return TENSORC_OK;
}

int32_t tensorc_rt_save_state(const tensorc_model *model, const void *state,
                              const char *path) {
  if (int32_t status = checkState(model, state, path))
    return status;
  Array<TensorView> views;
  for (uint64_t i = 0; i < model->state_count; ++i) {
    const tensorc_tensor_desc &desc = model->state[i];
    // Under its first name alone.
    if (!isAlias(model, i) &&
        !views.push({desc.name, strlen(desc.name), elementTypeOf(desc.dtype),
                     desc.shape, desc.rank, bytesOf(state, desc), desc.bytes}))
      return tensorc_rt_fail(TENSORC_ERROR_OUT_OF_MEMORY,
                             "%s: not enough memory for the header", path);
  }
  return writeSafetensors(path, views.data(), views.size());
}
