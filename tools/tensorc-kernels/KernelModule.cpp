//===- KernelModule.cpp - The kernels of eager mode -----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/tensorc-kernels/KernelModule.h"

#include "compiler/artifact/Entry.h"
#include "compiler/fusion/Passes.h"
#include "dialects/graph/Conversion.h"
#include "dialects/graph/GraphDialect.h"
#include "dialects/kernel/KernelDialect.h"
#include "tensorc/abi.h"
#include "tensorc/op.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;

namespace tensorc::compiler {
namespace {

struct Element {
  llvm::StringRef name; ///< as MLIR prints it
  DType dtype;
};
constexpr Element kElements[] = {
    {"f32", DType::Float32}, {"f64", DType::Float64}, {"i64", DType::Int64},
    {"i32", DType::Int32},   {"i1", DType::Bool},
};

std::string nameOf(const OpInfo &info, const Element &element) {
  return std::string(info.name) + "." + element.name.str();
}

/// Builds functions of one op each, in the graph dialect.
class GraphKernels {
public:
  explicit GraphKernels(ModuleOp module)
      : module(module), b(module.getBodyRegion()) {}

  void addElementwise(const OpInfo &info);
  void addGelu(const OpInfo &info);
  void addCasts(const OpInfo &info);
  void addReduction(const OpInfo &info);

private:
  /// Adds `info` on operands of `types`, where it takes them.
  void add(const std::string &name, const OpInfo &info,
           llvm::ArrayRef<TensorType> types, const Attributes &attributes);

  ModuleOp module;
  OpBuilder b;
};

} // namespace

void GraphKernels::add(const std::string &name, const OpInfo &info,
                       llvm::ArrayRef<TensorType> types,
                       const Attributes &attributes) {
  std::vector<TensorType> results;
  try {
    results = info.infer({std::span(types.data(), types.size()), attributes});
  } catch (const Error &) {
    return; // the op has no such element type
  }
  MLIRContext *context = module.getContext();
  SmallVector<Type> operandTypes, resultTypes;
  for (const TensorType &type : types)
    operandTypes.push_back(graph::toMlirType(type, context));
  for (const TensorType &type : results)
    resultTypes.push_back(graph::toMlirType(type, context));
  mlir::Location loc = NameLoc::get(b.getStringAttr(name));
  b.setInsertionPointToEnd(module.getBody());
  auto function = func::FuncOp::create(
      b, loc, name, b.getFunctionType(operandTypes, resultTypes));
  b.setInsertionPointToStart(function.addEntryBlock());
  OperationState state(loc, "graph." + std::string(info.name));
  state.addOperands(function.getArguments());
  state.addTypes(resultTypes);
  for (const auto &[key, value] : attributes)
    state.addAttribute(key, graph::toMlirAttribute(value, context));
  Operation *op = b.create(state);
  func::ReturnOp::create(b, loc, op->getResults());
  // The dialect knows which element types an op has.
  ScopedDiagnosticHandler silent(context, [](Diagnostic &) {});
  if (failed(verify(function)))
    function.erase();
}

/// One row of any length; `where` has a condition before its operands.
void GraphKernels::addElementwise(const OpInfo &info) {
  for (const Element &element : kElements) {
    std::vector<TensorType> types(info.operands.size(),
                                  {element.dtype, {kDynamic}});
    if (info.operands.front() == "condition")
      types.front().dtype = DType::Bool;
    add(nameOf(info, element), info, types, {});
  }
}

void GraphKernels::addGelu(const OpInfo &info) {
  for (std::string approximate : {"none", "tanh"})
    for (const Element &element : kElements)
      add("gelu_" + approximate + "." + element.name.str(), info,
          TensorType{element.dtype, {kDynamic}},
          {{"approximate", approximate}});
}

void GraphKernels::addCasts(const OpInfo &info) {
  for (const Element &from : kElements)
    for (const Element &to : kElements)
      if (from.dtype != to.dtype)
        add(nameOf(info, from) + "." + to.name.str(), info,
            TensorType{from.dtype, {kDynamic}},
            {{std::string(info.attributes.front()), to.dtype}});
}

/// Any reduction is one over rows.
void GraphKernels::addReduction(const OpInfo &info) {
  bool single = info.attributes.front() == "dim";
  Attributes attributes;
  if (single)
    attributes.set("dim", std::int64_t(1));
  else
    attributes.set("dims", std::vector<std::int64_t>{1});
  attributes.set("keepdim", false);
  for (const Element &element : kElements)
    add(nameOf(info, element), info,
        TensorType{element.dtype, {kDynamic, kDynamic}}, attributes);
}

/// The structured kernels for each floating-point type; what precedes
/// `//--- kernels` stands once.
static FailureOr<std::string> structuredText(MLIRContext &context,
                                             llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) {
    emitError(UnknownLoc::get(&context))
        << path << ": " << buffer.getError().message();
    return failure();
  }
  auto [header, kernels] = (*buffer)->getBuffer().split("//--- kernels\n");
  std::string text = header.str();
  for (const Element &element : kElements) {
    if (!is_floating_point(element.dtype))
      continue;
    llvm::StringRef part = kernels;
    for (size_t at; (at = part.find("$T")) != llvm::StringRef::npos;
         part = part.drop_front(at + 2))
      (text += part.take_front(at)) += element.name;
    text += part;
  }
  return text;
}

