//===- Emission.h - The frame that emitters stand on --------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A structured op in linear form, and what emitters of all targets need to make
// code of it. An element of operand o at the point (i0, i1, …) of the iteration
// space is
//
//     buffer[offset + i0 * strides[0] + i1 * strides[1] + …]
//
// with `buffer` a flat memref and everything counted in elements. Sizes,
// offsets and strides are attributes (index) where they are known, values
// otherwise.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_COMMON_EMISSION_H
#define TENSORC_COMPILER_LOWERING_COMMON_EMISSION_H

#include "compiler/lowering/common/Sums.h"
#include "dialects/kernel/KernelDialect.h"
#include "dialects/scalar/Elements.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Builders.h"
#include <functional>
#include <limits>
#include <optional>

namespace tensorc::lowering {

/// One operand of a structured op in linear form.
struct LinearAccess {
  /// `memref<?xS>`, S the type in memory: i8 for i1 and ui8, i16 for
  /// bf16.
  mlir::Value buffer;
  /// The element type that the op's body sees.
  mlir::Type elementType;
  mlir::OpFoldResult offset;
  /// One for each dimension of the iteration space, 0 where unused.
  llvm::SmallVector<mlir::OpFoldResult> strides;
  /// The sizes of the operand's own axes.
  llvm::SmallVector<mlir::OpFoldResult> extents;
  bool store = false;
};

/// Where a body is emitted.
struct BodyPoint {
  /// 1 emits scalars.
  int64_t lanes = 1;
  /// The position in a dimension (for `kernel.index`): an index, or a vector of
  /// `lanes` of them. May be empty for bodies that don't ask.
  std::function<mlir::Value(int64_t dim)> position;
  /// The active lanes (for `scalar.check`), null for all.
  mlir::Value mask;
};

/// What a failure says: printf's format, and its numbers (i64).
struct Words {
  std::string format;
  llvm::SmallVector<mlir::Value> numbers;
};

/// What is known of a size that is an argument.
struct SizeRange {
  int64_t greatest = std::numeric_limits<int64_t>::max();
  int64_t divisor = 1;
};

/// A structured op being emitted.
class Emission {
public:
  mlir::OpBuilder &b;
  mlir::Location loc;
  /// Whether the machine masks lanes by registers of bits.
  bool hasMaskRegisters = false;
  /// Whether sums, differences, products and quotients of f16 and bf16, which
  /// are computed in f32, go on to the next op of a body without being rounded.
  bool hasExcessPrecision = false;
  /// Sizes of the iteration space.
  llvm::SmallVector<mlir::OpFoldResult> sizes;
  /// In the order of the op's indexing maps.
  llvm::SmallVector<LinearAccess> operands;
  /// The kernel's arguments that are sizes, by their numbers.
  llvm::DenseMap<unsigned, mlir::Value> givenSizes;
  /// What sizes mostly are, for schedules: the number, or where somebody said.
  std::optional<int64_t> expected(mlir::OpFoldResult size);
  llvm::DenseMap<mlir::Value, int64_t> expectedSizes;
  /// What a count can be at most, if that is known.
  std::optional<int64_t> greatest(mlir::OpFoldResult count);
  llvm::DenseMap<mlir::Value, int64_t> greatestSizes;
  /// The same of the magnitude of a stride or an offset.
  std::optional<int64_t> largest(mlir::OpFoldResult x);
  /// A number that divides it: itself, where it is one.
  int64_t divisorOf(mlir::OpFoldResult x);
  llvm::DenseMap<mlir::Value, int64_t> divisors; ///< of sizes

  Emission(mlir::OpBuilder &b, mlir::Location loc) : b(b), loc(loc) {}
  virtual ~Emission() = default;

  //--- What targets do in their own way ---------------------------------------
  /// The flat buffer of the kernel's argument `position`: a memref<?xstorage>.
  virtual mlir::Value bind(unsigned position, mlir::Type storage) = 0;
  /// The kernel's dynamic size, stride or offset of number `position` (index).
  virtual mlir::Value dynamicSize(unsigned position) = 0;
  /// Makes the kernel fail with `check` where `violated` (an i1) is true.
  /// `describe` is null where there are no words; it emits what they are made
  /// of, in a place that is reached at most once.
  virtual void fail(mlir::Value violated, scalar::CheckOp check,
                    llvm::function_ref<Words()> describe) = 0;

