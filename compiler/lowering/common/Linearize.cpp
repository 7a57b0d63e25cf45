//===- Linearize.cpp - Operands as offsets and strides --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/common/Emission.h"
#include "dialects/kernel/IndexMaps.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::lowering;

namespace {
/// The sizes, strides and offset of a kernel's argument, dynamic ones being
/// read from the kernel's arguments.
struct BufferShape {
  SmallVector<OpFoldResult> sizes;
  SmallVector<OpFoldResult> strides;
  OpFoldResult offset;
  /// Row-major and dense: strides follow from sizes.
  bool dense = true;
};
} // namespace

/// Reads the shapes of all buffers, in the order of the ABI's `sizes`, and the
/// sizes that are arguments themselves.
static SmallVector<BufferShape> readShapes(Emission &e, kernel::FuncOp func) {
  unsigned position = 0;
  auto read = [&](int64_t known) -> OpFoldResult {
    if (!ShapedType::isDynamic(known))
      return e.attr(known);
    return e.dynamicSize(position++);
  };
  SmallVector<BufferShape> shapes;
  for (BlockArgument argument : func.getBody().getArguments()) {
    if (argument.getType().isIndex()) {
      e.givenSizes[argument.getArgNumber()] = e.dynamicSize(position++);
      continue;
    }
    auto buffer = cast<MemRefType>(argument.getType());
    BufferShape shape;
    for (int64_t size : buffer.getShape())
      shape.sizes.push_back(read(size));
    auto [strides, offset] = buffer.getStridesAndOffset();
    shape.dense = buffer.getLayout().isIdentity();
    shape.offset = e.attr(0);
    if (!shape.dense) {
      for (int64_t stride : strides)
        shape.strides.push_back(read(stride));
      shape.offset = read(offset);
    }
    shapes.push_back(std::move(shape));
  }
  return shapes;
}

namespace {
/// What the maps of one structured op say.
class Linearizer {
public:
  Linearizer(Emission &e, Operation *op, ArrayRef<AffineMap> maps,
             ArrayRef<int64_t> dimSizes, ValueRange given)
      : e(e), op(op), maps(maps), dimSizes(dimSizes),
        shapes(readShapes(e, op->getParentOfType<kernel::FuncOp>())) {
    auto next = given.begin();
    e.sizes.assign(maps.front().getNumDims(), OpFoldResult());
    for (auto [dim, size] : llvm::enumerate(dimSizes)) {
      if (size >= 0)
        e.sizes[dim] = e.attr(size);
      else if (ShapedType::isDynamic(size))
        e.sizes[dim] =
            e.givenSizes.lookup(cast<BlockArgument>(*next++).getArgNumber());
    }
  }

  void run(unsigned firstOutput) {
    readSizes();
    note(kernel::expectedSizesName, e.expectedSizes);
    note(kernel::greatestSizesName, e.greatestSizes);
    for (auto [i, map] : llvm::enumerate(maps))
      addAccess(i, map, i >= firstOutput);
  }

private:
  bool isNamed(unsigned dim) const {
    return dim < dimSizes.size() && dimSizes[dim] != -1;
  }

  /// What an attribute says of sizes that aren't known.
  void note(StringRef name, DenseMap<Value, int64_t> &numbers) {
    auto said = op->getAttrOfType<DenseI64ArrayAttr>(name);
    if (!said)
      return;
    for (auto [size, number] : llvm::zip_equal(e.sizes, said.asArrayRef()))
      if (!constantOf(size) && !ShapedType::isDynamic(number))
        numbers[cast<Value>(size)] = number;
  }

  unsigned argumentOf(unsigned operand) {
    return cast<BlockArgument>(op->getOperand(operand)).getArgNumber();
  }

  /// A static size wins over a dynamic one that must equal it.
  void readSizes() {
    for (auto [i, map] : llvm::enumerate(maps))
      for (auto [axis, result] : llvm::enumerate(map.getResults())) {
        auto dim = dyn_cast<AffineDimExpr>(result);
        if (!dim)
          continue;
        OpFoldResult &size = e.sizes[dim.getPosition()];
        OpFoldResult here = shapes[argumentOf(i)].sizes[axis];
        if (!size || (!isNamed(dim.getPosition()) && !constantOf(size) &&
                      constantOf(here)))
          size = here;
      }
  }