/// Finds the kernel of each single-op program, and drops the program.
static LogicalResult resolvePrograms(ModuleOp module, KernelList &kernels) {
  for (auto program :
       llvm::make_early_inc_range(module.getOps<kernel::ProgramOp>())) {
    // The launch; then, perhaps, a copy into the program's output.
    auto launches = llvm::to_vector(program.getOps<kernel::LaunchOp>());
    Block &body = program.getBody().front();
    if (launches.empty())
      return program.emitOpError("expected a launch");
    ValueRange inputs = launches.front().getInputs();
    if (!llvm::equal(inputs, body.getArguments().take_front(inputs.size())) ||
        inputs.size() + 1 != body.getNumArguments() || launches.size() > 2)
      return program.emitOpError(
          "expected one launch on the arguments in order");
    kernels[program.getSymName().str()].symbol =
        launches.front().getKernel().str();
    program.erase();
  }
  return success();
}

OwningOpRef<ModuleOp> buildKernels(MLIRContext &context,
                                   llvm::StringRef structured,
                                   KernelList &kernels) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  GraphKernels graph(*module);
  for (const OpInfo &info : all_ops()) {
    if (info.kind == OpKind::Elementwise && info.attributes.empty())
      graph.addElementwise(info);
    else if (info.name == "gelu")
      graph.addGelu(info);
    else if (info.name == "to")
      graph.addCasts(info);
    else if (info.kind == OpKind::Reduction)
      graph.addReduction(info);
  }
  PassManager pm(&context);
  pm.addPass(createFusePass());
  if (failed(pm.run(*module)) || failed(resolvePrograms(*module, kernels)))
    return {};
  auto text = structuredText(context, structured);
  if (failed(text))
    return {};
  OwningOpRef<ModuleOp> others =
      parseSourceString<ModuleOp>(*text, ParserConfig(&context), structured);
  if (!others)
    return {};
  for (Operation &op : llvm::make_early_inc_range(*others->getBody())) {
    std::string name = cast<SymbolOpInterface>(op).getName().str();
    kernels[name].symbol = name;
    op.remove();
    module->push_back(&op);
  }
  for (auto &[name, kernel] : kernels)
    for (Type type : SymbolTable(*module)
                         .lookup<kernel::FuncOp>(kernel.symbol)
                         .getArgumentTypes())
      kernel.arguments.push_back(cast<MemRefType>(type));
  return module;
}

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

  void write(const KernelList &kernels, llvm::ArrayRef<int> levels);

private:
  LLVM::LLVMFuncOp dispatcher(const std::string &symbol,
                              llvm::ArrayRef<int> levels);
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
  mlir::Location loc = b.getUnknownLoc();
  Type pointer;
};

} // namespace

LLVM::GlobalOp TableWriter::global(llvm::StringRef name, Type type,
                                   LLVM::Linkage linkage,
                                   llvm::function_ref<Value()> value) {
  OpBuilder::InsertionGuard guard(b);
  auto result = LLVM::GlobalOp::create(b, loc, type, /*isConstant=*/true,
                                       linkage, name, mlir::Attribute());
  b.createBlock(&result.getInitializerRegion());
  LLVM::ReturnOp::create(b, loc, value());
  return result;
}

