//===- Export.cpp - What a model file hands to the compiler ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/export.h"

#include "runtime/core/Sizes.h"
#include "tensorc/names.h"

#include <set>
#include <unordered_map>
#include <unordered_set>

namespace tensorc {

[[noreturn]] static void fail(const std::string &message, Location location) {
  throw Error("[export] " + message, user_location(location));
}

static void check_name(const std::string &name, const char *what, NameUse use,
                       Location location) {
  std::string problem = name_problem(name, use);
  if (!problem.empty())
    fail("the name `" + name + "` of " + what + " " + problem +
             "; for example `" + proposed_name(name, use) + "` can be",
         location);
}

//===----------------------------------------------------------------------===//
// State
//===----------------------------------------------------------------------===//

/// RFC 3629, without the exact bounds of overlong and surrogate forms.
static bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    auto byte = static_cast<unsigned char>(text[i++]);
    int more = byte < 0x80                   ? 0
               : byte >= 0xc2 && byte < 0xe0 ? 1
               : byte >= 0xe0 && byte < 0xf0 ? 2
               : byte >= 0xf0 && byte < 0xf5 ? 3
                                             : -1;
    if (more < 0)
      return false;
    for (; more > 0; --more, ++i)
      if (i == text.size() || (static_cast<unsigned char>(text[i]) >> 6) != 2)
        return false;
  }
  return true;
}

struct ModelExport::StateIndex {
  std::unordered_set<std::string> names; ///< aliases, too
  std::unordered_map<const TensorImpl *, std::size_t> numbers;
};

ModelExport::ModelExport() : state_index_(std::make_unique<StateIndex>()) {}
ModelExport::~ModelExport() = default;

void ModelExport::add_state(State state) {
  if (state.name.empty())
    fail("expected a name of the state's tensor, received an empty one",
         state.location);
  // The format's own key; and names are C strings in the object.
  if (state.name == "__metadata__" || !is_utf8(state.name) ||
      state.name.find('\0') != std::string::npos)
    fail("expected a name that a file of tensors can hold, received `" +
             state.name + "`",
         state.location);
  if (!state.tensor.defined())
    fail("the state `" + state.name + "` is undefined", state.location);
  if (state.tensor.impl()->is_traced())
    fail("the state `" + state.name + "` is a tensor of a traced function",
         state.location);
  if (has_symbols(state.tensor.shape()))
    fail("expected a state of sizes that are numbers, received `" + state.name +
             "` of type " + to_string(state.tensor.type()),
         state.location);
  if (state_index_->names.count(state.name))
    fail("the state `" + state.name + "` is there twice", state.location);
  const TensorImpl *tensor = state.tensor.impl().get();
  auto *same = const_cast<State *>(find_state(tensor));
  if (same && (same->role != state.role || state.role == StateRole::Optimizer))
    fail("the tensor of `" + state.name + "` is the state `" + same->name +
             "` already",
         state.location);
  state_index_->names.insert(state.name);
  if (same) {
    same->aliases.push_back(std::move(state.name));
    return;
  }
  state_index_->numbers[tensor] = state_.size();
  state_.push_back(std::move(state));
}

void ModelExport::module(std::shared_ptr<nn::Module> module,
                         Location location) {
  this->module("", std::move(module), location);
}

void ModelExport::module(const std::string &name,
                         std::shared_ptr<nn::Module> module,
                         Location location) {
  if (!module)
    fail("the module is null", location);
  std::string prefix = name.empty() ? "" : name + ".";
  for (const auto &[path, tensor] : module->named_parameters(true, false))
    add_state({prefix + path, tensor, StateRole::Parameter, location});
  for (const auto &[path, tensor] : module->named_buffers(true, false))
    add_state({prefix + path, tensor, StateRole::Buffer, location});
  owned_.push_back(std::move(module));
}

void ModelExport::optimizer(const std::string &name,
                            std::shared_ptr<optim::Optimizer> optimizer,
                            Location location) {
  check_name(name, "an optimizer", NameUse::Buffer, location);
  if (!optimizer)
    fail("the optimizer `" + name + "` is null", location);
  for (const Tensor &parameter : optimizer->parameters())
    if (!find_state(parameter.impl().get()))
      fail("a parameter of the optimizer `" + name + "` of type " +
               to_string(parameter.type()) +
               " belongs to no module of this model (`model.module` comes "
               "first)",
           location);
  for (const optim::Optimizer::State &item : optimizer->state()) {
    std::string path = name + "." + item.name;
    if (item.parameter.defined())
      path += "." + find_state(item.parameter.impl().get())->name;
    add_state({path, item.value, StateRole::Optimizer, location});
  }
  owned_.push_back(std::move(optimizer));
}

void ModelExport::state(const std::string &name, const Tensor &tensor,
                        StateRole role, Location location) {
  add_state({name, tensor, role, location});
}

const ModelExport::State *
ModelExport::find_state(const TensorImpl *tensor) const {
  auto known = state_index_->numbers.find(tensor);
  return known == state_index_->numbers.end() ? nullptr
                                              : &state_[known->second];
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

void ModelExport::function(const std::string &name, NamedTensors inputs,
                           FunctionBody body, Location location) {
  check_name(name, "a function", NameUse::Function, location);
  if (find_function(name))
    fail("the function `" + name + "` is there twice", location);
  if (!body)
    fail("the function `" + name + "` has no body", location);
  std::set<std::string> names;
  for (const auto &[input, example] : inputs) {
    check_name(input, "an input", NameUse::Buffer, location);
    if (!names.insert(input).second)
      fail("the function `" + name + "` has the input `" + input + "` twice",
           location);
    if (!example.defined())
      fail("the input `" + input + "` of `" + name + "` is undefined",
           location);
  }
  functions_.push_back({name, std::move(inputs), std::move(body), location});
}

const ModelExport::Function *
ModelExport::find_function(std::string_view name) const {
  for (const Function &function : functions_)
    if (function.name == name)
      return &function;
  return nullptr;
}

Outputs ModelExport::Function::call(const TensorList &arguments) const {
  Outputs outputs = body(arguments);
  std::set<std::string> names;
  for (const auto &[input, example] : inputs)
    names.insert(input);
  for (const auto &[output, value] : outputs) {
    check_name(output, "an output", NameUse::Buffer, location);
    if (!names.insert(output).second)
      fail("the function `" + name + "` has an input or output `" + output +
               "` already",
           location);
    if (!value.defined())
      fail("the output `" + output + "` of `" + name + "` is undefined",
           location);
  }
  return outputs;
}

} // namespace tensorc
