//===- sym_int.h - Sizes that may be symbols --------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_SYM_INT_H
#define TENSORC_SYM_INT_H

#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace tensorc {

/// A size: a number, or an expression of sizes that only the call of a compiled
/// function says (`B`, `2*B + 1`), see `dynamic`. In eager mode always a
/// number.
///
/// It computes and compares as a number does. A comparison that comes out the
/// same for all values in the declared ranges is decided so; any other, and a
/// conversion to a number, is an `Error` with the line where the size was
/// asked for. Quotients are of sizes of at least 0 by such of at least 1. What
/// is too great for 64 bits stays at their end, a size that no memory holds.
///
/// Eight bytes, copied freely; expressions are kept once in a process, for its
/// whole life. Thread-safe.
class SymInt {
public:
  constexpr SymInt() = default;
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  constexpr SymInt(T value) : raw_(static_cast<std::int64_t>(value)) {}

  constexpr bool is_symbolic() const { return raw_ < least_number; }
  constexpr operator std::int64_t() const {
    return is_symbolic() ? no_number() : raw_;
  }
  /// Whether both are the same number or expression: `2*B` and `B + B` are,
  /// `B` and `C` never.
  constexpr bool is(SymInt other) const { return raw_ == other.raw_; }

  /// The least and the greatest that it can be, and what it is when each symbol
  /// is its hint. Of a number, the number.
  std::int64_t min() const { return is_symbolic() ? least() : raw_; }
  std::int64_t max() const { return is_symbolic() ? greatest() : raw_; }
  std::int64_t hint() const { return is_symbolic() ? likely() : raw_; }
  /// `B`, `2*B + 1`, `(H + 1) / 2`: as C++ computes it.
  std::string str() const;

  SymInt &operator+=(SymInt other) { return *this = plus(*this, other); }
  SymInt &operator-=(SymInt other) { return *this = minus(*this, other); }
  SymInt &operator*=(SymInt other) { return *this = times(*this, other); }
  SymInt &operator/=(SymInt other) { return *this = over(*this, other); }

  // What the operators below do.
  static constexpr SymInt plus(SymInt a, SymInt b) {
    if (!are_numbers(a, b))
      return sum(a, b, 1);
    std::int64_t result = 0;
    return __builtin_add_overflow(a.raw_, b.raw_, &result) ? limit(a.raw_ < 0)
                                                           : of_number(result);
  }
  static constexpr SymInt minus(SymInt a, SymInt b) {
    if (!are_numbers(a, b))
      return sum(a, b, -1);
    std::int64_t result = 0;
    return __builtin_sub_overflow(a.raw_, b.raw_, &result) ? limit(a.raw_ < 0)
                                                           : of_number(result);
  }
  static constexpr SymInt times(SymInt a, SymInt b) {
    if (!are_numbers(a, b))
      return product(a, b);
    std::int64_t result = 0;
    return __builtin_mul_overflow(a.raw_, b.raw_, &result)
               ? limit((a.raw_ < 0) != (b.raw_ < 0))
               : of_number(result);
  }
  static constexpr SymInt over(SymInt a, SymInt b) {
    return are_numbers(a, b) ? SymInt(a.raw_ / b.raw_) : quotient(a, b);
  }
  static constexpr SymInt rest(SymInt a, SymInt b) {
    return are_numbers(a, b) ? SymInt(a.raw_ % b.raw_) : remainder(a, b);
  }
  static constexpr bool equal(SymInt a, SymInt b) {
    return are_numbers(a, b) ? a.raw_ == b.raw_ : decide_equal(a, b);
  }
  static constexpr bool less(SymInt a, SymInt b) {
    return are_numbers(a, b) ? a.raw_ < b.raw_ : decide_less(a, b);
  }

  /// Numbers begin here; what is below numbers an expression. The lowest is a
  /// size of which nothing is known (`?`).
  static constexpr std::int64_t least_number =
      INT64_MIN + (std::int64_t(1) << 32);
  constexpr std::int64_t raw() const { return raw_; }

private:
  static constexpr bool are_numbers(SymInt a, SymInt b) {
    return !a.is_symbolic() && !b.is_symbolic();
  }
  static constexpr SymInt limit(bool negative) {
    return negative ? least_number : INT64_MAX;
  }
  static constexpr SymInt of_number(std::int64_t number) {
    return number < least_number ? least_number : number;
  }
  [[noreturn]] std::int64_t no_number() const;
  std::int64_t least() const;
  std::int64_t greatest() const;
  std::int64_t likely() const;
  static SymInt sum(SymInt a, SymInt b, std::int64_t factor);
  static SymInt product(SymInt a, SymInt b);
  static SymInt quotient(SymInt a, SymInt b);
  static SymInt remainder(SymInt a, SymInt b);
  static bool decide_equal(SymInt a, SymInt b);
  static bool decide_less(SymInt a, SymInt b);

  std::int64_t raw_ = 0;
};

namespace detail {
/// Two sizes, or a size and a C++ integer.
template <typename A, typename B>
concept SymIntOperands = (std::same_as<A, SymInt> &&
                          (std::same_as<B, SymInt> || std::integral<B>)) ||
                         (std::integral<A> && std::same_as<B, SymInt>);
} // namespace detail

template <typename A, typename B>
  requires detail::SymIntOperands<A, B>
constexpr SymInt operator+(A a, B b) {
  return SymInt::plus(a, b);
}
template <typename A, typename B>
  requires detail::SymIntOperands<A, B>
constexpr SymInt operator-(A a, B b) {
  return SymInt::minus(a, b);
}
template <typename A, typename B>
  requires detail::SymIntOperands<A, B>
constexpr SymInt operator*(A a, B b) {
  return SymInt::times(a, b);
}
template <typename A, typename B>
  requires detail::SymIntOperands<A, B>
constexpr SymInt operator/(A a, B b) {
  return SymInt::over(a, b);
}
template <typename A, typename B>
  requires detail::SymIntOperands<A, B>
constexpr SymInt operator%(A a, B b) {
  return SymInt::rest(a, b);
}
constexpr SymInt operator-(SymInt a) { return SymInt::minus(0, a); }

template <typename A, typename B>
  requires detail::SymIntOperands<A, B>
constexpr bool operator==(A a, B b) {
  return SymInt::equal(a, b);
}
template <typename A, typename B>
  requires detail::SymIntOperands<A, B>
constexpr bool operator<(A a, B b) {
  return SymInt::less(a, b);
}
template <typename A, typename B>
  requires detail::SymIntOperands<A, B>
constexpr bool operator>(A a, B b) {
  return SymInt::less(b, a);
}
template <typename A, typename B>
  requires detail::SymIntOperands<A, B>
constexpr bool operator<=(A a, B b) {
  return !SymInt::less(b, a);
}
template <typename A, typename B>
  requires detail::SymIntOperands<A, B>
constexpr bool operator>=(A a, B b) {
  return !SymInt::less(a, b);
}

/// The smaller and the greater one.
SymInt min(SymInt a, SymInt b);
SymInt max(SymInt a, SymInt b);

std::ostream &operator<<(std::ostream &out, SymInt size);

} // namespace tensorc

#endif // TENSORC_SYM_INT_H
