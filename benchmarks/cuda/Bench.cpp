//===- Bench.cpp - Measures cases and prints the table --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "benchmarks/cuda/Bench.h"
#include "benchmarks/cuda/Cublas.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <stdexcept>

using namespace tensorc::benchmark;

namespace {

/// A case with its data on the device.
class Measured {
public:
  Measured(LoadedPrograms &programs, Cublas &cublas, const Case &benchmark)
      : programs(programs), cublas(cublas), benchmark(benchmark) {}

  Row measure(int turns);

private:
  void prepare();
  void checkOutputs(const std::vector<std::unique_ptr<Memory>> &outputs,
                    const char *whose);
  /// What a copy has to move to move as many bytes as the case.
  uint64_t copiedBytes() const;

  LoadedPrograms &programs;
  Cublas &cublas;
  const Case &benchmark;
  HostData data;
  std::unique_ptr<LoadedFunction> function;
  std::vector<std::unique_ptr<Memory>> peerOutputs;
};

uint64_t Measured::copiedBytes() const {
  uint64_t bytes = 0;
  for (const HostTensor &input : data.inputs)
    bytes += input.bytes.size();
  for (const HostTensor &output : data.outputs)
    bytes += output.bytes.size();
  return bytes / 2;
}

/// Inputs, random, on both sides; outputs that nobody has written to.
void Measured::prepare() {
  Device &device = programs.device;
  std::vector<uint64_t> inputBytes, outputBytes;
  function = std::make_unique<LoadedFunction>(programs.find(benchmark.name),
                                              benchmark.name);
  for (const auto &input : function->inputs)
    inputBytes.push_back(input->bytes);
  for (const auto &output : function->outputs)
    outputBytes.push_back(output->bytes);
  if (inputBytes.size() != benchmark.inputs.size() ||
      outputBytes.size() != benchmark.outputs.size())
    throw std::runtime_error("kernels.cpp and Cases.cpp disagree");
  for (size_t i = 0; i < inputBytes.size(); ++i) {
    data.inputs.push_back({benchmark.inputs[i]});
    data.inputs[i].bytes.resize(inputBytes[i]);
    data.inputs[i].randomize(i + 1);
    function->inputs[i]->upload(data.inputs[i].bytes.data());
  }
  for (size_t i = 0; i < outputBytes.size(); ++i) {
    data.outputs.push_back({benchmark.outputs[i]});
    data.outputs[i].bytes.assign(outputBytes[i], 0xff); // NaN
    function->outputs[i]->upload(data.outputs[i].bytes.data());
    if (benchmark.isProduct() && cublas.missing().empty()) {
      peerOutputs.push_back(std::make_unique<Memory>(device, outputBytes[i]));
      peerOutputs[i]->upload(data.outputs[i].bytes.data());
    }
  }
}

void Measured::checkOutputs(const std::vector<std::unique_ptr<Memory>> &outputs,
                            const char *whose) {
  programs.device.wait();
  for (size_t i = 0; i < outputs.size(); ++i)
    outputs[i]->download(data.outputs[i].bytes.data());
  std::string words = benchmark.check(data);
  if (!words.empty())
    throw std::runtime_error(whose + words);
}

Row Measured::measure(int turns) {
  Row row;
  row.name = benchmark.name;
  row.isProduct = benchmark.isProduct();
  row.needed = benchmark.needed;
  row.peer = row.isProduct ? "cuBLAS" : "copy";
  if (row.isProduct)
    row.type = benchmark.name.substr(0, benchmark.name.rfind('_'));
  prepare();
  Device &device = programs.device;
  std::vector<Device::Work> works{[this] { function->launch(); }};
  works[0]();
  checkOutputs(function->outputs, "");
  std::unique_ptr<Memory> from, to;
  bool hasPeer = true;
  if (!row.isProduct) {
    from = std::make_unique<Memory>(device, copiedBytes());
    to = std::make_unique<Memory>(device, copiedBytes());
    works.push_back(
        [&] { device.copy(to->address, from->address, to->bytes); });
  } else if (cublas.missing().empty()) {
    const Memory &a = *function->inputs[0], &b = *function->inputs[1];
    works.push_back([&] {
      cublas.multiply(benchmark.product, benchmark.inputs[0], a, b,
                      *peerOutputs[0]);
    });
    works.back()();
    checkOutputs(peerOutputs, "cuBLAS: ");
  } else {
    hasPeer = false;
    row.note = cublas.missing();
  }
  std::vector<double> seconds = device.time(works, turns);
  double amount =
      row.isProduct ? benchmark.product.flop() : 2.0 * double(copiedBytes());
  row.ours = seconds.front();
  if (hasPeer)
    row.theirs = seconds.back();
  row.rate = row.ours ? amount / row.ours : 0;
  row.peerRate = row.theirs ? amount / row.theirs : 0;
  return row;
}

/// Of memory, the copy beside it; of products, the fastest of that type.
void addLimits(std::vector<Row> &rows) {
  std::map<std::string, double> fastest;
  for (const Row &row : rows)
    fastest[row.type] = std::max({fastest[row.type], row.rate, row.peerRate});
  for (Row &row : rows)
    row.limit = row.isProduct ? fastest[row.type] : row.peerRate;
}

std::string number(const char *format, double value) {
  if (!value)
    return "-";
  char text[40];
  std::snprintf(text, sizeof(text), format, value);
  return text;
}

std::string verdict(const Row &row) {
  if (!row.wrong.empty())
    return row.wrong;
  if (row.failed())
    return "too slow";
  if (!row.note.empty())
    return row.note;
  return row.needed ? "ok" : "";
}

} // namespace

