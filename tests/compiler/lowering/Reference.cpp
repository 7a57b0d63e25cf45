//===- Reference.cpp - Kernels, interpreted naively -----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/lowering/Reference.h"
#include "dialects/kernel/IndexMaps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>
#include <functional>

using namespace mlir;
using namespace tensorc;
using namespace tensorc::test;

using Point = std::vector<int64_t>;

static double maximum(double x, double y) {
  return std::isnan(x) || std::isnan(y) ? NAN : std::max(x, y);
}
static double minimum(double x, double y) {
  return std::isnan(x) || std::isnan(y) ? NAN : std::min(x, y);
}

static bool compare(arith::CmpFPredicate predicate, double x, double y) {
  using P = arith::CmpFPredicate;
  bool unordered = std::isnan(x) || std::isnan(y);
  switch (predicate) {
  case P::OEQ:
    return x == y;
  case P::OGT:
    return x > y;
  case P::OGE:
    return x >= y;
  case P::OLT:
    return x < y;
  case P::OLE:
    return x <= y;
  case P::ONE:
    return !unordered && x != y;
  case P::UNE:
    return unordered || x != y;
  case P::UNO:
    return unordered;
  case P::ORD:
    return !unordered;
  case P::UGT:
    return unordered || x > y;
  case P::ULT:
    return unordered || x < y;
  default:
    llvm_unreachable("a predicate that the tests don't use");
  }
}

static bool compare(arith::CmpIPredicate predicate, int64_t x, int64_t y) {
  using P = arith::CmpIPredicate;
  switch (predicate) {
  case P::eq:
    return x == y;
  case P::ne:
    return x != y;
  case P::ult:
    return uint64_t(x) < uint64_t(y);
  case P::ule:
    return uint64_t(x) <= uint64_t(y);
  case P::ugt:
    return uint64_t(x) > uint64_t(y);
  case P::uge:
    return uint64_t(x) >= uint64_t(y);
  case P::slt:
    return x < y;
  case P::sle:
    return x <= y;
  case P::sgt:
    return x > y;
  case P::sge:
    return x >= y;
  default:
    llvm_unreachable("a predicate that the tests don't use");
  }
}

/// `scalar` as `type` holds it: reals are rounded, whole numbers wrap.
static Scalar held(Scalar scalar, Type type) {
  if (auto real = dyn_cast<FloatType>(type)) {
    llvm::APFloat value(scalar.real);
    bool inexact = false;
    value.convert(real.getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven,
                  &inexact);
    value.convert(llvm::APFloat::IEEEdouble(),
                  llvm::APFloat::rmNearestTiesToEven, &inexact);
    return {value.convertToDouble(), 0};
  }
  unsigned bits = type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
  llvm::APInt value(64, uint64_t(scalar.whole));
  value = value.trunc(bits);
  return {0, bits == 1 || type.isUnsignedInteger()
                 ? int64_t(value.getZExtValue())
                 : value.getSExtValue()};
}

/// `scalar`, of `op`'s first operand's type, read without a sign.
static uint64_t asUnsigned(Operation *op, Scalar scalar) {
  unsigned bits = op->getOperand(0).getType().getIntOrFloatBitWidth();
  return uint64_t(scalar.whole) & llvm::maskTrailingOnes<uint64_t>(bits);
}

