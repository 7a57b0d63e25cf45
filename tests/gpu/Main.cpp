//===- Main.cpp - gpu-kernels: a corpus of kernels on this machine's GPU --===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/gpu/KernelRunner.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

using namespace tensorc::test;

namespace {

struct Options {
  std::string corpus, filter, ptxFolder;
  unsigned shard = 0, shards = 1, every = 1;
  double seconds = 1e9;
  bool device = false;
};

const char *help =
    "usage: gpu-kernels CORPUS [options]\n"
    "Runs the kernels of a corpus (`gpu_kernel_test --corpus=FILE`) on the\n"
    "first GPU and compares what they compute. The last line is\n"
    "`N passed, N failed, N skipped`: skipped are kernels for other GPUs and\n"
    "those that the options leave out.\n"
    "  --device       only say which GPU there is\n"
    "  --ptx DIR      only write the corpus' PTX to files DIR/NUMBER.CHIP.ptx\n"
    "  --filter TEXT  only cases whose name contains it\n"
    "  --every N      only each N-th case\n"
    "  --shard I/N    only each N-th batch, from the I-th (from 0)\n"
    "  --seconds S    begin no further batch after so long\n";

/// The whole number that `text` begins with, and what is behind it.
unsigned number(const std::string &option, const std::string &text,
                const char *&rest) {
  char *end;
  unsigned long value = std::strtoul(text.c_str(), &end, 10);
  rest = end;
  if (text.empty() || end == text.c_str() || value > 1000000)
    throw std::invalid_argument("option `" + option +
                                "` expects a number, received `" + text + "`");
  return unsigned(value);
}

Options parse(int argc, char **argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    std::string option = argv[i];
    if (option == "--help" || option == "-h") {
      std::fputs(help, stdout);
      std::exit(0);
    }
    if (option == "--device") {
      options.device = true;
      continue;
    }
    if (option.rfind("--", 0) != 0 && options.corpus.empty()) {
      options.corpus = option;
      continue;
    }
    if (option != "--filter" && option != "--every" && option != "--shard" &&
        option != "--seconds" && option != "--ptx")
      throw std::invalid_argument("unknown option `" + option +
                                  "`, see --help");
    if (++i == argc)
      throw std::invalid_argument("option `" + option + "` needs a value");
    std::string value = argv[i];
    if (option == "--filter" || option == "--ptx") {
      (option == "--ptx" ? options.ptxFolder : options.filter) = value;
      continue;
    }
    const char *rest;
    unsigned first = number(option, value, rest);
    if (option == "--shard") {
      options.shard = first;
      options.shards = *rest == '/' ? number(option, rest + 1, rest) : 0;
    } else if (option == "--every") {
      options.every = first;
    } else {
      options.seconds = first;
    }
    if (*rest || options.shard >= options.shards || options.every == 0)
      throw std::invalid_argument("option `" + option + "` cannot be `" +
                                  value + "`, see --help");
  }
  if (options.corpus.empty() && !options.device)
    throw std::invalid_argument("expected a corpus, see --help");
  return options;
}

void writePtx(const Options &options) {
  unsigned number = 0;
  for (const CorpusBatch &batch : readCorpus(options.corpus))
    for (const CorpusModule &module : batch.modules) {
      std::string path = options.ptxFolder + "/" + std::to_string(number++) +
                         "." + module.chip() + ".ptx";
      std::ofstream file(path);
      file << module.ptx << std::flush;
      if (!file)
        throw std::runtime_error("cannot write " + path);
    }
}

int run(const Options &options) {
  if (!options.ptxFolder.empty()) {
    writePtx(options);
    return 0;
  }
  tensorc_cuda_device_info device;
  if (tensorc_rt_cuda_device_info(0, &device))
    throw std::runtime_error(tensorc_rt_last_error());
  if (options.device) {
    std::printf("%s, sm_%d, %d multiprocessors, %.0f GB, driver CUDA %d.%d\n",
                device.name, device.sm, device.multiprocessors,
                double(device.total_bytes) * 1e-9, device.driver_version / 1000,
                device.driver_version % 1000 / 10);
    return 0;
  }
  auto begin = std::chrono::steady_clock::now();
  unsigned position = 0;
  auto report = [](const std::string &line) {
    std::printf("failed: %s\n", line.c_str());
    std::fflush(stdout);
  };
  KernelRunner runner(device, report);
  std::vector<CorpusBatch> batches = readCorpus(options.corpus);
  for (size_t index = options.shard; index < batches.size();
       index += options.shards) {
    CorpusBatch &batch = batches[index];
    std::chrono::duration<double> seconds =
        std::chrono::steady_clock::now() - begin;
    std::vector<CorpusCase> kept;
    for (CorpusCase &test : batch.cases) {
      if (test.name.find(options.filter) != std::string::npos &&
          position++ % options.every == 0 && seconds.count() <= options.seconds)
        kept.push_back(std::move(test));
      else
        runner.counts.skipped += unsigned(test.variants.size());
    }
    batch.cases = std::move(kept);
    runner.run(batch);
  }
  const KernelCounts &counts = runner.counts;
  std::printf("%u passed, %u failed, %u skipped\n", counts.passed,
              counts.failed, counts.skipped);
  return counts.failed || !counts.passed;
}

} // namespace

int main(int argc, char **argv) {
  try {
    return run(parse(argc, argv));
  } catch (const std::exception &error) {
    std::fprintf(stderr, "gpu-kernels: %s\n", error.what());
    return 2;
  }
}
