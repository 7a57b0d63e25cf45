//===- GpuKernelTest.cpp - GPU code of kernels, run and compared ----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `checkKernel` for GPU code: the tests of the CPU's kernels run on it, too.
// And each kernel becomes PTX that `ptxas`, where there is one, takes.
//
// With `--corpus=FILE` no kernel runs: each is written down with what it is to
// compute, for `gpu-kernels`.
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/gpu/GpuKernelTest.h"
#include "compiler/codegen/ptx/Codegen.h"
#include "compiler/lowering/gpu/Passes.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/PassManager.h"
#include "tests/compiler/gpu/CorpusWriter.h"
#include "tests/compiler/gpu/EmulatedKernel.h"
#include "tests/compiler/lowering/KernelTest.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::test;

MLIRContext &test::gpuContext() {
  static bool once = [] {
    DialectRegistry registry;
    registry
        .insert<memref::MemRefDialect, scf::SCFDialect, vector::VectorDialect,
                gpu::GPUDialect, nvgpu::NVGPUDialect, NVVM::NVVMDialect>();
    ptx::registerTranslations(registry);
    context().appendDialectRegistry(registry);
    context().loadAllAvailableDialects();
    return true;
  }();
  (void)once;
  return context();
}

/// The PTX of a module's kernels for a chip; twice, as it must be the same.
static std::string emitPtx(ModuleOp source, const simt::TargetInfo &target,
                           const target::Gpu &gpu) {
  std::string texts[2];
  for (std::string &text : texts) {
    OwningOpRef<ModuleOp> module = source.clone();
    PassManager pm(&gpuContext());
    pm.addPass(simt::createLowerGpuPass(target));
    ptx::buildNVVMPipeline(pm);
    if (failed(pm.run(*module)))
      return "";
    std::vector<std::string> parts;
    for (auto inner : module->getOps<gpu::GPUModuleOp>()) {
      auto made = ptx::emitPtx(inner, gpu);
      if (failed(made))
        return "";
      parts.push_back(*made);
    }
    text = ptx::joinPtx(parts);
  }
  EXPECT_EQ(texts[0], texts[1]);
  return texts[0];
}

/// Whether no kernel of ptxas' report has a stack: local memory is spills, or
/// an array that isn't in registers.
static bool usesNoStack(llvm::StringRef report) {
  constexpr llvm::StringLiteral clean = "0 bytes stack frame, 0 bytes spill "
                                        "stores, 0 bytes spill loads";
  return report.count("bytes stack frame") > 0 &&
         report.count("bytes stack frame") == report.count(clean) &&
         !report.contains("cumulative stack");
}

void test::checkPtx(ModuleOp module, const simt::TargetInfo &target,
                    const std::string &where) {
  static const std::string ptxas = ptx::findPtxas();
  for (const target::Gpu &gpu : target::gpus()) {
    if (target.warpgroups && !gpu.hasWarpgroups)
      continue;
    std::string text = emitPtx(module, target, gpu);
    ASSERT_NE(text, "") << "no PTX, " << where;
    EXPECT_EQ(text.find(".local"), std::string::npos) << where;
    EXPECT_EQ(text.find(".func"), std::string::npos) << where;
    if (ptxas.empty())
      continue;
    auto cubin = ptx::assemble(text, gpu, ptxas);
    if (!cubin) {
      ADD_FAILURE() << llvm::toString(cubin.takeError()) << where;
      return;
    }
    EXPECT_TRUE(usesNoStack(cubin->report)) << cubin->report << where;
  }
}

static bool hasDoubles(kernel::FuncOp func) {
  return llvm::any_of(func.getArgumentTypes(), [](Type type) {
    auto buffer = dyn_cast<MemRefType>(type);
    return buffer && buffer.getElementType().isF64();
  });
}

/// Whether some GPUs have other instructions for it.
static bool multipliesHalves(kernel::FuncOp func) {
  return func
      .walk([](kernel::ContractOp op) {
        auto type = cast<MemRefType>(op->getOperand(0).getType());
        return type.getElementTypeBitWidth() == 16 ? WalkResult::interrupt()
                                                   : WalkResult::advance();
      })
      .wasInterrupted();
}

