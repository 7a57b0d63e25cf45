//===- EmitPtx.cpp - PTX as a pass, for tests -----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/ptx/Codegen.h"
#include "compiler/codegen/ptx/Passes.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

namespace tensorc::ptx {
#define GEN_PASS_DEF_EMITPTXPASS
#include "compiler/codegen/ptx/Passes.h.inc"
} // namespace tensorc::ptx

using namespace mlir;
using namespace tensorc;

namespace {
struct EmitPtx : ptx::impl::EmitPtxPassBase<EmitPtx> {
  using Base::Base;

  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<NVVM::NVVMDialect>();
    ptx::registerTranslations(registry);
  }

  void runOnOperation() override {
    const target::Gpu *known = target::findGpu(chip);
    if (!known) {
      getOperation().emitError("the GPU is `")
          << chip << "`, expected one of " << target::gpuNames();
      return signalPassFailure();
    }
    Builder b(&getContext());
    for (auto module : llvm::make_early_inc_range(
             getOperation().getOps<gpu::GPUModuleOp>())) {
      auto text = ptx::emitPtx(module, *known);
      if (failed(text))
        return signalPassFailure();
      OpBuilder builder(module);
      auto target =
          NVVM::NVVMTargetAttr::get(&getContext(), /*O=*/3, targetTriple, chip);
      auto object = gpu::ObjectAttr::get(
          &getContext(), target, gpu::CompilationTarget::Assembly,
          b.getStringAttr(*text), DictionaryAttr(), gpu::KernelTableAttr());
      gpu::BinaryOp::create(builder, module.getLoc(), module.getName(),
                            Attribute(), b.getArrayAttr({object}));
      module.erase();
    }
  }

private:
  static constexpr llvm::StringLiteral targetTriple = "nvptx64-nvidia-cuda";
};
} // namespace
