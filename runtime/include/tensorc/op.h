//===- op.h - What an op is, free of LLVM -----------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The op table that `tensorc-tblgen` makes from `dialects/graph/*.td`, as the
// runtime and the compiler see it.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_OP_H
#define TENSORC_OP_H

#include "tensorc/dtype.h"
#include "tensorc/error.h"
#include "tensorc/location.h"
#include "tensorc/tensor_type.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tensorc {

class Tensor;

/// The value of an op's attribute.
using Attribute = std::variant<bool, std::int64_t, double, DType, std::string,
                               std::vector<std::int64_t>, Shape>;

/// An op's attributes by name, in the order of its definition.
class Attributes {
public:
  Attributes() = default;
  Attributes(std::initializer_list<std::pair<std::string, Attribute>> items);

  void set(std::string name, Attribute value);
  const Attribute *find(std::string_view name) const;
  /// The attribute `name`, which must be there with type `T`.
  template <typename T> const T &get(std::string_view name) const;
  /// Those of `name`, which are `std::vector<std::int64_t>` where they are
  /// numbers, and `Shape` where one isn't.
  Shape sizes(std::string_view name) const;

  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }

private:
  std::vector<std::pair<std::string, Attribute>> items_;
};

/// How an op is lowered (see `Graph_Kind` in dialects/graph/GraphBase.td).
enum class OpKind {
  Elementwise,
  Creation,
  Movement,
  Reduction,
  Contraction,
  Window,
  Composite,
  Request
};

struct InferArgs {
  std::span<const TensorType> operands;
  const Attributes &attributes;
};

struct GradientArgs {
  std::span<const Tensor> operands;
  std::span<const Tensor> results;
  std::span<const Tensor> gradients; ///< of the results; undefined: zero
  const Attributes &attributes;
  std::span<const bool> needed; ///< which operands' gradients are asked for
};

struct DecomposeArgs {
  std::span<const Tensor> operands;
  const Attributes &attributes;
};

/// Result types; throws `Error` where operands don't fit.
using InferRule = std::vector<TensorType> (*)(const InferArgs &);
/// One gradient per operand; an undefined `Tensor` is zero.
using GradientRule = std::vector<Tensor> (*)(const GradientArgs &);
/// The results, by simpler ops.
using DecomposeRule = std::vector<Tensor> (*)(const DecomposeArgs &);

struct Layout;
struct OpCall;
/// Where the result of a call lies in the memory of its first operand, whose
/// strides are known; nothing where strides can't say so.
using ViewRule = std::optional<Layout> (*)(const OpCall &, const TensorType &);

/// The element types that an op takes for an operand.
struct ElementTypes {
  std::uint16_t bits;     ///< bit n: the `DType` of number n
  std::string_view words; ///< `tensor of signed numbers`
  constexpr bool hold(DType dtype) const {
    return bits >> static_cast<int>(dtype) & 1;
  }
};

/// One op of the table. Lives as long as the program.
struct OpInfo {
  std::string_view name; ///< `convolution`
  OpKind kind;
  std::span<const std::string_view> operands;  ///< names
  std::span<const ElementTypes> element_types; ///< of each; none: any
  bool variadic;                               ///< the last operand repeats
  std::span<const std::string_view> attributes;
  std::span<const std::string_view> results;
  InferRule infer;
  GradientRule gradient; ///< null: non-differentiable
  /// Null where no other ops do the same. Kinds other than composites have one
  /// whose result has an iteration space, where they may have none themselves.
  DecomposeRule decompose;
  ViewRule view = nullptr; ///< null: results have memory of their own
};

/// The op `name`, or null.
const OpInfo *find_op(std::string_view name);
/// All ops, sorted by name.
std::span<const OpInfo> all_ops();

/// An op about to be performed. `location` is the user's line, also inside
/// library code (see LocationScope).
struct OpCall {
  OpCall(const OpInfo &info, std::span<const Tensor> operands,
         Attributes attributes, SourceLocation location)
      : info(info), operands(operands), attributes(std::move(attributes)),
        location(user_location(location)) {}

  const OpInfo &info;
  std::span<const Tensor> operands;
  Attributes attributes;
  SourceLocation location;
};

/// The result types of an op: its operands' element types are the op's, they
/// fit by its shape rule, and memory can hold the results. Errors know neither
/// the op's name nor a location.
std::vector<TensorType> infer_types(const OpInfo &info, const InferArgs &args);
/// The same of `call`. Errors name the user's function, as `[add] expected …`,
/// and carry the call's location.
std::vector<TensorType> infer_results(const OpCall &call);

/// The results of a composite op by its decomposition, and the gradients of an
/// op's operands by its rule. What rules make of float16 and bfloat16 is
/// computed in float32 and rounded once, at the end; those of movements and
/// contractions, which are a single op, stay in the type.
std::vector<Tensor> decompose(const OpInfo &info, const DecomposeArgs &args);
std::vector<Tensor> differentiate(const OpInfo &info, const GradientArgs &args);

template <typename T> const T &Attributes::get(std::string_view name) const {
  const Attribute *attribute = find(name);
  const T *value = attribute ? std::get_if<T>(attribute) : nullptr;
  if (!value)
    throw Error("attribute `" + std::string(name) +
                "` is missing or of another type");
  return *value;
}

} // namespace tensorc

#endif // TENSORC_OP_H
