//===- Parts.cpp - A module in parts that compile side by side ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An LLVM context is one thread's. So that several threads can make one object,
// each prints the assembly of its part, and one assembles the whole, which
// costs little: symbols stay local, and no linker is needed.
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/cpu/Parts.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCAsmBackend.h"
#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCCodeEmitter.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCObjectFileInfo.h"
#include "llvm/MC/MCObjectWriter.h"
#include "llvm/MC/MCParser/MCAsmParser.h"
#include "llvm/MC/MCParser/MCTargetAsmParser.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCStreamer.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/MCTargetOptions.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include <numeric>

using namespace mlir;
using namespace tensorc;

/// How many parts a module has, however many threads there are: the object must
/// not depend on the machine that makes it.
static constexpr size_t maxParts = 4;
/// Fewer operations than this aren't worth a part.
static constexpr int64_t opsPerPart = 1500;

/// Number of ops; 0 where the function must stay with the module's globals.
static int64_t movableOps(LLVM::LLVMFuncOp func,
                          SymbolTableCollection &symbols) {
  int64_t ops = 0;
  WalkResult result = func.walk([&](Operation *op) {
    ++ops;
    auto address = dyn_cast<LLVM::AddressOfOp>(op);
    return address && address.getGlobal(symbols) ? WalkResult::interrupt()
                                                 : WalkResult::advance();
  });
  return result.wasInterrupted() ? 0 : ops;
}

/// A function as another part sees it.
static void declare(OpBuilder &b, LLVM::LLVMFuncOp func) {
  auto declaration =
      cast<LLVM::LLVMFuncOp>(b.insert(func->cloneWithoutRegions()));
  declaration.setLinkage(LLVM::Linkage::External);
  // In the end it is in the same object.
  declaration.setDsoLocal(true);
}

SmallVector<OwningOpRef<ModuleOp>> cpu::splitModule(ModuleOp module) {
  auto funcs = llvm::to_vector(module.getOps<LLVM::LLVMFuncOp>());
  SmallVector<int64_t> ops;
  SymbolTableCollection symbols;
  for (LLVM::LLVMFuncOp func : funcs)
    ops.push_back(func.isExternal() ? 0 : movableOps(func, symbols));
  int64_t total = std::accumulate(ops.begin(), ops.end(), int64_t(0));
  size_t count = std::min<size_t>(maxParts, size_t(total / opsPerPart));
  if (count < 2)
    return {};

  // The largest first, each to where there is least.
  SmallVector<size_t> order(funcs.size()), partOf(funcs.size(), 0);
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order, [&](size_t x, size_t y) {
    return ops[x] != ops[y] ? ops[x] > ops[y] : x < y;
  });
  SmallVector<int64_t> load(count, 0);
  for (size_t i : order) {
    if (ops[i] == 0)
      continue;
    partOf[i] = size_t(llvm::min_element(load) - load.begin());
    load[partOf[i]] += ops[i];
  }

  SmallVector<OwningOpRef<ModuleOp>> parts;
  OpBuilder b(module.getContext());
  for (size_t part = 0; part < count; ++part) {
    parts.push_back(cast<ModuleOp>(module->cloneWithoutRegions()));
    ModuleOp here = *parts.back();
    b.createBlock(&here.getBodyRegion());
    b.setInsertionPointToStart(here.getBody());
    size_t next = 0;
    for (Operation &op : *module.getBody()) {
      auto func = dyn_cast<LLVM::LLVMFuncOp>(op);
      bool isHere = func ? partOf[next++] == part : part == 0;
      if (isHere || (func && func.isExternal()))
        b.clone(op);
      else if (func)
        declare(b, func);
    }
  }
  return parts;
}

static bool isNameCharacter(char c) {
  return llvm::isAlnum(c) || c == '_' || c == '.' || c == '$' || c == '@';
}

std::string cpu::joinAssembly(ArrayRef<std::string> parts) {
  std::string joined = parts.front();
  for (auto [number, part] : llvm::enumerate(parts.drop_front())) {
    std::string prefix = ".LP" + std::to_string(number + 1);
    for (StringRef line : llvm::split(part, '\n')) {
      // One object, one name.
      if (line.starts_with("\t.file"))
        continue;
      char before = ' ';
      for (size_t i = 0; i < line.size(); ++i) {
        bool isLabel = line.substr(i).starts_with(".L") &&
                       (!isNameCharacter(before) || before == '$');
        if (isLabel) {
          joined += prefix;
          ++i;
        } else {
          joined += line[i];
        }
        before = line[i];
      }
      joined += '\n';
    }
  }
  return joined;
}

FailureOr<SmallVector<char, 0>>
cpu::assemble(StringRef text, const target::Architecture &architecture) {
  llvm::Triple triple(architecture.triple);
  std::string error;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return failure();
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBuffer(text, "assembly"),
                             llvm::SMLoc());
  llvm::MCTargetOptions options;
  std::unique_ptr<llvm::MCRegisterInfo> registers(
      target->createMCRegInfo(triple));
  std::unique_ptr<llvm::MCAsmInfo> asmInfo(
      target->createMCAsmInfo(*registers, triple, options));
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget(
      target->createMCSubtargetInfo(triple, architecture.baseCpu, ""));
  llvm::MCContext context(triple, asmInfo.get(), registers.get(),
                          subtarget.get(), &sources, &options);
  std::unique_ptr<llvm::MCObjectFileInfo> objectInfo(
      target->createMCObjectFileInfo(context, /*PIC=*/true));
  context.setObjectFileInfo(objectInfo.get());
  std::unique_ptr<llvm::MCInstrInfo> instructions(target->createMCInstrInfo());

  SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  std::unique_ptr<llvm::MCAsmBackend> backend(
      target->createMCAsmBackend(*subtarget, *registers, options));
  auto writer = backend->createObjectWriter(stream);
  std::unique_ptr<llvm::MCCodeEmitter> emitter(
      target->createMCCodeEmitter(*instructions, context));
  std::unique_ptr<llvm::MCStreamer> streamer(target->createMCObjectStreamer(
      triple, context, std::move(backend), std::move(writer),
      std::move(emitter), *subtarget));
  std::unique_ptr<llvm::MCAsmParser> parser(
      llvm::createMCAsmParser(sources, context, *streamer, *asmInfo));
  std::unique_ptr<llvm::MCTargetAsmParser> targetParser(
      target->createMCAsmParser(*subtarget, *parser, *instructions, options));
  parser->setTargetParser(*targetParser);
  if (parser->Run(/*NoInitialTextSection=*/true))
    return failure();
  return bytes;
}
