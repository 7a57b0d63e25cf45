//===- Calls.h - What the generated public functions call -------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `Graph_Call`s of dialects/graph/PublicFunction.td are expressions of these.
// `op` is the name of the public function, for errors.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_CORE_CALLS_H
#define TENSORC_RUNTIME_CORE_CALLS_H

#include "tensorc/tensor.h"

#include <span>

namespace tensorc {

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

using RawUnary = Tensor (*)(const Tensor &, Location);

/// `self`, which must be defined.
const Tensor &defined(const char *op, const Tensor &self, Location location);
/// Bools and whole numbers as float32.
Tensor floating(const char *op, const Tensor &self, Location location);
/// Bools as int64.
Tensor widened(const char *op, const Tensor &self, Location location);
/// Bools are refused.
const Tensor &number(const char *op, const Tensor &self, Location location);
/// As bools.
Tensor truth(const char *op, const Tensor &self, Location location);
/// Rounds floating numbers; whole ones are already, and bools are refused.
Tensor rounded(const char *op, RawUnary raw, const Tensor &self,
               Location location);

//===----------------------------------------------------------------------===//
// Two operands
//===----------------------------------------------------------------------===//

using RawBinary = Tensor (*)(const Tensor &, const Tensor &, Location);
/// A function's type for its operands, which are defined.
using TypeRule = DType (*)(const char *op, const TensorArg &self,
                           const TensorArg &other);

DType common_type(const char *op, const TensorArg &self,
                  const TensorArg &other);
/// The common type; neither operand may be bool.
DType numeric_type(const char *op, const TensorArg &self,
                   const TensorArg &other);
/// The common type, float32 for bools and whole numbers.
DType floating_type(const char *op, const TensorArg &self,
                    const TensorArg &other);

/// The outermost function that the user called, else `here`.
std::string function_name(std::string_view here);
/// Where the operation is written: with an operator, where its left tensor is.
Location location_of(const TensorArg &self, const TensorArg &other);
void require_defined(const char *op, const TensorArg &operand);

/// `raw` of the operands in one type and shape.
Tensor binary(const char *op, RawBinary raw, const TensorArg &self,
              const TensorArg &other, TypeRule rule);
/// A product or quotient. A number beside halves stays as it is, and the result
/// is rounded, as in PyTorch (whose sums round both).
Tensor scaled(const char *op, RawBinary raw, const TensorArg &self,
              const TensorArg &other, TypeRule rule);
/// Of the operands as bools.
Tensor logical(const char *op, RawBinary raw, const TensorArg &self,
               const TensorArg &other);

//===----------------------------------------------------------------------===//
// Along dimensions
//===----------------------------------------------------------------------===//

using RawReduction = Tensor (*)(const Tensor &, std::vector<std::int64_t>, bool,
                                Location);
using RawAlong = Tensor (*)(const Tensor &, std::int64_t, Location);

/// What sums and products of `self` are computed from: of bools and whole
/// numbers int64.
Tensor summed(const Tensor &self, Location location);
Tensor reduce(const char *op, RawReduction raw, const Tensor &self,
              const Dims &dims, bool keepdim, Location location);
/// Of bools by `bools`: the greatest is whether any holds, the least whether
/// all do.
Tensor extremum(const char *op, RawReduction numbers, RawReduction bools,
                const Tensor &self, const Dims &dims, bool keepdim,
                Location location);
/// Bools, save that of uint8 the result is 0 or 1 of that type, as in PyTorch.
Tensor reduced_truth(const char *op, RawReduction raw, const Tensor &self,
                     const Dims &dims, bool keepdim, Location location);
/// A 0-d tensor is one of one element here.
Tensor along(const char *op, RawAlong raw, const Tensor &self, std::int64_t dim,
             Location location);

//===----------------------------------------------------------------------===//
// Forms that write
//===----------------------------------------------------------------------===//

bool wants_gradient(const Tensor &operand);
bool wants_gradient(const TensorArg &operand);

/// An operand of any kind: its tensors, which outlive the call.
struct OperandTensors {
  OperandTensors(const Tensor &tensor) : list(&tensor, 1) {}
  OperandTensors(const TensorArg &operand) {
    if (!operand.is_scalar())
      list = {&operand.tensor(), 1};
  }
  OperandTensors(const TensorList &tensors) : list(tensors) {}
  std::span<const Tensor> list;
};

/// A call of `f_` or `f_out` while it lasts. What is written to stays of its
/// type, shape and device; the result must fit.
class WriteCall {
public:
  /// `Error` unless each element of `target` has a place of its own.
  WriteCall(const char *op, Tensor &target, Location location);

  /// Of `f_out`: nothing is recorded, so nothing may want a gradient (operands
  /// only where `f` has one), and `out` lies on no part of an operand.
  void check_out(std::initializer_list<OperandTensors> operands,
                 bool differentiable) const;
  /// Of `f_`, what `f` is called with: a copy, where a gradient reads the old
  /// values.
  Tensor operand(bool old_values_asked) const;

  /// Of `f_`: the target becomes `value`, and has its history.
  Tensor &assign(const Tensor &value);
  /// Of `f_out`.
  Tensor &write(const Tensor &value);

private:
  void check_result(const Tensor &value) const;

  const char *op_;
  Tensor &target_;
  Location location_;
  FunctionScope scope_;
};

} // namespace tensorc

#endif // TENSORC_RUNTIME_CORE_CALLS_H
