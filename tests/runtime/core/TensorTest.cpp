//===- TensorTest.cpp - Creating, viewing, indexing, changing -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "tensorc/ops.h"
#include "tensorc/tensorc.h"
#include "tests/runtime/autograd/Device.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace tensorc;

namespace {

using Values = std::vector<double>;

class TensorTest : public testing::Test {
protected:
  void SetUp() override { test::use_device(); }
};

/// The words of the error, which must name this file and the line.
std::string message(auto &&action, Location here = Location::current()) {
  try {
    action();
  } catch (const Error &error) {
    std::string prefix = "TensorTest.cpp:" + std::to_string(here.line()) + ": ";
    EXPECT_NE(std::string(error.what()).find(prefix), std::string::npos)
        << error.what();
    return error.message();
  }
  return "no error";
}
#define MESSAGE(...) message([&] { (void)(__VA_ARGS__); })

//===----------------------------------------------------------------------===//
// Creation
//===----------------------------------------------------------------------===//

TEST_F(TensorTest, Creation) {
  EXPECT_EQ(zeros({2}, kInt64).dtype(), kInt64);
  EXPECT_EQ(ones({2, 2}).to_vector(), (Values{1, 1, 1, 1}));
  EXPECT_EQ(full({2}, 7).dtype(), kInt64);
  EXPECT_EQ(full({2}, 2.5).dtype(), kFloat32);
  EXPECT_EQ(full({}, true).dtype(), kBool);
  EXPECT_EQ(full({}, INT64_MAX).item<std::int64_t>(), INT64_MAX);
  EXPECT_EQ(arange(3).to_vector(), (Values{0, 1, 2}));
  EXPECT_EQ(arange(3).dtype(), kInt64);
  EXPECT_EQ(arange(1, 2, 0.25).to_vector(), (Values{1, 1.25, 1.5, 1.75}));
  EXPECT_EQ(arange(5, 0, -2).to_vector(), (Values{5, 3, 1}));
  EXPECT_EQ(arange(0).numel(), 0);
  EXPECT_EQ(linspace(0, 1, 5, kFloat64).to_vector(),
            (Values{0, 0.25, 0.5, 0.75, 1}));
  EXPECT_EQ(linspace(3, 9, 1).to_vector(), (Values{3}));
  EXPECT_EQ(eye(2, 3).to_vector(), (Values{1, 0, 0, 0, 1, 0}));
  EXPECT_EQ(tensor({{1, 2}, {3, 4}}).shape(), (Shape{2, 2}));
  EXPECT_EQ(tensor({5.5, 3}).dtype(), kFloat32);
  EXPECT_EQ(tensor({true, false}).dtype(), kBool);
  EXPECT_EQ(ones({2}, kFloat64).new_zeros({3}).dtype(), kFloat64);
  EXPECT_EQ(zeros_like(ones({2}), kInt32).dtype(), kInt32);
  float memory[] = {1, 2, 3};
  Tensor over = from_blob(memory, {3});
  over[1].fill_(5);
  EXPECT_EQ(memory[1], 5);
  EXPECT_EQ(from_vector(std::vector<int>{1, 2}, {2, 1}).dtype(), kInt32);
}

TEST_F(TensorTest, CreationErrors) {
  EXPECT_EQ(MESSAGE(arange(0, 5, -1)),
            "[arange] expected a step that leads from start to end, received "
            "0.000000, 5.000000 by -1.000000");
  EXPECT_EQ(MESSAGE(linspace(0, 1, -1)),
            "[linspace] expected at least 0 steps, received -1");
  EXPECT_EQ(MESSAGE(eye(-1)), "[eye] expected sizes of at least 0, received "
                              "[-1, -1]");
  EXPECT_EQ(MESSAGE(zeros({2, -1})),
            "[zeros] expected sizes of at least 0, received [2, -1]");
  EXPECT_EQ(MESSAGE(tensor({{1, 2}, {3}})),
            "[tensor] expected lists of the same shape, received [2] and [1]");
  EXPECT_EQ(MESSAGE(rand({2}, kInt64)),
            "[rand] expected a floating-point type, received int64");
  EXPECT_EQ(MESSAGE(from_vector(std::vector<float>{1}, {2})),
            "[from_vector] expected 2 values, received 1");
  EXPECT_EQ(MESSAGE(from_blob(nullptr, {2})),
            "[from_blob] expected memory, received a null pointer");
}

/// Whatever is made has a number of elements, and of bytes.
TEST_F(TensorTest, SizesBeyondMemory) {
  constexpr std::int64_t big = std::int64_t(1) << 40, huge = INT64_MAX / 2;
  Tensor one = ones({1}), row = ones({1, 1}).expand({1, 1 << 30});
  Tensor wide = ones({1}).expand({std::int64_t(1) << 44});
  Tensor image = ones({1, 1, 2, 2});
  auto refused = [](const std::string &text) {
    EXPECT_NE(text.find("memory can hold, received"), std::string::npos)
        << text;
  };
  refused(MESSAGE(zeros({big, big})));
  refused(MESSAGE(ones({big, big}, kInt8)));
  refused(MESSAGE(full({big, 0, big, big}, 1)));
  refused(MESSAGE(rand({big, big})));
  refused(MESSAGE(arange(big * 1024)));
  refused(MESSAGE(arange(0, 1e300, 1.0)));
  refused(MESSAGE(linspace(0, 1, huge)));
  refused(MESSAGE(eye(big)));
  refused(MESSAGE(one.expand({big, big})));
  refused(MESSAGE(broadcast_to(one, {huge, 1})));
  refused(MESSAGE(one.expand({big, 1}) + one.expand({big})));
  refused(MESSAGE(matmul(row.t(), row)));
  refused(MESSAGE(cat({wide, wide, wide})));
  refused(MESSAGE(stack({wide, wide, wide})));
  refused(MESSAGE(ops::pad(one, {huge}, {huge}, {0}, 0)));
  refused(MESSAGE(ops::pad(ones({3}), {0}, {0}, {huge}, 0)));
  refused(MESSAGE(one_hot(tensor({1}), huge)));
  refused(MESSAGE(to(ones({}, kInt8).expand({std::int64_t(1) << 46}), kInt64)));
  refused(MESSAGE(
      nn::functional::conv2d(image, image, {}, {.padding = {big, big}})));
  // Sizes whose product is a number again, modulo 2^64.
  EXPECT_NE(MESSAGE(zeros({0}).reshape({big, big})), "no error");
  EXPECT_NE(MESSAGE(zeros({0}).view({big, big})), "no error");
  EXPECT_EQ(zeros({0, big}).numel(), 0);
}

/// More than the machine has is refused, not promised.
TEST_F(TensorTest, SizesBeyondThisMachine) {
  std::string text = MESSAGE(ones({std::int64_t(1) << 43}, kInt8));
  EXPECT_TRUE(text.starts_with("[ones] out of memory for int8[8796093022208]: "
                               "8796093022208 bytes"))
      << text;
  EXPECT_THROW(rand({1 << 22, 1 << 20}), OutOfMemoryError);
}

/// Numbers as they are written: 0 is a number everywhere.
TEST_F(TensorTest, NumbersOfAnyKind) {
  std::int64_t n = 3;
  int i = 2;
  float f = 0.5f;
  EXPECT_EQ(arange(-5, 0).to_vector(), (Values{-5, -4, -3, -2, -1}));
  EXPECT_EQ(arange(-5, 0).dtype(), kInt64);
  EXPECT_EQ(arange(0, 0).numel(), 0);
  EXPECT_EQ(arange(0, n).to_vector(), (Values{0, 1, 2}));
  EXPECT_EQ(arange(i, 0, -1).to_vector(), (Values{2, 1}));
  EXPECT_EQ(arange(0, 1, f).to_vector(), (Values{0, 0.5}));
  EXPECT_EQ(arange(0, 1, f).dtype(), kFloat32);
  EXPECT_EQ(arange(-1, 0, 0.5, kFloat64).to_vector(), (Values{-1, -0.5}));
  EXPECT_EQ(arange(i, kFloat32).dtype(), kFloat32);
  EXPECT_EQ(arange(0, "cpu").numel(), 0);
  EXPECT_EQ(arange(n, {kInt32, "cpu"}).dtype(), kInt32);
  EXPECT_NE(MESSAGE(arange(0, 5, 0)), "no error");
  EXPECT_NE(MESSAGE(arange(5, 0)), "no error");
  EXPECT_EQ(full({2}, 0).dtype(), kInt64);
  EXPECT_EQ(full({0}, 0).numel(), 0);
  EXPECT_EQ(full({i}, -f).to_vector(), (Values{-0.5, -0.5}));
  EXPECT_EQ(full({2}, 0, kInt8).dtype(), kInt8);
  EXPECT_EQ(linspace(0, 0, 2).to_vector(), (Values{0, 0}));
  EXPECT_EQ(linspace(i, f, n).to_vector(), (Values{2, 1.25, 0.5}));
  EXPECT_EQ(linspace(0, 1, 0).numel(), 0);
  EXPECT_EQ(linspace(0, -5, 3, kInt64).to_vector(), (Values{0, -2, -5}));
  EXPECT_EQ(eye(3, 0).shape(), (Shape{3, 0}));
  EXPECT_EQ(eye(0).shape(), (Shape{0, 0}));
  EXPECT_EQ(eye(i, n).shape(), (Shape{2, 3}));
  EXPECT_EQ(tensor(0).dim(), 0);
  EXPECT_EQ(tensor({0}).shape(), (Shape{1}));
  static_assert(!std::is_convertible_v<int, TensorOptions>);
  static_assert(!std::is_convertible_v<int, Device>);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

TEST_F(TensorTest, OperatorsPromoteAndBroadcast) {
  Tensor a = arange(1, 3).view({1, 2}), b = arange(1, 4).view({3, 1});
  EXPECT_EQ((a + b).to_vector(), (Values{2, 3, 3, 4, 4, 5}));
  EXPECT_EQ((a + b).shape(), (Shape{3, 2}));
  EXPECT_EQ((a + 1.5).dtype(), kFloat32);
  EXPECT_EQ((2 * a).dtype(), kInt64);
  EXPECT_EQ((a / 2).to_vector(), (Values{0.5, 1}));
  EXPECT_EQ((1 - a).to_vector(), (Values{0, -1}));
  EXPECT_EQ((a == 2).to_vector(), (Values{0, 1}));
  EXPECT_EQ((a >= b).dtype(), kBool);
  EXPECT_EQ((-a).to_vector(), (Values{-1, -2}));
  EXPECT_EQ(pow(a.to(kFloat64), 2).to_vector(), (Values{1, 4}));
  EXPECT_EQ(pow(a, 2).to_vector(), (Values{1, 4}));
  EXPECT_EQ(logical_and(a - 1, a).to_vector(), (Values{0, 1}));
  EXPECT_EQ(where(a > 1, a, 0.5).to_vector(), (Values{0.5, 2}));
  EXPECT_EQ(clamp(arange(5), 1, 3).to_vector(), (Values{1, 1, 2, 3, 3}));
  EXPECT_EQ(exp(zeros({1}, kInt64)).dtype(), kFloat32);
  EXPECT_EQ(sum(tensor({true, true})).dtype(), kInt64);
  EXPECT_EQ(mean(tensor({1.0, 2.0})).item(), 1.5);
  EXPECT_EQ(argmax(tensor({{1, 5}, {7, 2}})).item<std::int64_t>(), 2);
  EXPECT_EQ(argmax(tensor({{1, 5}, {7, 2}}), 1).to_vector(), (Values{1, 0}));
  EXPECT_EQ(any(tensor({0, 2})).item<bool>(), true);
}

TEST_F(TensorTest, ProductsOfAllRanks) {
  Tensor v = tensor({1.0, 2.0}), m = tensor({{1.0, 2.0}, {3.0, 4.0}});
  EXPECT_EQ(matmul(v, v).item(), 5);
  EXPECT_EQ(matmul(m, v).to_vector(), (Values{5, 11}));
  EXPECT_EQ(matmul(v, m).to_vector(), (Values{7, 10}));
  EXPECT_EQ(matmul(m.t(), m).to_vector(), (Values{10, 14, 14, 20}));
  EXPECT_EQ(matmul(m.t(), m.t()).to_vector(), (Values{7, 15, 10, 22}));
  EXPECT_EQ(matmul(ones({5, 1, 3, 2}), ones({4, 2, 6})).shape(),
            (Shape{5, 4, 3, 6}));
  EXPECT_EQ(matmul(ones({5, 3, 2}), m).shape(), (Shape{5, 3, 2}));
}

TEST_F(TensorTest, ErrorsNameTheLineAndWhatWasReceived) {
  Tensor a = ones({2, 3}), b = ones({4});
  EXPECT_EQ(MESSAGE(a + b), "[add] expected shapes that broadcast together, "
                            "received [2, 3] and [4]");
  EXPECT_EQ(MESSAGE(where(a > 0, b, 1)),
            "[where] expected shapes that broadcast together, received [2, 3] "
            "and [4]");
  EXPECT_EQ(MESSAGE(where(a, a, a)), "[where] expected a condition of type "
                                     "bool, received float32[2, 3]");
  EXPECT_EQ(MESSAGE(matmul(a, b)),
            "[matmul] expected operands of shapes […, M, K] and […, K, N], or "
            "[K] for either, received float32[2, 3] and float32[4]");
  EXPECT_EQ(MESSAGE(mm(a, b)), "[mm] expected matrices, received float32[2, 3] "
                               "and float32[4]");
  EXPECT_EQ(MESSAGE(a.sum({2})),
            "[sum] expected a dimension in [-2, 1], received 2");
  EXPECT_EQ(MESSAGE(a.sum({0, -2})),
            "[sum] expected each dimension once, received [0, -2]");
  EXPECT_EQ(MESSAGE(tensor({true}) - tensor({true})),
            "[sub] expected an operand that isn't bool, received bool[1] and "
            "bool[1]");
  EXPECT_EQ(MESSAGE(abs(tensor({true}))),
            "[abs] expected numbers, received bool[1]");
  EXPECT_EQ(MESSAGE(pow(tensor({true}), tensor({true}))),
            "[pow] expected an operand that isn't bool, received bool[1] and "
            "bool[1]");
  EXPECT_EQ(MESSAGE(pow(arange(2), -1)),
            "[pow] expected an exponent of at least 0 for whole numbers, "
            "received -1");
  EXPECT_EQ(MESSAGE(remainder(arange(2), 0)),
            "[remainder] expected a divisor other than 0 for whole numbers, "
            "received 0");
  EXPECT_EQ(remainder(zeros({0}, kInt32), 0).shape(), Shape{0});
  EXPECT_EQ(MESSAGE(gelu(b, "fast")),
            "[gelu] expected `approximate` to be `none` or `tanh`, received "
            "`fast`");
  EXPECT_EQ(MESSAGE(mean(arange(3))),
            "[mean] expected `self` to be a tensor of "
            "floating-point numbers, received "
            "int64[3]");
  EXPECT_EQ(MESSAGE(exp(Tensor())),
            "[exp] expected a tensor, received an undefined one");
  EXPECT_EQ(MESSAGE(amax(ones({0}))),
            "[amax] expected reduced dimensions that aren't empty, received "
            "float32[0]");
  EXPECT_EQ(MESSAGE(a.item()),
            "[item] expected a tensor of one element, received float32[2, 3]");
  EXPECT_EQ(MESSAGE(a.data_ptr<double>()),
            "[data_ptr] expected a tensor of type float64, received "
            "float32[2, 3]");
  EXPECT_EQ(MESSAGE(cat({a, b})),
            "[cat] expected tensors that differ in dimension 0 alone, received "
            "float32[2, 3] and float32[4]");
  EXPECT_EQ(MESSAGE(cat({a, zeros({0, 3, 1})})),
            "[cat] expected tensors that differ in dimension 0 alone, received "
            "float32[2, 3] and float32[0, 3, 1]");
  EXPECT_EQ(MESSAGE(cat({zeros({0}), a}, 2)),
            "[cat] expected a dimension in [-2, 1], received 2");
  EXPECT_EQ(MESSAGE(one_hot(tensor({5}), 3)),
            "[one_hot] expected indices in [0, 3), received 5");
}

TEST_F(TensorTest, LibraryCodeReportsTheCallersLine) {
  nn::Linear fc(3, 2);
  nn::Sequential net(nn::Linear(3, 3), nn::ReLU(), fc);
  EXPECT_EQ(MESSAGE(fc(ones({2, 4}))),
            "[linear] expected input of shape […, 3] for weight float32[2, 3], "
            "received float32[2, 4]");
  EXPECT_EQ(MESSAGE(net(ones({4}))),
            "[linear] expected input of shape […, 3] for weight float32[3, 3], "
            "received float32[4]");
  EXPECT_EQ(MESSAGE(nn::Conv2d(3, 4, 3)(ones({1, 3, 2, 8}))),
            "[conv2d] expected input that holds the kernel of weight "
            "float32[4, 3, 3, 3], received input float32[1, 3, 2, 8] with "
            "padding [0, 0]");
}

//===----------------------------------------------------------------------===//
// Shapes and indices
//===----------------------------------------------------------------------===//

TEST_F(TensorTest, ViewsShareStorage) {
  Tensor x = arange(12).view({3, 4});
  Tensor row = x[1], column = x.select(1, -1), turned = x.t();
  row.fill_(9);
  EXPECT_EQ(x.to_vector(), (Values{0, 1, 2, 3, 9, 9, 9, 9, 8, 9, 10, 11}));
  column += 1;
  EXPECT_EQ(x.select(1, 3).to_vector(), (Values{4, 10, 12}));
  EXPECT_EQ(turned.shape(), (Shape{4, 3}));
  EXPECT_EQ(turned[3].to_vector(), (Values{4, 10, 12}));
  EXPECT_FALSE(turned.is_contiguous());
  EXPECT_TRUE(turned.contiguous().is_contiguous());
  Tensor copy = x.clone();
  copy.zero_();
  EXPECT_EQ(x[0][1].item(), 1);
  EXPECT_EQ(x.view({2, -1}).shape(), (Shape{2, 6}));
  EXPECT_EQ(turned.reshape({12}).to_vector()[1], 9);
  EXPECT_EQ(x.flatten().shape(), (Shape{12}));
  EXPECT_EQ(x.unsqueeze(-1).shape(), (Shape{3, 4, 1}));
  EXPECT_EQ(x.unsqueeze(0).squeeze().shape(), (Shape{3, 4}));
  EXPECT_EQ(x[0].expand({2, -1}).to_vector(), (Values{0, 1, 2, 4, 0, 1, 2, 4}));
  EXPECT_EQ(x.permute({1, 0}).shape(), (Shape{4, 3}));
  EXPECT_EQ(arange(3).flip({0}).to_vector(), (Values{2, 1, 0}));
  EXPECT_EQ(stack({arange(2), arange(2)}, 1).to_vector(), (Values{0, 0, 1, 1}));
  EXPECT_EQ(cat({arange(2), tensor({0.5})}).dtype(), kFloat32);
  // As in PyTorch, [0] goes with any shape, and its type counts.
  Tensor none = zeros({0}), two = ones({2, 2});
  EXPECT_EQ(cat({none, two}).shape(), (Shape{2, 2}));
  EXPECT_EQ(cat({two, none, two, none}, -1).shape(), (Shape{2, 4}));
  EXPECT_EQ(cat({zeros({0}, kFloat64), two}).dtype(), kFloat64);
  EXPECT_EQ(cat({none, zeros({0, 3})}, 1).shape(), (Shape{0, 3}));
  EXPECT_EQ(cat({none, none}, 1).shape(), Shape{0});
  EXPECT_EQ(cat({none, arange(2)}).shape(), Shape{2});
}

TEST_F(TensorTest, IndexingIsAsInPython) {
  Tensor x = arange(24).view({2, 3, 4});
  EXPECT_EQ(x.index({1, Slice{}, 0}).to_vector(), (Values{12, 16, 20}));
  EXPECT_EQ(x.index({Ellipsis, -1}).shape(), (Shape{2, 3}));
  EXPECT_EQ(x.index({0, None, Slice{1, {}, 2}}).shape(), (Shape{1, 1, 4}));
  EXPECT_EQ(x.index({0, 0, Slice{-3, -1}}).to_vector(), (Values{1, 2}));
  EXPECT_EQ(x.index({0, 0, Slice{2, 100}}).to_vector(), (Values{2, 3}));
  EXPECT_EQ(x.index({0, 0, Slice{3, 1}}).numel(), 0);
  EXPECT_EQ(x.narrow(2, 1, 2).shape(), (Shape{2, 3, 2}));
  x.index({0, Slice{0, 2}, Slice{0, {}, 3}}).fill_(-1);
  EXPECT_EQ(x[0].to_vector(),
            (Values{-1, 1, 2, -1, -1, 5, 6, -1, 8, 9, 10, 11}));
}

TEST_F(TensorTest, DimensionsMayBeNumbers) {
  Tensor x = arange(6).to(kFloat32).reshape({2, 3});
  EXPECT_EQ(x.sum(1).to_vector(), (Values{3, 12}));
  EXPECT_EQ(x.mean(-1, true).shape(), (Shape{2, 1}));
  EXPECT_EQ(x.amax(-1).to_vector(), (Values{2, 5}));
  EXPECT_EQ(x.amin(0, true).to_vector(), (Values{0, 1, 2}));
  EXPECT_EQ(x.flip(0).to_vector(), (Values{3, 4, 5, 0, 1, 2}));
  std::size_t dim = 1;
  EXPECT_EQ(sum(x, dim).to_vector(), (Values{3, 12}));
  EXPECT_EQ(mean(x, 0).to_vector(), (Values{1.5, 2.5, 3.5}));
  EXPECT_EQ(amax(x, 0).to_vector(), (Values{3, 4, 5}));
  EXPECT_EQ(amin(x, 1).to_vector(), (Values{0, 3}));
  EXPECT_EQ(any(x, 0).to_vector(), (Values{1, 1, 1}));
  EXPECT_EQ(all(x, 0).to_vector(), (Values{0, 1, 1}));
  EXPECT_EQ(logsumexp(x * 0, 1).numel(), 2);
  EXPECT_EQ(flip(x, -1).to_vector(), (Values{2, 1, 0, 5, 4, 3}));
  // Lists and shapes as before; a truth value is no dimension.
  Shape dims = {0, 1};
  EXPECT_EQ(x.sum(dims).item(), 15);
  EXPECT_EQ(x.sum({0, 1}).item(), 15);
  EXPECT_EQ(x.sum({-1}, true).shape(), (Shape{2, 1}));
  EXPECT_EQ(x.amax().item(), 5);
  static_assert(!std::is_convertible_v<bool, Dims>);
  EXPECT_EQ(MESSAGE(x.sum(2)),
            "[sum] expected a dimension in [-2, 1], received 2");
}

TEST_F(TensorTest, ShapeErrors) {
  Tensor x = ones({2, 3});
  EXPECT_EQ(MESSAGE(x[2]), "[select] expected an index below the size 2 of "
                           "dimension 0, received 2");
  EXPECT_EQ(MESSAGE(x[0.5]), "[select] expected a whole number, received "
                             "another kind of index");
  EXPECT_EQ(MESSAGE(x.index({0, 0, 0})),
            "[index] expected at most 2 indices, received 3");
  EXPECT_EQ(MESSAGE(x.view({4})), "[view] expected a shape of 6 elements, "
                                  "as float32[2, 3], received [4]");
  EXPECT_EQ(MESSAGE(x.reshape({-1, 4})),
            "[reshape] expected a shape for float32[2, 3], received [-1, 4]");
  EXPECT_EQ(MESSAGE(x.t().view({6})),
            "[view] expected a shape that the strides [1, 3] of float32[3, 2] "
            "can express (`reshape` copies where needed), received [6]");
  EXPECT_EQ(MESSAGE(x.permute({0, 0})),
            "[permute] expected each dimension of float32[2, 3] once, received "
            "[0, 0]");
  EXPECT_EQ(MESSAGE(x.expand({2, 4})),
            "[expand] expected a shape that broadcasts to [2, 4], "
            "received float32[2, 3]");
  EXPECT_EQ(MESSAGE(x.slice(0, 0, 1, -1)),
            "[slice] expected a step of at least 1, received -1");
  EXPECT_EQ(MESSAGE(x.narrow(0, 1, 2)),
            "[narrow] expected a range inside a dimension of 2, received 2 "
            "elements from 1");
  EXPECT_EQ(MESSAGE(flatten(x, 1, 0)), "[flatten] expected start_dim not after "
                                       "end_dim, received 1 and 0");
  EXPECT_EQ(MESSAGE(ones({}).select(0, 0)),
            "[select] expected a tensor with dimensions, received float32[]");
  EXPECT_EQ(MESSAGE(ones({1, 2, 3}).t()),
            "[t] expected a matrix, received float32[1, 2, 3]");
}

//===----------------------------------------------------------------------===//
// In place
//===----------------------------------------------------------------------===//

TEST_F(TensorTest, InPlace) {
  Tensor x = ones({2, 2}), same = x;
  x += 1;
  x *= tensor({1.0, 2.0});
  x.sub_(1).div_(2);
  EXPECT_EQ(same.to_vector(), (Values{0.5, 1.5, 0.5, 1.5}));
  x.copy_(tensor({3, 4}));
  EXPECT_EQ(x.to_vector(), (Values{3, 4, 3, 4}));
  EXPECT_EQ(x.dtype(), kFloat32);
  // A tensor copied into a view of itself.
  Tensor y = arange(4);
  y.slice(0, 1).copy_(y.slice(0, 0, 3));
  EXPECT_EQ(y.to_vector(), (Values{0, 0, 1, 2}));
  Tensor out = zeros({2});
  add_out(out, ones({2}), 1);
  EXPECT_EQ(out.to_vector(), (Values{2, 2}));
}

TEST_F(TensorTest, InPlaceErrors) {
  Tensor x = ones({2}, kInt64);
  EXPECT_EQ(MESSAGE(x.add_(0.5)),
            "[add_] expected a result that int64 holds, received float32[2]");
  EXPECT_EQ(MESSAGE(x.add_(ones({3, 2}, kInt64))),
            "[add_] expected a result of shape [2], received [3, 2]");
}

TEST_F(TensorTest, HalfPrecisionRoundsToNearestEven) {
  auto stored = [](double value, DType dtype) {
    char element[2];
    write_element(element, dtype, value);
    return read_double(element, dtype);
  };
  EXPECT_EQ(stored(1 + 0x1p-11, kFloat16), 1);
  EXPECT_EQ(stored(1 + 3 * 0x1p-11, kFloat16), 1 + 0x1p-9);
  EXPECT_EQ(stored(65519, kFloat16), 65504);
  EXPECT_EQ(stored(65520, kFloat16), INFINITY);
  EXPECT_EQ(stored(0x1p-24, kFloat16), 0x1p-24);
  EXPECT_EQ(stored(0x1p-25, kFloat16), 0);
  EXPECT_EQ(stored(0x1.8p-25, kFloat16), 0x1p-24);
  EXPECT_EQ(stored(1 + 0x1p-8, kBFloat16), 1);
  EXPECT_EQ(stored(-3.39e38, kBFloat16), -0x1.fep127);
  EXPECT_EQ(stored(-3.4e38, kBFloat16), -INFINITY);
  EXPECT_TRUE(std::isnan(stored(NAN, kBFloat16)));
}

TEST_F(TensorTest, ElementsAreNumbersThatTheTypeHolds) {
  auto refused = [](Scalar value, DType dtype) -> std::string {
    try {
      (void)full({2}, value, dtype);
    } catch (const Error &error) {
      EXPECT_STREQ(error.location()->file_name(), __FILE__);
      return error.message();
    }
    return "";
  };
  EXPECT_EQ(refused(200, kInt8),
            "[full] expected a number that int8 holds, received 200");
  EXPECT_EQ(refused(1.5e10, kInt32),
            "[full] expected a number that int32 holds, received 1.5e+10");
  EXPECT_EQ(refused(NAN, kInt64),
            "[full] expected a number that int64 holds, received nan");
  EXPECT_EQ(refused(65520, kFloat16),
            "[full] expected a number that float16 holds, received 65520");
  EXPECT_EQ(refused(INFINITY, kFloat16), "");
  EXPECT_EQ(refused(127.9, kInt8), "");
  // As in PyTorch, unsigned types take negative numbers.
  EXPECT_EQ(full({}, -1, kUInt8).item(), 255);
  EXPECT_EQ(refused(-256, kUInt8),
            "[full] expected a number that uint8 holds, received -256");
  EXPECT_EQ(refused(-1.0, kUInt8),
            "[full] expected a number that uint8 holds, received -1");
}

TEST_F(TensorTest, ConvertsWhatDoesNotFitAsInstructionsDo) {
  auto stored = [](double value, DType dtype) {
    char element[8];
    write_element(element, dtype, value);
    return read_int(element, dtype);
  };
  EXPECT_EQ(stored(NAN, kInt32), INT32_MIN);
  EXPECT_EQ(stored(3e9, kInt32), INT32_MIN);
  EXPECT_EQ(stored(-2147483648.5, kInt32), INT32_MIN);
  EXPECT_EQ(stored(2147483647.5, kInt32), INT32_MAX);
  EXPECT_EQ(stored(1e19, kInt64), INT64_MIN);
  EXPECT_EQ(stored(3e9, kInt64), 3000000000);
  EXPECT_EQ(stored(300.5, kUInt8), 44);
  EXPECT_EQ(stored(NAN, kUInt8), 0);
}

} // namespace
