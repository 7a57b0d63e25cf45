//===- tensor.h - The tensor ------------------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TENSOR_H
#define TENSORC_TENSOR_H

#include "tensorc/device.h"
#include "tensorc/error.h"
#include "tensorc/grad_mode.h"
#include "tensorc/location.h"
#include "tensorc/scalar.h"
#include "tensorc/tensor_impl.h"

#include <concepts>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <optional>
#include <vector>

namespace tensorc {

class Tensor;
class TensorArg;
struct Index;
using TensorList = std::vector<Tensor>;

/// Dimensions that a function works along: `{0, 2}`, or one of them as a
/// number; negative ones count from the end.
class Dims : public std::vector<std::int64_t> {
public:
  Dims() = default;
  Dims(std::initializer_list<std::int64_t> dims) : vector(dims) {}
  Dims(const std::vector<std::int64_t> &dims) : vector(dims) {}
  Dims(const Shape &dims) : vector(dims) {}
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  Dims(T dim) : vector{static_cast<std::int64_t>(dim)} {}
};

/// An n-dimensional array, named and behaving as PyTorch's: a handle that
/// shares what it points to when copied. Its functions are performed at once
/// or recorded, as `Executor::current()` decides. Not thread-safe: two threads
/// may use one tensor at once only to read it.
///
/// What is made by moving no element is a view: it shares memory, so writing
/// to either shows in both, and gradients know (see docs/architecture.md).
/// Everything else has memory of its own, in row-major order.
///
/// Functions throw `Error` with the caller's line where operands don't fit.
/// The free functions of the same names are in `tensorc/functions.h`.
class Tensor {
public:
  /// An undefined tensor: no value; among gradients, a zero.
  Tensor() = default;
  explicit Tensor(std::shared_ptr<TensorImpl> impl) : impl_(std::move(impl)) {}
  Tensor(const Tensor &) = default;
  Tensor(Tensor &&) noexcept = default;
  ~Tensor() = default;
  /// A named tensor becomes another handle …
  Tensor &operator=(const Tensor &) & = default;
  Tensor &operator=(Tensor &&) & noexcept = default;
  /// … and what has no name is written to, by `copy_`: `x[0] = y`,
  /// `x.index({Slice(), 1}) = 7`.
  Tensor &operator=(const TensorArg &value) &&;

  bool defined() const { return impl_ != nullptr; }
  /// Whether both are handles of the same tensor.
  bool is(const Tensor &other) const { return impl_ == other.impl_; }
  const std::shared_ptr<TensorImpl> &impl() const { return impl_; }

  const TensorType &type() const { return checked().type; }
  const Shape &shape() const { return checked().type.shape; }
  const Shape &size() const { return shape(); }
  /// The size of dimension `dim`; negative: from the end.
  SymInt size(std::int64_t dim, Location location = Location::current()) const;
  std::int64_t dim() const { return std::int64_t(shape().size()); }
  SymInt numel() const;
  DType dtype() const { return checked().type.dtype; }
  bool is_floating_point() const { return tensorc::is_floating_point(dtype()); }
  /// Of a traced tensor the CPU: what is compiled knows no devices.
  Device device() const { return checked().device; }
  bool is_cuda() const { return device().is_cuda(); }
  /// In elements. Eager tensors only.
  const std::vector<std::int64_t> &strides() const { return checked().strides; }
  /// Whether elements lie densely in row-major order.
  bool is_contiguous() const;

  /// The value of a one-element tensor; an error while tracing.
  template <typename T = double>
  T item(Location location = Location::current()) const;
  /// The address of the first element, on the tensor's device; `T` must be the
  /// element type. On a GPU the elements may not be computed yet, see
  /// `cuda::synchronize()`.
  template <typename T>
  T *data_ptr(Location location = Location::current()) const;
  /// All elements in row-major order, converted to `T`.
  template <typename T = double>
  std::vector<T> to_vector(Location location = Location::current()) const;

