//===- KernelRunner.cpp - Runs a corpus of kernels on a device ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/gpu/KernelRunner.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <deque>

using namespace tensorc::test;

namespace {

constexpr uint64_t kGuard = TENSORC_CUDA_ALIGNMENT;
constexpr uint8_t kGuardByte = 0xA5;
/// Runs of each function: the first launches, later ones replay a graph.
constexpr int kRepetitions = 3;
/// Numbers of blocks to try where any is right.
constexpr uint32_t kGrids[] = {1, 3, 64};

/// A case's buffers in the state, each at a multiple of the alignment with at
/// least a guard before and after.
struct Layout {
  explicit Layout(const CorpusCase &test) {
    for (const CorpusBuffer &buffer : test.buffers) {
      offsets.push_back(bytes);
      bytes += (buffer.before.size() + kGuard - 1) / kGuard * kGuard + kGuard;
    }
  }
  std::vector<uint8_t> image(const CorpusCase &test) const {
    std::vector<uint8_t> result(bytes, kGuardByte);
    for (size_t i = 0; i < offsets.size(); ++i)
      std::copy(test.buffers[i].before.begin(), test.buffers[i].before.end(),
                result.begin() + ptrdiff_t(offsets[i]));
    return result;
  }
  std::vector<uint64_t> offsets;
  uint64_t bytes = kGuard;
};

/// A variant with a number of blocks: a function of the program.
struct Function {
  const CorpusCase &test;
  const CorpusVariant &variant;
  uint32_t blocks;
  Layout layout;
  std::vector<tensorc_cuda_argument> arguments = {};
  tensorc_cuda_launch launch = {};

  Function(const CorpusCase &test, const CorpusVariant &variant,
           uint32_t blocks)
      : test(test), variant(variant), blocks(blocks), layout(test) {
    for (uint32_t buffer : test.pointers)
      arguments.push_back({TENSORC_CUDA_STATE, 0, layout.offsets[buffer]});
    for (int64_t size : test.sizes)
      arguments.push_back({TENSORC_CUDA_VALUE, 0, uint64_t(size)});
    if (test.canFail)
      arguments.push_back({TENSORC_CUDA_STATE, 0, layout.offsets.back()});
  }
};

/// The program that the variants of one module make.
class Program {
public:
  explicit Program(const CorpusModule &module)
      : module{module.ptx.c_str(), module.ptx.size() + 1, nullptr, 0} {
    code.sm = module.sm;
    code.suffix = module.suffix;
  }
  Program(const Program &) = delete;

  /// `variant`'s functions, the first of which has this index.
  void add(const CorpusCase &test, const CorpusVariant &variant) {
    std::vector<uint32_t> grids(std::begin(kGrids), std::end(kGrids));
    if (variant.blocks)
      grids = {variant.blocks};
    for (uint32_t blocks : grids)
      functions.emplace_back(test, variant, blocks);
  }
  const tensorc_cuda_program &finish();

  std::deque<Function> functions;

private:
  tensorc_cuda_module module;
  std::vector<tensorc_cuda_kernel> kernels;
  std::vector<tensorc_cuda_function> descriptions;
  tensorc_cuda_code code = {};
  tensorc_model model = {TENSORC_ABI_MAGIC,
                         TENSORC_ABI_MAJOR,
                         TENSORC_ABI_MINOR,
                         sizeof(tensorc_model),
                         "corpus",
                         "0",
                         nullptr,
                         0,
                         0,
                         1,
                         0};
  tensorc_cuda_program program = {TENSORC_CUDA_MAGIC,
                                  TENSORC_ABI_MAJOR,
                                  TENSORC_ABI_MINOR,
                                  sizeof(tensorc_cuda_program),
                                  &model,
                                  &code,
                                  1,
                                  nullptr,
                                  0,
                                  nullptr};
};

const tensorc_cuda_program &Program::finish() {
  for (Function &function : functions) {
    tensorc_cuda_launch &launch = function.launch;
    launch.kernel = uint32_t(kernels.size());
    kernels.push_back({function.variant.kernel.c_str(), 0, 0});
    for (int i = 0; i < 3; ++i)
      launch.grid[i] = launch.block[i] = 1;
    launch.grid[0] = function.blocks;
    launch.block[0] = function.variant.threads;
    launch.shared_bytes = function.variant.sharedBytes;
    launch.arguments = function.arguments.data();
    launch.argument_count = function.arguments.size();
    descriptions.push_back({function.variant.kernel.c_str(), nullptr, nullptr,
                            &launch, 0, 0, 1, 0});
    model.state_bytes = std::max(model.state_bytes, function.layout.bytes);
  }
  code.modules = &module;
  code.module_count = 1;
  code.kernels = kernels.data();
  code.kernel_count = kernels.size();
  code.functions = descriptions.data();
  code.function_count = descriptions.size();
  return program;
}

/// A model on the device while it lives.
class OpenProgram {
public:
  /// `device` is what the caller keeps open.
  OpenProgram(const tensorc_cuda_program &program, tensorc_cuda_device *&device)
      : program(program), device(device) {
    open();
  }
  OpenProgram(const OpenProgram &) = delete;
  ~OpenProgram() { tensorc_rt_cuda_close(model); }

