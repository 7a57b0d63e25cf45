//===- Dense.h - Eager tensors in memory ------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_CORE_DENSE_H
#define TENSORC_RUNTIME_CORE_DENSE_H

#include "tensorc/tensor.h"

#include <functional>

namespace tensorc {

/// Row-major strides of a static shape, in elements.
std::vector<std::int64_t> dense_strides(const Shape &shape);
/// The number of elements of a static shape; `Error` beyond what memory holds.
std::int64_t element_count(const Shape &shape);
/// `Error` where a tensor, of its known sizes alone, is larger than memory can
/// be: 2^47 bytes, which is what a program can address.
void require_size(const TensorType &type);
/// A zero-filled dense eager tensor. `OutOfMemoryError` when there is no
/// memory.
Tensor make_dense(const TensorType &type, Device device = default_device());
/// The same with any contents, for those who write all of it.
Tensor make_unset(TensorType type, Device device = default_device());
/// An eager tensor that shares the storage of `base`: a view of it.
Tensor make_view(const Tensor &base, const Shape &shape,
                 std::vector<std::int64_t> strides, std::int64_t offset);
/// The strides that show elements at `strides` of `shape` as `target` (of as
/// many elements), or nothing where only a copy can. As a `TensorImpl` has
/// them.
std::optional<std::vector<std::int64_t>>
view_strides(const Shape &shape, const std::vector<std::int64_t> &strides,
             const Shape &target);
/// The address of the first element of an eager tensor, on its device; null
/// when there is none.
char *address(const TensorImpl &impl);

/// Calls `visit` with the offset in elements of each element, in row-major
/// order.
template <typename F>
void for_each_offset(const Shape &shape,
                     const std::vector<std::int64_t> &strides, F &&visit) {
  std::int64_t count = element_count(shape), offset = 0;
  std::vector<std::int64_t> index(shape.size(), 0);
  for (std::int64_t i = 0; i < count; ++i) {
    visit(offset);
    for (std::size_t d = shape.size(); d-- > 0;) {
      offset += strides[d];
      if (++index[d] < shape[d])
        break;
      offset -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
}

/// Copies elements between eager tensors of the same type, on any devices; they
/// may not overlap unless they are the same.
void copy_elements(const TensorImpl &from, const TensorImpl &to);
/// Two dimensions of a copy, and elements from one row or column to the next.
struct Plane {
  std::int64_t rows, columns;
  std::int64_t source_row, source_column, target_row, target_column;
};
/// Copies elements of `size` bytes; fast where the target's columns follow on
/// each other, and either the source's rows or its columns do.
void copy_plane(std::size_t size, const char *from, char *to,
                const Plane &plane);
/// `tensor` itself where it is on `device`, else a dense copy there. Not
/// recorded for gradients.
Tensor moved_to(const Tensor &tensor, Device device);
/// Has `tensor`, for all its handles, hold what `value` holds.
void replace_contents(const Tensor &tensor, const Tensor &value);
/// `value` as an element of `dtype`, at `element`.
void write_element(char *element, DType dtype, const Scalar &value);
double read_double(const char *element, DType dtype);
std::int64_t read_int(const char *element, DType dtype);

} // namespace tensorc

#endif // TENSORC_RUNTIME_CORE_DENSE_H
