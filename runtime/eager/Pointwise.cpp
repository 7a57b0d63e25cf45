//===- Pointwise.cpp - Kernels of one element after the other -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eager/Pointwise.h"
#include "runtime/core/Dense.h"
#include "runtime/eager/Compute.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <memory>

namespace tensorc::eager {

const KernelSet &conversion_set(DType to) {
  static const KernelSet *const sets = [] {
    auto *all =
        static_cast<KernelSet *>(operator new(sizeof(KernelSet) * kDTypeCount));
    for (const DTypeInfo &info : kDTypes)
      new (&all[std::size_t(info.dtype)])
          KernelSet("to", std::string(".") + info.mlir);
    return all; // for the program's life
  }();
  return sets[std::size_t(to)];
}

const tensorc_eager_kernel *conversion(DType from, DType to,
                                       Location location) {
  return from == to ? nullptr : &conversion_set(to).get(from, location);
}

static tensorc_kernel_fn convert(DType from, DType to, Location location) {
  const tensorc_eager_kernel *kernel = conversion(from, to, location);
  return kernel ? kernel->function : nullptr;
}

namespace {

constexpr int kMostOperands = 3, kMostDims = 12;
/// What is staged at a time.
constexpr std::int64_t kChunk = 1024;
/// Rows from this length on are cut into chunks of their own, so that what is
/// dense along them needs no staging.
constexpr std::int64_t kLongRow = 256;
/// Rows that are turned at a time, of an operand whose columns are dense, and
/// the most bytes of them: they stay in the second cache.
constexpr std::int64_t kBandRows = 32, kBandBytes = 256 << 10;

struct alignas(64) Stage {
  char bytes[kChunk * 8];
};

/// An operand as the loop sees it.
struct Source {
  const char *data;
  std::int64_t strides[kMostDims]; ///< in elements
  std::int64_t size, kernel_size;  ///< bytes of an element
  tensorc_kernel_fn convert;       ///< to the kernel's type, or null
  bool dense, constant;            ///< of all dimensions
  bool turned;                     ///< staged by bands of rows
};

/// Rows of a turned operand, dense.
struct Band {
  std::unique_ptr<char[]> bytes;
  std::int64_t first = 0, rows = 0;
};

struct Loop {
  tensorc_kernel_fn function;
  Source sources[kMostOperands];
  int count;
  int rank;
  std::int64_t shape[kMostDims];
  std::int64_t elements;
  char *result;
  std::int64_t result_size;
  tensorc_kernel_fn convert_result; ///< from the kernel's type, or null

  bool is_plain() const {
    for (int i = 0; i < count; ++i)
      if (!sources[i].dense || sources[i].convert)
        return false;
    return function && !convert_result;
  }
  std::int64_t row() const { return rank ? shape[rank - 1] : 1; }
};

/// The places of one operand's elements from one on, in row-major order.
class Walk {
public:
  Walk(const Loop &loop, const Source &source, std::int64_t element)
      : loop_(loop), source_(source), place_(source.data) {
    for (int d = loop.rank; d-- > 0;) {
      index_[d] = element % loop.shape[d];
      element /= loop.shape[d];
      place_ += index_[d] * source.strides[d] * source.size;
    }
  }
  const char *place() const { return place_; }
  /// How many are left in this row.
  std::int64_t left() const {
    return loop_.rank ? loop_.row() - index_[loop_.rank - 1] : 1;
  }
  /// Goes on to the next row.
  void next_row() {
    int d = loop_.rank - 1;
    place_ -= index_[d] * source_.strides[d] * source_.size;
    index_[d] = 0;
    while (d-- > 0) {
      place_ += source_.strides[d] * source_.size;
      if (++index_[d] < loop_.shape[d])
        return;
      place_ -= loop_.shape[d] * source_.strides[d] * source_.size;
      index_[d] = 0;
    }
  }

private:
  const Loop &loop_;
  const Source &source_;
  const char *place_;
  std::int64_t index_[kMostDims];
};

/// `count` elements at a stride, to a dense row.
template <typename T>
char *gather_row(char *to, const char *from, std::int64_t count,
                 std::int64_t stride) {
  auto *out = reinterpret_cast<T *>(to);
  auto *in = reinterpret_cast<const T *>(from);
  if (stride == 0)
    std::fill_n(out, count, *in);
  else if (stride == 1)
    std::memcpy(out, in, std::size_t(count) * sizeof(T));
  else
    for (std::int64_t i = 0; i < count; ++i)
      out[i] = in[i * stride];
  return to + count * std::int64_t(sizeof(T));
}

char *gather_row(char *to, const char *from, std::int64_t count,
                 std::int64_t stride, std::int64_t size) {
  switch (size) {
  case 1:
    return gather_row<std::uint8_t>(to, from, count, stride);
  case 2:
    return gather_row<std::uint16_t>(to, from, count, stride);
  case 4:
    return gather_row<std::uint32_t>(to, from, count, stride);
  default:
    return gather_row<std::uint64_t>(to, from, count, stride);
  }
}

/// One task's share of the elements.
class Worker {
public:
  Worker(const Loop &loop) : loop(loop) {}

