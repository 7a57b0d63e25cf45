//===- Entry.cpp - The public symbols of an object ------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/artifact/Entry.h"

#include "compiler/artifact/Constants.h"
#include "compiler/artifact/Manifest.h"
#include "tensorc/abi.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"

using namespace mlir;

namespace tensorc::compiler {

std::string leveledName(StringRef function, int level) {
  return (function + ".v" + Twine(level)).str();
}

namespace {

class EntryWriter : ConstantWriter {
public:
  EntryWriter(ModuleOp module, const Model &model)
      : ConstantWriter(module, model.prefix), model(model) {}

  void writeEntry(const ModelFunction &function);
  void writeDescription();
  void writeManifestSection();

private:
  LLVM::LLVMFuncOp declare(StringRef name, Type result, ArrayRef<Type> inputs,
                           bool variadic = false);
  /// Continues in a new block where `condition` holds; otherwise the function
  /// returns `status` with `message`.
  void require(Value condition, int32_t status, StringRef message);
  void requireArguments(const ModelFunction &function, LLVM::LLVMFuncOp entry);
  void requireAligned(Value region, const std::string &what);
  void requireBuffer(Value buffer, const ModelFunction &function,
                     const ModelBuffer &description);

  const Model &model;
};

} // namespace

LLVM::LLVMFuncOp EntryWriter::declare(StringRef name, Type result,
                                      ArrayRef<Type> inputs, bool variadic) {
  if (auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(name))
    return function;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(module.getBody());
  return LLVM::LLVMFuncOp::create(
      b, loc, name, LLVM::LLVMFunctionType::get(result, inputs, variadic));
}

void EntryWriter::require(Value condition, int32_t status, StringRef message) {
  Region *region = b.getInsertionBlock()->getParent();
  auto *stop = new Block;
  auto *next = new Block;
  region->push_back(stop);
  region->push_back(next);
  LLVM::CondBrOp::create(b, loc, condition, next, stop);
  b.setInsertionPointToStart(stop);
  LLVM::LLVMFuncOp fail = declare("tensorc_rt_fail", b.getI32Type(),
                                  {b.getI32Type(), pointer}, true);
  Value text = address(string(message));
  auto call = LLVM::CallOp::create(b, loc, fail, ValueRange{i32(status), text});
  LLVM::ReturnOp::create(b, loc, call.getResult());
  b.setInsertionPointToStart(next);
}

void EntryWriter::requireAligned(Value region, const std::string &what) {
  Value null = LLVM::ZeroOp::create(b, loc, pointer);
  Value given =
      LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ne, region, null);
  require(given, TENSORC_ERROR_INVALID_ARGUMENT, what + " is null");
  Value number = LLVM::PtrToIntOp::create(b, loc, b.getI64Type(), region);
  Value low = LLVM::AndOp::create(b, loc, number, i64(TENSORC_ALIGNMENT - 1));
  Value aligned =
      LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::eq, low, i64(0));
  require(aligned, TENSORC_ERROR_INVALID_ARGUMENT,
          what + " is not aligned to " + std::to_string(TENSORC_ALIGNMENT) +
              " bytes");
}

void EntryWriter::requireBuffer(Value buffer, const ModelFunction &function,
                                const ModelBuffer &description) {
  if (description.type.getNumElements() == 0)
    return;
  Value null = LLVM::ZeroOp::create(b, loc, pointer);
  Value given =
      LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ne, buffer, null);
  require(given, TENSORC_ERROR_INVALID_ARGUMENT,
          model.prefix + "_" + function.name + ": `" + description.name +
              "` is null");
}

void EntryWriter::requireArguments(const ModelFunction &function,
                                   LLVM::LLVMFuncOp entry) {
  std::string where = model.prefix + "_" + function.name + ": `";
  if (!function.state.empty())
    requireAligned(entry.getArgument(0), where + "state`");
  if (function.workspaceBytes != 0)
    requireAligned(entry.getArgument(1), where + "workspace`");
  unsigned next = 2;
  for (const ModelBuffer &input : function.inputs)
    requireBuffer(entry.getArgument(next++), function, input);
  for (const ModelBuffer &output : function.outputs)
    requireBuffer(entry.getArgument(next++), function, output);
}

void EntryWriter::writeEntry(const ModelFunction &function) {
  size_t count = 2 + function.inputs.size() + function.outputs.size();
  SmallVector<Type> inputs(count, pointer);
  b.setInsertionPointToEnd(module.getBody());
  auto entry = LLVM::LLVMFuncOp::create(
      b, loc, model.prefix + "_" + identifier(function.name),
      LLVM::LLVMFunctionType::get(b.getI32Type(), inputs));
  b.setInsertionPointToStart(entry.addEntryBlock(b));
  requireArguments(function, entry);

  LLVM::LLVMFuncOp cpuLevel =
      declare("tensorc_rt_cpu_level", b.getI32Type(), {});
  Value level =
      LLVM::CallOp::create(b, loc, cpuLevel, ValueRange{}).getResult();
  Region *region = &entry.getBody();
  for (int candidate : llvm::reverse(model.levels)) {
    auto *run = new Block;
    auto *next = new Block;
    region->push_back(run);
    region->push_back(next);
    Value enough = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::sge, level,
                                        i32(candidate));
    LLVM::CondBrOp::create(b, loc, enough, run, next);
    b.setInsertionPointToStart(run);
    auto code = module.lookupSymbol<LLVM::LLVMFuncOp>(
        leveledName(function.name, candidate));
    assert(code && "no code for a level of the model");
    auto call = LLVM::CallOp::create(b, loc, code, entry.getArguments());
    LLVM::ReturnOp::create(b, loc, call.getResult());
    b.setInsertionPointToStart(next);
  }
  LLVM::LLVMFuncOp fail = declare("tensorc_rt_fail", b.getI32Type(),
                                  {b.getI32Type(), pointer}, true);
  std::string message = model.prefix + ": needs a processor of level x86-64-v" +
                        std::to_string(model.levels.front()) + " or higher";
  Value text = address(string(message));
  auto call = LLVM::CallOp::create(
      b, loc, fail, ValueRange{i32(TENSORC_ERROR_UNSUPPORTED_CPU), text});
  LLVM::ReturnOp::create(b, loc, call.getResult());
}

