//===- DTypeCases.cpp - The cases of tests/oracle/dtypes.json -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/e2e/DTypeCases.h"
#include "runtime/core/Dense.h"
#include "tensorc/executor.h"
#include "tests/e2e/StoredModel.h"
#include "tests/oracle/Record.h"
#include "tests/oracle/Stored.h"

#include <cmath>
#include <gtest/gtest.h>
#include <sstream>

namespace tensorc::test {

const char *const kDTypeCasesFile = __builtin_FILE();

namespace {

Attribute attribute_of(const json &value) {
  if (value.is_object())
    return dtype_named(value["dtype"]);
  if (value.is_boolean())
    return value.get<bool>();
  if (value.is_number_integer())
    return value.get<std::int64_t>();
  if (value.is_array())
    return value.get<std::vector<std::int64_t>>();
  std::string text = value.is_string() ? value.get<std::string>() : "";
  if (value.is_number() || text == "nan" || text.ends_with("inf"))
    return number(value).to_double();
  return text;
}

using NumberFunction = Tensor (*)(const Tensor &, Scalar, Location);

/// What users write, with the line that they write it in.
const std::map<std::string, NumberFunction> &number_functions() {
#define TENSORC_FUNCTION(name)                                                 \
  {                                                                            \
    #name, [](const Tensor &x, Scalar n, Location at) {                        \
      return name(TensorArg(x, at), TensorArg(n, at));                         \
    }                                                                          \
  }
  static const std::map<std::string, NumberFunction> functions = {
      TENSORC_FUNCTION(add),
      TENSORC_FUNCTION(sub),
      TENSORC_FUNCTION(mul),
      TENSORC_FUNCTION(div),
      TENSORC_FUNCTION(eq),
      TENSORC_FUNCTION(ne),
      TENSORC_FUNCTION(lt),
      TENSORC_FUNCTION(ge),
      TENSORC_FUNCTION(maximum),
      TENSORC_FUNCTION(pow),
      TENSORC_FUNCTION(remainder),
      {"rpow",
       [](const Tensor &x, Scalar n, Location at) {
         return pow(TensorArg(n, at), TensorArg(x, at));
       }},
      {"where",
       [](const Tensor &x, Scalar n, Location at) {
         return where(eq(TensorArg(x, at), TensorArg(x, at)), TensorArg(n, at),
                      TensorArg(x, at));
       }},
      {"fill_",
       [](const Tensor &x, Scalar n, Location at) {
         Tensor result = zeros_like(x, {}, at);
         return result.fill_(n, at);
       }},
      {"full_like", [](const Tensor &x, Scalar n,
                       Location at) { return full_like(x, n, {}, at); }},
  };
#undef TENSORC_FUNCTION
  return functions;
}

using Function = Tensor (*)(const TensorList &, Location);

/// Functions of tensors, with the line that they are called on.
const std::map<std::string, Function> &tensor_functions() {
#define TENSORC_FUNCTION(name, ...)                                            \
  {                                                                            \
    #name, [](const TensorList &x, Location at) {                              \
      return name(x[0] __VA_OPT__(, ) __VA_ARGS__, at);                        \
    }                                                                          \
  }
#define TENSORC_BINARY(name, other)                                            \
  {                                                                            \
    #name, [](const TensorList &x, Location at) {                              \
      return name(TensorArg(x[0], at), TensorArg(other, at));                  \
    }                                                                          \
  }
  namespace F = nn::functional;
  static const std::map<std::string, Function> functions = {
      TENSORC_FUNCTION(amax, {}, false),
      TENSORC_FUNCTION(amin, {}, false),
      TENSORC_FUNCTION(max),
      TENSORC_FUNCTION(min),
      TENSORC_BINARY(maximum, x[0].t()),
      TENSORC_BINARY(minimum, x[0].t()),
      TENSORC_FUNCTION(one_hot, 2),
      {"max_pool2d",
       [](const TensorList &x, Location at) {
         return F::max_pool2d(x[0].view({1, 1, 4, 4}), 2, {}, at);
       }},
      {"max_pool2d_padded",
       [](const TensorList &x, Location at) {
         return F::max_pool2d(x[0].view({1, 1, 4, 4}), 3,
                              {.stride = 2, .padding = 1}, at);
       }},
      TENSORC_FUNCTION(abs),
      TENSORC_FUNCTION(sign),
      TENSORC_FUNCTION(neg),
      TENSORC_FUNCTION(square),
      TENSORC_FUNCTION(relu),
      TENSORC_FUNCTION(sum),
      TENSORC_FUNCTION(prod),
      TENSORC_FUNCTION(mean),
      TENSORC_FUNCTION(all, {}, false),
      TENSORC_FUNCTION(any, {}, false),
      {"all_dim", [](const TensorList &x,
                     Location at) { return all(x[0], 1, false, at); }},
      {"any_dim", [](const TensorList &x,
                     Location at) { return any(x[0], 1, false, at); }},
      TENSORC_FUNCTION(clamp, 0, 1),
      {"pow2",
       [](const TensorList &x, Location at) {
         return pow(TensorArg(x[0], at), TensorArg(2, at));
       }},
      TENSORC_FUNCTION(exp),
      TENSORC_FUNCTION(exp2),
      TENSORC_FUNCTION(expm1),
      TENSORC_FUNCTION(log),
      TENSORC_FUNCTION(log1p),
      TENSORC_FUNCTION(log2),
      TENSORC_FUNCTION(sqrt),
      TENSORC_FUNCTION(rsqrt),
      TENSORC_FUNCTION(reciprocal),
      TENSORC_FUNCTION(sin),
      TENSORC_FUNCTION(cos),
      TENSORC_FUNCTION(tan),
      TENSORC_FUNCTION(tanh),
      TENSORC_FUNCTION(sigmoid),
      TENSORC_FUNCTION(erf),
      TENSORC_FUNCTION(ceil),
      TENSORC_FUNCTION(trunc),
      TENSORC_FUNCTION(silu),
      TENSORC_FUNCTION(softplus),
      TENSORC_FUNCTION(gelu, "none"),
      {"gelu_tanh",
       [](const TensorList &x, Location at) { return gelu(x[0], "tanh", at); }},
      TENSORC_FUNCTION(leaky_relu, 0.125),
      TENSORC_FUNCTION(logsumexp, 1, false),
      TENSORC_FUNCTION(softmax, 1),
      TENSORC_FUNCTION(log_softmax, 1),
      TENSORC_BINARY(sub, x[1]),
      TENSORC_BINARY(add, x[1]),
      TENSORC_BINARY(mul, x[1]),
      TENSORC_FUNCTION(floor),
      TENSORC_FUNCTION(round),
      TENSORC_FUNCTION(isnan),
      TENSORC_FUNCTION(logical_not),
      {"cross_entropy",
       [](const TensorList &x, Location at) {
         return F::cross_entropy(x[0], x[1], {}, at);
       }},
      {"nll_loss", [](const TensorList &x,
                      Location at) { return F::nll_loss(x[0], x[1], {}, at); }},
      {"mse_loss", [](const TensorList &x,
                      Location at) { return F::mse_loss(x[0], x[1], {}, at); }},
  };
