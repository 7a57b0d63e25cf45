//===- Contract.cpp - Matmul and convolutions in eager mode ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "runtime/eager/Compute.h"
#include "runtime/eager/Kernels.h"
#include "runtime/eager/Parts.h"
#include "runtime/ops/Equation.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

namespace tensorc::eager {

using Ints = std::vector<std::int64_t>;

/// Whether vectors can run along dimension `d`.
static bool unit(const Tensor &tensor, std::size_t d) {
  return tensor.shape()[d] == 1 || tensor.strides()[d] == 1;
}

/// `tensor` [..., a, b] as [n, a, b].
static Tensor batch_of_matrices(const Tensor &tensor) {
  const Shape &shape = tensor.shape();
  if (shape.size() == 3)
    return tensor;
  if (shape.size() == 2)
    return make_view(tensor, {1, shape[0], shape[1]},
                     {0, tensor.strides()[0], tensor.strides()[1]},
                     tensor.impl()->offset);
  std::int64_t count = 1;
  for (std::size_t d = 0; d + 2 < shape.size(); ++d)
    count *= shape[d];
  return ops::reshape(
      tensor, {count, shape[shape.size() - 2], shape[shape.size() - 1]});
}

/// Of how many parts a CPU makes sums for `rows` x `columns` results, `batch`
/// times, with so many products in all.
static std::int64_t parts_of(const Tensor &result, std::int64_t batch,
                             std::int64_t rows, std::int64_t columns,
                             std::int64_t products, std::int64_t limit) {
  if (result.is_cuda() || !is_floating_point(result.dtype()))
    return 1;
  // About what a task computes at once.
  constexpr std::int64_t tile = 32;
  auto tiles = [](std::int64_t size) { return (size + tile - 1) / tile; };
  return part_count(task_count(0, products),
                    batch * tiles(rows) * tiles(columns), limit);
}

static Tensor matmul(const OpCall &call, const TensorType &type) {
  if (element_count(type.shape) == 0 ||
      element_count(call.operands[0].shape()) == 0)
    return make_dense(type);
  Tensor result = make_unset(type);
  Tensor a = batch_of_matrices(call.operands[0]);
  Tensor b = batch_of_matrices(call.operands[1]);
  if (!unit(a, 2) && !unit(a, 1))
    a = dense(a);
  if (!unit(b, 2) && !unit(b, 1))
    b = dense(b);
  // There is no kernel for two transposed operands.
  if (!unit(a, 2) && !unit(b, 2))
    a = dense(a);
  static const KernelSet nn("matmul_nn"), nt("matmul_nt"), tn("matmul_tn");
  const KernelSet *set = !unit(a, 2) ? &tn : !unit(b, 2) ? &nt : &nn;
  // Whole numbers have the plain one alone.
  if (!set->has(type.dtype, a.device())) {
    set = &nn;
    a = dense(a);
    b = dense(b);
  }
  Tensor all = batch_of_matrices(result);
  std::int64_t depth = a.shape()[2],
               products = element_count(type.shape) * depth;
  std::int64_t parts = parts_of(all, all.shape()[0], all.shape()[1],
                                all.shape()[2], products, depth / 256);
  if (parts > 1)
    contract_parts(*set, a, b, all, {2, 1}, parts, call.location);
  else
    run_kernel(*set, type.dtype, {a, b, all}, call.location, {}, products);
  return result;
}

/// An einsum's tensor with its dimensions in the order of `groups` of letters,
/// each group as one.
static Tensor grouped(const Tensor &tensor, const std::string &word,
                      std::initializer_list<std::string> groups) {
  Ints order;
  Shape shape;
  for (const std::string &group : groups) {
    shape.push_back(1);
    for (char letter : group) {
      order.push_back(std::int64_t(word.find(letter)));
      shape.back() *= tensor.shape()[std::size_t(order.back())];
    }
  }
  return ops::reshape(ops::permute(tensor, order), shape);
}

/// As a product of batches of matrices.
static Tensor einsum(const OpCall &call, const TensorType &type) {
  const Tensor &self = call.operands[0], &other = call.operands[1];
  Equation words(call.attributes.get<std::string>("equation"));
  auto in = [](const std::string &word, char letter) {
    return word.find(letter) != std::string::npos;
  };
  std::string batch, rows, columns, summed;
  for (char letter : words.result)
    (!in(words.self, letter)    ? columns
     : !in(words.other, letter) ? rows
                                : batch) += letter;
  for (char letter : words.self)
    if (!in(words.result, letter))
      summed += letter;
  Tensor product =
      ops::matmul(grouped(self, words.self, {batch, rows, summed}),
                  grouped(other, words.other, {batch, summed, columns}));
  std::string found = batch + rows + columns;
  Shape shape;
  Ints order;
  for (char letter : found)
    shape.push_back(type.shape[words.result.find(letter)]);
  for (char letter : words.result)
    order.push_back(std::int64_t(found.find(letter)));
  return dense(ops::permute(ops::reshape(product, shape), order));
}

/// `unit_set` for dimensions of stride 1 where the operands have them and there
/// is such a kernel.
static const KernelSet &conv_kernel(const KernelSet &set,
                                    const KernelSet &unit_set,
                                    const Tensor &dense_side,
                                    const Tensor &windows,
                                    const Tensor &result) {
  bool is_unit = unit(dense_side, 3) && unit(windows, 3) && unit(windows, 5) &&
                 unit(result, 3);
  return is_unit && unit_set.has(result.dtype(), result.device()) ? unit_set
                                                                  : set;
}

/// Group `group` of `groups` along dimension `dim`.
static Tensor part(const Tensor &tensor, std::int64_t dim, std::int64_t group,
                   std::int64_t groups) {
  if (groups == 1)
    return tensor;
  std::int64_t size = tensor.shape()[dim] / groups;
  return tensor.narrow(dim, group * size, size);
}

/// A convolution of images that are padded already.
static Tensor convolve(const Tensor &images, const Tensor &weight,
                       const Shape &shape, const Ints &stride,
                       const Ints &dilation, std::int64_t groups,
                       Location location) {
  if (element_count(shape) == 0 || element_count(weight.shape()) == 0)
    return make_dense({images.dtype(), shape});
  Tensor result = make_unset({images.dtype(), shape});
  Ints kernel = {weight.shape()[2], weight.shape()[3]};
  for (std::int64_t group = 0; group < groups; ++group) {
    Tensor windows = window_view(part(images, 1, group, groups), shape[2],
                                 shape[3], kernel, stride, dilation);
    Tensor filters = part(weight, 0, group, groups);
    Tensor out = part(result, 1, group, groups);
    static const KernelSet set("conv2d"), unit_set("conv2d_unit");
    run_kernel(conv_kernel(set, unit_set, filters, windows, out), out.dtype(),
               {filters, windows, out}, location, {},
               element_count(windows.shape()) * filters.shape()[0]);
  }
  return result;
}

static Tensor padded(const Tensor &images, const Ints &padding) {
  if (padding[0] == 0 && padding[1] == 0)
    return images;
  Ints around = {0, 0, padding[0], padding[1]};
  return ops::pad(images, around, around, {0, 0, 0, 0}, 0);
}

static Tensor conv2d(const OpCall &call, const TensorType &type) {
  const Attributes &attributes = call.attributes;
  return convolve(padded(call.operands[0], attributes.get<Ints>("padding")),
                  call.operands[1], type.shape, attributes.get<Ints>("stride"),
                  attributes.get<Ints>("dilation"),
                  attributes.get<std::int64_t>("groups"), call.location);
}

static Tensor conv2d_backward_weight(const OpCall &call,
                                     const TensorType &type) {
  const Tensor &grad = call.operands[0];
  const Attributes &attributes = call.attributes;
  std::int64_t groups = attributes.get<std::int64_t>("groups");
  Tensor images = padded(call.operands[1], attributes.get<Ints>("padding"));
  if (element_count(type.shape) == 0 || element_count(grad.shape()) == 0)
    return make_dense(type);
  Tensor result = make_unset(type);
  for (std::int64_t group = 0; group < groups; ++group) {
    Tensor windows = window_view(
        part(images, 1, group, groups), grad.shape()[2], grad.shape()[3],
        {type.shape[2], type.shape[3]}, attributes.get<Ints>("stride"),
        attributes.get<Ints>("dilation"));
    Tensor slice = part(grad, 1, group, groups);
    Tensor out = part(result, 0, group, groups);
    static const KernelSet set("conv2d_backward_weight"),
        unit_set("conv2d_backward_weight_unit");
    const KernelSet &kernel = conv_kernel(set, unit_set, slice, windows, out);
    std::int64_t filters = out.shape()[0],
                 products = element_count(windows.shape()) * filters;
    // Images or their rows, whichever are more.
    std::size_t cut = slice.shape()[0] >= slice.shape()[2] ? 0 : 2;
    std::int64_t parts =
        parts_of(out, 1, filters, element_count(out.shape()) / filters,
                 products, slice.shape()[cut]);
    if (parts > 1)
      contract_parts(kernel, slice, windows, out, {cut, cut}, parts,
                     call.location);
    else
      run_kernel(kernel, out.dtype(), {slice, windows, out}, call.location, {},
                 products);
  }
  return result;
}

Tensor contract(const OpCall &call, const TensorType &type) {
  if (call.info.name == "matmul")
    return matmul(call, type);
  if (call.info.name == "einsum")
    return einsum(call, type);
  if (call.info.name == "conv2d")
    return conv2d(call, type);
  if (call.info.name == "conv2d_backward_input")
    return call.info.decompose({call.operands, call.attributes})[0];
  if (call.info.name == "conv2d_backward_weight")
    return conv2d_backward_weight(call, type);
  throw Error("[" + std::string(call.info.name) +
                  "] this op isn't there in eager mode",
              call.location);
}

} // namespace tensorc::eager
