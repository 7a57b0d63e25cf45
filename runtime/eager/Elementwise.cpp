//===- Elementwise.cpp - Elementwise ops in eager mode --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "runtime/core/Range.h"
#include "runtime/eager/Compute.h"
#include "runtime/eager/Pointwise.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"
#include "tensorc/views.h"

#include <cmath>
#include <string_view>

namespace tensorc::eager {

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

namespace {
/// The kernels of an op, and the type of its result for each of its operands'.
struct OpKernels {
  explicit OpKernels(const OpInfo &info) : set(std::string(info.name)) {}

  KernelSet set;
  std::atomic<std::uint8_t> results[kDTypeCount] = {}; ///< one more; 0: not yet
};
} // namespace

/// Those of an op that has no attributes: null where it has no kernels.
static OpKernels *kernels_of(const OpInfo &info) {
  static const std::vector<OpKernels *> all = [] {
    std::vector<OpKernels *> result;
    for (const OpInfo &each : all_ops()) {
      bool simple = each.kind == OpKind::Elementwise &&
                    each.attributes.empty() && !gives_views(each);
      result.push_back(simple ? new OpKernels(each) : nullptr);
    }
    return result;
  }();
  std::span<const OpInfo> ops = all_ops();
  bool is_listed = &info >= ops.data() && &info < ops.data() + ops.size();
  return is_listed ? all[std::size_t(&info - ops.data())] : nullptr;
}

static DType kernel_type(DType dtype) { return info_of(dtype).kernel; }

/// The operands and the result of `call` by `function`, whose operands' types
/// are those of kernels.
static void run_on_host(const tensorc_eager_kernel &kernel, const OpCall &call,
                        const Tensor &result) {
  PointwiseOperand operands[3];
  std::size_t count = 0;
  for (const Tensor &operand : call.operands)
    operands[count++] = {&operand, kernel_type(operand.dtype())};
  run_pointwise(&kernel, {operands, count}, result, kernel_type(result.dtype()),
                call.location);
}

std::optional<Tensor> quick_by_element(const OpCall &call) {
  OpKernels *kernels = kernels_of(call.info);
  if (!kernels || call.operands.empty() || call.operands.size() > 3)
    return {};
  const TensorImpl &last = *call.operands.back().impl();
  DType dtype = last.type.dtype;
  // Whatever is wrong is said by the op's rule, which is asked then.
  for (const Tensor &operand : call.operands) {
    const TensorImpl &impl = *operand.impl();
    bool is_condition =
        call.operands.size() == 3 && &operand == call.operands.data();
    if (impl.device.is_cuda() ||
        impl.type.dtype != (is_condition ? kBool : dtype) ||
        !impl.type.shape.is(last.type.shape))
      return {};
  }
  const tensorc_eager_kernel *kernel = kernels->set.find(dtype);
  if (!kernel)
    return {};
  std::atomic<std::uint8_t> &known = kernels->results[std::size_t(dtype)];
  std::uint8_t result_type = known.load(std::memory_order_relaxed);
  if (!result_type) {
    result_type = std::uint8_t(infer_results(call)[0].dtype) + 1;
    known.store(result_type, std::memory_order_relaxed);
  }
  Tensor result =
      make_unset({DType(result_type - 1), last.type.shape}, last.device);
  run_on_host(*kernel, call, result);
  return result;
}

/// The elements in row-major order as [n].
static Tensor flat(const Tensor &tensor) {
  Tensor source = dense(tensor);
  std::int64_t count = element_count(tensor.shape());
  return make_view(source, {count}, {1}, source.impl()->offset);
}

Tensor converted(const Tensor &tensor, DType dtype, Location location) {
  if (tensor.dtype() == dtype)
    return tensor;
  DType from = kernel_type(tensor.dtype()), to = kernel_type(dtype);
  if (!tensor.is_cuda()) {
    Tensor result = make_unset({dtype, tensor.shape()}, kCPU);
    PointwiseOperand operand = {&tensor, from};
    const tensorc_eager_kernel *kernel = conversion(from, to, location);
    run_pointwise(kernel, {&operand, 1}, result, to, location);
    return result;
  }
  // In up to three steps: to what kernels have, there, and from it.
  Tensor value = tensor;
  for (DType step : {from, to, dtype}) {
    if (value.dtype() == step || element_count(tensor.shape()) == 0)
      continue;
    Tensor next = make_unset({step, tensor.shape()}, tensor.device());
    run_kernel(conversion_set(step), value.dtype(), {flat(value), flat(next)},
               location);
    value = next;
  }
  return value.dtype() == dtype
             ? value
             : make_unset({dtype, tensor.shape()}, tensor.device());
}

/// The same on a device, where whole tensors are converted.
static Tensor run_there(const KernelSet &set, const OpCall &call,
                        const TensorType &type) {
  DType kernel = kernel_type(call.operands.back().dtype());
  std::vector<Tensor> operands;
  for (const Tensor &operand : call.operands)
    operands.push_back(
        flat(converted(operand, kernel_type(operand.dtype()), call.location)));
  Tensor result = make_unset({kernel_type(type.dtype), type.shape});
  Tensor out = flat(result);
  switch (operands.size()) {
  case 1:
    run_kernel(set, kernel, {operands[0], out}, call.location);
    break;
  case 2:
    run_kernel(set, kernel, {operands[0], operands[1], out}, call.location);
    break;
  default:
    run_kernel(set, kernel, {operands[0], operands[1], operands[2], out},
               call.location);
  }
  return converted(result, type.dtype, call.location);
}

/// The kernels of an op with attributes, or that no table lists.
static const KernelSet &named_kernels(const OpCall &call) {
  if (call.info.name == "gelu") {
    static const KernelSet none("gelu_none"), tanh("gelu_tanh");
    return call.attributes.get<std::string>("approximate") == "tanh" ? tanh
                                                                     : none;
  }
  if (OpKernels *kernels = kernels_of(call.info))
    return kernels->set;
  throw Error("[" + std::string(call.info.name) +
                  "] this op isn't there in eager mode",
              call.location);
}

/// What a `check_index` expects.
static std::string bounds_of(const OpCall &call) {
  std::int64_t size = call.attributes.get<std::int64_t>("size");
  std::int64_t ignored = call.attributes.get<std::int64_t>("ignore_index");
  std::string words = "[" + call.attributes.get<std::string>("function") +
                      "] expected indices in [0, " + std::to_string(size) + ")";
  return ignored >= 0 && ignored < size
             ? words
             : words + " or " + std::to_string(ignored);
}

/// On a device, where the error comes with the next read.
static void check_indices_there(const OpCall &call) {
  const Tensor &self = call.operands[0];
  TensorType one = {kernel_type(self.dtype()), {1}};
  auto number = [&](const char *name) {
    return full(one.shape, call.attributes.get<std::int64_t>(name), one.dtype);
  };
  Tensor indices = flat(converted(self, one.dtype, call.location));
  static const KernelSet set("check_index");
  run_kernel(set, one.dtype,
             {indices, number("size"), number("ignore_index"),
              make_unset(indices.type())},
             call.location, bounds_of(call) + ", received others");
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
      throw Error(bounds_of(call) + ", received " + std::to_string(index),
                  call.location);
  });
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
  if (call.info.name == "detach") {
    Tensor result =
        make_view(self, self.shape(), self.strides(), self.impl()->offset);
    result.impl()->base = nullptr;
    return result;
  }
  // What is its own operand is copied where the op is performed.
  if (call.info.name == "clone" || call.info.name == "copy" ||
      call.info.name == "set_data")
    return call.operands.back();
  if (call.info.name == "to")
    return converted(self, type.dtype, call.location);
  if (call.info.name == "check_index") {
    self.is_cuda() ? check_indices_there(call) : check_indices(call);
    return self;
  }
  // Kernels have no numbers of their own: ops with some are made of others.
  if (call.info.name == "clamp")
    return minimum(maximum(self, bound_of(call, "min")), bound_of(call, "max"));
  if (call.info.name == "leaky_relu")
    return where(self > 0, self,
                 self * call.attributes.get<double>("negative_slope"));
  const KernelSet &set = named_kernels(call);
  DType dtype = call.operands.back().dtype();
  if (self.is_cuda())
    return run_there(set, call, type);
  Tensor result = make_unset(type);
  run_on_host(set.get(dtype, call.location), call, result);
  return result;
}

} // namespace tensorc::eager
