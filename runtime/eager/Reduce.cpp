//===- Reduce.cpp - Reductions in eager mode ------------------------------===//
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
#include "tensorc/functions.h"
#include "tensorc/ops.h"

#include <algorithm>
#include <map>

namespace tensorc::eager {

using Ints = std::vector<std::int64_t>;

namespace {
struct ReductionKernels {
  KernelSet rows;    ///< [rows, n] -> [rows]
  KernelSet columns; ///< [n, columns] -> [columns]
  KernelSet windows; ///< elements of windows, where they lie -> values
};
} // namespace

static const ReductionKernels &kernels_of(const OpInfo &info) {
  static const auto all = [] {
    std::map<std::string_view, const ReductionKernels *> result;
    for (const OpInfo &each : all_ops())
      if (each.kind == OpKind::Reduction)
        result[each.name] = new ReductionKernels{
            KernelSet(std::string(each.name)),
            KernelSet(std::string(each.name) + "_columns"),
            KernelSet(std::string(each.name) + "_windows")};
    return result;
  }();
  return *all.at(info.name);
}

/// What a reduction of nothing gives: 0 or 1.
static double identity(const OpCall &call) {
  return call.info.name == "prod" || call.info.name == "all" ? 1 : 0;
}

/// Whether results are places of elements, which aren't reduced again.
static bool gives_places(const OpCall &call) {
  return call.info.name == "argmax" || call.info.name == "first_max";
}

namespace {
/// A dense tensor as runs of dimensions that are kept and that are reduced, by
/// turns.
class Runs {
public:
  Runs(const Shape &shape, const Ints &dims) {
    for (std::size_t d = 0; d < shape.size(); ++d) {
      bool reduced =
          std::find(dims.begin(), dims.end(), std::int64_t(d)) != dims.end();
      if (shape[d] != 1)
        add(shape[d], reduced);
    }
  }
  bool done() const { return sizes.empty() || (sizes.size() == 1 && !last_); }
  bool last_is_reduced() const { return last_; }
  std::size_t count() const { return sizes.size(); }
  /// The last run's size, or 1.
  std::int64_t inner() const { return sizes.empty() ? 1 : sizes.back(); }
  /// Elements of what precedes the last `runs` runs.
  std::int64_t outer(std::size_t runs) const {
    std::int64_t count = 1;
    for (std::size_t i = 0; i + runs < sizes.size(); ++i)
      count *= sizes[i];
    return count;
  }
  std::int64_t before_last() const { return sizes[sizes.size() - 2]; }
  /// The last run, or the one before it, has so many elements.
  void set_last(std::int64_t size) { sizes.back() = size; }
  void set_before_last(std::int64_t size) { sizes[sizes.size() - 2] = size; }
  /// The last run is gone.
  void drop_last() {
    sizes.pop_back();
    last_ = !last_;
  }
  /// The one before the last is gone, and what is around it is one.
  void drop_before_last() {
    std::int64_t kept = sizes.back();
    sizes.resize(sizes.size() - 2);
    if (sizes.empty())
      sizes.push_back(kept);
    else
      sizes.back() *= kept;
  }

private:
  void add(std::int64_t size, bool reduced) {
    if (!sizes.empty() && last_ == reduced) {
      sizes.back() *= size;
      return;
    }
    sizes.push_back(size);
    last_ = reduced;
  }