  std::int32_t run(std::int64_t begin, std::int64_t end) {
    end_ = end;
    for (int i = 0; i < loop.count; ++i)
      if (loop.sources[i].constant)
        fill(i, std::min(end - begin, kChunk));
    while (begin < end && status == TENSORC_OK) {
      std::int64_t count = std::min(end - begin, kChunk);
      if (loop.row() >= kLongRow)
        count = std::min(count, loop.row() - begin % loop.row());
      chunk(begin, count);
      begin += count;
    }
    return status;
  }

private:
  void call(tensorc_kernel_fn function, void *const *buffers,
            std::int64_t count) {
    const std::int64_t sizes[] = {count, count, count, count};
    if (std::int32_t failed = function(buffers, sizes, 0, 1))
      status = failed;
  }
  void convert(tensorc_kernel_fn function, const char *from, char *to,
               std::int64_t count) {
    void *const buffers[] = {const_cast<char *>(from), to};
    call(function, buffers, count);
  }

  /// The stage of a number that is everywhere.
  void fill(int i, std::int64_t count) {
    const Source &source = loop.sources[i];
    const char *from = source.data;
    alignas(8) char number[8];
    if (source.convert) {
      convert(source.convert, from, number, 1);
      from = number;
    }
    gather_row(stages[i].bytes, from, count, 0, source.kernel_size);
  }

  /// Elements of operand `i` as the kernel takes them.
  const char *load(int i, std::int64_t begin, std::int64_t count) {
    const Source &source = loop.sources[i];
    if (source.constant)
      return stages[i].bytes;
    const char *from = source.data + begin * source.size;
    if (!source.dense)
      from = rows(i, source.convert ? raw : stages[i], begin, count);
    if (!source.convert)
      return from;
    convert(source.convert, from, stages[i].bytes, count);
    return stages[i].bytes;
  }

  /// A band of operand `i` that has row `row`: that and the next ones.
  const Band &band(int i, std::int64_t row) {
    const Source &source = loop.sources[i];
    Band &band = bands[i];
    if (band.bytes && row >= band.first && row < band.first + band.rows)
      return band;
    if (!band.bytes)
      band.bytes.reset(
          new char[std::size_t(kBandRows * loop.row() * source.size)]);
    std::int64_t height = loop.shape[loop.rank - 2];
    band.first = row;
    band.rows = std::min(
        {kBandRows, height - row % height, (end_ - 1) / loop.row() - row + 1});
    copy_plane(std::size_t(source.size),
               Walk(loop, source, row * loop.row()).place(), band.bytes.get(),
               {band.rows, loop.row(), source.strides[loop.rank - 2],
                source.strides[loop.rank - 1], loop.row(), 1});
    return band;
  }

