//===- call.h - What the classes of compiled models stand on ----*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The headers that `tensorc` writes include this. C++20, standard includes and
// abi.h alone; no library beside libtensorc_rt.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_CALL_H
#define TENSORC_CALL_H

#include "tensorc/abi.h"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <iterator>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace tensorc::call {

namespace detail {

/// How many elements a container has by its type; `std::dynamic_extent` where
/// only the object knows.
template <typename C>
inline constexpr std::size_t static_count = std::dynamic_extent;
template <typename T, std::size_t N>
inline constexpr std::size_t static_count<std::array<T, N>> = N;
template <typename T, std::size_t N>
inline constexpr std::size_t static_count<std::span<T, N>> = N;

template <typename T> constexpr std::size_t array_count() {
  if constexpr (std::is_array_v<T>)
    return std::extent_v<T> * array_count<std::remove_extent_t<T>>();
  else
    return 1;
}

template <typename T> constexpr auto *first_element(T &array) {
  if constexpr (std::is_array_v<T>)
    return first_element(array[0]);
  else
    return &array;
}

/// Adds const, and changes nothing else.
template <typename From, typename To>
concept qualifies_as = std::is_convertible_v<From (*)[], To (*)[]>;

/// Whether what an expression of type `C &&` refers to lives on after it.
template <typename C>
inline constexpr bool outlives = std::is_lvalue_reference_v<C>;
template <typename T, std::size_t N>
inline constexpr bool outlives<std::span<T, N>> = true;
template <typename T, std::size_t N>
inline constexpr bool outlives<const std::span<T, N>> = true;

/// What the C function takes for elements `T`: of bool, bytes that are 0 or 1.
template <typename T> struct stored {
  using type = T;
};
template <> struct stored<bool> {
  using type = std::uint8_t;
};
template <> struct stored<const bool> {
  using type = const std::uint8_t;
};

/// Whether `From`s can be passed for `T`s.
template <typename From, typename T>
concept element_of =
    qualifies_as<From, T> || qualifies_as<From, typename stored<T>::type>;

/// A container of neighbouring `T`s, other than a C array. Results may not go
/// to one that is gone after the call.
template <typename C, typename T>
concept container =
    !std::is_array_v<std::remove_reference_t<C>> &&
    (std::is_const_v<T> || outlives<C>) &&
    requires(C &elements) {
      {
        *std::data(elements)
      } -> std::same_as<std::remove_pointer_t<decltype(std::data(elements))> &>;
      { std::size(elements) } -> std::convertible_to<std::size_t>;
    } &&
    element_of<std::remove_pointer_t<decltype(std::data(
                   std::declval<std::remove_reference_t<C> &>()))>,
               T>;

} // namespace detail

/// An argument of a compiled function, row-major: a container with exactly as
/// many elements as `Sizes` say (`std::vector`, `std::span`, `std::array`, a C
/// array of any rank), or a pointer to them. Where the container's type tells
/// the number, a wrong one doesn't compile; otherwise the call throws. Of a
/// pointer nothing is known. `T` is const for inputs. For bool, elements may be
/// bytes too. A size of -1 is one that the call says by an argument of its own.
template <typename T, std::int64_t... Sizes> class Argument {
  using Stored = typename detail::stored<T>::type;

public:
  static constexpr bool is_static = ((Sizes >= 0) && ...);
  /// Where it is static.
  static constexpr std::size_t count =
      (std::size_t{1} * ... * static_cast<std::size_t>(Sizes));

  constexpr Argument(std::nullptr_t) {}

  template <typename P>
    requires std::is_pointer_v<P> &&
             detail::element_of<std::remove_pointer_t<P>, T>
  constexpr Argument(const P &pointer) : data_(address(pointer)) {}

  template <typename A>
    requires std::is_array_v<A> &&
                 detail::element_of<std::remove_all_extents_t<A>, T>
  constexpr Argument(A &array)
      : data_(address(detail::first_element(array))),
        size_(detail::array_count<A>()) {
    static_assert(!is_static || detail::array_count<A>() == count,
                  "the array has another number of elements than the argument");
  }

  template <typename C>
    requires detail::container<C, T>
  constexpr Argument(C &&elements)
      : data_(address(std::data(elements))), size_(std::size(elements)) {
    constexpr std::size_t known = detail::static_count<std::remove_cvref_t<C>>;
    static_assert(known == std::dynamic_extent || !is_static || known == count,
                  "the container has another number of elements than the "
                  "argument");
  }

  /// That one has no elements: it packs them into bits.
  template <typename A>
    requires std::same_as<std::remove_const_t<T>, bool>
  Argument(const std::vector<bool, A> &) {
    static_assert(!sizeof(A),
                  "std::vector<bool> has no bools in it: expected a "
                  "std::vector<std::uint8_t>, or an array of bool");
  }

  constexpr Stored *data() const { return data_; }

  /// Throws an `E` that begins with `function` and names `argument`, unless all
  /// `needed` elements are there. An empty container doesn't count as left out:
  /// only a null pointer does.
  template <typename E>
  void require(const char *function, const char *argument,
               std::size_t needed = count) const {
    require_size<E>(function, argument, needed);
    if (!data_ && needed != 0)
      fail<E>(std::string(function) + ": " + argument + " is null");
  }
  /// The same, but it may be left out.
  template <typename E>
  void require_or_null(const char *function, const char *argument,
                       std::size_t needed = count) const {
    require_size<E>(function, argument, needed);
  }

private:
  static constexpr std::size_t unknown = static_cast<std::size_t>(-1);

  template <typename From> static constexpr Stored *address(From *elements) {
    if constexpr (std::convertible_to<From *, Stored *>)
      return elements;
    else // a bool is a byte, of 0 or 1
      return reinterpret_cast<Stored *>(elements);
  }

  template <typename E>
  void require_size(const char *function, const char *argument,
                    std::size_t needed) const {
    if (size_ != unknown && size_ != needed)
      fail<E>(std::string(function) + ": " + argument + " has " +
              std::to_string(needed) +
              (needed == 1 ? " element" : " elements") + ", received " +
              std::to_string(size_) +
              (size_ == 0 ? " (only a null pointer leaves one out)" : ""));
  }
  template <typename E> [[noreturn]] static void fail(const std::string &text) {
    throw E(TENSORC_ERROR_INVALID_ARGUMENT, text.c_str());
  }

  Stored *data_ = nullptr;
  std::size_t size_ = unknown;
};

