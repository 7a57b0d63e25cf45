//===- Header.cpp - The header beside an object ---------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/artifact/Header.h"

#include "compiler/artifact/HeaderText.h"
#include "tensorc/abi.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace tensorc::compiler {
namespace {

class HeaderWriter {
public:
  explicit HeaderWriter(const Model &model)
      : model(model), os(text), ns(model.prefix),
        macro(llvm::StringRef(model.prefix).upper()) {}

  std::string write();

private:
  void writeCApi();
  void writeCFunction(const ModelFunction &function);
  void writeClass();
  void writeModel();
  void writeConstants(const ModelFunction &function);
  void writeMethod(const ModelFunction &function);
  int64_t workspaceBytes() const;

  const Model &model;
  std::string text;
  llvm::raw_string_ostream os;
  std::string ns, macro;
};

} // namespace

int64_t HeaderWriter::workspaceBytes() const {
  int64_t bytes = 0;
  for (const ModelFunction &function : model.functions)
    bytes = std::max(bytes, function.workspaceBytes);
  return bytes;
}

void HeaderWriter::writeCFunction(const ModelFunction &function) {
  os << "/// Bytes of workspace that `" << ns << '_' << function.name
     << "` needs; its contents don't matter.\n"
     << "#define " << macro << '_'
     << llvm::StringRef(identifier(function.name)).upper()
     << "_WORKSPACE_BYTES " << function.workspaceBytes << '\n';
  for (const Symbol &symbol : function.symbols)
    os << "/// \\param " << identifier(symbol.name) << " size, "
       << rangeText(symbol) << '\n';
  for (const ModelBuffer &input : function.inputs)
    os << "/// \\param " << identifier(input.name) << " input, "
       << describe(input) << ", row-major\n";
  for (const ModelBuffer &output : function.outputs)
    os << "/// \\param " << identifier(output.name) << " output, "
       << describe(output) << ", row-major\n";
  os << "/// Returns a `tensorc_status`; "
     << (function.updatesState ? "updates `state`, unless it fails.\n"
                               : "leaves `state` as it is.\n")
     << "int32_t " << ns << '_' << identifier(function.name) << '('
     << (function.updatesState ? "" : "const ")
     << "void *state, void *workspace";
  if (!function.symbols.empty() || !function.inputs.empty() ||
      !function.outputs.empty())
    os << ", ";
  writeParameters(os, function);
  os << ");\n\n";
}

void HeaderWriter::writeCApi() {
  // Macros are in capitals, whatever the model's name is.
  os << "#ifdef " << macro << "_HAS_CPU\n#error \"the header of another model "
     << "has macros `" << macro << "_…`; give one of the two another name by "
     << "`tensorc --name`\"\n#endif\n"
     << "/// What there is code for.\n"
     << "#define " << macro << "_HAS_CPU " << !model.cpus.empty()
     << "\n#define " << macro << "_HAS_CUDA " << !model.gpus.empty()
     << "\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
     << "/// What the model is; for the tensorc_rt functions.\n"
     << "extern const tensorc_model " << ns << "_model;\n\n"
     << "/// Bytes of the state region: parameters, buffers, optimizer state. "
        "It and the\n/// workspace are aligned to TENSORC_ALIGNMENT bytes.\n"
     << "#define " << macro << "_STATE_BYTES " << model.state.bytes << "\n\n";
  if (!model.cpus.empty())
    for (const ModelFunction &function : model.functions)
      writeCFunction(function);
  if (!model.gpus.empty())
    writeCudaC(os, model);
  os << "#ifdef __cplusplus\n} // extern \"C\"\n#endif\n\n";
}

void HeaderWriter::writeConstants(const ModelFunction &function) {
  std::string name = identifier(function.name);
  os << "  static constexpr std::size_t " << name
     << "_workspace_bytes = " << function.workspaceBytes << ";\n";
  writeShapes(os, function);
}