  const char *turned_rows(int i, Stage &stage, std::int64_t begin,
                          std::int64_t count) {
    std::int64_t size = loop.sources[i].size, done = 0;
    while (true) {
      const Band &here = band(i, (begin + done) / loop.row());
      std::int64_t at = begin + done - here.first * loop.row();
      std::int64_t piece = std::min(count - done, here.rows * loop.row() - at);
      const char *from = here.bytes.get() + at * size;
      if (piece == count)
        return from;
      std::memcpy(stage.bytes + done * size, from, std::size_t(piece * size));
      if ((done += piece) == count)
        return stage.bytes;
    }
  }

  /// The elements where they are, if they are one dense piece, else a copy.
  const char *rows(int i, Stage &stage, std::int64_t begin,
                   std::int64_t count) {
    const Source &source = loop.sources[i];
    if (source.turned)
      return turned_rows(i, stage, begin, count);
    Walk walk(loop, source, begin);
    std::int64_t stride = source.strides[loop.rank - 1];
    if (stride == 1 && walk.left() >= count)
      return walk.place();
    char *to = stage.bytes;
    while (true) {
      std::int64_t here = std::min(count, walk.left());
      to = gather_row(to, walk.place(), here, stride, source.size);
      if (!(count -= here))
        return stage.bytes;
      walk.next_row();
    }
  }

  void chunk(std::int64_t begin, std::int64_t count) {
    char *result = loop.result + begin * loop.result_size;
    void *buffers[kMostOperands + 1];
    for (int i = 0; i < loop.count; ++i)
      buffers[i] = const_cast<char *>(load(i, begin, count));
    if (!loop.function) {
      if (loop.convert_result)
        convert(loop.convert_result, static_cast<char *>(buffers[0]), result,
                count);
      else
        std::memcpy(result, buffers[0], std::size_t(count * loop.result_size));
      return;
    }
    buffers[loop.count] =
        loop.convert_result ? stages[kMostOperands].bytes : result;
    call(loop.function, buffers, count);
    if (loop.convert_result)
      convert(loop.convert_result, stages[kMostOperands].bytes, result, count);
  }

  const Loop &loop;
  std::int32_t status = TENSORC_OK;
  Stage stages[kMostOperands + 1], raw;
  Band bands[kMostOperands];
  std::int64_t end_ = 0; ///< of the share
};

/// Task `task` of a loop, the one buffer.
std::int32_t run_share(void *const *buffers, const std::int64_t *,
                       std::int64_t task, std::int64_t tasks) {
  const Loop &loop = *static_cast<const Loop *>(buffers[0]);
  std::int64_t chunks = (loop.elements + kChunk - 1) / kChunk;
  auto start = [&](std::int64_t of) {
    return std::min(chunks * of / tasks * kChunk, loop.elements);
  };
  std::int64_t begin = start(task), end = start(task + 1);
  if (begin == end)
    return TENSORC_OK;
  if (!loop.is_plain())
    return Worker(loop).run(begin, end);
  void *each[kMostOperands + 1];
  for (int i = 0; i < loop.count; ++i)
    each[i] =
        const_cast<char *>(loop.sources[i].data) + begin * loop.sources[i].size;
  each[loop.count] = loop.result + begin * loop.result_size;
  std::int64_t count = end - begin;
  const std::int64_t sizes[] = {count, count, count, count};
  return loop.function(each, sizes, 0, 1);
}

} // namespace

/// The dimensions that there have to be: neighbours that all operands have in
/// one piece are one. False where these are more than a loop has.
static bool collapse(Loop &loop, std::span<const PointwiseOperand> operands,
                     std::span<const std::int64_t> shape) {
  loop.rank = 0;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] == 1)
      continue;
    bool joins = loop.rank > 0;
    for (int i = 0; i < loop.count && joins; ++i)
      joins = loop.sources[i].strides[loop.rank - 1] ==
              shape[d] * operands[i].tensor->strides()[d];
    if (!joins && loop.rank == kMostDims)
      return false;
    int at = joins ? loop.rank - 1 : loop.rank++;
    loop.shape[at] = joins ? loop.shape[at] * shape[d] : shape[d];
    for (int i = 0; i < loop.count; ++i)
      loop.sources[i].strides[at] = operands[i].tensor->strides()[d];
  }
  for (int i = 0; i < loop.count; ++i) {
    Source &source = loop.sources[i];
    source.dense = loop.rank == 0 || (loop.rank == 1 && source.strides[0] == 1);
    source.constant = loop.rank == 1 && source.strides[0] == 0;
    if (loop.rank < 2)
      continue;
    // What lies in one piece on its own may not together with others.
    source.dense = source.constant = true;
    std::int64_t step = 1;
    for (int d = loop.rank; d-- > 0;) {
      source.dense &= source.strides[d] == step;
      source.constant &= source.strides[d] == 0;
      step *= loop.shape[d];
    }
  }
  return true;
}

