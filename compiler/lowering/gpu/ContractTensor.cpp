//===- ContractTensor.cpp - Tiles on tensor cores -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// mma.m16n8k16 (PTX ISA, "Matrix fragments for mma.m16n8k16"): of a fragment,
// the thread 4 * g + t of a warp has rows (or columns) g and g + 8, and of the
// depth 2 * t, 2 * t + 1 and these plus 8; of the sums, rows g and g + 8 and
// columns 2 * t and 2 * t + 1.
//
#include "compiler/lowering/gpu/ContractEmitter.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::simt;

/// What one instruction multiplies.
static constexpr int64_t mmaRows = 16, mmaColumns = 8, mmaDepth = 16;

int64_t ContractEmitter::sumRows() const {
  return s.tile.hasTensorCores() ? s.tile.warpRows / 8 : s.tile.threadRows;
}

int64_t ContractEmitter::sumColumns() const {
  return s.tile.hasTensorCores() ? s.tile.warpColumns / 4
                                 : s.tile.threadColumns;
}

OpFoldResult ContractEmitter::rowPlace(int64_t i) {
  if (!s.tile.hasTensorCores())
    return placeOf(threadRow, i, s.tile.threadRows, s.tile.rows);
  return e.add(e.add(warpRow, fragmentRow), e.attr(i * 8));
}

OpFoldResult ContractEmitter::columnPlace(int64_t j) {
  if (!s.tile.hasTensorCores())
    return placeOf(threadColumn, j, s.tile.threadColumns, s.tile.columns);
  return e.add(e.add(warpColumn, fragmentColumn),
               e.attr(j / 2 * mmaColumns + j % 2));
}

int64_t ContractEmitter::sumNumber(int64_t i, int64_t j) const {
  if (!s.tile.hasTensorCores())
    return i * s.tile.threadColumns + j;
  int64_t tile = i / 2 * (s.tile.warpColumns / mmaColumns) + j / 2;
  return tile * 4 + i % 2 * 2 + j % 2;
}

SmallVector<Value>
ContractEmitter::readFragment(const Panel &panel, OpFoldResult first,
                              int64_t rows, OpFoldResult buffer, int64_t step) {
  SmallVector<Value> registers;
  auto pair = VectorType::get(2, panel.type);
  for (int64_t depth : {0, 8})
    for (int64_t row = 0; row < rows; row += 8) {
      OpFoldResult place = e.add(e.add(first, fragmentRow), e.attr(row));
      OpFoldResult index =
          e.add(e.add(buffer, e.mul(place, e.attr(panel.pitch()))),
                e.add(fragmentColumn, e.attr(step * mmaDepth + depth)));
      Value loaded = vector::LoadOp::create(e.b, e.loc, pair, panel.array,
                                            ValueRange{e.value(index)}, false,
                                            llvm::MaybeAlign(4));
      // bf16 travels as bits.
      if (!panel.type.isF16()) {
        loaded = vector::BitCastOp::create(
            e.b, e.loc, VectorType::get(1, e.b.getI32Type()), loaded);
        loaded = vector::ExtractOp::create(e.b, e.loc, loaded, int64_t(0));
      }
      registers.push_back(loaded);
    }
  return registers;
}

SmallVector<Value> ContractEmitter::emitTensorProducts(OpFoldResult buffer,
                                                       ValueRange sums) {
  OpFoldResult rowBuffer = e.mul(buffer, e.attr(panels[0].bufferSize()));
  OpFoldResult columnBuffer = e.mul(buffer, e.attr(panels[1].bufferSize()));
  SmallVector<Value> next = llvm::to_vector(sums);
  Type f32 = e.b.getF32Type();
  Type four =
      LLVM::LLVMStructType::getLiteral(e.b.getContext(), {f32, f32, f32, f32});
  auto type =
      panels[0].type.isF16() ? NVVM::MMATypes::f16 : NVVM::MMATypes::bf16;
  for (int64_t step = 0; step < s.tile.depth / mmaDepth; ++step) {
    SmallVector<SmallVector<Value>> columns;
    for (int64_t n = 0; n < s.tile.warpColumns; n += mmaColumns)
      columns.push_back(readFragment(panels[1], e.add(warpColumn, e.attr(n)),
                                     mmaColumns, columnBuffer, step));
    size_t slot = 0;
    for (int64_t m = 0; m < s.tile.warpRows; m += mmaRows) {
      SmallVector<Value> rows = readFragment(
          panels[0], e.add(warpRow, e.attr(m)), mmaRows, rowBuffer, step);
      for (const SmallVector<Value> &column : columns) {
        MutableArrayRef<Value> part =
            MutableArrayRef<Value>(next).slice(slot, 4);
        Value result = NVVM::MmaOp::create(
            e.b, e.loc, four, rows, column, part,
            ArrayRef<int64_t>{mmaRows, mmaColumns, mmaDepth}, std::nullopt,
            std::nullopt, std::array{type, type},
            std::array{NVVM::MMALayout::row, NVVM::MMALayout::col});
        for (int64_t i = 0; i < 4; ++i)
          part[i] = LLVM::ExtractValueOp::create(e.b, e.loc, result, i);
        slot += 4;
      }
    }
  }
  return next;
}
