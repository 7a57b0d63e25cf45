//===- EmulatedKernel.cpp - GPU code of kernels, for the CPU --------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/gpu/EmulatedKernel.h"
#include "compiler/codegen/cpu/Codegen.h"
#include "compiler/codegen/ptx/Library.h"
#include "compiler/codegen/ptx/Passes.h"
#include "compiler/lowering/gpu/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/PassManager.h"
#include "tests/compiler/lowering/KernelTest.h"
#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Transforms/Instrumentation/BoundsChecking.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::test;

namespace {
/// Replaces what a GPU has by calls of the emulator.
class Converter {
public:
  Converter(gpu::GPUFuncOp func) : func(func), b(func), loc(func.getLoc()) {}

  void run();
  SmallVector<int64_t> sharedBytes;

private:
  Value call(StringRef name, Type result, ValueRange operands) {
    auto call = func::CallOp::create(
        b, loc, name, result ? TypeRange(result) : TypeRange(), operands);
    return result ? call.getResult(0) : Value();
  }
  Value number(StringRef name) {
    return arith::IndexCastOp::create(b, loc, b.getIndexType(),
                                      call(name, b.getI64Type(), {}));
  }
  void convertArguments(func::FuncOp target);
  void convertOp(Operation *op);
  void convertShuffle(gpu::ShuffleOp op);
  void convertMma(NVVM::MmaOp op);
  void convertLoadMatrix(nvgpu::LdMatrixOp op);
  void convertCopy(nvgpu::DeviceAsyncCopyOp op);
  void convertTF32(NVVM::ConvertFloatToTF32Op op);
  void convertWarpgroupMultiply(NVVM::WgmmaMmaAsyncOp op);
  void convertProductWait(LLVM::InlineAsmOp op);
  Value toBits(Value value);
  Value addressOf(Value buffer, Value index);
  Value constant(int64_t value) {
    return arith::ConstantIntOp::create(b, loc, value, 32);
  }

  gpu::GPUFuncOp func;
  OpBuilder b;
  Location loc;
};
} // namespace

void Converter::convertArguments(func::FuncOp target) {
  Block &entry = target.getBody().front();
  b.setInsertionPointToStart(&entry);
  unsigned own = 4;
  auto flat = [&](Type type, unsigned position) {
    return kernel::BindingOp::create(
        b, loc,
        MemRefType::get({ShapedType::kDynamic},
                        cast<MemRefType>(type).getElementType()),
        target.getArgument(0), position);
  };
  unsigned buffers = 0, sizes = 0;
  // The shared arrays are the last arguments, behind all buffers.
  for (BlockArgument argument :
       llvm::to_vector(entry.getArguments().drop_front(own))) {
    Value value;
    if (auto type = dyn_cast<MemRefType>(argument.getType())) {
      if (type.hasStaticShape())
        sharedBytes.push_back(type.getNumElements() *
                              type.getElementTypeBitWidth() / 8);
      value = flat(type, buffers++);
    } else {
      Value size = kernel::SizeOp::create(b, loc, b.getIndexType(),
                                          target.getArgument(1), sizes++);
      value = arith::IndexCastOp::create(b, loc, b.getI64Type(), size);
    }
    argument.replaceAllUsesWith(value);
  }
  entry.eraseArguments(own, entry.getNumArguments() - own);
}

void Converter::convertShuffle(gpu::ShuffleOp op) {
  Type type = op.getValue().getType();
  unsigned width = type.getIntOrFloatBitWidth();
  Type bits = b.getIntegerType(width), i64 = b.getI64Type();
  Value value = op.getValue();
  if (isa<FloatType>(type))
    value = arith::BitcastOp::create(b, loc, bits, value);
  if (width < 64)
    value = arith::ExtUIOp::create(b, loc, i64, value);
  value = call("tensorc_emulate_shuffle", i64, {value, op.getOffset()});
  if (width < 64)
    value = arith::TruncIOp::create(b, loc, bits, value);
  if (isa<FloatType>(type))
    value = arith::BitcastOp::create(b, loc, type, value);
  op.getShuffleResult().replaceAllUsesWith(value);
  EXPECT_EQ(op.getMode(), gpu::ShuffleMode::XOR);
  EXPECT_TRUE(op.getValid().use_empty());
  op.erase();
}