  // Autograd.
  bool requires_grad() const {
    const TensorImpl &impl = checked();
    return impl.base ? view_requires_grad() : impl.requires_grad;
  }
  Tensor &requires_grad_(bool requires_grad = true,
                         Location location = Location::current());
  bool is_leaf() const { return !requires_grad() || !impl_->grad_fn; }
  /// The accumulated gradient; undefined before the first `backward()`.
  Tensor grad() const { return Tensor(checked().grad); }
  /// `Error` unless `grad` is undefined or of this tensor's type and device.
  void set_grad(const Tensor &grad, Location location = Location::current());
  /// Accumulates the gradients of the leaves that `*this` was made from: each
  /// `.grad` has memory of its own, which later passes add to in place unless
  /// they create a graph. `seed` may be left out for a one-element tensor.
  /// Frees what gradients were computed from, unless the graph is retained.
  void backward(const Tensor &seed = {}, bool retain_graph = false,
                bool create_graph = false,
                Location location = Location::current()) const;
  /// The same memory, cut off from the graph.
  Tensor detach(Location location = Location::current()) const;
  /// The name of what made it, as `AddBackward0`; empty for a leaf.
  std::string grad_fn_name() const;

  // Types and devices. `*this` where nothing changes. The gradient comes back
  // on the source's device, of its type. In traced functions, devices are
  // ignored: compiled code runs where its target is.
  Tensor to(DType dtype, Location location = Location::current()) const;
  Tensor to(Device device, Location location = Location::current()) const;
  Tensor to(Device device, DType dtype,
            Location location = Location::current()) const;
  Tensor cpu(Location location = Location::current()) const;
  Tensor cuda(int index = 0, Location location = Location::current()) const;
  Tensor clone(Location location = Location::current()) const;
  Tensor contiguous(Location location = Location::current()) const;

  // Shapes: as in PyTorch, -1 infers a size and negative dims count from the
  // end. Eager results share storage where strides can express them.
  Tensor view(const Shape &shape,
              Location location = Location::current()) const;
  /// The transpose of a matrix.
  Tensor t(Location location = Location::current()) const;
  Tensor squeeze(Location location = Location::current()) const;
  Tensor expand(const Shape &shape,
                Location location = Location::current()) const;
  /// The windows of `size` elements along a dimension, each `step` after the
  /// one before; the place in the window is a new, last dimension. Shares
  /// storage.
  Tensor unfold(std::int64_t dimension, std::int64_t size, std::int64_t step,
                Location location = Location::current()) const;

  // Basic indexing, sharing storage.
  Tensor operator[](const TensorArg &index) const;
  Tensor select(std::int64_t dim, SymInt index,
                Location location = Location::current()) const;
  Tensor slice(std::int64_t dim, std::optional<SymInt> start = {},
               std::optional<SymInt> end = {}, std::int64_t step = 1,
               Location location = Location::current()) const;
  Tensor narrow(std::int64_t dim, SymInt start, SymInt length,
                Location location = Location::current()) const;
  Tensor index(std::initializer_list<Index> indices,
               Location location = Location::current()) const;

  // Those that are functions, too, made from the definitions of the ops.
#include "tensorc/op_methods.inc"

  /// Writes the elements of `source`, broadcast and converted, under the rules
  /// of the methods above.
  Tensor &copy_(const TensorArg &source);
  /// The same with a number, which the type must hold; also of an expanded
  /// tensor.
  Tensor &fill_(Scalar value, Location location = Location::current());
  Tensor &zero_(Location location = Location::current());

  // New tensors of this one's type, on its device, unless others are given.
  Tensor new_full(const Shape &shape, Scalar value,
                  const TensorOptions &options = {},
                  Location location = Location::current()) const;
  Tensor new_zeros(const Shape &shape, const TensorOptions &options = {},
                   Location location = Location::current()) const;
  Tensor new_ones(const Shape &shape, const TensorOptions &options = {},
                  Location location = Location::current()) const;

private:
  TensorImpl &checked() const;
  bool view_requires_grad() const;