std::vector<Row> tensorc::benchmark::measureAll(
    const std::vector<const tensorc_cuda_program *> &programs,
    const Options &options) {
  Device device;
  std::printf("%s, sm_%d, %d multiprocessors, driver CUDA %d.%d\n",
              device.info().name, device.info().sm,
              device.info().multiprocessors,
              device.info().driver_version / 1000,
              device.info().driver_version % 1000 / 10);
  LoadedPrograms loaded(device, programs);
  Cublas cublas(device, options.cublas);
  std::vector<Row> rows;
  for (const Case &benchmark : allCases()) {
    if (benchmark.name.find(options.filter) == std::string::npos)
      continue;
    Row row;
    try {
      row = Measured(loaded, cublas, benchmark).measure(options.turns);
    } catch (const std::runtime_error &error) {
      row.name = benchmark.name;
      row.isProduct = benchmark.isProduct();
      row.needed = benchmark.needed;
      row.wrong = error.what();
    }
    rows.push_back(row);
    device->memory.releaseCache(); // the next needs other sizes
  }
  addLimits(rows);
  return rows;
}

int tensorc::benchmark::report(const std::vector<Row> &rows,
                               const Options &options) {
  std::printf("%-18s %12s %7s %12s %7s %14s %9s %7s  %s\n", "case",
              "tensorc µs", "peer", "peer µs", "ratio", "rate", "of limit",
              "needed", "");
  std::FILE *file = nullptr;
  if (!options.rows.empty() && !(file = std::fopen(options.rows.c_str(), "w")))
    throw std::runtime_error(options.rows + ": cannot write");
  bool failed = false;
  for (const Row &row : rows) {
    failed |= row.failed();
    std::string rate =
        row.rate ? number(row.isProduct ? "%.1f TFLOP/s" : "%.0f GB/s",
                          row.rate * (row.isProduct ? 1e-12 : 1e-9))
                 : "-";
    std::string ours = number("%.2f", row.ours * 1e6),
                theirs = number("%.2f", row.theirs * 1e6),
                ratio = number("%.2f", row.ratio()),
                limit = number("%.2f", row.limit ? row.rate / row.limit : 0),
                needed = number("%.2f", row.needed);
    std::printf("%-18s %11s %7s %11s %7s %14s %9s %7s  %s\n", row.name.c_str(),
                ours.c_str(), row.peer.c_str(), theirs.c_str(), ratio.c_str(),
                rate.c_str(), limit.c_str(), needed.c_str(),
                verdict(row).c_str());
    if (file)
      std::fprintf(file, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
                   row.name.c_str(), ours.c_str(), row.peer.c_str(),
                   theirs.c_str(), ratio.c_str(), rate.c_str(), limit.c_str(),
                   needed.c_str(),
                   row.failed()    ? "failed"
                   : row.missing() ? "skipped"
                                   : "passed",
                   verdict(row).c_str());
  }
  if (file && std::fclose(file))
    throw std::runtime_error(options.rows + ": cannot write");
  std::printf("limit: of copies, the copy beside it; of products, the fastest "
              "of that type here\n");
  return failed;
}
