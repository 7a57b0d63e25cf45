//===- module.h - The base of models and layers -----------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_NN_MODULE_H
#define TENSORC_NN_MODULE_H

#include "tensorc/tensor.h"

#include <concepts>
#include <string>
#include <type_traits>
#include <utility>

namespace tensorc {

using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

namespace nn {

template <typename Impl> class ModuleHolder;

/// What every model and layer derives from. Registered parameters, buffers and
/// children are named as in PyTorch (`conv1.weight`) and kept in the order of
/// registration. Held by `std::shared_ptr`; not thread-safe.
class Module {
public:
  Module();
  virtual ~Module();
  Module(const Module &) = delete;
  Module &operator=(const Module &) = delete;

  /// Adds a child and returns it. A name that is empty, taken or has a dot is
  /// an `Error`.
  template <typename M>
  std::shared_ptr<M> register_module(std::string name,
                                     std::shared_ptr<M> module,
                                     Location location = Location::current()) {
    add_child(std::move(name), module, location);
    return module;
  }
  template <typename Impl>
  ModuleHolder<Impl> register_module(std::string name,
                                     ModuleHolder<Impl> module,
                                     Location location = Location::current()) {
    add_child(std::move(name), module.ptr(), location);
    return module;
  }
  /// Adds a tensor that is trained, and returns it.
  Tensor register_parameter(std::string name, Tensor value,
                            bool requires_grad = true,
                            Location location = Location::current());
  /// Adds a tensor that is saved but not trained, and returns it.
  Tensor register_buffer(std::string name, Tensor value,
                         Location location = Location::current());

  /// All parameters below, parents first. A tensor that has several names, as
  /// tied weights have, is there once, under the first, unless
  /// `remove_duplicate` is false.
  TensorList parameters(bool recurse = true) const;
  NamedTensors named_parameters(bool recurse = true,
                                bool remove_duplicate = true) const;
  TensorList buffers(bool recurse = true) const;
  NamedTensors named_buffers(bool recurse = true,
                             bool remove_duplicate = true) const;
  const std::vector<std::pair<std::string, std::shared_ptr<Module>>> &
  named_children() const {
    return children_;
  }

  /// Parameters and buffers by path; the tensors are shared, not copied. One of
  /// several names, as tied weights have, is there under each.
  NamedTensors state_dict() const;
  /// Copies `state` into the tensors of the same names. Another shape is an
  /// `Error`, and so is a missing or unexpected name unless `strict` is false.
  /// A tensor of several names is given by any of them; different values for
  /// them are an `Error`.
  void load_state_dict(const NamedTensors &state, bool strict = true,
                       Location location = Location::current());

  virtual void train(bool on = true);
  void eval() { train(false); }
  bool is_training() const { return training_; }
  /// Drops the gradients of all parameters.
  void zero_grad();
  /// Converts floating-point parameters and buffers in place: all handles of
  /// them, also those that optimizers hold, and their gradients.
  void to(DType dtype, Location location = Location::current());
  /// Moves all parameters and buffers in place, and converts them.
  void to(Device device, std::optional<DType> dtype = {},
          Location location = Location::current());

  /// The class's name without namespaces, as `LeNet`.
  virtual std::string name() const;
  /// What is printed between the parentheses after the name.
  virtual std::string extra_repr() const { return ""; }

private:
  void add_child(std::string name, std::shared_ptr<Module> module,
                 Location location);
  void check_name(const std::string &name, const char *what,
                  Location location) const;
  /// What `collect` is asked for.
  struct Wanted {
    bool parameters, buffers, recurse, once;
  };
  /// As `state_dict`, each tensor once.
  NamedTensors distinct_state() const;
  void collect(const std::string &prefix, Wanted wanted,
               NamedTensors &out) const;

