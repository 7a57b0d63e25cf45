//===- names.h - What a name of the generated header may be -----*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_NAMES_H
#define TENSORC_NAMES_H

#include <string>
#include <string_view>

namespace tensorc {

/// What a name becomes in the generated header.
enum class NameUse {
  Model,    ///< a C++ namespace, and the beginning of all C names
  Function, ///< a member function, and the end of a C function's name
  Buffer,   ///< an input or output: a part of constants' names
};

/// Why `name` can't be that, to follow the name in a sentence: "is a keyword of
/// C++". Empty where it can. What C23, C++23, their standard headers, those of
/// POSIX and the generated header itself already mean by a name counts.
std::string name_problem(std::string_view name, NameUse use);
/// A name like `name` that `use` allows, to be proposed.
std::string proposed_name(std::string_view name, NameUse use);

/// Whether a file `<stem>.h` would hide a header of C's or of POSIX.
bool hides_header(std::string_view stem);

/// The name of the parameter for an input or output: `name`, or where a
/// parameter can't be called so (a keyword, a macro, a type of the header),
/// `name_`.
std::string parameter_name(std::string_view name);

} // namespace tensorc

#endif // TENSORC_NAMES_H
