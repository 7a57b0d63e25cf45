//===- FashionMnistTest.cpp - The Fashion-MNIST loader --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IdxBytes.h"

#include "tensorc/data/fashion_mnist.h"

#include <cmath>
#include <cstdlib>
#include <numeric>

using namespace tensorc::data;
using namespace tensorc::data::test;

namespace {

constexpr auto test = FashionMnist::Split::Test;
constexpr auto train = FashionMnist::Split::Train;

/// Two pictures: one black but for its corners, one white.
struct TwoPictures {
  TwoPictures() {
    Bytes images(2 * 28 * 28, 0);
    images[0] = 255;
    images[28 * 28 - 1] = 51;
    std::fill(images.begin() + 28 * 28, images.end(), 255);
    folder.write("t10k-images-idx3-ubyte", header(0x08, {2, 28, 28}) + images);
    folder.write("t10k-labels-idx1-ubyte.gz",
                 gzip(header(0x08, {2}) + Bytes{3, 9}));
  }
  std::string error() {
    return messageOf<Error>([&] { FashionMnist(test, folder.path); });
  }
  std::string file(const char *name) { return (folder.path / name).string(); }

  TempFolder folder;
};

TEST(FashionMnist, PadsAndNormalises) {
  TwoPictures files;
  FashionMnist data(test, files.folder.path);
  ASSERT_EQ(data.count(), 2);
  std::vector<float> images(2 * 1024, NAN);
  std::vector<int64_t> labels(2, -1);
  std::vector<int64_t> order = {1, 0};
  data.gather(order, images.data(), labels.data());
  EXPECT_EQ(labels, (std::vector<int64_t>{9, 3}));

  auto level = [](float grey) { return (grey - 0.2860f) / 0.3530f; };
  const float *white = images.data(), *black = white + 1024;
  for (int row = 0; row < 32; ++row)
    for (int column = 0; column < 32; ++column) {
      bool inside = row >= 2 && row < 30 && column >= 2 && column < 30;
      bool first = row == 2 && column == 2, last = row == 29 && column == 29;
      EXPECT_FLOAT_EQ(white[row * 32 + column], level(inside ? 1.0f : 0.0f));
      EXPECT_FLOAT_EQ(black[row * 32 + column], level(first  ? 1.0f
                                                      : last ? 0.2f
                                                             : 0.0f));
    }
}

TEST(FashionMnist, RefusesIndicesOutside) {
  TwoPictures files;
  FashionMnist data(test, files.folder.path);
  std::vector<float> images(1024);
  for (int64_t index : {-1, 2}) {
    std::vector<int64_t> indices = {index};
    EXPECT_EQ(messageOf<std::out_of_range>(
                  [&] { data.gather(indices, images.data(), nullptr); }),
              "expected an index in [0, 2), received " + std::to_string(index));
  }
}

TEST(FashionMnist, SaysWhatIsMissing) {
  TempFolder folder;
  EXPECT_EQ(messageOf<Error>([&] { FashionMnist(train, folder.path); }),
            (folder.path / "train-images-idx3-ubyte").string() +
                ": no such file, with or without `.gz` (on Debian: apt-get "
                "install dataset-fashion-mnist; elsewhere set "
                "TENSORC_DATA_DIR)");
}

TEST(FashionMnist, RefusesOtherPictures) {
  TwoPictures files;
  files.folder.write("t10k-images-idx3-ubyte",
                     header(0x08, {1, 2, 3}) + Bytes(6));
  EXPECT_EQ(files.error(), files.file("t10k-images-idx3-ubyte") +
                               ": expected pictures of 28×28, received 2×3");
}

TEST(FashionMnist, RefusesTooFewLabels) {
  TwoPictures files;
  files.folder.write("t10k-labels-idx1-ubyte.gz", header(0x08, {1}) + Bytes(1));
  EXPECT_EQ(files.error(),
            files.file("t10k-labels-idx1-ubyte.gz") +
                ": expected 2 labels, one per picture, received 1");
}

TEST(FashionMnist, RefusesUnknownLabels) {
  TwoPictures files;
  files.folder.write("t10k-labels-idx1-ubyte.gz",
                     header(0x08, {2}) + Bytes{1, 10});
  EXPECT_EQ(files.error(),
            files.file("t10k-labels-idx1-ubyte.gz") +
                ": expected labels in [0, 10), received 10 at 1");
}

TEST(FashionMnist, FolderComesFromTheEnvironment) {
  const char *before = std::getenv("TENSORC_DATA_DIR");
  std::string kept = before ? before : "";
  setenv("TENSORC_DATA_DIR", "/somewhere", 1);
  EXPECT_EQ(FashionMnist::default_directory(), "/somewhere");
  setenv("TENSORC_DATA_DIR", "", 1);
  EXPECT_EQ(FashionMnist::default_directory(),
            "/usr/share/datasets/fashion-mnist");
  if (before)
    setenv("TENSORC_DATA_DIR", kept.c_str(), 1);
  else
    unsetenv("TENSORC_DATA_DIR");
}

TEST(FashionMnist, RealFilesAreBalancedAndNormalised) {
  if (!std::filesystem::exists(FashionMnist::default_directory()))
    GTEST_SKIP() << "dataset-fashion-mnist is not installed";
  for (auto [split, count] :
       {std::pair(train, 60000), std::pair(test, 10000)}) {
    FashionMnist data(split);
    ASSERT_EQ(data.count(), count);
    std::vector<int64_t> kinds(10);
    for (int64_t i = 0; i < count; ++i)
      ++kinds[size_t(data.label(i))];
    EXPECT_EQ(kinds, std::vector<int64_t>(10, count / 10));

    // Over the stored pixels mean and deviation are close to 0 and 1.
    double sum = 0, squares = 0;
    std::vector<float> image(1024);
    for (int64_t i = 0; i < count; ++i) {
      data.gather({&i, 1}, image.data(), nullptr);
      for (int row = 2; row < 30; ++row)
        for (int column = 2; column < 30; ++column) {
          double value = image[size_t(row * 32 + column)];
          sum += value;
          squares += value * value;
        }
    }
    double pixels = count * 784.0, mean = sum / pixels;
    EXPECT_NEAR(mean, 0.0, 0.01);
    EXPECT_NEAR(std::sqrt(squares / pixels - mean * mean), 1.0, 0.01);
  }
}

} // namespace
