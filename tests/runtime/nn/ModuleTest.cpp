//===- ModuleTest.cpp - Modules, layers and losses ------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/tensorc.h"
#include "tests/oracle/Stored.h"
#include "tests/runtime/autograd/Device.h"

#include <gtest/gtest.h>
#include <sstream>

using namespace tensorc;
using namespace tensorc::test;

namespace {

using Values = std::vector<double>;
using Names = std::vector<std::string>;

class ModuleTest : public testing::Test {
protected:
  void SetUp() override { use_device(); }
};

std::string message(auto &&action) {
  try {
    action();
  } catch (const Error &error) {
    EXPECT_TRUE(error.location());
    return error.message();
  }
  return "no error";
}

std::string text(const auto &value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

Names names_of(const NamedTensors &tensors) {
  Names names;
  for (const auto &[name, tensor] : tensors)
    names.push_back(name);
  return names;
}

struct Net : nn::Module {
  nn::Sequential features = register_module(
      "features",
      nn::Sequential(
          nn::Conv2d(1, 6, 3), nn::ReLU(), nn::MaxPool2d(2),
          nn::Conv2d(6, 4, {3, 5},
                     {.stride = {2, 1},
                      .padding = 1,
                      .dilation = 2,
                      .groups = 2,
                      .bias = false}),
          nn::MaxPool2d({2, 3}, {.stride = 1, .padding = 1, .ceil_mode = true}),
          nn::Flatten()));
  nn::Linear fc = register_module("fc", nn::Linear(4, 2, {.bias = false}));
};

struct Counter : nn::Module {
  Tensor scale = register_parameter("scale", ones({2}));
  Tensor count = register_buffer("count", zeros({}, kInt64));
  nn::Linear inner = register_module("inner", nn::Linear(2, 2));
};

TEST_F(ModuleTest, PrintsAsPyTorch) {
  json stored = read_oracle("core.json")["modules"];
  EXPECT_EQ(text(Net()), stored["Net"].get<std::string>());
  EXPECT_EQ(text(nn::Linear(3, 4)), stored["Linear"].get<std::string>());
  EXPECT_EQ(text(nn::MSELoss()), stored["MSELoss"].get<std::string>());
  EXPECT_EQ(text(nn::CrossEntropyLoss()),
            stored["CrossEntropyLoss"].get<std::string>());
  EXPECT_EQ(text(nn::SequentialImpl()),
            stored["Sequential"].get<std::string>());
}

/// A layer's text and what it makes of an image, as stored: weights are sin(1),
/// sin(2), …, images cos(0), cos(0.7), …
template <typename Impl>
void expect_as_pytorch(const nn::ModuleHolder<Impl> &layer, const json &item) {
  std::string name = item["text"];
  SCOPED_TRACE(name);
  EXPECT_EQ(text(layer), name);
  auto filled = [](const Shape &shape, auto &&value) {
    Values values(std::size_t(zeros(shape).numel()));
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = value(double(i));
    return from_vector(values, shape);
  };
  layer->to(kFloat64);
  for (const Tensor &parameter : layer->parameters())
    parameter.detach().copy_(
        filled(parameter.shape(), [](double i) { return std::sin(i + 1); }));
  Tensor result =
      layer->forward(filled(item["input"].get<std::vector<std::int64_t>>(),
                            [](double i) { return std::cos(0.7 * i); }));
  EXPECT_EQ(result.shape(), item["shape"].get<std::vector<std::int64_t>>());
  Values values = result.to_vector(), expected = item["data"];
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_NEAR(values[i], expected[i], 1e-14) << i;
}

TEST_F(ModuleTest, WindowsAreThoseOfPyTorch) {
  json stored = read_oracle("core.json")["modules"]["windows"];
  auto item = stored.begin();
  auto expect = [&](const auto &layer) { expect_as_pytorch(layer, *item++); };
  expect(nn::Conv1d(2, 4, 3));
  expect(nn::Conv1d(4, 2, 2,
                    {.stride = 2, .padding = 1, .dilation = 3, .groups = 2}));
  expect(nn::MaxPool1d(2));
  expect(nn::MaxPool1d(
      3, {.stride = 2, .padding = 1, .dilation = 2, .ceil_mode = true}));
  expect(nn::AvgPool1d(3));
  expect(nn::AvgPool1d(3, {.stride = 2,
                           .padding = 1,
                           .ceil_mode = true,
                           .count_include_pad = false}));
  expect(nn::AvgPool2d(2));
  expect(nn::AvgPool2d({2, 3}, {.stride = {1, 2}, .padding = {1, 0}}));
  expect(nn::Conv3d(1, 2, 2));
  expect(
      nn::Conv3d(1, 2, {1, 2, 3},
                 {.stride = {1, 2, 1}, .padding = {0, 1, 1}, .bias = false}));
  expect(nn::MaxPool3d(2));
  expect(nn::MaxPool3d({1, 2, 3}, {.stride = 1, .padding = {0, 1, 1}}));
  expect(nn::AvgPool3d({1, 2, 3}, {.padding = {0, 1, 1}}));
  EXPECT_EQ(item, stored.end());
}

TEST_F(ModuleTest, NamesAreThoseOfPyTorch) {
  EXPECT_EQ(names_of(Net().named_parameters()),
            (Names{"features.0.weight", "features.0.bias", "features.3.weight",
                   "fc.weight"}));
  Counter counter;
  EXPECT_EQ(names_of(counter.state_dict()),
            (Names{"scale", "count", "inner.weight", "inner.bias"}));
  EXPECT_EQ(names_of(counter.named_buffers()), (Names{"count"}));
  EXPECT_EQ(counter.parameters().size(), 3u);
  EXPECT_EQ(counter.parameters(false).size(), 1u);
  EXPECT_TRUE(counter.scale.requires_grad());
  EXPECT_TRUE(counter.parameters()[0].is(counter.scale));
}

TEST_F(ModuleTest, InitialisationIsPyTorchs) {
  manual_seed(3);
  nn::Conv2d conv(8, 16, {3, 5}, {.groups = 2});
  EXPECT_EQ(conv->weight.shape(), (Shape{16, 4, 3, 5}));
  double bound = 1 / std::sqrt(4.0 * 3 * 5);
  for (const Tensor &parameter : conv->parameters()) {
    double sum = 0, largest = 0;
    for (double value : parameter.to_vector()) {
      sum += value;
      largest = std::max(largest, std::fabs(value));
    }
    EXPECT_LE(largest, bound * (1 + 1e-6));
    EXPECT_GT(largest, bound * 0.7);
    EXPECT_NEAR(sum / double(parameter.numel()), 0, bound / 2);
  }
  manual_seed(3);
  nn::Conv2d again(8, 16, {3, 5}, {.groups = 2});
  EXPECT_EQ(again->weight.to_vector(), conv->weight.to_vector());
}

TEST_F(ModuleTest, StateIsLoadedByName) {
  Counter a, b;
  a.scale.detach().fill_(7);
  a.count.fill_(3);
  b.load_state_dict(a.state_dict());
  EXPECT_EQ(b.scale.to_vector(), (Values{7, 7}));
  EXPECT_EQ(b.count.item(), 3);
  EXPECT_EQ(b.inner->weight.to_vector(), a.inner->weight.to_vector());
  EXPECT_FALSE(b.scale.is(a.scale));
  EXPECT_TRUE(b.scale.is_leaf());

  NamedTensors state = {{"scale", ones({3})}, {"other", ones({1})}};
  EXPECT_EQ(message([&] { b.load_state_dict(state); }),
            "[Counter] loading state: `scale` expected shape [2], received "
            "[3]; `count` is missing; `inner.weight` is missing; `inner.bias` "
            "is missing; `other` is not expected");
  EXPECT_EQ(b.scale.to_vector(), (Values{7, 7}));
  b.load_state_dict({{"scale", zeros({2})}, {"other", ones({1})}}, false);
  EXPECT_EQ(b.scale.to_vector(), (Values{0, 0}));
}

TEST_F(ModuleTest, TiedWeightsAreLoadedByAnyName) {
  struct Tied : nn::Module {
    Tensor w = ones({2});
    std::shared_ptr<nn::Module> encoder = std::make_shared<nn::Module>();
    std::shared_ptr<nn::Module> decoder = std::make_shared<nn::Module>();
    Tied() {
      encoder->register_parameter("w", w);
      decoder->register_parameter("w", w);
      register_module("encoder", encoder);
      register_module("decoder", decoder);
      // A module in two places, and a buffer of two names.
      register_module("again", decoder);
      Tensor count = zeros({}, kInt64);
      register_buffer("count", count);
      register_buffer("steps", count);
    }
  } net;
  // In the order of PyTorch.
  EXPECT_EQ(names_of(net.state_dict()),
            (Names{"count", "steps", "encoder.w", "decoder.w", "again.w"}));
  EXPECT_TRUE(net.state_dict()[0].second.is(net.state_dict()[1].second));
  net.load_state_dict(net.state_dict());
  EXPECT_EQ(names_of(net.named_parameters(true, false)),
            (Names{"encoder.w", "decoder.w", "again.w"}));
  EXPECT_EQ(names_of(net.named_buffers(true, false)),
            (Names{"count", "steps"}));
  Tensor two = full({2}, 2), three = full({2}, 3);
  Tensor count = full({}, 7, kInt64);
  net.load_state_dict({{"encoder.w", two}, {"count", count}});
  EXPECT_EQ(net.w.to_vector(), (Values{2, 2}));
  net.load_state_dict({{"again.w", three}, {"steps", count}});
  EXPECT_EQ(net.w.to_vector(), (Values{3, 3}));
  // All, one of them in another type; NaN is NaN.
  Tensor nan = full({2}, std::nan(""));
  net.load_state_dict({{"decoder.w", nan},
                       {"encoder.w", nan.to(kFloat64)},
                       {"again.w", nan},
                       {"count", count},
                       {"steps", count}});
  EXPECT_TRUE(std::isnan(net.w.to_vector()[0]));
  net.load_state_dict({{"decoder.w", two}}, /*strict=*/false);
  EXPECT_EQ(net.w.to_vector(), (Values{2, 2}));
  EXPECT_EQ(message([&] {
              net.load_state_dict(
                  {{"encoder.w", three}, {"again.w", two}, {"count", count}},
                  /*strict=*/false);
            }),
            "[Tied] loading state: `encoder.w` and `again.w` are one tensor, "
            "received different values for them");
  EXPECT_EQ(message([&] { net.load_state_dict({{"again.v", two}}); }),
            "[Tied] loading state: `count` is missing; `encoder.w` is missing; "
            "`again.v` is not expected");
  EXPECT_EQ(message([&] {
              net.load_state_dict({{"encoder.w", ones({3})}, {"steps", count}});
            }),
            "[Tied] loading state: `encoder.w` expected shape [2], received "
            "[3]");
  EXPECT_EQ(net.w.to_vector(), (Values{2, 2}));
}

TEST_F(ModuleTest, HoldersCallAnyForward) {
  struct PlainImpl : nn::Module {
    Tensor forward(const Tensor &x) { return x * 2; }
  };
  struct TwoImpl : nn::Module {
    std::pair<Tensor, Tensor> forward(const Tensor &x, const Tensor &h) {
      return {x + h, x - h};
    }
  };
  struct OtherImpl : nn::Module {
    Tensor forward(const Tensor &x, double factor) { return x * factor; }
    Tensor forward(const Tensor &x, const Tensor &y, const Tensor &z) {
      return x + y + z;
    }
    Tensor forward() { return full({2}, 9); }
    Tensor forward(const TensorList &list) { return cat(list); }
  };
  struct PlacedImpl : nn::Module {
    Tensor forward(const Tensor &x, Location location = Location::current()) {
      return x.reshape({-1, 5}, location);
    }
  };
  Tensor x = ones({2});
  nn::ModuleHolder<PlainImpl> plain(std::make_shared<PlainImpl>());
  EXPECT_EQ(plain(x).to_vector(), (Values{2, 2}));
  EXPECT_EQ(nn::Sequential(plain, plain)(x).to_vector(), (Values{4, 4}));
  nn::ModuleHolder<TwoImpl> two(std::make_shared<TwoImpl>());
  EXPECT_EQ(two(x, x).first.to_vector(), (Values{2, 2}));
  nn::ModuleHolder<OtherImpl> other(std::make_shared<OtherImpl>());
  EXPECT_EQ(other(x, 3.0).to_vector(), (Values{3, 3}));
  EXPECT_EQ(other(x, x, x).to_vector(), (Values{3, 3}));
  EXPECT_EQ(other().to_vector(), (Values{9, 9}));
  EXPECT_EQ(other(TensorList{x, x}).numel(), 4);
  nn::ModuleHolder<PlacedImpl> placed(std::make_shared<PlacedImpl>());
  unsigned line = __LINE__ + 2;
  try {
    placed(x);
    FAIL() << "reshaped 2 elements to rows of 5";
  } catch (const Error &error) {
    EXPECT_EQ(error.location()->line(), line);
  }
}

struct ScaleOptions {
  double by = 2;
  bool twice = false;
};
struct ScaleImpl : nn::Module {
  explicit ScaleImpl(std::int64_t size, ScaleOptions options = {})
      : size(size), by(options.twice ? 2 * options.by : options.by) {
    if (size == 0)
      (void)ones({2}).reshape({3}); // line_of_constructor
  }
  Tensor forward(const Tensor &x) const { return x * by; }
  std::int64_t size;
  double by;
};
constexpr unsigned line_of_constructor = __LINE__ - 6;
using Scale = nn::Handle<ScaleImpl(std::int64_t, ScaleOptions)>;
using PlainScale = nn::Handle<ScaleImpl>;

TEST_F(ModuleTest, HandlesMakeModules) {
  Tensor x = ones({1});
  Scale plain(3), doubled(3, {.by = 5, .twice = true}), copy = plain,
                                                        none = nullptr;
  EXPECT_EQ(plain(x).item(), 2);
  EXPECT_EQ(doubled(x).item(), 10);
  EXPECT_EQ(copy.get(), plain.get());
  EXPECT_FALSE(none);
  none = doubled;
  EXPECT_EQ(none.get(), doubled.get());
  Scale shared(plain.ptr()), converted = nn::ModuleHolder<ScaleImpl>(plain);
  EXPECT_EQ(shared.get(), plain.get());
  EXPECT_EQ(converted.get(), plain.get());

  PlainScale other(3, ScaleOptions{.by = 7}), same(other), again = other;
  const PlainScale &constant = other;
  PlainScale more(constant), moved(PlainScale(4)), of(plain.ptr());
  EXPECT_EQ(other(x).item(), 7);
  for (const PlainScale &each : {same, again, more})
    EXPECT_EQ(each.get(), other.get());
  EXPECT_EQ(moved->size, 4);
  EXPECT_EQ(of.get(), plain.get());

  nn::Sequential all(plain, other, nn::Sequential(doubled)), alias(all);
  EXPECT_EQ(all(x).item(), 140);
  EXPECT_EQ(alias.get(), all.get());
  nn::Module parent;
  Scale child = parent.register_module("scale", Scale(3, {}));
  EXPECT_EQ(parent.named_children()[0].second, child.ptr());
}

/// The library's layers are put on the line that makes them; what a user's own
/// constructor does, on its own.
TEST_F(ModuleTest, HandlesKnowLines) {
  auto line_of = [](auto &&action) {
    try {
      action();
    } catch (const Error &error) {
      return error.location()->line();
    }
    return 0u;
  };
  unsigned line = __LINE__;
  EXPECT_EQ(line_of([] { nn::Linear(-1, 2); }), line + 1);
  EXPECT_EQ(line_of([] { nn::Linear(-1, 2, {.bias = 0}); }), line + 2);
  EXPECT_EQ(line_of([] { nn::Conv2d(1, 2, {0, 3}); }), line + 3);
  Location here = Location::current();
  EXPECT_EQ(line_of([&] { nn::Linear(-1, 2, {}, here); }), here.line());
  EXPECT_EQ(line_of([] { Scale(0); }), line_of_constructor);
  EXPECT_EQ(line_of([] { PlainScale(0); }), line_of_constructor);
}

TEST_F(ModuleTest, ModesGradientsAndTypesReachChildren) {
  Counter counter;
  EXPECT_TRUE(counter.inner->is_training());
  counter.eval();
  EXPECT_FALSE(counter.inner->is_training());
  counter.train();
  EXPECT_TRUE(counter.is_training());
  sum(counter.inner(counter.scale)).backward();
  EXPECT_TRUE(counter.inner->bias.grad().defined());
  counter.zero_grad();
  EXPECT_FALSE(counter.inner->bias.grad().defined());
  counter.to(kFloat64);
  EXPECT_EQ(counter.inner->weight.dtype(), kFloat64);
  EXPECT_EQ(counter.parameters()[1].dtype(), kFloat64);
  EXPECT_EQ(counter.count.dtype(), kInt64);
}

struct Broken : nn::Module {
  explicit Broken(const std::string &name) {
    register_module("a", nn::ReLU());
    register_module(name, nn::ReLU());
  }
};

TEST_F(ModuleTest, BadNamesAreErrors) {
  EXPECT_EQ(message([] { Broken("a"); }),
            "[Broken] the name `a` of a module is taken already");
  EXPECT_EQ(message([] { Broken(""); }),
            "[Broken] the name `` of a module can't be empty");
  EXPECT_EQ(message([] { Broken("a.b"); }),
            "[Broken] the name `a.b` of a module can't contain a dot");
  EXPECT_EQ(message([] {
              nn::Module().register_module("m", std::shared_ptr<nn::Module>());
            }),
            "[Module] the module `m` is null");
  EXPECT_EQ(message([] { nn::Conv2d(3, 4, 3, {.groups = 2}); }),
            "[Conv2d] expected channels that `groups` divides, received 3 to 4 "
            "in 2 groups");
  EXPECT_EQ(message([] { nn::Conv2d(1, 1, 0); }),
            "[Conv2d] expected a kernel of at least 1, received (0, 0)");
  EXPECT_EQ(message([] { nn::Linear(-1, 2); }),
            "[Linear] expected sizes of at least 0, received -1 and 2");
}

//===----------------------------------------------------------------------===//
// Layers and losses
//===----------------------------------------------------------------------===//

TEST_F(ModuleTest, LayersTakeOneOrManyImages) {
  nn::Conv2d conv(2, 3, 3, {.padding = 1});
  nn::MaxPool2d pool(2);
  EXPECT_EQ(conv(ones({5, 2, 8, 6})).shape(), (Shape{5, 3, 8, 6}));
  EXPECT_EQ(conv(ones({2, 8, 6})).shape(), (Shape{3, 8, 6}));
  EXPECT_EQ(pool(ones({2, 8, 6})).shape(), (Shape{2, 4, 3}));
  EXPECT_EQ(F::avg_pool2d(ones({2, 8, 6}), 2).shape(), (Shape{2, 4, 3}));
  EXPECT_EQ(nn::Linear(6, 4)(ones({5, 2, 6})).shape(), (Shape{5, 2, 4}));
  EXPECT_EQ(nn::Linear(6, 4)(ones({6})).shape(), (Shape{4}));
  EXPECT_EQ(nn::Flatten()(ones({2, 3, 4})).shape(), (Shape{2, 12}));
  EXPECT_EQ(nn::ReLU()(tensor({-1.0, 2.0})).to_vector(), (Values{0, 2}));
}

TEST_F(ModuleTest, StridesOfPoolsAreSizesOrLeftOut) {
  Tensor x = ones({1, 1, 7, 7});
  auto pooled = [&](const nn::MaxPool2dOptions &maximum,
                    const nn::AvgPool2dOptions &mean) {
    Shape shape = F::max_pool2d(x, 2, maximum).shape();
    EXPECT_EQ(F::avg_pool2d(x, 2, mean).shape(), shape);
    EXPECT_EQ(nn::MaxPool2d(2, maximum)(x).shape(), shape);
    EXPECT_EQ(nn::AvgPool2d(2, mean)(x).shape(), shape);
    return Shape(shape.begin() + 2, shape.end());
  };
  EXPECT_EQ(pooled({}, {}), (Shape{3, 3}));
  EXPECT_EQ(pooled({.stride = {}}, {.stride = std::nullopt}), (Shape{3, 3}));
  EXPECT_EQ(pooled({.stride = 1}, {.stride = {1}}), (Shape{6, 6}));
  EXPECT_EQ(pooled({.stride = {2, 1}}, {.stride = {{2, 1}}}), (Shape{3, 6}));
  std::optional<IntPair> stride;
  EXPECT_EQ(pooled({.stride = stride}, {.stride = stride}), (Shape{3, 3}));
  stride = {1, 2};
  EXPECT_EQ(pooled({.stride = IntPair(1, 2)}, {.stride = stride}),
            (Shape{6, 3}));
  nn::MaxPool2dOptions options = {.stride = {2, 1}};
  options.stride = {};
  EXPECT_FALSE(options.stride);
  options.stride = {1, 2};
  EXPECT_EQ(pooled(options, {.stride = options.stride}), (Shape{6, 3}));
  EXPECT_EQ(F::max_pool1d(ones({1, 1, 7}), 2, {.stride = {1}}).shape(),
            F::avg_pool1d(ones({1, 1, 7}), 2, {.stride = 1}).shape());
  EXPECT_EQ(F::max_pool3d(ones({1, 7, 7, 7}), 2, {.stride = {1, 2, 3}}).shape(),
            (Shape{1, 6, 3, 2}));
}

TEST_F(ModuleTest, CrossEntropyOfAllShapes) {
  nn::CrossEntropyLoss criterion;
  Tensor scores = tensor({{1.0, 2.0, 3.0}, {1.0, 1.0, 1.0}}, kFloat64);
  double first = criterion(scores[0], tensor({2}).view({})).item();
  EXPECT_NEAR(first, std::log(1 + std::exp(-1.0) + std::exp(-2.0)), 1e-12);
  double both = criterion(scores, tensor({2, 0})).item();
  EXPECT_NEAR(both, (first + std::log(3.0)) / 2, 1e-12);
  // [N, C, d]: the same rows, side by side.
  Tensor side = stack({scores[0], scores[1]}, 1).unsqueeze(0);
  EXPECT_NEAR(criterion(side, tensor({{2, 0}})).item(), both, 1e-12);
  Tensor each = F::cross_entropy(side, tensor({{2, 0}}), {.reduction = "none"});
  EXPECT_EQ(each.shape(), (Shape{1, 2}));
  // All ignored: 0 / 0.
  EXPECT_TRUE(std::isnan(criterion(scores, tensor({-100, -100})).item()));
}

TEST_F(ModuleTest, LossErrors) {
  Tensor scores = ones({2, 3});
  EXPECT_EQ(message([&] { F::cross_entropy(scores, tensor({0, 3})); }),
            "[cross_entropy] expected indices in [0, 3) or -100, received 3");
  EXPECT_EQ(message([&] { F::cross_entropy(scores, ones({2})); }),
            "[cross_entropy] expected targets that are classes, of type int64 "
            "or uint8, received float32[2]");
  EXPECT_EQ(
      message([&] { F::nll_loss(ones({2, 3, 4}), zeros({2, 3}, kInt64)); }),
      "[nll_loss] expected targets of shape [2, 4], received [2, 3]");
  EXPECT_EQ(
      message([&] { F::mse_loss(scores, scores, {.reduction = "average"}); }),
      "[mse_loss] expected a reduction `none`, `mean` or `sum`, received "
      "`average`");
  EXPECT_EQ(message([&] {
              F::conv2d(ones({1, 2, 4, 4}), ones({3, 2, 2, 2}), ones({2}));
            }),
            "[conv2d] expected bias of shape [3], received [2]");
}

TEST_F(ModuleTest, MSELossWarnsWhenItBroadcasts) {
  nn::MSELoss criterion;
  testing::internal::CaptureStderr();
  EXPECT_EQ(criterion(ones({2, 2}), zeros({2, 2})).item(), 1);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  testing::internal::CaptureStderr();
  unsigned line = __LINE__ + 1;
  EXPECT_EQ(criterion(ones({2, 1}), zeros({1, 3})).item(), 1);
  std::string warning = testing::internal::GetCapturedStderr();
  EXPECT_NE(warning.find("ModuleTest.cpp:" + std::to_string(line) +
                         ": warning: [mse_loss] the target's shape [1, 3] "
                         "differs from the input's [2, 1]"),
            std::string::npos)
      << warning;
}

} // namespace
