//===- fashion_mnist.h - The Fashion-MNIST pictures and labels ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DATA_FASHION_MNIST_H
#define TENSORC_DATA_FASHION_MNIST_H

#include "tensorc/data/idx.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace tensorc::data {

/// Fashion-MNIST (Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747): grey 28×28
/// pictures of 10 kinds of clothes, 60,000 to train on and 10,000 to test with.
/// MNIST itself has the same files and loads as well. Immutable once loaded, so
/// any number of threads may read it.
class FashionMnist {
public:
  enum class Split { Train, Test };

  static constexpr int64_t num_classes = 10;
  /// Height and width of a picture as it is stored.
  static constexpr int64_t stored_size = 28;
  /// Height and width as `gather` gives it: 2 black pixels added on each side.
  static constexpr int64_t size = 32;
  static constexpr int64_t pixels = size * size;
  /// Mean and standard deviation of the training pixels, scaled to [0, 1].
  static constexpr float mean = 0.2860f;
  static constexpr float stddev = 0.3530f;

  /// `TENSORC_DATA_DIR`, else where Debian's `dataset-fashion-mnist` puts it.
  static std::filesystem::path default_directory();

  /// Reads pictures and labels from `directory`: the four IDX files under their
  /// usual names, with or without `.gz`.
  /// \throws Error for a file that is missing, damaged, or of another shape,
  /// and for a label outside [0, 10).
  explicit FashionMnist(Split split, const std::filesystem::path &directory =
                                         default_directory());

  /// Number of pictures.
  int64_t count() const { return int64_t(label_bytes.size()); }

  /// The kind of picture `index`, in [0, 10).
  int64_t label(int64_t index) const;

  /// Writes the pictures `indices` as f32[n, 1, 32, 32] to `images`: padded
  /// with black, then normalised as (pixel / 255 - mean) / stddev; and their
  /// labels as i64[n] to `labels`, unless that is null.
  /// \throws std::out_of_range for an index outside [0, count()).
  void gather(std::span<const int64_t> indices, float *images,
              int64_t *labels) const;

private:
  std::vector<uint8_t> image_bytes; // [count, 28, 28]
  std::vector<uint8_t> label_bytes; // [count]
};

} // namespace tensorc::data

#endif // TENSORC_DATA_FASHION_MNIST_H
