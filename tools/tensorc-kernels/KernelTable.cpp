//===- KernelTable.cpp - The table that libtensorc loads ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/tensorc-kernels/KernelModule.h"

#include "compiler/artifact/Entry.h"
#include "tensorc/abi.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;

namespace tensorc::compiler {
namespace {

/// Writes what the runtime reads: `tensorc_eager_table` and what it points to
/// (runtime/eager/Kernels.h).
class TableWriter {
public:
  explicit TableWriter(ModuleOp module)
      : module(module), b(module.getBodyRegion()),
        pointer(LLVM::LLVMPointerType::get(module.getContext())) {
    b.setInsertionPointToEnd(module.getBody());
  }

  void write(const KernelList &kernels,
             llvm::ArrayRef<const target::Cpu *> cpus);

private:
  LLVM::LLVMFuncOp dispatcher(const std::string &symbol,
                              llvm::ArrayRef<const target::Cpu *> cpus);
  LLVM::GlobalOp global(llvm::StringRef name, Type type, LLVM::Linkage linkage,
                        llvm::function_ref<Value()> value);
  LLVM::GlobalOp words(const std::string &text);
  LLVM::GlobalOp arguments(const std::string &name,
                           llvm::ArrayRef<MemRefType> types);
  Value number(Type type, int64_t value) {
    return LLVM::ConstantOp::create(b, loc, b.getIntegerAttr(type, value));
  }
  Value aggregate(Type type, llvm::ArrayRef<Value> parts);
  Value address(Operation *symbol);

  ModuleOp module;
  OpBuilder b;
  Location loc = b.getUnknownLoc();
  Type pointer;
};

} // namespace

LLVM::GlobalOp TableWriter::global(llvm::StringRef name, Type type,
                                   LLVM::Linkage linkage,
                                   llvm::function_ref<Value()> value) {
  OpBuilder::InsertionGuard guard(b);
  auto result = LLVM::GlobalOp::create(b, loc, type, /*isConstant=*/true,
                                       linkage, name, Attribute());
  b.createBlock(&result.getInitializerRegion());
  LLVM::ReturnOp::create(b, loc, value());
  return result;
}

LLVM::GlobalOp TableWriter::words(const std::string &text) {
  if (auto known = module.lookupSymbol<LLVM::GlobalOp>("name." + text))
    return known;
  llvm::StringRef bytes(text.c_str(), text.size() + 1);
  return LLVM::GlobalOp::create(
      b, loc, LLVM::LLVMArrayType::get(b.getI8Type(), bytes.size()),
      /*isConstant=*/true, LLVM::Linkage::Internal, "name." + text,
      b.getStringAttr(bytes));
}

Value TableWriter::aggregate(Type type, llvm::ArrayRef<Value> parts) {
  Value value = LLVM::UndefOp::create(b, loc, type);
  for (auto [i, part] : llvm::enumerate(parts))
    value = LLVM::InsertValueOp::create(b, loc, value, part, i);
  return value;
}

Value TableWriter::address(Operation *symbol) {
  return LLVM::AddressOfOp::create(b, loc, pointer,
                                   SymbolTable::getSymbolName(symbol));
}

std::array<int32_t, 3> describeArgument(MemRefType type) {
  auto [typeStrides, offset] = type.getStridesAndOffset();
  int32_t sizes = 0, strides = 0;
  for (int32_t d = 0; d < type.getRank(); ++d) {
    sizes |= int32_t(type.isDynamicDim(d)) << d;
    if (!type.getLayout().isIdentity())
      strides |= int32_t(ShapedType::isDynamic(typeStrides[d])) << d;
  }
  return {int32_t(type.getRank()), sizes, strides};
}

LLVM::GlobalOp TableWriter::arguments(const std::string &name,
                                      llvm::ArrayRef<MemRefType> types) {
  Type i32 = b.getI32Type();
  auto entry =
      LLVM::LLVMStructType::getLiteral(b.getContext(), {i32, i32, i32});
  auto array = LLVM::LLVMArrayType::get(entry, types.size());
  return global("arguments." + name, array, LLVM::Linkage::Internal, [&] {
    SmallVector<Value> entries;
    for (MemRefType type : types)
      entries.push_back(aggregate(
          entry, llvm::map_to_vector(describeArgument(type), [&](int32_t part) {
            return number(i32, part);
          })));
    return aggregate(array, entries);
  });
}

/// A function that runs the code for this machine.
LLVM::LLVMFuncOp
TableWriter::dispatcher(const std::string &symbol,
                        llvm::ArrayRef<const target::Cpu *> cpus) {
  if (auto known = module.lookupSymbol<LLVM::LLVMFuncOp>(symbol))
    return known;
  OpBuilder::InsertionGuard guard(b);
  auto supports =
      module.lookupSymbol<LLVM::LLVMFuncOp>("tensorc_rt_cpu_supports");
  if (!supports)
    supports = LLVM::LLVMFuncOp::create(
        b, loc, "tensorc_rt_cpu_supports",
        LLVM::LLVMFunctionType::get(b.getI32Type(), {b.getI32Type()}));
  auto lowest =
      module.lookupSymbol<LLVM::LLVMFuncOp>(variantName(symbol, *cpus.front()));
  auto function =
      LLVM::LLVMFuncOp::create(b, loc, symbol, lowest.getFunctionType());
  function.setLinkage(LLVM::Linkage::Internal);
  b.setInsertionPointToStart(function.addEntryBlock(b));
  for (const target::Cpu *cpu : llvm::reverse(cpus)) {
    auto code =
        module.lookupSymbol<LLVM::LLVMFuncOp>(variantName(symbol, *cpu));
    auto *run = new Block, *next = new Block;
    function.getBody().push_back(run);
    function.getBody().push_back(next);
    auto known = LLVM::CallOp::create(
        b, loc, supports, ValueRange{number(b.getI32Type(), cpu->id)});
    Value enough =
        LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ne, known.getResult(),
                             number(b.getI32Type(), 0));
    LLVM::CondBrOp::create(b, loc, enough, run, next);
    b.setInsertionPointToStart(run);
    auto call = LLVM::CallOp::create(b, loc, code, function.getArguments());
    LLVM::ReturnOp::create(b, loc, call.getResult());
    b.setInsertionPointToStart(next);
  }
  LLVM::ReturnOp::create(b, loc,
                         number(b.getI32Type(), TENSORC_ERROR_UNSUPPORTED_CPU));
  return function;
}

