//===- export.h - What a model file hands to the compiler -------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_EXPORT_H
#define TENSORC_EXPORT_H

#include "tensorc/dynamic.h"
#include "tensorc/nn/module.h"
#include "tensorc/optim.h"

#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace tensorc {

/// The named results of an exported function.
using Outputs = NamedTensors;

/// What an exported function does: anything that can be called with its inputs
/// and returns its outputs. Copies share it. (`std::function` would do, but its
/// header is an eighth of what a model file takes to compile.)
class FunctionBody {
public:
  FunctionBody(std::nullptr_t) {}
  template <typename F>
    requires std::is_invocable_r_v<Outputs, F &, const TensorList &>
  FunctionBody(F body)
      : body_(holds_nothing(body) ? nullptr
                                  : std::make_shared<F>(std::move(body))),
        call_([](void *body, const TensorList &inputs) -> Outputs {
          return (*static_cast<F *>(body))(inputs);
        }) {}

  /// False for what was made of a null pointer or an empty `std::function`.
  explicit operator bool() const { return body_ != nullptr; }
  Outputs operator()(const TensorList &inputs) const {
    return call_(body_.get(), inputs);
  }

private:
  template <typename F> static bool holds_nothing(const F &body) {
    if constexpr (std::is_constructible_v<F, std::nullptr_t>)
      return body == nullptr;
    else
      return false;
  }

  std::shared_ptr<void> body_;
  Outputs (*call_)(void *, const TensorList &) = nullptr;
};

/// What a state tensor is for, numbered as `tensorc_state_role` in abi.h.
enum class StateRole { Parameter, Buffer, Optimizer };

/// The functions that a model file exports, and its state: filled by the file's
/// `TENSORC_MODEL`, read by the compiler. Names become C names in the generated
/// header, so they must be valid there and unique. Breaking a rule is an
/// `Error` with the line of the call.
class ModelExport {
public:
  ModelExport();
  ~ModelExport();
  ModelExport(const ModelExport &) = delete;
  ModelExport &operator=(const ModelExport &) = delete;

  struct Function {
    std::string name;
    NamedTensors inputs; ///< examples: their types are the function's
    FunctionBody body;
    Location location;

    /// Calls `body`; throws `Error` where its outputs have no value or bad
    /// names.
    Outputs call(const TensorList &arguments) const;
  };
  struct State {
    std::string
        name; ///< `conv1.weight`, `sgd.lr`, `sgd.momentum_buffer.conv1.weight`
    Tensor tensor;
    StateRole role;
    Location location;
    /// Other names of the same tensor: it is loaded and found by any of them.
    std::vector<std::string> aliases = {};
  };

  /// The parameters and buffers of `module` are state under their paths. A
  /// tensor of several names (tied weights), in one module or in several, is
  /// one state that is loaded by any of them.
  void module(std::shared_ptr<nn::Module> module,
              Location location = Location::current());
  /// The same under `name.`, for models of several modules.
  void module(const std::string &name, std::shared_ptr<nn::Module> module,
              Location location = Location::current());
  template <typename Impl>
  void module(const nn::ModuleHolder<Impl> &holder,
              Location location = Location::current()) {
    module(std::shared_ptr<nn::Module>(holder.ptr()), location);
  }
  /// The tensors of `optimizer` are state under `name.`. All its parameters
  /// must be of modules given before.
  void optimizer(const std::string &name,
                 std::shared_ptr<optim::Optimizer> optimizer,
                 Location location = Location::current());
  /// A tensor of the model's own that functions read or update.
  void state(const std::string &name, const Tensor &tensor,
             StateRole role = StateRole::Buffer,
             Location location = Location::current());
  /// Exports `body` as `name`. `inputs` are examples: only their shapes and
  /// dtypes matter. A size that isn't the same in all calls is a symbol, see
  /// `dynamic`.
  void function(const std::string &name, NamedTensors inputs, FunctionBody body,
                Location location = Location::current());

  const std::vector<Function> &functions() const { return functions_; }
  const std::vector<State> &state() const { return state_; }
  const Function *find_function(std::string_view name) const;
  /// The state that is `tensor`, or null.
  const State *find_state(const TensorImpl *tensor) const;

private:
  void add_state(State state);

  std::vector<Function> functions_;
  std::vector<State> state_;
  struct StateIndex; ///< finds states by name and by tensor
  std::unique_ptr<StateIndex> state_index_;
  std::vector<std::shared_ptr<void>> owned_; ///< keeps what was given alive
};

} // namespace tensorc

/// The body of a model file, called once by the compiler:
/// `TENSORC_MODEL(model) { …; model.function("infer", …); }`.
#define TENSORC_MODEL(model)                                                   \
  extern "C" [[gnu::visibility("default")]] void tensorc_export_model(         \
      ::tensorc::ModelExport &model)
/// The symbol that it defines.
#define TENSORC_MODEL_SYMBOL "tensorc_export_model"

#endif // TENSORC_EXPORT_H
