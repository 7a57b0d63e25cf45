//===- CudaProgram.cpp - GPU code as data of an object --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/artifact/CudaProgram.h"

#include "compiler/artifact/Constants.h"
#include "compiler/support/MemoryImage.h"
#include "dialects/kernel/KernelDialect.h"

#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace tensorc::compiler {

//===----------------------------------------------------------------------===//
// Launches
//===----------------------------------------------------------------------===//

namespace {

/// Plans the launches of one program.
class LaunchPlanner {
public:
  LaunchPlanner(kernel::ProgramOp program, const Model &model, CudaSizes &sizes,
                CudaCode &code)
      : program(program), model(model), sizes(sizes), code(code) {}

  FailureOr<CudaFunction> run();

private:
  LogicalResult mapArguments();
  LogicalResult addConstant(kernel::ConstantOp op);
  LogicalResult addLaunch(kernel::LaunchOp op);
  tensorc_cuda_argument argumentOf(SymInt size);

  kernel::ProgramOp program;
  const Model &model;
  CudaSizes &sizes;
  CudaCode &code;
  CudaFunction function;
  llvm::DenseMap<Value, tensorc_cuda_argument> places;
};

} // namespace

LogicalResult LaunchPlanner::mapArguments() {
  uint32_t inputs = 0, outputs = 0;
  for (BlockArgument argument : program.getBody().getArguments()) {
    unsigned i = argument.getArgNumber();
    auto role = program.getArgAttrOfType<StringAttr>(i, "kernel.role");
    auto name = program.getArgAttrOfType<StringAttr>(i, "kernel.name");
    if (!role)
      return program.emitOpError() << "argument " << i << " has no role";
    tensorc_cuda_argument place = {TENSORC_CUDA_STATE, 0, 0};
    if (role == "input") {
      place = {TENSORC_CUDA_INPUT, inputs++, 0};
    } else if (role == "output") {
      place = {TENSORC_CUDA_OUTPUT, outputs++, 0};
    } else if (role == "workspace") {
      place.kind = TENSORC_CUDA_WORKSPACE;
    } else {
      const StateEntry *entry =
          name ? model.state.find(name.getValue()) : nullptr;
      if (!entry)
        return program.emitOpError()
               << "argument " << i << " is state without a place";
      place.offset = entry->offset;
    }
    places[argument] = place;
  }
  return success();
}

LogicalResult LaunchPlanner::addConstant(kernel::ConstantOp op) {
  auto value = dyn_cast<DenseElementsAttr>(op.getValue());
  if (!value)
    return op.emitOpError() << "expected dense elements";
  code.constants.resize(llvm::alignTo(code.constants.size(), TENSORC_ALIGNMENT),
                        '\0');
  places[op.getBuffer()] = {TENSORC_CUDA_CONSTANTS, 0, code.constants.size()};
  code.constants += memoryImage(value);
  return success();
}

tensorc_cuda_argument LaunchPlanner::argumentOf(SymInt size) {
  if (!size.is_symbolic())
    return {TENSORC_CUDA_VALUE, 0, static_cast<uint64_t>(int64_t(size))};
  return {TENSORC_CUDA_SIZE, sizes.add(size), 0};
}

/// What an expression of a kernel's sizes is where these are `told`; none where
/// a dividend isn't known to be a size.
static std::optional<SymInt> evaluate(AffineExpr expression,
                                      ArrayRef<SymInt> told) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expression))
    return constant.getValue();
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expression))
    return told[symbol.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expression);
  auto left = evaluate(binary.getLHS(), told),
       right = evaluate(binary.getRHS(), told);
  if (!left || !right)
    return std::nullopt;
  switch (binary.getKind()) {
  case AffineExprKind::Add:
    return *left + *right;
  case AffineExprKind::Mul:
    return *left * *right;
  case AffineExprKind::FloorDiv:
    return known_at_most(0, *left) ? std::optional(*left / *right)
                                   : std::nullopt;
  default:
    llvm_unreachable("numbers of blocks are sums, products and quotients");
  }
}

