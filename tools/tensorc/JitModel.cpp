//===- JitModel.cpp - A compiled model, loaded to be called ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/tensorc/JitModel.h"

#include "tensorc/abi.h"

#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"

#include <algorithm>
#include <new>
#include <utility>

namespace tensorc::tool {

Memory::Memory(size_t bytes)
    : pointer(static_cast<char *>(tensorc_rt_alloc(bytes ? bytes : 1))),
      bytes(bytes) {
  if (!pointer)
    throw std::bad_alloc();
}
Memory::~Memory() { tensorc_rt_free(pointer); }
Memory::Memory(Memory &&other) noexcept
    : pointer(std::exchange(other.pointer, nullptr)), bytes(other.bytes) {}
Memory &Memory::operator=(Memory &&other) noexcept {
  std::swap(pointer, other.pointer);
  std::swap(bytes, other.bytes);
  return *this;
}

JitModel::JitModel(const compiler::Model &description)
    : description(description) {}
JitModel::~JitModel() = default;

static std::string trampolineName(const std::string &function) {
  return "call." + function;
}

/// For each function one that takes its buffers as an array: no C++ code can
/// call a function of any number of parameters otherwise.
llvm::Error JitModel::addTrampolines() {
  auto context = std::make_unique<llvm::LLVMContext>();
  auto module = std::make_unique<llvm::Module>("trampolines", *context);
  module->setDataLayout(jit->getDataLayout());
  llvm::IRBuilder<> b(*context);
  llvm::Type *pointer = b.getPtrTy();
  for (const compiler::ModelFunction &function : description.functions) {
    size_t sizes = function.symbols.size();
    size_t buffers = function.inputs.size() + function.outputs.size();
    llvm::SmallVector<llvm::Type *> parameters(2, pointer);
    parameters.append(sizes, b.getInt64Ty());
    parameters.append(buffers, pointer);
    llvm::FunctionCallee callee = module->getOrInsertFunction(
        description.prefix + "_" + function.name,
        llvm::FunctionType::get(b.getInt32Ty(), parameters, false));
    auto *trampoline = llvm::Function::Create(
        llvm::FunctionType::get(b.getInt32Ty(),
                                {pointer, pointer, pointer, pointer}, false),
        llvm::Function::ExternalLinkage, trampolineName(function.name),
        *module);
    b.SetInsertPoint(llvm::BasicBlock::Create(*context, "", trampoline));
    llvm::SmallVector<llvm::Value *> arguments = {trampoline->getArg(0),
                                                  trampoline->getArg(1)};
    auto add = [&](llvm::Type *type, unsigned array, size_t count) {
      for (size_t i = 0; i < count; ++i)
        arguments.push_back(b.CreateLoad(
            type, b.CreateConstGEP1_64(type, trampoline->getArg(array), i)));
    };
    add(b.getInt64Ty(), 2, sizes);
    add(pointer, 3, buffers);
    b.CreateRet(b.CreateCall(callee, arguments));
  }
  return jit->addIRModule(
      llvm::orc::ThreadSafeModule(std::move(module), std::move(context)));
}

llvm::Expected<std::unique_ptr<JitModel>>
JitModel::load(compiler::Compilation &compilation) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  std::unique_ptr<JitModel> result(new JitModel(compilation.model()));
  auto jit = llvm::orc::LLJITBuilder().create();
  if (!jit)
    return jit.takeError();
  result->jit = std::move(*jit);

  // The runtime is linked into this program, which exports no symbols.
  llvm::orc::SymbolMap runtime;
  auto define = [&](llvm::StringRef name, auto *function) {
    runtime[result->jit->mangleAndIntern(name)] = {
        llvm::orc::ExecutorAddr::fromPtr(function),
        llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
  };
  define("tensorc_rt_launch", &tensorc_rt_launch);
  define("tensorc_rt_cpu_supports", &tensorc_rt_cpu_supports);
  define("tensorc_rt_check_call", &tensorc_rt_check_call);
  define("tensorc_rt_check_sized_call", &tensorc_rt_check_sized_call);
  define("tensorc_rt_check_model", &tensorc_rt_check_model);
  define("tensorc_rt_fail", &tensorc_rt_fail);
  define("tensorc_rt_last_error", &tensorc_rt_last_error);
  llvm::orc::JITDylib &library = result->jit->getMainJITDylib();
  if (llvm::Error error =
          library.define(llvm::orc::absoluteSymbols(std::move(runtime))))
    return error;
  // libc and libm.
  auto process = llvm::orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
      result->jit->getDataLayout().getGlobalPrefix());
  if (!process)
    return process.takeError();
  library.addGenerator(std::move(*process));

  llvm::ArrayRef<char> object = compilation.object();
  if (llvm::Error error =
          result->jit->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(
              llvm::StringRef(object.data(), object.size()), "model.o")))
    return error;
  if (llvm::Error error = result->addTrampolines())
    return error;
  return result;
}

const compiler::ModelFunction *JitModel::find(llvm::StringRef function) const {
  auto it = llvm::find_if(description.functions,
                          [&](const compiler::ModelFunction &known) {
                            return known.name == function;
                          });
  return it == description.functions.end() ? nullptr : &*it;
}

llvm::Error JitModel::call(llvm::StringRef function, void *state,
                           llvm::ArrayRef<void *> buffers,
                           llvm::ArrayRef<int64_t> sizes) {
  const compiler::ModelFunction *known = find(function);
  assert(known && "a function that the model has not");
  assert(sizes.size() == known->symbols.size() && "a call says all sizes");
  auto address = jit->lookup(trampolineName(known->name));
  if (!address)
    return address.takeError();
  Memory workspace(known->workspaceBytes);
  auto *code =
      address->toPtr<int32_t(void *, void *, const int64_t *, void *const *)>();
  if (code(state, workspace.data(), sizes.data(), buffers.data()) == TENSORC_OK)
    return llvm::Error::success();
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 tensorc_rt_last_error());
}

} // namespace tensorc::tool
