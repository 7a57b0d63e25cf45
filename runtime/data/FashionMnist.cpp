//===- FashionMnist.cpp - The Fashion-MNIST pictures and labels -----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/data/fashion_mnist.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace tensorc::data {
namespace fs = std::filesystem;
namespace {

constexpr int64_t storedSize = FashionMnist::stored_size;
constexpr int64_t storedPixels = storedSize * storedSize;
constexpr int64_t border = (FashionMnist::size - storedSize) / 2;

/// `name` in `directory`, or `name.gz` where only that is there.
fs::path find(const fs::path &directory, const std::string &name) {
  std::error_code ignored; // a folder we may not read holds no file for us
  for (const fs::path &path : {directory / name, directory / (name + ".gz")})
    if (fs::exists(path, ignored))
      return path;
  throw Error((directory / name).string() +
              ": no such file, with or without `.gz` (on Debian: apt-get "
              "install dataset-fashion-mnist; elsewhere set TENSORC_DATA_DIR)");
}

/// What each of the 256 grey levels becomes.
std::array<float, 256> makeLevels() {
  std::array<float, 256> levels;
  for (int i = 0; i < 256; ++i)
    levels[i] = (float(i) / 255.0f - FashionMnist::mean) / FashionMnist::stddev;
  return levels;
}

} // namespace

fs::path FashionMnist::default_directory() {
  const char *chosen = std::getenv("TENSORC_DATA_DIR");
  return chosen && *chosen ? chosen : "/usr/share/datasets/fashion-mnist";
}

FashionMnist::FashionMnist(Split split, const fs::path &directory) {
  std::string prefix = split == Split::Train ? "train" : "t10k";
  fs::path imagePath = find(directory, prefix + "-images-idx3-ubyte");
  fs::path labelPath = find(directory, prefix + "-labels-idx1-ubyte");
  IdxArray images = read_idx(imagePath, IdxType::U8, 3);
  IdxArray labels = read_idx(labelPath, IdxType::U8, 1);
  if (images.dims[1] != stored_size || images.dims[2] != stored_size)
    throw Error(imagePath.string() + ": expected pictures of 28×28, received " +
                std::to_string(images.dims[1]) + "×" +
                std::to_string(images.dims[2]));
  if (images.dims[0] != labels.dims[0])
    throw Error(
        labelPath.string() + ": expected " + std::to_string(images.dims[0]) +
        " labels, one per picture, received " + std::to_string(labels.dims[0]));
  auto wrong = std::find_if(labels.bytes.begin(), labels.bytes.end(),
                            [](uint8_t label) { return label >= num_classes; });
  if (wrong != labels.bytes.end())
    throw Error(labelPath.string() + ": expected labels in [0, 10), received " +
                std::to_string(*wrong) + " at " +
                std::to_string(wrong - labels.bytes.begin()));
  image_bytes = std::move(images.bytes);
  label_bytes = std::move(labels.bytes);
}

int64_t FashionMnist::label(int64_t index) const {
  if (index < 0 || index >= count())
    throw std::out_of_range("expected an index in [0, " +
                            std::to_string(count()) + "), received " +
                            std::to_string(index));
  return label_bytes[size_t(index)];
}

void FashionMnist::gather(std::span<const int64_t> indices, float *images,
                          int64_t *labels) const {
  static const std::array<float, 256> levels = makeLevels();
  for (size_t n = 0; n < indices.size(); ++n) {
    int64_t kind = label(indices[n]);
    if (labels)
      labels[n] = kind;
    const uint8_t *stored = image_bytes.data() + indices[n] * storedPixels;
    float *image = images + int64_t(n) * pixels;
    std::fill_n(image, pixels, levels[0]);
    for (int64_t row = 0; row < storedSize; ++row)
      for (int64_t column = 0; column < storedSize; ++column)
        image[(row + border) * size + column + border] =
            levels[stored[row * storedSize + column]];
  }
}

} // namespace tensorc::data
