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
  auto type = LLVM::LLVMArrayType::get(rowType, rows);
  return global(type, LLVM::Linkage::Internal, symbol, [&] {
    Value array = LLVM::UndefOp::create(b, loc, type);
    for (size_t i = 0; i < rows; ++i)
      array = LLVM::InsertValueOp::create(b, loc, array,
                                          structure(rowType, row(i)), i);
    return array;
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
