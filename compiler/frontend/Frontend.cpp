//===- Frontend.cpp - Model files become graph modules --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/frontend/Frontend.h"

#include "compiler/frontend/ModelCode.h"
#include "compiler/frontend/Tracer.h"
#include "dialects/graph/Conversion.h"
#include "dialects/graph/GraphDialect.h"
#include "dialects/scalar/Sizes.h"

#include "tensorc/grad_mode.h"
#include "tensorc/io/safetensors.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;

namespace tensorc::compiler {

static mlir::Location whereOf(MLIRContext *context, const Error &error,
                              mlir::Location fallback) {
  return error.location() ? toLocation(context, *error.location()) : fallback;
}

/// Calls `body`, which runs code of the user's and of the library, and turns
/// what it throws into a diagnostic.
template <typename F>
static LogicalResult guarded(MLIRContext *context, mlir::Location fallback,
                             const Twine &doing, F &&body) {
  std::string activity = doing.str();
  ModelCode code(activity);
  try {
    return body();
  } catch (const Error &error) {
    return emitError(whereOf(context, error, fallback)) << error.message();
  } catch (const std::exception &error) {
    return emitError(fallback)
           << "exception while " << activity << ": " << error.what();
  } catch (...) {
    return emitError(fallback) << "unknown exception while " << activity;
  }
}

FailureOr<std::unique_ptr<ModelExport>>
exportModelFile(MLIRContext *context, StringRef path,
                const HostCompilerOptions &options,
                std::vector<std::string> *dependencies) {
  mlir::Location unknown = UnknownLoc::get(context);
  llvm::Expected<CompiledModelFile> compiled = compileModelFile(path, options);
  if (!compiled)
    return emitError(unknown) << llvm::toString(compiled.takeError());
  if (dependencies)
    *dependencies = compiled->dependencies();
  ignore_devices();
  auto model = std::make_unique<ModelExport>();
  ExportFunction run = nullptr;
  // Variables of the model file are initialized while it is loaded.
  if (failed(guarded(context, unknown, "loading the model file",
                     [&]() -> LogicalResult {
                       llvm::Expected<ExportFunction> loaded = compiled->load();
                       if (!loaded)
                         return emitError(unknown)
                                << llvm::toString(loaded.takeError());
                       run = *loaded;
                       return success();
                     })) ||
      failed(guarded(context, unknown, "running the model file", [&] {
        run(*model);
        return success();
      })))
    return failure();
  if (model->functions().empty())
    return emitError(unknown)
           << "`" << path
           << "` exports no function: expected a `model.function(…)`";
  return model;
}

static StringRef roleName(StateRole role) {
  switch (role) {
  case StateRole::Parameter:
    return "parameter";
  case StateRole::Buffer:
    return "buffer";
  case StateRole::Optimizer:
    return "optimizer";
  }
  llvm_unreachable("all roles are handled");
}

static LogicalResult traceFunction(ModuleOp module,
                                   const ModelExport::Function &function,
                                   const std::vector<StateTensor> &state) {
  MLIRContext *context = module.getContext();
  mlir::Location location = toLocation(context, function.location);
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());

  SmallVector<Type> inputTypes;
  for (const auto &[name, example] : function.inputs)
    inputTypes.push_back(graph::toMlirType(example.type(), context));
  auto op = func::FuncOp::create(builder, location, function.name,
                                 builder.getFunctionType(inputTypes, {}));
  Block *block = op.addEntryBlock();
  builder.setInsertionPointToStart(block);

  Tracer tracer(builder, *block, state);
  SmallVector<Value> results;
  SmallVector<std::pair<StringRef, std::string>> resultNames;
  LogicalResult traced =
      guarded(context, location, "tracing `" + function.name + "`", [&]() {
        ExecutorScope scope(tracer);
        GradModeGuard grad(true);
        TensorList arguments;
        for (Value argument : block->getArguments())
          arguments.push_back(tracer.wrap(argument));
        for (const auto &[name, output] : function.call(arguments)) {
          results.push_back(tracer.unwrap(output, function.location));
          resultNames.emplace_back("graph.name", name);
        }
        return success();
      });
  if (failed(traced)) {
    op.erase();
    return failure();
  }

  std::vector<Tracer::UsedState> used = tracer.usedState();
  for (const Tracer::UsedState &entry : used)
    if (entry.current != entry.argument) {
      results.push_back(entry.current);
      resultNames.emplace_back("graph.state", entry.state->name);
    }
  func::ReturnOp::create(builder, location, results);

  op.setFunctionType(builder.getFunctionType(block->getArgumentTypes(),
                                             TypeRange(ValueRange(results))));
  auto named = [&](StringRef key, StringRef value) {
    return builder.getNamedAttr(key, builder.getStringAttr(value));
  };
  SmallVector<DictionaryAttr> argumentAttributes, resultAttributes;
  for (const auto &[name, example] : function.inputs)
    argumentAttributes.push_back(
        builder.getDictionaryAttr(named("graph.name", name)));
  for (const Tracer::UsedState &entry : used) // in the arguments' order
    argumentAttributes.push_back(
        builder.getDictionaryAttr({named("graph.state", entry.state->name),
                                   named("graph.role", entry.state->role)}));
  for (const auto &[key, name] : resultNames)
    resultAttributes.push_back(builder.getDictionaryAttr(named(key, name)));
  op.setAllArgAttrs(argumentAttributes);
  op.setAllResultAttrs(resultAttributes);
  return success();
}

