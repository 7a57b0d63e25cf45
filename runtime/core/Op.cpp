//===- Op.cpp - Attributes, calls, executors ------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/op.h"
#include "tensorc/executor.h"

#include <algorithm>

namespace tensorc {

void Attributes::set(std::string name, Attribute value) {
  for (auto &[known, old] : items_) {
    if (known == name) {
      old = std::move(value);
      return;
    }
  }
  items_.emplace_back(std::move(name), std::move(value));
}

const Attribute *Attributes::find(std::string_view name) const {
  for (const auto &[known, value] : items_)
    if (known == name)
      return &value;
  return nullptr;
}

std::vector<TensorType> infer_results(const OpCall &call) {
  std::vector<TensorType> types;
  std::string prefix = "[" + std::string(call.info.name) + "] ";
  for (const Tensor &operand : call.operands) {
    if (!operand.defined())
      throw Error(prefix + "expected a tensor, received an undefined one",
                  call.location);
    types.push_back(operand.type());
  }
  try {
    return call.info.infer({types, call.attributes});
  } catch (const Error &error) {
    throw Error(prefix + error.message(), call.location);
  }
}

//===----------------------------------------------------------------------===//
// Executors
//===----------------------------------------------------------------------===//

static thread_local Executor *current_executor = nullptr;
static Executor *&default_executor() {
  static Executor *executor = nullptr;
  return executor;
}

Executor::~Executor() = default;

Executor &Executor::current() {
  if (current_executor)
    return *current_executor;
  if (!default_executor())
    throw Error("no executor is there to perform ops");
  return *default_executor();
}

void Executor::set_default(Executor *executor) {
  default_executor() = executor;
}

ExecutorScope::ExecutorScope(Executor &executor) : previous_(current_executor) {
  current_executor = &executor;
}

ExecutorScope::~ExecutorScope() { current_executor = previous_; }

} // namespace tensorc