/// Whether going through the elements in order touches a new line of the cache
/// with each, and there are many.
static bool is_scattered(const Loop &loop, const Source &source) {
  return loop.rank > 1 && loop.elements >= 4096 &&
         std::abs(source.strides[loop.rank - 1]) > 4;
}

/// Whether its columns lie dense, and some of its rows fit into a band.
static bool is_turned(const Loop &loop, const Source &source) {
  return std::abs(source.strides[loop.rank - 2]) == 1 &&
         loop.shape[loop.rank - 2] >= kBandRows &&
         kBandRows * loop.row() * source.size <= kBandBytes;
}

void run_pointwise(const tensorc_eager_kernel *kernel,
                   std::span<const PointwiseOperand> operands,
                   const Tensor &result, DType type, Location location) {
  assert(operands.size() <= kMostOperands);
  Loop loop;
  loop.function = kernel ? kernel->function : nullptr;
  loop.count = int(operands.size());
  loop.elements = element_count(result.shape());
  if (loop.elements == 0)
    return;
  for (int i = 0; i < loop.count; ++i) {
    const Tensor &tensor = *operands[i].tensor;
    Source &source = loop.sources[i];
    source.data = address(*tensor.impl());
    source.size = std::int64_t(size_of(tensor.dtype()));
    source.kernel_size = std::int64_t(size_of(operands[i].kernel));
    source.convert = convert(tensor.dtype(), operands[i].kernel, location);
  }
  loop.result = address(*result.impl());
  loop.result_size = std::int64_t(size_of(result.dtype()));
  loop.convert_result = convert(type, result.dtype(), location);
  bool good = collapse(loop, operands,
                       {result.shape().numbers(), result.shape().size()});
  auto is_copied = [&](const Source &source) {
    return !good || (is_scattered(loop, source) && !source.turned);
  };
  for (int i = 0; i < loop.count; ++i)
    loop.sources[i].turned = good && is_scattered(loop, loop.sources[i]) &&
                             is_turned(loop, loop.sources[i]);
  for (int i = 0; i < loop.count; ++i)
    if (is_copied(loop.sources[i])) {
      // Copied first, by what copies well.
      std::vector<PointwiseOperand> others(operands.begin(), operands.end());
      std::vector<Tensor> copies(operands.size());
      for (int j = 0; j < loop.count; ++j)
        if (is_copied(loop.sources[j])) {
          copies[j] = make_unset(operands[j].tensor->type(), result.device());
          copy_elements(*operands[j].tensor->impl(), *copies[j].impl());
          others[j].tensor = &copies[j];
        }
      return run_pointwise(kernel, others, result, type, location);
    }
  void *buffers[] = {&loop};
  std::int64_t tasks = task_count(loop.elements * (loop.count + 1));
  run_tasks(run_share, buffers, nullptr, tasks, location,
            kernel ? kernel->failure : nullptr);
}

} // namespace tensorc::eager