  /// What is wrong after the functions `first` to `last`, or nothing.
  std::string check(const Program &source, size_t first, size_t last);

private:
  std::string run(const Function &function, size_t index,
                  std::vector<uint8_t> &image);
  void open() { status = tensorc_rt_cuda_open(&program, 0, &model); }
  /// A lost device is a new one once nobody has it.
  void reopen() {
    tensorc_rt_cuda_close(model);
    model = nullptr;
    tensorc_rt_cuda_device_close(device);
    device = nullptr;
    status = tensorc_rt_cuda_device_open(0, &device);
    if (!status)
      open();
  }

  const tensorc_cuda_program &program;
  tensorc_cuda_device *&device;
  tensorc_cuda_model *model = nullptr;
  int32_t status;
};

std::string OpenProgram::run(const Function &function, size_t index,
                             std::vector<uint8_t> &image) {
  image = function.layout.image(function.test);
  if (!status)
    status = tensorc_rt_cuda_write_state(model, 0, image.size(), image.data());
  if (!status)
    status = tensorc_rt_cuda_run(model, int32_t(index), nullptr, nullptr);
  if (!status)
    status = tensorc_rt_cuda_read_state(model, 0, image.size(), image.data());
  if (!status)
    return {};
  std::string words = tensorc_rt_last_error();
  reopen(); // for the cases that follow
  return words;
}

/// Values, and whatever isn't part of a buffer.
std::string compare(const Function &function,
                    const std::vector<uint8_t> &image) {
  const CorpusCase &test = function.test;
  uint64_t end = 0;
  for (size_t i = 0; i <= test.buffers.size(); ++i) {
    bool last = i == test.buffers.size();
    uint64_t begin = last ? image.size() : function.layout.offsets[i];
    if (!std::all_of(image.begin() + ptrdiff_t(end),
                     image.begin() + ptrdiff_t(begin),
                     [](uint8_t byte) { return byte == kGuardByte; }))
      return "wrote " + (last ? "behind the last buffer"
                              : "before buffer " + std::to_string(i));
    if (last)
      break;
    const CorpusBuffer &buffer = test.buffers[i];
    std::string difference = firstDifference(buffer.dtype, image.data() + begin,
                                             buffer.after, test.tolerance);
    if (!difference.empty())
      return (test.canFail && i + 1 == test.buffers.size()
                  ? "the status"
                  : "buffer " + std::to_string(i)) +
             (": " + difference);
    end = begin + buffer.after.size();
  }
  return {};
}

std::string OpenProgram::check(const Program &source, size_t first,
                               size_t last) {
  std::vector<uint8_t> reference, image;
  for (size_t index = first; index < last; ++index) {
    const Function &function = source.functions[index];
    std::string where = std::to_string(function.blocks) + " blocks: ";
    for (int repetition = 0; repetition < kRepetitions; ++repetition) {
      std::string words = run(function, index, image);
      if (words.empty())
        words = compare(function, image);
      if (!words.empty())
        return where + words;
      if (reference.empty())
        reference = image;
      if (image != reference)
        return where + "other bits than before, repetition " +
               std::to_string(repetition);
    }
  }
  return {};
}

/// A number with a sign bit, `exponentBits` and `fractionBits`.
double decode(uint16_t word, int exponentBits, int fractionBits) {
  int fraction = word & ((1 << fractionBits) - 1);
  int exponent = word >> fractionBits & ((1 << exponentBits) - 1);
  int bias = (1 << (exponentBits - 1)) - 1;
  double size;
  if (exponent == (1 << exponentBits) - 1)
    size = fraction ? double(NAN) : double(INFINITY);
  else if (exponent == 0)
    size = std::ldexp(fraction, 1 - bias - fractionBits);
  else
    size = std::ldexp((1 << fractionBits) + fraction,
                      exponent - bias - fractionBits);
  return word >> 15 ? -size : size;
}

double element(int32_t dtype, const uint8_t *place) {
  auto as = [&](auto value) {
    std::memcpy(&value, place, sizeof(value));
    return value;
  };
  switch (dtype) {
  case TENSORC_F64:
    return as(double());
  case TENSORC_F32:
    return double(as(float()));
  case TENSORC_F16:
    return decode(as(uint16_t()), 5, 10);
  case TENSORC_BF16:
    return decode(as(uint16_t()), 8, 7);
  case TENSORC_I64:
    return double(as(int64_t()));
  case TENSORC_I32:
    return as(int32_t());
  case TENSORC_I16:
    return as(int16_t());
  case TENSORC_I8:
    return as(int8_t());
  default:
    return as(uint8_t());
  }
}

size_t elementBytes(int32_t dtype) {
  switch (dtype) {
  case TENSORC_F64:
  case TENSORC_I64:
    return 8;
  case TENSORC_F32:
  case TENSORC_I32:
    return 4;
  case TENSORC_F16:
  case TENSORC_BF16:
  case TENSORC_I16:
    return 2;
  default:
    return 1;
  }
}

} // namespace