LogicalResult LaunchPlanner::addLaunch(kernel::LaunchOp op) {
  auto kernel = code.kernels.find(op.getKernel().str());
  if (kernel == code.kernels.end())
    return op.emitOpError()
           << "expected `" << op.getKernel() << "` to be lowered already";
  const CudaKernel &known = kernel->second;
  if (llvm::is_contained(known.grid, 0))
    return success();
  CudaLaunch launch;
  launch.kernel = kernel->first;
  for (Value operand : op->getOperands())
    launch.arguments.push_back(places.lookup(operand));
  auto told = llvm::to_vector_of<SymInt>(toldSizes(op));
  for (SymInt size : told)
    launch.arguments.push_back(argumentOf(size));
  launch.grid = known.grid[0];
  if (known.blocks) {
    AffineExpr count = known.blocks.getResult(0);
    auto hints = llvm::map_to_vector(
        told, [](SymInt size) { return SymInt(size.hint()); });
    // Any grid is right; that of the hints is, mostly.
    SymInt blocks =
        evaluate(count, told).value_or(evaluate(count, hints).value_or(1));
    if (blocks.is_symbolic())
      launch.blocks = 1 + sizes.add(blocks);
    else
      launch.grid = int32_t(std::clamp<int64_t>(blocks, 1, INT32_MAX));
  }
  if (known.canFail)
    launch.arguments.push_back({TENSORC_CUDA_STATUS, 0, 0});
  if (launch.arguments.size() > TENSORC_CUDA_MAX_ARGUMENTS)
    return op.emitOpError()
           << "has " << launch.arguments.size() << " arguments, expected up to "
           << TENSORC_CUDA_MAX_ARGUMENTS << " on a GPU";
  function.launches.push_back(std::move(launch));
  return success();
}

FailureOr<CudaFunction> LaunchPlanner::run() {
  if (failed(mapArguments()))
    return failure();
  if (auto bytes =
          program->getAttrOfType<IntegerAttr>("kernel.workspace_bytes"))
    function.workspaceBytes = bytes.getInt();
  for (Operation &op : program.getBody().front()) {
    LogicalResult result =
        llvm::TypeSwitch<Operation *, LogicalResult>(&op)
            .Case([&](kernel::ConstantOp op) { return addConstant(op); })
            .Case([&](kernel::LaunchOp op) { return addLaunch(op); })
            .Case([&](kernel::ViewOp op) {
              tensorc_cuda_argument place = places.lookup(op.getArena());
              place.offset += op.getOffset();
              places[op.getBuffer()] = place;
              return success();
            })
            .Case([&](kernel::ReinterpretOp op) {
              places[op.getBuffer()] = places.lookup(op.getSource());
              return success();
            })
            .Case([&](kernel::ReturnOp) { return success(); })
            .Default([&](Operation *op) {
              return op->emitOpError()
                     << "can't be launched on a GPU (is memory planned?)";
            });
    if (failed(result))
      return failure();
  }
  return std::move(function);
}

