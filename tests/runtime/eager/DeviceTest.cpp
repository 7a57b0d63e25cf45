//===- DeviceTest.cpp - Tensors on devices --------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/autograd/Device.h"
#include "tensorc/io/tensors.h"
#include "tensorc/tensorc.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>
#include <sstream>

using namespace tensorc;

namespace {

using Values = std::vector<double>;

/// On a device `cuda`; the default is the CPU.
class DeviceTest : public testing::Test {
protected:
  void SetUp() override {
    test::use_device();
    set_default_device(kCPU);
  }
};

/// The words of the error, which must name this file and the line.
std::string message(auto &&action, Location here = Location::current()) {
  try {
    action();
  } catch (const Error &error) {
    std::string prefix = "DeviceTest.cpp:" + std::to_string(here.line()) + ": ";
    EXPECT_NE(std::string(error.what()).find(prefix), std::string::npos)
        << error.what();
    return error.message();
  }
  return "no error";
}
#define MESSAGE(...) message([&] { (void)(__VA_ARGS__); })

std::string printed(const Tensor &tensor) {
  std::ostringstream out;
  out << tensor;
  return out.str();
}

TEST_F(DeviceTest, Names) {
  EXPECT_EQ(Device("cpu"), kCPU);
  EXPECT_EQ(Device("cuda"), kCUDA);
  EXPECT_EQ(Device("cuda:0"), kCUDA);
  EXPECT_EQ(Device("cuda:12").index(), 12);
  EXPECT_EQ(Device(std::string("cuda:1")).str(), "cuda:1");
  EXPECT_NE(Device("cuda:1"), kCUDA);
  for (const char *wrong : {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:1 ",
                            "cpu:0", "cuda:99999999999"})
    EXPECT_EQ(MESSAGE(Device(wrong)),
              "expected a device `cpu`, `cuda` or `cuda:<number>`, received `" +
                  std::string(wrong) + "`");
  EXPECT_EQ(MESSAGE(zeros({2}, "tpu")),
            "expected a device `cpu`, `cuda` or `cuda:<number>`, received "
            "`tpu`");
}

TEST_F(DeviceTest, Creation) {
  EXPECT_EQ(zeros({2}).device(), kCPU);
  EXPECT_FALSE(zeros({2}).is_cuda());
  Tensor x = zeros({2, 3}, "cuda");
  EXPECT_EQ(x.device(), kCUDA);
  EXPECT_TRUE(x.is_cuda());
  EXPECT_EQ(x.to_vector(), Values(6));
  EXPECT_EQ(empty({2}, "cuda").to_vector(), Values(2));
  EXPECT_EQ(ones({2}, {kFloat64, "cuda"}).to_vector(), (Values{1, 1}));
  EXPECT_EQ(ones({3}, {kBool, "cuda"}).to_vector(), (Values{1, 1, 1}));
  EXPECT_EQ(full({2, 2}, 7, "cuda").to_vector(), (Values{7, 7, 7, 7}));
  EXPECT_EQ(full({}, INT64_MAX, "cuda").item<std::int64_t>(), INT64_MAX);
  EXPECT_EQ(full({2}, 1.5, {kFloat16, "cuda"}).to_vector(), (Values{1.5, 1.5}));
  EXPECT_EQ(arange(3, "cuda").to_vector(), (Values{0, 1, 2}));
  EXPECT_EQ(linspace(0, 1, 3, "cuda").to_vector(), (Values{0, 0.5, 1}));
  EXPECT_EQ(eye(2, {}, "cuda").to_vector(), (Values{1, 0, 0, 1}));
  EXPECT_EQ(tensor({{1, 2}, {3, 4}}, "cuda").to_vector(), (Values{1, 2, 3, 4}));
  EXPECT_EQ(from_vector(std::vector<int>{5, 6}, {2}, "cuda").to_vector(),
            (Values{5, 6}));
  EXPECT_EQ(x.numel() + zeros({0, 3}, "cuda").numel(), 6);
  EXPECT_EQ(zeros({0, 3}, "cuda").to_vector(), Values());
  for (const Tensor &like :
       {zeros_like(x), ones_like(x), full_like(x, 2), rand_like(x),
        randn_like(x), x.new_zeros({2}), x.new_ones({2}), x.new_full({2}, 3)})
    EXPECT_EQ(like.device(), kCUDA);
  EXPECT_EQ(zeros_like(x, kCPU).device(), kCPU);
}

TEST_F(DeviceTest, RandomNumbersAreTheSameEverywhere) {
  manual_seed(3);
  Values here = rand({7}).to_vector(), normal = randn({3}).to_vector();
  manual_seed(3);
  EXPECT_EQ(rand({7}, "cuda").to_vector(), here);
  EXPECT_EQ(randn({3}, "cuda").to_vector(), normal);
}

TEST_F(DeviceTest, TheDefaultDevice) {
  EXPECT_EQ(default_device(), kCPU);
  {
    DeviceGuard guard("cuda");
    EXPECT_TRUE(zeros({2}).is_cuda());
    EXPECT_TRUE(tensor({1.0}).is_cuda());
    EXPECT_TRUE(nn::Linear(2, 3)->weight.is_cuda());
    EXPECT_FALSE(zeros({2}, kCPU).is_cuda());
    float memory[] = {1};
    EXPECT_FALSE(from_blob(memory, {1}).is_cuda());
  }
  EXPECT_FALSE(zeros({2}).is_cuda());
}

TEST_F(DeviceTest, MovesAndConverts) {
  Tensor x = tensor({{1.5, 2.0}, {3.0, 4.0}});
  EXPECT_TRUE(x.to("cpu").is(x));
  Tensor y = x.to("cuda");
  EXPECT_TRUE(y.is_cuda());
  EXPECT_TRUE(y.to("cuda:0").is(y));
  EXPECT_TRUE(y.cuda().is(y));
  EXPECT_EQ(y.to_vector(), x.to_vector());
  Tensor z = y.to("cpu", kFloat64);
  EXPECT_EQ(z.device(), kCPU);
  EXPECT_EQ(z.dtype(), kFloat64);
  EXPECT_EQ(z.to_vector(), x.to_vector());
  EXPECT_TRUE(y.cpu().to_vector() == x.to_vector());
  // Views arrive as what they show.
  EXPECT_EQ(x.t().to("cuda").to_vector(), x.t().to_vector());
  EXPECT_EQ(y.t().cpu().to_vector(), x.t().to_vector());
  EXPECT_EQ(y[1].cpu().to_vector(), (Values{3, 4}));
  Tensor large = arange(700000);
  EXPECT_EQ(large.to("cuda").cpu().to_vector(), large.to_vector());
}

TEST_F(DeviceTest, EveryWidthIsCopied) {
  for (DType dtype : {kBool, kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16,
                      kBFloat16, kFloat32, kFloat64}) {
    Tensor x = tensor({{0, 1, 0}, {1, 1, 0}}, dtype);
    Tensor there = x.to("cuda").t().contiguous();
    EXPECT_EQ(there.to_vector(), x.t().to_vector()) << name(dtype);
    EXPECT_EQ(there.dtype(), dtype);
  }
}

TEST_F(DeviceTest, ViewsOfManyDimensions) {
  Tensor x = arange(64).view({2, 2, 2, 2, 2, 2});
  Shape turned = {5, 3, 1, 0, 2, 4};
  EXPECT_EQ(x.to("cuda").permute(turned).contiguous().to_vector(),
            x.permute(turned).to_vector());
  EXPECT_EQ(x.to("cuda").flip({0, 2, 5}).to_vector(),
            x.flip({0, 2, 5}).to_vector());
}

TEST_F(DeviceTest, ViewsShareStorage) {
  Tensor x = arange(6, "cuda").view({2, 3});
  Tensor row = x[0], column = x.select(1, 2);
  row += 1;
  EXPECT_EQ(x.to_vector(), (Values{1, 2, 3, 3, 4, 5}));
  column.fill_(9);
  EXPECT_EQ(x.to_vector(), (Values{1, 2, 9, 3, 4, 9}));
  Tensor copy = x.clone();
  copy.zero_();
  EXPECT_EQ(x[0][1].item(), 2);
  x.t().copy_(tensor({{1, 2}, {3, 4}, {5, 6}}));
  EXPECT_EQ(x.to_vector(), (Values{1, 3, 5, 2, 4, 6}));
}

TEST_F(DeviceTest, CopyBetweenDevices) {
  Tensor here = zeros({2, 2}), there = tensor({{1, 2}, {3, 4}}, "cuda");
  here.copy_(there);
  EXPECT_EQ(here.to_vector(), (Values{1, 2, 3, 4}));
  EXPECT_FALSE(here.is_cuda());
  there[1].copy_(tensor({7.0, 8.0}));
  EXPECT_EQ(there.to_vector(), (Values{1, 2, 7, 8}));
}

TEST_F(DeviceTest, OperandsOnOtherDevicesAreErrors) {
  Tensor here = ones({2, 2}), there = ones({2, 2}, "cuda");
  EXPECT_EQ(MESSAGE(here + there),
            "[add] expected operands on one device, received cpu and cuda:0");
  EXPECT_EQ(MESSAGE(there * here),
            "[mul] expected operands on one device, received cuda:0 and cpu");
  EXPECT_EQ(MESSAGE(where(here > 0, there, 0)),
            "[where] expected operands on one device, received cpu and "
            "cuda:0");
  EXPECT_EQ(MESSAGE(matmul(there, here)),
            "[matmul] expected operands on one device, received cuda:0 and "
            "cpu");
  EXPECT_EQ(MESSAGE(cat({here, there})),
            "[cat] expected operands on one device, received cpu and cuda:0");
  EXPECT_EQ(MESSAGE(nn::Linear(2, 2)(there)),
            "[linear] expected operands on one device, received cuda:0 and "
            "cpu");
  EXPECT_EQ(MESSAGE(F::cross_entropy(there, arange(2))),
            "[cross_entropy] expected operands on one device, received cuda:0 "
            "and cpu");
  EXPECT_EQ(MESSAGE(here[0][0].add_(there[0][0])),
            "[add_] expected a result on cpu, received cuda:0");
  Tensor x = ones({2}, "cuda").requires_grad_();
  EXPECT_EQ(MESSAGE((x * 2).backward(ones({2}))),
            "[backward] expected a gradient on cuda:0, received one on cpu");
}

TEST_F(DeviceTest, ZeroDimensionalOnesMix) {
  Tensor there = tensor({1.0, 2.0}, "cuda"), one = tensor({3.0})[0];
  EXPECT_EQ(one.dim(), 0);
  EXPECT_EQ((there * one).to_vector(), (Values{3, 6}));
  EXPECT_EQ((one - there).to_vector(), (Values{2, 1}));
  EXPECT_TRUE((one + there).is_cuda());
  EXPECT_EQ(where(there > 1, one, there).to_vector(), (Values{1, 3}));
  there += one;
  EXPECT_EQ(there.to_vector(), (Values{4, 5}));
  // The other way round, as with any tensor.
  EXPECT_EQ(MESSAGE(ones({2}) + there[0]),
            "[add] expected operands on one device, received cpu and cuda:0");
}

TEST_F(DeviceTest, Values) {
  Tensor x = tensor({1.5}, "cuda");
  EXPECT_EQ(x.item(), 1.5);
  EXPECT_NE(x.data_ptr<float>(), nullptr);
  EXPECT_EQ(printed(tensor({1.5, 2.0}, "cuda")),
            "tensor([1.5000, 2.0000], device='cuda:0')");
  EXPECT_EQ(printed(zeros({0, 2}, {kFloat64, "cuda"})),
            "tensor([], device='cuda:0', size=(0, 2), dtype=torch.float64)");
  Tensor y = x.cpu().requires_grad_().cuda();
  EXPECT_EQ(printed(y), "tensor([1.5000], device='cuda:0', "
                        "grad_fn=<ToCopyBackward0>)");
}

TEST_F(DeviceTest, EveryElementType) {
  for (const DTypeInfo &info : kDTypes) {
    Tensor numbers = (arange(12.0) - 3).reshape({3, 4});
    Tensor here = numbers.to(info.dtype), there = here.to(kCUDA);
    int count = 0;
    auto same = [&](auto function) {
      Tensor expected = function(here), received = function(there);
      EXPECT_TRUE(received.is_cuda());
      EXPECT_EQ(to_string(received.type()), to_string(expected.type()));
      EXPECT_EQ(received.to_vector(), expected.to_vector())
          << info.name << ", function " << count;
      ++count;
    };
    same([](const Tensor &x) { return x + x; });
    same([](const Tensor &x) { return x < x.flip({0, 1}); });
    same([](const Tensor &x) { return x.t() * x.t(); });
    same([](const Tensor &x) { return where(x == x, x, x.flip({1})); });
    same([](const Tensor &x) { return x.amax({1}); });
    same([](const Tensor &x) { return x.amin({0}); });
    same([](const Tensor &x) { return x.argmax(1); });
    same([](const Tensor &x) { return x.sum({0}); });
    same([](const Tensor &x) { return x.sum(); });
    if (info.dtype != kBool) {
      same([](const Tensor &x) { return maximum(x, 3); });
      same([](const Tensor &x) { return matmul(x, x.t()); });
    }
    for (const DTypeInfo &other : kDTypes)
      same([&](const Tensor &x) { return x.to(other.dtype); });
  }
}

TEST_F(DeviceTest, PowersAreThoseOfC) {
  const double inf = INFINITY, nan = NAN;
  std::vector<float> bases, exponents;
  for (double base :
       {0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, inf, -inf, nan})
    for (double exponent : {0.0, 1.0, 2.0, 3.0, -1.0, -2.0, 0.5, -0.5, 2.5, 1e9,
                            16777217.0, inf, -inf, nan}) {
      bases.push_back(float(base));
      exponents.push_back(float(exponent));
    }
  std::int64_t count = std::int64_t(bases.size());
  std::vector<float> powers = pow(from_vector(bases, {count}, "cuda"),
                                  from_vector(exponents, {count}, "cuda"))
                                  .to_vector<float>();
  for (std::size_t i = 0; i < powers.size(); ++i) {
    float wanted = std::pow(bases[i], exponents[i]);
    std::string what = std::to_string(bases[i]) + " to the power of " +
                       std::to_string(exponents[i]);
    if (std::isnan(wanted)) {
      EXPECT_TRUE(std::isnan(powers[i])) << what << ": " << powers[i];
      continue;
    }
    EXPECT_FLOAT_EQ(powers[i], wanted) << what;
    EXPECT_EQ(std::signbit(powers[i]), std::signbit(wanted)) << what;
  }
}

TEST_F(DeviceTest, GradientsGoBackToTheSource) {
  Tensor x = tensor({1.0, 2.0}).requires_grad_();
  Tensor y = x.to("cuda", kFloat64);
  sum(y * y).backward();
  EXPECT_EQ(x.grad().device(), kCPU);
  EXPECT_EQ(x.grad().dtype(), kFloat32);
  EXPECT_EQ(x.grad().to_vector(), (Values{2, 4}));
  Tensor z = tensor({3.0}, "cuda").requires_grad_();
  (z.cpu() * z.cpu()).backward();
  EXPECT_TRUE(z.grad().is_cuda());
  EXPECT_EQ(z.grad().item(), 6);
  // copy_ and 0-d operands, too.
  Tensor scale = tensor({2.0}).requires_grad_();
  Tensor target = zeros({2}, "cuda");
  target.copy_(x.detach() * 2 * scale[0]);
  sum(target * scale[0]).backward();
  EXPECT_EQ(scale.grad().device(), kCPU);
  EXPECT_EQ(scale.grad().item(), 24);
}

TEST_F(DeviceTest, ModulesMove) {
  nn::Linear layer(2, 1);
  Tensor weight = layer->weight;
  optim::SGD sgd(layer->parameters(), {.lr = 0.5, .momentum = 0.5});
  Values before = weight.to_vector();
  layer->to("cuda");
  EXPECT_TRUE(weight.is_cuda()) << "the handle stays";
  EXPECT_TRUE(weight.is(layer->weight));
  EXPECT_TRUE(weight.is_leaf());
  EXPECT_TRUE(weight.requires_grad());
  EXPECT_EQ(weight.to_vector(), before);
  for (int step = 0; step < 2; ++step) {
    sgd.zero_grad();
    sum(layer(ones({3, 2}, "cuda"))).backward();
    EXPECT_TRUE(weight.grad().is_cuda());
    sgd.step();
  }
  for (const optim::Optimizer::State &state : sgd.state())
    EXPECT_EQ(state.value.is_cuda(), state.parameter.defined()) << state.name;
  for (double &value : before)
    value = float(value) - 1.5f - 2.25f; // gradients of 3
  EXPECT_EQ(weight.to_vector(), before);
  layer->to("cpu", kFloat64);
  EXPECT_EQ(weight.device(), kCPU);
  EXPECT_EQ(weight.dtype(), kFloat64);
  EXPECT_EQ(weight.grad().device(), kCPU);
  EXPECT_EQ(weight.grad().dtype(), kFloat64);
}

TEST_F(DeviceTest, StateDictsGoBetweenDevices) {
  nn::Linear here(2, 2), there(2, 2);
  there->to("cuda");
  there->load_state_dict(here->state_dict());
  EXPECT_TRUE(there->weight.is_cuda());
  EXPECT_EQ(there->weight.to_vector(), here->weight.to_vector());
}

TEST_F(DeviceTest, FilesHoldTensorsOfAnyDevice) {
  std::string path = testing::TempDir() + "device-test.safetensors";
  nn::Linear net(2, 2);
  net->to("cuda");
  Tensor turned = tensor({{1, 2}, {3, 4}}, {kInt16, "cuda"}).t();
  NamedTensors saved = net->state_dict();
  saved.emplace_back("turned", turned);
  io::save_file(saved, path);
  NamedTensors here = io::load_file(path), there = io::load_file(path, "cuda");
  std::remove(path.c_str());
  ASSERT_EQ(here.size(), saved.size());
  for (std::size_t i = 0; i < saved.size(); ++i) {
    EXPECT_EQ(here[i].second.device(), kCPU);
    EXPECT_TRUE(there[i].second.is_cuda());
    auto same = std::find_if(saved.begin(), saved.end(), [&](const auto &item) {
      return item.first == here[i].first;
    });
    ASSERT_NE(same, saved.end());
    EXPECT_EQ(here[i].second.to_vector(), same->second.to_vector());
    EXPECT_EQ(there[i].second.to_vector(), same->second.to_vector());
    EXPECT_EQ(there[i].second.dtype(), same->second.dtype());
  }
  EXPECT_TRUE(std::string(MESSAGE(io::load_file(path))).find(path) == 0);
}

TEST_F(DeviceTest, AnIndexOutOfRangeIsAnErrorAtTheNextWait) {
  Tensor scores = zeros({2, 3}, "cuda");
  Tensor good = tensor({0, 2}, "cuda"), bad = tensor({0, 3}, "cuda");
  F::cross_entropy(scores, good);
  cuda::synchronize();
  unsigned line = __LINE__ + 1;
  Tensor loss = F::cross_entropy(scores, bad);
  try {
    loss.item();
    ADD_FAILURE() << "class 3 of 3 was taken";
  } catch (const Error &error) {
    EXPECT_EQ(
        error.message(),
        "[cross_entropy] expected indices in [0, 3) or -100, received others");
    EXPECT_EQ(error.location()->line(), line);
  }
  // That was it.
  cuda::synchronize();
  EXPECT_NEAR(F::cross_entropy(scores, good).item(), 1.0986123, 1e-6);
  F::cross_entropy(scores, bad);
  EXPECT_THROW(cuda::synchronize(), Error);
  EXPECT_EQ(MESSAGE(cuda::synchronize("cpu")),
            "[synchronize] expected a CUDA device, received cpu");
}

TEST_F(DeviceTest, SoIsADivisorOfZero) {
  Tensor n = tensor({5, -5, 7}, "cuda");
  EXPECT_EQ(remainder(n, tensor({3, 3, -1}, "cuda")).to_vector(),
            (std::vector<double>{2, 1, 0}));
  unsigned line = __LINE__ + 1;
  Tensor rest = remainder(n, tensor({3, 0, -1}, "cuda"));
  try {
    rest.cpu();
    ADD_FAILURE() << "a divisor of 0 was taken";
  } catch (const Error &error) {
    EXPECT_EQ(error.message(),
              "[remainder] expected divisors other than 0, received others");
    EXPECT_EQ(error.location()->line(), line);
  }
}

TEST_F(DeviceTest, ManyChecksInARow) {
  Tensor scores = zeros({1, 3}, "cuda"), target = tensor({1}, "cuda");
  Tensor loss;
  for (int i = 0; i < 300; ++i)
    loss = F::cross_entropy(scores, target);
  EXPECT_NEAR(loss.item(), 1.0986123, 1e-6);
}

TEST_F(DeviceTest, MemoryIsCounted) {
  cuda::synchronize();
  std::size_t before = cuda::memory_allocated();
  Tensor x = zeros({1 << 20}, "cuda");
  EXPECT_GE(cuda::memory_allocated(), before + (4 << 20));
  EXPECT_GE(cuda::memory_reserved(), cuda::memory_allocated());
  x = Tensor();
  EXPECT_EQ(cuda::memory_allocated(), before);
  EXPECT_GE(cuda::max_memory_allocated(), before + (4 << 20));
  cuda::empty_cache();
  EXPECT_LT(cuda::memory_reserved(), before + (4 << 20));
}

TEST_F(DeviceTest, FreedMemoryIsUsedAgainInOrder) {
  // Each product is still to be computed when its operands are freed.
  Tensor total = zeros({4096}, "cuda");
  for (int i = 1; i <= 20; ++i)
    total = total + full({4096}, i, {kFloat32, "cuda"}) * 2;
  EXPECT_EQ(total.to_vector(), Values(4096, 420));
}

TEST_F(DeviceTest, OutOfMemoryCanBeRecoveredFrom) {
  std::size_t bytes = cuda::get_device_properties().total_memory;
  std::int64_t count = std::int64_t(bytes / sizeof(float) / 4 * 3);
  Tensor first = empty({count}, "cuda");
  try {
    empty({count}, "cuda");
    ADD_FAILURE() << "more memory than there is";
  } catch (const OutOfMemoryError &error) {
    EXPECT_NE(error.message().find("can't allocate"), std::string::npos);
    EXPECT_NE(error.message().find("bytes are free"), std::string::npos)
        << error.message();
    EXPECT_TRUE(error.location());
  }
  first = Tensor();
  Tensor second = empty({count}, "cuda");
  EXPECT_EQ(second[0].item(), 0);
}

TEST_F(DeviceTest, NoSuchDevice) {
  std::string index = std::to_string(cuda::device_count());
  EXPECT_EQ(message([&] {
              zeros({2}, Device("cuda:" + index));
            }).substr(0, 15 + index.size()),
            "no CUDA device " + index);
}

} // namespace