/// A register as its bits.
Value Converter::toBits(Value value) {
  Type i32 = b.getI32Type();
  if (auto type = dyn_cast<VectorType>(value.getType())) {
    value = vector::BitCastOp::create(b, loc, VectorType::get(1, i32), value);
    return vector::ExtractOp::create(b, loc, value, int64_t(0));
  }
  return value.getType() == i32
             ? value
             : arith::BitcastOp::create(b, loc, i32, value).getResult();
}

Value Converter::addressOf(Value buffer, Value index) {
  Type type = cast<MemRefType>(buffer.getType()).getElementType();
  Value start = memref::ExtractAlignedPointerAsIndexOp::create(b, loc, buffer);
  Value bytes =
      arith::ConstantIndexOp::create(b, loc, type.getIntOrFloatBitWidth() / 8);
  Value address = arith::AddIOp::create(
      b, loc, start, arith::MulIOp::create(b, loc, index, bytes));
  return arith::IndexCastOp::create(b, loc, b.getI64Type(), address);
}

void Converter::convertMma(NVVM::MmaOp op) {
  Type i32 = b.getI32Type(), f32 = b.getF32Type();
  int64_t slot = 0;
  for (Value operand : op->getOperands())
    call("tensorc_emulate_fragment", {}, {constant(slot++), toBits(operand)});
  EXPECT_EQ(slot, 10);
  NVVM::MMATypes type = *op.getMultiplicandAPtxType();
  MatrixType known = type == NVVM::MMATypes::f16    ? MatrixType::F16
                     : type == NVVM::MMATypes::tf32 ? MatrixType::TF32
                                                    : MatrixType::BF16;
  call("tensorc_emulate_mma", {}, {constant(int64_t(known))});
  for (Operation *user : llvm::to_vector(op->getUsers())) {
    auto extract = cast<LLVM::ExtractValueOp>(user);
    Value bits =
        call("tensorc_emulate_sum", i32, {constant(extract.getPosition()[0])});
    extract.getResult().replaceAllUsesWith(
        arith::BitcastOp::create(b, loc, f32, bits).getResult());
    extract.erase();
  }
  op.erase();
}

void Converter::convertLoadMatrix(nvgpu::LdMatrixOp op) {
  EXPECT_EQ(op.getNumTiles(), 4u);
  EXPECT_TRUE(!op.getTranspose() ||
              getElementTypeOrSelf(op.getRes()).getIntOrFloatBitWidth() == 16);
  call("tensorc_emulate_ldmatrix", {},
       {addressOf(op.getSrcMemref(), op.getIndices().front()),
        constant(op.getTranspose())});
  for (Operation *user : llvm::to_vector(op->getUsers())) {
    auto extract = cast<vector::ExtractOp>(user);
    Value word = call("tensorc_emulate_word", b.getI32Type(),
                      {constant(extract.getStaticPosition()[0])});
    if (extract.getType().isF32()) {
      word = arith::BitcastOp::create(b, loc, extract.getType(), word);
    } else {
      Type one = VectorType::get(1, b.getI32Type());
      word = vector::BroadcastOp::create(b, loc, one, word);
      word = vector::BitCastOp::create(b, loc, extract.getType(), word);
    }
    extract.getResult().replaceAllUsesWith(word);
    extract.erase();
  }
  op.erase();
}

void Converter::convertCopy(nvgpu::DeviceAsyncCopyOp op) {
  int64_t size =
      cast<MemRefType>(op.getDst().getType()).getElementTypeBitWidth() / 8;
  Value taken = op.getSrcElements();
  if (!taken)
    taken = arith::ConstantIndexOp::create(b, loc,
                                           op.getDstElements().getSExtValue());
  Value bytes = arith::MulIOp::create(
      b, loc, taken, arith::ConstantIndexOp::create(b, loc, size));
  call("tensorc_emulate_copy", {},
       {addressOf(op.getDst(), op.getDstIndices().front()),
        addressOf(op.getSrc(), op.getSrcIndices().front()),
        arith::ConstantIntOp::create(
            b, loc, op.getDstElements().getSExtValue() * size, 64),
        arith::IndexCastOp::create(b, loc, b.getI64Type(), bytes)});
  EXPECT_TRUE(op.getAsyncToken().use_empty());
  op.erase();
}

