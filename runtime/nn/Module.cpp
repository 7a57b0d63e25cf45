//===- Module.cpp - The base of models and layers -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/nn/module.h"
#include "runtime/core/Dense.h"
#include "runtime/nn/Names.h"
#include "tensorc/functions.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <ostream>
#include <set>

namespace tensorc::nn {

Module::Module() = default;
Module::~Module() = default;

//===----------------------------------------------------------------------===//
// Registration
//===----------------------------------------------------------------------===//

void Module::check_name(const std::string &name, const char *what,
                        Location location) const {
  auto taken = [&](const auto &items) {
    return std::any_of(items.begin(), items.end(),
                       [&](const auto &item) { return item.first == name; });
  };
  std::string problem;
  if (name.empty())
    problem = "can't be empty";
  else if (name.find('.') != std::string::npos)
    problem = "can't contain a dot";
  else if (taken(parameters_) || taken(buffers_) || taken(children_))
    problem = "is taken already";
  else
    return;
  throw Error("[" + this->name() + "] the name `" + name + "` of a " + what +
                  " " + problem,
              user_location(location));
}

void Module::add_child(std::string name, std::shared_ptr<Module> module,
                       Location location) {
  check_name(name, "module", location);
  if (!module)
    throw Error("[" + this->name() + "] the module `" + name + "` is null",
                user_location(location));
  children_.emplace_back(std::move(name), std::move(module));
}

Tensor Module::register_parameter(std::string name, Tensor value,
                                  bool requires_grad, Location location) {
  check_name(name, "parameter", location);
  value.requires_grad_(requires_grad, location);
  parameters_.emplace_back(std::move(name), value);
  return value;
}

Tensor Module::register_buffer(std::string name, Tensor value,
                               Location location) {
  check_name(name, "buffer", location);
  (void)value.type();
  buffers_.emplace_back(std::move(name), value);
  return value;
}

//===----------------------------------------------------------------------===//
// Tensors below
//===----------------------------------------------------------------------===//

void Module::collect(const std::string &prefix, Wanted wanted,
                     NamedTensors &out) const {
  auto add = [&](const NamedTensors &tensors) {
    for (const auto &[name, tensor] : tensors)
      if (!wanted.once ||
          std::none_of(out.begin(), out.end(), [&](const auto &item) {
            return item.second.is(tensor);
          }))
        out.emplace_back(prefix + name, tensor);
  };
  if (wanted.parameters)
    add(parameters_);
  if (wanted.buffers)
    add(buffers_);
  if (wanted.recurse)
    for (const auto &[name, child] : children_)
      child->collect(prefix + name + ".", wanted, out);
}

static TensorList values_of(const NamedTensors &tensors) {
  TensorList values;
  for (const auto &[name, tensor] : tensors)
    values.push_back(tensor);
  return values;
}

NamedTensors Module::named_parameters(bool recurse,
                                      bool remove_duplicate) const {
  NamedTensors result;
  collect("", {true, false, recurse, remove_duplicate}, result);
  return result;
}
NamedTensors Module::named_buffers(bool recurse, bool remove_duplicate) const {
  NamedTensors result;
  collect("", {false, true, recurse, remove_duplicate}, result);
  return result;
}
TensorList Module::parameters(bool recurse) const {
  return values_of(named_parameters(recurse));
}
TensorList Module::buffers(bool recurse) const {
  return values_of(named_buffers(recurse));
}

NamedTensors Module::state_dict() const {
  NamedTensors result;
  collect("", {true, true, true, /*once=*/false}, result);
  return result;
}

NamedTensors Module::distinct_state() const {
  NamedTensors result;
  collect("", {true, true, true, /*once=*/true}, result);
  return result;
}

/// Whether two tensors of one shape hold the same values, NaN for NaN.
static bool same_values(const Tensor &a, const Tensor &b) {
  if (a.dtype() == b.dtype())
    return dense_bytes(a) == dense_bytes(b);
  std::vector<double> left = a.to_vector<double>(),
                      right = b.to_vector<double>();
  return std::equal(left.begin(), left.end(), right.begin(),
                    [](double x, double y) {
                      return x == y || (std::isnan(x) && std::isnan(y));
                    });
}

void Module::load_state_dict(const NamedTensors &state, bool strict,
                             Location location) {
  NamedTensors names = state_dict();
  std::map<std::string_view, const Tensor *> given;
  for (const auto &[name, tensor] : state)
    given.try_emplace(name, &tensor);
  // Everything is checked first, so that an error changes nothing.
  std::string problems;
  auto report = [&](const std::string &problem) {
    problems += (problems.empty() ? "" : "; ") + problem;
  };
  /// A tensor of this module's, by all its names, and what it gets.
  struct Target {
    Tensor tensor;
    std::string name; ///< the first one, or that of `value`
    const Tensor *value = nullptr;
  };
  std::vector<Target> targets;
  std::map<const TensorImpl *, std::size_t> indices;
  std::set<std::string_view> known;
  for (const auto &[name, tensor] : names) {
    known.insert(name);
    auto [index, is_new] =
        indices.try_emplace(tensor.impl().get(), targets.size());
    if (is_new)
      targets.push_back({tensor, name});
    Target &target = targets[index->second];
    auto found = given.find(name);
    if (found == given.end())
      continue;
    const Tensor &value = *found->second;
    if (value.shape() != tensor.shape())
      report("`" + name + "` expected shape " + to_string(tensor.shape()) +
             ", received " + to_string(value.shape()));
    else if (!target.value)
      target = {tensor, name, &value};
    else if (!same_values(*target.value, value))
      report("`" + target.name + "` and `" + name +
             "` are one tensor, received different values for them");
  }
  if (strict) {
    for (const Target &target : targets)
      if (!target.value && !given.count(target.name))
        report("`" + target.name + "` is missing");
    for (const auto &[name, tensor] : state)
      if (!known.count(name))
        report("`" + name + "` is not expected");
  }
  if (!problems.empty())
    throw Error("[" + name() + "] loading state: " + problems,
                user_location(location));
  NoGradGuard no_grad;
  for (Target &target : targets)
    if (target.value)
      target.tensor.copy_(TensorArg(*target.value, location));
}

void Module::train(bool on) {
  training_ = on;
  for (const auto &[name, child] : children_)
    child->train(on);
}

void Module::zero_grad() {
  for (Tensor &parameter : parameters())
    parameter.set_grad({});
}

/// Moves and converts a tensor and its gradient. The handle stays the one that
/// layers and optimizers hold.
static void convert(const Tensor &tensor, Device device,
                    std::optional<DType> dtype, Location location) {
  auto converted = [&](const Tensor &value) {
    DType type = value.is_floating_point() ? dtype.value_or(value.dtype())
                                           : value.dtype();
    return value.to(device, type, location);
  };
  if (Tensor grad = tensor.grad(); grad.defined())
    tensor.impl()->grad = converted(grad).impl();
  if (Tensor value = converted(tensor); !value.is(tensor))
    replace_contents(tensor, value);
}

void Module::to(DType dtype, Location location) {
  NoGradGuard no_grad;
  for (auto &[name, tensor] : distinct_state())
    convert(tensor, tensor.device(), dtype, location);
}
void Module::to(Device device, std::optional<DType> dtype, Location location) {
  NoGradGuard no_grad;
  for (auto &[name, tensor] : distinct_state())
    convert(tensor, device, dtype, location);
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

std::string Module::name() const { return class_name(typeid(*this)); }

/// Every line but the first moved to the right, as PyTorch's `_addindent`.
static std::string indented(const std::string &text) {
  std::string result;
  for (char c : text)
    result += c == '\n' ? std::string("\n  ") : std::string(1, c);
  return result;
}

static std::string describe(const Module &module) {
  std::string extra = module.extra_repr();
  if (module.named_children().empty() && extra.find('\n') == std::string::npos)
    return module.name() + "(" + extra + ")";
  std::string text = module.name() + "(\n";
  if (!extra.empty())
    text += "  " + indented(extra) + "\n";
  for (const auto &[name, child] : module.named_children())
    text += "  (" + name + "): " + indented(describe(*child)) + "\n";
  return text + ")";
}

std::ostream &operator<<(std::ostream &out, const Module &module) {
  return out << describe(module);
}

} // namespace tensorc::nn