  /// As `e.mul`, but one op for equal factors, so that strides that are equal
  /// are the same value.
  OpFoldResult multiply(OpFoldResult x, OpFoldResult y) {
    auto key = std::pair(x.getOpaqueValue(), y.getOpaqueValue());
    auto [entry, isNew] = products.try_emplace(key);
    if (isNew)
      entry->second = e.mul(x, y);
    return entry->second;
  }

  /// The strides of an operand's axes.
  SmallVector<OpFoldResult> axisStrides(const BufferShape &shape,
                                        AffineMap map) {
    if (!shape.dense)
      return shape.strides;
    SmallVector<OpFoldResult> strides(shape.sizes.size());
    OpFoldResult stride = e.attr(1);
    for (size_t axis = shape.sizes.size(); axis-- > 0;) {
      strides[axis] = stride;
      OpFoldResult size = shape.sizes[axis];
      // An axis that is a dimension has the dimension's size, unless the kernel
      // names a size because it takes a part of the axis only.
      auto dim = dyn_cast<AffineDimExpr>(map.getResult(axis));
      if (dim && !constantOf(size) && !isNamed(dim.getPosition()))
        size = e.sizes[dim.getPosition()];
      stride = multiply(stride, size);
    }
    return strides;
  }

  void addAccess(unsigned operand, AffineMap map, bool store) {
    const BufferShape &shape = shapes[argumentOf(operand)];
    auto type = cast<MemRefType>(op->getOperand(operand).getType());
    LinearAccess access;
    access.elementType = type.getElementType();
    access.buffer =
        e.bind(argumentOf(operand), storageType(access.elementType));
    access.store = store;
    access.extents = shape.sizes;
    access.offset = shape.offset;
    access.strides.assign(e.sizes.size(), e.attr(0));
    for (auto [result, stride] :
         llvm::zip_equal(map.getResults(), axisStrides(shape, map))) {
      // The op's verifier has seen to it that this doesn't fail.
      auto linear = *kernel::LinearExpr::of(result, e.sizes.size());
      access.offset =
          e.add(access.offset, e.mul(stride, e.attr(linear.offset)));
      for (auto [dim, coefficient] : llvm::enumerate(linear.coefficients))
        if (coefficient != 0)
          access.strides[dim] =
              e.add(access.strides[dim], multiply(stride, e.attr(coefficient)));
    }
    e.operands.push_back(std::move(access));
  }

  Emission &e;
  Operation *op;
  ArrayRef<AffineMap> maps;
  ArrayRef<int64_t> dimSizes;
  SmallVector<BufferShape> shapes;
  llvm::MapVector<std::pair<void *, void *>, OpFoldResult> products;
};
} // namespace

/// The iteration space of a pad is its output; `strides` are per axis.
static void linearizePad(Emission &e, kernel::PadOp pad) {
  SmallVector<BufferShape> shapes =
      readShapes(e, pad->getParentOfType<kernel::FuncOp>());
  for (Value operand : {pad.getInput(), pad.getOutput()}) {
    unsigned position = cast<BlockArgument>(operand).getArgNumber();
    const BufferShape &shape = shapes[position];
    LinearAccess access;
    access.elementType = cast<MemRefType>(operand.getType()).getElementType();
    access.buffer = e.bind(position, storageType(access.elementType));
    access.offset = shape.offset;
    access.extents = shape.sizes;
    access.strides = shape.strides;
    access.store = operand == pad.getOutput();
    if (shape.dense) {
      access.strides.resize(shape.sizes.size());
      OpFoldResult stride = e.attr(1);
      for (size_t axis = shape.sizes.size(); axis-- > 0;) {
        access.strides[axis] = stride;
        stride = e.mul(stride, shape.sizes[axis]);
      }
    }
    e.operands.push_back(std::move(access));
  }
  e.sizes = e.operands.back().extents;
}

void lowering::linearize(Emission &e, Operation *structured) {
  e.hasExcessPrecision =
      structured->getParentOp()->hasAttr(kernel::excessPrecisionName);
  if (auto generic = dyn_cast<kernel::GenericOp>(structured))
    return Linearizer(e, structured, generic.getIndexingMapsArray(),
                      generic.getDimSizes(), generic.getSizes())
        .run(generic.getInputs().size());
  if (auto contract = dyn_cast<kernel::ContractOp>(structured))
    return Linearizer(e, structured, contract.getIndexingMapsArray(),
                      contract.getDimSizes(), contract.getSizes())
        .run(2 + contract.getExtras().size());
  linearizePad(e, cast<kernel::PadOp>(structured));
}
