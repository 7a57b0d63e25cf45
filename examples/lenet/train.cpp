//===- train.cpp - Trains the compiled LeNet on Fashion-MNIST -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything that learns is in lenet.o: this program only shuffles pictures,
// calls `train_step`, and shows how it goes. `tools/dev/demo` builds and runs
// it.
//
// A GPU works while the next batch is picked and sent to it; who asks for the
// results of a step waits for it. So there only some steps are looked at, and
// the loss and the accuracy shown are those steps' means.
//
//===----------------------------------------------------------------------===//

#include "common.h"
#include "lenet.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <random>
#include <unistd.h>

using tensorc::data::FashionMnist;

namespace {

/// How many pictures a step learns from, but for the last of an epoch.
template <typename Model> constexpr int64_t train_batch() {
  if constexpr (takes_any_batch<Model>)
    return 64;
  else
    return Model::train_step_images_shape[0];
}

struct Options {
  int epochs = 10;
  int threads = 0; // 0: all
  int seed = 0;
  std::string device = LENET_HAS_CPU ? "cpu" : "cuda";
  std::string data = FashionMnist::default_directory().string();
  std::string weights = "lenet.safetensors";
  std::string save = "lenet-trained.safetensors";
};

const char *help =
    "usage: train [options]\n"
    "Trains the compiled LeNet on Fashion-MNIST.\n"
    "  --epochs N      passes over the training pictures (10)\n"
    "  --threads N     threads to use (all)\n"
    "  --device NAME   cpu, or cuda: an NVIDIA GPU, if lenet.o has code for "
    "it\n"
    "  --seed N        seed of the order of the pictures (0)\n"
    "  --data DIR      where the IDX files are\n"
    "  --weights FILE  initial weights (lenet.safetensors)\n"
    "  --save FILE     trained weights (lenet-trained.safetensors)\n";

Options parse_options(int argc, char **argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    std::string option = argv[i];
    if (option == "--help" || option == "-h") {
      std::fputs(help, stdout);
      std::exit(0);
    } else if (option == "--epochs") {
      options.epochs = option_number(argc, argv, i, 0);
    } else if (option == "--threads") {
      options.threads = option_number(argc, argv, i, 0);
    } else if (option == "--seed") {
      options.seed = option_number(argc, argv, i, 0);
    } else if (option == "--device") {
      options.device = option_value(argc, argv, i);
      if (options.device != "cpu" && options.device != "cuda")
        throw std::invalid_argument(
            "option `--device` expects `cpu` or `cuda`, received `" +
            options.device + "`");
    } else if (option == "--data") {
      options.data = option_value(argc, argv, i);
    } else if (option == "--weights") {
      options.weights = option_value(argc, argv, i);
    } else if (option == "--save") {
      options.save = option_value(argc, argv, i);
    } else {
      throw std::invalid_argument("unknown option `" + option +
                                  "`, see --help");
    }
  }
  return options;
}

/// A bar with the time left, redrawn ten times a second on a terminal, nothing
/// otherwise. It is on stderr, so that the results can be piped meanwhile.
class ProgressBar {
public:
  ProgressBar(std::string label, int64_t total)
      : label(std::move(label)), total(total) {}

  void show(int64_t done, double loss) {
    if (!terminal)
      return;
    Clock::time_point now = Clock::now();
    if (done < total && now - drawn < std::chrono::milliseconds(100))
      return;
    drawn = now;
    double seconds = std::chrono::duration<double>(now - start).count();
    double left = seconds / double(done) * double(total - done);
    constexpr int width = 30;
    int full = int(done * width / total);
    std::fprintf(stderr, "\r\033[K%s [", label.c_str());
    for (int i = 0; i < width; ++i)
      std::fputs(i < full ? "\u2588" : "\u2591", stderr);
    std::fprintf(stderr, "] %3d%%  loss %.4f  %.0f pictures/s  %.0f s left",
                 int(done * 100 / total), loss, double(done) / seconds, left);
  }
  void clear() {
    if (terminal)
      std::fputs("\r\033[K", stderr);
  }

private:
  using Clock = std::chrono::steady_clock;
  std::string label;
  int64_t total;
  bool terminal = isatty(STDERR_FILENO);
  Clock::time_point start = Clock::now(), drawn = start;
};

/// Fisher and Yates's shuffle. `std::shuffle` gives another order with another
/// standard library; this one is the same everywhere.
void shuffle(std::vector<int64_t> &order, std::mt19937_64 &generator) {
  for (size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[generator() % i]);
}

struct Epoch {
  double loss, accuracy;
};