  //--- Index arithmetic; folds constants --------------------------------------
  mlir::OpFoldResult attr(int64_t value) { return b.getIndexAttr(value); }
  mlir::Value index(int64_t value);
  /// As an SSA value of type index.
  mlir::Value value(mlir::OpFoldResult x);
  mlir::OpFoldResult add(mlir::OpFoldResult x, mlir::OpFoldResult y);
  mlir::OpFoldResult sub(mlir::OpFoldResult x, mlir::OpFoldResult y);
  mlir::OpFoldResult mul(mlir::OpFoldResult x, mlir::OpFoldResult y);
  /// Of non-negative values.
  mlir::OpFoldResult div(mlir::OpFoldResult x, mlir::OpFoldResult y);
  mlir::OpFoldResult rem(mlir::OpFoldResult x, mlir::OpFoldResult y);
  mlir::OpFoldResult ceilDiv(mlir::OpFoldResult x, int64_t y);
  mlir::OpFoldResult min(mlir::OpFoldResult x, mlir::OpFoldResult y);
  mlir::OpFoldResult atLeastZero(mlir::OpFoldResult x);
  mlir::OpFoldResult product(llvm::ArrayRef<mlir::OpFoldResult> xs);
  /// Quotients and remainders of `linear` by row-major `extents`.
  llvm::SmallVector<mlir::OpFoldResult>
  delinearize(mlir::OpFoldResult linear,
              llvm::ArrayRef<mlir::OpFoldResult> extents);
  /// offset + sum of indices[d] * strides[d]; null indices count as 0.
  mlir::OpFoldResult linearIndex(const LinearAccess &access,
                                 llvm::ArrayRef<mlir::OpFoldResult> indices);

  //--- Loops ------------------------------------------------------------------
  /// No loop where it runs once, nothing where it never runs (when known).
  void forLoop(mlir::OpFoldResult begin, mlir::OpFoldResult end, int64_t step,
               llvm::function_ref<void(mlir::OpFoldResult iv)> body);
  /// A loop's body with carried values: returns the next ones.
  using LoopBody = llvm::function_ref<llvm::SmallVector<mlir::Value>(
      mlir::OpFoldResult iv, mlir::ValueRange carried)>;
  llvm::SmallVector<mlir::Value> forLoop(mlir::OpFoldResult begin,
                                         mlir::OpFoldResult end, int64_t step,
                                         mlir::ValueRange inits, LoopBody body);
  /// A nest over `extents`, outermost first, with carried values.
  llvm::SmallVector<mlir::Value>
  forNest(llvm::ArrayRef<mlir::OpFoldResult> extents, mlir::ValueRange inits,
          llvm::function_ref<llvm::SmallVector<mlir::Value>(
              llvm::ArrayRef<mlir::OpFoldResult> ivs, mlir::ValueRange carried)>
              body);
  /// `forLoop` whose carried values are sums, one term each run, or what else
  /// `combiners` say; `inits` may have something already. No floating-point sum
  /// has more than `chain` terms in a row: long ones are made in blocks, and
  /// blocks of blocks. `body` must do nothing with what it is given but add.
  llvm::SmallVector<mlir::Value>
  sumLoop(mlir::OpFoldResult begin, mlir::OpFoldResult end, int64_t step,
          llvm::ArrayRef<scalar::Combiner> combiners, int64_t chain,
          mlir::ValueRange inits, LoopBody body);
  /// Adds the terms at a point; `isChain` says that its terms, too, fit into
  /// the current block.
  using SumBody = llvm::function_ref<llvm::SmallVector<mlir::Value>(
      llvm::ArrayRef<mlir::OpFoldResult> ivs, mlir::ValueRange carried,
      bool isChain)>;
  /// `forNest` in the same way, for bodies that add `terms` (1 or more) a run.
  llvm::SmallVector<mlir::Value>
  sumNest(llvm::ArrayRef<mlir::OpFoldResult> extents,
          llvm::ArrayRef<scalar::Combiner> combiners, mlir::OpFoldResult terms,
          int64_t chain, mlir::ValueRange inits, SumBody body);
  /// `then` where `condition`; no branch where that is known.
  void ifThen(mlir::Value condition, llvm::function_ref<void()> then);

  //--- Types and values -------------------------------------------------------
  mlir::Type computeType(mlir::Type type) { return scalar::computeType(type); }
  /// `computeType` at a width; the scalar where `lanes` is 1.
  mlir::Type lifted(mlir::Type type, int64_t lanes);
  /// A constant of a compute type (scalar or vector).
  mlir::Value constant(mlir::Type type, double value);
  mlir::Value zero(mlir::Type type) { return constant(type, 0.0); }
  /// To `lanes` lanes; a value that has them stays.
  mlir::Value broadcast(mlir::Value value, int64_t lanes);
  /// base + [0, 1, …] * step, of `lanes` indices.
  mlir::Value iota(mlir::OpFoldResult base, int64_t lanes, int64_t step = 1);
  /// Lanes i < n; null (all) where n >= lanes is known.
  mlir::Value tailMask(mlir::OpFoldResult n, int64_t lanes);