  NamedTensors parameters_;
  NamedTensors buffers_;
  std::vector<std::pair<std::string, std::shared_ptr<Module>>> children_;
  bool training_ = true;
};

/// Prints as `print(module)` in PyTorch.
std::ostream &operator<<(std::ostream &out, const Module &module);

/// `module.forward(arguments…)`, on the caller's line where `forward` takes
/// one.
template <typename M, typename... Arguments>
decltype(auto) call_forward(M &module, Location location,
                            Arguments &&...arguments) {
  if constexpr (requires {
                  module.forward(std::forward<Arguments>(arguments)...,
                                 location);
                })
    return module.forward(std::forward<Arguments>(arguments)..., location);
  else
    return module.forward(std::forward<Arguments>(arguments)...);
}

/// A shared handle of a module, which it calls like a function.
template <typename Impl> class ModuleHolder {
public:
  ModuleHolder(std::nullptr_t) {}
  explicit ModuleHolder(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

  Impl *operator->() const { return impl_.get(); }
  Impl &operator*() const { return *impl_; }
  Impl *get() const { return impl_.get(); }
  const std::shared_ptr<Impl> &ptr() const { return impl_; }
  explicit operator bool() const { return impl_ != nullptr; }

  /// What `forward` of the layer returns. It may take the caller's line as its
  /// last parameter, for errors and what is recorded, and need not.
  decltype(auto) operator()(const Tensor &input,
                            Location location = Location::current()) const {
    return call_forward(*impl_, location, input);
  }
  /// Losses: `loss(input, target)`.
  decltype(auto) operator()(const Tensor &input, const Tensor &target,
                            Location location = Location::current()) const {
    return call_forward(*impl_, location, input, target);
  }
  /// Any other arguments; these have no line to pass on.
  template <typename... Arguments>
    requires(!(std::same_as<std::remove_cvref_t<Arguments>, Location> || ...) &&
             !((std::convertible_to<Arguments, const Tensor &> && ...) &&
               (sizeof...(Arguments) == 1 || sizeof...(Arguments) == 2)))
  decltype(auto) operator()(Arguments &&...arguments) const {
    return impl_->forward(std::forward<Arguments>(arguments)...);
  }

protected:
  ModuleHolder() = default;
  std::shared_ptr<Impl> impl_;
};

//===----------------------------------------------------------------------===//
// Handles that make their modules
//===----------------------------------------------------------------------===//

namespace detail {

/// The caller's line. Not of `{}`, which in a call means options.
struct CallerLine {
  CallerLine(Location location) : location(location) {}
  Location location;
};

/// Constructors of a handle, of the first parameters of `Impl`'s constructor
/// (`Taken`) and of more of them.
template <typename Impl, typename Taken, typename... More> class MadeFrom;

template <typename Impl, typename... Taken>
class MadeFrom<Impl, void(Taken...)> : public ModuleHolder<Impl> {
public:
  using ModuleHolder<Impl>::ModuleHolder;
  MadeFrom(Taken... arguments, CallerLine line = Location::current())
    requires std::constructible_from<Impl, Taken...>
      : ModuleHolder<Impl>(
            make<Taken...>(line, std::forward<Taken>(arguments)...)) {}

protected:
  /// On the caller's line where `Impl` takes one: the library's layers do. Else
  /// its constructor is the user's, whose own lines say more.
  template <typename... Given>
  static std::shared_ptr<Impl> make(CallerLine line, Given... arguments) {
    if constexpr (std::constructible_from<Impl, Taken..., Location>) {
      LocationScope scope(line.location);
      return std::make_shared<Impl>(std::forward<Given>(arguments)...);
    } else {
      return std::make_shared<Impl>(std::forward<Given>(arguments)...);
    }
  }
};

template <typename Impl, typename... Taken, typename Next, typename... More>
class MadeFrom<Impl, void(Taken...), Next, More...>
    : public MadeFrom<Impl, void(Taken..., Next), More...> {
  using Base = MadeFrom<Impl, void(Taken..., Next), More...>;

public:
  using Base::Base;
  MadeFrom(Taken... arguments, CallerLine line = Location::current())
    requires std::constructible_from<Impl, Taken...>
      : Base(Base::template make<Taken...>(line,
                                           std::forward<Taken>(arguments)...)) {
  }
};

} // namespace detail

/// The handle of a module, in one line:
///
///     struct NetImpl : nn::Module {
///       explicit NetImpl(std::int64_t width, NetOptions options = {});
///       Tensor forward(const Tensor &x);
///     };
///     using Net = nn::Handle<NetImpl(std::int64_t, NetOptions)>;
///
/// `Net net(64, {.depth = 2})` makes a `NetImpl` of the same arguments, which
/// copies of `net` share; those that have a default may be left out, and `Net
/// net = nullptr` makes none yet. Without the parameters, `nn::Handle<NetImpl>`
/// does the same for arguments that have a type of their own (no braces).
template <typename Constructor>
class Handle : public ModuleHolder<Constructor> {
  using Impl = Constructor;
  template <typename T>
  static constexpr bool is_handle =
      std::derived_from<std::remove_cvref_t<T>, ModuleHolder<Impl>> ||
      std::convertible_to<T, std::shared_ptr<Impl>>;

public:
  using ModuleHolder<Impl>::ModuleHolder;
  Handle(ModuleHolder<Impl> holder) : ModuleHolder<Impl>(std::move(holder)) {}
  template <typename... Arguments>
    requires(std::constructible_from<Impl, Arguments...> &&
             !(sizeof...(Arguments) == 1 && (is_handle<Arguments> && ...)))
  explicit Handle(Arguments &&...arguments)
      : ModuleHolder<Impl>(
            std::make_shared<Impl>(std::forward<Arguments>(arguments)...)) {}
};

template <typename Impl, typename... Parameters>
class Handle<Impl(Parameters...)>
    : public detail::MadeFrom<Impl, void(), Parameters...> {
  using Base = detail::MadeFrom<Impl, void(), Parameters...>;

public:
  using Base::Base;
  Handle(ModuleHolder<Impl> holder) : Base(holder.ptr()) {}
};

template <typename Impl>
std::ostream &operator<<(std::ostream &out, const ModuleHolder<Impl> &module) {
  return out << static_cast<const Module &>(*module);
}

} // namespace nn
} // namespace tensorc

#endif // TENSORC_NN_MODULE_H