/// `look_every`: how many steps to one whose results are asked for.
template <typename Model>
Epoch train_epoch(Model &model, const FashionMnist &data,
                  const std::vector<int64_t> &order, int64_t look_every,
                  ProgressBar bar) {
  constexpr int64_t batch = train_batch<Model>();
  std::vector<float> images(batch * FashionMnist::pixels);
  std::vector<float> logits(batch * FashionMnist::num_classes);
  std::vector<int64_t> indices, labels(batch);
  int64_t steps = (data.count() + batch - 1) / batch;
  int64_t correct = 0, looked_at = 0;
  double loss_sum = 0;
  for (int64_t step = 0; step < steps; ++step) {
    // Where the compiled batch is fixed, pictures from the front fill up the
    // last.
    int64_t first = step * batch, last = first + batch;
    if (takes_any_batch<Model>)
      last = std::min(last, data.count());
    indices.clear();
    for (int64_t i = first; i < last; ++i)
      indices.push_back(order[size_t(i % data.count())]);
    int64_t count = last - first;
    data.gather(indices, images.data(), labels.data());
    if ((step + 1) % look_every != 0 && step + 1 != steps) {
      with_batch<Model>(count, [&](auto... size) {
        model.train_step(size..., images.data(), labels.data(), nullptr,
                         nullptr);
      });
      continue;
    }
    float loss;
    with_batch<Model>(count, [&](auto... size) {
      model.train_step(size..., images.data(), labels.data(), &loss,
                       logits.data());
    });
    if (!std::isfinite(loss))
      throw std::runtime_error("the loss is no longer finite at step " +
                               std::to_string(step));
    loss_sum += loss * double(count);
    correct += count_correct(logits.data(), labels.data(), count);
    looked_at += count;
    bar.show(std::min(last, data.count()), loss_sum / double(looked_at));
  }
  bar.clear();
  return {loss_sum / double(looked_at), double(correct) / double(looked_at)};
}

template <typename Model> void run(Model model, const Options &options) {
  FashionMnist train_data(FashionMnist::Split::Train, options.data);
  FashionMnist test_data(FashionMnist::Split::Test, options.data);
  if (train_data.count() == 0)
    throw std::runtime_error(options.data + ": no training pictures");
  model.load(options.weights);
  bool on_cpu = options.device == "cpu";
  int64_t look_every = on_cpu ? 1 : 20;
  std::string where =
      on_cpu ? std::to_string(tensorc_rt_num_threads()) + " threads"
             : "GPU; loss and train accuracy of every " +
                   std::to_string(look_every) + "th step";
  std::printf("training LeNet on %lld pictures, %s\n",
              static_cast<long long>(train_data.count()), where.c_str());

  std::mt19937_64 generator(uint64_t(options.seed));
  std::vector<int64_t> order(size_t(train_data.count()));
  std::iota(order.begin(), order.end(), 0);
  for (int epoch = 1; epoch <= options.epochs; ++epoch) {
    auto start = std::chrono::steady_clock::now();
    shuffle(order, generator);
    std::string label =
        "epoch " + std::to_string(epoch) + "/" + std::to_string(options.epochs);
    Epoch result = train_epoch(model, train_data, order, look_every,
                               ProgressBar(label, train_data.count()));
    std::chrono::duration<double> seconds =
        std::chrono::steady_clock::now() - start;
    std::printf("%s  loss %.4f  train accuracy %.4f  test accuracy %.4f  "
                "%.1f s\n",
                label.c_str(), result.loss, result.accuracy,
                test_accuracy(model, test_data), seconds.count());
    std::fflush(stdout);
  }
  model.save(options.save);
  std::printf("saved %s\n", options.save.c_str());
  std::printf("test accuracy: %.4f\n", test_accuracy(model, test_data));
}

void run(const Options &options) {
  tensorc_rt_set_num_threads(options.threads);
  // Momentum of units that have died decays into denormals, which are slow.
  tensorc_rt_set_flush_denormals(1);
#if LENET_HAS_CUDA
  if (options.device == "cuda")
    return run(lenet::CudaModel(), options);
#endif
#if LENET_HAS_CPU
  if (options.device == "cpu")
    return run(lenet::Model(), options);
#endif
  throw std::invalid_argument("lenet.o has no code for `" + options.device +
                              "`, see `tensorc --target`");
}

} // namespace

int main(int argc, char **argv) {
  try {
    run(parse_options(argc, argv));
  } catch (const std::exception &error) {
    std::fprintf(stderr, "train: %s\n", error.what());
    return 1;
  }
}