LogicalResult planLaunches(ModuleOp module, const Model &model,
                           std::vector<CudaSizes> &sizes, CudaCode &code) {
  for (auto program : module.getOps<kernel::ProgramOp>()) {
    FailureOr<CudaFunction> function =
        LaunchPlanner(program, model, sizes[code.functions.size()], code).run();
    if (failed(function))
      return failure();
    code.functions.push_back(std::move(*function));
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Data
//===----------------------------------------------------------------------===//

namespace {

/// Writes the structs of abi_cuda.h, field by field.
class CudaWriter : ConstantWriter {
public:
  CudaWriter(ModuleOp module, const Model &model)
      : ConstantWriter(module, model.prefix + ".cuda"), model(model) {}

  void write(const CudaCodes &cuda);

private:
  Type fields(ArrayRef<Type> types) {
    return LLVM::LLVMStructType::getLiteral(b.getContext(), types);
  }
  LLVM::GlobalOp buffers(const std::string &symbol,
                         const std::vector<ModelBuffer> &buffers);
  LLVM::GlobalOp sizes(ArrayRef<CudaSizes> sizes);
  template <typename T>
  LLVM::GlobalOp records(const std::string &symbol, ArrayRef<T> list);
  LLVM::GlobalOp launches(const std::string &symbol, const CudaCode &code,
                          const CudaFunction &function);
  LLVM::GlobalOp functions(const std::string &symbol, const CudaCode &code);
  SmallVector<Value> codeFields(const CudaCode &code,
                                ArrayRef<LLVM::GlobalOp> tables);
  SmallVector<LLVM::GlobalOp> tables(const CudaCode &code);

  const Model &model;
};

} // namespace

LLVM::GlobalOp CudaWriter::buffers(const std::string &symbol,
                                   const std::vector<ModelBuffer> &buffers) {
  static_assert(sizeof(tensorc_cuda_buffer) == 16);
  SmallVector<LLVM::GlobalOp> names;
  for (const ModelBuffer &buffer : buffers)
    names.push_back(string(buffer.name));
  return table(symbol, fields({pointer, b.getI64Type()}), buffers.size(),
               [&](size_t i) -> SmallVector<Value> {
                 return {address(names[i]), i64(byteSize(buffers[i].type))};
               });
}

/// A table of structs without pointers; null where it is empty.
template <typename T>
LLVM::GlobalOp CudaWriter::records(const std::string &symbol,
                                   ArrayRef<T> list) {
  if (list.empty())
    return {};
  return bytes(symbol,
               StringRef(reinterpret_cast<const char *>(list.data()),
                         list.size() * sizeof(T)),
               alignof(T));
}

/// Null where no function has symbols.
LLVM::GlobalOp CudaWriter::sizes(ArrayRef<CudaSizes> sizes) {
  static_assert(sizeof(tensorc_cuda_symbol) == 32);
  static_assert(sizeof(tensorc_cuda_sizes) == 40);
  if (llvm::all_of(sizes, [](auto &each) { return each.symbols.empty(); }))
    return {};
  Type d = b.getI64Type();
  std::vector<std::array<LLVM::GlobalOp, 3>> parts;
  for (const auto &[each, function] : llvm::zip_equal(sizes, model.functions)) {
    std::string name = model.prefix + ".cuda." + function.name;
    SmallVector<LLVM::GlobalOp> names;
    for (const Symbol &symbol : each.symbols)
      names.push_back(string(symbol.name));
    parts.push_back(
        {table(name + ".symbols", fields({pointer, d, d, d}), names.size(),
               [&](size_t i) -> SmallVector<Value> {
                 const Symbol &symbol = each.symbols[i];
                 return {address(names[i]), i64(symbol.min), i64(symbol.max),
                         i64(symbol.divisor)};
               }),
         records<tensorc_cuda_size>(name + ".sizes", each.steps),
         records<uint32_t>(name + ".buffers", each.buffers)});
  }
  return table(model.prefix + ".cuda.sizes",
               fields({pointer, pointer, pointer, d, d}), parts.size(),
               [&](size_t i) -> SmallVector<Value> {
                 return {address(parts[i][0]), address(parts[i][1]),
                         address(parts[i][2]), i64(sizes[i].symbols.size()),
                         i64(sizes[i].steps.size())};
               });
}

LLVM::GlobalOp CudaWriter::launches(const std::string &symbol,
                                    const CudaCode &code,
                                    const CudaFunction &function) {
  static_assert(sizeof(tensorc_cuda_launch) == 64);
  SmallVector<LLVM::GlobalOp> arguments;
  for (const CudaLaunch &launch : function.launches) {
    arguments.push_back(records<tensorc_cuda_argument>(
        symbol + "." + std::to_string(arguments.size()), launch.arguments));
  }
  SmallVector<Type> types(12, b.getI32Type());
  types.append({pointer, b.getI64Type()});
  return table(symbol, fields(types), arguments.size(), [&](size_t i) {
    const CudaLaunch &launch = function.launches[i];
    auto kernel = code.kernels.find(launch.kernel);
    SmallVector<Value> row = {i32(std::distance(code.kernels.begin(), kernel)),
                              i32(launch.blocks), i32(launch.grid),
                              i32(kernel->second.grid[1]),
                              i32(kernel->second.grid[2])};
    for (int32_t size : kernel->second.block)
      row.push_back(i32(size));
    // No clusters.
    row.append({i32(0), i32(0), i32(0), i32(kernel->second.sharedBytes)});
    row.append({address(arguments[i]), i64(launch.arguments.size())});
    return row;
  });
}

LLVM::GlobalOp CudaWriter::functions(const std::string &symbol,
                                     const CudaCode &code) {
  static_assert(sizeof(tensorc_cuda_function) == 64);
  struct Parts {
    LLVM::GlobalOp name, inputs, outputs, launches;
  };
  std::vector<Parts> parts;
  for (auto [function, planned] :
       llvm::zip_equal(model.functions, code.functions)) {
    std::string name = symbol + "." + function.name;
    parts.push_back({string(function.name),
                     buffers(name + ".inputs", function.inputs),
                     buffers(name + ".outputs", function.outputs),
                     launches(name + ".launches", code, planned)});
  }
  Type d = b.getI64Type();
  return table(symbol, fields({pointer, pointer, pointer, pointer, d, d, d, d}),
               parts.size(), [&](size_t i) -> SmallVector<Value> {
                 const ModelFunction &function = model.functions[i];
                 return {address(parts[i].name),
                         address(parts[i].inputs),
                         address(parts[i].outputs),
                         address(parts[i].launches),
                         i64(function.inputs.size()),
                         i64(function.outputs.size()),
                         i64(code.functions[i].launches.size()),
                         i64(code.functions[i].workspaceBytes)};
               });
}

/// Modules, kernels, functions, constants.
SmallVector<LLVM::GlobalOp> CudaWriter::tables(const CudaCode &code) {
  static_assert(sizeof(tensorc_cuda_module) == 32);
  static_assert(sizeof(tensorc_cuda_kernel) == 16);
  std::string symbol = model.prefix + ".cuda." + code.gpu->name.str();
  LLVM::GlobalOp ptx = bytes(symbol + ".ptx", code.ptx + '\0'), cubin,
                 constants;
  if (!code.cubin.empty())
    cubin = bytes(symbol + ".cubin", code.cubin, 64);
  if (!code.constants.empty())
    constants = bytes(symbol + ".constants", code.constants, TENSORC_ALIGNMENT);
  Type w = b.getI32Type(), d = b.getI64Type();
  LLVM::GlobalOp modules =
      table(symbol + ".modules", fields({pointer, d, pointer, d}), 1,
            [&](size_t) -> SmallVector<Value> {
              return {address(ptx), i64(code.ptx.size() + 1), address(cubin),
                      i64(code.cubin.size())};
            });
  SmallVector<LLVM::GlobalOp> names;
  for (const auto &[name, kernel] : code.kernels)
    names.push_back(string(name));
  LLVM::GlobalOp kernels =
      table(symbol + ".kernels", fields({pointer, w, w}), names.size(),
            [&](size_t i) -> SmallVector<Value> {
              return {address(names[i]), i32(0), i32(0)};
            });
  return {modules, kernels, functions(symbol, code), constants};
}

SmallVector<Value> CudaWriter::codeFields(const CudaCode &code,
                                          ArrayRef<LLVM::GlobalOp> tables) {
  return {i32(code.gpu->capability()),
          i32(code.gpu->suffix()),
          address(tables[0]),
          address(tables[1]),
          address(tables[2]),
          address(tables[3]),
          i64(1),
          i64(code.kernels.size()),
          i64(code.functions.size()),
          i64(code.constants.size())};
}

void CudaWriter::write(const CudaCodes &cuda) {
  static_assert(sizeof(tensorc_cuda_code) == 72);
  static_assert(sizeof(tensorc_cuda_program) == 64);
  ArrayRef<CudaCode> codes = cuda.codes;
  Type w = b.getI32Type(), d = b.getI64Type();
  SmallVector<SmallVector<LLVM::GlobalOp>> parts;
  for (const CudaCode &code : codes)
    parts.push_back(tables(code));
  LLVM::GlobalOp all = table(
      model.prefix + ".cuda.codes",
      fields({w, w, pointer, pointer, pointer, pointer, d, d, d, d}),
      codes.size(), [&](size_t i) { return codeFields(codes[i], parts[i]); });
  auto described = module.lookupSymbol<LLVM::GlobalOp>(model.prefix + "_model");
  assert(described && "the model is described before its GPU code");
  SmallVector<LLVM::GlobalOp> words;
  for (const std::string &check : model.checks)
    words.push_back(string(check));
  LLVM::GlobalOp checks = table(
      model.prefix + ".cuda.checks", fields({pointer}), words.size(),
      [&](size_t i) -> SmallVector<Value> { return {address(words[i])}; });
  LLVM::GlobalOp said = sizes(cuda.sizes);
  Type type = fields({w, w, w, w, pointer, pointer, d, pointer, d, pointer});
  global(type, LLVM::Linkage::External, model.prefix + "_cuda", [&] {
    return structure(type,
                     {i32(int32_t(TENSORC_CUDA_MAGIC)), i32(TENSORC_ABI_MAJOR),
                      i32(TENSORC_ABI_MINOR), i32(sizeof(tensorc_cuda_program)),
                      address(described), address(all), i64(codes.size()),
                      address(checks), i64(words.size()), address(said)});
  });
}

void addCudaProgram(ModuleOp module, const Model &model,
                    const CudaCodes &cuda) {
  CudaWriter(module, model).write(cuda);
}

} // namespace tensorc::compiler
