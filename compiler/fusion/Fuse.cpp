//===- Fuse.cpp - Graph functions to kernel programs ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/Build.h"
#include "compiler/fusion/Passes.h"
#include "compiler/support/Specialize.h"
#include "dialects/graph/GraphDialect.h"
#include "dialects/scalar/Sizes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace tensorc::compiler {

#define GEN_PASS_DEF_FUSEPASS
#include "compiler/fusion/Passes.h.inc"

namespace {

using namespace fusion;

/// Builds the program of one function.
class ProgramBuilder {
public:
  ProgramBuilder(func::FuncOp function, KernelLibrary &library)
      : function(function), library(library), b(function) {}

  LogicalResult run();

private:
  struct Argument {
    std::string name;
    std::string role;
    MemRefType type;
  };

  LogicalResult checkSignature();
  LogicalResult findState();
  void createProgram();
  LogicalResult launchClusters();
  void storeResults();
  Value bufferOf(Value tensor);
  Value allocate(Value tensor);
  void launch(StringAttr kernel, ValueRange inputs, ValueRange outputs,
              ArrayRef<int64_t> sizes, Location loc);
  void copy(Value from, Value to);

  func::FuncOp function;
  KernelLibrary &library;
  OpBuilder b;
  kernel::ProgramOp program;
  /// For each result, the state argument that it replaces; null: an output.
  SmallVector<BlockArgument> replaced;
  SmallVector<Value> destinations;      ///< for each result
  llvm::DenseMap<Value, Value> buffers; ///< by tensor
};

} // namespace

/// Matches the results that replace state with their arguments.
LogicalResult ProgramBuilder::findState() {
  llvm::StringMap<BlockArgument> states;
  for (BlockArgument argument : function.getArguments())
    if (auto name = function.getArgAttrOfType<StringAttr>(
            argument.getArgNumber(), "graph.state"))
      if (!states.try_emplace(name.getValue(), argument).second)
        return function.emitOpError("has two arguments for the state `")
               << name.getValue() << "`";
  llvm::StringMap<unsigned> seen;
  for (unsigned i = 0; i < function.getNumResults(); ++i) {
    auto name = function.getResultAttrOfType<StringAttr>(i, "graph.state");
    replaced.push_back(name ? states.lookup(name.getValue()) : BlockArgument());
    if (!name)
      continue;
    BlockArgument argument = replaced.back();
    if (!argument)
      return function.emitOpError("result #")
             << i << " replaces the state `" << name.getValue()
             << "`, which is no argument";
    if (argument.getType() != function.getResultTypes()[i])
      return function.emitOpError("result #")
             << i << " replaces the state `" << name.getValue() << "` of type "
             << argument.getType() << " by " << function.getResultTypes()[i];
    if (!seen.try_emplace(name.getValue(), i).second)
      return function.emitOpError("has two results for the state `")
             << name.getValue() << "`";
  }
  return success();
}

void ProgramBuilder::createProgram() {
  auto named = [](StringAttr name, StringRef otherwise, unsigned index) {
    return name ? name.str() : (otherwise + Twine(index)).str();
  };
  SmallVector<Argument> arguments;
  SmallVector<Value> tensors; // behind the arguments; null for outputs
  auto addArguments = [&](bool isState) {
    for (BlockArgument tensor : function.getArguments()) {
      unsigned i = tensor.getArgNumber();
      auto state = function.getArgAttrOfType<StringAttr>(i, "graph.state");
      if (bool(state) != isState)
        continue;
      auto role = function.getArgAttrOfType<StringAttr>(i, "graph.role");
      auto name = function.getArgAttrOfType<StringAttr>(i, "graph.name");
      arguments.push_back({isState ? state.str() : named(name, "arg", i),
                           !isState ? "input"
                           : role   ? role.str()
                                    : "buffer",
                           bufferType(tensor)});
      tensors.push_back(tensor);
    }
  };
  addArguments(/*isState=*/false);
  unsigned firstOutput = arguments.size();
  Operation *terminator = function.getBody().front().getTerminator();
  for (unsigned i = 0; i < function.getNumResults(); ++i) {
    if (replaced[i])
      continue;
    auto name = function.getResultAttrOfType<StringAttr>(i, "graph.name");
    arguments.push_back({named(name, "result", i), "output",
                         bufferType(terminator->getOperand(i))});
    tensors.push_back({});
  }
  addArguments(/*isState=*/true);

  SmallVector<Type> types;
  for (const Argument &argument : arguments)
    types.push_back(argument.type);
  program =
      kernel::ProgramOp::create(b, function.getLoc(), function.getSymName(),
                                b.getFunctionType(types, {}));
  Block &body = program.getBody().front();
  SmallVector<DictionaryAttr> attributes;
  for (auto [index, argument] : llvm::enumerate(arguments)) {
    attributes.push_back(b.getDictionaryAttr(
        {b.getNamedAttr("kernel.name", b.getStringAttr(argument.name)),
         b.getNamedAttr("kernel.role", b.getStringAttr(argument.role))}));
    if (tensors[index])
      buffers[tensors[index]] = body.getArgument(index);
  }
  program.setAllArgAttrs(attributes);
  SmallVector<Attribute> symbols;
  for (const Symbol &symbol : compiler::symbolsOf(function))
    symbols.push_back(scalar::symbolAttr(b.getContext(), symbol));
  if (!symbols.empty())
    program->setAttr(kernel::symbolsName, b.getArrayAttr(symbols));
  for (StringRef name : {specializesName, specializedSizesName})
    if (Attribute value = function->getAttr(name))
      program->setAttr(name, value);
  unsigned nextOutput = firstOutput;
  for (BlockArgument state : replaced)
    destinations.push_back(state ? buffers[state]
                                 : Value(body.getArgument(nextOutput++)));
  b.setInsertionPointToEnd(&body);
}

