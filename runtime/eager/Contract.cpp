//===- Contract.cpp - Sums of products in eager mode ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "runtime/eager/Axes.h"
#include "runtime/eager/Compute.h"
#include "runtime/eager/Kernels.h"
#include "runtime/eager/Parts.h"
#include "runtime/ops/Equation.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

namespace tensorc::eager {

using Ints = std::vector<std::int64_t>;

/// `tensor` [..., a, b] as [n, a, b] or, for one matrix, [a, b].
static Tensor batch_of_matrices(const Tensor &tensor) {
  const Shape &shape = tensor.shape();
  if (shape.size() <= 3)
    return tensor;
  std::int64_t count = 1;
  for (std::size_t d = 0; d + 2 < shape.size(); ++d)
    count *= shape[d];
  return ops::reshape(
      tensor, {count, shape[shape.size() - 2], shape[shape.size() - 1]});
}

/// The same as a kernel's argument [n, a, b].
static Strided matrices(const Tensor &tensor) {
  Strided result(tensor);
  if (tensor.shape().size() == 2)
    result.add(1, 0);
  for (std::size_t d = 0; d < tensor.shape().size(); ++d)
    result.add(tensor.shape()[d], tensor.strides()[d]);
  return result;
}

/// Whether vectors can run along dimension `d`, counted from the last one.
static bool unit(const Tensor &tensor, std::size_t d) {
  d = tensor.shape().size() - 1 - d;
  return tensor.shape()[d] == 1 || tensor.strides()[d] == 1;
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
  if (!unit(a, 0) && !unit(a, 1))
    a = dense(a);
  if (!unit(b, 0) && !unit(b, 1))
    b = dense(b);
  // There is no kernel for two transposed operands.
  if (!unit(a, 0) && !unit(b, 0))
    a = dense(a);
  static const KernelSet nn("matmul_nn"), nt("matmul_nt"), tn("matmul_tn");
  const KernelSet *set = !unit(a, 0) ? &tn : !unit(b, 0) ? &nt : &nn;
  // Whole numbers have the plain one alone.
  if (!set->has(type.dtype, a.device())) {
    set = &nn;
    a = dense(a);
    b = dense(b);
  }
  Tensor all = batch_of_matrices(result);
  Strided lhs = matrices(a), rhs = matrices(b), out = matrices(all);
  std::int64_t depth = lhs.size(2),
               products = element_count(type.shape) * depth;
  std::int64_t parts = parts_of(result, out.size(0), out.size(1), out.size(2),
                                products, depth / 256);
  if (parts > 1)
    contract_parts(*set, lhs, rhs, out, {2, 1}, parts, call.location);
  else
    run_kernel(*set, type.dtype, {lhs, rhs, out}, call.location, {}, products);
  return result;
}

namespace {
/// What the letters of an einsum stand for.
struct Letters {
  Letters(const Equation &words) {
    for (char letter : words.result)
      (!in(words.self, letter)    ? columns
       : !in(words.other, letter) ? rows
                                  : batch) += letter;
    for (char letter : words.self)
      if (!in(words.result, letter))
        summed += letter;
  }
  static bool in(const std::string &word, char letter) {
    return word.find(letter) != std::string::npos;
  }
  std::string batch, rows, columns, summed;
};

/// An operand or the result of an einsum, and its word.
struct Factor {
  const Tensor &tensor;
  const std::string &word;
  std::int64_t size(char letter) const {
    return tensor.shape()[word.find(letter)];
  }
  std::int64_t stride(char letter) const {
    return tensor.strides()[word.find(letter)];
  }
  /// The dimensions of each group of letters as one.
  Tensor grouped(std::initializer_list<std::string> groups) const {
    Ints order;
    Shape shape;
    for (const std::string &group : groups) {
      shape.push_back(1);
      for (char letter : group) {
        order.push_back(std::int64_t(word.find(letter)));
        shape.back() *= size(letter);
      }
    }
    return ops::reshape(ops::permute(tensor, order), shape);
  }
};
} // namespace

/// As a product of batches of matrices.
static Tensor by_matmul(const Factor &self, const Factor &other,
                        const Letters &letters, const std::string &result,
                        const Shape &type) {
  const auto &[batch, rows, columns, summed] = letters;
  Tensor product = ops::matmul(self.grouped({batch, rows, summed}),
                               other.grouped({batch, summed, columns}));
  std::string found = batch + rows + columns;
  Shape shape;
  Ints order;
  for (char letter : found)
    shape.push_back(type[result.find(letter)]);
  for (char letter : result)
    order.push_back(std::int64_t(found.find(letter)));
  return dense(ops::permute(ops::reshape(product, shape), order));
}

/// The letters as dimensions of two tensors.
static Axes axes_of(const std::string &letters, const Factor &a,
                    const Factor &b) {
  Axes axes;
  for (char letter : letters)
    axes.add(a.size(letter), {a.stride(letter), b.stride(letter), 0});
  return axes;
}

/// Where operands lie, without copying what windows share; false where no
/// kernel takes that. `left` has the rows, `right` the columns.
static bool where_they_lie(const Factor &left, const Factor &right,
                           const Factor &result, const Letters &letters,
                           Location location) {
  DType dtype = result.tensor.dtype();
  Axes rows = axes_of(letters.rows, left, result);
  Axes columns = axes_of(letters.columns, right, result);
  Axes summed = axes_of(letters.summed, left, right);
  // Matrices are multiplied faster.
  if (columns.count() <= 1 && summed.count() <= 1)
    return false;
  static const KernelSet images("contract_images"), places("contract_places"),
      unit_images("contract_images_unit"), unit_places("contract_places_unit");
  bool few = columns.inner() < summed.inner();
  const KernelSet *set = few ? &places : &images;
  if (!rows.fill(1) || !columns.fill(3) || !summed.fill(3) ||
      !set->has(dtype, result.tensor.device()))
    return false;
  Strided a(left.tensor), b(right.tensor), c(result.tensor);
  a.along(rows, 0).along(summed, 0);
  b.along(columns, 0).along(summed, 1);
  c.along(rows, 1).along(columns, 1);
  if (a.unit(3) && b.unit(2) && b.unit(5) && c.unit(3))
    set = few ? &unit_places : &unit_images;
  if (!few)
    c.swap(0, 1);
  std::int64_t results = element_count(result.tensor.shape()),
               filters = a.size(0),
               products = results * a.size(1) * a.size(2) * a.size(3);
  // Images or their rows, whichever are more.
  std::size_t cut = a.size(1) >= a.size(2) ? 0 : 1;
  std::int64_t parts =
      c.is_dense() ? parts_of(result.tensor, 1, filters, results / filters,
                              products, a.size(1 + cut))
                   : 1;
  if (parts > 1)
    contract_parts(*set, a, b, c, {1 + cut, 3 + cut}, parts, location);
  else
    run_kernel(*set, dtype, {a, b, c}, location, {}, products);
  return true;
}

/// Each of a batch where it lies.
static bool where_they_lie_each(const Factor &left, const Factor &right,
                                const Factor &result, Letters letters,
                                Location location) {
  if (letters.batch.empty())
    return where_they_lie(left, right, result, letters, location);
  char letter = letters.batch.back();
  letters.batch.pop_back();
  auto narrowed = [&](const Factor &factor, std::int64_t i) {
    return factor.tensor.narrow(std::int64_t(factor.word.find(letter)), i, 1);
  };
  for (std::int64_t i = 0; i < result.size(letter); ++i) {
    Tensor a = narrowed(left, i), b = narrowed(right, i),
           c = narrowed(result, i);
    if (!where_they_lie_each({a, left.word}, {b, right.word}, {c, result.word},
                             letters, location))
      return false; // the first one already
  }
  return true;
}

static Tensor einsum(const OpCall &call, const TensorType &type) {
  Equation words(call.attributes.get<std::string>("equation"));
  if (element_count(type.shape) == 0 ||
      element_count(call.operands[0].shape()) == 0)
    return make_dense(type);
  // As in compiled code, the factor with the result's last dimension is on the
  // right, where vectors lie.
  std::size_t first = 0;
  if (!words.result.empty() && !Letters::in(words.other, words.result.back())) {
    std::swap(words.self, words.other);
    first = 1;
  }
  Letters letters(words);
  Factor left = {call.operands[first], words.self};
  Factor right = {call.operands[1 - first], words.other};
  Tensor result = make_unset(type);
  if (where_they_lie_each(left, right, {result, words.result}, letters,
                          call.location))
    return result;
  return by_matmul(left, right, letters, words.result, type.shape);
}

Tensor contract(const OpCall &call, const TensorType &type) {
  if (call.info.name == "matmul")
    return matmul(call, type);
  if (call.info.name == "einsum")
    return einsum(call, type);
  return call.info.decompose({call.operands, call.attributes})[0];
}

} // namespace tensorc::eager