void TableWriter::write(const KernelList &kernels,
                        llvm::ArrayRef<const target::Cpu *> cpus) {
  Type i64 = b.getI64Type();
  auto kernelType = LLVM::LLVMStructType::getLiteral(
      b.getContext(), {pointer, pointer, pointer, i64, pointer});
  auto arrayType = LLVM::LLVMArrayType::get(kernelType, kernels.size());
  auto tableType =
      LLVM::LLVMStructType::getLiteral(b.getContext(), {pointer, i64});
  SmallVector<std::array<Operation *, 4>> symbols;
  for (const auto &[name, kernel] : kernels) {
    Operation *failure = nullptr;
    if (!kernel.failure.empty())
      failure = words(kernel.failure);
    symbols.push_back({words(name), dispatcher(kernel.symbol, cpus),
                       arguments(name, kernel.arguments), failure});
  }
  LLVM::GlobalOp array =
      global("kernels", arrayType, LLVM::Linkage::Internal, [&] {
        SmallVector<Value> entries;
        for (auto [parts, item] : llvm::zip_equal(symbols, kernels))
          entries.push_back(aggregate(
              kernelType,
              {address(parts[0]), address(parts[1]), address(parts[2]),
               number(i64, item.second.arguments.size()),
               parts[3] ? address(parts[3])
                        : LLVM::ZeroOp::create(b, loc, pointer).getResult()}));
        return aggregate(arrayType, entries);
      });
  global("tensorc_eager_kernels", tableType, LLVM::Linkage::External, [&] {
    return aggregate(tableType, {address(array), number(i64, kernels.size())});
  });
}

void addKernelTable(ModuleOp module, const KernelList &kernels,
                    llvm::ArrayRef<const target::Cpu *> cpus) {
  TableWriter(module).write(kernels, cpus);
}

} // namespace tensorc::compiler
