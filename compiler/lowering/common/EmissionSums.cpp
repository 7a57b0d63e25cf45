//===- EmissionSums.cpp - Long sums in blocks and blocks of blocks --------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sum of n terms that are added one after the other may be off by n roundings
// of the total. So a loop that adds more than `longestChain` terms to a value
// is cut into blocks, whose sums start at zero; where there are too many of
// these, they are added in blocks as well. The code of a loop's body stays one,
// and an addition for each block is what it costs (Higham, "The accuracy of
// floating point summation", SIAM J. Sci. Comput. 14, 1993).
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/common/Emission.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::lowering;

/// Whether the order of combining matters to the error. A product of n factors
/// has n roundings in any order; maxima and integers have none.
static bool areSums(ArrayRef<scalar::Combiner> combiners, ValueRange values) {
  return llvm::any_of(llvm::zip_equal(combiners, values), [](auto pair) {
    auto [combiner, value] = pair;
    return combiner == scalar::Combiner::Add &&
           isa<FloatType>(getElementTypeOrSelf(value.getType()));
  });
}

SmallVector<Value> Emission::identities(ArrayRef<scalar::Combiner> combiners,
                                        ValueRange like) {
  SmallVector<Value> values;
  for (auto [combiner, value] : llvm::zip_equal(combiners, like))
    values.push_back(identity(combiner, value.getType()));
  return values;
}

SmallVector<Value> Emission::combine(ArrayRef<scalar::Combiner> combiners,
                                     ValueRange x, ValueRange y) {
  SmallVector<Value> values;
  for (auto [combiner, left, right] : llvm::zip_equal(combiners, x, y))
    values.push_back(combine(combiner, left, right));
  return values;
}

/// `x` is at most `limit`: known, or as a condition. What may be more is taken
/// to be: code for both isn't worth it.
static std::pair<std::optional<bool>, Value> atMost(Emission &e, OpFoldResult x,
                                                    int64_t limit) {
  if (auto bound = e.greatest(x))
    return {*bound <= limit, Value()};
  return {std::nullopt,
          arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::sle,
                                e.value(x), e.index(limit))};
}