/// To nearest, ties away from zero.
void Converter::convertTF32(NVVM::ConvertFloatToTF32Op op) {
  EXPECT_EQ(op.getRnd(), NVVM::FPRoundingMode::RNA);
  Value bits = arith::AddIOp::create(b, loc, toBits(op.getSrc()),
                                     constant(int64_t(1) << 12));
  op.getRes().replaceAllUsesWith(
      arith::AndIOp::create(b, loc, bits, constant(~0x1fff)).getResult());
  op.erase();
}

/// The sums travel in memory.
void Converter::convertWarpgroupMultiply(NVVM::WgmmaMmaAsyncOp op) {
  Type pointer = LLVM::LLVMPointerType::get(b.getContext());
  Value sums;
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(
        &op->getParentOfType<func::FuncOp>().getBody().front());
    sums = LLVM::AllocaOp::create(b, loc, pointer, op.getInouts().getType(),
                                  constant(1), 4);
  }
  LLVM::StoreOp::create(b, loc, op.getInouts(), sums);
  MatrixType type = op.getTypeA() == NVVM::WGMMATypes::f16 ? MatrixType::F16
                                                           : MatrixType::BF16;
  EXPECT_EQ(op.getShape().getM(), 64);
  EXPECT_EQ(op.getShape().getK(), 16);
  call("tensorc_emulate_warpgroup_multiply", {},
       {sums, op.getDescriptorA(), op.getDescriptorB(),
        constant(op.getShape().getN()), constant(int64_t(type)),
        constant(op.getLayoutA() == NVVM::MMALayout::col),
        constant(op.getLayoutB() == NVVM::MMALayout::row)});
  op.getResult().replaceAllUsesWith(
      LLVM::LoadOp::create(b, loc, op.getInouts().getType(), sums).getResult());
  op.erase();
}

/// `wgmma.wait_group.sync.aligned N;`, through which the sums pass.
void Converter::convertProductWait(LLVM::InlineAsmOp op) {
  StringRef text = op.getAsmString();
  int64_t pending = 0;
  EXPECT_TRUE(text.consume_front("wgmma.wait_group.sync.aligned ") &&
              !text.consumeInteger(10, pending) && text == ";");
  call("tensorc_emulate_wait_products", {}, {constant(pending)});
  Value all = LLVM::PoisonOp::create(b, loc, op.getRes().getType());
  for (auto [i, sum] : llvm::enumerate(op.getOperands()))
    all = LLVM::InsertValueOp::create(b, loc, all, sum, int64_t(i));
  op.getRes().replaceAllUsesWith(all);
  op.erase();
}

void Converter::convertOp(Operation *op) {
  b.setInsertionPoint(op);
  if (auto multiply = dyn_cast<NVVM::WgmmaMmaAsyncOp>(op))
    return convertWarpgroupMultiply(multiply);
  if (auto wait = dyn_cast<LLVM::InlineAsmOp>(op))
    return convertProductWait(wait);
  if (auto mma = dyn_cast<NVVM::MmaOp>(op))
    return convertMma(mma);
  if (auto load = dyn_cast<nvgpu::LdMatrixOp>(op))
    return convertLoadMatrix(load);
  if (auto copy = dyn_cast<nvgpu::DeviceAsyncCopyOp>(op))
    return convertCopy(copy);
  if (auto convert = dyn_cast<NVVM::ConvertFloatToTF32Op>(op))
    return convertTF32(convert);
  if (auto shuffle = dyn_cast<gpu::ShuffleOp>(op))
    return convertShuffle(shuffle);
  if (isa<gpu::ReturnOp>(op)) {
    Value ok = arith::ConstantIntOp::create(b, loc, 0, 32);
    func::ReturnOp::create(b, loc, ok);
  } else if (isa<gpu::BarrierOp>(op)) {
    call("tensorc_emulate_barrier", {}, {});
  } else if (isa<NVVM::CpAsyncCommitGroupOp>(op)) {
    call("tensorc_emulate_commit", {}, {});
  } else if (auto wait = dyn_cast<NVVM::CpAsyncWaitGroupOp>(op)) {
    call("tensorc_emulate_wait", {}, {constant(wait.getN())});
  } else if (isa<NVVM::FenceProxyOp>(op)) {
    call("tensorc_emulate_show_copies", {}, {});
  } else if (isa<NVVM::WgmmaGroupSyncAlignedOp>(op)) {
    call("tensorc_emulate_commit_products", {}, {});
  } else if (isa<NVVM::WgmmaFenceAlignedOp>(op)) {
    // Registers are in order here.
  } else if (isa<gpu::ThreadIdOp>(op)) {
    op->replaceAllUsesWith(ValueRange{number("tensorc_emulate_thread")});
  } else if (isa<gpu::BlockIdOp>(op)) {
    op->replaceAllUsesWith(ValueRange{number("tensorc_emulate_block")});
  } else if (isa<gpu::GridDimOp>(op)) {
    op->replaceAllUsesWith(ValueRange{number("tensorc_emulate_blocks")});
  } else {
    ADD_FAILURE() << "nothing emulates " << op->getName().getStringRef().str();
    return;
  }
  op->erase();
}

