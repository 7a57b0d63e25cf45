//===- Header.cpp - The header beside an object ---------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/artifact/Header.h"

#include "tensorc/abi.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace tensorc::compiler {
namespace {

std::string shapeText(MemRefType type) {
  std::string text = "[";
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(type.getShape(), os);
  os << ']';
  return text;
}

/// The C type of one element; f16 and bf16 are their bits.
StringRef cType(Type type) {
  if (type.isF64())
    return "double";
  if (type.isF32())
    return "float";
  if (type.isF16() || type.isBF16())
    return "uint16_t";
  bool isUnsigned = type.isUnsignedInteger() || type.isInteger(1);
  switch (type.getIntOrFloatBitWidth()) {
  case 1:
  case 8:
    return isUnsigned ? "uint8_t" : "int8_t";
  case 16:
    return "int16_t";
  case 32:
    return "int32_t";
  default:
    return "int64_t";
  }
}

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
  void writeConstants(const ModelFunction &function);
  void writeMethod(const ModelFunction &function);
  void writeParameters(const ModelFunction &function);
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

void HeaderWriter::writeParameters(const ModelFunction &function) {
  llvm::ListSeparator comma;
  for (const ModelBuffer &input : function.inputs)
    os << comma << "const " << cType(input.type.getElementType()) << " *"
       << identifier(input.name);
  for (const ModelBuffer &output : function.outputs)
    os << comma << cType(output.type.getElementType()) << " *"
       << identifier(output.name);
}

void HeaderWriter::writeCFunction(const ModelFunction &function) {
  os << "/// Bytes of workspace that `" << ns << '_' << function.name
     << "` needs; its contents don't matter.\n"
     << "#define " << macro << '_'
     << llvm::StringRef(identifier(function.name)).upper()
     << "_WORKSPACE_BYTES " << function.workspaceBytes << '\n';
  for (const ModelBuffer &input : function.inputs)
    os << "/// \\param " << identifier(input.name) << " input, "
       << input.type.getElementType() << shapeText(input.type)
       << ", row-major\n";
  for (const ModelBuffer &output : function.outputs)
    os << "/// \\param " << identifier(output.name) << " output, "
       << output.type.getElementType() << shapeText(output.type)
       << ", row-major\n";
  os << "/// Returns a `tensorc_status`; "
     << (function.updatesState ? "updates `state`, unless it fails.\n"
                               : "leaves `state` as it is.\n")
     << "int32_t " << ns << '_' << identifier(function.name) << '('
     << (function.updatesState ? "" : "const ")
     << "void *state, void *workspace";
  if (!function.inputs.empty() || !function.outputs.empty())
    os << ", ";
  writeParameters(function);
  os << ");\n\n";
}

void HeaderWriter::writeCApi() {
  os << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
     << "/// What the model is; for the tensorc_rt functions.\n"
     << "extern const tensorc_model " << ns << "_model;\n\n"
     << "/// Bytes of the state region: parameters, buffers, optimizer state. "
        "It and the\n/// workspace are aligned to TENSORC_ALIGNMENT bytes.\n"
     << "#define " << macro << "_STATE_BYTES " << model.state.bytes << "\n\n";
  for (const ModelFunction &function : model.functions)
    writeCFunction(function);
  os << "#ifdef __cplusplus\n} // extern \"C\"\n#endif\n\n";
}

void HeaderWriter::writeConstants(const ModelFunction &function) {
  std::string name = identifier(function.name);
  os << "  static constexpr std::size_t " << name
     << "_workspace_bytes = " << function.workspaceBytes << ";\n";
  auto shape = [&](const ModelBuffer &buffer) {
    os << "  static constexpr std::array<std::int64_t, "
       << buffer.type.getRank() << "> " << name << '_'
       << identifier(buffer.name) << "_shape{";
    llvm::interleaveComma(buffer.type.getShape(), os);
    os << "};\n";
  };
  for (const ModelBuffer &input : function.inputs)
    shape(input);
  for (const ModelBuffer &output : function.outputs)
    shape(output);
}

void HeaderWriter::writeMethod(const ModelFunction &function) {
  std::string name = identifier(function.name);
  os << "\n  /// Buffers are row-major: ";
  llvm::ListSeparator comma;
  for (const ModelBuffer &input : function.inputs)
    os << comma << '`' << identifier(input.name) << "` "
       << input.type.getElementType() << shapeText(input.type);
  os << " -> ";
  llvm::ListSeparator comma2;
  for (const ModelBuffer &output : function.outputs)
    os << comma2 << '`' << identifier(output.name) << "` "
       << output.type.getElementType() << shapeText(output.type);
  os << ".\n  void " << name << '(';
  writeParameters(function);
  os << ") {\n    check(" << ns << '_' << name << "(state_, workspace_";
  for (const ModelBuffer &input : function.inputs)
    os << ", " << identifier(input.name);
  for (const ModelBuffer &output : function.outputs)
    os << ", " << identifier(output.name);
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

/// The model with its state and workspace. Owns them unless they are given.
/// Distinct objects may be used by distinct threads at the same time.
class Model {
public:
)cpp";

static constexpr llvm::StringLiteral kMembers = R"cpp(
  /// Allocates zeroed state and workspace.
  Model()
      : owned_state_(allocate(state_bytes)),
        owned_workspace_(allocate(workspace_bytes)), state_(owned_state_.get()),
        workspace_(owned_workspace_.get()) {
    check(tensorc_rt_check_model(&{0}_model));
  }
  /// Uses the caller's memory (`state_bytes` and, for all functions,
  /// `workspace_bytes`; aligned to TENSORC_ALIGNMENT), which must outlive the
  /// object.
  Model(void *state, void *workspace) : state_(state), workspace_(workspace) {
    check(tensorc_rt_check_model(&{0}_model));
  }
  Model(Model &&) = default;
  Model &operator=(Model &&) = default;

  /// Reads the state from a safetensors file; see `tensorc_rt_load_state`.
  void load(const std::string &path) {
    check(tensorc_rt_load_state(&{0}_model, state_, path.c_str()));
  }
  /// Writes the state as a safetensors file, atomically.
  void save(const std::string &path) const {
    check(tensorc_rt_save_state(&{0}_model, state_, path.c_str()));
  }
  /// The elements of a state tensor, by name: `tensor<float>("fc1.bias")`.
  /// Throws when there is none, or when its elements have another size.
  template <typename T> std::span<T> tensor(std::string_view name) {
    std::string text(name);
    const tensorc_tensor_desc *desc =
        tensorc_rt_find_state(&{0}_model, text.c_str());
    std::int64_t count = 1;
    for (int i = 0; desc && i < desc->rank; ++i)
      count *= desc->shape[i];
    if (!desc || desc->bytes != static_cast<std::uint64_t>(count) * sizeof(T))
      throw Error(TENSORC_ERROR_INVALID_ARGUMENT,
                  ("{0}: no state tensor `" + text +
                   "` with elements of " + std::to_string(sizeof(T)) +
                   " bytes")
                      .c_str());
    return {reinterpret_cast<T *>(static_cast<std::byte *>(state_) +
                                  desc->offset),
            static_cast<std::size_t>(count)};
  }
  void *state() noexcept { return state_; }
  const void *state() const noexcept { return state_; }
)cpp";

static constexpr llvm::StringLiteral kPrivate = R"cpp(
private:
  struct Free {
    void operator()(void *memory) const { tensorc_rt_free(memory); }
  };
  using Memory = std::unique_ptr<void, Free>;

