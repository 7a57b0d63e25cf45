//===- ErrorNamesTest.cpp - Errors name the function that was called ------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whatever a public function is made of, its errors begin with its own name and
// are on the caller's line.
//
//===----------------------------------------------------------------------===//

#include "tensorc/tensorc.h"
#include "tests/runtime/autograd/Device.h"

#include <functional>
#include <gtest/gtest.h>

using namespace tensorc;
namespace F = tensorc::nn::functional;

namespace {

struct Call {
  std::string name; ///< as errors have it
  std::function<void(Location)> run;
};

class ErrorNames : public testing::Test {
protected:
  void SetUp() override { test::use_device(); }

  static void expect_named(const std::vector<Call> &calls) {
    for (const Call &call : calls) {
      Location here = Location::current();
      try {
        call.run(here);
        ADD_FAILURE() << call.name << " was taken";
      } catch (const Error &error) {
        EXPECT_TRUE(error.message().starts_with("[" + call.name + "] "))
            << call.name << ": " << error.message();
        EXPECT_EQ(error.location().value_or(Location()).line(), here.line())
            << call.name;
      }
    }
  }
};

/// Each function, method and form that is made from the op definitions.
const std::vector<Call> &undefined_calls() {
  static const std::vector<Call> calls = {
#define UNDEFINED_CALL(name, ...)                                              \
  {name, [](Location at) {                                                     \
     [[maybe_unused]] Tensor none, out = zeros({2});                           \
     (void)__VA_ARGS__;                                                        \
   }},
#include "tests/runtime/core/UndefinedCalls.inc"
#undef UNDEFINED_CALL
  };
  return calls;
}

TEST_F(ErrorNames, OfUndefinedTensors) {
  EXPECT_GT(undefined_calls().size(), 200u);
  expect_named(undefined_calls());
}

TEST_F(ErrorNames, OfFormsThatWriteToNothing) {
  static Tensor none;
  expect_named({
      {"exp_out", [](Location at) { exp_out(none, ones({2}), at); }},
      {"add_out", [](Location at) { add_out(none, {ones({2}), at}, 1); }},
      {"cat_out", [](Location at) { cat_out(none, {ones({2})}, 0, at); }},
      {"silu_", [](Location at) { silu_(none, at); }},
  });
}

TEST_F(ErrorNames, OfMethodsByHand) {
  static const Tensor none;
#define TENSORC_METHOD(name, ...)                                              \
  {                                                                            \
    #name, [](Location at) { (void)none.name(__VA_ARGS__); }                   \
  }
  expect_named({
      TENSORC_METHOD(view, {1}, at),
      TENSORC_METHOD(t, at),
      TENSORC_METHOD(squeeze, at),
      TENSORC_METHOD(expand, {1}, at),
      TENSORC_METHOD(select, 0, 0, at),
      TENSORC_METHOD(slice, 0, {}, {}, 1, at),
      TENSORC_METHOD(narrow, 0, 0, 1, at),
      TENSORC_METHOD(index, {0}, at),
      TENSORC_METHOD(to, kFloat64, at),
      TENSORC_METHOD(clone, at),
      TENSORC_METHOD(contiguous, at),
      TENSORC_METHOD(detach, at),
      TENSORC_METHOD(new_full, {2}, 1, {}, at),
      TENSORC_METHOD(new_zeros, {2}, {}, at),
      TENSORC_METHOD(new_ones, {2}, {}, at),
      TENSORC_METHOD(size, 0, at),
      TENSORC_METHOD(item, at),
      {"data_ptr", [](Location at) { (void)none.data_ptr<float>(at); }},
      TENSORC_METHOD(backward, {}, false, false, at),
  });
}

TEST_F(ErrorNames, OfFunctionsMadeOfOthers) {
  static const Tensor x = ones({2, 3}), bytes = ones({2}, kInt64);
  expect_named({
      {"view", [](Location at) { (void)x.view({4}, at); }},
      {"view", [](Location at) { (void)x.view({-1, 4}, at); }},
      {"expand", [](Location at) { (void)x.expand({2, 4}, at); }},
      {"stack", [](Location at) { (void)stack({}, 0, at); }},
      {"stack", [](Location at) { (void)stack({x}, 7, at); }},
      {"stack", [](Location at) { (void)stack({x, bytes}, 0, at); }},
      {"select", [](Location at) { (void)x[TensorArg(2, at)]; }},
      {"select", [](Location at) { (void)x[TensorArg(0.5, at)]; }},
      {"narrow", [](Location at) { (void)x.narrow(2, 0, 1, at); }},
      {"index", [](Location at) { (void)x.index({0, 3}, at); }},
      {"index", [](Location at) { (void)x.index({Slice{0, 1, -1}}, at); }},
      {"copy_", [](Location at) { x.clone()[0] = TensorArg(ones({2}), at); }},
      {"add_", [](Location at) { x.clone()[0].add_({ones({2}), at}); }},
      {"sub_", [](Location at) { x.clone()[0].sub_({ones({2}), at}); }},
      {"mul_", [](Location at) { x.clone()[0].mul_({ones({2}), at}); }},
      {"div_", [](Location at) { bytes.clone().div_({2, at}); }},
      {"exp_", [](Location at) { bytes.clone().exp_(at); }},
      {"eq_", [](Location at) { x.clone()[0].eq_({ones({2}), at}); }},
      {"relu_",
       [](Location at) {
         Tensor leaf = x.clone().requires_grad_();
         leaf.relu_(at);
       }},
      {"exp_out",
       [](Location at) {
         Tensor out = zeros({3, 2});
         exp_out(out, x, at);
       }},
      {"sum_out",
       [](Location at) {
         Tensor out = zeros({3}, kInt64);
         sum_out(out, x, 0, false, at);
       }},
      {"mul_out",
       [](Location at) {
         Tensor out = ones({1, 3}).broadcast_to({2, 3});
         mul_out(out, {x, at}, x);
       }},
      {"mul_",
       [](Location at) {
         Tensor leaf = x.clone().requires_grad_();
         leaf[0].mul_({2, at});
       }},
      {"fill_",
       [](Location at) {
         Tensor leaf = x.clone().requires_grad_();
         leaf.fill_(2, at);
       }},
      {"zero_",
       [](Location at) {
         Tensor leaf = x.clone().requires_grad_();
         leaf.zero_(at);
       }},
      {"fill_", [](Location at) { bytes.clone().fill_(1e300, at); }},
      {"zeros", [](Location at) { (void)zeros({-1}, {}, at); }},
      {"ones", [](Location at) { (void)ones({-1}, {}, at); }},
      {"ones_like", [](Location at) { (void)ones_like(Tensor(), kInt8, at); }},
      {"full_like", [](Location at) { (void)full_like(bytes, 1e300, {}, at); }},
      {"new_full",
       [](Location at) { (void)bytes.new_full({2}, 1e300, {}, at); }},
      {"randn_like", [](Location at) { (void)randn_like(bytes, {}, at); }},
      {"max", [](Location at) { (void)max(zeros({0}), at); }},
      {"argmax", [](Location at) { (void)argmax(zeros({0}), {}, false, at); }},
      {"softmax", [](Location at) { (void)softmax(bytes, 0, at); }},
      {"matmul", [](Location at) { (void)matmul(x, x, at); }},
      {"matmul", [](Location at) { (void)matmul(x, bytes, at); }},
      {"matmul",
       [](Location at) { (void)matmul(ones({2, 3, 4}), ones({3, 4, 5}), at); }},
      {"mm", [](Location at) { (void)mm(x, x, at); }},
      {"bmm", [](Location at) { (void)bmm(x, x, at); }},
      {"bmm",
       [](Location at) { (void)bmm(ones({2, 3, 4}), ones({1, 4, 5}), at); }},
      {"one_hot", [](Location at) { (void)one_hot(tensor({5}), 3, at); }},
      {"one_hot", [](Location at) { (void)one_hot(tensor({1}), -1, at); }},
      {"linear",
       [](Location at) { (void)F::linear(x, ones({2, 3}), ones({5}), at); }},
      {"conv2d",
       [](Location at) {
         (void)F::conv2d(ones({1, 2, 2}), ones({1, 3, 1, 1}), {}, {}, at);
       }},
      {"cross_entropy",
       [](Location at) { (void)F::cross_entropy(x, tensor({1, 3}), {}, at); }},
      {"cross_entropy",
       [](Location at) {
         (void)F::cross_entropy(x, tensor({1, 2}, kInt32), {}, at);
       }},
      {"nll_loss",
       [](Location at) { (void)F::nll_loss(x, tensor({1, 3}), {}, at); }},
      {"mse_loss", [](Location at) { (void)F::mse_loss(x, Tensor(), {}, at); }},
      {"max_pool2d",
       [](Location at) { (void)F::max_pool2d(ones({1, 2, 2}), 3, {}, at); }},
  });
}

} // namespace
