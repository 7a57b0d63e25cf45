//===- KernelModule.cpp - The kernels of eager mode -----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/tensorc-kernels/KernelModule.h"

#include "compiler/fusion/Passes.h"
#include "dialects/graph/Conversion.h"
#include "dialects/graph/GraphDialect.h"
#include "dialects/kernel/KernelDialect.h"
#include "tensorc/op.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
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
    results =
        infer_types(info, {std::span(types.data(), types.size()), attributes});
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

/// The text of a file of kernels. What follows a line `//--- kernels for f32,
/// f64` stands once for each of the types, up to the next such line; what
/// precedes the first one stands as it is.
static FailureOr<std::string> expandedText(MLIRContext &context,
                                           llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) {
    emitError(UnknownLoc::get(&context))
        << path << ": " << buffer.getError().message();
    return failure();
  }
  auto [header, rest] = (*buffer)->getBuffer().split("//--- kernels for ");
  std::string text = header.str();
  while (!rest.empty()) {
    auto [section, next] = rest.split("//--- kernels for ");
    auto [types, kernels] = section.split('\n');
    for (llvm::StringRef type : llvm::split(types, ", ")) {
      llvm::StringRef part = kernels;
      for (size_t at; (at = part.find("$T")) != llvm::StringRef::npos;
           part = part.drop_front(at + 2))
        (text += part.take_front(at)) += type;
      text += part;
    }
    rest = next;
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

static LogicalResult addFile(ModuleOp module, llvm::StringRef path,
                             KernelList &kernels) {
  MLIRContext *context = module.getContext();
  auto text = expandedText(*context, path);
  if (failed(text))
    return failure();
  OwningOpRef<ModuleOp> others =
      parseSourceString<ModuleOp>(*text, ParserConfig(context), path);
  if (!others)
    return failure();
  for (Operation &op : llvm::make_early_inc_range(*others->getBody())) {
    std::string name = cast<SymbolOpInterface>(op).getName().str();
    kernels[name].symbol = name;
    op.remove();
    module.push_back(&op);
  }
  return success();
}

OwningOpRef<ModuleOp> buildKernels(MLIRContext &context,
                                   llvm::ArrayRef<std::string> files,
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
  for (const std::string &file : files)
    if (failed(addFile(*module, file, kernels)))
      return {};
  for (auto &[name, kernel] : kernels)
    for (Type type : SymbolTable(*module)
                         .lookup<kernel::FuncOp>(kernel.symbol)
                         .getArgumentTypes())
      kernel.arguments.push_back(cast<MemRefType>(type));
  return module;
}

} // namespace tensorc::compiler
