//===- Manifest.cpp - The description inside an object --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/artifact/Manifest.h"

#include "dialects/scalar/Sizes.h"
#include "tensorc/abi.h"

#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;

namespace tensorc::compiler {

static std::string typeName(Type type) {
  if (type.isInteger(1))
    return "bool";
  std::string text;
  llvm::raw_string_ostream os(text);
  type.print(os);
  return text;
}

static void writeType(llvm::json::OStream &json, MemRefType type) {
  json.attribute("dtype", typeName(type.getElementType()));
  json.attributeArray("shape", [&] {
    for (SymInt size : scalar::sizesOf(type)) {
      if (size.is_symbolic())
        json.value(size.str());
      else
        json.value(size.raw());
    }
  });
}

static void writeBuffers(llvm::json::OStream &json, StringRef key,
                         const std::vector<ModelBuffer> &buffers) {
  json.attributeArray(key, [&] {
    for (const ModelBuffer &buffer : buffers)
      json.object([&] {
        json.attribute("name", buffer.name);
        writeType(json, buffer.type);
      });
  });
}

static void writeFunction(llvm::json::OStream &json,
                          const ModelFunction &function) {
  json.object([&] {
    json.attribute("name", function.name);
    if (!function.symbols.empty())
      json.attributeArray("sizes", [&] {
        for (const Symbol &symbol : function.symbols)
          json.object([&] {
            json.attribute("name", symbol.name);
            json.attribute("min", symbol.min);
            json.attribute("max", symbol.max);
            json.attribute("hint", symbol.hint);
            json.attribute("divisor", symbol.divisor);
          });
      });
    writeBuffers(json, "inputs", function.inputs);
    writeBuffers(json, "outputs", function.outputs);
    json.attributeArray("state", [&] {
      for (const std::string &name : function.state)
        json.value(name);
    });
    json.attribute("updates_state", function.updatesState);
    json.attribute("workspace_bytes", function.workspaceBytes);
    json.attribute("launches", function.launches);
    if (!function.specialized.empty())
      json.attributeArray("specialized", [&] {
        for (const SymbolValues &values : function.specialized)
          json.object([&] {
            for (const auto &[name, value] : values)
              json.attribute(name, value);
          });
      });
  });
}

std::string writeManifest(const Model &model) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::json::OStream json(os);
  json.object([&] {
    json.attribute("tensorc", TENSORC_VERSION);
    json.attributeArray("abi", [&] {
      json.value(TENSORC_ABI_MAJOR);
      json.value(TENSORC_ABI_MINOR);
    });
    json.attribute("model", model.prefix);
    json.attribute("content_hash", model.contentHash);
    json.attributeArray("targets", [&] {
      for (const target::Cpu *cpu : model.cpus)
        json.value(cpu->name);
      for (const target::Gpu *gpu : model.gpus)
        json.value((target::gpuPrefix + gpu->name).str());
    });
    json.attributeArray("functions", [&] {
      for (const ModelFunction &function : model.functions)
        writeFunction(json, function);
    });
    json.attribute("state_bytes", model.state.bytes);
    json.attributeArray("state", [&] {
      for (const StateEntry &entry : model.state.entries)
        json.object([&] {
          json.attribute("name", entry.name);
          json.attribute("role", entry.role);
          writeType(json, entry.type);
          json.attribute("offset", entry.offset);
          if (entry.isAlias)
            json.attribute("alias", true);
        });
    });
  });
  return text;
}

static llvm::Error problem(StringRef path, const llvm::Twine &what) {
  return llvm::createStringError(path + ": " + what);
}

llvm::Expected<std::string> readManifest(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return problem(path, buffer.getError().message());
  auto object = llvm::object::ObjectFile::createObjectFile(**buffer);
  if (!object) {
    llvm::consumeError(object.takeError());
    return problem(path, "not an object file (expected one that tensorc made)");
  }
  for (const llvm::object::SectionRef &section : (*object)->sections()) {
    llvm::Expected<StringRef> name = section.getName();
    if (!name) {
      llvm::consumeError(name.takeError());
      continue;
    }
    if (*name != kManifestSection)
      continue;
    llvm::Expected<StringRef> contents = section.getContents();
    if (!contents)
      return contents.takeError();
    return contents->rtrim('\0').str();
  }
  return problem(path, "no tensorc manifest inside (expected an object that "
                       "tensorc made)");
}

namespace {

/// Prints one manifest; absent keys print as nothing, so that a manifest of
/// another minor version is still readable.
class Printer {
public:
  Printer(const llvm::json::Object &root, llvm::raw_ostream &os)
      : root(root), os(os) {}

