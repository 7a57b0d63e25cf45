//===- Entry.cpp - The public symbols of an object ------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/artifact/Entry.h"

#include "compiler/artifact/Constants.h"
#include "compiler/artifact/Manifest.h"
#include "compiler/support/SizeCode.h"
#include "dialects/scalar/Elements.h"
#include "tensorc/abi.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"

using namespace mlir;

namespace tensorc::compiler {

std::string variantName(StringRef function, const target::Cpu &cpu) {
  return (function + "." + cpu.suffix).str();
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
  LLVM::LLVMFuncOp declare(StringRef name, ArrayRef<Type> inputs);
  /// What is looked at of the state.
  int64_t stateBytes(const ModelFunction &function) const {
    return function.state.empty() ? 0 : model.state.bytes;
  }
  LLVM::GlobalOp callDescription(const ModelFunction &function,
                                 StringRef symbol);
  /// Returns `status` unless that is that all is right, after which the builder
  /// stands.
  void stopUnless(Value right, llvm::function_ref<Value()> status);
  /// Fails where a size isn't in its range, before anything is made of it.
  void checkSizes(LLVM::LLVMFuncOp entry, const ModelFunction &function,
                  StringRef symbol);
  void checkArguments(LLVM::LLVMFuncOp entry, const ModelFunction &function,
                      LLVM::GlobalOp description);
  /// An array on the stack.
  Value array(ArrayRef<Value> values);

  const Model &model;
};

} // namespace

LLVM::LLVMFuncOp EntryWriter::declare(StringRef name, ArrayRef<Type> inputs) {
  if (auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(name))
    return function;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(module.getBody());
  return LLVM::LLVMFuncOp::create(
      b, loc, name, LLVM::LLVMFunctionType::get(b.getI32Type(), inputs));
}

template <typename T> static void append(std::string &raw, const T &value) {
  raw.append(reinterpret_cast<const char *>(&value), sizeof(value));
}

LLVM::GlobalOp EntryWriter::callDescription(const ModelFunction &function,
                                            StringRef symbol) {
  auto arguments =
      llvm::concat<const ModelBuffer>(function.inputs, function.outputs);
  std::string raw;
  append(raw, tensorc_call{uint32_t(function.inputs.size()),
                           uint32_t(function.outputs.size()), model.leastCpu(),
                           function.updatesState});
  append(raw, uint64_t(stateBytes(function)));
  append(raw, uint64_t(function.workspaceBytes));
  for (const ModelBuffer &buffer : arguments)
    append(raw, uint64_t(byteSize(buffer.type)));
  raw += symbol.str() + '\0';
  for (const ModelBuffer &buffer : arguments)
    raw += buffer.name + '\0';
  return bytes((symbol + ".call").str(), raw, alignof(uint64_t));
}

void EntryWriter::stopUnless(Value right, llvm::function_ref<Value()> status) {
  Region *body = b.getInsertionBlock()->getParent();
  auto *run = new Block, *stop = new Block;
  body->push_back(run);
  body->push_back(stop);
  LLVM::CondBrOp::create(b, loc, right, run, stop);
  b.setInsertionPointToStart(stop);
  LLVM::ReturnOp::create(b, loc, status());
  b.setInsertionPointToStart(run);
}

static bool isSymbolic(const ModelBuffer &buffer) {
  return bytesOf(buffer.type).is_symbolic();
}

void EntryWriter::checkSizes(LLVM::LLVMFuncOp entry,
                             const ModelFunction &function, StringRef name) {
  auto compare = [&](LLVM::ICmpPredicate predicate, Value value, int64_t with) {
    return LLVM::ICmpOp::create(b, loc, predicate, value, i64(with));
  };
  for (auto [i, symbol] : llvm::enumerate(function.symbols)) {
    Value size = entry.getArgument(2 + i);
    Value right = LLVM::AndOp::create(
        b, loc, compare(LLVM::ICmpPredicate::sge, size, symbol.min),
        compare(LLVM::ICmpPredicate::sle, size, symbol.max));
    if (symbol.divisor != 1) {
      Value rest = LLVM::SRemOp::create(b, loc, size, i64(symbol.divisor));
      right = LLVM::AndOp::create(b, loc, right,
                                  compare(LLVM::ICmpPredicate::eq, rest, 0));
    }
    stopUnless(right, [&]() -> Value {
      auto type = LLVM::LLVMFunctionType::get(
          b.getI32Type(), {b.getI32Type(), pointer}, /*isVarArg=*/true);
      auto fail = module.lookupSymbol<LLVM::LLVMFuncOp>("tensorc_rt_fail");
      if (!fail) {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToStart(module.getBody());
        fail = LLVM::LLVMFuncOp::create(b, loc, "tensorc_rt_fail", type);
      }
      std::string words = (name + ": `" + symbol.name + "` is %lld, expected " +
                           rangeText(symbol))
                              .str();
      SmallVector<Value> operands = {i32(TENSORC_ERROR_INVALID_ARGUMENT),
                                     address(string(words)), size};
      return LLVM::CallOp::create(b, loc, fail, operands).getResult();
    });
  }
}

Value EntryWriter::array(ArrayRef<Value> values) {
  auto type = LLVM::LLVMArrayType::get(values.front().getType(), values.size());
  Value array =
      LLVM::AllocaOp::create(b, loc, pointer, type, i32(1), /*alignment=*/8);
  for (auto [i, value] : llvm::enumerate(values)) {
    Value slot = LLVM::GEPOp::create(b, loc, pointer, type, array,
                                     ArrayRef<LLVM::GEPArg>{0, int32_t(i)});
    LLVM::StoreOp::create(b, loc, value, slot);
  }
  return array;
}