#undef TENSORC_FUNCTION
#undef TENSORC_BINARY
  return functions;
}

std::vector<DTypeCase> read_cases() {
  json stored = read_oracle("dtypes.json");
  std::vector<DTypeCase> cases;
  for (const json &entry : stored["cases"]) {
    std::string op = entry["op"];
    const OpInfo *info = find_op(op);
    if (!info)
      throw std::invalid_argument("no op " + op);
    DTypeCase item;
    item.info = info;
    item.group = op;
    item.name = op;
    for (const json &operand : entry["operands"]) {
      item.name += " " + operand.get<std::string>();
      item.operands.push_back(
          tensor_of(stored["tensors"][std::string(operand)]));
    }
    Attributes attributes;
    for (std::string_view key : info->attributes)
      attributes.set(std::string(key),
                     attribute_of(entry["attributes"].at(std::string(key))));
    item.name += " " + entry["attributes"].dump();
    item.call = [=](const TensorList &operands) {
      return Executor::current().execute(
          {*info, operands, attributes, Location::current()})[0];
    };
    if (!entry["result"].is_null())
      item.expected = tensor_of(entry["result"]);
    item.ulp = entry["ulp"];
    cases.push_back(std::move(item));
  }
  for (const json &entry : stored["numbers"]) {
    std::string function = entry["function"];
    DTypeCase item;
    item.group = "number_" + function;
    item.name = function + " " + std::string(entry["operand"]) + " " +
                entry["number"].dump();
    item.operands = {
        tensor_of(stored["tensors"][std::string(entry["operand"])])};
    Scalar value = number(entry["number"]);
    NumberFunction apply = number_functions().at(function);
    item.call = [=](const TensorList &operands) {
      return apply(operands[0], value, Location::current());
    };
    if (!entry["result"].is_null())
      item.expected = tensor_of(entry["result"]);
    cases.push_back(std::move(item));
  }
  for (const json &entry : stored["calls"]) {
    std::string function = entry["function"];
    DTypeCase item;
    item.group = "call_" + function;
    item.name = function;
    for (const json &operand : entry["operands"]) {
      item.name += " " + operand.get<std::string>();
      item.operands.push_back(
          tensor_of(stored["tensors"][std::string(operand)]));
    }
    Function apply = tensor_functions().at(function);
    item.call = [=](const TensorList &operands) {
      return apply(operands, Location::current());
    };
    if (!entry["result"].is_null())
      item.expected = tensor_of(entry["result"]);
    item.ulp = entry["ulp"];
    cases.push_back(std::move(item));
  }
  return cases;
}

