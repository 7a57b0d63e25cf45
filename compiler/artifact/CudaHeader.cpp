//===- CudaHeader.cpp - GPU code in the header beside an object -----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/artifact/HeaderText.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace tensorc::compiler {

static bool hasSymbols(const ModelFunction &function) {
  return !function.symbols.empty();
}

void writeCudaC(llvm::raw_ostream &os, const Model &model) {
  std::string macro = StringRef(model.prefix).upper();
  os << "/// The code for NVIDIA GPUs (";
  llvm::interleaveComma(model.gpus, os,
                        [&](const target::Gpu *gpu) { os << gpu->name; });
  os << "). `tensorc_rt_cuda_open` makes a model on a\n"
        "/// device of it, and `tensorc_rt_cuda_run` runs a function, which is "
        "one of\n/// these numbers"
     << (llvm::any_of(model.functions, hasSymbols)
             ? "; `tensorc_rt_cuda_run_sized` one of sizes that the call "
               "says,\n/// which it takes in the order of the C function.\n"
             : ".\n")
     << "extern const tensorc_cuda_program " << model.prefix << "_cuda;\n";
  for (auto [i, function] : llvm::enumerate(model.functions)) {
    os << "/// ";
    writeSizes(os, function);
    writeSignature(os, function);
    os << "\n#define " << macro << "_CUDA_"
       << StringRef(identifier(function.name)).upper() << ' ' << i << '\n';
  }
  os << '\n';
}

// The part of the class that is the same for every model. {0} is the prefix.
static constexpr llvm::StringLiteral kClass = R"cpp(
/// The model on an NVIDIA GPU, where its state stays from step to step. One
/// thread at a time may use an object; distinct ones are independent. One that
/// was moved from throws when it is used. Arguments are in the host's memory,
/// in containers or behind pointers as those of `Model`; an output that is null
/// isn't copied.
class CudaModel {
public:
)cpp";

static constexpr llvm::StringLiteral kMembers = R"cpp(
  /// Opens the model on a device, with a state of zeros. Throws an `Error` with
  /// TENSORC_ERROR_NO_DEVICE where there is no GPU, no driver, or no code for
  /// it.
  explicit CudaModel(std::int32_t device = 0) {
    tensorc_cuda_model *model = nullptr;
    detail::check(tensorc_rt_cuda_open(&{0}_cuda, device, &model));
    model_.reset(model);
  }

  /// Reads the state from a safetensors file: all of it if `strict`, else what
  /// the file has of it. Says what it left alone. A tensor of another shape or
  /// dtype throws either way; so does what isn't a readable file.
  LoadReport load(const std::string &path, bool strict = true) {
    detail::Memory state = download("{0}::CudaModel::load");
    LoadReport report =
        tensorc::call::load<Error>({0}_model, state.get(), path, strict);
    detail::check(
        tensorc_rt_cuda_write_state(model_.get(), 0, state_bytes, state.get()));
    return report;
  }
  /// Writes the state as a safetensors file, atomically.
  void save(const std::string &path) const {
    detail::Memory state = download("{0}::CudaModel::save");
    detail::check(tensorc_rt_save_state(&{0}_model, state.get(), path.c_str()));
  }
  /// A copy of a state tensor, by name: `read<float>("fc1.bias")`. Throws when
  /// there is none, or when its elements have another size.
  template <typename T> std::vector<T> read(std::string_view name) const {
    detail::require_model(model_ != nullptr, "{0}::CudaModel::read");
    std::size_t count;
    const tensorc_tensor_desc &desc = detail::find(name, sizeof(T), count);
    std::vector<T> values(count);
    detail::check(tensorc_rt_cuda_read_state(model_.get(), desc.offset,
                                             desc.bytes, values.data()));
    return values;
  }
  /// Replaces a state tensor; `values` must have as many elements.
  template <typename T>
  void write(std::string_view name, std::span<const T> values) {
    detail::require_model(model_ != nullptr, "{0}::CudaModel::write");
    std::size_t count;
    const tensorc_tensor_desc &desc = detail::find(name, sizeof(T), count);
    if (values.size() != count)
      throw Error(TENSORC_ERROR_INVALID_ARGUMENT,
                  ("{0}: `" + std::string(name) + "` has " +
                   std::to_string(count) + " elements, received " +
                   std::to_string(values.size()))
                      .c_str());
    detail::check(tensorc_rt_cuda_write_state(model_.get(), desc.offset,
                                              desc.bytes, values.data()));
  }
  /// Waits for the steps so far; throws if one of them failed.
  void synchronize() {
    detail::require_model(model_ != nullptr, "{0}::CudaModel::synchronize");
    detail::check(tensorc_rt_cuda_synchronize(model_.get()));
  }
)cpp";