static int32_t abiDType(Type type) {
  if (type.isF64())
    return TENSORC_F64;
  if (type.isF32())
    return TENSORC_F32;
  if (type.isBF16())
    return TENSORC_BF16;
  if (type.isF16())
    return TENSORC_F16;
  switch (type.getIntOrFloatBitWidth()) {
  case 1:
    return TENSORC_BOOL;
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

static int32_t abiRole(StringRef role) {
  return role == "parameter" ? TENSORC_PARAMETER
         : role == "buffer"  ? TENSORC_BUFFER
                             : TENSORC_OPTIMIZER;
}

void EntryWriter::writeDescription() {
  MLIRContext *context = module.getContext();
  Type w = b.getI32Type(), d = b.getI64Type();
  // Laid out as `tensorc_tensor_desc` and `tensorc_model` in abi.h.
  auto tensorType = LLVM::LLVMStructType::getLiteral(
      context, {pointer, pointer, d, d, w, w, w, w});
  auto modelType = LLVM::LLVMStructType::getLiteral(
      context, {w, w, w, w, pointer, pointer, pointer, d, d, w, w});
  static_assert(sizeof(tensorc_tensor_desc) == 48);
  static_assert(sizeof(tensorc_model) == 64);

  SmallVector<LLVM::GlobalOp> names, shapes;
  for (const StateEntry &entry : model.state.entries) {
    names.push_back(string(entry.name));
    std::string raw(
        reinterpret_cast<const char *>(entry.type.getShape().data()),
        entry.type.getRank() * sizeof(int64_t));
    shapes.push_back(
        bytes((model.prefix + ".shape." + Twine(shapes.size())).str(), raw,
              alignof(int64_t)));
  }
  LLVM::GlobalOp name = string(model.prefix), hash = string(model.contentHash);

  size_t count = model.state.entries.size();
  auto tableType = LLVM::LLVMArrayType::get(tensorType, count);
  LLVM::GlobalOp table =
      global(tableType, LLVM::Linkage::Internal, model.prefix + ".state", [&] {
        Value array = LLVM::UndefOp::create(b, loc, tableType);
        for (auto [i, entry] : llvm::enumerate(model.state.entries)) {
          Value tensor = structure(
              tensorType,
              {address(names[i]), address(shapes[i]), i64(entry.offset),
               i64(entry.bytes), i32(abiDType(entry.type.getElementType())),
               i32(entry.type.getRank()), i32(abiRole(entry.role)), i32(0)});
          array = LLVM::InsertValueOp::create(b, loc, array, tensor, i);
        }
        return array;
      });
  global(modelType, LLVM::Linkage::External, model.prefix + "_model", [&] {
    return structure(modelType,
                     {i32(TENSORC_ABI_MAGIC), i32(TENSORC_ABI_MAJOR),
                      i32(TENSORC_ABI_MINOR), i32(sizeof(tensorc_model)),
                      address(name), address(hash), address(table), i64(count),
                      i64(model.state.bytes), i32(model.minLevel()), i32(0)});
  });
}

void EntryWriter::writeManifestSection() {
  LLVM::GlobalOp manifest =
      bytes(model.prefix + ".manifest", writeManifest(model));
  manifest.setSection(kManifestSection);
  // Nothing refers to it; keep it in the object.
  auto used = LLVM::LLVMArrayType::get(pointer, 1);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToEnd(module.getBody());
  auto list = LLVM::GlobalOp::create(b, loc, used, /*isConstant=*/false,
                                     LLVM::Linkage::Appending,
                                     "llvm.compiler.used", Attribute());
  list.setSection("llvm.metadata");
  b.createBlock(&list.getInitializerRegion());
  Value array = LLVM::UndefOp::create(b, loc, used);
  array = LLVM::InsertValueOp::create(b, loc, array, address(manifest),
                                      ArrayRef<int64_t>{0});
  LLVM::ReturnOp::create(b, loc, array);
}

void addEntryPoints(ModuleOp module, const Model &model) {
  EntryWriter writer(module, model);
  if (!model.levels.empty())
    for (const ModelFunction &function : model.functions)
      writer.writeEntry(function);
  writer.writeDescription();
  writer.writeManifestSection();
}

} // namespace tensorc::compiler
