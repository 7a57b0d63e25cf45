//===- Main.cpp - gpu-benchmark: kernels against copies and cuBLAS --------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "benchmarks/cuda/Bench.h"
#include "kernels.h"
#include "kernels_tf32.h"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

using namespace tensorc::benchmark;

namespace {

const char *help =
    "usage: gpu-benchmark [options]\n"
    "Times kernels on the first GPU, in turns with their peers: a copy that\n"
    "moves as many bytes, or cuBLAS. Results are compared before.\n"
    "  --filter TEXT  only cases whose name contains it\n"
    "  --turns N      turns of each (9)\n"
    "  --cublas DIR   look for cuBLAS there first; can be repeated\n"
    "  --rows FILE    write the rows there, too, with tabs between\n"
    "  --list         print the names of the cases and stop\n";

Options parse(int argc, char **argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    std::string option = argv[i];
    if (option == "--help" || option == "-h") {
      std::fputs(help, stdout);
      std::exit(0);
    }
    if (option == "--list") {
      for (const Case &benchmark : allCases())
        std::printf("%s\n", benchmark.name.c_str());
      std::exit(0);
    }
    if (option != "--filter" && option != "--turns" && option != "--cublas" &&
        option != "--rows")
      throw std::invalid_argument("unknown option `" + option +
                                  "`, see --help");
    if (++i == argc)
      throw std::invalid_argument("option `" + option + "` needs a value");
    std::string value = argv[i];
    if (option == "--filter") {
      options.filter = value;
    } else if (option == "--cublas") {
      options.cublas.push_back(value);
    } else if (option == "--rows") {
      options.rows = value;
    } else {
      char *end;
      long turns = std::strtol(value.c_str(), &end, 10);
      if (value.empty() || *end || turns < 1 || turns > 1000)
        throw std::invalid_argument(
            "option `--turns` expects 1 to 1000, received `" + value + "`");
      options.turns = int(turns);
    }
  }
  return options;
}

} // namespace

int main(int argc, char **argv) {
  try {
    Options options = parse(argc, argv);
    std::vector<Row> rows =
        measureAll({&kernels_cuda, &kernels_tf32_cuda}, options);
    return report(rows, options);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "gpu-benchmark: %s\n", error.what());
    return 2;
  }
}
