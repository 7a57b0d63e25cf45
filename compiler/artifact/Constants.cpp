//===- Constants.cpp - Constant data of an object -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/artifact/Constants.h"

using namespace mlir;

namespace tensorc::compiler {

ConstantWriter::ConstantWriter(ModuleOp module, std::string prefix)
    : module(module), b(module.getBodyRegion()),
      loc(UnknownLoc::get(module.getContext())),
      pointer(LLVM::LLVMPointerType::get(module.getContext())),
      prefix(std::move(prefix)) {
  b.setInsertionPointToEnd(module.getBody());
}

LLVM::GlobalOp ConstantWriter::bytes(StringRef name, StringRef contents,
                                     uint64_t alignment) {
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToEnd(module.getBody());
  auto global = LLVM::GlobalOp::create(
      b, loc, LLVM::LLVMArrayType::get(b.getI8Type(), contents.size()),
      /*isConstant=*/true, LLVM::Linkage::Internal, name,
      b.getStringAttr(contents));
  global.setAlignment(alignment);
  return global;
}

LLVM::GlobalOp ConstantWriter::string(StringRef text) {
  std::string terminated = text.str() + '\0';
  LLVM::GlobalOp global =
      bytes((prefix + ".string." + Twine(strings++)).str(), terminated);
  // In one section with all others, and the same ones once.
  global.setLinkage(LLVM::Linkage::Private);
  global.setUnnamedAddr(LLVM::UnnamedAddr::Global);
  return global;
}

LLVM::GlobalOp ConstantWriter::global(Type type, LLVM::Linkage linkage,
                                      StringRef symbol,
                                      llvm::function_ref<Value()> body) {
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToEnd(module.getBody());
  auto global = LLVM::GlobalOp::create(b, loc, type, /*isConstant=*/true,
                                       linkage, symbol, Attribute());
  b.createBlock(&global.getInitializerRegion());
  LLVM::ReturnOp::create(b, loc, body());
  return global;
}

Value ConstantWriter::structure(Type type, ArrayRef<Value> fields) {
  Value value = LLVM::UndefOp::create(b, loc, type);
  for (auto [i, field] : llvm::enumerate(fields))
    value = LLVM::InsertValueOp::create(b, loc, value, field, i);
  return value;
}

LLVM::GlobalOp
ConstantWriter::table(StringRef symbol, Type rowType, size_t rows,
                      llvm::function_ref<SmallVector<Value>(size_t)> row) {
  if (rows == 0)
    return {};
  // LLVM makes an array anew for each element that is put into it, so a long
  // one is put together of short ones, which lie as it does.
  constexpr size_t kShort = 64;
  auto array = [&](Type element, size_t size, auto make) -> Value {
    Value values =
        LLVM::UndefOp::create(b, loc, LLVM::LLVMArrayType::get(element, size));
    for (size_t i = 0; i < size; ++i)
      values = LLVM::InsertValueOp::create(b, loc, values, make(i), i);
    return values;
  };
  auto rowsFrom = [&](size_t first, size_t count) {
    return array(rowType, count,
                 [&](size_t i) { return structure(rowType, row(first + i)); });
  };
  size_t blocks = rows / kShort, rest = rows % kShort;
  auto block = LLVM::LLVMArrayType::get(rowType, kShort);
  auto type = LLVM::LLVMStructType::getLiteral(
      module.getContext(), {LLVM::LLVMArrayType::get(block, blocks),
                            LLVM::LLVMArrayType::get(rowType, rest)});
  return global(type, LLVM::Linkage::Internal, symbol, [&] {
    Value first = array(block, blocks,
                        [&](size_t i) { return rowsFrom(i * kShort, kShort); });
    return structure(type, {first, rowsFrom(blocks * kShort, rest)});
  });
}

Value ConstantWriter::address(LLVM::GlobalOp global) {
  if (!global)
    return LLVM::ZeroOp::create(b, loc, pointer);
  return LLVM::AddressOfOp::create(b, loc, global);
}

Value ConstantWriter::i32(int64_t value) {
  return LLVM::ConstantOp::create(b, loc, b.getI32IntegerAttr(value));
}

Value ConstantWriter::i64(int64_t value) {
  return LLVM::ConstantOp::create(b, loc, b.getI64IntegerAttr(value));
}

} // namespace tensorc::compiler
