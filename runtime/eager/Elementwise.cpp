//===- Elementwise.cpp - Elementwise ops and reductions in eager mode -----===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "runtime/core/Range.h"
#include "runtime/eager/Compute.h"
#include "runtime/eager/Kernels.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace tensorc::eager {

using Ints = std::vector<std::int64_t>;

/// The elements in row-major order as [n].
static Tensor flat(const Tensor &tensor) {
  Tensor source = dense(tensor);
  std::int64_t count = element_count(tensor.shape());
  return make_view(source, {count}, {1}, source.impl()->offset);
}

/// On a device, where the error comes with the next read.
static void check_indices_there(const OpCall &call) {
  const Tensor &self = call.operands[0];
  TensorType one = {self.dtype(), {1}};
  auto number = [&](const char *name) {
    return full(one.shape, call.attributes.get<std::int64_t>(name), one.dtype);
  };
  Tensor indices = flat(self);
  run_kernel(std::string("check_index.") + type_name(self.dtype()),
             {indices, number("size"), number("ignore_index"),
              make_unset(indices.type())},
             call.location,
             function_prefix("check_index") + "expected indices in [0, " +
                 std::to_string(call.attributes.get<std::int64_t>("size")) +
                 "), received others");
}

static void check_indices(const OpCall &call) {
  std::int64_t size = call.attributes.get<std::int64_t>("size");
  std::int64_t ignored = call.attributes.get<std::int64_t>("ignore_index");
  const Tensor &self = call.operands[0];
  const char *first = address(*self.impl());
  for_each_offset(self.shape(), self.strides(), [&](std::int64_t offset) {
    std::int64_t index = read_int(
        first + offset * std::int64_t(size_of(self.dtype())), self.dtype());
    if (index != ignored && (index < 0 || index >= size))
      throw Error(function_prefix("check_index") + "expected indices in [0, " +
                      std::to_string(size) + "), received " +
                      std::to_string(index),
                  call.location);
  });
}

/// The name of the kernel for an elementwise op.
static std::string kernel_name(const OpCall &call) {
  std::string name(call.info.name);
  const Tensor &last = call.operands.back();
  if (const Attribute *approximate = call.attributes.find("approximate"))
    name += "_" + std::get<std::string>(*approximate);
  name += std::string(".") + type_name(last.dtype());
  if (const Attribute *dtype = call.attributes.find("dtype"))
    name += std::string(".") + type_name(std::get<DType>(*dtype));
  return name;
}

/// A bound of `clamp` as a number of self's kind. What its type doesn't reach
/// doesn't bind.
static Scalar bound_of(const OpCall &call, const char *name) {
  double bound = call.attributes.get<double>(name);
  DType dtype = call.operands[0].dtype();
  if (is_floating_point(dtype))
    return bound;
  bool isLow = std::string_view(name) == "min";
  bound = isLow ? std::ceil(bound) : std::floor(bound);
  if (holds_whole(dtype, bound))
    return static_cast<std::int64_t>(bound);
  return isLow ? least_of(dtype) : greatest_of(dtype);
}

Tensor by_element(const OpCall &call, const TensorType &type) {
  const Tensor &self = call.operands[0];
  // Kernels have no numbers of their own: ops with some are made of others.
  if (call.info.name == "detach") {
    Tensor result =
        make_view(self, self.shape(), self.strides(), self.impl()->offset);
    result.impl()->base = nullptr;
    return result;
  }
  // What is its own operand is copied where the op is performed.
  if (call.info.name == "clone" || call.info.name == "copy" ||
      call.info.name == "set_data" ||
      (call.info.name == "to" && type.dtype == self.dtype()))
    return call.operands.back();
  if (call.info.name == "check_index") {
    self.is_cuda() ? check_indices_there(call) : check_indices(call);
    return self;
  }
  if (call.info.name == "clamp") {
    return minimum(maximum(self, bound_of(call, "min")), bound_of(call, "max"));
  }
  if (call.info.name == "leaky_relu") {
    return where(self > 0, self,
                 self * call.attributes.get<double>("negative_slope"));
  }
  Tensor result = make_unset(type);
  if (element_count(type.shape) == 0)
    return result;
  std::string name = kernel_name(call);
  switch (call.operands.size()) {
  case 1:
    run_kernel(name, {flat(self), flat(result)}, call.location);
    break;
  case 2:
    run_kernel(name, {flat(self), flat(call.operands[1]), flat(result)},
               call.location);
    break;
  default:
    run_kernel(name,
               {flat(self), flat(call.operands[1]), flat(call.operands[2]),
                flat(result)},
               call.location);
  }
  return result;
}

/// What a reduction of nothing gives: 0 or 1.
static double identity(const OpCall &call) {
  return call.info.name == "prod" || call.info.name == "all" ? 1 : 0;
}

Tensor reduce(const OpCall &call, const TensorType &type) {
  const Tensor &self = call.operands[0];
  Ints dims;
  if (const Attribute *list = call.attributes.find("dims"))
    dims = std::get<Ints>(*list);
  else
    dims = {call.attributes.get<std::int64_t>("dim")};
  if (dims.empty())
    return self;
  // What is reduced comes last.
  Ints order;
  std::int64_t rows = 1, count = 1;
  for (std::int64_t d = 0; d < self.dim(); ++d)
    if (std::find(dims.begin(), dims.end(), d) == dims.end()) {
      order.push_back(d);
      rows *= self.shape()[d];
    }
  for (std::int64_t d : dims) {
    order.push_back(d);
    count *= self.shape()[d];
  }
  if (rows == 0)
    return make_dense(type);
  if (count == 0)
    return full(type.shape, identity(call), type.dtype);
  Tensor matrix = ops::reshape(ops::permute(self, order), {rows, count});
  Tensor result = make_unset(type);
  run_kernel(std::string(call.info.name) + "." + type_name(self.dtype()),
             {dense(matrix), flat(result)}, call.location);
  return result;
}

} // namespace tensorc::eager
