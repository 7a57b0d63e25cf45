//===- OracleTest.cpp - Ops against stored values of PyTorch --------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/executor.h"
#include "tensorc/ops.h"
#include "tensorc/tensorc.h"
#include "tests/oracle/Stored.h"
#include "tests/runtime/autograd/ReferenceKernels.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <gtest/gtest.h>

using namespace tensorc;
using namespace tensorc::test;

namespace {

const std::string folder = oracle_path("ops/");

Attributes attributes_of(const OpInfo &info, const json &stored,
                         DType floating) {
  Attributes attributes;
  for (std::string_view key : info.attributes) {
    const json &value = stored.at(std::string(key));
    Attribute attribute;
    if (value.is_object()) {
      DType dtype = dtype_named(value["dtype"]);
      attribute = dtype == kFloat64 ? floating : dtype;
    } else if (value.is_boolean()) {
      attribute = value.get<bool>();
    } else if (value.is_number_integer()) {
      attribute = value.get<std::int64_t>();
    } else if (value.is_number_float()) {
      attribute = value.get<double>();
    } else if (value.is_string()) {
      attribute = value.get<std::string>();
    } else {
      attribute = value.get<std::vector<std::int64_t>>();
    }
    attributes.set(std::string(key), attribute);
  }
  return attributes;
}

/// A case of the oracle, to be run.
struct Case {
  Case(const OpInfo &info, const json &stored, DType floating)
      : info(info), stored(stored), floating(floating),
        attributes(attributes_of(info, stored["attributes"], floating)) {
    for (const json &operand : stored["operands"])
      operands.push_back(tensor_of(operand, floating));
  }

  std::vector<Tensor> run(const TensorList &on) const {
    return Executor::current().execute(
        {info, on, attributes, Location::current()});
  }
  /// The operands as leaves that want gradients.
  TensorList leaves() const {
    TensorList result;
    for (const Tensor &operand : operands) {
      Tensor leaf = operand.clone();
      result.push_back(leaf.is_floating_point() ? leaf.requires_grad_() : leaf);
    }
    return result;
  }

  const OpInfo &info;
  const json &stored;
  DType floating;
  Attributes attributes;
  TensorList operands;
};

void expect_near(const Tensor &value, const json &stored, double tolerance,
                 DType floating, const std::string &what) {
  Tensor expected = tensor_of(stored, floating);
  ASSERT_EQ(to_string(value.type()), to_string(expected.type())) << what;
  std::vector<double> a = value.to_vector(), b = expected.to_vector();
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(b[i]) || std::isinf(b[i]))
      EXPECT_TRUE(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])))
          << what << " [" << i << "]: " << a[i] << ", expected " << b[i];
    else
      EXPECT_NEAR(a[i], b[i], tolerance * std::max(1.0, std::fabs(b[i])))
          << what << " [" << i << "]";
  }
}

/// Fixed numbers of either sign.
Tensor direction(const Shape &shape) {
  std::int64_t count = 1;
  for (std::int64_t size : shape)
    count *= size;
  std::vector<double> values;
  for (std::int64_t i = 0; i < count; ++i)
    values.push_back(std::sin(double(3 * i + 1)));
  return from_vector(values, shape);
}

class OracleTest : public testing::TestWithParam<std::string> {
protected:
  void SetUp() override {
    use_reference_kernels();
    cases = read_oracle("ops/" + GetParam() + ".json");
    info = find_op(GetParam());
    ASSERT_NE(info, nullptr);
  }

  void check(DType floating, double tolerance) {
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const json &stored = cases[i];
      std::string what = GetParam() + " case " + std::to_string(i);
      Case item(*info, stored, floating);
      TensorList leaves = item.leaves();
      Tensor result = item.run(leaves)[0];
      expect_near(result, stored["results"][0], tolerance, floating, what);
      if (!stored.contains("grad"))
        continue;
      // What PyTorch declares zero may have no gradient at all here.
      if (result.requires_grad())
        result.backward(tensor_of(stored["grad"], floating));
      for (std::size_t j = 0; j < leaves.size(); ++j) {
        const json &gradient = stored["gradients"][j];
        if (gradient.is_null())
          continue;
        Tensor found = leaves[j].grad().defined() ? leaves[j].grad()
                                                  : zeros_like(leaves[j]);
        expect_near(found, gradient, tolerance, floating,
                    what + " gradient " + std::to_string(j));
      }
    }
  }

  void check_differences();

  json cases;
  const OpInfo *info = nullptr;
};

