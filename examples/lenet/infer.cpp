//===- infer.cpp - Tests the compiled LeNet with trained weights ----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Links lenet_infer.o, which holds `infer` alone: no gradients, no optimizer.
// `tools/dev/demo` builds and runs it.
//
//===----------------------------------------------------------------------===//

#include "common.h"
#include "lenet_infer.h"

#include <cstdio>

using tensorc::data::FashionMnist;

namespace {

struct Options {
  int threads = 0; // 0: all
  std::string data = FashionMnist::default_directory().string();
  std::string weights = "lenet-trained.safetensors";
};

const char *help =
    "usage: infer [options]\n"
    "Tests the compiled LeNet on the test pictures of Fashion-MNIST.\n"
    "  --threads N     threads to use (all)\n"
    "  --data DIR      where the IDX files are\n"
    "  --weights FILE  trained weights (lenet-trained.safetensors)\n";

Options parse_options(int argc, char **argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    std::string option = argv[i];
    if (option == "--help" || option == "-h") {
      std::fputs(help, stdout);
      std::exit(0);
    } else if (option == "--threads") {
      options.threads = option_number(argc, argv, i, 0);
    } else if (option == "--data") {
      options.data = option_value(argc, argv, i);
    } else if (option == "--weights") {
      options.weights = option_value(argc, argv, i);
    } else {
      throw std::invalid_argument("unknown option `" + option +
                                  "`, see --help");
    }
  }
  return options;
}

} // namespace

int main(int argc, char **argv) {
  try {
    Options options = parse_options(argc, argv);
    tensorc_rt_set_num_threads(options.threads);
    FashionMnist data(FashionMnist::Split::Test, options.data);
    lenet_infer::Model model;
    model.load(options.weights);
    std::printf("test accuracy: %.4f\n", test_accuracy(model, data));
  } catch (const std::exception &error) {
    std::fprintf(stderr, "infer: %s\n", error.what());
    return 1;
  }
}