  Ints sizes;
  bool last_ = false; ///< whether the last run is reduced
};
} // namespace

/// `self` with the kept dimensions first, as [rows, n].
static Tensor rows_first(const Tensor &self, const Ints &dims,
                         std::int64_t rows, std::int64_t count) {
  Ints order;
  for (std::int64_t d = 0; d < self.dim(); ++d)
    if (std::find(dims.begin(), dims.end(), d) == dims.end())
      order.push_back(d);
  order.insert(order.end(), dims.begin(), dims.end());
  return dense(ops::reshape(ops::permute(self, order), {rows, count}));
}

static Tensor part(const Tensor &dense, std::int64_t offset, Shape shape) {
  Ints strides = dense_strides(shape);
  return make_view(dense, shape, std::move(strides),
                   dense.impl()->offset + offset);
}

/// Of how many parts a CPU's kernel makes each of the reductions of `slabs`;
/// 0: it is left to share out the columns of each slab.
static std::int64_t parts_of(Slabs slabs) {
  // What a kernel for columns has in a task.
  constexpr std::int64_t columns_at_once = 4096, fewest_terms = 32;
  std::int64_t blocks = slabs.columns / columns_at_once,
               units = slabs.slabs * std::max<std::int64_t>(blocks, 1);
  std::int64_t tasks = task_count(slabs.slabs * slabs.length * slabs.columns);
  std::int64_t parts = part_count(tasks, units, slabs.length / fewest_terms);
  return parts == 1 && blocks > 1 ? 0 : parts;
}

/// One reduction after the other, from the back, where elements are: over a
/// last run by rows, over one before the last by columns. False where that
/// would be many small ones.
static bool reduce_in_place(const ReductionKernels &kernels, Tensor &value,
                            Runs runs, Location location) {
  DType dtype = value.dtype();
  // From memory that has gone through once, everything is short.
  constexpr std::int64_t fewest_columns = 16;
  bool is_host = !value.is_cuda();
  while (!runs.done()) {
    std::int64_t inner = runs.inner();
    if (runs.last_is_reduced()) {
      std::int64_t rows = runs.outer(1);
      std::int64_t parts = is_host ? parts_of({rows, inner, 1}) : 1;
      if (parts > 1) {
        value = reduce_parts(kernels.rows, value, {rows, inner, 1}, parts,
                             /*rows=*/true, location);
        runs.set_last(parts);
        continue;
      }
      Tensor next = make_unset({dtype, {rows}}, value.device());
      run_kernel(kernels.rows, dtype, {part(value, 0, {rows, inner}), next},
                 location);
      value = next;
      runs.drop_last();
      continue;
    }
    std::int64_t slabs = runs.outer(2), count = runs.before_last();
    if (!kernels.columns.has(dtype, value.device()) ||
        (slabs > 1 && inner < fewest_columns))
      return false;
    std::int64_t parts = is_host ? parts_of({slabs, count, inner}) : 0;
    if (parts > 0) {
      value = reduce_parts(kernels.columns, value, {slabs, count, inner}, parts,
                           /*rows=*/false, location);
      runs.set_before_last(parts);
      if (parts == 1)
        runs.drop_before_last();
      continue;
    }
    Tensor next = make_unset({dtype, {slabs * inner}}, value.device());
    for (std::int64_t i = 0; i < slabs; ++i)
      run_kernel(kernels.columns, dtype,
                 {part(value, i * count * inner, {count, inner}),
                  part(next, i * inner, {inner})},
                 location);
    value = next;
    runs.drop_before_last();
  }
  return true;
}

/// Of few elements, which may be others' too, as windows' are: where they lie.
/// False where there is no kernel.
static bool reduce_windows(const ReductionKernels &kernels, const Tensor &self,
                           const Ints &dims, std::int64_t count,
                           const Tensor &result, Location location) {
  constexpr std::int64_t most = 1024;
  if (count > most || !kernels.windows.has(self.dtype(), self.device()))
    return false;
  Axes kept, places;
  std::int64_t step = element_count(result.shape());
  for (std::size_t d = 0; d < self.shape().size(); ++d) {
    std::int64_t size = self.shape()[d], stride = self.strides()[d];
    if (std::find(dims.begin(), dims.end(), std::int64_t(d)) != dims.end())
      places.add(size, {stride, 0, 0});
    else
      kept.add(size, {stride, step /= size, 0});
  }
  if (!kept.fill(kKeptAxes) || !places.fill(kPlaceAxes))
    return false;
  run_kernel(kernels.windows, self.dtype(),
             {Strided(self).along(kept, 0).along(places, 0),
              Strided(result).along(kept, 1)},
             location);
  return true;
}

Tensor reduce(const OpCall &call, const TensorType &type) {
  const Tensor &self = call.operands[0];
  Ints dims;
  if (!call.attributes.find("dims"))
    dims = {call.attributes.get<std::int64_t>("dim")};
  else
    dims = call.attributes.get<Ints>("dims");
  bool is_index = gives_places(call);
  if (dims.empty())
    return is_index ? full(type.shape, 0, type.dtype) : self;
  std::int64_t count = 1, rows = element_count(type.shape);
  for (std::int64_t d : dims)
    count *= self.shape()[d];
  if (rows == 0)
    return make_dense(type);
  if (count == 0)
    return full(type.shape, identity(call), type.dtype);
  const ReductionKernels &kernels = kernels_of(call.info);
  if (!is_index && type.dtype == self.dtype() && self.is_contiguous()) {
    Tensor value = self;
    if (reduce_in_place(kernels, value, Runs(self.shape(), dims),
                        call.location))
      return value.is(self) ? ops::reshape(self, type.shape)
                            : part(value, 0, type.shape);
  }
  Tensor result = make_unset(type);
  if (!self.is_contiguous() &&
      reduce_windows(kernels, self, dims, count, result, call.location))
    return result;
  run_kernel(kernels.rows, self.dtype(),
             {rows_first(self, dims, rows, count), part(result, 0, {rows})},
             call.location);
  return result;
}

} // namespace tensorc::eager
