//===- ReferenceKernels.cpp - Plain kernels to test eager mode with -------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/autograd/ReferenceKernels.h"
#include "runtime/eager/Kernels.h"

#include <cmath>
#include <cstdint>
#include <deque>
#include <functional>

namespace tensorc::test {
namespace {

using Sizes = const std::int64_t *;

/// The table as it grows; the strings and arguments stay where they are.
struct Table {
  std::deque<std::string> names;
  std::deque<std::vector<tensorc_eager_argument>> arguments;
  std::vector<tensorc_eager_kernel> kernels;

  void add(std::string name, tensorc_kernel_fn function,
           std::vector<tensorc_eager_argument> of) {
    names.push_back(std::move(name));
    arguments.push_back(std::move(of));
    kernels.push_back({names.back().c_str(), function, arguments.back().data(),
                       std::int64_t(arguments.back().size())});
  }
};

/// A buffer of `rank` dimensions whose sizes are passed, and strides too.
tensorc_eager_argument dense(int rank) { return {rank, (1u << rank) - 1, 0}; }
tensorc_eager_argument strided(int rank) {
  return {rank, (1u << rank) - 1, (1u << rank) - 1};
}

template <typename T> struct Name;
template <> struct Name<float> {
  static constexpr auto value = "f32";
};
template <> struct Name<double> {
  static constexpr auto value = "f64";
};
template <> struct Name<std::int64_t> {
  static constexpr auto value = "i64";
};
template <> struct Name<std::int32_t> {
  static constexpr auto value = "i32";
};
template <> struct Name<bool> {
  static constexpr auto value = "i1";
};

template <typename T> std::string typed(const char *op) {
  return std::string(op) + "." + Name<T>::value;
}

template <typename T> T *at(void *const *buffers, int index) {
  return static_cast<T *>(buffers[index]);
}

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

template <typename In, typename Out, typename F>
void add_unary(Table &table, std::string name, F) {
  table.add(std::move(name),
            [](void *const *buffers, Sizes sizes, std::int64_t, std::int64_t) {
              for (std::int64_t i = 0; i < sizes[0]; ++i)
                at<Out>(buffers, 1)[i] = Out(F{}(at<In>(buffers, 0)[i]));
              return 0;
            },
            {dense(1), dense(1)});
}

template <typename In, typename Out, typename F>
void add_binary(Table &table, const char *op, F) {
  table.add(typed<In>(op),
            [](void *const *buffers, Sizes sizes, std::int64_t, std::int64_t) {
              for (std::int64_t i = 0; i < sizes[0]; ++i)
                at<Out>(buffers, 2)[i] =
                    Out(F{}(at<In>(buffers, 0)[i], at<In>(buffers, 1)[i]));
              return 0;
            },
            {dense(1), dense(1), dense(1)});
}

template <typename T> void add_where(Table &table) {
  table.add(typed<T>("where"),
            [](void *const *buffers, Sizes sizes, std::int64_t, std::int64_t) {
              for (std::int64_t i = 0; i < sizes[0]; ++i)
                at<T>(buffers, 3)[i] = at<bool>(buffers, 0)[i]
                                           ? at<T>(buffers, 1)[i]
                                           : at<T>(buffers, 2)[i];
              return 0;
            },
            {dense(1), dense(1), dense(1), dense(1)});
}

template <typename T> T larger(T a, T b) {
  return a != a || b != b ? a + b : a > b ? a : b;
}
template <typename T> T smaller(T a, T b) {
  return a != a || b != b ? a + b : a < b ? a : b;
}

template <typename T> void add_unaries(Table &table) {
  auto unary = [&](const char *op, auto f) {
    add_unary<T, T>(table, typed<T>(op), f);
  };
  unary("neg", [](T x) { return -x; });
  unary("abs", [](T x) { return std::fabs(x); });
  unary("sign", [](T x) { return T((x > 0) - (x < 0)); });
  unary("exp", [](T x) { return std::exp(x); });
  unary("exp2", [](T x) { return std::exp2(x); });
  unary("expm1", [](T x) { return std::expm1(x); });
  unary("log", [](T x) { return std::log(x); });
  unary("log1p", [](T x) { return std::log1p(x); });
  unary("log2", [](T x) { return std::log2(x); });
  unary("sqrt", [](T x) { return std::sqrt(x); });
  unary("rsqrt", [](T x) { return 1 / std::sqrt(x); });
  unary("reciprocal", [](T x) { return 1 / x; });
  unary("square", [](T x) { return x * x; });
  unary("sin", [](T x) { return std::sin(x); });
  unary("cos", [](T x) { return std::cos(x); });
  unary("tan", [](T x) { return std::tan(x); });
  unary("tanh", [](T x) { return std::tanh(x); });
  unary("erf", [](T x) { return std::erf(x); });
  unary("floor", [](T x) { return std::floor(x); });
  unary("ceil", [](T x) { return std::ceil(x); });
  unary("round", [](T x) { return std::nearbyint(x); });
  unary("trunc", [](T x) { return std::trunc(x); });
  unary("relu", [](T x) { return x < 0 ? T(0) : x; });
  unary("sigmoid", [](T x) { return 1 / (1 + std::exp(-x)); });
  unary("silu", [](T x) { return x / (1 + std::exp(-x)); });
  unary("softplus", [](T x) {
    return larger<T>(x, 0) + std::log1p(std::exp(-std::fabs(x)));
  });
  unary("gelu_none",
        [](T x) { return x / 2 * (1 + std::erf(x / std::sqrt(T(2)))); });
  unary("gelu_tanh", [](T x) {
    T inner = std::sqrt(T(2 / M_PI)) * (x + T(0.044715) * x * x * x);
    return x / 2 * (1 + std::tanh(inner));
  });
  add_unary<T, bool>(table, typed<T>("isnan"), [](T x) { return x != x; });
}

template <typename T> void add_casts(Table &table) {
  auto name = [](const char *to) { return typed<T>("to") + "." + to; };
  add_unary<T, float>(table, name("f32"), [](T x) { return float(x); });
  add_unary<T, double>(table, name("f64"), [](T x) { return double(x); });
  add_unary<T, std::int64_t>(table, name("i64"),
                             [](T x) { return std::int64_t(x); });
  add_unary<T, std::int32_t>(table, name("i32"),
                             [](T x) { return std::int32_t(x); });
  add_unary<T, bool>(table, name("i1"), [](T x) { return x != 0; });
}

template <typename T> void add_numbers(Table &table) {
  add_binary<T, T>(table, "add", [](T a, T b) { return a + b; });
  add_binary<T, T>(table, "sub", [](T a, T b) { return a - b; });
  add_binary<T, T>(table, "mul", [](T a, T b) { return a * b; });
  add_binary<T, T>(table, "maximum", [](T a, T b) { return larger<T>(a, b); });
  add_binary<T, T>(table, "minimum", [](T a, T b) { return smaller<T>(a, b); });
}

template <typename T> void add_comparisons(Table &table) {
  add_binary<T, bool>(table, "eq", [](T a, T b) { return a == b; });
  add_binary<T, bool>(table, "ne", [](T a, T b) { return a != b; });
  add_binary<T, bool>(table, "lt", [](T a, T b) { return a < b; });
  add_binary<T, bool>(table, "le", [](T a, T b) { return a <= b; });
  add_binary<T, bool>(table, "gt", [](T a, T b) { return a > b; });
  add_binary<T, bool>(table, "ge", [](T a, T b) { return a >= b; });
  add_where<T>(table);
  add_casts<T>(table);
}

template <typename T> void add_floating(Table &table) {
  add_binary<T, T>(table, "div", [](T a, T b) { return a / b; });
  add_binary<T, T>(table, "pow", [](T a, T b) { return std::pow(a, b); });
  add_binary<T, T>(table, "atan2", [](T a, T b) { return std::atan2(a, b); });
  add_binary<T, T>(table, "remainder", [](T a, T b) {
    T rest = std::fmod(a, b);
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
  });
}

/// What whole numbers have of the functions of one operand.
template <typename T> void add_whole(Table &table) {
  auto unary = [&](const char *op, auto f) {
    add_unary<T, T>(table, typed<T>(op), f);
  };
  unary("neg", [](T x) { return -x; });
  unary("abs", [](T x) { return x < 0 ? -x : x; });
  unary("sign", [](T x) { return T((x > 0) - (x < 0)); });
  unary("square", [](T x) { return x * x; });
  unary("relu", [](T x) { return x < 0 ? T(0) : x; });
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

template <typename T, typename F>
void add_reduction(Table &table, const char *op, F) {
  table.add(typed<T>(op),
            [](void *const *buffers, Sizes sizes, std::int64_t, std::int64_t) {
              for (std::int64_t row = 0; row < sizes[0]; ++row) {
                const T *values = at<T>(buffers, 0) + row * sizes[1];
                T result = values[0];
                for (std::int64_t i = 1; i < sizes[1]; ++i)
                  result = F{}(result, values[i]);
                at<T>(buffers, 1)[row] = result;
              }
              return 0;
            },
            {dense(2), dense(1)});
}

template <typename T> void add_reductions(Table &table) {
  add_reduction<T>(table, "sum", [](T a, T b) { return T(a + b); });
  add_reduction<T>(table, "prod", [](T a, T b) { return T(a * b); });
  add_reduction<T>(table, "amax", [](T a, T b) { return larger<T>(a, b); });
  add_reduction<T>(table, "amin", [](T a, T b) { return smaller<T>(a, b); });
  table.add(typed<T>("argmax"),
            [](void *const *buffers, Sizes sizes, std::int64_t, std::int64_t) {
              for (std::int64_t row = 0; row < sizes[0]; ++row) {
                const T *values = at<T>(buffers, 0) + row * sizes[1];
                std::int64_t best = 0;
                for (std::int64_t i = 1; i < sizes[1]; ++i)
                  if (values[best] == values[best] &&
                      (values[i] != values[i] || values[i] > values[best]))
                    best = i;
                at<std::int64_t>(buffers, 1)[row] = best;
              }
              return 0;
            },
            {dense(2), dense(1)});
}

//===----------------------------------------------------------------------===//
// Products and windows
//===----------------------------------------------------------------------===//

/// Argument `index` of a kernel whose arguments have the ranks `ranks`, all
/// strided.
template <typename T> struct View {
  View(void *const *buffers, Sizes sizes, std::initializer_list<int> ranks,
       int index)
      : data(at<T>(buffers, index)) {
    int skipped = 0;
    rank = *(ranks.begin() + index);
    for (int i = 0; i < index; ++i)
      skipped += 2 * *(ranks.begin() + i);
    size = sizes + skipped;
    stride = size + rank;
  }
  template <typename... Indices> T &operator()(Indices... indices) const {
    std::int64_t offset = 0;
    int d = 0;
    ((offset += std::int64_t(indices) * stride[d++]), ...);
    return data[offset];
  }

  T *data;
  int rank;
  Sizes size, stride;
};

template <typename T>
std::int32_t matmul(void *const *buffers, Sizes sizes, std::int64_t,
                    std::int64_t) {
  View<T> a(buffers, sizes, {3, 3, 3}, 0), b(buffers, sizes, {3, 3, 3}, 1),
      c(buffers, sizes, {3, 3, 3}, 2);
  for (std::int64_t n = 0; n < c.size[0]; ++n)
    for (std::int64_t i = 0; i < c.size[1]; ++i)
      for (std::int64_t j = 0; j < c.size[2]; ++j) {
        T sum = 0;
        for (std::int64_t k = 0; k < a.size[2]; ++k)
          sum += a(n, i, k) * b(n, k, j);
        c(n, i, j) = sum;
      }
  return 0;
}

/// Calls `body(n, c, y, x, kh, kw)` for all elements of all windows.
template <typename T, typename F> void each(const View<T> &windows, F body) {
  Sizes size = windows.size;
  for (std::int64_t n = 0; n < size[0]; ++n)
    for (std::int64_t c = 0; c < size[1]; ++c)
      for (std::int64_t y = 0; y < size[2]; ++y)
        for (std::int64_t x = 0; x < size[3]; ++x)
          for (std::int64_t h = 0; h < size[4]; ++h)
            for (std::int64_t w = 0; w < size[5]; ++w)
              body(n, c, y, x, h, w);
}

template <typename T>
std::int32_t conv2d(void *const *buffers, Sizes sizes, std::int64_t,
                    std::int64_t) {
  auto ranks = {4, 6, 4};
  View<T> weight(buffers, sizes, ranks, 0), windows(buffers, sizes, ranks, 1),
      out(buffers, sizes, ranks, 2);
  each(windows, [&](auto n, auto c, auto y, auto x, auto h, auto w) {
    for (std::int64_t o = 0; o < weight.size[0]; ++o)
      out(n, o, y, x) = (c || h || w ? out(n, o, y, x) : 0) +
                        weight(o, c, h, w) * windows(n, c, y, x, h, w);
  });
  return 0;
}

template <typename T>
std::int32_t conv2d_backward_weight(void *const *buffers, Sizes sizes,
                                    std::int64_t, std::int64_t) {
  auto ranks = {4, 6, 4};
  View<T> grad(buffers, sizes, ranks, 0), windows(buffers, sizes, ranks, 1),
      weight(buffers, sizes, ranks, 2);
  each(windows, [&](auto n, auto c, auto y, auto x, auto h, auto w) {
    for (std::int64_t o = 0; o < weight.size[0]; ++o)
      weight(o, c, h, w) = (n || y || x ? weight(o, c, h, w) : 0) +
                           grad(n, o, y, x) * windows(n, c, y, x, h, w);
  });
  return 0;
}

template <typename T>
std::int32_t window_max(void *const *buffers, Sizes sizes, std::int64_t,
                        std::int64_t) {
  View<T> windows(buffers, sizes, {6, 4}, 0), out(buffers, sizes, {6, 4}, 1);
  each(windows, [&](auto n, auto c, auto y, auto x, auto h, auto w) {
    T value = windows(n, c, y, x, h, w);
    out(n, c, y, x) = h || w ? larger<T>(out(n, c, y, x), value) : value;
  });
  return 0;
}

template <typename T>
std::int32_t window_sum(void *const *buffers, Sizes sizes, std::int64_t,
                        std::int64_t) {
  View<T> windows(buffers, sizes, {6, 4}, 0), out(buffers, sizes, {6, 4}, 1);
  each(windows, [&](auto n, auto c, auto y, auto x, auto h, auto w) {
    out(n, c, y, x) =
        (h || w ? out(n, c, y, x) : 0) + windows(n, c, y, x, h, w);
  });
  return 0;
}

template <typename T>
std::int32_t window_argmax(void *const *buffers, Sizes sizes, std::int64_t,
                           std::int64_t) {
  View<T> windows(buffers, sizes, {6, 4}, 0);
  View<std::int32_t> out(buffers, sizes, {6, 4}, 1);
  each(windows, [&](auto n, auto c, auto y, auto x, auto h, auto w) {
    std::int32_t &place = out(n, c, y, x);
    if (!h && !w)
      place = 0;
    T best = windows(n, c, y, x, place >> 16, place & 0xffff);
    T value = windows(n, c, y, x, h, w);
    if (best == best && (value != value || value > best))
      place = std::int32_t(h << 16 | w);
  });
  return 0;
}

template <typename T>
std::int32_t window_scatter(void *const *buffers, Sizes sizes,
                            std::int64_t task, std::int64_t) {
  if (task)
    return 0; // the first one has added all
  auto ranks = {4, 4, 6};
  View<T> grad(buffers, sizes, ranks, 0), windows(buffers, sizes, ranks, 2);
  View<std::int32_t> place(buffers, sizes, ranks, 1);
  each(windows, [&](auto n, auto c, auto y, auto x, auto h, auto w) {
    if (place(n, c, y, x) == (h << 16 | w))
      windows(n, c, y, x, h, w) += grad(n, c, y, x);
  });
  return 0;
}

template <typename T>
std::int32_t window_spread(void *const *buffers, Sizes sizes, std::int64_t task,
                           std::int64_t) {
  if (task)
    return 0;
  View<T> grad(buffers, sizes, {4, 6}, 0), windows(buffers, sizes, {4, 6}, 1);
  each(windows, [&](auto n, auto c, auto y, auto x, auto h, auto w) {
    windows(n, c, y, x, h, w) += grad(n, c, y, x);
  });
  return 0;
}

template <typename T> void add_structured(Table &table) {
  auto add = [&](const char *op, tensorc_kernel_fn function,
                 std::initializer_list<int> ranks) {
    std::vector<tensorc_eager_argument> arguments;
    for (int rank : ranks)
      arguments.push_back(strided(rank));
    table.add(typed<T>(op), function, arguments);
  };
  for (const char *op : {"matmul_nn", "matmul_nt", "matmul_tn"})
    add(op, matmul<T>, {3, 3, 3});
  add("conv2d", conv2d<T>, {4, 6, 4});
  add("conv2d_backward_weight", conv2d_backward_weight<T>, {4, 6, 4});
  add("window_max", window_max<T>, {6, 4});
  add("window_sum", window_sum<T>, {6, 4});
  add("window_argmax", window_argmax<T>, {6, 4});
  add("window_scatter", window_scatter<T>, {4, 4, 6});
  add("window_spread", window_spread<T>, {4, 6});
}

Table make_table() {
  Table table;
  auto floating = [&]<typename T>(T) {
    add_unaries<T>(table);
    add_numbers<T>(table);
    add_floating<T>(table);
    add_comparisons<T>(table);
    add_reductions<T>(table);
    add_structured<T>(table);
  };
  auto whole = [&]<typename T>(T) {
    add_whole<T>(table);
    add_numbers<T>(table);
    add_comparisons<T>(table);
    add_reductions<T>(table);
  };
  floating(float());
  floating(double());
  whole(std::int64_t());
  whole(std::int32_t());
  add_comparisons<bool>(table);
  auto logical = [&](const char *op, auto f) {
    add_binary<bool, bool>(table, op, f);
  };
  logical("add", [](bool a, bool b) { return a || b; });
  logical("mul", [](bool a, bool b) { return a && b; });
  logical("logical_and", [](bool a, bool b) { return a && b; });
  logical("logical_or", [](bool a, bool b) { return a || b; });
  logical("logical_xor", [](bool a, bool b) { return a != b; });
  add_unary<bool, bool>(table, "logical_not.i1", [](bool a) { return !a; });
  add_reduction<bool>(table, "any", [](bool a, bool b) { return a || b; });
  add_reduction<bool>(table, "all", [](bool a, bool b) { return a && b; });
  return table;
}

} // namespace

void use_reference_kernels() {
  static const Table table = make_table();
  static const bool registered = [] {
    eager::register_kernels(
        {table.kernels.data(), std::int64_t(table.kernels.size())});
    return true;
  }();
  (void)registered;
}

} // namespace tensorc::test
