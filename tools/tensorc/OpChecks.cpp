//===- OpChecks.cpp - Gradients against finite differences ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/tensorc/OpChecks.h"

#include "compiler/pipeline/Pipeline.h"
#include "dialects/graph/Conversion.h"
#include "dialects/graph/GraphDialect.h"
#include "tools/tensorc/JitModel.h"

#include "tensorc/tensor.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringSet.h"

#include <cmath>
#include <cstring>
#include <random>

using namespace mlir;

namespace tensorc::tool {

namespace {

/// One kind of op to check.
struct Subject {
  Operation *op;
  std::string name;              ///< for people
  std::string forward, backward; ///< functions of the compiled module
  std::vector<unsigned> wrt;     ///< operands that carry gradient
};

using Buffer = std::vector<double>;

/// A point, or a direction: the floating-point operands of a subject.
using Point = std::vector<Buffer>;

} // namespace

static bool isFloat(Value value) {
  return isa<FloatType>(getElementTypeOrSelf(value.getType()));
}

static RankedTensorType inF64(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  if (!isa<FloatType>(tensor.getElementType()))
    return tensor;
  return tensor.clone(Float64Type::get(type.getContext()));
}

static std::string describe(Operation *op) {
  std::string text = op->getName().stripDialect().str();
  llvm::ListSeparator comma;
  for (Value operand : op->getOperands())
    text += (StringRef(comma).empty() ? " " : ", ") +
            to_string(*graph::toTensorType(inF64(operand.getType())));
  return text;
}

static std::vector<Subject> findSubjects(ModuleOp module) {
  std::vector<Subject> subjects;
  llvm::StringSet<> seen;
  module.walk([&](Operation *op) {
    if (!isa_and_present<graph::GraphDialect>(op->getDialect()))
      return;
    const OpInfo *info = find_op(op->getName().stripDialect());
    if (!info || !info->gradient || op->getNumResults() != 1 ||
        !isFloat(op->getResult(0)))
      return;
    // Some are meant to have another gradient; `to` depends on the dtypes that
    // are replaced here.
    if (op->hasTrait<graph::HistoryOp>() || info->name == "to")
      return;
    Subject subject{op, describe(op), "", "", {}};
    for (OpOperand &operand : op->getOpOperands())
      if (isFloat(operand.get()))
        subject.wrt.push_back(operand.getOperandNumber());
    if (subject.wrt.empty())
      return;
    std::string key = subject.name;
    llvm::raw_string_ostream(key)
        << op->getAttrDictionary() << op->getOperandTypes();
    if (!seen.insert(key).second)
      return;
    std::string index = std::to_string(subjects.size());
    subject.forward = "forward" + index;
    subject.backward = "backward" + index;
    subjects.push_back(std::move(subject));
  });
  return subjects;
}

/// Builds `func @name(operands…)`, or with `seed` the gradients of the op.
static void buildFunction(OpBuilder &b, const Subject &subject, bool backward) {
  Operation *op = subject.op;
  SmallVector<Type> inputs, outputs;
  for (Type type : op->getOperandTypes())
    inputs.push_back(inF64(type));
  Type result = inF64(op->getResult(0).getType());
  if (backward) {
    for (unsigned index : subject.wrt)
      outputs.push_back(inputs[index]);
    inputs.push_back(result);
  } else {
    outputs.push_back(result);
  }
  OpBuilder::InsertionGuard guard(b);
  auto function = func::FuncOp::create(
      b, op->getLoc(), backward ? subject.backward : subject.forward,
      b.getFunctionType(inputs, outputs));
  Block *block = function.addEntryBlock();
  b.setInsertionPointToStart(block);

  OperationState state(op->getLoc(), op->getName());
  state.addOperands(block->getArguments().take_front(op->getNumOperands()));
  state.addTypes(result);
  state.addAttributes(op->getAttrDictionary().getValue());
  Value value = b.create(state)->getResult(0);
  SmallVector<Value> values{value};
  if (backward) {
    SmallVector<Value> wrt;
    for (unsigned index : subject.wrt)
      wrt.push_back(block->getArgument(index));
    auto request = graph::GradientsOp::create(
        b, op->getLoc(), outputs, value, wrt, block->getArguments().back());
    values.assign(request->result_begin(), request->result_end());
  }
  func::ReturnOp::create(b, op->getLoc(), values);
  for (auto [index, type] : llvm::enumerate(inputs))
    function.setArgAttr(index, "graph.name",
                        b.getStringAttr("in" + Twine(index)));
  for (auto [index, type] : llvm::enumerate(outputs))
    function.setResultAttr(index, "graph.name",
                           b.getStringAttr("out" + Twine(index)));
}

namespace {

/// Calls the two functions of a subject.
class Caller {
public:
  Caller(JitModel &jit, const Subject &subject) : jit(jit), subject(subject) {
    for (Value operand : subject.op->getOperands())
      types.push_back(inF64(operand.getType()));
    result = inF64(subject.op->getResult(0).getType());
  }

  llvm::Expected<Buffer> forward(const Point &point);
  llvm::Expected<Point> backward(const Point &point, const Buffer &seed);
  int64_t size(unsigned operand) const {
    return types[operand].getNumElements();
  }
  int64_t resultSize() const { return result.getNumElements(); }

private:
  std::vector<Memory> inputs(const Point &point) const;
  llvm::Error call(const std::string &name, std::vector<Memory> &buffers);

