//===- Emission.cpp - Threads, shared memory and packed accesses ----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/gpu/Emission.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "tensorc/abi_cuda.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::simt;

Value Emission::bind(unsigned position, Type storage) {
  (void)storage;
  return func.getArgument(position);
}

Value Emission::dynamicSize(unsigned position) {
  Value size = arith::IndexCastOp::create(b, loc, b.getIndexType(),
                                          func.getArgument(buffers + position));
  if (!said.empty()) {
    greatestSizes[size] = said[position].greatest;
    divisors[size] = said[position].divisor;
  }
  return size;
}

void Emission::fail(Value violated, scalar::CheckOp check,
                    function_ref<lowering::Words()> describe) {
  (void)describe; // a device has no words; the host finds them by the number
  int32_t code = static_cast<int32_t>(check.getStatus() +
                                      TENSORC_CUDA_CHECK_UNIT *
                                          check.getNumber().value_or(0));
  ifThen(violated, [&] {
    memref::StoreOp::create(b, loc,
                            arith::ConstantIntOp::create(b, loc, code, 32),
                            statusArgument(), ValueRange{index(0)});
  });
}

Value Emission::nothingFailed() {
  Value code =
      memref::LoadOp::create(b, loc, statusArgument(), ValueRange{index(0)});
  return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, code,
                               arith::ConstantIntOp::create(b, loc, 0, 32));
}

//===----------------------------------------------------------------------===//
// Threads and blocks
//===----------------------------------------------------------------------===//

void Emission::setThreads(int64_t threads) {
  blockThreads = threads;
  func.setKnownBlockSizeAttr(
      b.getDenseI32ArrayAttr({static_cast<int32_t>(threads), 1, 1}));
  threadValue = mlir::gpu::ThreadIdOp::create(b, loc, mlir::gpu::Dimension::x);
}

Value Emission::thread() { return threadValue; }

/// `count` as an expression of the kernel's sizes, one symbol for each; null
/// where it isn't made of sums, products and quotients.
static AffineExpr exprOf(OpFoldResult count, Block *entry, unsigned buffers) {
  if (auto known = constantOf(count))
    return getAffineConstantExpr(*known, entry->getParentOp()->getContext());
  auto value = cast<Value>(count);
  if (auto size = value.getDefiningOp<arith::IndexCastOp>()) {
    auto argument = dyn_cast<BlockArgument>(size.getIn());
    if (!argument || argument.getOwner() != entry)
      return {};
    return getAffineSymbolExpr(argument.getArgNumber() - buffers,
                               value.getContext());
  }
  auto kind = AffineExprKind::Constant;
  if (value.getDefiningOp<arith::AddIOp>())
    kind = AffineExprKind::Add;
  else if (value.getDefiningOp<arith::MulIOp>())
    kind = AffineExprKind::Mul;
  else if (value.getDefiningOp<arith::DivUIOp>())
    kind = AffineExprKind::FloorDiv;
  else
    return {};
  AffineExpr sides[2];
  for (auto [side, operand] :
       llvm::zip_equal(sides, value.getDefiningOp()->getOperands()))
    if (!(side = exprOf(operand, entry, buffers)))
      return {};
  return getAffineBinaryOpExpr(kind, sides[0], sides[1]);
}

/// Says how many blocks a launch is to have where that is for the call to say.
void Emission::noteBlocks(OpFoldResult count) {
  Block *entry = &func.getBody().front();
  if (AffineExpr blocks = exprOf(count, entry, buffers)) {
    unsigned sizes = llvm::count_if(entry->getArgumentTypes(), [](Type type) {
      return type.isInteger(64);
    });
    func->setAttr("kernel.blocks",
                  AffineMapAttr::get(AffineMap::get(0, sizes, blocks)));
  }
}

void Emission::forBlocks(OpFoldResult count,
                         function_ref<void(OpFoldResult)> body) {
  Value block = mlir::gpu::BlockIdOp::create(b, loc, mlir::gpu::Dimension::x);
  constexpr int64_t maxBlocks = (int64_t(1) << 31) - 1;
  auto known = constantOf(count);
  if (known && *known <= maxBlocks) {
    int32_t blocks = static_cast<int32_t>(std::max<int64_t>(1, *known));
    func.setKnownGridSizeAttr(b.getDenseI32ArrayAttr({blocks, 1, 1}));
    if (*known > 0)
      body(*known == 1 ? OpFoldResult(attr(0)) : OpFoldResult(block));
    return;
  }
  // Any grid will do.
  noteBlocks(count);
  Value step = mlir::gpu::GridDimOp::create(b, loc, mlir::gpu::Dimension::x);
  auto loop = scf::ForOp::create(b, loc, block, value(count), step);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(loop.getBody()->getTerminator());
  body(OpFoldResult(loop.getInductionVar()));
}

