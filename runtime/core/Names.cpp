//===- Names.cpp - What a name of the generated header may be -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/names.h"

#include <algorithm>
#include <array>

namespace tensorc {

#include "StandardNames.inc"

// C23 and C++23, with what compilers take for keywords in their GNU modes.
static constexpr std::string_view kKeywords =
    "alignas alignof and and_eq asm auto bitand bitor bool break case catch "
    "char char16_t char32_t char8_t class co_await co_return co_yield compl "
    "concept const const_cast consteval constexpr constinit continue decltype "
    "default delete do double dynamic_cast else enum explicit export extern "
    "false float for friend goto if inline int long mutable namespace new "
    "noexcept not not_eq nullptr operator or or_eq private protected public "
    "register reinterpret_cast requires restrict return short signed sizeof "
    "static static_assert static_cast struct switch template this "
    "thread_local throw true try typedef typeid typename typeof "
    "typeof_unqual union unsigned using virtual void volatile wchar_t while "
    "xor xor_eq ";

// Of the generated class and what its text names: functions can't hide these.
static constexpr std::string_view kMembers =
    "Close CudaModel Error LoadReport Model cuda detail download load model "
    "model_ owned_state_ owned_workspace_ read save state state_ state_bytes "
    "std "
    "synchronize tensor tensorc usable_ workspace workspace_ workspace_bytes "
    "write ";

// Types that the header names after a parameter, and the parameters that all
// functions have.
static constexpr std::string_view kParameters =
    "int8_t int16_t int32_t int64_t size_t state uint8_t uint16_t uint32_t "
    "uint64_t workspace ";

// Namespaces of the library's own.
static constexpr std::string_view kNamespaces = "std tensorc ";

/// Whether `name` is one of the words, each of which a space follows.
static bool has(std::string_view words, std::string_view name) {
  std::string word = std::string(name) + " ";
  for (std::size_t at = words.find(word); at != words.npos;
       at = words.find(word, at + 1))
    if (at == 0 || words[at - 1] == ' ')
      return true;
  return false;
}

/// Also those of the runtime's headers.
static bool is_object_macro(std::string_view name) {
  return has(kObjectMacros, name) || name.starts_with("TENSORC_");
}

static bool is_identifier(std::string_view name) {
  auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
         std::all_of(name.begin(), name.end(), good);
}

static bool is_reserved(std::string_view name) {
  return name.starts_with("__") || (name.size() > 1 && name[0] == '_' &&
                                    name[1] >= 'A' && name[1] <= 'Z');
}

std::string name_problem(std::string_view name, NameUse use) {
  if (!is_identifier(name))
    return "is no name in C: expected letters, digits and `_`, no digit first";
  if (has(kKeywords, name))
    return "is a keyword of C or C++";
  if (is_reserved(name))
    return "begins as names of the compiler's own do";
  // A parameter gets another name, and nobody sees it.
  if (use == NameUse::Buffer)
    return "";
  if (is_object_macro(name) || has(kFunctionMacros, name))
    return "is a macro of the standard headers";
  if (use == NameUse::Function)
    return has(kMembers, name) || has(kParameters, name) ||
                   name.starts_with("tensorc_")
               ? "is a name of the generated header's own"
               : "";
  if (has(kNamespaces, name) || name.starts_with("tensorc_"))
    return "is a name of tensorc's own";
  if (name == "main")
    return "is what a program's first function is called";
  if (has(kGlobals, name))
    return "is declared by the standard headers";
  return "";
}

std::string proposed_name(std::string_view name, NameUse use) {
  static constexpr std::array<const char *, 3> kEndings = {
      "_model", "_function", "_tensor"};
  std::string result;
  for (char c : name)
    result += is_identifier(std::string(1, c)) || (c >= '0' && c <= '9')
                  ? std::string(1, c)
                  : "_";
  while (is_reserved(result))
    result.erase(0, 1);
  if (result.empty() || (result[0] >= '0' && result[0] <= '9'))
    result.insert(0, use == NameUse::Model ? "model_" : "x_");
  if (!name_problem(result, use).empty())
    result += kEndings[std::size_t(use)];
  return result;
}

bool hides_header(std::string_view stem) { return has(kHeaders, stem); }

std::string parameter_name(std::string_view name) {
  std::string result(name);
  if (has(kKeywords, name) || is_object_macro(name) || has(kParameters, name) ||
      name.starts_with("tensorc_"))
    result += '_';
  return result;
}

} // namespace tensorc
