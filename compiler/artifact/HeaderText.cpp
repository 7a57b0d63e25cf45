//===- HeaderText.cpp - What the classes of a header share ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/artifact/HeaderText.h"

#include "dialects/scalar/Elements.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace tensorc::compiler {

static std::string shapeText(MemRefType type) {
  std::string text = "[";
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(type.getShape(), os);
  os << ']';
  return text;
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
    for (int64_t size : buffer.type.getShape())
      os << ", " << size;
    os << "> " << identifier(buffer.name);
  };
  for (const ModelBuffer &input : function.inputs)
    write("Input", input);
  for (const ModelBuffer &output : function.outputs) {
    write("Output", output);
    os << outputDefault;
  }
}

void writeChecks(llvm::raw_ostream &os, const ModelFunction &function,
                 StringRef prefix, StringRef owner, bool optional) {
  auto write = [&](StringRef check, const ModelBuffer &buffer) {
    os << "    " << identifier(buffer.name) << '.' << check << "<::" << prefix
       << "::Error>(\"" << prefix << "::" << owner
       << "::" << identifier(function.name) << "\", \"`"
       << identifier(buffer.name) << "` " << describe(buffer) << "\");\n";
  };
  for (const ModelBuffer &input : function.inputs)
    write("require", input);
  for (const ModelBuffer &output : function.outputs)
    write(optional ? "require_or_null" : "require", output);
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
  auto shape = [&](const ModelBuffer &buffer) {
    os << "  static constexpr std::array<std::int64_t, "
       << buffer.type.getRank() << "> " << identifier(function.name) << '_'
       << identifier(buffer.name) << "_shape{";
    llvm::interleaveComma(buffer.type.getShape(), os);
    os << "};\n";
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