double unit_of(DType dtype, double value) {
  int exponent;
  std::frexp(value, &exponent);
  return std::ldexp(1.0, exponent - info_of(dtype).digits);
}

void export_cases(ModelExport &model, bool folded) {
  std::map<std::string, std::vector<const DTypeCase *>> groups;
  for (const DTypeCase &item : dtype_cases())
    if (item.expected)
      groups[item.group].push_back(&item);
  for (auto &[group, items] : groups) {
    NamedTensors inputs;
    if (!folded)
      for (const DTypeCase *item : items)
        for (const Tensor &operand : item->operands)
          inputs.emplace_back("i" + std::to_string(inputs.size()), operand);
    model.function(
        "f_" + group, inputs, [=, items = items](const TensorList &arguments) {
          Outputs outputs;
          std::size_t next = 0;
          for (const DTypeCase *item : items) {
            TensorList operands = item->operands;
            if (!folded)
              for (Tensor &operand : operands)
                operand = arguments[next++];
            outputs.emplace_back("o" + std::to_string(outputs.size()),
                                 item->call(operands));
          }
          return outputs;
        });
  }
}

void check(const Results &results, const std::string &mode) {
  std::map<std::string, std::size_t> next;
  for (const DTypeCase &item : dtype_cases())
    if (item.expected) {
      auto found = results.find("f_" + item.group);
      ASSERT_NE(found, results.end()) << item.group;
      std::size_t i = next[item.group]++;
      ASSERT_LT(i, found->second.size()) << item.name;
      expect_same(found->second[i], item, mode);
    }
}

} // namespace

const std::vector<DTypeCase> &dtype_cases() {
  static const std::vector<DTypeCase> cases = read_cases();
  return cases;
}

/// How an element is wrong, or "".
static std::string difference(const char *received, const char *expected,
                              DType dtype, int ulp) {
  std::ostringstream text;
  text.precision(17);
  if (!is_floating_point(dtype)) {
    std::int64_t x = read_int(received, dtype), y = read_int(expected, dtype);
    if (x != y)
      text << x << ", expected " << y;
    return text.str();
  }
  double x = read_double(received, dtype), y = read_double(expected, dtype);
  bool good = x == y || (std::isnan(x) && std::isnan(y)) ||
              std::abs(x - y) <= ulp * unit_of(dtype, y);
  if (!good)
    text << x << ", expected " << y;
  return text.str();
}

void expect_same(const Tensor &received, const DTypeCase &item,
                 const std::string &mode) {
  const Tensor &expected = *item.expected;
  ASSERT_EQ(to_string(received.type()), to_string(expected.type()))
      << item.name;
  DType dtype = expected.dtype();
  Tensor dense = received.is_contiguous() ? received : received.clone();
  const char *a = address(*dense.impl()), *b = address(*expected.impl());
  std::size_t step = size_of(dtype);
  for (std::int64_t i = 0; i < expected.numel(); ++i, a += step, b += step) {
    std::string wrong = difference(a, b, dtype, item.ulp);
    if (!wrong.empty())
      FAIL() << item.name << " [" << i << "]: " << wrong;
  }
  if (item.info)
    Records::add_result(*item.info, mode, item.operands, received);
}

std::unique_ptr<StoredModel> dtype_model(bool folded) {
  auto result = std::make_unique<StoredModel>();
  export_cases(result->model, folded);
  for (const DTypeCase &item : dtype_cases())
    if (item.expected)
      result->outputs["f_" + item.group].push_back(item.expected->type());
  result->check = check;
  return result;
}

} // namespace tensorc::test