/// What a compiled function reads, and what it writes.
template <typename T, std::int64_t... Sizes>
using Input = Argument<const T, Sizes...>;
template <typename T, std::int64_t... Sizes>
using Output = Argument<T, Sizes...>;

/// Throws an `E` unless `size`, which the call says, is a multiple of `divisor`
/// from `min` to `max`.
template <typename E>
void require_size(const char *function, const char *name, std::int64_t size,
                  std::int64_t min, std::int64_t max, std::int64_t divisor) {
  if (size >= min && size <= max && size % divisor == 0)
    return;
  std::string text = std::string(function) + ": `" + name + "` is " +
                     std::to_string(size) + ", expected ";
  if (divisor != 1)
    text += "a multiple of " + std::to_string(divisor) + ", ";
  text += std::to_string(min) + " to " + std::to_string(max);
  throw E(TENSORC_ERROR_INVALID_ARGUMENT, text.c_str());
}

/// For sizes of which one is no more than another.
constexpr std::int64_t smaller(std::int64_t a, std::int64_t b) {
  return a < b ? a : b;
}

/// A value that what it is moved from doesn't keep.
template <typename T> class Moving {
public:
  Moving(T value) : value_(value) {}
  Moving(Moving &&other) noexcept : value_(std::exchange(other.value_, T())) {}
  Moving &operator=(Moving &&other) noexcept {
    value_ = std::exchange(other.value_, T());
    return *this;
  }
  operator T() const { return value_; }

private:
  T value_;
};

/// What a `load` left alone.
struct LoadReport {
  /// State of the model that the file doesn't have: as it was.
  std::vector<std::string> missing;
  /// Tensors of the file that the model doesn't have: not read.
  std::vector<std::string> unexpected;

  /// For `tensorc_rt_load_state_report`.
  struct Collector;
};

struct LoadReport::Collector {
  LoadReport report;
  std::exception_ptr failure;

  /// No exception may pass through the C function that calls this.
  static void add(void *self, std::int32_t kind, const char *name) noexcept {
    auto *collector = static_cast<Collector *>(self);
    try {
      LoadReport &report = collector->report;
      (kind == TENSORC_LOAD_MISSING ? report.missing : report.unexpected)
          .emplace_back(name);
    } catch (...) {
      collector->failure = std::current_exception();
    }
  }
};

/// Loads the state; throws an `E` for a failure.
template <typename E>
LoadReport load(const tensorc_model &model, void *state,
                const std::string &path, bool strict) {
  LoadReport::Collector collector;
  std::int32_t status =
      tensorc_rt_load_state_report(&model, state, path.c_str(), strict,
                                   &LoadReport::Collector::add, &collector);
  if (status != TENSORC_OK)
    throw E(status, tensorc_rt_last_error());
  if (collector.failure)
    std::rethrow_exception(collector.failure);
  return std::move(collector.report);
}

} // namespace tensorc::call

#endif // TENSORC_CALL_H
