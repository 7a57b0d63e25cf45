//===- DTypesTest.cpp - Each op on each element type ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The cases of tests/oracle/dtypes.json in each mode: compiled with operands as
// inputs and with operands that are constants, for each CPU that the machine
// can run, with and without optimization; and eagerly, on operands of two
// layouts. What a type doesn't take has to be an error at the line below.
//
//===----------------------------------------------------------------------===//

#include "compiler/frontend/Frontend.h"
#include "dialects/kernel/KernelDialect.h"
#include "runtime/core/Dense.h"
#include "tensorc/executor.h"
#include "tensorc/export.h"
#include "tensorc/tensorc.h"
#include "tests/e2e/CompiledModel.h"
#include "tests/oracle/Record.h"
#include "tests/oracle/Stored.h"

#include "mlir/IR/Diagnostics.h"

#include <cmath>
#include <gtest/gtest.h>
#include <map>

using namespace tensorc;
using namespace tensorc::test;

namespace {

/// One op on tensors, or a function of a tensor and a number.
struct Case {
  std::string name;
  std::string group;            ///< what is compiled as one function
  const OpInfo *info = nullptr; ///< the one op that it is of, or null
  TensorList operands;
  std::function<Tensor(const TensorList &)> call;
  std::optional<Tensor> expected; ///< none: it has to be refused
  int ulp = 0;
};

/// The lines that errors have to name.
constexpr const char *kFile = __builtin_FILE();

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

std::vector<Case> read_cases() {
  json stored = read_oracle("dtypes.json");
  std::vector<Case> cases;
  for (const json &entry : stored["cases"]) {
    std::string op = entry["op"];
    const OpInfo *info = find_op(op);
    if (!info)
      throw std::invalid_argument("no op " + op);
    Case item;
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
    Case item;
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
    Case item;
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

const std::vector<Case> &all_cases() {
  static const std::vector<Case> cases = read_cases();
  return cases;
}

//===----------------------------------------------------------------------===//
// Comparison
//===----------------------------------------------------------------------===//

/// The distance of two numbers of a type around `value`.
double unit_of(DType dtype, double value) {
  int exponent;
  std::frexp(value, &exponent);
  return std::ldexp(1.0, exponent - info_of(dtype).digits);
}

void expect_same(const Tensor &received, const Case &item,
                 const std::string &mode) {
  const Tensor &expected = *item.expected;
  ASSERT_EQ(to_string(received.type()), to_string(expected.type()))
      << item.name;
  DType dtype = expected.dtype();
  Tensor dense = received.is_contiguous() ? received : received.clone();
  const char *a = address(*dense.impl()), *b = address(*expected.impl());
  std::size_t step = size_of(dtype);
  for (std::int64_t i = 0; i < expected.numel(); ++i, a += step, b += step) {
    if (!is_floating_point(dtype)) {
      ASSERT_EQ(read_int(a, dtype), read_int(b, dtype))
          << item.name << " [" << i << "]";
      continue;
    }
    double x = read_double(a, dtype), y = read_double(b, dtype);
    bool good = x == y || (std::isnan(x) && std::isnan(y)) ||
                std::abs(x - y) <= item.ulp * unit_of(dtype, y);
    ASSERT_TRUE(good) << item.name << " [" << i << "]: " << x << ", expected "
                      << y;
  }
  if (item.info)
    Records::add_result(*item.info, mode, item.operands, received);
}

//===----------------------------------------------------------------------===//
// Modes
//===----------------------------------------------------------------------===//

/// A function for each group, on inputs or on constants.
void export_cases(ModelExport &model, bool folded) {
  std::map<std::string, std::vector<const Case *>> groups;
  for (const Case &item : all_cases())
    if (item.expected)
      groups[item.group].push_back(&item);
  for (auto &[group, items] : groups) {
    NamedTensors inputs;
    if (!folded)
      for (const Case *item : items)
        for (const Tensor &operand : item->operands)
          inputs.emplace_back("i" + std::to_string(inputs.size()), operand);
    model.function(
        "f_" + group, inputs, [=, items = items](const TensorList &arguments) {
          Outputs outputs;
          std::size_t next = 0;
          for (const Case *item : items) {
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

/// Whatever is wrong with a kernel is said of the model's line.
void expect_lines(compiler::Phase phase, mlir::ModuleOp module) {
  if (phase != compiler::Phase::Kernels)
    return;
  module.walk([](kernel::FuncOp kernel) {
    kernel.walk([](mlir::Operation *op) {
      EXPECT_FALSE(llvm::isa<mlir::UnknownLoc>(op->getLoc()))
          << op->getName().getStringRef().str();
    });
  });
}

class DTypes : public testing::TestWithParam<Machine> {
protected:
  void check(bool folded) {
    std::optional<compiler::Options> options = GetParam().options();
    if (!options)
      GTEST_SKIP() << "the machine is no " << GetParam().cpu->name.str();
    options->afterPhase = expect_lines;
    ModelExport model;
    export_cases(model, folded);
    std::map<std::string, TensorList> results = run_compiled(model, *options);
    std::map<std::string, std::size_t> next;
    for (const Case &item : all_cases())
      if (item.expected) {
        const TensorList &received = results["f_" + item.group];
        std::size_t i = next[item.group]++;
        ASSERT_LT(i, received.size()) << item.name;
        expect_same(received[i], item, "compiled");
      }
  }
};

TEST_P(DTypes, OfInputs) { check(false); }
INSTANTIATE_TEST_SUITE_P(Compiled, DTypes, testing::ValuesIn(machines()),
                         [](const auto &info) { return name(info.param); });

using FoldedDTypes = DTypes;
TEST_P(FoldedDTypes, OfConstants) { check(true); }
INSTANTIATE_TEST_SUITE_P(Compiled, FoldedDTypes,
                         testing::ValuesIn(machines({3})),
                         [](const auto &info) { return name(info.param); });

/// The same elements, every second one of a larger tensor.
Tensor spread(const Tensor &tensor) {
  Tensor twice = cat({tensor.unsqueeze(-1), tensor.unsqueeze(-1)}, -1);
  return twice.select(-1, 0);
}

TEST(EagerDTypes, AreThoseOfPyTorch) {
  for (const Case &item : all_cases()) {
    if (!item.expected)
      continue;
    expect_same(item.call(item.operands), item, "eager");
    TensorList others;
    for (const Tensor &operand : item.operands)
      others.push_back(spread(operand));
    expect_same(item.call(others), item, "eager");
  }
}

TEST(EagerDTypes, AreRefused) {
  for (const Case &item : all_cases()) {
    if (item.expected)
      continue;
    try {
      Tensor result = item.call(item.operands);
      ADD_FAILURE() << item.name << " gives " << to_string(result.type());
    } catch (const Error &error) {
      ASSERT_TRUE(error.location()) << item.name << ": " << error.what();
      EXPECT_STREQ(error.location()->file_name(), kFile) << item.name;
    }
  }
}

TEST(CompiledDTypes, AreRefused) {
  for (const Case &item : all_cases()) {
    if (item.expected)
      continue;
    ModelExport model;
    NamedTensors inputs;
    for (const Tensor &operand : item.operands)
      inputs.emplace_back("i" + std::to_string(inputs.size()), operand);
    model.function("f", inputs, [&](const TensorList &operands) {
      return Outputs{{"o", item.call(operands)}};
    });
    mlir::MLIRContext context(compiler::dialects());
    bool named = false;
    std::string text;
    mlir::ScopedDiagnosticHandler handler(
        &context, [&](mlir::Diagnostic &diagnostic) {
          text += diagnostic.str() + "\n";
          auto at = llvm::dyn_cast<mlir::FileLineColLoc>(
              mlir::Location(diagnostic.getLocation()));
          named |= at && at.getFilename() == kFile;
        });
    // While tracing, in the library's words.
    EXPECT_TRUE(mlir::failed(compiler::traceModel(&context, model)))
        << item.name;
    EXPECT_TRUE(named) << item.name << ": " << text;
    EXPECT_TRUE(text.starts_with("[") &&
                text.find("] expected ") != std::string::npos)
        << item.name << ": " << text;
  }
}

/// Eagerly, at the line of the division; ChecksTest has compiled code.
TEST(DTypes, ADivisorOfZeroIsAnError) {
  for (DType dtype : {kUInt8, kInt8, kInt16, kInt32, kInt64})
    for (std::int64_t count : {3, 100000}) {
      Tensor divisors = ones({count}, dtype);
      divisors[count - 1] = 0;
      Location at = Location::current();
      try {
        remainder(TensorArg(divisors, at), TensorArg(divisors, at));
        ADD_FAILURE() << name(dtype) << " was divided by 0";
      } catch (const Error &error) {
        EXPECT_EQ(
            error.message(),
            "[remainder] expected divisors other than 0, received others");
        EXPECT_EQ(error.location()->line(), at.line());
      }
    }
}

} // namespace