  static Memory allocate(std::size_t bytes) {
    Memory memory(tensorc_rt_alloc(bytes));
    if (!memory && bytes != 0)
      throw Error(TENSORC_ERROR_OUT_OF_MEMORY, tensorc_rt_last_error());
    return memory;
  }
  static void check(std::int32_t status) {
    if (status != TENSORC_OK)
      throw Error(status, tensorc_rt_last_error());
  }

  Memory owned_state_, owned_workspace_;
  void *state_;
  void *workspace_;
};

} // namespace {0}
)cpp";

/// `{0}` → the prefix; the rest of the text is full of braces.
static std::string instantiate(llvm::StringRef text, llvm::StringRef prefix) {
  std::string result;
  for (size_t at; (at = text.find("{0}")) != llvm::StringRef::npos;
       text = text.drop_front(at + 3)) {
    result += text.take_front(at);
    result += prefix;
  }
  return result += text;
}

void HeaderWriter::writeClass() {
  os << "#ifdef __cplusplus\n"
     << "#if __cplusplus < 202002L\n#error \"this header needs C++20 "
        "(-std=c++20), or C\"\n#endif\n"
     << "#include <array>\n#include <cstddef>\n#include <cstdint>\n"
        "#include <memory>\n#include <span>\n#include <stdexcept>\n"
        "#include <string>\n#include <string_view>\n"
     << instantiate(kError, ns)
     << "  static constexpr std::size_t state_bytes = " << model.state.bytes
     << ";\n  /// Enough for every function of the model.\n"
     << "  static constexpr std::size_t workspace_bytes = " << workspaceBytes()
     << ";\n";
  for (const ModelFunction &function : model.functions)
    writeConstants(function);
  os << instantiate(kMembers, ns);
  for (const ModelFunction &function : model.functions)
    writeMethod(function);
  os << instantiate(kPrivate, ns) << "#endif // __cplusplus\n\n";
}

std::string HeaderWriter::write() {
  os << "// Made by tensorc " TENSORC_VERSION "; do not edit.\n\n"
     << "#ifndef TENSORC_MODEL_" << macro << "_H\n#define TENSORC_MODEL_"
     << macro << "_H\n\n#include \"tensorc/abi.h\"\n\n"
     << "#if TENSORC_ABI_MAJOR != " << TENSORC_ABI_MAJOR
     << " || TENSORC_ABI_MINOR < " << TENSORC_ABI_MINOR
     << "\n#error \"this header was made for another version of the tensorc "
        "runtime\"\n#endif\n\n";
  writeCApi();
  writeClass();
  os << "#endif // TENSORC_MODEL_" << macro << "_H\n";
  return text;
}

std::string writeHeader(const Model &model) {
  return HeaderWriter(model).write();
}

} // namespace tensorc::compiler