/// <seed, d result> by central differences against the gradient; and the same
/// for the gradient's own gradient.
void OracleTest::check_differences() {
  constexpr double step = 1e-6;
  for (const json &stored : cases) {
    if (!stored["smooth"].get<bool>() || !stored.contains("grad"))
      continue;
    Case item(*info, stored, kFloat64);
    Tensor seed = tensor_of(stored["grad"], kFloat64);
    // The gradients along fixed directions, as a function of the operands.
    auto project = [&](const TensorList &operands, bool again) {
      TensorList leaves;
      for (const Tensor &operand : operands) {
        Tensor leaf = operand.clone();
        leaves.push_back(leaf.is_floating_point() ? leaf.requires_grad_()
                                                  : leaf);
      }
      Tensor result = sum(item.run(leaves)[0] * seed);
      if (!again || !result.requires_grad())
        return std::pair(result, leaves);
      result.backward({}, false, true);
      Tensor total = zeros({}, kFloat64);
      for (Tensor &leaf : leaves) {
        if (!leaf.is_floating_point())
          continue;
        if (leaf.grad().defined())
          total = total + sum(leaf.grad() * direction(leaf.shape()));
        leaf.set_grad({});
      }
      return std::pair(total, leaves);
    };
    for (bool again : {false, true}) {
      auto [value, leaves] = project(item.operands, again);
      if (value.requires_grad())
        value.backward();
      for (std::size_t j = 0; j < leaves.size(); ++j) {
        if (!leaves[j].is_floating_point() || leaves[j].numel() == 0)
          continue;
        std::vector<double> gradient =
            leaves[j].grad().defined()
                ? leaves[j].grad().to_vector()
                : std::vector<double>(std::size_t(leaves[j].numel()));
        // A few elements of large operands are enough.
        std::int64_t stride = std::max<std::int64_t>(1, leaves[j].numel() / 12);
        for (std::int64_t i = 0; i < leaves[j].numel(); i += stride) {
          TensorList moved = item.operands;
          moved[j] = moved[j].clone();
          Tensor element = moved[j].view({-1})[i];
          double at = element.item();
          element.fill_(at + step);
          double above = project(moved, again).first.item();
          element.fill_(at - step);
          double below = project(moved, again).first.item();
          double difference = (above - below) / (2 * step);
          EXPECT_NEAR(gradient[std::size_t(i)], difference,
                      2e-6 * std::max(1.0, std::fabs(difference)))
              << GetParam() << stored["attributes"] << " operand " << j
              << " element " << i << (again ? " second order" : "");
        }
      }
    }
  }
}

TEST_P(OracleTest, Float64) { check(kFloat64, 1e-12); }
TEST_P(OracleTest, Float32) { check(kFloat32, 2e-5); }
TEST_P(OracleTest, FiniteDifferences) { check_differences(); }

std::vector<std::string> stored_ops() {
  std::vector<std::string> names;
  for (const auto &file : std::filesystem::directory_iterator(folder))
    names.push_back(file.path().stem());
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Op, OracleTest, testing::ValuesIn(stored_ops()),
                         [](const auto &info) { return info.param; });

TEST(OracleCoverage, EveryOpHasStoredValues) {
  std::vector<std::string> stored = stored_ops();
  for (const OpInfo &info : all_ops()) {
    // A constant is its own value; a request is not computed.
    if (info.kind == OpKind::Request || info.name == "constant")
      continue;
    EXPECT_TRUE(std::binary_search(stored.begin(), stored.end(), info.name))
        << info.name;
  }
}

} // namespace