void Emission::barrier() { mlir::gpu::BarrierOp::create(b, loc); }

Value Emission::below(OpFoldResult x, OpFoldResult bound) {
  auto known = constantOf(x), limit = constantOf(bound);
  if (known && limit && *known < *limit)
    return {};
  return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, value(x),
                               value(bound));
}

/// Says how a loop is to be unrolled: not at all where `count` is null.
static void annotate(scf::ForOp loop, IntegerAttr count) {
  MLIRContext *context = loop.getContext();
  auto unroll = LLVM::LoopUnrollAttr::get(
      context, /*disable=*/BoolAttr::get(context, !count), count, {}, {}, {},
      {}, {});
  loop->setAttr("loop_annotation", LLVM::LoopAnnotationAttr::get(
                                       context, {}, {}, {}, unroll, {}, {}, {},
                                       {}, {}, {}, {}, {}, {}, {}, {}));
}

void Emission::keepLoop(ValueRange results) {
  if (auto loop = results.front().getDefiningOp<scf::ForOp>())
    annotate(loop, {});
}

void Emission::unrollLoop(int64_t count) {
  if (auto loop = dyn_cast<scf::ForOp>(b.getInsertionBlock()->getParentOp()))
    annotate(loop, b.getI32IntegerAttr(static_cast<int32_t>(count)));
}

void Emission::ifHolds(Value condition, function_ref<void()> then) {
  if (!condition)
    return then();
  ifThen(condition, then);
}

//===----------------------------------------------------------------------===//
// Shared memory and reductions
//===----------------------------------------------------------------------===//

Value Emission::shared(Type element, int64_t count, int64_t alignment) {
  constexpr llvm::StringLiteral name = "kernel.shared_alignment";
  auto known = func->getAttrOfType<IntegerAttr>(name);
  if (alignment > (known ? known.getInt() : accessBytes))
    func->setAttr(name, b.getI64IntegerAttr(alignment));
  auto space = mlir::gpu::AddressSpaceAttr::get(
      b.getContext(), mlir::gpu::GPUDialect::getWorkgroupAddressSpace());
  return func.addWorkgroupAttribution(
      MemRefType::get({count}, element, MemRefLayoutAttrInterface(), space),
      loc);
}

Value Emission::loadShared(Value array, OpFoldResult index) {
  return memref::LoadOp::create(b, loc, array, ValueRange{value(index)});
}

void Emission::storeShared(Value array, OpFoldResult index, Value stored) {
  memref::StoreOp::create(b, loc, stored, array, ValueRange{value(index)});
}

int64_t Emission::sharedBytes() {
  auto known = func->getAttrOfType<IntegerAttr>("kernel.shared_alignment");
  int64_t alignment = known ? known.getInt() : accessBytes;
  int64_t bytes = 0;
  for (BlockArgument array : func.getWorkgroupAttributions()) {
    auto type = cast<MemRefType>(array.getType());
    int64_t size =
        type.getNumElements() * type.getElementType().getIntOrFloatBitWidth();
    bytes += llvm::alignTo(size / 8, alignment);
  }
  return bytes;
}

void Emission::copyAsync(Value array, OpFoldResult to, Value buffer,
                         OpFoldResult from, int64_t count, Value inside) {
  Type element = cast<MemRefType>(array.getType()).getElementType();
  int64_t bytes = element.getIntOrFloatBitWidth() / 8 * count;
  Value taken;
  if (inside)
    taken = arith::SelectOp::create(b, loc, inside, index(count), index(0));
  nvgpu::DeviceAsyncCopyOp::create(
      b, loc, nvgpu::DeviceAsyncTokenType::get(b.getContext()), array,
      ValueRange{value(to)}, buffer, ValueRange{value(from)},
      b.getIndexAttr(count), taken,
      // Packs are used once; elements may share a line with others.
      bytes == accessBytes ? b.getUnitAttr() : UnitAttr());
}

