//===- ContractWarpgroup.cpp - Tiles on Hopper's tensor cores -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// wgmma.m64nNk16 (PTX ISA, "Asynchronous warpgroup level matrix instructions"):
// four warps multiply 64 rows and N columns that lie in shared memory, and go
// on while it is done. Warp w of them has the sums of rows 16 * w and on, as
// the fragments of mma.m16n8.
//
// Shared memory has the layout with 128-byte swizzling: rows of 128 bytes,
// whose packs of 16 bytes stand at their number xor that of the row modulo 8,
// so that a column of packs is in different banks. Where a row is a part of the
// depth
// ("K-major"), a panel is one row after the other; where it is a part of the
// span ("MN-major"), a panel is a block of rows for each 64 of the span.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/gpu/ContractEmitter.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::simt;

/// Elements in a pack and in a row of 128 bytes; rows after which the order of
/// packs repeats; the rows and the depth that one instruction multiplies.
static constexpr int64_t packSize = 8, rowSize = 64, period = 8;
static constexpr int64_t productRows = 64, productDepth = 16;
static constexpr int64_t elementBytes = 2;

OpFoldResult ContractEmitter::swizzledIndex(const Panel &panel,
                                            OpFoldResult outer,
                                            OpFoldResult inner,
                                            OpFoldResult buffer) {
  OpFoldResult block = e.div(inner, e.attr(rowSize));
  Value pack = e.value(e.div(e.rem(inner, e.attr(rowSize)), e.attr(packSize)));
  Value turn = e.value(e.rem(outer, e.attr(period)));
  OpFoldResult place(arith::XOrIOp::create(e.b, e.loc, pack, turn).getResult());
  // Along the depth there is one block.
  int64_t rows = panel.holdsDepth ? panel.span : panel.depth;
  OpFoldResult index = e.add(e.mul(buffer, e.attr(panel.bufferSize())),
                             e.mul(block, e.attr(rows * rowSize)));
  index = e.add(index, e.mul(outer, e.attr(rowSize)));
  return e.add(index, e.mul(place, e.attr(packSize)));
}

/// Bytes as a descriptor has them.
static int64_t encode(int64_t bytes) { return (bytes & 0x3ffff) >> 4; }

void ContractEmitter::describePanels() {
  Type i64 = e.b.getI64Type();
  OpFoldResult group = e.div(OpFoldResult(e.thread()), e.attr(4 * warpThreads));
  for (auto [panel, descriptor] : llvm::zip_equal(panels, descriptors)) {
    int64_t rowBytes = rowSize * elementBytes;
    // From one 64 of the span to the next, along the span; ignored else. From 8
    // rows to the next.
    int64_t leading = panel.holdsDepth ? 16 : panel.depth * rowBytes;
    int64_t stride = period * rowBytes;
    constexpr int64_t swizzled = int64_t(1) << 62;
    int64_t fixed = swizzled | encode(stride) << 32 | encode(leading) << 16;
    Value address =
        memref::ExtractAlignedPointerAsIndexOp::create(e.b, e.loc, panel.array);
    OpFoldResult start(address);
    // 64 rows of either layout take as much.
    if (&panel == &panels[0])
      start = e.add(start, e.mul(group, e.attr(productRows * rowBytes)));
    Value bits = arith::IndexCastUIOp::create(e.b, e.loc, i64, e.value(start));
    auto number = [&](int64_t value) {
      return arith::ConstantIntOp::create(e.b, e.loc, value, 64);
    };
    bits = arith::AndIOp::create(e.b, e.loc, bits, number(0x3ffff));
    bits = arith::ShRUIOp::create(e.b, e.loc, bits, number(4));
    descriptor = arith::OrIOp::create(e.b, e.loc, bits, number(fixed));
  }
}