static constexpr llvm::StringLiteral kPrivate = R"cpp(
private:
  struct Close {
    void operator()(tensorc_cuda_model *model) const {
      tensorc_rt_cuda_close(model);
    }
  };

  detail::Memory download(const char *function) const {
    detail::require_model(model_ != nullptr, function);
    detail::Memory state = detail::allocate(state_bytes);
    detail::check(
        tensorc_rt_cuda_read_state(model_.get(), 0, state_bytes, state.get()));
    return state;
  }

  std::unique_ptr<tensorc_cuda_model, Close> model_;
};
)cpp";

static void writeArray(llvm::raw_ostream &os, StringRef type, StringRef name,
                       const std::vector<ModelBuffer> &buffers) {
  if (buffers.empty())
    return;
  os << "    " << type << name << "[] = {";
  llvm::interleaveComma(buffers, os, [&](const ModelBuffer &buffer) {
    os << identifier(buffer.name) << ".data()";
  });
  os << "};\n";
}

static void writeMethod(llvm::raw_ostream &os, const ModelFunction &function,
                        size_t index, StringRef prefix) {
  os << "\n  /// ";
  writeSizes(os, function);
  os << "Buffers are the host's, row-major: ";
  writeSignature(os, function);
  os << ".\n  /// Inputs are read before this returns. With outputs it waits "
        "for the step;\n  /// those that are null aren't copied.\n  void "
     << identifier(function.name) << '(';
  writeArguments(os, function, " = nullptr");
  os << ") {\n    detail::require_model(this->model_ != nullptr, \"" << prefix
     << "::CudaModel::" << identifier(function.name) << "\");\n";
  writeChecks(os, function, prefix, "CudaModel", /*optional=*/true);
  // Names that no parameter is likely to have; the same for `this->`.
  if (hasSymbols(function)) {
    os << "    const std::int64_t tensorc_sizes[] = {";
    llvm::interleaveComma(function.symbols, os, [&](const Symbol &symbol) {
      os << identifier(symbol.name);
    });
    os << "};\n";
  }
  writeArray(os, "const void *const ", "tensorc_inputs", function.inputs);
  writeArray(os, "void *const ", "tensorc_outputs", function.outputs);
  os << "    detail::check(tensorc_rt_cuda_run"
     << (hasSymbols(function) ? "_sized" : "") << "(this->model_.get(), "
     << index << (hasSymbols(function) ? ", tensorc_sizes, " : ", ")
     << (function.inputs.empty() ? "nullptr" : "tensorc_inputs") << ", "
     << (function.outputs.empty() ? "nullptr" : "tensorc_outputs")
     << "));\n  }\n";
}

void writeCudaClass(llvm::raw_ostream &os, const Model &model) {
  os << kClass
     << "  static constexpr std::size_t state_bytes = " << model.state.bytes
     << ";\n";
  for (const ModelFunction &function : model.functions)
    writeShapes(os, function);
  os << instantiate(kMembers, model.prefix);
  for (auto [i, function] : llvm::enumerate(model.functions))
    writeMethod(os, function, i, model.prefix);
  os << kPrivate;
}

} // namespace tensorc::compiler
