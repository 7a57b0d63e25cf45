//===- Cuda.cpp - How far functions are from exact on a GPU ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Exact.h"
#include "Functions.h"
#include "accuracy_cuda.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

const char *help =
    "usage: gpu-accuracy [--step N] [FUNCTION...]\n"
    "Takes every N-th f32 (257; pairs at random), and f64 at random, through\n"
    "each function on the first GPU. Prints the worst errors, in units in the\n"
    "last place, and the operands that have them.\n";

constexpr std::int64_t length = accuracy_cuda::CudaModel::exp_f32_x_shape[0];

/// Runs `work(first, last)` for all parts of [0, length).
template <typename Work> void in_parallel(Work work) {
  unsigned count = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < count; ++i)
    threads.emplace_back(work, i, length * i / count, length * (i + 1) / count);
  for (std::thread &thread : threads)
    thread.join();
}

template <typename T> struct Worst {
  double error = 0;
  T x = 0, y = 0;
};

template <typename T, typename Run, typename Exact>
Worst<T> sweep(std::uint64_t step, bool binary, Run run, Exact exact) {
  using Real = std::conditional_t<sizeof(T) == 4, double, long double>;
  std::vector<T> x(length), y(length), got(length);
  const std::uint64_t count = accuracy::draws<T>(step, binary);
  std::vector<Worst<T>> worst(
      std::max(1u, std::thread::hardware_concurrency()));
  for (std::uint64_t first = 0; first < count; first += length) {
    in_parallel([&](unsigned, std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i)
        accuracy::draw(first + i, step, binary, x[i], y[i]);
    });
    run(x.data(), y.data(), got.data());
    in_parallel([&](unsigned thread, std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        double error =
            accuracy::ulps_between(got[i], exact(Real(x[i]), Real(y[i])));
        if (!(error <= worst[thread].error))
          worst[thread] = {error, x[i], y[i]};
      }
    });
  }
  return *std::max_element(
      worst.begin(), worst.end(),
      [](const auto &a, const auto &b) { return a.error < b.error; });
}

/// Two cells of a row.
template <typename T> std::string cells(const Worst<T> &worst, bool binary) {
  char text[100];
  int length = std::snprintf(text, sizeof text, "%.3f | %a", worst.error,
                             double(worst.x));
  if (binary)
    std::snprintf(text + length, sizeof text - length, " %a", double(worst.y));
  return std::string(text) + " | ";
}

} // namespace

int main(int argc, char **argv) {
  std::uint64_t step = 257;
  std::vector<std::string> wanted;
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    if (word == "--help" || word == "-h") {
      std::fputs(help, stdout);
      return 0;
    }
    if (word == "--step" && i + 1 < argc)
      step = std::strtoull(argv[++i], nullptr, 10);
    else
      wanted.push_back(word);
  }
  if (!step || (!wanted.empty() && wanted[0][0] == '-')) {
    std::fputs(help, stderr);
    return 2;
  }
  auto isWanted = [&](const char *name) {
    return wanted.empty() ||
           std::find(wanted.begin(), wanted.end(), name) != wanted.end();
  };
  try {
    accuracy_cuda::CudaModel model;
    std::puts("| function | f32 | worst at | f64 | worst at |\n"
              "|---|---|---|---|---|");
#define COLUMN(NAME, T, SUFFIX, BINARY, CALL, EXACT)                           \
  row += cells(sweep<T>(                                                       \
                   step, BINARY,                                               \
                   [&](const T *x, [[maybe_unused]] const T *y, T *z) {        \
                     model.NAME##SUFFIX CALL;                                  \
                   },                                                          \
                   [](auto x, [[maybe_unused]] auto y) {                       \
                     using namespace std;                                      \
                     using namespace accuracy;                                 \
                     return EXACT;                                             \
                   }),                                                         \
               BINARY);
#define ROW(NAME, BINARY, CALL, EXACT)                                         \
  if (isWanted(#NAME)) {                                                       \
    std::string row = "| " #NAME " | ";                                        \
    COLUMN(NAME, float, _f32, BINARY, CALL, EXACT)                             \
    COLUMN(NAME, double, _f64, BINARY, CALL, EXACT)                            \
    std::puts(row.c_str());                                                    \
    std::fflush(stdout);                                                       \
  }
#define UNARY(NAME) ROW(NAME, false, (x, z), (NAME)(x))
#define BINARY(NAME) ROW(NAME, true, (x, y, z), EXACT_##NAME)
    ACCURACY_UNARY(UNARY)
    ACCURACY_BINARY(BINARY)
  } catch (const std::exception &error) {
    std::fprintf(stderr, "gpu-accuracy: %s\n", error.what());
    return 2;
  }
}
