//===- Main.cpp - Contractions against the machine and OpenBLAS -----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// usage: contract-benchmark [batch]   (default 64)
//
// One core. Each row: best time of several runs, GFLOP/s, the fraction of what
// independent multiply-adds reach in the same run, sgemm of OpenBLAS on the
// same numbers where it does the same work, and the kernel's object code.
// OpenBLAS is optional (Debian: libopenblas0-pthread).
//
//===----------------------------------------------------------------------===//

#include "benchmarks/contract/Cases.h"
#include "compiler/codegen/cpu/Codegen.h"
#include "compiler/lowering/cpu/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "tensorc/abi.h"
#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <random>

using namespace mlir;
using namespace tensorc;
using namespace tensorc::benchmark;
using Clock = std::chrono::steady_clock;

//===----------------------------------------------------------------------===//
// Time
//===----------------------------------------------------------------------===//

static double secondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Seconds of one call: the best of some blocks of calls.
static double measure(llvm::function_ref<void()> call) {
  call();
  Clock::time_point begin = Clock::now();
  call();
  double once = std::max(secondsSince(begin), 1e-8);
  int64_t calls = std::max<int64_t>(int64_t(2e-3 / once), 1);
  double best = once;
  for (int block = 0; block < 15; ++block) {
    begin = Clock::now();
    for (int64_t i = 0; i < calls; ++i)
      call();
    best = std::min(best, secondsSince(begin) / double(calls));
  }
  return best;
}

/// What a core can do: 12 independent chains of multiply-adds.
template <typename Vector>
[[gnu::always_inline]] static inline float spin(int64_t rounds) {
  Vector x = {}, y = {}, sums[12] = {};
  x += 0.5f;
  y += 1.0f;
  for (int64_t i = 0; i < rounds; ++i)
    for (Vector &sum : sums)
      sum = sum * x + y;
  float total = 0;
  for (Vector &sum : sums)
    total += sum[0];
  return total;
}
typedef float Narrow __attribute__((vector_size(32)));
typedef float Wide __attribute__((vector_size(64)));
[[gnu::target("avx2,fma")]] static float spinNarrow(int64_t rounds) {
  return spin<Narrow>(rounds);
}
[[gnu::target("avx512f")]] static float spinWide(int64_t rounds) {
  return spin<Wide>(rounds);
}

static double peakFlops() {
  constexpr int64_t rounds = 100'000;
  bool wide = target::hostCpu()->vectorBytes == 64;
  volatile float sink = 0;
  double seconds =
      measure([&] { sink = wide ? spinWide(rounds) : spinNarrow(rounds); });
  return rounds * 12 * (wide ? 32 : 16) / seconds;
}

//===----------------------------------------------------------------------===//
// OpenBLAS
//===----------------------------------------------------------------------===//

using SgemmFn = void (*)(int, int, int, int, int, int, float, const float *,
                         int, const float *, int, float, float *, int);

static SgemmFn findSgemm() {
  void *library = dlopen("libopenblas.so.0", RTLD_NOW);
  if (!library)
    return nullptr;
  if (auto *setThreads = reinterpret_cast<void (*)(int)>(
          dlsym(library, "openblas_set_num_threads")))
    setThreads(1);
  return reinterpret_cast<SgemmFn>(dlsym(library, "cblas_sgemm"));
}

