//===- Functions.cpp - The public functions, methods and forms ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `exp(x)`, `x.exp()`, `x.exp_()` and `exp_out(out, x)`: declarations for
// users, and what they do by the helpers of runtime/core/Calls.h.
//
//===----------------------------------------------------------------------===//

#include "Function.h"
#include "Model.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;
using namespace tensorc::tblgen;

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

/// `text` as a comment, broken into lines.
static void emitComment(raw_ostream &os, StringRef text, StringRef indent) {
  constexpr size_t width = 80;
  SmallVector<StringRef> words;
  SplitString(text, words);
  std::string start = (indent + "///").str(), line = start;
  // Columns are characters; of UTF-8, those bytes that begin one.
  size_t columns = line.size();
  for (StringRef word : words) {
    size_t length = count_if(word, [](char c) { return (c & 0xc0) != 0x80; });
    if (columns + 1 + length > width && columns > start.size()) {
      os << line << '\n';
      line = start;
      columns = start.size();
    }
    line += (" " + word).str();
    columns += 1 + length;
  }
  os << line << '\n';
}

/// `head(items…)tail`, broken after commas where it is too long.
static void emitCall(raw_ostream &os, const Twine &head,
                     ArrayRef<std::string> items, StringRef tail) {
  constexpr size_t width = 80;
  std::string line = (head + "(").str();
  std::string indent(line.size(), ' ');
  for (auto [index, item] : enumerate(items)) {
    bool last = index + 1 == items.size();
    std::string text = item + (last ? tail.str() : ",");
    bool first = index == 0;
    if (!first && line.size() + 1 + text.size() > width) {
      os << line << '\n';
      line = indent;
      first = true;
    }
    line += (first ? "" : " ") + text;
  }
  os << line << (items.empty() ? tail : "") << '\n';
}

//===----------------------------------------------------------------------===//
// Signatures
//===----------------------------------------------------------------------===//

namespace {
/// Which of a function's forms.
enum class Form { Free, Method, InPlace, FreeInPlace, Out };

/// A form of one overload.
struct Signature {
  Signature(const FunctionModel &function, const ParameterList &parameters,
            Form form)
      : function(function), form(form), all(parameters),
        inClass(form == Form::Method || form == Form::InPlace) {}

  std::string name() const {
    switch (form) {
    case Form::InPlace:
    case Form::FreeInPlace:
      return function.name + "_";
    case Form::Out:
      return function.name + "_out";
    default:
      return function.name;
    }
  }
  bool writes() const { return form != Form::Free && form != Form::Method; }
  StringRef result() const { return writes() ? "Tensor &" : "Tensor "; }
  /// Those of the function that this form has, too.
  ArrayRef<ParameterModel> parameters() const {
    return ArrayRef(all).drop_front(inClass || form == Form::FreeInPlace ? 1
                                                                         : 0);
  }
  /// Operands know the caller's line, unless they are plain tensors.
  bool hasLocation() const {
    return none_of(parameters(), [](const ParameterModel &parameter) {
      return parameter.isTensorArg();
    });
  }
  /// The caller's line.
  std::string location() const {
    std::vector<std::string> operands;
    for (const ParameterModel &parameter : parameters())
      if (parameter.isTensorArg())
        operands.push_back(parameter.name);
    if (operands.empty())
      return "location";
    return operands.size() == 1 ? operands[0] + ".location()"
                                : "location_of(" + join(operands, ", ") + ")";
  }

  std::vector<std::string> declared(bool defaults) const {
    std::vector<std::string> items;
    if (form == Form::Out)
      items.push_back("Tensor &out");
    if (form == Form::FreeInPlace)
      items.push_back("Tensor &self");
    for (const ParameterModel &parameter : parameters()) {
      StringRef gap = StringRef(parameter.type).ends_with("&") ? "" : " ";
      std::string item = (parameter.type + gap + parameter.name).str();
      if (defaults && !parameter.fallback.empty())
        item += " = " + parameter.fallback;
      items.push_back(std::move(item));
    }
    if (hasLocation())
      items.push_back(defaults ? "Location location = Location::current()"
                               : "Location location");
    return items;
  }

  const FunctionModel &function;
  Form form;
  const ParameterList &all;
  bool inClass;
};
} // namespace

/// A call of the free function; `first` stands for its first operand.
static std::vector<std::string> arguments(const Signature &signature,
                                          StringRef first) {
  std::vector<std::string> items;
  for (auto [index, parameter] : enumerate(signature.all))
    items.push_back(index == 0 && !first.empty() ? first.str()
                                                 : parameter.name);
  if (none_of(signature.all, [](const ParameterModel &parameter) {
        return parameter.isTensorArg();
      }))
    items.push_back(signature.location());
  return items;
}

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

