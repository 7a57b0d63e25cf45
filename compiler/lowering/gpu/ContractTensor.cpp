//===- ContractTensor.cpp - Tiles on tensor cores -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// mma.m16n8k16 for 16-bit factors, mma.m16n8k8 for TF32 (PTX ISA, "Matrix
// fragments"): all are made of matrices of 8 rows of 16 bytes, of which thread
// 4 * g + t of a warp has word t of row g; just what `ldmatrix` reads. Rows are
// of 16 × 2 matrices, columns of 8 × 2; of the sums, a thread has rows g and
// g + 8, columns 2 * t and 2 * t + 1.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/gpu/ContractEmitter.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::simt;

/// What one instruction multiplies.
static constexpr int64_t mmaRows = 16, mmaColumns = 8;
/// Rows of a matrix.
static constexpr int64_t matrixRows = 8;

int64_t ContractEmitter::tensorDepth() const {
  return 2 * accessBytes * 8 / panels[0].type.getIntOrFloatBitWidth();
}

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
  return e.add(e.add(warpRow, laneRow), e.attr(i * matrixRows));
}

OpFoldResult ContractEmitter::columnPlace(int64_t j) {
  if (!s.tile.hasTensorCores())
    return placeOf(threadColumn, j, s.tile.threadColumns, s.tile.columns);
  return e.add(e.add(warpColumn, e.mul(laneColumn, e.attr(2))),
               e.attr(j / 2 * mmaColumns + j % 2));
}

int64_t ContractEmitter::sumNumber(int64_t i, int64_t j) const {
  if (!s.tile.hasTensorCores())
    return i * s.tile.threadColumns + j;
  int64_t tile = i / 2 * (s.tile.warpColumns / mmaColumns) + j / 2;
  return tile * 4 + i % 2 * 2 + j % 2;
}

SmallVector<Value> ContractEmitter::readFragments(const Panel &panel,
                                                  OpFoldResult first,
                                                  OpFoldResult buffer,
                                                  int64_t step, bool rowByRow) {
  int64_t width = tensorDepth() / 2;
  OpFoldResult start = e.mul(buffer, e.attr(panel.bufferSize()));
  auto indexOf = [&](OpFoldResult span, OpFoldResult depth) {
    span = e.add(first, span);
    depth = e.add(depth, e.attr(step * tensorDepth()));
    OpFoldResult outer = panel.holdsDepth ? span : depth;
    return e.add(e.add(start, e.mul(outer, e.attr(panel.pitch()))),
                 panel.holdsDepth ? depth : span);
  };
  // The place of matrix `number`.
  auto spanOf = [&](int64_t number) {
    return (rowByRow ? number / 2 : number % 2) * matrixRows;
  };
  auto depthOf = [&](int64_t number) {
    return (rowByRow ? number % 2 : number / 2) * width;
  };
  SmallVector<Value> registers;
  if (panel.type.isF32() && !panel.holdsDepth) {
    // `ldmatrix` turns 16 bits only.
    for (int64_t number = 0; number < 4; ++number)
      registers.push_back(e.loadShared(
          panel.array, indexOf(e.add(laneRow, e.attr(spanOf(number))),
                               e.add(laneColumn, e.attr(depthOf(number))))));
    return registers;
  }
  // Each thread says where a row of a matrix is that others get words of: the
  // threads 8 * n and on those of matrix n.
  OpFoldResult row = e.rem(lane, e.attr(matrixRows));
  OpFoldResult number = e.div(lane, e.attr(matrixRows));
  OpFoldResult low = e.rem(number, e.attr(2)), high = e.div(number, e.attr(2));
  OpFoldResult span = e.mul(rowByRow ? high : low, e.attr(matrixRows));
  OpFoldResult depth = e.mul(rowByRow ? low : high, e.attr(width));
  (panel.holdsDepth ? span : depth) =
      e.add(panel.holdsDepth ? span : depth, row);
  int64_t words = 32 / panel.type.getIntOrFloatBitWidth();
  Value matrices = nvgpu::LdMatrixOp::create(
      e.b, e.loc, VectorType::get({4, words}, panel.type), panel.array,
      ValueRange{e.value(indexOf(span, depth))},
      /*transpose=*/!panel.holdsDepth, /*numTiles=*/4);
  for (int64_t i = 0; i < 4; ++i)
    registers.push_back(vector::ExtractOp::create(e.b, e.loc, matrices, i));
  return registers;
}

/// A register as `mma` takes it: f16 as pairs, others as bits.
static Value toFactor(Emission &e, Value value) {
  Type i32 = e.b.getI32Type();
  auto vector = dyn_cast<VectorType>(value.getType());
  if (vector && vector.getElementType().isF16())
    return value;
  if (vector && vector.getElementType().isF32())
    value = vector::ExtractOp::create(e.b, e.loc, value, int64_t(0));
  if (value.getType().isF32())
    // To nearest; the machine would cut off.
    return NVVM::ConvertFloatToTF32Op::create(e.b, e.loc, i32, value,
                                              NVVM::FPRoundingMode::RNA);
  value = vector::BitCastOp::create(e.b, e.loc, VectorType::get(1, i32), value);
  return vector::ExtractOp::create(e.b, e.loc, value, int64_t(0));
}

SmallVector<Value> ContractEmitter::emitTensorProducts(OpFoldResult buffer,
                                                       ValueRange sums) {
  SmallVector<Value> next = llvm::to_vector(sums);
  Type f32 = e.b.getF32Type();
  Type four =
      LLVM::LLVMStructType::getLiteral(e.b.getContext(), {f32, f32, f32, f32});
  auto type = panels[0].type.isF16()   ? NVVM::MMATypes::f16
              : panels[0].type.isF32() ? NVVM::MMATypes::tf32
                                       : NVVM::MMATypes::bf16;
  auto read = [&](const Panel &panel, OpFoldResult first, int64_t step,
                  bool rowByRow) {
    return llvm::map_to_vector(
        readFragments(panel, first, buffer, step, rowByRow),
        [&](Value value) { return toFactor(e, value); });
  };
  for (int64_t step = 0; step < s.tile.depth / tensorDepth(); ++step) {
    // Two registers for each 8 columns.
    SmallVector<Value> columns;
    for (int64_t n = 0; n < s.tile.warpColumns; n += 2 * mmaColumns)
      columns.append(read(panels[1], e.add(warpColumn, e.attr(n)), step,
                          /*rowByRow=*/true));
    size_t slot = 0;
    for (int64_t m = 0; m < s.tile.warpRows; m += mmaRows) {
      SmallVector<Value> rows = read(panels[0], e.add(warpRow, e.attr(m)), step,
                                     /*rowByRow=*/false);
      for (size_t column = 0; column < columns.size(); column += 2) {
        MutableArrayRef<Value> part =
            MutableArrayRef<Value>(next).slice(slot, 4);
        Value result = NVVM::MmaOp::create(
            e.b, e.loc, four, rows, ArrayRef(columns).slice(column, 2), part,
            ArrayRef<int64_t>{mmaRows, mmaColumns, tensorDepth()}, std::nullopt,
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
