//===- kernels.cpp - What the GPU benchmark runs, a function a case -------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model file without state. What each function computes is checked, and said
// once more, in Cases.cpp.
//
//===----------------------------------------------------------------------===//

#include <tensorc/tensorc.h>

using namespace tensorc;
namespace F = tensorc::nn::functional;

/// 256 MB in f32: far more than a cache holds.
static const Shape large{16384, 4096};

/// What a memory-bound case computes of `x`.
using Body = Tensor (*)(const TensorList &in);

static void add_memory_bound(ModelExport &model) {
  auto function = [&](const char *name, Body body) {
    model.function(name, {{"x", zeros(large)}}, [=](const TensorList &in) {
      return Outputs{{"y", body(in)}};
    });
  };
  model.function(
      "add", {{"x", zeros(large)}, {"y", zeros(large)}},
      [](const TensorList &in) { return Outputs{{"z", in[0] + in[1]}}; });
  function("relu_scale",
           [](const TensorList &in) { return relu(in[0] * 1.5 + 0.25) * 2.0; });
  function("row_sum", [](const TensorList &in) { return sum(in[0], {1}); });
  function("column_sum", [](const TensorList &in) { return sum(in[0], {0}); });
  function("full_sum", [](const TensorList &in) { return sum(in[0]); });
  function("softmax", [](const TensorList &in) { return softmax(in[0], 1); });
  function("layer_norm", [](const TensorList &in) {
    Tensor centred = in[0] - mean(in[0], {1}, true);
    return centred * rsqrt(mean(square(centred), {1}, true) + 1e-5);
  });
  model.function("cross_entropy",
                 {{"x", zeros(large)}, {"labels", zeros({16384}, kInt64)}},
                 [](const TensorList &in) {
                   return Outputs{{"loss", F::cross_entropy(in[0], in[1])}};
                 });
}

static void add_product(ModelExport &model, const std::string &name, DType type,
                        std::int64_t m, std::int64_t n, std::int64_t k) {
  model.function(name, {{"a", zeros({m, k}, type)}, {"b", zeros({k, n}, type)}},
                 [](const TensorList &in) {
                   return Outputs{{"c", matmul(in[0], in[1])}};
                 });
}

static void add_products(ModelExport &model) {
  auto product = [&](const std::string &name, DType type, std::int64_t m,
                     std::int64_t n, std::int64_t k) {
    add_product(model, name, type, m, n, k);
  };
  for (std::int64_t size : {512, 1024, 2048, 4096})
    product("matmul_f32_" + std::to_string(size), kFloat32, size, size, size);
  product("matmul_f32_odd", kFloat32, 1001, 777, 1533);
  for (std::int64_t size : {1024, 2048, 4096, 8192}) {
    product("matmul_bf16_" + std::to_string(size), kBFloat16, size, size, size);
    product("matmul_f16_" + std::to_string(size), kFloat16, size, size, size);
  }
  product("matmul_bf16_odd", kBFloat16, 1001, 777, 1533);
}

/// The LeNet's, at batch 64.
static void add_convolutions(ModelExport &model) {
  auto convolution = [&](const char *name, const Shape &x, const Shape &w) {
    model.function(name, {{"x", zeros(x)}, {"w", zeros(w)}},
                   [](const TensorList &in) {
                     return Outputs{{"y", F::conv2d(in[0], in[1])}};
                   });
  };
  convolution("conv1", {64, 1, 32, 32}, {6, 1, 3, 3});
  convolution("conv2", {64, 6, 15, 15}, {16, 6, 3, 3});
}

TENSORC_MODEL(model) {
#ifdef TF32 // for `tensorc --tf32`, which is for a model as a whole
  return add_product(model, "matmul_tf32_4096", kFloat32, 4096, 4096, 4096);
#endif
  add_memory_bound(model);
  add_products(model);
  add_convolutions(model);
}