/// One op of a body, on values.
static Scalar apply(Operation *op, ArrayRef<Scalar> x) {
  auto real = [](double value) { return Scalar{value, 0}; };
  auto whole = [](int64_t value) { return Scalar{0, value}; };
  using Result = Scalar;
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](arith::ConstantOp constant) {
        if (auto number = dyn_cast<FloatAttr>(constant.getValue()))
          return real(number.getValueAsDouble());
        auto integer = cast<IntegerAttr>(constant.getValue());
        return whole(integer.getType().isInteger(1)
                         ? int64_t(integer.getValue().getZExtValue())
                         : integer.getValue().getSExtValue());
      })
      .Case([&](arith::AddFOp) { return real(x[0].real + x[1].real); })
      .Case([&](arith::SubFOp) { return real(x[0].real - x[1].real); })
      .Case([&](arith::MulFOp) { return real(x[0].real * x[1].real); })
      .Case([&](arith::DivFOp) { return real(x[0].real / x[1].real); })
      .Case(
          [&](arith::RemFOp) { return real(std::fmod(x[0].real, x[1].real)); })
      .Case([&](arith::NegFOp) { return real(-x[0].real); })
      .Case([&](arith::MaximumFOp) {
        return real(maximum(x[0].real, x[1].real));
      })
      .Case([&](arith::MinimumFOp) {
        return real(minimum(x[0].real, x[1].real));
      })
      .Case([&](arith::CmpFOp cmp) {
        return whole(compare(cmp.getPredicate(), x[0].real, x[1].real));
      })
      .Case([&](arith::CmpIOp cmp) {
        bool isUnsigned = cmp.getPredicate() >= arith::CmpIPredicate::ult;
        auto number = [&](Scalar scalar) {
          return isUnsigned ? int64_t(asUnsigned(op, scalar)) : scalar.whole;
        };
        return whole(compare(cmp.getPredicate(), number(x[0]), number(x[1])));
      })
      .Case([&](arith::SelectOp) { return x[0].whole ? x[1] : x[2]; })
      .Case([&](arith::AddIOp) { return whole(x[0].whole + x[1].whole); })
      .Case([&](arith::SubIOp) { return whole(x[0].whole - x[1].whole); })
      .Case([&](arith::MulIOp) { // modulo 2^64
        return whole(int64_t(uint64_t(x[0].whole) * uint64_t(x[1].whole)));
      })
      .Case([&](arith::DivSIOp) { return whole(x[0].whole / x[1].whole); })
      .Case([&](arith::RemSIOp) { return whole(x[0].whole % x[1].whole); })
      .Case([&](arith::RemUIOp) {
        return whole(int64_t(asUnsigned(op, x[0]) % asUnsigned(op, x[1])));
      })
      .Case([&](arith::MaxSIOp) {
        return whole(std::max(x[0].whole, x[1].whole));
      })
      .Case([&](arith::MinSIOp) {
        return whole(std::min(x[0].whole, x[1].whole));
      })
      .Case([&](arith::MaxUIOp) {
        return whole(asUnsigned(op, x[0]) > asUnsigned(op, x[1]) ? x[0].whole
                                                                 : x[1].whole);
      })
      .Case([&](arith::MinUIOp) {
        return whole(asUnsigned(op, x[0]) < asUnsigned(op, x[1]) ? x[0].whole
                                                                 : x[1].whole);
      })
      .Case([&](math::AbsIOp) { return whole(std::abs(x[0].whole)); })
      .Case([&](arith::AndIOp) { return whole(x[0].whole & x[1].whole); })
      .Case([&](arith::OrIOp) { return whole(x[0].whole | x[1].whole); })
      .Case([&](arith::XOrIOp) { return whole(x[0].whole ^ x[1].whole); })
      .Case<arith::ExtUIOp>([&](auto) { return whole(asUnsigned(op, x[0])); })
      .Case<arith::IndexCastOp, arith::ExtSIOp, arith::TruncIOp, arith::ExtFOp,
            arith::TruncFOp, UnrealizedConversionCastOp>(
          [&](auto) { return x[0]; })
      .Case([&](arith::SIToFPOp) { return real(double(x[0].whole)); })
      .Case([&](arith::UIToFPOp) { return real(double(asUnsigned(op, x[0]))); })
      .Case([&](arith::FPToSIOp) {
        // What no type holds is what x86 makes of it.
        return whole(std::abs(x[0].real) < 0x1p63 ? int64_t(x[0].real)
                                                  : INT64_MIN);
      })
      .Case([&](math::ExpOp) { return real(std::exp(x[0].real)); })
      .Case([&](math::Exp2Op) { return real(std::exp2(x[0].real)); })
      .Case([&](math::ExpM1Op) { return real(std::expm1(x[0].real)); })
      .Case([&](math::LogOp) { return real(std::log(x[0].real)); })
      .Case([&](math::Log1pOp) { return real(std::log1p(x[0].real)); })
      .Case([&](math::Log2Op) { return real(std::log2(x[0].real)); })
      .Case([&](math::TanhOp) { return real(std::tanh(x[0].real)); })
      .Case([&](math::ErfOp) { return real(std::erf(x[0].real)); })
      .Case([&](math::SinOp) { return real(std::sin(x[0].real)); })
      .Case([&](math::CosOp) { return real(std::cos(x[0].real)); })
      .Case([&](math::TanOp) { return real(std::tan(x[0].real)); })
      .Case([&](math::AtanOp) { return real(std::atan(x[0].real)); })
      .Case(
          [&](math::Atan2Op) { return real(std::atan2(x[0].real, x[1].real)); })
      .Case([&](math::PowFOp) { return real(std::pow(x[0].real, x[1].real)); })
      .Case([&](math::SqrtOp) { return real(std::sqrt(x[0].real)); })
      .Case([&](math::RsqrtOp) { return real(1 / std::sqrt(x[0].real)); })
      .Case([&](math::AbsFOp) { return real(std::abs(x[0].real)); })
      .Case([&](math::FloorOp) { return real(std::floor(x[0].real)); })
      .Case([&](math::CeilOp) { return real(std::ceil(x[0].real)); })
      .Case([&](math::TruncOp) { return real(std::trunc(x[0].real)); })
      .Case([&](math::RoundEvenOp) { return real(std::nearbyint(x[0].real)); })
      .Default([](Operation *other) -> Scalar {
        llvm::report_fatal_error("the reference doesn't know " +
                                 other->getName().getStringRef());
      });
}