  void print() {
    os << "model      " << string(root, "model") << "  (tensorc "
       << string(root, "tensorc") << ", ABI " << numbers(root, "abi", ".")
       << ")\n";
    os << "hash       " << string(root, "content_hash") << '\n';
    os << "targets    " << strings(root, "targets") << '\n';
    os << "state      " << size(root, "state_bytes") << '\n';
    each(root, "functions", [&](const llvm::json::Object &function) {
      os << '\n' << string(function, "name") << '(';
      buffers(function, "inputs");
      os << ") -> (";
      buffers(function, "outputs");
      os << ")\n";
      os << "  workspace " << size(function, "workspace_bytes") << ", "
         << function.getInteger("launches").value_or(0) << " kernel launches, "
         << (function.getBoolean("updates_state").value_or(false)
                 ? "updates state"
                 : "leaves state as it is")
         << '\n';
      each(function, "sizes", [&](const llvm::json::Object &size) {
        auto number = [&](StringRef key) {
          return size.getInteger(key).value_or(0);
        };
        os << "  " << string(size, "name") << " is "
           << rangeText({"", number("min"), number("max"), number("hint"),
                         number("divisor")})
           << ", mostly " << number("hint") << '\n';
      });
      specialized(function);
    });
    const llvm::json::Array *state = root.getArray("state");
    if (!state || state->empty())
      return;
    os << "\nstate\n";
    each(root, "state", [&](const llvm::json::Object &entry) {
      os << "  " << llvm::left_justify(string(entry, "name"), 36) << ' '
         << llvm::left_justify(string(entry, "role"), 10) << ' '
         << string(entry, "dtype") << '[' << numbers(entry, "shape", ", ")
         << "]\n";
    });
  }

private:
  void specialized(const llvm::json::Object &function) {
    std::vector<std::string> calls;
    each(function, "specialized", [&](const llvm::json::Object &values) {
      std::vector<std::string> sizes;
      each(function, "sizes", [&](const llvm::json::Object &size) {
        StringRef name = string(size, "name");
        if (std::optional<int64_t> value = values.getInteger(name))
          sizes.push_back(name.str() + " = " + std::to_string(*value));
      });
      calls.push_back(llvm::join(sizes, " and "));
    });
    if (!calls.empty())
      os << "  code of its own for " << llvm::join(calls, ", ") << '\n';
  }
  static StringRef string(const llvm::json::Object &object, StringRef key) {
    return object.getString(key).value_or("");
  }
  static std::string size(const llvm::json::Object &object, StringRef key) {
    int64_t bytes = object.getInteger(key).value_or(0);
    std::string text;
    llvm::raw_string_ostream out(text);
    out << bytes << " bytes";
    if (bytes >= 1024)
      out << llvm::format(" (%.1f KiB)", double(bytes) / 1024);
    return text;
  }
  static std::string numbers(const llvm::json::Object &object, StringRef key,
                             StringRef separator) {
    std::vector<std::string> parts;
    if (const llvm::json::Array *array = object.getArray(key))
      for (const llvm::json::Value &value : *array)
        parts.push_back(value.getAsString()
                            ? value.getAsString()->str()
                            : std::to_string(value.getAsInteger().value_or(0)));
    return llvm::join(parts, separator);
  }
  static std::string strings(const llvm::json::Object &object, StringRef key) {
    std::vector<std::string> parts;
    if (const llvm::json::Array *array = object.getArray(key))
      for (const llvm::json::Value &value : *array)
        parts.push_back(value.getAsString().value_or("").str());
    return llvm::join(parts, ", ");
  }
  void each(const llvm::json::Object &object, StringRef key,
            llvm::function_ref<void(const llvm::json::Object &)> body) {
    if (const llvm::json::Array *array = object.getArray(key))
      for (const llvm::json::Value &value : *array)
        if (const llvm::json::Object *item = value.getAsObject())
          body(*item);
  }
  void buffers(const llvm::json::Object &function, StringRef key) {
    bool first = true;
    each(function, key, [&](const llvm::json::Object &buffer) {
      os << (first ? "" : ", ") << string(buffer, "name") << ": "
         << string(buffer, "dtype") << '[' << numbers(buffer, "shape", ", ")
         << ']';
      first = false;
    });
  }

  const llvm::json::Object &root;
  llvm::raw_ostream &os;
};

} // namespace

llvm::Error printManifest(StringRef manifest, llvm::raw_ostream &os) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(manifest);
  if (!value)
    return value.takeError();
  const llvm::json::Object *root = value->getAsObject();
  if (!root)
    return llvm::createStringError("the manifest is not a JSON object");
  Printer(*root, os).print();
  return llvm::Error::success();
}

} // namespace tensorc::compiler