static void callSgemm(SgemmFn sgemm, const Gemm &g, const float *a,
                      const float *b, float *c) {
  constexpr int rowMajor = 101, plain = 111, transposed = 112;
  sgemm(rowMajor, g.transposeA ? transposed : plain,
        g.transposeB ? transposed : plain, int(g.m), int(g.n), int(g.k), 1.0f,
        a, int(g.transposeA ? g.m : g.k), b, int(g.transposeB ? g.k : g.n),
        0.0f, c, int(g.n));
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

namespace {
struct Compiled {
  std::unique_ptr<llvm::orc::LLJIT> jit;
  tensorc_kernel_fn function;
  size_t bytes;
};
} // namespace

static FailureOr<Compiled> compile(MLIRContext &context,
                                   const std::string &text) {
  auto module = parseSourceString<ModuleOp>(text, &context);
  if (!module)
    return failure();
  PassManager passes(&context);
  cpu::LowerCpuPassOptions options;
  options.cpu = target::hostCpu()->name.str();
  passes.addPass(cpu::createScheduleCpuPass());
  passes.addPass(cpu::createLowerCpuPass(options));
  cpu::buildLLVMPipeline(passes);
  if (failed(passes.run(*module)))
    return failure();
  cpu::setTarget(*module, *target::hostCpu(), target::hostName());
  auto object = cpu::emitObject(*module);
  if (failed(object))
    return failure();
  Compiled result;
  result.bytes = object->size();
  result.jit = llvm::cantFail(llvm::orc::LLJITBuilder().create());
  llvm::cantFail(result.jit->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(
      llvm::StringRef(object->data(), object->size()))));
  result.function =
      llvm::cantFail(result.jit->lookup("k")).toPtr<tensorc_kernel_fn>();
  return result;
}

static void runCase(MLIRContext &context, const Case &test, double peak,
                    SgemmFn sgemm) {
  auto compiled = compile(context, test.kernel);
  if (failed(compiled))
    std::exit(1);
  std::mt19937 generator(1);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<float *> buffers;
  for (int64_t elements : test.elements) {
    size_t bytes = (size_t(elements) * sizeof(float) + 127) / 64 * 64;
    buffers.push_back(static_cast<float *>(std::aligned_alloc(64, bytes)));
    for (int64_t i = 0; i < elements; ++i)
      buffers.back()[i] = uniform(generator);
  }
  std::vector<void *> pointers(buffers.begin(), buffers.end());
  double seconds =
      measure([&] { compiled->function(pointers.data(), nullptr, 0, 1); });
  std::printf("%-22s %9.2f us %7.1f GFLOP/s %4.0f%% %6zu B", test.name.c_str(),
              seconds * 1e6, test.flops / seconds * 1e-9,
              100 * test.flops / seconds / peak, compiled->bytes);
  if (test.gemm && sgemm) {
    std::vector<float> expected(size_t(test.elements.back()));
    double theirs = measure([&] {
      callSgemm(sgemm, *test.gemm, buffers[0], buffers[1], expected.data());
    });
    double worst = 0;
    // A bias and a maximum follow in the kernel only.
    bool hasBias = buffers.size() > 3;
    for (size_t i = 0; i < expected.size(); ++i) {
      float value = expected[i];
      if (hasBias)
        value = std::max(0.0f, value + buffers[2][i % size_t(test.gemm->n)]);
      worst = std::max(worst, std::fabs(double(value) - buffers.back()[i]));
    }
    std::printf("   OpenBLAS %9.2f us  %5.2fx%s", theirs * 1e6,
                theirs / seconds, worst > 1e-3 ? "  WRONG" : "");
  }
  std::printf("\n");
  for (float *buffer : buffers)
    std::free(buffer);
}

int main(int argc, char **argv) {
  int64_t batch = argc > 1 ? std::atoll(argv[1]) : 64;
  if (batch < 1 || !target::hostCpu()) {
    std::fprintf(stderr, "usage: contract-benchmark [batch]  (on x86-64-v3)\n");
    return 1;
  }
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  DialectRegistry registry;
  registry
      .insert<kernel::KernelDialect, arith::ArithDialect, func::FuncDialect>();
  cpu::registerTranslations(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();

  SgemmFn sgemm = findSgemm();
  double peak = peakFlops();
  std::printf("one core: %.0f GFLOP/s of f32 multiply-adds, %s%s\n",
              peak * 1e-9, target::hostCpu()->name.data(),
              sgemm ? "" : "; no OpenBLAS to compare with");
  std::printf("\nLeNet, batch %lld\n", static_cast<long long>(batch));
  for (const Case &test : lenetCases(batch))
    runCase(context, test, peak, sgemm);
  std::printf("\nmatmul\n");
  for (const Case &test : matmulCases())
    runCase(context, test, peak, sgemm);
}
