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
#include "dialects/scalar/ScalarDialect.h"
#include "tensorc/op.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;

namespace tensorc::compiler {
namespace {

std::string nameOf(const std::string &name, DType dtype) {
  return name + "." + info_of(dtype).mlir;
}

/// A kernel of strided arguments.
struct StridedKernel {
  std::string name, base; ///< the kernel of dense ones that it is made of
  /// For each argument a letter for each dimension: `?` where the stride is
  /// passed, `1` where it is 1; nothing: dense.
  std::vector<std::string> layouts;
  std::vector<int64_t> expectedSizes; ///< for schedules of contractions
};

/// Builds functions of one op each, in the graph dialect.
class GraphKernels {
public:
  explicit GraphKernels(ModuleOp module)
      : module(module), b(module.getBodyRegion()) {}

  void addElementwise(const OpInfo &info);
  void addGelu(const OpInfo &info);
  void addCasts(const OpInfo &info);
  void addReduction(const OpInfo &info);
  void addProducts();
  void addWindows();

  /// Names whose kernels are those of other names.
  std::map<std::string, std::string> others;
  /// Kernels whose arguments lie otherwise than the ops' tensors.
  std::vector<StridedKernel> strided;

private:
  using Operands = std::vector<TensorType>;

  /// Adds `info` on operands of `types`, where it takes them.
  void add(const std::string &name, const OpInfo &info,
           llvm::ArrayRef<TensorType> types, const Attributes &attributes);
  /// The kernels `<name>.T` for each element type T that the op takes.
  void addEach(const std::string &name, const OpInfo &info,
               llvm::function_ref<Operands(DType)> operands,
               const Attributes &attributes);
  /// The kernels `<variant>.T` of operands of any sizes, for each of `dtypes`.
  void addStrided(const OpInfo &info, llvm::ArrayRef<DType> dtypes,
                  llvm::ArrayRef<int64_t> ranks, const Attributes &attributes,
                  llvm::ArrayRef<StridedKernel> variants);