static void emitDoc(raw_ostream &os, const Signature &signature,
                    StringRef indent) {
  const FunctionModel &function = signature.function;
  std::string call = "`" + function.name + "(";
  call += join(
      map_range(signature.all,
                [](const ParameterModel &parameter) { return parameter.name; }),
      ", ");
  call += ")`";
  if (signature.form == Form::Out)
    return emitComment(os, "Writes " + call + " to `out`.", indent);
  if (signature.writes())
    return emitComment(os, "Writes " + call + " over `self`.", indent);
  emitComment(os,
              function.summary + ". " + function.does +
                  (StringRef(function.does).ends_with(".") ? "" : "."),
              indent);
  emitComment(
      os, function.types + (function.nonDifferentiable ? " No gradient." : ""),
      indent);
}

static void emitDeclaration(raw_ostream &os, const Signature &signature,
                            StringRef indent) {
  emitDoc(os, signature, indent);
  emitCall(os, indent + signature.result() + signature.name(),
           signature.declared(/*defaults=*/true),
           signature.form == Form::Method ? ") const;" : ");");
}

static bool has(const FunctionModel &function, Form form) {
  switch (form) {
  case Form::Free:
    return true;
  case Form::Method:
    return function.hasMethod;
  case Form::InPlace:
    return function.hasInPlace;
  case Form::FreeInPlace:
    return function.hasFreeInPlace;
  case Form::Out:
    return function.hasOut;
  }
  return false;
}

/// `visit` with each of `forms` that a function has, kind after kind.
template <typename F>
static void forEachSignature(const RecordKeeper &records, raw_ostream &os,
                             ArrayRef<Form> forms, StringRef indent, F visit) {
  std::vector<FunctionModel> functions = collectFunctions(records);
  for (StringRef kind : orderedKinds()) {
    bool headed = false;
    for (const FunctionModel &function : functions)
      for (Form form : forms) {
        if (function.kind != kind || !has(function, form))
          continue;
        if (!std::exchange(headed, true)) {
          os << '\n'
             << indent << "//===" << std::string(70 - indent.size(), '-')
             << "===//\n"
             << indent << "// " << char(toUpper(kind[0])) << kind.drop_front()
             << '\n'
             << indent << "//===" << std::string(70 - indent.size(), '-')
             << "===//\n\n";
        }
        for (const ParameterList &parameters : function.overloads)
          visit(Signature(function, parameters, form));
      }
  }
}

static bool emitHeader(const RecordKeeper &records, raw_ostream &os) {
  emitBanner(os, "The functions of tensors.");
  os << R"(#ifndef TENSORC_OP_FUNCTIONS_H
#define TENSORC_OP_FUNCTIONS_H

#include "tensorc/tensor.h"

namespace tensorc {

// They throw `Error`, at the caller's line, where operands don't fit: undefined
// ones, those on different devices, and what each says beside.
//
// `f_out` writes to `out`, which has the result's shape and device and a type of
// at least its kind (bool, whole, floating); it is never resized. It may be an
// operand, but not lie on a part of one. Nothing is recorded for gradients, so
// that it is an `Error` where gradients would be, unless a `NoGradGuard` lives.
// `f_` writes to `self`, as the methods of these names do.
)";
  forEachSignature(
      records, os, {Form::Free, Form::FreeInPlace, Form::Out}, "",
      [&](const Signature &signature) { emitDeclaration(os, signature, ""); });
  os << R"(
} // namespace tensorc

#endif // TENSORC_OP_FUNCTIONS_H
)";
  return false;
}

static bool emitMethods(const RecordKeeper &records, raw_ostream &os) {
  emitBanner(os, "The methods of `Tensor` that are functions, too.");
  os << R"(  // Those that end in `_` write their result over the tensor, and everything
  // that shares its storage sees it. Type and shape stay: the result is of the
  // tensor's shape, and of its kind of type (bool, whole, floating) or a lower
  // one. `Error` for an expanded tensor, and where gradients are recorded for a
  // leaf that requires grad or a view of one.
)";
  forEachSignature(records, os, {Form::Method, Form::InPlace}, "  ",
                   [&](const Signature &signature) {
                     emitDeclaration(os, signature, "  ");
                   });
  return false;
}

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

/// The free function: by its expression, or by its fullest overload.
static bool emitFreeBody(raw_ostream &os, const Signature &signature) {
  const FunctionModel &function = signature.function;
  if (function.expression.empty())
    return false;
  const ParameterList &fullest = function.overloads.back();
  if (&signature.all == &fullest) {
    os << "  return " << function.expression << ";\n";
    return true;
  }
  std::vector<std::string> items;
  for (const ParameterModel &parameter : fullest) {
    bool given = any_of(signature.all, [&](const ParameterModel &own) {
      return own.name == parameter.name;
    });
    items.push_back(given                        ? parameter.name
                    : parameter.fallback.empty() ? "{}"
                                                 : parameter.fallback);
  }
  items.push_back("location");
  emitCall(os, "  return " + Twine(function.name), items, ");");
  return true;
}