void HeaderWriter::writeMethod(const ModelFunction &function) {
  std::string name = identifier(function.name);
  os << "\n  /// ";
  writeSizes(os, function);
  os << "Buffers are row-major: ";
  writeSignature(os, function);
  os << ".\n  void " << name << '(';
  writeArguments(os, function);
  os << ") {\n    detail::require_model(this->usable_, \"" << ns
     << "::Model::" << name << "\");\n";
  writeChecks(os, function, ns, "Model", /*optional=*/false);
  os << "    detail::check(::" << ns << '_' << name
     << "(this->state_, this->workspace_";
  for (const Symbol &symbol : function.symbols)
    os << ", " << identifier(symbol.name);
  for (const ModelBuffer &input : function.inputs)
    os << ", " << identifier(input.name) << ".data()";
  for (const ModelBuffer &output : function.outputs)
    os << ", " << identifier(output.name) << ".data()";
  os << "));\n  }\n";
}

// The part of the class that is the same for every model. {0} is the prefix.
static constexpr llvm::StringLiteral kError = R"cpp(
namespace {0} {

/// What the model's functions throw: a `tensorc_status` and its words.
class Error : public std::runtime_error {
public:
  Error(std::int32_t status, const char *message)
      : std::runtime_error(message), status_(status) {}
  std::int32_t status() const noexcept { return status_; }

private:
  std::int32_t status_;
};

namespace detail {
inline void check(std::int32_t status) {
  if (status != TENSORC_OK)
    throw Error(status, tensorc_rt_last_error());
}
struct Free {
  void operator()(void *memory) const { tensorc_rt_free(memory); }
};
using Memory = std::unique_ptr<void, Free>;
inline Memory allocate(std::size_t bytes) {
  Memory memory(tensorc_rt_alloc(bytes));
  if (!memory && bytes != 0)
    throw Error(TENSORC_ERROR_OUT_OF_MEMORY, tensorc_rt_last_error());
  return memory;
}
/// The state tensor of that name, which has `count` elements of that size.
inline const tensorc_tensor_desc &find(std::string_view name,
                                       std::size_t element_bytes,
                                       std::size_t &count) {
  std::string text(name);
  const tensorc_tensor_desc *desc =
      tensorc_rt_find_state(&{0}_model, text.c_str());
  count = 1;
  for (int i = 0; desc && i < desc->rank; ++i)
    count *= static_cast<std::size_t>(desc->shape[i]);
  if (!desc || desc->bytes != count * element_bytes)
    throw Error(TENSORC_ERROR_INVALID_ARGUMENT,
                ("{0}: no state tensor `" + text + "` with elements of " +
                 std::to_string(element_bytes) + " bytes")
                    .c_str());
  return *desc;
}
inline void require_model(bool usable, const char *function) {
  if (!usable)
    throw Error(TENSORC_ERROR_INVALID_ARGUMENT,
                (std::string(function) + ": the model was moved from").c_str());
}
/// The caller's memory, once it is known to be fit for use.
inline void *require_region(void *region, std::size_t bytes, const char *what) {
  const char *problem =
      bytes == 0 ? nullptr
      : !region  ? " is null"
      : reinterpret_cast<std::uintptr_t>(region) % TENSORC_ALIGNMENT != 0
          ? " is not aligned to TENSORC_ALIGNMENT bytes"
          : nullptr;
  if (problem)
    throw Error(TENSORC_ERROR_INVALID_ARGUMENT,
                (std::string("{0}::Model: the ") + what + problem).c_str());
  return region;
}
} // namespace detail

/// What `load` left alone: `missing` and `unexpected` names.
using LoadReport = tensorc::call::LoadReport;
)cpp";

static constexpr llvm::StringLiteral kModel = R"cpp(
/// The model with its state and workspace. Owns them unless they are given.
/// Distinct objects may be used by distinct threads at the same time. One that
/// was moved from has neither, and throws when it is used.
///
/// An argument of a function is a container with as many elements as the shape
/// says (std::vector, std::span, std::array, a C array), or a pointer to them.
/// Another number, null, and whatever fails in the run throw an `Error`.
class Model {
public:
)cpp";

