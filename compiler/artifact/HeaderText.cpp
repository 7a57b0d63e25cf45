//===- HeaderText.cpp - What the classes of a header share ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/artifact/HeaderText.h"

#include "dialects/scalar/Elements.h"
#include "dialects/scalar/Sizes.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace tensorc::compiler {

static std::string shapeText(MemRefType type) {
  std::string text = "[";
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(scalar::sizesOf(type), os,
                        [&](SymInt size) { os << size.str(); });
  os << ']';
  return text;
}

/// What a size is, in C++, where the symbols are in scope.
static std::string codeOf(SymInt size) {
  std::string text = size.str();
  for (size_t at = 0; (at = text.find("min(", at)) != text.npos;) {
    static constexpr StringLiteral kMin = "tensorc::call::smaller(";
    text.replace(at, 4, kMin);
    at += kMin.size();
  }
  return text;
}

static bool isStatic(const ModelBuffer &buffer) {
  return buffer.type.hasStaticShape();
}

/// The C type of one element.
static StringRef cType(Type type) {
  return info_of(scalar::dtypeOf(type).value()).c_type;
}

std::string describe(const ModelBuffer &buffer) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << buffer.type.getElementType() << shapeText(buffer.type);
  return text;
}

void writeParameters(llvm::raw_ostream &os, const ModelFunction &function) {
  llvm::ListSeparator comma;
  for (const Symbol &symbol : function.symbols)
    os << comma << "int64_t " << identifier(symbol.name);
  for (const ModelBuffer &input : function.inputs)
    os << comma << "const " << cType(input.type.getElementType()) << " *"
       << identifier(input.name);
  for (const ModelBuffer &output : function.outputs)
    os << comma << cType(output.type.getElementType()) << " *"
       << identifier(output.name);
}

void writeArguments(llvm::raw_ostream &os, const ModelFunction &function,
                    StringRef outputDefault) {
  llvm::ListSeparator comma;
  auto write = [&](StringRef kind, const ModelBuffer &buffer) {
    Type type = buffer.type.getElementType();
    os << comma << "tensorc::call::" << kind << '<'
       << (type.isInteger(1) ? "bool" : cType(type));
    for (SymInt size : scalar::sizesOf(buffer.type))
      os << ", " << (size.is_symbolic() ? -1 : size.raw());
    os << "> " << identifier(buffer.name);
  };
  for (const Symbol &symbol : function.symbols)
    os << comma << "std::int64_t " << identifier(symbol.name);
  for (const ModelBuffer &input : function.inputs)
    write("Input", input);
  for (const ModelBuffer &output : function.outputs) {
    write("Output", output);
    os << outputDefault;
  }
}

void writeChecks(llvm::raw_ostream &os, const ModelFunction &function,
                 StringRef prefix, StringRef owner, bool optional) {
  std::string self =
      (prefix + "::" + owner + "::" + identifier(function.name)).str();
  for (const Symbol &symbol : function.symbols)
    os << "    tensorc::call::require_size<::" << prefix << "::Error>(\""
       << self << "\", \"" << symbol.name << "\", " << identifier(symbol.name)
       << ", " << symbol.min << ", " << symbol.max << ", " << symbol.divisor
       << ");\n";
  auto write = [&](StringRef check, const ModelBuffer &buffer) {
    os << "    " << identifier(buffer.name) << '.' << check << "<::" << prefix
       << "::Error>(\"" << self << "\", \"`" << identifier(buffer.name) << "` "
       << describe(buffer) << '"';
    if (!isStatic(buffer)) {
      SymInt count = 1;
      for (SymInt size : scalar::sizesOf(buffer.type))
        count *= size;
      os << ", static_cast<std::size_t>(" << codeOf(count) << ')';
    }
    os << ");\n";
  };
  for (const ModelBuffer &input : function.inputs)
    write("require", input);
  for (const ModelBuffer &output : function.outputs)
    write(optional ? "require_or_null" : "require", output);
}

void writeSizes(llvm::raw_ostream &os, const ModelFunction &function) {
  llvm::ListSeparator comma;
  for (const Symbol &symbol : function.symbols)
    os << comma << '`' << identifier(symbol.name) << "` is "
       << rangeText(symbol);
  if (!function.symbols.empty())
    os << ". ";
}

void writeSignature(llvm::raw_ostream &os, const ModelFunction &function) {
  llvm::ListSeparator comma;
  for (const ModelBuffer &input : function.inputs)
    os << comma << '`' << identifier(input.name) << "` " << describe(input);
  os << " -> ";
  llvm::ListSeparator comma2;
  for (const ModelBuffer &output : function.outputs)
    os << comma2 << '`' << identifier(output.name) << "` " << describe(output);
}

void writeShapes(llvm::raw_ostream &os, const ModelFunction &function) {
  std::string self = identifier(function.name);
  for (const Symbol &symbol : function.symbols) {
    auto constant = [&](StringRef what, int64_t value) {
      os << "  static constexpr std::int64_t " << self << '_'
         << identifier(symbol.name) << '_' << what << " = " << value << ";\n";
    };
    constant("min", symbol.min);
    constant("max", symbol.max);
    constant("divisor", symbol.divisor);
  }
  auto shape = [&](const ModelBuffer &buffer) {
    os << "  static constexpr std::array<std::int64_t, "
       << buffer.type.getRank() << "> " << self << '_'
       << identifier(buffer.name) << "_shape";
    if (!isStatic(buffer)) {
      // One for each call.
      os << '(';
      llvm::interleaveComma(function.symbols, os, [&](const Symbol &symbol) {
        os << "[[maybe_unused]] std::int64_t " << identifier(symbol.name);
      });
      os << ") { return ";
    }
    os << '{';
    llvm::interleaveComma(scalar::sizesOf(buffer.type), os,
                          [&](SymInt size) { os << codeOf(size); });
    os << (isStatic(buffer) ? "};\n" : "}; }\n");
  };
  for (const ModelBuffer &input : function.inputs)
    shape(input);
  for (const ModelBuffer &output : function.outputs)
    shape(output);
}

std::string instantiate(StringRef text, StringRef prefix) {
  std::string result;
  for (size_t at; (at = text.find("{0}")) != StringRef::npos;
       text = text.drop_front(at + 3)) {
    result += text.take_front(at);
    result += prefix;
  }
  return result += text;
}

} // namespace tensorc::compiler