void test::checkKernel(llvm::StringRef text, const CheckOptions &options) {
  gpuContext();
  OwningOpRef<ModuleOp> module = parse(text);
  if (!module)
    return;
  auto func = *module->getOps<kernel::FuncOp>().begin();
  std::string name = func.getSymName().str();
  Arguments expected = makeArguments(func, options);
  int32_t expectedStatus = interpret(func, expected.pointers());
  std::vector<int64_t> sizes;
  for (const auto &list : options.dynamic)
    sizes.insert(sizes.end(), list.begin(), list.end());
  // Sums are in another order than the interpreter's, and random kernels sum
  // up what such sums leave over.
  double tolerance = std::max(options.tolerance, 5e-4);
  if (hasDoubles(func))
    tolerance = options.tolerance;
  if (CorpusWriter *corpus = CorpusWriter::active)
    return corpus->add(func, options, expected, expectedStatus, tolerance);
  std::vector<simt::TargetInfo> targets(2);
  targets[1].multiprocessors = 1;
  if (multipliesHalves(func)) {
    targets.push_back(simt::TargetInfo::of(*target::findGpu("sm_90a")));
    targets.push_back(targets.back());
    targets.back().multiprocessors = 1;
  }
  for (simt::TargetInfo &target : targets) {
    target.tf32 = options.tf32;
    EmulatedKernel compiled(*module, target);
    if (!compiled.valid()) {
      ADD_FAILURE() << text.str();
      return;
    }
    static unsigned count = 0;
    // Assembling takes longer than all else: a sample of the many.
    if (count++ % 30 == 0)
      checkPtx(*module, target, "\n" + text.str());

    std::string reference;
    for (auto [order, blocks] : {std::pair(ThreadOrder::Forward, 3),
                                 {ThreadOrder::Backward, 1},
                                 {ThreadOrder::Shuffled, 0}}) {
      Arguments got = makeArguments(func, options);
      std::vector<void *> buffers;
      for (HostBuffer *buffer : got.pointers())
        buffers.push_back(buffer->data());
      int32_t status = 0;
      std::string wrong =
          compiled.run(name, buffers, sizes, order, blocks, status);
      std::string where = std::to_string(target.multiprocessors) +
                          " multiprocessors" +
                          (target.warpgroups ? " with wgmma" : "") +
                          ", order " + std::to_string(int(order)) + ", seed " +
                          std::to_string(options.seed) + "\n" + text.str();
      EXPECT_EQ(wrong, "") << where;
      EXPECT_EQ(status, expectedStatus) << where;
      std::string bits;
      for (size_t i = 0; i < got.storage.size(); ++i) {
        HostBuffer &buffer = got.storage[i];
        EXPECT_TRUE(buffer.guardsIntact()) << "argument " << i << ", " << where;
        EXPECT_EQ(buffer.difference(expected.storage[i], tolerance), "")
            << "argument " << i << ", " << where;
        for (int64_t p = 0; p < buffer.extent(); ++p) {
          Scalar element = buffer.load(p);
          bits.append(reinterpret_cast<const char *>(&element),
                      sizeof(element));
        }
      }
      if (reference.empty())
        reference = bits;
      EXPECT_TRUE(reference == bits)
          << "results depend on the order of threads or blocks, " << where;
      if (::testing::Test::HasFailure()) {
        if (getenv("TENSORC_PRINT_LOWERED"))
          llvm::errs() << compiled.lowered();
        return;
      }
    }
  }
}

/// `--corpus=FILE`, or nothing.
static std::string corpusPath(int argc, char **argv) {
  for (int i = 1; i < argc; ++i) {
    llvm::StringRef option = argv[i];
    if (option.consume_front("--corpus="))
      return option.str();
  }
  return "";
}

int main(int argc, char **argv) {
  ::testing::InitGoogleTest(&argc, argv);
  std::string path = corpusPath(argc, argv);
  if (path.empty())
    return RUN_ALL_TESTS();
  CorpusWriter writer;
  CorpusWriter::active = &writer;
  int status = RUN_ALL_TESTS();
  if (!status)
    writeCorpus(path, writer.take());
  return status;
}