LLVM::GlobalOp TableWriter::words(const std::string &text) {
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

/// The sizes that are passed, then the strides, as bits.
LLVM::GlobalOp TableWriter::arguments(const std::string &name,
                                      llvm::ArrayRef<MemRefType> types) {
  Type i32 = b.getI32Type();
  auto entry =
      LLVM::LLVMStructType::getLiteral(b.getContext(), {i32, i32, i32});
  auto array = LLVM::LLVMArrayType::get(entry, types.size());
  return global("arguments." + name, array, LLVM::Linkage::Internal, [&] {
    SmallVector<Value> entries;
    for (MemRefType type : types) {
      auto [typeStrides, offset] = type.getStridesAndOffset();
      int64_t sizes = 0, strides = 0;
      for (int64_t d = 0; d < type.getRank(); ++d) {
        sizes |= int64_t(type.isDynamicDim(d)) << d;
        if (!type.getLayout().isIdentity())
          strides |= int64_t(ShapedType::isDynamic(typeStrides[d])) << d;
      }
      entries.push_back(
          aggregate(entry, {number(i32, type.getRank()), number(i32, sizes),
                            number(i32, strides)}));
    }
    return aggregate(array, entries);
  });
}

/// A function that runs the code for this machine.
LLVM::LLVMFuncOp TableWriter::dispatcher(const std::string &symbol,
                                         llvm::ArrayRef<int> levels) {
  if (auto known = module.lookupSymbol<LLVM::LLVMFuncOp>(symbol))
    return known;
  OpBuilder::InsertionGuard guard(b);
  auto levelFunction =
      module.lookupSymbol<LLVM::LLVMFuncOp>("tensorc_rt_cpu_level");
  if (!levelFunction)
    levelFunction = LLVM::LLVMFuncOp::create(
        b, loc, "tensorc_rt_cpu_level",
        LLVM::LLVMFunctionType::get(b.getI32Type(), {}));
  auto lowest = module.lookupSymbol<LLVM::LLVMFuncOp>(
      leveledName(symbol, levels.front()));
  auto function =
      LLVM::LLVMFuncOp::create(b, loc, symbol, lowest.getFunctionType());
  function.setLinkage(LLVM::Linkage::Internal);
  b.setInsertionPointToStart(function.addEntryBlock(b));
  Value level =
      LLVM::CallOp::create(b, loc, levelFunction, ValueRange{}).getResult();
  for (int candidate : llvm::reverse(levels)) {
    auto code =
        module.lookupSymbol<LLVM::LLVMFuncOp>(leveledName(symbol, candidate));
    auto *run = new Block, *next = new Block;
    function.getBody().push_back(run);
    function.getBody().push_back(next);
    Value enough = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::sge, level,
                                        number(b.getI32Type(), candidate));
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

void TableWriter::write(const KernelList &kernels, llvm::ArrayRef<int> levels) {
  Type i64 = b.getI64Type();
  auto kernelType = LLVM::LLVMStructType::getLiteral(
      b.getContext(), {pointer, pointer, pointer, i64});
  auto arrayType = LLVM::LLVMArrayType::get(kernelType, kernels.size());
  auto tableType =
      LLVM::LLVMStructType::getLiteral(b.getContext(), {pointer, i64});
  SmallVector<std::array<Operation *, 3>> symbols;
  for (const auto &[name, kernel] : kernels)
    symbols.push_back({words(name), dispatcher(kernel.symbol, levels),
                       arguments(name, kernel.arguments)});
  LLVM::GlobalOp array =
      global("kernels", arrayType, LLVM::Linkage::Internal, [&] {
        SmallVector<Value> entries;
        for (auto [parts, item] : llvm::zip_equal(symbols, kernels))
          entries.push_back(aggregate(
              kernelType,
              {address(parts[0]), address(parts[1]), address(parts[2]),
               number(i64, item.second.arguments.size())}));
        return aggregate(arrayType, entries);
      });
  global("tensorc_eager_kernels", tableType, LLVM::Linkage::External, [&] {
    return aggregate(tableType, {address(array), number(i64, kernels.size())});
  });
}

void addKernelTable(ModuleOp module, const KernelList &kernels,
                    llvm::ArrayRef<int> levels) {
  TableWriter(module).write(kernels, levels);
}

} // namespace tensorc::compiler