void Converter::run() {
  b.setInsertionPoint(func->getParentOp());
  Type pointer = LLVM::LLVMPointerType::get(b.getContext());
  Type i64 = b.getI64Type();
  SmallVector<Type> types{pointer, pointer, i64, i64};
  auto target = func::FuncOp::create(
      b, loc, func.getName(), b.getFunctionType(types, {b.getI32Type()}));
  target.getBody().takeBody(func.getBody());
  Block &entry = target.getBody().front();
  for (auto [i, type] : llvm::enumerate(types))
    entry.insertArgument(unsigned(i), type, loc);
  convertArguments(target);
  SmallVector<Operation *> ops;
  target.walk([&](Operation *op) {
    if (isa<gpu::GPUDialect, nvgpu::NVGPUDialect, NVVM::NVVMDialect>(
            op->getDialect()) ||
        isa<LLVM::InlineAsmOp>(op))
      ops.push_back(op);
  });
  for (Operation *op : ops)
    convertOp(op);
}

static void declare(ModuleOp module) {
  OpBuilder b = OpBuilder::atBlockBegin(module.getBody());
  auto add = [&](StringRef name, ArrayRef<Type> inputs,
                 ArrayRef<Type> results) {
    func::FuncOp::create(b, module.getLoc(), name,
                         b.getFunctionType(inputs, results))
        .setPrivate();
  };
  Type i64 = b.getI64Type();
  add("tensorc_emulate_thread", {}, {i64});
  add("tensorc_emulate_block", {}, {i64});
  add("tensorc_emulate_blocks", {}, {i64});
  add("tensorc_emulate_barrier", {}, {});
  Type i32 = b.getI32Type();
  add("tensorc_emulate_fragment", {i32, i32}, {});
  add("tensorc_emulate_sum", {i32}, {i32});
  add("tensorc_emulate_mma", {i32}, {});
  add("tensorc_emulate_ldmatrix", {i64, i32}, {});
  add("tensorc_emulate_word", {i32}, {i32});
  add("tensorc_emulate_copy", {i64, i64, i64, i64}, {});
  add("tensorc_emulate_commit", {}, {});
  add("tensorc_emulate_wait", {i32}, {});
  add("tensorc_emulate_show_copies", {}, {});
  Type pointer = LLVM::LLVMPointerType::get(b.getContext());
  add("tensorc_emulate_warpgroup_multiply",
      {pointer, i64, i64, i32, i32, i32, i32}, {});
  add("tensorc_emulate_commit_products", {}, {});
  add("tensorc_emulate_wait_products", {i32}, {});
  add("tensorc_emulate_shuffle", {i64, b.getI32Type()}, {i64});
}

void EmulatedKernel::convert(ModuleOp module) {
  for (auto inner :
       llvm::make_early_inc_range(module.getOps<gpu::GPUModuleOp>())) {
    auto func = *inner.getOps<gpu::GPUFuncOp>().begin();
    Kernel kernel;
    kernel.launch.threads = (*func.getKnownBlockSize())[0];
    if (auto grid = func.getKnownGridSize())
      kernel.launch.blocks = (*grid)[0];
    else
      kernel.blocks =
          func->getAttrOfType<AffineMapAttr>("kernel.blocks").getValue();
    kernel.canFail = func->hasAttr("kernel.can_fail");
    std::string name = func.getName().str();
    Converter converter(func);
    converter.run();
    kernel.launch.sharedBytes.assign(converter.sharedBytes.begin(),
                                     converter.sharedBytes.end());
    kernels[name] = kernel;
    // The library's functions, which several kernels may call.
    for (auto function :
         llvm::make_early_inc_range(inner.getOps<LLVM::LLVMFuncOp>()))
      if (!module.lookupSymbol(function.getName()))
        function->moveBefore(inner);
    inner.erase();
  }
  declare(module);
}

