//===- Export.cpp - What a model file hands to the compiler ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/export.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace tensorc {

[[noreturn]] static void fail(const std::string &message, Location location) {
  throw Error("[export] " + message, user_location(location));
}

/// Names are those of C++ functions and parameters in the generated header.
static void check_identifier(const std::string &name, const char *what,
                             Location location) {
  static const std::set<std::string_view> keywords = {"alignas",
                                                      "alignof",
                                                      "and",
                                                      "and_eq",
                                                      "asm",
                                                      "auto",
                                                      "bitand",
                                                      "bitor",
                                                      "bool",
                                                      "break",
                                                      "case",
                                                      "catch",
                                                      "char",
                                                      "char16_t",
                                                      "char32_t",
                                                      "char8_t",
                                                      "class",
                                                      "co_await",
                                                      "co_return",
                                                      "co_yield",
                                                      "compl",
                                                      "concept",
                                                      "const",
                                                      "const_cast",
                                                      "consteval",
                                                      "constexpr",
                                                      "constinit",
                                                      "continue",
                                                      "decltype",
                                                      "default",
                                                      "delete",
                                                      "do",
                                                      "double",
                                                      "dynamic_cast",
                                                      "else",
                                                      "enum",
                                                      "explicit",
                                                      "export",
                                                      "extern",
                                                      "false",
                                                      "float",
                                                      "for",
                                                      "friend",
                                                      "goto",
                                                      "if",
                                                      "inline",
                                                      "int",
                                                      "long",
                                                      "mutable",
                                                      "namespace",
                                                      "new",
                                                      "noexcept",
                                                      "not",
                                                      "not_eq",
                                                      "nullptr",
                                                      "operator",
                                                      "or",
                                                      "or_eq",
                                                      "private",
                                                      "protected",
                                                      "public",
                                                      "register",
                                                      "reinterpret_cast",
                                                      "requires",
                                                      "restrict",
                                                      "return",
                                                      "short",
                                                      "signed",
                                                      "sizeof",
                                                      "static",
                                                      "static_assert",
                                                      "static_cast",
                                                      "struct",
                                                      "switch",
                                                      "template",
                                                      "this",
                                                      "thread_local",
                                                      "throw",
                                                      "true",
                                                      "try",
                                                      "typedef",
                                                      "typeid",
                                                      "typename",
                                                      "union",
                                                      "unsigned",
                                                      "using",
                                                      "virtual",
                                                      "void",
                                                      "volatile",
                                                      "wchar_t",
                                                      "while",
                                                      "xor",
                                                      "xor_eq"};
  bool good =
      !name.empty() && !std::isdigit(static_cast<unsigned char>(name[0]));
  for (unsigned char c : name)
    good &= c < 128 && (std::isalnum(c) || c == '_');
  if (!good || keywords.count(name))
    fail("expected a name that C++ allows for " + std::string(what) +
             ", received `" + name + "`",
         location);
}

//===----------------------------------------------------------------------===//
// State
//===----------------------------------------------------------------------===//

void ModelExport::add_state(State state) {
  if (!state.tensor.defined())
    fail("the state `" + state.name + "` is undefined", state.location);
  if (state.tensor.impl()->is_traced())
    fail("the state `" + state.name + "` is a tensor of a traced function",
         state.location);
  for (const State &other : state_) {
    if (other.name == state.name)
      fail("the state `" + state.name + "` is there twice", state.location);
    if (other.tensor.is(state.tensor))
      fail("the tensor of `" + state.name + "` is the state `" + other.name +
               "` already",
           state.location);
  }
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
  for (const auto &[path, tensor] : module->named_parameters())
    add_state({prefix + path, tensor, StateRole::Parameter, location});
  for (const auto &[path, tensor] : module->named_buffers())
    add_state({prefix + path, tensor, StateRole::Buffer, location});
  owned_.push_back(std::move(module));
}

void ModelExport::optimizer(const std::string &name,
                            std::shared_ptr<optim::Optimizer> optimizer,
                            Location location) {
  check_identifier(name, "an optimizer", location);
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
  for (const State &state : state_)
    if (state.tensor.impl().get() == tensor)
      return &state;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

void ModelExport::function(const std::string &name, NamedTensors inputs,
                           std::function<Outputs(const TensorList &)> body,
                           Location location) {
  check_identifier(name, "a function", location);
  if (find_function(name))
    fail("the function `" + name + "` is there twice", location);
  if (!body)
    fail("the function `" + name + "` has no body", location);
  std::set<std::string> names;
  for (const auto &[input, example] : inputs) {
    check_identifier(input, "an input", location);
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
    check_identifier(output, "an output", location);
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
