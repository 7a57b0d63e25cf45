//===- common.h - What training and testing LeNet share -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_EXAMPLES_LENET_COMMON_H
#define TENSORC_EXAMPLES_LENET_COMMON_H

#include "tensorc/abi.h"
#include "tensorc/data/fashion_mnist.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

/// The value of option `argv[i]`, and `i` moved on to it.
inline std::string option_value(int argc, char **argv, int &i) {
  if (i + 1 >= argc)
    throw std::invalid_argument(std::string("option `") + argv[i] +
                                "` needs a value");
  return argv[++i];
}

/// The same, for an option that takes a whole number of at least `least`.
inline int option_number(int argc, char **argv, int &i, int least) {
  std::string option = argv[i], text = option_value(argc, argv, i);
  char *end;
  long number = std::strtol(text.c_str(), &end, 10);
  if (text.empty() || *end || number < least || number > 1000000)
    throw std::invalid_argument(
        "option `" + option + "` expects a whole number from " +
        std::to_string(least) + ", received `" + text + "`");
  return int(number);
}

/// How many rows of `logits` [rows, 10] are largest at their label.
inline int64_t count_correct(const float *logits, const int64_t *labels,
                             int64_t rows) {
  constexpr int64_t kinds = tensorc::data::FashionMnist::num_classes;
  int64_t correct = 0;
  for (int64_t row = 0; row < rows; ++row) {
    const float *first = logits + row * kinds;
    correct += std::max_element(first, first + kinds) - first == labels[row];
  }
  return correct;
}

/// What `infer` and `train_step` of the compiled LeNet take at once. Compiled
/// for any batch, each call says how many pictures it has, which a `Model`
/// takes before them; compiled for one, it is that one.
template <typename Model>
constexpr bool takes_any_batch = requires { Model::infer_B_max; };
template <typename Model> constexpr int64_t infer_batch() {
  if constexpr (takes_any_batch<Model>)
    return Model::infer_B_max;
  else
    return Model::infer_images_shape[0];
}
/// `call` with the number of pictures, or with nothing.
template <typename Model, typename Call>
void with_batch(int64_t pictures, Call call) {
  if constexpr (takes_any_batch<Model>)
    call(pictures);
  else
    call();
}

/// The share of the pictures of `data` that the model gets right.
template <typename Model>
double test_accuracy(Model &model, const tensorc::data::FashionMnist &data) {
  constexpr int64_t batch = infer_batch<Model>();
  constexpr int64_t kinds = tensorc::data::FashionMnist::num_classes;
  if (data.count() == 0)
    throw std::invalid_argument("expected test pictures, received none");
  if (!takes_any_batch<Model> && data.count() % batch)
    throw std::invalid_argument(
        "expected a multiple of " + std::to_string(batch) +
        " test pictures, received " + std::to_string(data.count()));
  std::vector<float> images(batch * tensorc::data::FashionMnist::pixels);
  std::vector<float> logits(batch * kinds);
  std::vector<int64_t> indices(batch), labels(batch);
  int64_t correct = 0;
  for (int64_t first = 0; first < data.count(); first += batch) {
    int64_t count = std::min(batch, data.count() - first);
    std::iota(indices.begin(), indices.begin() + count, first);
    data.gather({indices.data(), size_t(count)}, images.data(), labels.data());
    with_batch<Model>(count, [&](auto... size) {
      model.infer(size..., images.data(), logits.data());
    });
    correct += count_correct(logits.data(), labels.data(), count);
  }
  return double(correct) / double(data.count());
}

#endif // TENSORC_EXAMPLES_LENET_COMMON_H