EmulatedKernel::~EmulatedKernel() = default;

/// The library that PTX has inlined, compiled for this machine: it traps where
/// it reads beyond a table.
static void addLibrary(llvm::orc::LLJIT &jit) {
  auto context = std::make_unique<llvm::LLVMContext>();
  std::unique_ptr<llvm::Module> library = ptx::loadLibrary(*context);
  library->setTargetTriple(jit.getTargetTriple());
  library->setDataLayout(jit.getDataLayout());
  llvm::PassBuilder builder;
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager graphs;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(graphs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, graphs, modules);
  llvm::ModulePassManager passes;
  passes.addPass(llvm::createModuleToFunctionPassAdaptor(
      llvm::BoundsCheckingPass(llvm::BoundsCheckingPass::Options())));
  passes.run(*library, modules);
  llvm::cantFail(jit.addIRModule(
      {std::move(library), llvm::orc::ThreadSafeContext(std::move(context))}));
}

EmulatedKernel::EmulatedKernel(ModuleOp source,
                               const simt::TargetInfo &target) {
  OwningOpRef<ModuleOp> module = source.clone();
  PassManager lower(&context()), toLLVM(&context());
  lower.addPass(simt::createLowerGpuPass(target));
  lower.nest<gpu::GPUModuleOp>().addPass(ptx::createGpuMathPass());
  if (failed(lower.run(*module))) {
    ADD_FAILURE() << "lowering failed";
    return;
  }
  // They have said what they know of sizes.
  for (auto program :
       llvm::make_early_inc_range(module->getOps<kernel::ProgramOp>()))
    program.erase();
  llvm::raw_string_ostream(loweredText) << *module;
  convert(*module);
  cpu::buildLLVMPipeline(toLLVM);
  if (failed(toLLVM.run(*module))) {
    ADD_FAILURE() << "conversion to LLVM failed";
    return;
  }
  cpu::setTarget(*module, *target::findCpu("x86-64-v3"));
  auto object = cpu::emitObject(*module, {});
  if (failed(object)) {
    ADD_FAILURE() << "code generation failed";
    return;
  }
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  jit = llvm::cantFail(llvm::orc::LLJITBuilder().create());
  jit->getMainJITDylib().addGenerator(llvm::cantFail(
      llvm::orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
          jit->getDataLayout().getGlobalPrefix())));
  llvm::orc::SymbolMap symbols;
  for (const auto &[name, address] : emulatorFunctions())
    symbols[jit->mangleAndIntern(name)] = {
        llvm::orc::ExecutorAddr::fromPtr(address),
        llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
  llvm::cantFail(
      jit->getMainJITDylib().define(llvm::orc::absoluteSymbols(symbols)));
  addLibrary(*jit);
  llvm::cantFail(jit->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(
      llvm::StringRef(object->data(), object->size()))));
}

/// As many blocks as there is work for, at least one.
static int64_t blocksFor(AffineMap blocks, llvm::ArrayRef<int64_t> sizes) {
  auto symbols = llvm::map_to_vector(sizes, [&](int64_t size) {
    return getAffineConstantExpr(size, blocks.getContext());
  });
  AffineExpr count = blocks.getResult(0).replaceSymbols(symbols);
  return std::max<int64_t>(1, cast<AffineConstantExpr>(count).getValue());
}

std::string EmulatedKernel::run(llvm::StringRef name,
                                llvm::ArrayRef<void *> buffers,
                                llvm::ArrayRef<int64_t> sizes,
                                ThreadOrder order, int64_t blocks,
                                int32_t &status) const {
  const Kernel &kernel = kernels.at(name.str());
  EmulatedLaunch launch = kernel.launch;
  launch.order = order;
  if (kernel.blocks)
    launch.blocks = blocks ? blocks : blocksFor(kernel.blocks, sizes);
  std::vector<void *> arguments(buffers.begin(), buffers.end());
  if (kernel.canFail)
    arguments.push_back(&status);
  auto function = llvm::cantFail(jit->lookup(name)).toPtr<tensorc_kernel_fn>();
  return emulate(function, arguments, sizes.data(), launch);
}