/// One of two ways to make values of the types of `like`.
static SmallVector<Value>
choose(Emission &e, std::pair<std::optional<bool>, Value> condition,
       ValueRange like, function_ref<SmallVector<Value>()> then,
       function_ref<SmallVector<Value>()> otherwise) {
  if (condition.first)
    return *condition.first ? then() : otherwise();
  auto branch = scf::IfOp::create(e.b, e.loc, like.getTypes(), condition.second,
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(e.b);
  e.b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(e.b, e.loc, then());
  e.b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(e.b, e.loc, otherwise());
  return llvm::to_vector_of<Value>(branch.getResults());
}

SmallVector<Value> Emission::sumBlocks(OpFoldResult begin, OpFoldResult end,
                                       int64_t step,
                                       ArrayRef<scalar::Combiner> combiners,
                                       int64_t chain, ValueRange inits,
                                       LoopBody body) {
  auto first = constantOf(begin), last = constantOf(end);
  // Where it isn't known, there are levels enough for this.
  int64_t extent = greatest(end).value_or(step << 24) - first.value_or(0);
  SmallVector<int64_t> spans;
  for (int64_t span = step * chain; span < extent; span *= longestChain)
    spans.push_back(span);
  // The inner loops of whole blocks have a size that is known.
  bool isWhole = first && last && llvm::all_of(spans, [&](int64_t span) {
                   return extent % span == 0;
                 });
  std::function<SmallVector<Value>(size_t, OpFoldResult, OpFoldResult,
                                   ValueRange)>
      nest = [&](size_t level, OpFoldResult from, OpFoldResult to,
                 ValueRange carried) -> SmallVector<Value> {
    if (level == 0)
      return forLoop(from, to, step, carried, body);
    int64_t span = spans[level - 1];
    return forLoop(
        from, to, span, carried, [&](OpFoldResult start, ValueRange totals) {
          OpFoldResult stop = add(start, attr(span));
          return combine(combiners, totals,
                         nest(level - 1, start, isWhole ? stop : min(stop, to),
                              identities(combiners, inits)));
        });
  };
  return nest(spans.size(), begin, end, inits);
}

SmallVector<Value> Emission::sumLoop(OpFoldResult begin, OpFoldResult end,
                                     int64_t step,
                                     ArrayRef<scalar::Combiner> combiners,
                                     int64_t chain, ValueRange inits,
                                     LoopBody body) {
  // The body may write to where they came from, and is emitted twice.
  SmallVector<Value> starts(inits);
  auto plain = [&] { return forLoop(begin, end, step, starts, body); };
  if (!areSums(combiners, starts))
    return plain();
  // Of a loop whose beginning isn't known, all that there may be.
  OpFoldResult extent = constantOf(end) ? end : sub(end, begin);
  if (constantOf(begin) && constantOf(end))
    extent = sub(end, begin);
  return choose(*this, atMost(*this, extent, step * chain), starts, plain, [&] {
    return sumBlocks(begin, end, step, combiners, chain, starts, body);
  });
}

SmallVector<Value> Emission::sumNest(ArrayRef<OpFoldResult> extents,
                                     ArrayRef<scalar::Combiner> combiners,
                                     OpFoldResult terms, int64_t chain,
                                     ValueRange inits, SumBody body) {
  SmallVector<OpFoldResult> ivs;
  // One sum after the other, from `begin` to `end` of the loop at `depth`.
  std::function<SmallVector<Value>(size_t, OpFoldResult, OpFoldResult,
                                   ValueRange)>
      plain = [&](size_t depth, OpFoldResult begin, OpFoldResult end,
                  ValueRange carried) {
        return forLoop(
            begin, end, 1, carried, [&](OpFoldResult iv, ValueRange inner) {
              ivs.push_back(iv);
              SmallVector<Value> next =
                  ivs.size() == extents.size()
                      ? body(ivs, inner, /*isChain=*/true)
                      : plain(depth + 1, attr(0), extents[depth + 1], inner);
              ivs.pop_back();
              return next;
            });
      };
  if (!areSums(combiners, inits))
    return extents.empty() ? body(ivs, inits, /*isChain=*/true)
                           : plain(0, attr(0), extents[0], inits);
  std::function<SmallVector<Value>(ValueRange)> nest =
      [&](ValueRange carried) -> SmallVector<Value> {
    size_t depth = ivs.size();
    if (depth == extents.size())
      return body(ivs, carried, /*isChain=*/false);
    OpFoldResult extent = extents[depth];
    OpFoldResult inside = mul(product(extents.drop_front(depth + 1)), terms);
    auto whole = [&] { return plain(depth, attr(0), extent, carried); };
    // As many runs of the loop in a block as fit.
    auto blocks = [&] {
      OpFoldResult span = div(attr(chain), inside);
      OpFoldResult count = div(add(extent, sub(span, attr(1))), span);
      bool isWhole = isConstant(rem(extent, span), 0);
      return sumBlocks(
          attr(0), count, 1, combiners, longestChain, carried,
          [&](OpFoldResult block, ValueRange totals) {
            OpFoldResult start = mul(block, span), stop = add(start, span);
            return combine(combiners, totals,
                           plain(depth, start,
                                 isWhole ? stop : min(stop, extent),
                                 identities(combiners, inits)));
          });
    };
    auto each = [&] {
      return sumBlocks(attr(0), extent, 1, combiners, longestChain, carried,
                       [&](OpFoldResult iv, ValueRange totals) {
                         ivs.push_back(iv);
                         SmallVector<Value> next =
                             combine(combiners, totals,
                                     nest(identities(combiners, inits)));
                         ivs.pop_back();
                         return next;
                       });
    };
    return choose(*this, atMost(*this, mul(extent, inside), chain), inits,
                  whole, [&] {
                    return choose(*this, atMost(*this, inside, chain), inits,
                                  blocks, each);
                  });
  };
  return nest(inits);
}
