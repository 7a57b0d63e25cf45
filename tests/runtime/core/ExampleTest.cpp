//===- ExampleTest.cpp - Tensors of sizes that are symbols ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/tensorc.h"

#include <functional>
#include <gtest/gtest.h>
#include <sstream>

using namespace tensorc;

namespace {

const SymInt B = dynamic("B", 1, 256);

TEST(Example, HasATypeAlone) {
  for (const Tensor &example :
       {empty({B, 2}, kInt64), zeros({B, 2}, kInt64), ones({B, 2}, kInt64),
        full({B, 2}, 7), zeros_like(empty({B, 2}), kInt64)}) {
    EXPECT_EQ(to_string(example.type()), "int64[B, 2]");
    EXPECT_TRUE(example.size(0).is(B));
    EXPECT_TRUE(example.numel().is(2 * B));
    EXPECT_TRUE(example.is_contiguous());
    EXPECT_FALSE(example.requires_grad());
    std::ostringstream text;
    text << example;
    EXPECT_EQ(text.str(), "tensor(example int64[B, 2])");
  }
}

TEST(Example, RefusesWhatNeedsElements) {
  Tensor example = zeros({B, 2}), dense = zeros({2, 2});
  const std::vector<std::pair<const char *, std::function<void()>>> uses = {
      {"add", [&] { (void)(example + 1); }},
      {"view", [&] { (void)example.view({-1}); }},
      {"matmul", [&] { (void)matmul(example, dense); }},
      {"sum", [&] { (void)example.sum(); }},
      {"exp", [&] { (void)exp(example); }},
      {"clone", [&] { (void)example.clone(); }},
      {"to", [&] { (void)example.to(kFloat64); }},
      {"copy_", [&] { example.copy_(example); }},
      {"fill_", [&] { example.fill_(1); }},
      {"add_", [&] { example.add_(1); }},
      {"item", [&] { (void)example.item(); }},
      {"to_vector", [&] { (void)example.to_vector(); }},
      {"data_ptr", [&] { (void)example.data_ptr<float>(); }},
  };
  for (const auto &[name, use] : uses) {
    std::string message;
    try {
      use();
    } catch (const Error &error) {
      message = error.message();
      ASSERT_TRUE(error.location()) << name;
      EXPECT_STREQ(error.location()->file_name(), __FILE__) << name;
    }
    EXPECT_NE(message.find("received the example float32[B, 2], which has "
                           "none: only a call of the compiled function says "
                           "its sizes"),
              std::string::npos)
        << name << ": " << message;
  }
}

TEST(Example, NumbersMakeElements) {
  // Sizes that are no symbols after all.
  EXPECT_EQ(zeros({B - B + 3}).to_vector().size(), 3u);
  EXPECT_EQ((ones({3}) * (B - B + 2)).to_vector(),
            std::vector<double>({2, 2, 2}));
  EXPECT_EQ(arange(zeros({4}).size(0)).to_vector(),
            std::vector<double>({0, 1, 2, 3}));
}

} // namespace