void Emission::commitCopies() { NVVM::CpAsyncCommitGroupOp::create(b, loc); }

void Emission::waitCopies(int64_t pending) {
  NVVM::CpAsyncWaitGroupOp::create(b, loc, static_cast<uint32_t>(pending));
}

void Emission::showCopies() {
  NVVM::FenceProxyOp::create(
      b, loc,
      NVVM::ProxyKindAttr::get(b.getContext(), NVVM::ProxyKind::async_shared),
      NVVM::SharedSpaceAttr::get(b.getContext(),
                                 NVVM::SharedSpace::shared_cta));
}

/// Narrow integers travel as i32.
static Type exchangeType(OpBuilder &b, Type type) {
  if (type.isIndex())
    return b.getI64Type();
  return type.getIntOrFloatBitWidth() < 32 ? Type(b.getI32Type()) : type;
}

static Value toExchange(Emission &e, Value value) {
  Type type = value.getType(), to = exchangeType(e.b, type);
  if (type == to)
    return value;
  if (type.isIndex())
    return arith::IndexCastOp::create(e.b, e.loc, to, value);
  return arith::ExtSIOp::create(e.b, e.loc, to, value);
}

static Value fromExchange(Emission &e, Value value, Type type) {
  if (value.getType() == type)
    return value;
  if (type.isIndex())
    return arith::IndexCastOp::create(e.b, e.loc, type, value);
  return arith::TruncIOp::create(e.b, e.loc, type, value);
}

/// The value of the thread whose number differs in the bits of `distance`;
/// 64 bits go in two halves.
static Value shuffle(Emission &e, Value value, int64_t distance) {
  auto move = [&](Value word) -> Value {
    return mlir::gpu::ShuffleOp::create(
               e.b, e.loc, word, static_cast<int32_t>(distance),
               static_cast<int32_t>(warpThreads), mlir::gpu::ShuffleMode::XOR)
        .getShuffleResult();
  };
  Type type = value.getType();
  if (type.getIntOrFloatBitWidth() == 32)
    return move(value);
  Type i32 = e.b.getI32Type(), i64 = e.b.getI64Type();
  if (isa<FloatType>(type))
    value = arith::BitcastOp::create(e.b, e.loc, i64, value);
  Value width = arith::ConstantIntOp::create(e.b, e.loc, 32, 64);
  Value low = arith::TruncIOp::create(e.b, e.loc, i32, value);
  Value high = arith::TruncIOp::create(
      e.b, e.loc, i32, arith::ShRUIOp::create(e.b, e.loc, value, width));
  low = arith::ExtUIOp::create(e.b, e.loc, i64, move(low));
  high = arith::ExtUIOp::create(e.b, e.loc, i64, move(high));
  high = arith::ShLIOp::create(e.b, e.loc, high, width);
  value = arith::OrIOp::create(e.b, e.loc, low, high);
  return isa<FloatType>(type)
             ? arith::BitcastOp::create(e.b, e.loc, type, value).getResult()
             : value;
}

Value Emission::combineWarp(scalar::Combiner combiner, Value value,
                            int64_t width) {
  Type type = value.getType();
  for (int64_t distance = width / 2; distance > 0; distance /= 2) {
    // x + y and y + x are the same bits: partners agree.
    Value other = shuffle(*this, toExchange(*this, value), distance);
    value = combine(combiner, value, fromExchange(*this, other, type));
  }
  return value;
}

Value Emission::exchangeArray(size_t slot, Type type, int64_t count) {
  Type element = exchangeType(b, type);
  // One for each slot and type.
  size_t seen = 0;
  for (Value array : exchange)
    if (cast<MemRefType>(array.getType()).getElementType() == element &&
        seen++ == slot)
      return array;
  exchange.push_back(shared(element, count));
  return exchange.back();
}