  JitModel &jit;
  const Subject &subject;
  std::vector<RankedTensorType> types;
  RankedTensorType result;
  Memory noState{0};
};

} // namespace

static Memory fromBuffer(const Buffer &buffer) {
  Memory memory(buffer.size() * sizeof(double));
  std::memcpy(memory.data(), buffer.data(), memory.size());
  return memory;
}

static Buffer toBuffer(const Memory &memory) {
  Buffer buffer(memory.size() / sizeof(double));
  std::memcpy(buffer.data(), memory.data(), memory.size());
  return buffer;
}

std::vector<Memory> Caller::inputs(const Point &point) const {
  std::vector<Memory> buffers;
  size_t next = 0;
  for (RankedTensorType type : types)
    // Whole numbers and truth values are zeros: a valid class or index.
    buffers.push_back(isa<FloatType>(type.getElementType())
                          ? fromBuffer(point[next++])
                          : Memory(type.getNumElements() * 8));
  return buffers;
}

llvm::Error Caller::call(const std::string &name,
                         std::vector<Memory> &buffers) {
  std::vector<void *> pointers;
  for (Memory &buffer : buffers)
    pointers.push_back(buffer.data());
  return jit.call(name, noState.data(), pointers);
}

llvm::Expected<Buffer> Caller::forward(const Point &point) {
  std::vector<Memory> buffers = inputs(point);
  buffers.emplace_back(resultSize() * sizeof(double));
  if (llvm::Error error = call(subject.forward, buffers))
    return error;
  return toBuffer(buffers.back());
}

llvm::Expected<Point> Caller::backward(const Point &point, const Buffer &seed) {
  std::vector<Memory> buffers = inputs(point);
  buffers.push_back(fromBuffer(seed));
  size_t first = buffers.size();
  for (unsigned index : subject.wrt)
    buffers.emplace_back(size(index) * sizeof(double));
  if (llvm::Error error = call(subject.backward, buffers))
    return error;
  Point gradients;
  for (size_t i = first; i < buffers.size(); ++i)
    gradients.push_back(toBuffer(buffers[i]));
  return gradients;
}

static Buffer randomBuffer(std::mt19937_64 &random, size_t size, double low) {
  std::uniform_real_distribution<double> distribution(low, 1.0);
  Buffer buffer(size);
  for (double &value : buffer)
    value = distribution(random);
  return buffer;
}

static double dot(const Buffer &a, const Buffer &b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i)
    sum += a[i] * b[i];
  return sum;
}

static double norm(const Buffer &a) { return std::sqrt(dot(a, a)); }

/// The relative distance between the two ways to a directional derivative.
static llvm::Expected<double> measure(Caller &caller, const Subject &subject) {
  constexpr double step = 1e-6;
  std::mt19937_64 random(20240229);
  auto at = [&](const Point &x, const Point &v, double t) {
    Point moved = x;
    for (size_t k = 0; k < x.size(); ++k)
      for (size_t i = 0; i < x[k].size(); ++i)
        moved[k][i] += t * v[k][i];
    return moved;
  };
  Point x, v;
  // Logarithms and roots want positive numbers.
  for (double low : {-1.0, 0.1}) {
    x.clear();
    for (unsigned index : subject.wrt)
      x.push_back(randomBuffer(random, caller.size(index), low));
    auto value = caller.forward(x);
    if (!value)
      return value.takeError();
    if (llvm::all_of(*value, [](double y) { return std::isfinite(y); }))
      break;
  }
  for (unsigned index : subject.wrt)
    v.push_back(randomBuffer(random, caller.size(index), -1.0));
  Buffer seed = randomBuffer(random, caller.resultSize(), -1.0);

  auto above = caller.forward(at(x, v, step));
  if (!above)
    return above.takeError();
  auto below = caller.forward(at(x, v, -step));
  if (!below)
    return below.takeError();
  auto gradients = caller.backward(x, seed);
  if (!gradients)
    return gradients.takeError();

  Buffer slope(above->size());
  for (size_t i = 0; i < slope.size(); ++i)
    slope[i] = ((*above)[i] - (*below)[i]) / (2 * step);
  double expected = dot(seed, slope), received = 0, scale = 1e-3;
  scale += norm(seed) * norm(slope);
  for (size_t k = 0; k < v.size(); ++k)
    received += dot((*gradients)[k], v[k]);
  return std::abs(expected - received) / scale;
}

llvm::Expected<std::vector<OpCheck>>
checkOps(ModuleOp module, const compiler::Options &options) {
  std::vector<Subject> subjects = findSubjects(module);
  std::vector<OpCheck> checks;
  compiler::Options chosen;
  chosen.prefix = "op";
  chosen.target = options.target;
  chosen.optLevel = options.optLevel;
  chosen.excessPrecision = options.excessPrecision;
  for (const Subject &subject : subjects) {
    OpCheck check{subject.name};
    OwningOpRef<ModuleOp> single = ModuleOp::create(module.getLoc());
    OpBuilder b = OpBuilder::atBlockEnd(single->getBody());
    buildFunction(b, subject, false);
    buildFunction(b, subject, true);
    compiler::Compilation compilation(std::move(single), chosen);
    if (failed(compilation.runTo(compiler::Phase::Object)))
      return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                     "cannot compile `" + subject.name + "`");
    auto jit = JitModel::load(compilation);
    if (!jit)
      return jit.takeError();
    Caller caller(**jit, subject);
    llvm::Expected<double> difference = measure(caller, subject);
    if (difference)
      check.difference = *difference;
    else
      check.failure = llvm::toString(difference.takeError());
    checks.push_back(std::move(check));
  }
  return checks;
}

} // namespace tensorc::tool