static Scalar combine(scalar::Combiner combiner, bool isFloat, Scalar x,
                      Scalar y) {
  switch (combiner) {
  case scalar::Combiner::Add:
    return {x.real + y.real, x.whole + y.whole};
  case scalar::Combiner::Mul:
    return {x.real * y.real, x.whole * y.whole};
  case scalar::Combiner::Maximum:
    return isFloat ? Scalar{maximum(x.real, y.real), 0}
                   : Scalar{0, std::max(x.whole, y.whole)};
  case scalar::Combiner::Minimum:
    return isFloat ? Scalar{minimum(x.real, y.real), 0}
                   : Scalar{0, std::min(x.whole, y.whole)};
  case scalar::Combiner::UMaximum:
    return {0, std::max(x.whole, y.whole)};
  case scalar::Combiner::UMinimum:
    return {0, std::min(x.whole, y.whole)};
  case scalar::Combiner::And:
    return {0, x.whole & y.whole};
  case scalar::Combiner::Or:
    return {0, x.whole | y.whole};
  }
  llvm_unreachable("a combiner that is none");
}

static Scalar identity(scalar::Combiner combiner, Type type) {
  bool isFloat = isa<FloatType>(type);
  unsigned bits = isFloat || type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
  int64_t largest = bits == 1 ? 1 : llvm::maxIntN(bits);
  int64_t least = bits == 1 ? 0 : llvm::minIntN(bits);
  switch (combiner) {
  case scalar::Combiner::Add:
  case scalar::Combiner::Or:
  case scalar::Combiner::UMaximum:
    return {0, 0};
  case scalar::Combiner::Mul:
    return {1, 1};
  case scalar::Combiner::And:
    return {0, bits == 1 ? 1 : -1};
  case scalar::Combiner::UMinimum:
    return {0, int64_t(llvm::maxUIntN(bits))};
  case scalar::Combiner::Maximum:
    return {-INFINITY, least};
  case scalar::Combiner::Minimum:
    return {INFINITY, largest};
  }
  llvm_unreachable("a combiner that is none");
}

/// All points of a box, the last dimension fastest.
static void forEach(ArrayRef<int64_t> dims, ArrayRef<int64_t> sizes,
                    Point &point, const std::function<void()> &body) {
  if (dims.empty())
    return body();
  for (int64_t i = 0; i < sizes[dims[0]]; ++i) {
    point[dims[0]] = i;
    forEach(dims.drop_front(), sizes, point, body);
  }
}

