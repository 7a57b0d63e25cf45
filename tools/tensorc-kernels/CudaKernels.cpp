//===- CudaKernels.cpp - Kernels of eager mode for GPUs -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/tensorc-kernels/CudaKernels.h"

#include "compiler/artifact/Constants.h"
#include "compiler/codegen/ptx/Codegen.h"
#include "compiler/lowering/gpu/Passes.h"
#include "tensorc/abi_cuda.h"

#include "mlir/IR/SymbolTable.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;

namespace tensorc::compiler {

/// The oldest: its code runs on all later ones.
static const target::Gpu &gpu() { return target::gpus().front(); }

/// Names of entries have no full stops.
static std::string entryName(StringRef symbol) {
  std::string name = symbol.str();
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

static LogicalResult compileKernel(kernel::FuncOp kernel,
                                   CudaKernelCode &code) {
  MLIRContext *context = kernel.getContext();
  OwningOpRef<ModuleOp> module = ModuleOp::create(kernel.getLoc());
  kernel::FuncOp copy = kernel.clone();
  copy.setSymName(code.entry);
  module->push_back(copy);
  PassManager lower(context), toNVVM(context);
  lower.addPass(simt::createLowerGpuPass(simt::TargetInfo::of(gpu())));
  if (failed(lower.run(*module)))
    return failure();
  auto gpuModule = *module->getOps<gpu::GPUModuleOp>().begin();
  auto func = *gpuModule.getOps<gpu::GPUFuncOp>().begin();
  if (func.getKnownGridSize())
    return func.emitOpError("expected code for any number of blocks");
  code.threads = (*func.getKnownBlockSize())[0];
  code.canFail = func->hasAttr("kernel.can_fail");
  if (auto bytes = func->getAttrOfType<IntegerAttr>("kernel.shared_bytes"))
    code.sharedBytes = static_cast<int32_t>(bytes.getInt());
  ptx::buildNVVMPipeline(toNVVM);
  if (failed(toNVVM.run(*module)))
    return failure();
  FailureOr<std::string> text = ptx::emitPtx(gpuModule, gpu());
  if (failed(text))
    return failure();
  code.ptx = std::move(*text);
  return success();
}

CudaKernelCodes compileCudaKernels(ModuleOp kernels) {
  CudaKernelCodes codes;
  for (auto kernel : kernels.getOps<kernel::FuncOp>()) {
    CudaKernelCode &code = codes[kernel.getSymName().str()];
    code.entry = entryName(kernel.getSymName());
    ScopedDiagnosticHandler note(
        kernels.getContext(), [&](Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() == DiagnosticSeverity::Error &&
              code.missing.empty())
            code.missing = diagnostic.str();
        });
    if (failed(compileKernel(kernel, code)) && code.missing.empty())
      code.missing = "it can't be lowered";
  }
  return codes;
}

//===----------------------------------------------------------------------===//
// Data
//===----------------------------------------------------------------------===//

namespace {

/// Writes the structs of runtime/eager/Kernels.h and abi_cuda.h, field by
/// field.
class CudaTableWriter : ConstantWriter {
public:
  explicit CudaTableWriter(ModuleOp module)
      : ConstantWriter(module, "tensorc.cuda") {}

  void write(const KernelList &kernels, const CudaKernelCodes &codes);

private:
  Type fields(ArrayRef<Type> types) {
    return LLVM::LLVMStructType::getLiteral(b.getContext(), types);
  }
  LLVM::GlobalOp code(const CudaKernelCodes &codes);
  LLVM::GlobalOp arguments(const std::string &name, ArrayRef<MemRefType> types);

  /// The kernels that there is code for, by their place in the tables.
  std::vector<const CudaKernelCode *> present;
};

} // namespace

/// A `tensorc_cuda_code` without functions: a module for each kernel.
LLVM::GlobalOp CudaTableWriter::code(const CudaKernelCodes &codes) {
  static_assert(sizeof(tensorc_cuda_module) == 32 &&
                sizeof(tensorc_cuda_kernel) == 16 &&
                sizeof(tensorc_cuda_code) == 72);
  SmallVector<LLVM::GlobalOp> texts, names;
  for (const auto &[symbol, code] : codes) {
    if (code.ptx.empty())
      continue;
    present.push_back(&code);
    texts.push_back(bytes("ptx." + code.entry, code.ptx + '\0'));
    names.push_back(string(code.entry));
  }
  Type w = b.getI32Type(), d = b.getI64Type();
  LLVM::GlobalOp modules =
      table("modules", fields({pointer, d, pointer, d}), present.size(),
            [&](size_t i) -> SmallVector<Value> {
              return {address(texts[i]), i64(present[i]->ptx.size() + 1),
                      address({}), i64(0)};
            });
  LLVM::GlobalOp kernels =
      table("entries", fields({pointer, w, w}), present.size(),
            [&](size_t i) -> SmallVector<Value> {
              return {address(names[i]), i32(i), i32(0)};
            });
  return table("code",
               fields({w, w, pointer, pointer, pointer, pointer, d, d, d, d}),
               1, [&](size_t) -> SmallVector<Value> {
                 return {i32(gpu().capability()),
                         i32(0),
                         address(modules),
                         address(kernels),
                         address({}),
                         address({}),
                         i64(present.size()),
                         i64(present.size()),
                         i64(0),
                         i64(0)};
               });
}

LLVM::GlobalOp CudaTableWriter::arguments(const std::string &name,
                                          ArrayRef<MemRefType> types) {
  SmallVector<int32_t> parts;
  for (MemRefType type : types)
    llvm::append_range(parts, describeArgument(type));
  return bytes("arguments." + name,
               StringRef(reinterpret_cast<const char *>(parts.data()),
                         parts.size() * sizeof(int32_t)),
               alignof(int32_t));
}

void CudaTableWriter::write(const KernelList &kernels,
                            const CudaKernelCodes &codes) {
  LLVM::GlobalOp program = code(codes);
  struct Row {
    LLVM::GlobalOp name, arguments, missing, failure;
    size_t count;
    const CudaKernelCode *code;
  };
  std::vector<Row> rows;
  for (const auto &[name, kernel] : kernels) {
    const CudaKernelCode &code = codes.at(kernel.symbol);
    rows.push_back({string(name), arguments(name, kernel.arguments),
                    code.ptx.empty() ? string(code.missing) : LLVM::GlobalOp(),
                    code.canFail ? string(kernel.failure) : LLVM::GlobalOp(),
                    kernel.arguments.size(), &code});
  }
  Type w = b.getI32Type(), d = b.getI64Type();
  LLVM::GlobalOp list =
      table("kernels", fields({pointer, pointer, d, pointer, pointer, w, w, w}),
            rows.size(), [&](size_t i) -> SmallVector<Value> {
              const Row &row = rows[i];
              size_t place = llvm::find(present, row.code) - present.begin();
              return {address(row.name),      address(row.arguments),
                      i64(row.count),         address(row.missing),
                      address(row.failure),   i32(row.missing ? 0 : place),
                      i32(row.code->threads), i32(row.code->sharedBytes)};
            });
  Type type = fields({pointer, pointer, d});
  global(type, LLVM::Linkage::External, "tensorc_eager_cuda_kernels", [&] {
    return structure(type, {address(program), address(list), i64(rows.size())});
  });
}

void addCudaKernelTable(ModuleOp module, const KernelList &kernels,
                        const CudaKernelCodes &codes) {
  CudaTableWriter(module).write(kernels, codes);
}

} // namespace tensorc::compiler
