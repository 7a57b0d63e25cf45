//===- Array.h - A growing array that reports failure -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RT_ARRAY_H
#define TENSORC_RT_ARRAY_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

namespace tensorc::rt {

/// A growing array of plain data. Without exceptions: what needs memory
/// returns false when there is none, and leaves the array as it was.
template <typename T> class Array {
  static_assert(__is_trivially_copyable(T));

public:
  Array() = default;
  Array(const Array &) = delete;
  Array &operator=(const Array &) = delete;
  ~Array() { free(data_); }

  T *data() const { return data_; }
  size_t size() const { return size_; }
  T &operator[](size_t i) const { return data_[i]; }
  T &back() const { return data_[size_ - 1]; }
  T *begin() const { return data_; }
  T *end() const { return data_ + size_; }

  [[nodiscard]] bool push(const T &value) { return append(&value, 1); }

  [[nodiscard]] bool append(const T *values, size_t count) {
    if (count > capacity_ - size_ && !grow(count))
      return false;
    if (count)
      memcpy(static_cast<void *>(data_ + size_), values, count * sizeof(T));
    size_ += count;
    return true;
  }

  /// Makes room for exactly `count` elements that the caller will set.
  [[nodiscard]] bool resize(size_t count) {
    if (count > capacity_ && !reallocate(count))
      return false;
    size_ = count;
    return true;
  }

private:
  bool grow(size_t count) {
    size_t wanted, doubled;
    if (__builtin_add_overflow(size_, count, &wanted))
      return false;
    if (__builtin_mul_overflow(capacity_, size_t(2), &doubled))
      doubled = wanted;
    return reallocate(wanted > doubled ? wanted : doubled);
  }

  bool reallocate(size_t capacity) {
    size_t bytes;
    if (__builtin_mul_overflow(capacity, sizeof(T), &bytes))
      return false;
    void *data = realloc(data_, bytes);
    if (!data)
      return false;
    data_ = static_cast<T *>(data);
    capacity_ = capacity;
    return true;
  }

  T *data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

} // namespace tensorc::rt

#endif // TENSORC_RT_ARRAY_H