static constexpr llvm::StringLiteral kMembers = R"cpp(
  /// Allocates zeroed state and workspace.
  Model()
      : owned_state_(detail::allocate(state_bytes)),
        owned_workspace_(detail::allocate(workspace_bytes)),
        state_(owned_state_.get()), workspace_(owned_workspace_.get()) {
    detail::check(tensorc_rt_check_model(&{0}_model));
  }
  /// Uses the caller's memory (`state_bytes` and, for all functions,
  /// `workspace_bytes`; aligned to TENSORC_ALIGNMENT), which must outlive the
  /// object.
  Model(void *state, void *workspace)
      : state_(detail::require_region(state, state_bytes, "state")),
        workspace_(
            detail::require_region(workspace, workspace_bytes, "workspace")) {
    detail::check(tensorc_rt_check_model(&{0}_model));
  }
  Model(Model &&) = default;
  Model &operator=(Model &&) = default;

  /// Reads the state from a safetensors file: all of it if `strict`, else what
  /// the file has of it. Says what it left alone. A tensor of another shape or
  /// dtype throws either way; so does what isn't a readable file.
  LoadReport load(const std::string &path, bool strict = true) {
    detail::require_model(usable_, "{0}::Model::load");
    return tensorc::call::load<Error>({0}_model, state_, path, strict);
  }
  /// Writes the state as a safetensors file, atomically.
  void save(const std::string &path) const {
    detail::require_model(usable_, "{0}::Model::save");
    detail::check(tensorc_rt_save_state(&{0}_model, state_, path.c_str()));
  }
  /// The elements of a state tensor, by name: `tensor<float>("fc1.bias")`.
  /// Throws when there is none, or when its elements have another size.
  template <typename T> std::span<T> tensor(std::string_view name) {
    detail::require_model(usable_, "{0}::Model::tensor");
    std::size_t count;
    const tensorc_tensor_desc &desc = detail::find(name, sizeof(T), count);
    void *memory = state_;
    return {
        reinterpret_cast<T *>(static_cast<std::byte *>(memory) + desc.offset),
        count};
  }
  /// Null after a move.
  void *state() noexcept { return state_; }
  const void *state() const noexcept { return state_; }
)cpp";

static constexpr llvm::StringLiteral kPrivate = R"cpp(
private:
  detail::Memory owned_state_, owned_workspace_;
  tensorc::call::Moving<void *> state_, workspace_;
  tensorc::call::Moving<bool> usable_ = true;
};
)cpp";

void HeaderWriter::writeClass() {
  os << "#ifdef __cplusplus\n"
     << "#if __cplusplus < 202002L\n#error \"this header needs C++20 "
        "(-std=c++20), or C\"\n#endif\n"
     << "#include \"tensorc/call.h\"\n\n"
        "#include <array>\n#include <cstddef>\n#include <cstdint>\n"
        "#include <memory>\n#include <span>\n#include <stdexcept>\n"
        "#include <string>\n#include <string_view>\n#include <vector>\n"
     << instantiate(kError, ns);
  if (!model.cpus.empty())
    writeModel();
  if (!model.gpus.empty())
    writeCudaClass(os, model);
  os << "\n} // namespace " << ns << "\n#endif // __cplusplus\n\n";
}

void HeaderWriter::writeModel() {
  os << instantiate(kModel, ns)
     << "  static constexpr std::size_t state_bytes = " << model.state.bytes
     << ";\n  /// Enough for every function of the model.\n"
     << "  static constexpr std::size_t workspace_bytes = " << workspaceBytes()
     << ";\n";
  for (const ModelFunction &function : model.functions)
    writeConstants(function);
  os << instantiate(kMembers, ns);
  for (const ModelFunction &function : model.functions)
    writeMethod(function);
  os << kPrivate;
}

std::string HeaderWriter::write() {
  os << kHeaderMark << TENSORC_VERSION "; do not edit.\n\n"
     << "#ifndef TENSORC_MODEL_" << ns << "_H\n#define TENSORC_MODEL_" << ns
     << "_H\n\n#include \"tensorc/abi" << (model.gpus.empty() ? "" : "_cuda")
     << ".h\"\n\n"
     << "#if TENSORC_ABI_MAJOR != " << TENSORC_ABI_MAJOR
     << " || TENSORC_ABI_MINOR < " << TENSORC_ABI_MINOR
     << "\n#error \"this header was made for another version of the tensorc "
        "runtime\"\n#endif\n\n";
  writeCApi();
  writeClass();
  os << "#endif // TENSORC_MODEL_" << ns << "_H\n";
  return text;
}

std::string writeHeader(const Model &model) {
  return HeaderWriter(model).write();
}

} // namespace tensorc::compiler