namespace {
class Interpreter {
public:
  /// `given` are the kernel's `index` arguments.
  template <typename Op>
  Interpreter(Op op, ArrayRef<HostBuffer *> buffers, ArrayRef<AffineMap> maps,
              ArrayRef<int64_t> reductionDims, ArrayRef<int64_t> given)
      : maps(maps), sizes(maps.front().getNumDims(), -1),
        point(sizes.size(), 0), reduced(reductionDims), given(given),
        firstGiven(buffers.size()) {
    for (Value operand : op.getBuffers())
      operands.push_back(buffers[cast<BlockArgument>(operand).getArgNumber()]);
    auto said = op.getSizes().begin();
    for (auto [dim, size] : llvm::enumerate(op.getDimSizes()))
      sizes[dim] = ShapedType::isDynamic(size)
                       ? argument(cast<BlockArgument>(*said++).getArgNumber())
                       : size;
    std::vector<bool> isShown(sizes.size(), false);
    for (auto [map, buffer] : llvm::zip_equal(maps, operands))
      for (auto [axis, result] : llvm::enumerate(map.getResults())) {
        auto dim = dyn_cast<AffineDimExpr>(result);
        if (!dim)
          continue;
        int64_t &size = sizes[dim.getPosition()];
        if (size < 0) {
          size = buffer->shape[axis];
          isShown[dim.getPosition()] = true;
        } else if (isShown[dim.getPosition()] && size != buffer->shape[axis]) {
          status = -1;
        }
      }
    for (int64_t dim = 0; dim < int64_t(sizes.size()); ++dim)
      if (!llvm::is_contained(reduced, dim))
        parallel.push_back(dim);
  }

  int32_t runGeneric(kernel::GenericOp generic);
  int32_t runContract(kernel::ContractOp contract);

private:
  int64_t position(unsigned operand) {
    SmallVector<int64_t> indices;
    for (AffineExpr result : maps[operand].getResults()) {
      auto linear = *kernel::LinearExpr::of(result, unsigned(sizes.size()));
      int64_t index = linear.offset;
      for (auto [coefficient, at] : llvm::zip(linear.coefficients, point))
        index += coefficient * at;
      if (index < 0 || index >= operands[operand]->shape[indices.size()]) {
        status = -1;
        index = 0;
      }
      indices.push_back(index);
    }
    return operands[operand]->positionOf(indices);
  }
  int64_t argument(int64_t number) const {
    return given[size_t(number) - firstGiven];
  }
  Scalar evaluate(Value value);
  void check(Block &body);

  ArrayRef<AffineMap> maps;
  std::vector<int64_t> sizes;
  Point point;
  SmallVector<int64_t> reduced, parallel;
  SmallVector<HostBuffer *> operands;
  ArrayRef<int64_t> given;
  size_t firstGiven;
  /// Results of reductions in the current row; block arguments of contracts.
  DenseMap<Value, Scalar> known;
  /// Results of the body's other ops at the current point.
  DenseMap<Value, Scalar> here;
  int32_t status = 0;
};
} // namespace

Scalar Interpreter::evaluate(Value value) {
  if (auto found = known.find(value); found != known.end())
    return found->second;
  if (auto found = here.find(value); found != here.end())
    return found->second;
  if (auto argument = dyn_cast<BlockArgument>(value))
    return operands[argument.getArgNumber()]->load(
        position(argument.getArgNumber()));
  Operation *inner = value.getDefiningOp();
  if (auto index = dyn_cast<kernel::IndexOp>(inner))
    return {0, point[index.getDim()]};
  if (auto told = dyn_cast<kernel::ArgumentOp>(inner))
    return {0, argument(told.getNumber())};
  if (auto reduce = dyn_cast<kernel::ReduceOp>(inner)) {
    Type type = reduce.getType();
    Scalar total = identity(reduce.getCombiner(), type);
    Point saved = point;
    auto savedHere = std::move(here);
    forEach(reduced, sizes, point, [&] {
      here.clear();
      total = combine(reduce.getCombiner(), isa<FloatType>(type), total,
                      evaluate(reduce.getValue()));
    });
    point = saved;
    here = std::move(savedHere);
    return known[value] = held(total, type);
  }
  SmallVector<Scalar> arguments;
  for (Value operand : inner->getOperands())
    arguments.push_back(evaluate(operand));
  return here[value] = held(apply(inner, arguments), value.getType());
}

void Interpreter::check(Block &body) {
  for (auto inner : body.getOps<scalar::CheckOp>())
    if (!status && !evaluate(inner.getCondition()).whole)
      status = inner.getStatus();
}

