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
#include "tests/oracle/Oracle.h"
#include "tests/runtime/autograd/Device.h"

#include <gtest/gtest.h>
#include <regex>
#include <set>

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

#define TENSORC_CALL(name, ...)                                                \
  {#name, [](Location at) { (void)name(__VA_ARGS__); }}
#define TENSORC_BINARY(name)                                                   \
  TENSORC_CALL(name, TensorArg(ones({2}), at), TensorArg(Tensor(), at))

/// The functions of functions.h, each on an undefined tensor.
const std::vector<Call> &undefined_calls() {
  static const Tensor none;
  static const std::vector<Call> calls = {
      TENSORC_CALL(neg, none, at),
      TENSORC_CALL(abs, none, at),
      TENSORC_CALL(sign, none, at),
      TENSORC_CALL(exp, none, at),
      TENSORC_CALL(exp2, none, at),
      TENSORC_CALL(expm1, none, at),
      TENSORC_CALL(log, none, at),
      TENSORC_CALL(log1p, none, at),
      TENSORC_CALL(log2, none, at),
      TENSORC_CALL(sqrt, none, at),
      TENSORC_CALL(rsqrt, none, at),
      TENSORC_CALL(reciprocal, none, at),
      TENSORC_CALL(square, none, at),
      TENSORC_CALL(sin, none, at),
      TENSORC_CALL(cos, none, at),
      TENSORC_CALL(tan, none, at),
      TENSORC_CALL(tanh, none, at),
      TENSORC_CALL(sigmoid, none, at),
      TENSORC_CALL(erf, none, at),
      TENSORC_CALL(floor, none, at),
      TENSORC_CALL(ceil, none, at),
      TENSORC_CALL(round, none, at),
      TENSORC_CALL(trunc, none, at),
      TENSORC_CALL(relu, none, at),
      TENSORC_CALL(silu, none, at),
      TENSORC_CALL(isnan, none, at),
      TENSORC_CALL(logical_not, none, at),
      TENSORC_CALL(leaky_relu, none, 0.1, at),
      TENSORC_CALL(softplus, none, at),
      TENSORC_CALL(gelu, none, "none", at),
      TENSORC_CALL(clamp, none, 0, 1, at),
      TENSORC_CALL(to, none, kFloat64, at),
      TENSORC_CALL(check_index, none, 1, 0, at),
      TENSORC_CALL(detach, none, at),
      TENSORC_BINARY(add),
      TENSORC_BINARY(sub),
      TENSORC_BINARY(mul),
      TENSORC_BINARY(div),
      TENSORC_BINARY(pow),
      TENSORC_BINARY(maximum),
      TENSORC_BINARY(minimum),
      TENSORC_BINARY(atan2),
      TENSORC_BINARY(remainder),
      TENSORC_BINARY(eq),
      TENSORC_BINARY(ne),
      TENSORC_BINARY(lt),
      TENSORC_BINARY(le),
      TENSORC_BINARY(gt),
      TENSORC_BINARY(ge),
      TENSORC_BINARY(logical_and),
      TENSORC_BINARY(logical_or),
      TENSORC_BINARY(logical_xor),
      TENSORC_CALL(where, none, TensorArg(1, at), TensorArg(ones({2}), at)),
      TENSORC_CALL(sum, none, at),
      TENSORC_CALL(sum, none, 0, false, at),
      TENSORC_CALL(mean, none, at),
      TENSORC_CALL(mean, none, 0, false, at),
      TENSORC_CALL(prod, none, at),
      TENSORC_CALL(prod, none, 0, false, at),
      TENSORC_CALL(amax, none, 0, false, at),
      TENSORC_CALL(amin, none, 0, false, at),
      TENSORC_CALL(max, none, at),
      TENSORC_CALL(min, none, at),
      TENSORC_CALL(any, none, 0, false, at),
      TENSORC_CALL(all, none, 0, false, at),
      TENSORC_CALL(argmax, none, 0, false, at),
      TENSORC_CALL(argmax, none, {}, false, at),
      TENSORC_CALL(logsumexp, none, 0, false, at),
      TENSORC_CALL(softmax, none, 0, at),
      TENSORC_CALL(log_softmax, none, 0, at),
      TENSORC_CALL(reshape, none, {1}, at),
      TENSORC_CALL(flatten, none, 0, -1, at),
      TENSORC_CALL(permute, none, {0}, at),
      TENSORC_CALL(transpose, none, 0, 1, at),
      TENSORC_CALL(squeeze, none, 0, at),
      TENSORC_CALL(unsqueeze, none, 0, at),
      TENSORC_CALL(broadcast_to, none, {1}, at),
      TENSORC_CALL(flip, none, 0, at),
      TENSORC_CALL(flip, none, {}, at),
      TENSORC_CALL(cat, {none}, 0, at),
      TENSORC_CALL(stack, {none}, 0, at),
      TENSORC_CALL(one_hot, none, 2, at),
      TENSORC_CALL(matmul, none, ones({2}), at),
      TENSORC_CALL(mm, none, ones({2}), at),
      TENSORC_CALL(bmm, none, ones({2}), at),
      {"add_out",
       [](Location at) {
         Tensor out;
         add_out(out, TensorArg(ones({2}), at), TensorArg(1, at));
       }},
  };
  return calls;
}

TEST_F(ErrorNames, OfAnUndefinedTensor) { expect_named(undefined_calls()); }

/// No function is left out above.
TEST_F(ErrorNames, OfEachFunction) {
  std::set<std::string> known;
  for (const Call &call : undefined_calls())
    known.insert(call.name);
  std::string path =
      test::oracle_path("../../runtime/include/tensorc/functions.h");
  std::ifstream file(path);
  std::string text(std::istreambuf_iterator<char>(file), {});
  std::regex declaration("\nTensor &?([a-z_0-9]+)\\(");
  int found = 0;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), declaration);
       it != std::sregex_iterator(); ++it, ++found)
    EXPECT_TRUE(known.contains((*it)[1])) << (*it)[1];
  EXPECT_GT(found, 80);
}

TEST_F(ErrorNames, OfMethods) {
  static const Tensor none;
#define TENSORC_METHOD(name, ...)                                              \
  {                                                                            \
    #name, [](Location at) { (void)none.name(__VA_ARGS__); }                   \
  }
  expect_named({
      TENSORC_METHOD(view, {1}, at),
      TENSORC_METHOD(reshape, {1}, at),
      TENSORC_METHOD(flatten, 0, -1, at),
      TENSORC_METHOD(permute, {0}, at),
      TENSORC_METHOD(transpose, 0, 1, at),
      TENSORC_METHOD(t, at),
      TENSORC_METHOD(squeeze, at),
      TENSORC_METHOD(squeeze, 0, at),
      TENSORC_METHOD(unsqueeze, 0, at),
      TENSORC_METHOD(expand, {1}, at),
      TENSORC_METHOD(flip, 0, at),
      TENSORC_METHOD(select, 0, 0, at),
      TENSORC_METHOD(slice, 0, {}, {}, 1, at),
      TENSORC_METHOD(narrow, 0, 0, 1, at),
      TENSORC_METHOD(index, {0}, at),
      TENSORC_METHOD(max, at),
      TENSORC_METHOD(min, at),
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