/// The structure that an instruction has its sums in.
static Value packSums(Emission &e, ValueRange sums) {
  SmallVector<Type> types(sums.size(), e.b.getF32Type());
  Value all = LLVM::PoisonOp::create(
      e.b, e.loc, LLVM::LLVMStructType::getLiteral(e.b.getContext(), types));
  for (auto [i, sum] : llvm::enumerate(sums))
    all = LLVM::InsertValueOp::create(e.b, e.loc, all, sum, int64_t(i));
  return all;
}

static SmallVector<Value> unpackSums(Emission &e, Value all, size_t count) {
  SmallVector<Value> sums;
  for (size_t i = 0; i < count; ++i)
    sums.push_back(LLVM::ExtractValueOp::create(e.b, e.loc, all, int64_t(i)));
  return sums;
}

SmallVector<Value> ContractEmitter::startWarpgroupProducts(OpFoldResult buffer,
                                                           ValueRange sums) {
  Value all = packSums(e, sums);
  auto type =
      panels[0].type.isF16() ? NVVM::WGMMATypes::f16 : NVVM::WGMMATypes::bf16;
  // The other way is the transposed one, for either operand.
  auto layoutOf = [&](const Panel &panel, NVVM::MMALayout plain,
                      NVVM::MMALayout turned) {
    return panel.holdsDepth ? plain : turned;
  };
  auto descriptorOf = [&](unsigned i, int64_t step) -> Value {
    const Panel &panel = panels[i];
    int64_t bytes = panel.holdsDepth ? elementBytes : rowSize * elementBytes;
    OpFoldResult offset =
        e.add(e.mul(buffer, e.attr(encode(panel.bufferBytes()))),
              e.attr(encode(step * productDepth * bytes)));
    Value bits = arith::IndexCastUIOp::create(e.b, e.loc, e.b.getI64Type(),
                                              e.value(offset));
    return arith::AddIOp::create(e.b, e.loc, descriptors[i], bits);
  };
  NVVM::WgmmaFenceAlignedOp::create(e.b, e.loc);
  for (int64_t step = 0; step < s.tile.depth / productDepth; ++step)
    all = NVVM::WgmmaMmaAsyncOp::create(
        e.b, e.loc, all.getType(), all, descriptorOf(0, step),
        descriptorOf(1, step),
        NVVM::MMAShapeAttr::get(e.b.getContext(), productRows, s.tile.columns,
                                productDepth),
        type, type, NVVM::WGMMATypes::f32, NVVM::WGMMAScaleOut::one,
        NVVM::WGMMAScaleIn::one, NVVM::WGMMAScaleIn::one,
        layoutOf(panels[0], NVVM::MMALayout::row, NVVM::MMALayout::col),
        layoutOf(panels[1], NVVM::MMALayout::col, NVVM::MMALayout::row),
        NVVM::MMAIntOverflowAttr());
  NVVM::WgmmaGroupSyncAlignedOp::create(e.b, e.loc);
  return unpackSums(e, all, sums.size());
}

SmallVector<Value> ContractEmitter::waitProducts(ValueRange sums,
                                                 int64_t pending) {
  // The sums pass through, so that nothing that reads them moves before.
  std::string constraints;
  for (size_t i = 0; i < sums.size(); ++i)
    constraints += "=f,";
  for (size_t i = 0; i < sums.size(); ++i)
    constraints += std::to_string(i) + ",";
  constraints.pop_back();
  SmallVector<Type> types(sums.size(), e.b.getF32Type());
  Value all =
      LLVM::InlineAsmOp::create(
          e.b, e.loc, LLVM::LLVMStructType::getLiteral(e.b.getContext(), types),
          sums,
          "wgmma.wait_group.sync.aligned " + std::to_string(pending) + ";",
          constraints, /*has_side_effects=*/true, /*is_align_stack=*/false,
          LLVM::tailcallkind::TailCallKind::None, LLVM::AsmDialectAttr(),
          ArrayAttr())
          .getRes();
  return unpackSums(e, all, sums.size());
}