int32_t Interpreter::runGeneric(kernel::GenericOp generic) {
  Block &body = generic.getBody().front();
  unsigned inputs = generic.getInputs().size();
  forEach(parallel, sizes, point, [&] {
    known.clear();
    // What is stored must not be read again: outputs may be inputs.
    struct Store {
      unsigned output;
      int64_t position;
      Scalar value;
    };
    std::vector<Store> stores;
    bool isFirst = true;
    forEach(reduced, sizes, point, [&] {
      here.clear();
      check(body);
      for (auto [i, value] :
           llvm::enumerate(body.getTerminator()->getOperands())) {
        bool isRow = !kernel::usesAnyDim(maps[inputs + i], reduced);
        if (isRow && !isFirst)
          continue;
        stores.push_back(
            {unsigned(i), position(unsigned(inputs + i)), evaluate(value)});
      }
      isFirst = false;
    });
    here.clear();
    if (isFirst) // an empty row still has its reductions' neutral elements
      for (auto [i, value] :
           llvm::enumerate(body.getTerminator()->getOperands()))
        if (!kernel::usesAnyDim(maps[inputs + i], reduced))
          stores.push_back(
              {unsigned(i), position(unsigned(inputs + i)), evaluate(value)});
    for (Store &store : stores) {
      HostBuffer *buffer = operands[inputs + store.output];
      buffer->store(store.position, store.value);
    }
  });
  return status;
}

int32_t Interpreter::runContract(kernel::ContractOp contract) {
  Block &body = contract.getBody().front();
  unsigned firstOutput = 2 + contract.getExtras().size();
  forEach(parallel, sizes, point, [&] {
    known.clear();
    Scalar sum;
    forEach(reduced, sizes, point, [&] {
      Scalar x = operands[0]->load(position(0));
      Scalar y = operands[1]->load(position(1));
      sum.real += x.real * y.real;
      sum.whole += x.whole * y.whole;
    });
    known[body.getArgument(0)] = held(sum, body.getArgument(0).getType());
    here.clear();
    for (unsigned i = 2; i < firstOutput; ++i)
      known[body.getArgument(i - 1)] = operands[i]->load(position(i));
    check(body);
    SmallVector<Scalar> results;
    for (Value value : body.getTerminator()->getOperands())
      results.push_back(evaluate(value));
    for (auto [i, value] : llvm::enumerate(results))
      operands[firstOutput + i]->store(position(unsigned(firstOutput + i)),
                                       value);
  });
  return status;
}

static void runPad(kernel::PadOp pad, HostBuffer &input, HostBuffer &output) {
  SmallVector<int64_t> dims;
  for (int64_t dim = 0; dim < int64_t(output.shape.size()); ++dim)
    dims.push_back(dim);
  Scalar fill;
  if (auto number = dyn_cast<FloatAttr>(pad.getValue()))
    fill.real = number.getValueAsDouble();
  else if (auto integer = cast<IntegerAttr>(pad.getValue());
           integer.getType().isInteger(1))
    fill.whole = int64_t(integer.getValue().getZExtValue());
  else
    fill.whole = integer.getValue().getSExtValue();
  Point point(dims.size());
  forEach(dims, output.shape, point,
          [&] { output.store(output.positionOf(point), fill); });
  forEach(dims, input.shape, point, [&] {
    Point to;
    for (int64_t dim : dims)
      to.push_back(pad.getLow()[dim] +
                   point[dim] * (pad.getInterior()[dim] + 1));
    for (int64_t dim : dims)
      if (to[dim] < 0 || to[dim] >= output.shape[dim])
        return;
    output.store(output.positionOf(to), input.load(input.positionOf(point)));
  });
}

int32_t test::interpret(kernel::FuncOp func, ArrayRef<HostBuffer *> buffers,
                        ArrayRef<int64_t> sizes) {
  Operation *op = &func.getBody().front().front();
  if (auto pad = dyn_cast<kernel::PadOp>(op)) {
    auto argument = [&](Value value) -> HostBuffer & {
      return *buffers[cast<BlockArgument>(value).getArgNumber()];
    };
    runPad(pad, argument(pad.getInput()), argument(pad.getOutput()));
    return 0;
  }
  ArrayRef<int64_t> given = sizes.take_back(func.getSizeCount());
  if (auto generic = dyn_cast<kernel::GenericOp>(op)) {
    auto maps = generic.getIndexingMapsArray();
    return Interpreter(generic, buffers, maps, generic.getReductionDims(),
                       given)
        .runGeneric(generic);
  }
  auto contract = cast<kernel::ContractOp>(op);
  auto maps = contract.getIndexingMapsArray();
  SmallVector<int64_t> reduced = contract.getReductionDims();
  return Interpreter(contract, buffers, maps, reduced, given)
      .runContract(contract);
}
