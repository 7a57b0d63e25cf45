//===- OpCases.h - The cases of tests/oracle/ops ----------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What ops.py, which says what they mean, has PyTorch compute, as programs of
// tensorc: the same for eager mode and for a trace.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_ORACLE_OPCASES_H
#define TENSORC_TESTS_ORACLE_OPCASES_H

#include "tensorc/executor.h"
#include "tensorc/tensorc.h"
#include "tests/oracle/Record.h"
#include "tests/oracle/Stored.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace tensorc::test {

inline Attributes attributes_of(const OpInfo &info, const json &stored,
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

/// The fixed numbers that second-order cases weight gradients with.
inline Tensor direction(const Shape &shape, DType dtype) {
  std::int64_t count = 1;
  for (std::int64_t size : shape)
    count *= size;
  std::vector<double> values;
  for (std::int64_t i = 0; i < count; ++i)
    values.push_back(std::sin(double(3 * i + 1)));
  return from_vector(values, shape).to(dtype);
}

/// Where `received` isn't within `tolerance` of what was expected, in parts of
/// the expected number where that is above 1; or "". With `signs`, zeros have
/// those of the expected ones.
inline std::string difference(const Tensor &received, const Tensor &expected,
                              double tolerance, bool signs) {
  std::ostringstream text;
  text.precision(17);
  if (to_string(received.type()) != to_string(expected.type())) {
    text << "expected " << to_string(expected.type()) << ", received "
         << to_string(received.type());
    return text.str();
  }
  std::vector<double> a = received.to_vector(), b = expected.to_vector();
  for (std::size_t i = 0; i < a.size(); ++i) {
    bool good = std::isfinite(b[i])
                    ? std::fabs(a[i] - b[i]) <=
                          tolerance * std::max(1.0, std::fabs(b[i]))
                    : a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]));
    if (signs && a[i] == 0 && b[i] == 0)
      good = std::signbit(a[i]) == std::signbit(b[i]);
    if (!good) {
      text << "element " << i << ": expected " << b[i] << ", received " << a[i];
      return text.str();
    }
  }
  return {};
}

/// The greatest finite magnitude, at least 1.
inline double largest(const Tensor &numbers) {
  double found = 1;
  for (double number : numbers.to_vector())
    if (std::isfinite(number))
      found = std::max(found, std::fabs(number));
  return found;
}

/// How often an op is differentiated.
enum Order { kForward, kGradient, kSecond };

/// One case: an op on numbers, its gradients, and these ones' gradients.
struct OpCase {
  OpCase(const OpInfo &info, const json &stored, std::string name,
         DType floating)
      : info(info), name(std::move(name)), floating(floating),
        attributes(attributes_of(info, stored["attributes"], floating)) {
    for (const json &operand : stored["operands"])
      operands.push_back(tensor_of(operand, floating));
    auto expect = [&](Order order, const json &list, const std::string &what) {
      for (std::size_t i = 0; i < list.size(); ++i)
        if (!list[i].is_null())
          expected.push_back({order, i, what + " " + std::to_string(i),
                              tensor_of(list[i], floating)});
    };
    expect(kForward, stored["results"], "result");
    if (stored.contains("grad")) {
      seed = tensor_of(stored["grad"], floating);
      expect(kGradient, stored["gradients"], "gradient");
    }
    if (stored.contains("second"))
      expect(kSecond, stored["second"], "second gradient");
  }

  std::vector<Tensor> run(const TensorList &on) const {
    return Executor::current().execute(
        {info, on, attributes, Location::current()});
  }

  /// `on`, `operands` or others like them, as leaves that want gradients.
  static TensorList leaves(const TensorList &on) {
    TensorList result;
    for (const Tensor &operand : on) {
      Tensor leaf = operand.clone();
      result.push_back(leaf.is_floating_point() ? leaf.requires_grad_() : leaf);
    }
    return result;
  }