/// Whether an operand asks for a gradient that reads what is overwritten.
static std::string oldValuesAsked(const Signature &signature,
                                  StringRef written) {
  std::vector<std::string> tests;
  for (const std::string &reader : signature.function.readersOfFirst)
    tests.push_back("wants_gradient(" +
                    (reader == signature.all[0].name ? written.str() : reader) +
                    ")");
  return tests.empty() ? "false" : join(tests, " || ");
}

static void emitWrite(raw_ostream &os, const Signature &signature) {
  StringRef written = signature.form == Form::Out       ? "out"
                      : signature.form == Form::InPlace ? "*this"
                                                        : "self";
  std::string location = signature.location(), first;
  os << "  WriteCall call(" << quoted(signature.name()) << ", " << written
     << ", " << location << ");\n";
  if (signature.form == Form::Out) {
    std::vector<std::string> tensors;
    for (const ParameterModel &parameter : signature.parameters())
      if (parameter.isTensor() || parameter.isTensorArg() ||
          parameter.isTensorList())
        tensors.push_back(parameter.name);
    os << "  call.check_out({" << join(tensors, ", ") << "}, "
       << (signature.function.nonDifferentiable ? "false" : "true") << ");\n";
  } else {
    first = "call.operand(" + oldValuesAsked(signature, written) + ")";
    if (signature.all[0].isTensorArg())
      first = "{" + first + ", " + location + "}";
  }
  StringRef finish = signature.form == Form::Out ? "write" : "assign";
  emitCall(os,
           "  return call." + finish + "(tensorc::" + signature.function.name,
           arguments(signature, first), "));");
}

static void emitDefinition(raw_ostream &os, const Signature &signature) {
  std::string text;
  raw_string_ostream body(text);
  if (signature.form == Form::Free) {
    if (!emitFreeBody(body, signature))
      return;
  } else if (signature.form == Form::Method) {
    std::string self = signature.all[0].isTensorArg()
                           ? "{*this, " + signature.location() + "}"
                           : "*this";
    emitCall(body, "  return tensorc::" + Twine(signature.function.name),
             arguments(signature, self), ");");
  } else {
    emitWrite(body, signature);
  }
  emitCall(os,
           signature.result() + (signature.inClass ? "Tensor::" : "") +
               signature.name(),
           signature.declared(/*defaults=*/false),
           signature.form == Form::Method ? ") const {" : ") {");
  os << text << "}\n\n";
}

static bool emitDefinitions(const RecordKeeper &records, raw_ostream &os) {
  emitBanner(os, "What the public functions and methods do.");
  os << "namespace tensorc {\n";
  forEachSignature(
      records, os,
      {Form::Free, Form::Method, Form::InPlace, Form::FreeInPlace, Form::Out},
      "", [&](const Signature &signature) { emitDefinition(os, signature); });
  os << "} // namespace tensorc\n";
  return false;
}

//===----------------------------------------------------------------------===//
// Calls for tests
//===----------------------------------------------------------------------===//

/// Any argument of a type; tensors are undefined.
static StringRef anyArgument(const ParameterModel &parameter) {
  return StringSwitch<StringRef>(parameter.type)
      .Case("const Tensor &", "Tensor()")
      .Case("const TensorArg &", "TensorArg(Tensor(), at)")
      .Case("const TensorList &", "TensorList{Tensor()}")
      .Case("const Dims &", "Dims{0}")
      .Case("const Shape &", "Shape{1}")
      .Case("const std::string &", "\"none\"")
      .Default("{}");
}

static bool emitUndefinedCalls(const RecordKeeper &records, raw_ostream &os) {
  emitBanner(os, "Calls of each function, method and form with undefined "
                 "tensors, on the line `at`: UNDEFINED_CALL(name, statement).");
  forEachSignature(
      records, os,
      {Form::Free, Form::Method, Form::InPlace, Form::FreeInPlace, Form::Out},
      "", [&](const Signature &signature) {
        std::vector<std::string> items;
        StringRef object;
        if (signature.inClass)
          object = "Tensor().";
        else if (signature.writes())
          items.push_back(signature.form == Form::Out ? "out" : "none");
        for (const ParameterModel &parameter : signature.parameters())
          items.push_back(anyArgument(parameter).str());
        if (signature.hasLocation())
          items.push_back("at");
        os << "UNDEFINED_CALL(" << quoted(signature.name()) << ", " << object
           << signature.name() << '(' << join(items, ", ") << "))\n";
      });
  return false;
}

static mlir::GenRegistration
    headerRegistration("gen-functions", "The public functions' declarations",
                       emitHeader);
static mlir::GenRegistration methodsRegistration("gen-methods",
                                                 "The methods' declarations",
                                                 emitMethods);
static mlir::GenRegistration
    callsRegistration("gen-undefined-calls",
                      "A call of each function and form, for tests",
                      emitUndefinedCalls);
static mlir::GenRegistration
    definitionsRegistration("gen-function-defs",
                            "The public functions' and methods' definitions",
                            emitDefinitions);
