//===- EmitPtx.cpp - From GPU modules to one binary -----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/ptx/Codegen.h"
#include "compiler/codegen/ptx/Passes.h"
#include "compiler/target/Variant.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/Threading.h"

namespace tensorc::ptx {
#define GEN_PASS_DEF_DESCRIBEKERNELSPASS
#define GEN_PASS_DEF_EMITPTXPASS
#define GEN_PASS_DEF_LINKPTXPASS
#include "compiler/codegen/ptx/Passes.h.inc"
} // namespace tensorc::ptx

using namespace mlir;
using namespace tensorc;

static constexpr llvm::StringLiteral targetTriple = "nvptx64-nvidia-cuda";

static gpu::ObjectAttr objectOf(MLIRContext *context, const target::Gpu &gpu,
                                gpu::CompilationTarget format,
                                StringRef bytes) {
  auto target =
      NVVM::NVVMTargetAttr::get(context, /*O=*/3, targetTriple, gpu.name);
  return gpu::ObjectAttr::get(context, target, format,
                              StringAttr::get(context, bytes), DictionaryAttr(),
                              gpu::KernelTableAttr());
}

/// Before `place`; `launches` may be null.
static void addBinary(Operation *place, Location loc, StringRef name,
                      ArrayRef<Attribute> objects, Attribute launches) {
  OpBuilder b(place);
  auto binary =
      gpu::BinaryOp::create(b, loc, name, Attribute(), b.getArrayAttr(objects));
  if (launches)
    binary->setAttr(ptx::launchesAttribute, launches);
}

namespace {

struct DescribeKernels : ptx::impl::DescribeKernelsPassBase<DescribeKernels> {
  void runOnOperation() override {
    Builder b(&getContext());
    SmallVector<NamedAttribute> kernels;
    for (auto func : getOperation().getOps<gpu::GPUFuncOp>()) {
      DenseI32ArrayAttr grid = func.getKnownGridSizeAttr(),
                        block = func.getKnownBlockSizeAttr();
      auto blocks = func->getAttrOfType<AffineMapAttr>("kernel.blocks");
      if (!(grid || blocks) || !block) {
        func.emitOpError("doesn't say its number of blocks and threads");
        return signalPassFailure();
      }
      SmallVector<NamedAttribute> launch = {b.getNamedAttr("block", block)};
      if (grid)
        launch.push_back(b.getNamedAttr("grid", grid));
      else
        launch.push_back(b.getNamedAttr("blocks", blocks));
      if (func->hasAttr("kernel.can_fail"))
        launch.push_back(b.getNamedAttr("can_fail", b.getUnitAttr()));
      if (auto bytes = func->getAttrOfType<IntegerAttr>("kernel.shared_bytes"))
        launch.push_back(
            b.getNamedAttr("shared", b.getI32IntegerAttr(bytes.getInt())));
      kernels.push_back(
          b.getNamedAttr(func.getName(), b.getDictionaryAttr(launch)));
    }
    getOperation()->setAttr(ptx::launchesAttribute,
                            b.getDictionaryAttr(kernels));
  }
};

struct EmitPtx : ptx::impl::EmitPtxPassBase<EmitPtx> {
  using Base::Base;

  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<NVVM::NVVMDialect>();
    ptx::registerTranslations(registry);
  }

  void runOnOperation() override {
    const target::Gpu *gpu = target::gpuOf(getOperation());
    if (!gpu && target::isVariant(getOperation()))
      return;
    if (!gpu)
      gpu = target::findGpu(chip);
    if (!gpu) {
      getOperation().emitError("the GPU is `")
          << chip << "`, expected one of " << target::gpuNames();
      return signalPassFailure();
    }
    auto modules = llvm::to_vector(getOperation().getOps<gpu::GPUModuleOp>());
    std::vector<std::string> texts(modules.size());
    auto compile = [&](size_t i) -> LogicalResult {
      FailureOr<std::string> text = ptx::emitPtx(modules[i], *gpu);
      if (failed(text))
        return failure();
      texts[i] = std::move(*text);
      return success();
    };
    if (failed(failableParallelForEachN(&getContext(), 0, modules.size(),
                                        compile)))
      return signalPassFailure();
    for (auto [module, text] : llvm::zip_equal(modules, texts)) {
      addBinary(
          module, module.getLoc(), module.getName(),
          objectOf(&getContext(), *gpu, gpu::CompilationTarget::Assembly, text),
          module->getAttr(ptx::launchesAttribute));
      module.erase();
    }
  }
};

struct LinkPtx : ptx::impl::LinkPtxPassBase<LinkPtx> {
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<gpu::GPUDialect, NVVM::NVVMDialect>();
  }

  void runOnOperation() override {
    const target::Gpu *gpu = target::gpuOf(getOperation());
    auto binaries = llvm::to_vector(getOperation().getOps<gpu::BinaryOp>());
    if (!gpu || binaries.empty())
      return;
    std::vector<std::string> texts;
    SmallVector<NamedAttribute> launches;
    for (gpu::BinaryOp binary : binaries) {
      auto object = cast<gpu::ObjectAttr>(binary.getObjects()[0]);
      texts.push_back(object.getObject().str());
      if (auto some =
              binary->getAttrOfType<DictionaryAttr>(ptx::launchesAttribute))
        llvm::append_range(launches, some);
    }
    std::string text = ptx::joinPtx(texts);
    SmallVector<Attribute> objects = {
        objectOf(&getContext(), *gpu, gpu::CompilationTarget::Assembly, text)};
    if (Attribute cubin = assemble(text, *gpu))
      objects.push_back(cubin);
    addBinary(binaries.front(), getOperation().getLoc(), ptx::binaryName,
              objects, DictionaryAttr::get(&getContext(), launches));
  }

private:
  /// The text as machine code; null where there is no `ptxas`, or it refuses.
  Attribute assemble(StringRef text, const target::Gpu &gpu) {
    static const std::string ptxas = ptx::findPtxas();
    if (ptxas.empty())
      return {};
    llvm::Expected<ptx::Cubin> cubin = ptx::assemble(text, gpu, ptxas);
    if (cubin)
      return objectOf(&getContext(), gpu, gpu::CompilationTarget::Binary,
                      StringRef(cubin->bytes.data(), cubin->bytes.size()));
    std::string words = llvm::toString(cubin.takeError());
    emitWarning(UnknownLoc::get(&getContext()))
        << "no machine code for `" << gpu.name
        << "` in the object, the driver will compile its PTX: "
        << StringRef(words).trim();
    return {};
  }
};

} // namespace

void ptx::buildPtxPipeline(OpPassManager &pm) {
  pm.addNestedPass<gpu::GPUModuleOp>(createDescribeKernelsPass());
  buildNVVMPipeline(pm);
  pm.addPass(createEmitPtxPass());
  pm.addPass(createLinkPtxPass());
}
