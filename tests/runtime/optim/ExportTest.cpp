//===- ExportTest.cpp - What a model file hands over ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/tensorc.h"

#include <gtest/gtest.h>

using namespace tensorc;

namespace {

struct Net : nn::Module {
  nn::Linear fc = register_module("fc", nn::Linear(3, 2));
  Tensor steps = register_buffer("steps", zeros({}, kInt64));
};

struct Fixture {
  std::shared_ptr<Net> net = std::make_shared<Net>();
  std::shared_ptr<optim::SGD> sgd = std::make_shared<optim::SGD>(
      net->parameters(), optim::SGDOptions{.momentum = 0.5, .dampening = 0.5});
  ModelExport model;
};

/// What `action` is told, and that it is told on this file's line.
std::string message(auto &&action) {
  try {
    action();
  } catch (const Error &error) {
    EXPECT_TRUE(error.location());
    EXPECT_NE(std::string(error.what()).find("ExportTest.cpp:"),
              std::string::npos);
    return error.message();
  }
  return "no error";
}

Outputs nothing(const TensorList &) { return {}; }

TEST(Export, StateIsNamedByPath) {
  Fixture f;
  f.model.module(f.net);
  f.model.optimizer("sgd", f.sgd);
  f.model.state("temperature", ones({}));
  std::vector<std::string> found;
  for (const ModelExport::State &state : f.model.state())
    found.push_back(state.name + " " + std::to_string(int(state.role)));
  EXPECT_EQ(found, (std::vector<std::string>{
                       "fc.weight 0", "fc.bias 0", "steps 1", "sgd.lr 2",
                       "sgd.step 2", "sgd.momentum_buffer.fc.weight 2",
                       "sgd.momentum_buffer.fc.bias 2", "temperature 1"}));
  const ModelExport::State *weight =
      f.model.find_state(f.net->fc->weight.impl().get());
  ASSERT_NE(weight, nullptr);
  EXPECT_EQ(weight->name, "fc.weight");
  EXPECT_EQ(f.model.find_state(nullptr), nullptr);
}

TEST(Export, ModulesMayHavePrefixes) {
  ModelExport model;
  model.module("left", std::make_shared<Net>());
  model.module("right", std::make_shared<Net>());
  EXPECT_EQ(model.state()[0].name, "left.fc.weight");
  EXPECT_EQ(model.state()[3].name, "right.fc.weight");
}

TEST(Export, TiedWeightsAreOneState) {
  // In one module, and in two.
  auto both = std::make_shared<nn::Module>();
  nn::Linear encoder(3, 3), decoder(3, 3);
  both->register_module("encoder", encoder);
  both->register_module("tied", encoder);
  ModelExport model;
  model.module("a", both);
  model.module("b", encoder.ptr());
  ASSERT_EQ(model.state().size(), 2u);
  EXPECT_EQ(model.state()[0].name, "a.encoder.weight");
  EXPECT_EQ(model.state()[0].aliases,
            (std::vector<std::string>{"a.tied.weight", "b.weight"}));
  EXPECT_EQ(message([&] { model.state("b.weight", ones({1})); }),
            "[export] the state `b.weight` is there twice");
}

TEST(Export, FunctionsAreCalledWithTheirInputs) {
  ModelExport model;
  model.function("twice", {{"x", ones({2})}}, [](const TensorList &in) {
    return Outputs{{"y", in[0].reshape({1, 2})}};
  });
  const ModelExport::Function *twice = model.find_function("twice");
  ASSERT_NE(twice, nullptr);
  EXPECT_EQ(model.find_function("thrice"), nullptr);
  EXPECT_GT(twice->location.line(), 0u);
  Outputs outputs = twice->call({ones({2})});
  EXPECT_EQ(outputs[0].first, "y");
  EXPECT_EQ(outputs[0].second.shape(), (Shape{1, 2}));
}

TEST(Export, BadNamesAreErrors) {
  Fixture f;
  auto function = [&](const std::string &name, NamedTensors inputs = {}) {
    return message([&] { f.model.function(name, inputs, nothing); });
  };
  EXPECT_EQ(function("2nd"),
            "[export] the name `2nd` of a function is no name in C: expected "
            "letters, digits and `_`, no digit first; for example `x_2nd` can "
            "be");
  EXPECT_EQ(function("class"),
            "[export] the name `class` of a function is a keyword of C or C++; "
            "for example `class_function` can be");
  EXPECT_EQ(function("errno"),
            "[export] the name `errno` of a function is a macro of the "
            "standard headers; for example `errno_function` can be");
  EXPECT_EQ(function("load"),
            "[export] the name `load` of a function is a name of the generated "
            "header's own; for example `load_function` can be");
  EXPECT_EQ(function("f", {{"a b", ones({1})}}),
            "[export] the name `a b` of an input is no name in C: expected "
            "letters, digits and `_`, no digit first; for example `a_b` can "
            "be");
  EXPECT_EQ(function("f", {{"a", ones({1})}, {"a", ones({1})}}),
            "[export] the function `f` has the input `a` twice");
  EXPECT_EQ(function("f", {{"a", Tensor()}}),
            "[export] the input `a` of `f` is undefined");
  EXPECT_EQ(function("f"), "no error");
  EXPECT_EQ(function("f"), "[export] the function `f` is there twice");
  EXPECT_EQ(message([&] { f.model.function("g", {}, nullptr); }),
            "[export] the function `g` has no body");
}

TEST(Export, BadOutputsAreErrors) {
  ModelExport model;
  auto call = [&](const char *name, Outputs outputs) {
    model.function(name, {{"x", ones({1})}},
                   [=](const TensorList &) { return outputs; });
    return message([&] { model.find_function(name)->call({ones({1})}); });
  };
  EXPECT_EQ(call("a", {{"x", ones({1})}}),
            "[export] the function `a` has an input or output `x` already");
  EXPECT_EQ(call("b", {{"y", Tensor()}}),
            "[export] the output `y` of `b` is undefined");
  EXPECT_EQ(call("c", {{"", ones({1})}}),
            "[export] the name `` of an output is no name in C: expected "
            "letters, digits and `_`, no digit first; for example `x_` can "
            "be");
}

TEST(Export, BadStateIsAnError) {
  Fixture f;
  EXPECT_EQ(message([&] { f.model.optimizer("sgd", f.sgd); }),
            "[export] a parameter of the optimizer `sgd` of type float32[2, 3] "
            "belongs to no module of this model (`model.module` comes first)");
  EXPECT_EQ(message([&] { f.model.module(std::shared_ptr<nn::Module>()); }),
            "[export] the module is null");
  EXPECT_EQ(message([&] { f.model.optimizer("sgd", nullptr); }),
            "[export] the optimizer `sgd` is null");
  f.model.module(f.net);
  EXPECT_EQ(message([&] { f.model.module(f.net); }),
            "[export] the state `fc.weight` is there twice");
  EXPECT_EQ(message([&] { f.model.state("w", f.net->fc->weight); }),
            "[export] the tensor of `w` is the state `fc.weight` already");
  f.model.optimizer("sgd", f.sgd);
  EXPECT_EQ(message([&] { f.model.optimizer("again", f.sgd); }),
            "[export] the tensor of `again.lr` is the state `sgd.lr` already");
  EXPECT_EQ(message([&] { f.model.state("w", Tensor()); }),
            "[export] the state `w` is undefined");
}

} // namespace