std::string tensorc::test::firstDifference(int32_t dtype, const uint8_t *got,
                                           const std::vector<uint8_t> &expected,
                                           double tolerance) {
  size_t bytes = elementBytes(dtype), count = expected.size() / bytes;
  bool isFloat = dtype >= TENSORC_F16;
  for (size_t i = 0; i < count; ++i) {
    const uint8_t *place = got + i * bytes, *wanted = &expected[i * bytes];
    if (std::equal(place, place + bytes, wanted))
      continue;
    double value = element(dtype, place), want = element(dtype, wanted);
    if (isFloat && std::isnan(want) && std::isnan(value))
      continue;
    if (isFloat && std::isfinite(want) &&
        std::abs(value - want) <= tolerance * std::max(1.0, std::abs(want)))
      continue;
    // Zeros of both signs.
    if (isFloat && value == want)
      continue;
    char text[160];
    std::snprintf(text, sizeof(text),
                  "element %zu of %zu is %.9g, expected %.9g", i, count, value,
                  want);
    return text;
  }
  return {};
}

KernelRunner::KernelRunner(const tensorc_cuda_device_info &info,
                           std::function<void(const std::string &)> report)
    : info(info), report(std::move(report)) {
  // Fails where models do, too, and those say why.
  tensorc_rt_cuda_device_open(0, &device);
}

KernelRunner::~KernelRunner() { tensorc_rt_cuda_device_close(device); }

bool KernelRunner::runsHere(const CorpusModule &module) const {
  return module.suffix ? module.sm == info.sm : module.sm <= info.sm;
}

void KernelRunner::run(const CorpusBatch &batch) {
  for (uint32_t index = 0; index < batch.modules.size(); ++index) {
    const CorpusModule &module = batch.modules[index];
    Program program(module);
    for (const CorpusCase &test : batch.cases)
      for (const CorpusVariant &variant : test.variants) {
        if (variant.module != index)
          continue;
        if (runsHere(module))
          program.add(test, variant);
        else
          ++counts.skipped;
      }
    if (program.functions.empty())
      continue;
    OpenProgram open(program.finish(), device);
    for (size_t first = 0, last; first < program.functions.size();
         first = last) {
      const Function &function = program.functions[first];
      last = first;
      while (last < program.functions.size() &&
             &program.functions[last].variant == &function.variant)
        ++last;
      std::string words = open.check(program, first, last);
      ++(words.empty() ? counts.passed : counts.failed);
      if (!words.empty())
        report(function.test.name + " (" + module.chip() + ", for " +
               std::to_string(function.variant.multiprocessors) +
               " multiprocessors), " + words);
    }
  }
}