/// `from 1 to 256 (hint 64)`.
static std::string rangeOf(const Symbol &symbol) {
  std::string text = "from " + std::to_string(symbol.min) + " to " +
                     std::to_string(symbol.max) + " (hint " +
                     std::to_string(symbol.hint);
  if (symbol.divisor != 1)
    text += ", divisor " + std::to_string(symbol.divisor);
  return text + ")";
}

/// Has the module list the symbols that its functions name.
static LogicalResult listSymbols(ModuleOp module) {
  SmallVector<std::pair<Symbol, mlir::Location>> known;
  WalkResult walked = module.walk<WalkOrder::PreOrder>([&](Operation *op) {
    Shape named;
    AttrTypeWalker walker;
    walker.addWalk([&](scalar::SizesAttr sizes) {
      llvm::append_range(named, sizes.getSizes());
    });
    walker.walk(op->getAttrDictionary());
    for (Type type : op->getResultTypes())
      walker.walk(type);
    for (const Symbol &symbol : symbols_of(named)) {
      auto *same = llvm::find_if(known, [&](const auto &entry) {
        return entry.first.name == symbol.name;
      });
      if (same == known.end()) {
        known.emplace_back(symbol, op->getLoc());
      } else if (same->first != symbol) {
        InFlightDiagnostic error = emitError(op->getLoc());
        error << "sizes of one name are one symbol: `" << symbol.name << "` is "
              << rangeOf(symbol) << " here, expected " << rangeOf(same->first)
              << " as before";
        error.attachNote(same->second) << "it was used first here";
        return WalkResult::interrupt();
      }
    }
    return WalkResult::advance();
  });
  if (walked.wasInterrupted())
    return failure();
  MLIRContext *context = module.getContext();
  auto symbols = llvm::map_to_vector(known, [&](const auto &entry) {
    return mlir::Attribute(scalar::symbolAttr(context, entry.first));
  });
  if (!symbols.empty())
    module->setAttr("scalar.symbols", ArrayAttr::get(context, symbols));
  return success();
}

FailureOr<OwningOpRef<ModuleOp>> traceModel(MLIRContext *context,
                                            const ModelExport &model,
                                            ArrayRef<std::string> functions) {
  context->loadDialect<graph::GraphDialect, func::FuncDialect>();
  mlir::Location unknown = UnknownLoc::get(context);
  for (const std::string &name : functions)
    if (!model.find_function(name)) {
      InFlightDiagnostic error = emitError(unknown) << "no function `" << name
                                                    << "` in the model; it has";
      llvm::ListSeparator comma(",");
      for (const ModelExport::Function &known : model.functions())
        error << StringRef(comma) << " `" << known.name << "`";
      return error;
    }

  std::vector<StateTensor> state;
  SmallVector<StringRef> order;
  for (const ModelExport::State &entry : model.state()) {
    state.push_back({entry.name, roleName(entry.role).str(), entry.tensor});
    order.push_back(entry.name);
  }
  OwningOpRef<ModuleOp> module = ModuleOp::create(unknown);
  Builder builder(context);
  (*module)->setAttr("graph.state_order", builder.getStrArrayAttr(order));
  NamedAttrList aliases;
  for (const ModelExport::State &entry : model.state())
    for (const std::string &alias : entry.aliases)
      aliases.set(alias, builder.getStringAttr(entry.name));
  if (!aliases.empty())
    (*module)->setAttr("graph.state_aliases", aliases.getDictionary(context));
  for (const ModelExport::Function &function : model.functions()) {
    if (!functions.empty() && !llvm::is_contained(functions, function.name))
      continue;
    if (failed(traceFunction(*module, function, state)))
      return failure();
  }
  if (failed(listSymbols(*module)) || failed(verify(*module)))
    return failure();
  return module;
}

static io::SafetensorsEntry initialValue(const ModelExport::State &state) {
  io::SafetensorsEntry entry;
  entry.name = state.name;
  entry.dtype = io::dtype_name(tensorc_dtype(state.tensor.dtype()));
  entry.shape = state.tensor.shape();
  std::vector<char> bytes = dense_bytes(state.tensor);
  auto *data = reinterpret_cast<const std::byte *>(bytes.data());
  entry.bytes.assign(data, data + bytes.size());
  return entry;
}

static const io::SafetensorsMetadata &initialMetadata() {
  static const io::SafetensorsMetadata metadata = {
      {"tensorc", "initial values"}};
  return metadata;
}

llvm::Error writeInitialState(const ModelExport &model,
                              const StateLayout &layout, StringRef path) {
  std::vector<io::SafetensorsEntry> entries;
  for (const ModelExport::State &state : model.state())
    if (layout.find(state.name))
      entries.push_back(initialValue(state));
  try {
    io::write_safetensors(path.str(), entries, initialMetadata());
  } catch (const io::Error &error) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   error.what());
  }
  return llvm::Error::success();
}

bool holdsInitialState(const ModelExport &model, StringRef path) {
  try {
    if (io::read_safetensors_metadata(path.str()) == initialMetadata())
      return true;
    for (const io::SafetensorsEntry &entry : io::read_safetensors(path.str()))
      if (llvm::none_of(model.state(), [&](const ModelExport::State &state) {
            return state.name == entry.name && initialValue(state) == entry;
          }))
        return false;
    return true;
  } catch (const io::Error &) {
    return false;
  }
}

} // namespace tensorc::compiler
