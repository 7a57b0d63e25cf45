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
    // Some are meant to have another gradient; some are given a dtype, and all
    // are replaced here.
    if (op->hasTrait<graph::HistoryOp>() ||
        llvm::any_of(op->getAttrs(), [](NamedAttribute attribute) {
          return isa<TypeAttr>(attribute.getValue());
        }))
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
    auto request = graph::GradientsOp::create(b, op->getLoc(), outputs, value,
                                              wrt, block->getArguments().back(),
                                              /*constants=*/ValueRange());
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

static Point moved(Point x, const Point &v, double t) {
  for (size_t k = 0; k < x.size(); ++k)
    for (size_t i = 0; i < x[k].size(); ++i)
      x[k][i] += t * v[k][i];
  return x;
}

/// A random point where the subject is finite, if one is found: logarithms and
/// roots want positive numbers.
static llvm::Expected<Point> drawPoint(Caller &caller, const Subject &subject,
                                       std::mt19937_64 &random) {
  Point x;
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
  return x;
}

namespace {

/// What finite differences say at a point.
struct Slopes {
  Buffer slope;
  /// Results with a jump or a kink within a step of the point: the slopes on
  /// its two sides have nothing to do with each other.
  std::vector<size_t> broken;
};

} // namespace

static llvm::Expected<Slopes> slopesAt(Caller &caller, const Point &x,
                                       const Point &v) {
  constexpr double step = 1e-6;
  Buffer values[3];
  for (int i : {0, 1, 2}) {
    auto value = caller.forward(moved(x, v, (i - 1) * step));
    if (!value)
      return value.takeError();
    values[i] = std::move(*value);
  }
  // What stays infinite, as the padding of maxima, doesn't move.
  auto rise = [&](int from, int to, size_t i) {
    double a = values[from][i], b = values[to][i];
    return a == b ? 0 : (b - a) / ((to - from) * step);
  };
  Slopes slopes;
  for (size_t i = 0; i < values[1].size(); ++i) {
    double left = rise(0, 1, i), right = rise(1, 2, i);
    slopes.slope.push_back(rise(0, 2, i));
    if (std::abs(right - left) >
        1e-4 * (std::abs(right) + std::abs(left)) + 1e-3)
      slopes.broken.push_back(i);
  }
  return slopes;
}

/// The relative distance between the two ways to a directional derivative.
static llvm::Expected<double> measure(Caller &caller, const Subject &subject) {
  std::mt19937_64 random(20240229);
  Point x, v;
  Slopes slopes;
  // Among many results some have a jump near any point, those of `remainder`
  // for example: they are left out. Of few, another point is tried.
  for (int attempt = 0; attempt < 3; ++attempt) {
    auto point = drawPoint(caller, subject, random);
    if (!point)
      return point.takeError();
    x = std::move(*point);
    v.clear();
    for (unsigned index : subject.wrt)
      v.push_back(randomBuffer(random, caller.size(index), -1.0));
    auto found = slopesAt(caller, x, v);
    if (!found)
      return found.takeError();
    slopes = std::move(*found);
    if (slopes.broken.size() <= slopes.slope.size() / 50)
      break;
  }
  Buffer seed = randomBuffer(random, caller.resultSize(), -1.0);
  if (slopes.broken.size() <= slopes.slope.size() / 50)
    for (size_t i : slopes.broken)
      seed[i] = slopes.slope[i] = 0;
  auto gradients = caller.backward(x, seed);
  if (!gradients)
    return gradients.takeError();
  // The mean of nothing is NaN, and there is nothing to move.
  if (llvm::all_of(v, [](const Buffer &buffer) { return buffer.empty(); }))
    return 0;

  double expected = dot(seed, slopes.slope), received = 0, scale = 1e-3;
  scale += norm(seed) * norm(slopes.slope);
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
