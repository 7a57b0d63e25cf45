//===- CorpusWriter.cpp - Kernel tests for machines without LLVM ----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/gpu/CorpusWriter.h"
#include "compiler/codegen/ptx/Codegen.h"
#include "compiler/lowering/gpu/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "tensorc/abi.h"
#include "tests/compiler/gpu/GpuKernelTest.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::test;

CorpusWriter *CorpusWriter::active = nullptr;

/// Cases of a batch: few enough that a driver that refuses one says of which it
/// is, enough that modules are few.
static constexpr size_t kBatchCases = 16;

static int32_t dtypeOf(Type type) {
  if (type.isInteger(1))
    return TENSORC_BOOL;
  if (type.isF16())
    return TENSORC_F16;
  if (type.isBF16())
    return TENSORC_BF16;
  if (type.isF32())
    return TENSORC_F32;
  if (type.isF64())
    return TENSORC_F64;
  switch (type.getIntOrFloatBitWidth()) {
  case 8:
    return type.isUnsignedInteger() ? TENSORC_U8 : TENSORC_I8;
  case 16:
    return TENSORC_I16;
  case 32:
    return TENSORC_I32;
  default:
    return TENSORC_I64;
  }
}

static std::vector<uint8_t> bytesOf(HostBuffer &buffer) {
  auto *first = static_cast<const uint8_t *>(buffer.data());
  return {first, first + buffer.extent() * buffer.elementBytes()};
}

void CorpusWriter::add(kernel::FuncOp func, const CheckOptions &options,
                       Arguments &expected, int32_t expectedStatus,
                       double tolerance) {
  const auto *info = ::testing::UnitTest::GetInstance()->current_test_info();
  std::string name = std::string(info->test_suite_name()) + "." + info->name();
  CorpusCase test;
  test.name = name + "/" + std::to_string(casesOf[name]++) + "/" +
              func.getSymName().str();
  test.tolerance = tolerance;
  Arguments before = makeArguments(func, options);
  for (size_t i = 0; i < before.storage.size(); ++i)
    test.buffers.push_back({dtypeOf(before.storage[i].elementType),
                            bytesOf(before.storage[i]),
                            bytesOf(expected.storage[i])});
  test.pointers.assign(before.owner.begin(), before.owner.end());
  for (const auto &list : options.dynamic)
    test.sizes.insert(test.sizes.end(), list.begin(), list.end());

  for (int64_t multiprocessors : {132, 1})
    addVariant(func, test, multiprocessors, options.tf32, "sm_80");
  bool contracts = false;
  func.walk([&](kernel::ContractOp) { contracts = true; });
  if (contracts)
    addVariant(func, test, 132, options.tf32, "sm_90a");
  if (test.canFail) {
    auto *word = reinterpret_cast<const uint8_t *>(&expectedStatus);
    test.buffers.push_back({TENSORC_I32,
                            std::vector<uint8_t>(4),
                            {word, word + sizeof(expectedStatus)}});
  }
  batch.cases.push_back(std::move(test));
  if (batch.cases.size() == kBatchCases)
    finishBatch();
}

void CorpusWriter::addVariant(kernel::FuncOp func, CorpusCase &test,
                              int64_t multiprocessors, bool tf32,
                              llvm::StringRef chip) {
  OpBuilder b(&gpuContext());
  OwningOpRef<ModuleOp> module = ModuleOp::create(b, func.getLoc());
  auto copy = cast<kernel::FuncOp>(func->clone());
  module->push_back(copy);
  CorpusVariant variant;
  variant.kernel = "k" + std::to_string(kernels++);
  variant.multiprocessors = uint32_t(multiprocessors);
  copy.setSymName(variant.kernel);

  PassManager lower(&gpuContext()), toNVVM(&gpuContext());
  // That for `sm_80` runs on later chips.
  simt::TargetInfo target = simt::TargetInfo::of(*target::findGpu(chip));
  target.multiprocessors = multiprocessors;
  target.tf32 = tf32;
  lower.addPass(simt::createLowerGpuPass(target));
  ptx::buildNVVMPipeline(toNVVM);
  if (failed(lower.run(*module))) {
    ADD_FAILURE() << "lowering failed, " << test.name;
    return;
  }
  module->walk([&](gpu::GPUFuncOp lowered) {
    variant.threads = uint32_t((*lowered.getKnownBlockSize())[0]);
    if (auto grid = lowered.getKnownGridSize())
      variant.blocks = uint32_t((*grid)[0]);
    if (auto bytes = lowered->getAttrOfType<IntegerAttr>("kernel.shared_bytes"))
      variant.sharedBytes = uint32_t(bytes.getInt());
    test.canFail = lowered->hasAttr("kernel.can_fail");
  });
  FailureOr<std::string> text = failure();
  if (succeeded(toNVVM.run(*module)))
    text = ptx::emitPtx(*module->getOps<gpu::GPUModuleOp>().begin(),
                        *target::findGpu(chip));
  if (failed(text)) {
    ADD_FAILURE() << "no PTX, " << test.name;
    return;
  }
  auto found = llvm::find_if(batch.modules, [&](const CorpusModule &known) {
    return known.chip() == chip;
  });
  variant.module = uint32_t(found - batch.modules.begin());
  if (found == batch.modules.end()) {
    bool special = chip.ends_with("a");
    int32_t sm = 0;
    chip.drop_front(3).drop_back(special).getAsInteger(10, sm);
    batch.modules.push_back({sm, special ? 'a' : 0, ""});
  }
  texts[chip.str()].push_back(std::move(*text));
  test.variants.push_back(variant);
}

void CorpusWriter::finishBatch() {
  if (batch.cases.empty())
    return;
  for (CorpusModule &module : batch.modules)
    module.ptx = ptx::joinPtx(texts[module.chip()]);
  batches.push_back(std::move(batch));
  batch = {};
  texts.clear();
}

std::vector<CorpusBatch> CorpusWriter::take() {
  finishBatch();
  return std::exchange(batches, {});
}