void EntryWriter::checkArguments(LLVM::LLVMFuncOp entry,
                                 const ModelFunction &function,
                                 LLVM::GlobalOp description) {
  SmallVector<Value> buffers;
  for (BlockArgument argument : entry.getArguments())
    if (argument.getType() == pointer)
      buffers.push_back(argument);
  SmallVector<Value> operands = {address(description), array(buffers)};
  StringRef check = "tensorc_rt_check_call";
  auto arguments =
      llvm::concat<const ModelBuffer>(function.inputs, function.outputs);
  if (llvm::any_of(arguments, isSymbolic)) {
    check = "tensorc_rt_check_sized_call";
    auto symbol = [&](const Symbol &symbol) -> Value {
      auto place = llvm::find(function.symbols, symbol);
      assert(place != function.symbols.end() && "a function has its symbols");
      return entry.getArgument(2 + (place - function.symbols.begin()));
    };
    SmallVector<Value> bytes = {i64(stateBytes(function)),
                                i64(function.workspaceBytes)};
    for (const ModelBuffer &buffer : arguments)
      bytes.push_back(emitSize(b, loc, bytesOf(buffer.type), symbol));
    operands.push_back(array(bytes));
  }
  SmallVector<Type> types(operands.size(), pointer);
  Value status =
      LLVM::CallOp::create(b, loc, declare(check, types), operands).getResult();
  stopUnless(LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::eq, status,
                                  i32(TENSORC_OK)),
             [&] { return status; });
}

void EntryWriter::writeEntry(const ModelFunction &function) {
  SmallVector<Type> inputs(2, pointer);
  inputs.append(function.symbols.size(), b.getI64Type());
  inputs.append(function.inputs.size() + function.outputs.size(), pointer);
  std::string symbol = model.prefix + "_" + identifier(function.name);
  LLVM::GlobalOp description = callDescription(function, symbol);
  b.setInsertionPointToEnd(module.getBody());
  auto type = LLVM::LLVMFunctionType::get(b.getI32Type(), inputs);
  auto entry = LLVM::LLVMFuncOp::create(b, loc, symbol, type);
  b.setInsertionPointToStart(entry.addEntryBlock(b));
  checkSizes(entry, function, symbol);
  checkArguments(entry, function, description);

  // The least CPU is there, that was checked.
  LLVM::LLVMFuncOp supports =
      declare("tensorc_rt_cpu_supports", {b.getI32Type()});
  Value code;
  for (const target::Cpu *cpu : model.cpus) {
    auto variant =
        module.lookupSymbol<LLVM::LLVMFuncOp>(variantName(function.name, *cpu));
    assert(variant && "no code for a CPU of the model");
    Value here = LLVM::AddressOfOp::create(b, loc, variant);
    if (!code) {
      code = here;
      continue;
    }
    auto known =
        LLVM::CallOp::create(b, loc, supports, ValueRange{i32(cpu->id)});
    Value isThere = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ne,
                                         known.getResult(), i32(0));
    code = LLVM::SelectOp::create(b, loc, isThere, here, code);
  }
  SmallVector<Value> operands = {code};
  llvm::append_range(operands, entry.getArguments());
  auto call = LLVM::CallOp::create(b, loc, type, operands);
  LLVM::ReturnOp::create(b, loc, call.getResult());
}

static int32_t abiDType(Type type) {
  return static_cast<int32_t>(scalar::dtypeOf(type).value());
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

  SmallVector<LLVM::GlobalOp> names;
  SmallVector<int32_t> shapes; // where each begins
  std::string sizes;
  for (const StateEntry &entry : model.state.entries) {
    names.push_back(string(entry.name));
    shapes.push_back(sizes.size());
    for (int64_t size : entry.type.getShape())
      append(sizes, size);
  }
  LLVM::GlobalOp allShapes =
      bytes(model.prefix + ".shapes", sizes, alignof(int64_t));
  LLVM::GlobalOp name = string(model.prefix), hash = string(model.contentHash);

  size_t count = model.state.entries.size();
  LLVM::GlobalOp table =
      this->table(model.prefix + ".state", tensorType, count, [&](size_t i) {
        const StateEntry &entry = model.state.entries[i];
        Value shape = LLVM::GEPOp::create(b, loc, pointer, b.getI8Type(),
                                          address(allShapes),
                                          ArrayRef<LLVM::GEPArg>{shapes[i]});
        return SmallVector<Value>{address(names[i]),
                                  shape,
                                  i64(entry.offset),
                                  i64(entry.bytes),
                                  i32(abiDType(entry.type.getElementType())),
                                  i32(entry.type.getRank()),
                                  i32(abiRole(entry.role)),
                                  i32(0)};
      });
  global(modelType, LLVM::Linkage::External, model.prefix + "_model", [&] {
    return structure(modelType,
                     {i32(TENSORC_ABI_MAGIC), i32(TENSORC_ABI_MAJOR),
                      i32(TENSORC_ABI_MINOR), i32(sizeof(tensorc_model)),
                      address(name), address(hash), address(table), i64(count),
                      i64(model.state.bytes), i32(model.leastCpu()), i32(0)});
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
  if (!model.cpus.empty())
    for (const ModelFunction &function : model.functions)
      writer.writeEntry(function);
  writer.writeDescription();
  writer.writeManifestSection();
}

} // namespace tensorc::compiler