  ModuleOp module;
  OpBuilder b;
};

} // namespace

/// The types of an op's results; none where it doesn't take such operands.
static std::vector<TensorType> inferred(const OpInfo &info,
                                        llvm::ArrayRef<TensorType> types,
                                        const Attributes &attributes) {
  try {
    return infer_types(info,
                       {std::span(types.data(), types.size()), attributes});
  } catch (const Error &) {
    return {};
  }
}

void GraphKernels::add(const std::string &name, const OpInfo &info,
                       llvm::ArrayRef<TensorType> types,
                       const Attributes &attributes) {
  std::vector<TensorType> results = inferred(info, types, attributes);
  if (results.empty())
    return;
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
  // Those say something of their operands, and compute nothing.
  if (op->hasTrait<graph::HistoryOp>())
    function.erase();
}

void GraphKernels::addEach(const std::string &name, const OpInfo &info,
                           llvm::function_ref<Operands(DType)> operands,
                           const Attributes &attributes) {
  for (const DTypeInfo &element : kDTypes) {
    std::string own = nameOf(name, element.dtype);
    if (element.kernel == element.dtype)
      add(own, info, operands(element.dtype), attributes);
    else if (!inferred(info, operands(element.dtype), attributes).empty())
      others[own] = nameOf(name, element.kernel);
  }
}

/// One row of any length; `where` has a condition before its operands.
void GraphKernels::addElementwise(const OpInfo &info) {
  auto operands = [&](DType dtype) {
    Operands types(info.operands.size(), {dtype, {kDynamic}});
    if (info.operands.front() == "condition")
      types.front().dtype = DType::Bool;
    return types;
  };
  addEach(std::string(info.name), info, operands, {});
}

void GraphKernels::addGelu(const OpInfo &info) {
  for (std::string approximate : {"none", "tanh"})
    addEach("gelu_" + approximate, info,
            [](DType dtype) { return Operands{{dtype, {kDynamic}}}; },
            {{"approximate", approximate}});
}

/// Between the types that kernels are for, and between each other type and its
/// kernels' type: any other conversion goes by these.
void GraphKernels::addCasts(const OpInfo &info) {
  for (const DTypeInfo &from : kDTypes)
    for (const DTypeInfo &to : kDTypes)
      if (from.dtype != to.dtype &&
          (from.kernel == from.dtype || from.kernel == to.dtype) &&
          (to.kernel == to.dtype || to.kernel == from.dtype))
        add(nameOf("to", from.dtype) + "." + to.mlir, info,
            Operands{{from.dtype, {kDynamic}}},
            {{std::string(info.attributes.front()), to.dtype}});
}

/// Any reduction is one over rows, or over columns after each other.
void GraphKernels::addReduction(const OpInfo &info) {
  bool single = info.attributes.front() == "dim";
  for (std::int64_t dim : {1, 0}) {
    Attributes attributes;
    if (single)
      attributes.set("dim", dim);
    else
      attributes.set("dims", std::vector<std::int64_t>{dim});
    attributes.set("keepdim", false);
    if (dim == 1 || !single)
      addEach(
          std::string(info.name) + (dim == 0 ? "_columns" : ""), info,
          [](DType dtype) { return Operands{{dtype, {kDynamic, kDynamic}}}; },
          attributes);
  }
}

void GraphKernels::addStrided(const OpInfo &info, llvm::ArrayRef<DType> dtypes,
                              llvm::ArrayRef<int64_t> ranks,
                              const Attributes &attributes,
                              llvm::ArrayRef<StridedKernel> variants) {
  for (DType dtype : dtypes) {
    Operands types;
    for (int64_t rank : ranks)
      types.push_back({dtype, Shape(size_t(rank), kDynamic)});
    std::string base = "dense_" + nameOf(variants.front().name, dtype);
    add(base, info, types, attributes);
    for (StridedKernel variant : variants) {
      variant.name = nameOf(variant.name, dtype);
      variant.base = base;
      strided.push_back(std::move(variant));
    }
  }
}

static constexpr DType kReal[] = {DType::Float32, DType::Float64};
static constexpr DType kWhole[] = {DType::Int32, DType::Int64};

/// Matrices; and sums of products over windows, whose images or whose places
/// have the long dimensions, as in a convolution and in its weight's gradient.
void GraphKernels::addProducts() {
  const OpInfo &matmul = *find_op("matmul"), &einsum = *find_op("einsum");
  StridedKernel plain = {"matmul_nn", "", {"??1", "??1", ""}, {}};
  addStrided(matmul, kReal, {3, 3}, {},
             {plain,
              {"matmul_nt", "", {"??1", "?1?", ""}, {}},
              {"matmul_tn", "", {"?1?", "??1", ""}, {}}});
  addStrided(matmul, kWhole, {3, 3}, {}, plain);
  std::vector<std::string> any = {"????", "??????", "????"};
  std::vector<std::string> unit = {"???1", "??1??1", "???1"};
  auto products = [&](const char *name, const char *equation,
                      const std::vector<int64_t> &sizes) {
    addStrided(einsum, kReal, {4, 6}, {{"equation", equation}},
               {{name, "", any, sizes},
                {std::string(name) + "_unit", "", unit, sizes}});
  };
  products("contract_images", "mpqr,abcpqr->ambc", {64, 32, 28, 28, 32, 3, 3});
  products("contract_places", "mpqr,abcpqr->mabc", {32, 32, 3, 3, 64, 28, 28});
}

/// Elements of windows, which lie over each other: four dimensions of windows,
/// three of places in them.
void GraphKernels::addWindows() {
  Attributes places = {{"dims", std::vector<int64_t>{4, 5, 6}},
                       {"keepdim", false}};
  std::string values = "????", elements = "???????";
  auto reduction = [&](const char *name, llvm::ArrayRef<DType> dtypes) {
    addStrided(*find_op(name), dtypes, {7}, places,
               {{std::string(name) + "_windows", "", {elements, ""}, {}}});
  };
  reduction("sum", kReal);
  reduction("amax", kReal);
  reduction("amax", kWhole);
  addStrided(*find_op("first_max_backward"), kReal, {4, 7},
             {{"dims", std::vector<int64_t>{4, 5, 6}}},
             {{"first_max_backward", "", {values, elements, elements}, {}}});
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

/// Lays the arguments of kernels out as the runtime passes them.
static void layOut(ModuleOp module, llvm::ArrayRef<StridedKernel> strided,
                   KernelList &kernels) {
  SymbolTable symbols(module);
  MLIRContext *context = module.getContext();
  llvm::SmallSetVector<Operation *, 16> bases;
  for (const StridedKernel &each : strided) {
    auto base = symbols.lookup<kernel::FuncOp>(kernels.at(each.base).symbol);
    bases.insert(base);
    auto function = cast<kernel::FuncOp>(base->clone());
    function.setSymName(each.name);
    symbols.insert(function);
    Block &body = function.getBody().front();
    for (auto [argument, layout] :
         llvm::zip_equal(body.getArguments(), each.layouts)) {
      if (layout.empty())
        continue;
      SmallVector<int64_t> strides;
      for (char letter : layout)
        strides.push_back(letter == '1' ? 1 : ShapedType::kDynamic);
      auto type = cast<MemRefType>(argument.getType());
      argument.setType(
          MemRefType::get(type.getShape(), type.getElementType(),
                          StridedLayoutAttr::get(context, 0, strides)));
    }
    function.setFunctionType(
        FunctionType::get(context, body.getArgumentTypes(), {}));
    if (!each.expectedSizes.empty())
      for (auto contract : body.getOps<kernel::ContractOp>())
        contract->setAttr(kernel::expectedSizesName,
                          DenseI64ArrayAttr::get(context, each.expectedSizes));
    kernels[each.name].symbol = function.getSymName().str();
  }
  for (const StridedKernel &each : strided)
    kernels.erase(each.base);
  for (Operation *base : bases)
    base->erase();
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

/// What its first check expects; empty where it has none.
static std::string wordsOf(kernel::FuncOp kernel) {
  std::string words;
  kernel.walk([&](scalar::CheckOp check) {
    auto expected = check.getExpected();
    words = expected ? expected->str() + ", received others" : "a check failed";
    return WalkResult::interrupt();
  });
  return words;
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
  graph.addProducts();
  graph.addWindows();
  PassManager pm(&context);
  pm.addPass(createFusePass());
  if (failed(pm.run(*module)) || failed(resolvePrograms(*module, kernels)))
    return {};
  for (const auto &[name, other] : graph.others)
    if (auto found = kernels.find(other); found != kernels.end())
      kernels[name].symbol = found->second.symbol;
  layOut(*module, graph.strided, kernels);
  for (const std::string &file : files)
    if (failed(addFile(*module, file, kernels)))
      return {};
  SymbolTable symbols(*module);
  for (auto &[name, kernel] : kernels) {
    auto func = symbols.lookup<kernel::FuncOp>(kernel.symbol);
    for (Type type : func.getArgumentTypes())
      kernel.arguments.push_back(cast<MemRefType>(type));
    kernel.failure = wordsOf(func);
  }
  return module;
}

} // namespace tensorc::compiler