/// The buffer that holds `tensor`, which has one: an argument's, a cluster's
/// output, a constant, or one of these under another shape.
Value ProgramBuilder::bufferOf(Value tensor) {
  Value &known = buffers[tensor];
  if (known)
    return known;
  Operation *op = tensor.getDefiningOp();
  Value buffer;
  if (ElementsAttr value = constantOf(op)) {
    buffer =
        kernel::ConstantOp::create(b, op->getLoc(), bufferType(tensor), value);
  } else {
    assert(cast<graph::IndexingOpInterface>(op).keepsOrder());
    buffer = kernel::ReinterpretOp::create(b, op->getLoc(), bufferType(tensor),
                                           bufferOf(op->getOperand(0)));
  }
  return buffers[tensor] = buffer;
}

Value ProgramBuilder::allocate(Value tensor) {
  Value &buffer = buffers[tensor];
  if (!buffer)
    buffer = kernel::AllocOp::create(b, tensor.getLoc(), bufferType(tensor));
  return buffer;
}

void ProgramBuilder::launch(StringAttr kernel, ValueRange inputs,
                            ValueRange outputs, ArrayRef<int64_t> sizes,
                            Location loc) {
  kernel::LaunchOp::create(b, loc, kernel.getValue(), inputs, outputs,
                           sizes.empty()
                               ? scalar::SizesAttr()
                               : scalar::SizesAttr::get(b.getContext(), sizes));
}

void ProgramBuilder::copy(Value from, Value to) {
  Location loc = function.getLoc();
  launch(library.copy(cast<MemRefType>(to.getType()), loc), from, to, {}, loc);
}

LogicalResult ProgramBuilder::launchClusters() {
  Clustering clustering(function);
  if (failed(clustering.run()))
    return failure();
  for (Cluster *cluster : clustering.order()) {
    auto calls = library.build(clustering, *cluster);
    if (failed(calls))
      return failure();
    for (const KernelCall &call : *calls) {
      SmallVector<Value> inputs, outputs;
      for (Value input : call.inputs)
        inputs.push_back(bufferOf(input));
      for (Value output : call.outputs)
        outputs.push_back(allocate(output));
      launch(call.kernel, inputs, outputs, call.sizes, call.loc);
    }
  }
  return success();
}

/// Copies each result to its place. Memory planning lets most results be
/// computed there instead.
void ProgramBuilder::storeResults() {
  Operation *terminator = function.getBody().front().getTerminator();
  SmallVector<std::pair<Value, Value>> updates;
  for (auto [result, place, state] :
       llvm::zip_equal(terminator->getOperands(), destinations, replaced)) {
    Value buffer = bufferOf(result);
    if (!state)
      copy(buffer, place);
    else if (buffer != place)
      updates.emplace_back(buffer, place);
  }
  // State that becomes other state's contents is read before any is written.
  for (auto &[buffer, place] : updates) {
    Value base = buffer;
    while (auto view = base.getDefiningOp<kernel::ReinterpretOp>())
      base = view.getSource();
    if (!llvm::is_contained(destinations, base))
      continue;
    Value saved =
        kernel::AllocOp::create(b, function.getLoc(), place.getType());
    copy(buffer, saved);
    buffer = saved;
  }
  for (auto [buffer, place] : updates)
    copy(buffer, place);
}

/// The pass takes what the frontend writes: one block, tensors in and out.
LogicalResult ProgramBuilder::checkSignature() {
  if (function.isDeclaration())
    return function.emitOpError(
        "is a declaration, expected one block of `graph` ops");
  if (!function.getBody().hasOneBlock())
    return function.emitOpError("has ")
           << function.getBody().getBlocks().size()
           << " blocks, expected one block of `graph` ops";
  for (auto [index, type] : llvm::enumerate(function.getArgumentTypes()))
    if (!isa<RankedTensorType>(type))
      return function.emitOpError("argument #")
             << index << " is of type " << type << ", expected a tensor";
  return success();
}

LogicalResult ProgramBuilder::run() {
  if (failed(checkSignature()))
    return failure();
  if (failed(findState()))
    return failure();
  createProgram();
  if (failed(launchClusters()))
    return failure();
  storeResults();
  kernel::ReturnOp::create(b, function.getLoc());
  return success();
}

namespace {

struct FusePass : impl::FusePassBase<FusePass> {
  using Base::Base;

  void runOnOperation() override {
    KernelLibrary library(getOperation());
    for (auto function :
         llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>())) {
      if (failed(ProgramBuilder(function, library).run()))
        return signalPassFailure();
      function.erase();
    }
    if (excessPrecision)
      for (auto kernel : getOperation().getOps<kernel::FuncOp>())
        kernel->setAttr(kernel::excessPrecisionName,
                        UnitAttr::get(&getContext()));
  }
};

} // namespace

} // namespace tensorc::compiler