  //--- Memory -----------------------------------------------------------------
  /// Between the type in memory and the compute type.
  mlir::Value toCompute(mlir::Value stored, mlir::Type elementType);
  mlir::Value toStorage(mlir::Value computed, mlir::Type elementType);
  /// Element `index` of the access' buffer, in its compute type.
  mlir::Value loadScalar(const LinearAccess &access, mlir::OpFoldResult index);
  void storeScalar(const LinearAccess &access, mlir::OpFoldResult index,
                   mlir::Value value);
  /// Elements index, index + stride, …, in the compute type. Stride 0 is a
  /// broadcast, 1 a plain load, 2 two loads and a shuffle (unmasked, or with a
  /// `tailMask`), anything else a gather. Masked-off
  /// lanes touch no memory and hold `padding` (null: zero).
  /// A stride of 0 loads whatever the mask says: guard it with a branch where
  /// there may be no active lane.
  mlir::Value loadVector(const LinearAccess &access, mlir::OpFoldResult index,
                         mlir::OpFoldResult stride, int64_t lanes,
                         mlir::Value mask = {}, mlir::Value padding = {});
  /// The reverse; a stride of 0 stores lane 0.
  void storeVector(const LinearAccess &access, mlir::OpFoldResult index,
                   mlir::OpFoldResult stride, mlir::Value value,
                   mlir::Value mask = {});
  /// Elements index, index + 2, … from `even` and index + 1, index + 3, … from
  /// `odd`; `mask` (of their width) is null or made by `tailMask`.
  void storeInterleaved(const LinearAccess &access, mlir::OpFoldResult index,
                        mlir::Value even, mlir::Value odd,
                        mlir::Value mask = {});

  //--- Bodies -----------------------------------------------------------------
  /// Clones a body without `kernel.reduce`. `args` are its block arguments,
  /// each of `point.lanes` lanes or scalar (row-level); what depends on scalars
  /// alone stays scalar. Returns the yielded values, scalar or of `point.lanes`
  /// lanes.
  llvm::SmallVector<mlir::Value>
  emitBody(mlir::Block &body, mlir::ValueRange args, const BodyPoint &point);
  /// Clones one op of a body; `operands` as the args above.
  llvm::SmallVector<mlir::Value> emitBodyOp(mlir::Operation &op,
                                            mlir::ValueRange operands,
                                            const BodyPoint &point);
  mlir::Value combine(scalar::Combiner combiner, mlir::Value x, mlir::Value y);
  /// Value by value.
  llvm::SmallVector<mlir::Value>
  combine(llvm::ArrayRef<scalar::Combiner> combiners, mlir::ValueRange x,
          mlir::ValueRange y);
  /// The neutral element of a combiner, of a compute type.
  mlir::Value identity(scalar::Combiner combiner, mlir::Type type);
  /// One for each combiner, of the types of `like`.
  llvm::SmallVector<mlir::Value>
  identities(llvm::ArrayRef<scalar::Combiner> combiners, mlir::ValueRange like);
  /// All lanes of a vector into a scalar, in a fixed order.
  mlir::Value combineLanes(scalar::Combiner combiner, mlir::Value vector);
  /// `operands`: the condition and, where there is one, the value; scalar or of
  /// `point.lanes` lanes.
  void emitCheck(scalar::CheckOp check, mlir::ValueRange operands,
                 const BodyPoint &point);

private:
  /// What the check says of what it looked at: the first lane in `violated`, or
  /// a scalar, where that is null.
  Words describe(scalar::CheckOp check, mlir::Value checked,
                 mlir::Value violated, const BodyPoint &point);
  /// `sumLoop` that is known to be long.
  llvm::SmallVector<mlir::Value>
  sumBlocks(mlir::OpFoldResult begin, mlir::OpFoldResult end, int64_t step,
            llvm::ArrayRef<scalar::Combiner> combiners, int64_t chain,
            mlir::ValueRange inits, LoopBody body);
  mlir::Value loadStrideTwo(const LinearAccess &access,
                            mlir::OpFoldResult index, int64_t lanes,
                            mlir::Value mask, mlir::Value padding);
  mlir::Value loadUnit(const LinearAccess &access, mlir::OpFoldResult index,
                       int64_t lanes, mlir::Value mask, mlir::Value padding);
  void storeUnit(const LinearAccess &access, mlir::OpFoldResult index,
                 mlir::Value value, mlir::Value mask);
  mlir::Value elementOffsets(mlir::OpFoldResult stride, int64_t lanes);

  /// Constants that `index` has made.
  llvm::DenseMap<int64_t, mlir::Value> indices;
  /// How many leading lanes a mask made by `tailMask` lets through.
  llvm::DenseMap<mlir::Value, mlir::OpFoldResult> tailCounts;
};

using scalar::storageType;

/// The value of a constant index.
std::optional<int64_t> constantOf(mlir::OpFoldResult x);
inline bool isConstant(mlir::OpFoldResult x, int64_t value) {
  return constantOf(x) == value;
}

/// Fills `e.sizes` and `e.operands` with the linear form of a structured op,
/// whose operands are arguments of its `kernel.func`.
void linearize(Emission &e, mlir::Operation *structured);

} // namespace tensorc::lowering

#endif // TENSORC_COMPILER_LOWERING_COMMON_EMISSION_H