void Emission::combineBlock(ArrayRef<scalar::Combiner> combiners,
                            MutableArrayRef<Value> values) {
  for (auto [combiner, value] : llvm::zip_equal(combiners, values))
    value = combineWarp(combiner, value, warpThreads);
  int64_t warps = blockThreads / warpThreads;
  if (warps == 1)
    return;
  OpFoldResult warp = div(OpFoldResult(thread()), attr(warpThreads));
  OpFoldResult lane = rem(OpFoldResult(thread()), attr(warpThreads));
  SmallVector<Value> arrays;
  for (auto [slot, value] : llvm::enumerate(values))
    arrays.push_back(exchangeArray(slot, value.getType(), warps));
  Value isFirst = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq,
                                        value(lane), index(0));
  ifThen(isFirst, [&] {
    for (auto [array, value] : llvm::zip_equal(arrays, values))
      storeShared(array, warp, toExchange(*this, value));
  });
  barrier();
  for (auto [combiner, array, result] :
       llvm::zip_equal(combiners, arrays, values)) {
    Type type = result.getType();
    for (int64_t i = 0; i < warps; ++i) {
      Value part = fromExchange(*this, loadShared(array, attr(i)), type);
      result = i == 0 ? part : combine(combiner, result, part);
    }
  }
  // Before the arrays are used again.
  barrier();
}

void Emission::combineColumns(ArrayRef<scalar::Combiner> combiners,
                              MutableArrayRef<Value> values, int64_t apart) {
  int64_t members = blockThreads / apart;
  OpFoldResult column = rem(OpFoldResult(thread()), attr(apart));
  // One after the other: shared memory is scarce.
  for (auto [combiner, result] : llvm::zip_equal(combiners, values)) {
    Type type = result.getType();
    Value array = exchangeArray(0, type, blockThreads);
    storeShared(array, OpFoldResult(thread()), toExchange(*this, result));
    barrier();
    for (int64_t i = 0; i < members; ++i) {
      Value part = fromExchange(
          *this, loadShared(array, add(column, attr(i * apart))), type);
      result = i == 0 ? part : combine(combiner, result, part);
    }
    barrier();
  }
}

//===----------------------------------------------------------------------===//
// Packed accesses
//===----------------------------------------------------------------------===//

bool Emission::isPackable(const LinearAccess &access, unsigned dim,
                          int64_t count) {
  Type storage = lowering::storageType(access.elementType);
  int64_t bytes = storage.getIntOrFloatBitWidth() / 8 * count;
  auto isMultiple = [&](OpFoldResult x) { return divisorOf(x) % count == 0; };
  if (count == 1 || bytes > accessBytes || !llvm::isPowerOf2_64(bytes) ||
      !isConstant(access.strides[dim], 1) || !isMultiple(access.offset))
    return false;
  for (unsigned other = 0; other < sizes.size(); ++other)
    if (other != dim && !isConstant(sizes[other], 1) &&
        !isMultiple(access.strides[other]))
      return false;
  return true;
}

SmallVector<Value> Emission::loadPack(const LinearAccess &access,
                                      OpFoldResult index, OpFoldResult stride,
                                      int64_t count, bool packed) {
  if (isConstant(stride, 0))
    return SmallVector<Value>(count, loadScalar(access, index));
  SmallVector<Value> result;
  if (!packed) {
    for (int64_t i = 0; i < count; ++i)
      result.push_back(loadScalar(access, add(index, mul(stride, attr(i)))));
    return result;
  }
  Type storage = lowering::storageType(access.elementType);
  int64_t bytes = storage.getIntOrFloatBitWidth() / 8 * count;
  Value pack = vector::LoadOp::create(b, loc, VectorType::get(count, storage),
                                      access.buffer, ValueRange{value(index)},
                                      false, llvm::MaybeAlign(bytes));
  for (int64_t i = 0; i < count; ++i)
    result.push_back(toCompute(vector::ExtractOp::create(b, loc, pack, i),
                               access.elementType));
  return result;
}

void Emission::storePack(const LinearAccess &access, OpFoldResult index,
                         OpFoldResult stride, ValueRange values, bool packed) {
  if (!packed) {
    for (auto [i, value] : llvm::enumerate(values))
      storeScalar(access, add(index, mul(stride, attr(i))), value);
    return;
  }
  Type storage = lowering::storageType(access.elementType);
  int64_t count = values.size();
  int64_t bytes = storage.getIntOrFloatBitWidth() / 8 * count;
  SmallVector<Value> stored;
  for (Value value : values)
    stored.push_back(toStorage(value, access.elementType));
  Value pack = vector::FromElementsOp::create(
      b, loc, VectorType::get(count, storage), stored);
  vector::StoreOp::create(b, loc, pack, access.buffer, ValueRange{value(index)},
                          false, llvm::MaybeAlign(bytes));
}
