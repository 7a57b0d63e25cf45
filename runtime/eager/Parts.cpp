//===- Parts.cpp - Long reductions in parts -------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eager/Parts.h"
#include "runtime/core/Dense.h"
#include "runtime/eager/KernelTables.h"

#include <algorithm>

namespace tensorc::eager {

std::int64_t part_count(std::int64_t tasks, std::int64_t units,
                        std::int64_t limit) {
  // As `tensorc-split-reductions` has it for CPUs.
  constexpr std::int64_t worth_splitting = 4, most = 128;
  if (tasks < worth_splitting || 2 * units > tasks)
    return 1;
  return std::clamp<std::int64_t>(std::min(tasks, most) / units, 1,
                                  std::max<std::int64_t>(limit, 1));
}

namespace {

/// Part `part` of `parts` of a dimension.
struct Range {
  Range(std::int64_t size, std::int64_t part, std::int64_t parts)
      : begin(size * part / parts), size(size * (part + 1) / parts - begin) {}
  std::int64_t begin, size;
};

struct Reduction {
  tensorc_kernel_fn kernel;
  const char *from;
  char *to;
  std::int64_t bytes; ///< of an element
  Slabs slabs;
  std::int64_t parts;
  bool rows;
};

std::int32_t reduce_part(const Reduction &r, std::int64_t number) {
  auto [slabs, length, columns] = r.slabs;
  Range range(length, number % r.parts, r.parts);
  std::int64_t first = (number / r.parts * length + range.begin) * columns;
  void *each[] = {const_cast<char *>(r.from) + first * r.bytes,
                  r.to + number * columns * r.bytes};
  const std::int64_t by_rows[] = {1, range.size, 1};
  const std::int64_t by_columns[] = {range.size, columns, columns};
  return r.kernel(each, r.rows ? by_rows : by_columns, 0, 1);
}

/// This task's of all parts of all slabs.
std::int32_t reduce_share(void *const *buffers, const std::int64_t *,
                          std::int64_t task, std::int64_t tasks) {
  const auto &r = *static_cast<const Reduction *>(buffers[0]);
  Range share(r.slabs.slabs * r.parts, task, tasks);
  std::int32_t status = TENSORC_OK;
  for (std::int64_t i = 0; i < share.size && status == TENSORC_OK; ++i)
    status = reduce_part(r, share.begin + i);
  return status;
}

/// A buffer of a contraction, as part 0 has it.
struct Piece {
  char *data;
  std::int64_t step; ///< bytes to the next element of what is cut
};

struct Contraction {
  tensorc_kernel_fn kernel;
  KernelSizes sizes;
  Piece lhs, rhs;
  char *result;
  std::int64_t result_bytes; ///< of a part
  std::int64_t length;       ///< of the dimension that is cut
  int lhs_size, rhs_size;    ///< where it stands in `sizes`
};

std::int32_t contract_part(void *const *buffers, const std::int64_t *,
                           std::int64_t task, std::int64_t parts) {
  const auto &c = *static_cast<const Contraction *>(buffers[0]);
  Range range(c.length, task, parts);
  KernelSizes sizes = c.sizes;
  sizes.values[c.lhs_size] = sizes.values[c.rhs_size] = range.size;
  void *each[] = {c.lhs.data + range.begin * c.lhs.step,
                  c.rhs.data + range.begin * c.rhs.step,
                  c.result + task * c.result_bytes};
  return c.kernel(each, sizes.values, 0, 1);
}

} // namespace

Tensor reduce_parts(const KernelSet &set, const Tensor &value, Slabs slabs,
                    std::int64_t parts, bool rows, Location location) {
  Tensor result = make_unset(
      {value.dtype(), {slabs.slabs * parts * slabs.columns}}, value.device());
  Reduction reduction{set.get(value.dtype(), location).function,
                      address(*value.impl()),
                      address(*result.impl()),
                      std::int64_t(size_of(value.dtype())),
                      slabs,
                      parts,
                      rows};
  void *buffers[] = {&reduction};
  std::int64_t tasks = task_count(slabs.slabs * slabs.length * slabs.columns);
  run_tasks(reduce_share, buffers, nullptr,
            std::min(tasks, slabs.slabs * parts), location);
  return result;
}

/// Where the size of dimension `dim` of argument `number` stands.
static int place_of_size(const tensorc_eager_kernel &kernel, int number,
                         std::size_t dim) {
  int place = 0;
  auto count = [](std::uint32_t bits) { return __builtin_popcount(bits); };
  for (int i = 0; i < number; ++i)
    place +=
        count(kernel.arguments[i].sizes) + count(kernel.arguments[i].strides);
  return place + count(kernel.arguments[number].sizes &
                       ((std::uint32_t(1) << dim) - 1));
}

void contract_parts(const KernelSet &set, const Buffer &lhs, const Buffer &rhs,
                    const Buffer &result, Cut cut, std::int64_t parts,
                    Location location) {
  static const KernelSet sum("sum_columns");
  DType dtype = result.tensor.dtype();
  const tensorc_eager_kernel &kernel = set.get(dtype, location);
  std::int64_t count = result.count();
  auto bytes = std::int64_t(size_of(dtype));
  Tensor sums = make_unset({dtype, {parts, count}}, result.tensor.device());
  Contraction contraction{
      kernel.function,
      kernel_sizes(kernel.name, {lhs, rhs, result}, kernel.arguments,
                   kernel.argument_count, location),
      {address(*lhs.tensor.impl()), lhs.strides[cut.lhs] * bytes},
      {address(*rhs.tensor.impl()), rhs.strides[cut.rhs] * bytes},
      address(*sums.impl()),
      count * bytes,
      lhs.shape[cut.lhs],
      place_of_size(kernel, 0, cut.lhs),
      place_of_size(kernel, 1, cut.rhs)};
  void *buffers[] = {&contraction};
  run_tasks(contract_part, buffers, nullptr, parts, location);
  const std::int64_t step = 1;
  run_kernel(sum, dtype, {sums, Buffer(result.tensor, {&count, 1}, {&step, 1})},
             location);
}

} // namespace tensorc::eager
