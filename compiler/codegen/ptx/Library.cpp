//===- Library.cpp - libclc's functions of f64 ----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/ptx/Library.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Transforms/IPO/Internalize.h"

using namespace tensorc;

/// Made by the build, see CMakeLists.txt.
extern const unsigned char tensorc_libclc[];
extern const size_t tensorc_libclc_size;

llvm::StringRef ptx::libraryFunction(mlir::Operation *op) {
  return llvm::TypeSwitch<mlir::Operation *, llvm::StringRef>(op)
#define TENSORC_LIBRARY_FUNCTION(OP, NAME) .Case([](mlir::OP) { return #NAME; })
#include "compiler/codegen/ptx/LibraryFunctions.def"
      .Default(llvm::StringRef());
}

/// The library computes for special values, too, what it then doesn't choose.
/// Where that isn't defined (a conversion to an integer that doesn't fit, a
/// place outside of a table, which may be no memory), some value will do.
static void defineAll(llvm::Function &function) {
  using namespace llvm;
  for (Instruction &op : llvm::make_early_inc_range(instructions(function))) {
    IRBuilder<> b(&op);
    if (auto *conversion = dyn_cast<FPToSIInst>(&op)) {
      Value *source = conversion->getOperand(0);
      Value *saturated =
          b.CreateIntrinsic(Intrinsic::fptosi_sat,
                            {conversion->getType(), source->getType()}, source);
      conversion->replaceAllUsesWith(saturated);
      conversion->eraseFromParent();
    } else if (auto *place = dyn_cast<GetElementPtrInst>(&op)) {
      auto *table = dyn_cast<GlobalVariable>(place->getPointerOperand());
      auto *type = table ? dyn_cast<ArrayType>(table->getValueType()) : nullptr;
      if (!type || place->getSourceElementType() != type->getElementType())
        continue;
      assert(place->getNumIndices() == 1 && "expected an element's address");
      Value *index = place->getOperand(1);
      place->setOperand(1, b.CreateBinaryIntrinsic(
                               Intrinsic::umin, index,
                               ConstantInt::get(index->getType(),
                                                type->getNumElements() - 1)));
    }
  }
}

std::unique_ptr<llvm::Module> ptx::loadLibrary(llvm::LLVMContext &context) {
  llvm::StringRef bytes(reinterpret_cast<const char *>(tensorc_libclc),
                        tensorc_libclc_size);
  std::unique_ptr<llvm::Module> library = llvm::cantFail(
      llvm::parseBitcodeFile(llvm::MemoryBufferRef(bytes, "libclc"), context));
  for (llvm::Function &function : *library)
    defineAll(function);
  return library;
}

void ptx::linkLibrary(llvm::Module &module) {
  if (llvm::none_of(module, [](const llvm::Function &function) {
        return function.isDeclaration() && !function.isIntrinsic();
      }))
    return;
  std::unique_ptr<llvm::Module> library = loadLibrary(module.getContext());
  library->setTargetTriple(module.getTargetTriple());
  library->setDataLayout(module.getDataLayout());
  // Calls would need a stack.
  for (llvm::Function &function : *library)
    if (!function.isDeclaration())
      function.addFnAttr(llvm::Attribute::AlwaysInline);
  // The texts of several modules are joined.
  for (llvm::GlobalVariable &table : library->globals())
    table.setName(module.getName() + "_" + table.getName());
  [[maybe_unused]] bool failed = llvm::Linker::linkModules(
      module, std::move(library), llvm::Linker::LinkOnlyNeeded,
      [](llvm::Module &linked, const llvm::StringSet<> &names) {
        llvm::internalizeModule(linked, [&](const llvm::GlobalValue &value) {
          return !names.contains(value.getName());
        });
      });
  assert(!failed && "the library's functions have other types");
}