  std::shared_ptr<TensorImpl> impl_;
};

/// An operand: a tensor or a number, and the line it was passed on. Implicit,
/// so that `x + 1` and `1 + x` know where they stand. Like a reference, it is
/// for the call only: a named tensor has to outlive it.
class TensorArg {
public:
  TensorArg(const Tensor &tensor, Location location = Location::current())
      : named_(&tensor), scalar_(0), location_(location) {}
  TensorArg(Tensor &&tensor, Location location = Location::current())
      : tensor_(std::move(tensor)), scalar_(0), location_(location) {}
  TensorArg(const Tensor &&tensor, Location location = Location::current())
      : tensor_(tensor), scalar_(0), location_(location) {}
  template <typename T>
    requires std::is_arithmetic_v<T>
  TensorArg(T value, Location location = Location::current())
      : scalar_(value), is_scalar_(true), location_(location) {}
  /// A number; of a symbol a 0-d tensor, that of `size_value`.
  TensorArg(SymInt size, Location location = Location::current())
      : scalar_(0), is_scalar_(!size.is_symbolic()),
        is_size_(size.is_symbolic()), location_(location) {
    if (is_size_)
      tensor_ = value_of(size, location);
    else
      scalar_ = Scalar(size);
  }
  TensorArg(Scalar value, Location location = Location::current())
      : scalar_(value), is_scalar_(true), location_(location) {}

  bool is_scalar() const { return is_scalar_; }
  /// Whether it is a tensor that stands for a size, which a call says.
  bool is_size() const { return is_size_; }
  const Scalar &scalar() const { return scalar_; }
  const Tensor &tensor() const { return named_ ? *named_ : tensor_; }
  Location location() const { return location_; }

private:
  static Tensor value_of(SymInt size, Location location);

  const Tensor *named_ = nullptr;
  Tensor tensor_; ///< one without a name
  Scalar scalar_;
  bool is_scalar_ = false, is_size_ = false;
  Location location_;
};

/// A range of a dimension, as Python's `start:end:step`.
struct Slice {
  std::optional<SymInt> start, end;
  std::int64_t step = 1;
};
struct EllipsisType {};
struct NoneType {};
inline constexpr EllipsisType Ellipsis; ///< all dimensions not named
inline constexpr NoneType None;         ///< a new dimension of size 1

/// One item of `x.index({…})`.
struct Index {
  enum class Kind : std::uint8_t { Number, Range, Ellipsis, None };

  template <std::integral T> Index(T value) : Index(SymInt(value)) {}
  Index(SymInt value) : kind(Kind::Number), number(value) {}
  Index(Slice value) : kind(Kind::Range), range(value) {}
  Index(EllipsisType) : kind(Kind::Ellipsis) {}
  Index(NoneType) : kind(Kind::None) {}

  Kind kind;
  SymInt number; ///< of a `Number`
  Slice range;   ///< of a `Range`
};

Tensor operator+(const TensorArg &a, const TensorArg &b);
Tensor operator-(const TensorArg &a, const TensorArg &b);
Tensor operator*(const TensorArg &a, const TensorArg &b);
Tensor operator/(const TensorArg &a, const TensorArg &b);
Tensor operator-(const TensorArg &a);
/// Comparisons, element by element: bool tensors.
Tensor operator==(const TensorArg &a, const TensorArg &b);
Tensor operator!=(const TensorArg &a, const TensorArg &b);
Tensor operator<(const TensorArg &a, const TensorArg &b);
Tensor operator<=(const TensorArg &a, const TensorArg &b);
Tensor operator>(const TensorArg &a, const TensorArg &b);
Tensor operator>=(const TensorArg &a, const TensorArg &b);
Tensor &operator+=(Tensor &a, const TensorArg &b);
Tensor &operator-=(Tensor &a, const TensorArg &b);
Tensor &operator*=(Tensor &a, const TensorArg &b);
Tensor &operator/=(Tensor &a, const TensorArg &b);
/// The same for views without a name: `x[0] += 1`.
Tensor &operator+=(Tensor &&a, const TensorArg &b);
Tensor &operator-=(Tensor &&a, const TensorArg &b);
Tensor &operator*=(Tensor &&a, const TensorArg &b);
Tensor &operator/=(Tensor &&a, const TensorArg &b);

/// Prints as PyTorch does: values, summarised when large, device and dtype
/// where they aren't the usual ones; of a traced tensor or an example its type
/// only.
std::ostream &operator<<(std::ostream &out, const Tensor &tensor);

} // namespace tensorc

#endif // TENSORC_TENSOR_H