  /// What `expected` lists, of operands and a seed as here.
  TensorList compute(const TensorList &on, const Tensor &seed) const {
    bool again = std::any_of(expected.begin(), expected.end(),
                             [](const auto &e) { return e.order == kSecond; });
    TensorList leaves = this->leaves(on), results = run(leaves);
    TensorList first = gradients(leaves, results[0], seed, again), second;
    if (again) {
      Tensor total = zeros({}, leaves[0].dtype());
      for (std::size_t i = 0; i < first.size(); ++i)
        if (leaves[i].is_floating_point())
          total = total +
                  sum(first[i] * direction(first[i].shape(), total.dtype()));
      second = gradients(leaves, total, {}, false);
    }
    TensorList values;
    for (const Expected &each : expected)
      values.push_back((each.order == kForward    ? results
                        : each.order == kGradient ? first
                                                  : second)[each.index]
                           .detach());
    return values;
  }

  /// What is wrong with `received`, the value of `expected[i]`; or "".
  std::string difference(std::size_t i, const Tensor &received) const {
    double tolerance = floating == kFloat64 ? 1e-12 : 2e-5;
    // A gradient's rule may read the rounded result in an exponent.
    if (expected[i].order != kForward && floating == kFloat32)
      tolerance = std::max(tolerance, 0x1p-22 * largest(expected[0].value));
    return test::difference(received, expected[i].value, tolerance, signs(i));
  }
  /// Whether zeros of `expected[i]` have a sign; what is greatest or least
  /// among zeros of both may be either.
  bool signs(std::size_t i) const {
    return expected[i].order == kForward && info.name != "maximum" &&
           info.name != "minimum" && info.name != "amax" && info.name != "amin";
  }

  /// Notes that this has been compared.
  void record(const std::string &mode) const {
    Records::add_result(info, mode, operands, expected[0].value);
    for (const Expected &each : expected)
      if (each.order != kForward)
        Records::add(info, mode,
                     each.order == kGradient ? "gradient" : "second",
                     each.index, each.value.dtype());
  }

  struct Expected {
    Order order;
    std::size_t index; ///< of the result, or of the operand
    std::string what;
    Tensor value;
  };

  const OpInfo &info;
  std::string name;
  DType floating; ///< what stands for float64
  Attributes attributes;
  TensorList operands;
  Tensor seed; ///< the gradient of the result; undefined where there is none
  std::vector<Expected> expected;

private:
  /// Of each leaf; what PyTorch declares zero may have none at all here.
  static TensorList gradients(TensorList &leaves, Tensor &of,
                              const Tensor &seed, bool again) {
    if (of.requires_grad() && (seed.defined() || again || of.dim() == 0))
      of.backward(seed, again, again);
    TensorList result;
    for (Tensor &leaf : leaves) {
      Tensor grad = leaf.is_floating_point() ? leaf.grad() : Tensor();
      result.push_back(grad.defined() ? grad : zeros_like(leaf));
      if (grad.defined())
        leaf.set_grad({});
    }
    return result;
  }
};

/// The ops that have stored values.
inline std::vector<std::string> stored_ops() {
  std::vector<std::string> names;
  for (const auto &file :
       std::filesystem::directory_iterator(oracle_path("ops/")))
    names.push_back(file.path().stem());
  std::sort(names.begin(), names.end());
  return names;
}

/// Those of `op`; `floating` stands for float64.
inline std::vector<OpCase> op_cases(const std::string &op, DType floating) {
  const OpInfo *info = find_op(op);
  if (!info)
    throw std::invalid_argument("no op " + op);
  std::vector<OpCase> cases;
  for (const json &stored : read_oracle("ops/" + op + ".json"))
    cases.emplace_back(*info, stored,
                       op + " case " + std::to_string(cases.size()), floating);
  return cases;
}

} // namespace tensorc::test

#endif // TENSORC_TESTS_ORACLE_OPCASES_H
