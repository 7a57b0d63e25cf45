//===- Merge.cpp - Joining a cluster with what it reads -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Two clusters are joined on one of their iteration spaces. A cluster of
// elementwise ops is computed wherever its consumer reads it, so the consumer's
// space stays. A consumer of a reduction, a window or a contraction is computed
// where the producer's points are. Either way each of the other cluster's
// dimensions becomes an expression in the dimensions that stay.
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/Clusters.h"

#include "dialects/graph/GraphDialect.h"
#include "dialects/kernel/IndexMaps.h"
#include "dialects/scalar/Sizes.h"

using namespace mlir;

namespace tensorc::compiler::fusion {

/// A row that several passes read must stay in the L2 cache.
static constexpr int64_t kMaxRowElements = 65536;
/// Longer rows than this want to be split over threads, so they must not wait
/// for each other.
static constexpr int64_t kLongRow = 4096;
static constexpr int64_t kFewRows = 8;
/// More tensors than this run out of registers for their addresses.
static constexpr size_t kMaxOperands = 24;
/// More ops than this in a kernel save no traffic that counts, while constants
/// and addresses run out of registers and fusion and code generation take more
/// than linear time. 2,048 ops on 4,096 floats run 0.40 ms in kernels of 64,
/// 0.36 of 32, 0.55 of 128, 0.95 of 1,024, and compile fastest with 64.
static constexpr size_t kMaxMembers = 64;

static std::optional<unsigned> soleDim(AffineExpr expr) {
  auto dim = dyn_cast<AffineDimExpr>(expr);
  return dim ? std::optional<unsigned>(dim.getPosition()) : std::nullopt;
}

/// `members` of a space in terms of another, whose dimensions `substitution`
/// takes to those of the first.
static void substitute(llvm::MapVector<Operation *, Member> &members,
                       AffineMap substitution) {
  if (substitution.isIdentity())
    return;
  for (auto &[op, member] : members) {
    member.map = member.map.compose(substitution);
    for (AffineMap &map : member.operandMaps)
      map = map.compose(substitution);
    if (member.position)
      member.position = member.position.compose(substitution);
  }
}

/// True where `expr` stays below `size` (and is at least 0) at all points of
/// `space`. Where only reduced dimensions are empty, there still are results.
static bool staysInside(AffineExpr expr, int64_t size, const Cluster &space) {
  std::optional<unsigned> dim = soleDim(expr);
  if (dim && space.sizes[*dim] == size)
    return true;
  SmallVector<int64_t> sizes(space.sizes);
  for (auto [extent, reduced] : llvm::zip_equal(sizes, space.reduced)) {
    if (extent != 0)
      continue;
    if (!reduced)
      return true; // at no point
    extent = 1;
  }
  FailureOr<kernel::LinearExpr> linear =
      kernel::LinearExpr::of(expr, sizes.size());
  if (failed(linear))
    return false;
  SymInt first = linear->offset, last = linear->offset;
  for (auto [coefficient, extent] :
       llvm::zip_equal(linear->coefficients, sizes)) {
    if (coefficient == 0)
      continue;
    if (ShapedType::isDynamic(extent))
      return false;
    (coefficient < 0 ? first : last) += (SymInt(extent) - 1) * coefficient;
  }
  return known_at_most(0, first) &&
         (ShapedType::isDynamic(size) || known_less(last, size));
}

static AffineMap substitutionOf(ArrayRef<AffineExpr> exprs, unsigned dims,
                                MLIRContext *context) {
  return AffineMap::get(dims, 0, exprs, context);
}

/// The elementwise `producer` in the space of `consumer`: solves "read there =
/// written here" for the producer's dimensions.
std::optional<Cluster> Clustering::intoConsumer(const Cluster &producer,
                                                const Cluster &consumer) const {
  MLIRContext *context = function->getContext();
  std::optional<Cluster> merged;
  forEachAccess(consumer, [&](Access access) {
    if (merged || !producer.contains(access.value))
      return;
    AffineMap written =
        producer.members.find(access.value.getDefiningOp())->second.map;
    SmallVector<AffineExpr> exprs(producer.sizes.size());
    for (auto [index, result] : llvm::enumerate(written.getResults()))
      if (auto dim = soleDim(result); dim && !exprs[*dim])
        exprs[*dim] = access.map.getResult(index);
    for (auto [size, expr] : llvm::zip_equal(producer.sizes, exprs))
      if (!expr && size == 1)
        expr = getAffineConstantExpr(0, context);
    if (!llvm::all_of(exprs, [](AffineExpr expr) { return bool(expr); }))
      return;
    // What is read of a padded member may be padding, where it has no point.
    for (auto [size, expr] : llvm::zip_equal(producer.sizes, exprs))
      if (!staysInside(expr, size, consumer))
        return;
    merged = consumer;
    auto members = producer.members;
    substitute(members, substitutionOf(exprs, consumer.sizes.size(), context));
    for (auto &entry : members)
      merged->members.insert(entry);
  });
  return merged;
}

/// The axes of tensors that dimension `dim` of `cluster` runs along.
llvm::DenseSet<std::pair<Value, unsigned>>
Clustering::axesAlong(const Cluster &cluster, unsigned dim) const {
  llvm::DenseSet<std::pair<Value, unsigned>> axes;
  auto add = [&](Value value, AffineMap map) {
    for (auto [axis, result] : llvm::enumerate(map.getResults()))
      if (soleDim(result) == dim)
        axes.insert({value, axis});
  };
  for (auto &[op, member] : cluster.members)
    add(op->getResult(0), member.map);
  forEachAccess(cluster, [&](Access access) { add(access.value, access.map); });
  return axes;
}

/// True where two dimensions are known to have one size: an unknown one is that
/// of an axis that both run along.
bool Clustering::haveSameSize(const Cluster &a, unsigned dimOfA,
                              const Cluster &b, unsigned dimOfB) const {
  if (!ShapedType::isDynamic(a.sizes[dimOfA]) ||
      !ShapedType::isDynamic(b.sizes[dimOfB]))
    return a.sizes[dimOfA] == b.sizes[dimOfB];
  auto axes = axesAlong(a, dimOfA);
  return llvm::any_of(axesAlong(b, dimOfB),
                      [&](auto axis) { return axes.contains(axis); });
}

/// Where the points of `cluster` write `value`, which is a member's result, or
/// that under another shape.
static FailureOr<AffineMap> writtenAt(const Cluster &cluster, Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return failure();
  if (auto *member = cluster.members.find(op); member != cluster.members.end())
    return member->second.map;
  auto indexing = dyn_cast<graph::IndexingOpInterface>(op);
  if (!indexing || !indexing.keepsOrder())
    return failure();
  FailureOr<AffineMap> map = writtenAt(cluster, op->getOperand(0));
  return succeeded(map) ? indexing.getResultMap(*map, cluster.sizes) : map;
}

/// The `consumer` in the space of `producer`: solves "read there = written
/// here" for the consumer's dimensions. Those that the read doesn't show (it is
/// broadcast along them) are the producer's reduced dimensions, in order.
std::optional<Cluster> Clustering::intoProducer(const Cluster &producer,
                                                const Cluster &consumer) const {
  MLIRContext *context = function->getContext();
  SmallVector<AffineExpr> exprs(consumer.sizes.size());
  forEachAccess(consumer, [&](Access access) {
    FailureOr<AffineMap> written = writtenAt(producer, access.value);
    if (failed(written))
      return;
    for (auto [index, result] : llvm::enumerate(access.map.getResults()))
      if (auto dim = soleDim(result); dim && !exprs[*dim])
        exprs[*dim] = written->getResult(index);
  });
  AffineExpr zero = getAffineConstantExpr(0, context);
  llvm::SmallDenseSet<unsigned> taken;
  for (auto [size, expr] : llvm::zip_equal(consumer.sizes, exprs)) {
    if (size == 1)
      expr = zero;
    for (unsigned dim = 0; expr && dim < producer.sizes.size(); ++dim)
      if (expr.isFunctionOfDim(dim))
        taken.insert(dim);
  }
  unsigned next = 0;
  for (auto [dim, expr] : llvm::enumerate(exprs)) {
    if (expr)
      continue;
    while (next < producer.sizes.size() &&
           (!producer.reduced[next] || producer.sizes[next] == 1 ||
            taken.contains(next)))
      ++next;
    if (next == producer.sizes.size() ||
        !haveSameSize(producer, next, consumer, dim))
      return std::nullopt;
    expr = getAffineDimExpr(next++, context);
  }
  // A consumer of a slice has fewer points than the producer.
  for (auto [size, expr] : llvm::zip_equal(consumer.sizes, exprs))
    if (!staysInside(expr, size, producer))
      return std::nullopt;
  // What the consumer reduces is what the producer reduces, all of it.
  if (consumer.reduces()) {
    SmallVector<bool> covered(producer.sizes.size(), false);
    for (auto [reduced, size, expr] :
         llvm::zip_equal(consumer.reduced, consumer.sizes, exprs)) {
      if (size == 1)
        continue;
      std::optional<unsigned> dim = soleDim(expr);
      if (reduced &&
          (!dim || !producer.reduced[*dim] || producer.sizes[*dim] != size))
        return std::nullopt;
      for (unsigned d = 0; d < producer.sizes.size() && !reduced; ++d)
        if (producer.reduced[d] && producer.sizes[d] != 1 &&
            expr.isFunctionOfDim(d))
          return std::nullopt;
      if (reduced)
        covered[*dim] = true;
    }
    for (auto [reduced, size, isCovered] :
         llvm::zip_equal(producer.reduced, producer.sizes, covered))
      if (reduced && size != 1 && !isCovered)
        return std::nullopt;
  }
  Cluster merged = producer;
  auto members = consumer.members;
  substitute(members, substitutionOf(exprs, producer.sizes.size(), context));
  for (auto &entry : members)
    merged.members.insert(entry);
  return merged;
}

/// True where each member is read where it is computed, and what leaves the
/// cluster can be written.
bool Clustering::isLegal(const Cluster &merged) {
  bool legal = true;
  llvm::SmallSetVector<Value, 16> operands;
  forEachAccess(merged, [&](Access access) {
    if (!merged.contains(access.value)) {
      // A member under a reshape that the space can't express.
      for (Operation *source : sourcesOf(access.value))
        legal &= !merged.members.count(source);
      operands.insert(access.value);
      return;
    }
    auto *member = merged.members.find(access.value.getDefiningOp());
    legal &= access.map == member->second.map ||
             canonicalMap(access.map, merged.sizes) ==
                 canonicalMap(member->second.map, merged.sizes);
  });
  if (!legal)
    return false;
  for (auto &[op, member] : merged.members) {
    if (!isUsedOutside(op, merged))
      continue;
    Value result = op->getResult(0);
    Coverage covered =
        coverage(member.map, merged.sizes, merged.reduced, shapeOf(result));
    if (covered == Coverage::None || (covered == Coverage::Partial &&
                                      !valueOfUncovered(*this, merged, result)))
      return false;
    operands.insert(result);
  }
  if (merged.kind != ClusterKind::Contract)
    return operands.size() <= kMaxOperands;
  // An epilogue sees the points of the result only.
  for (auto &[op, member] : merged.members) {
    if (op == merged.anchor)
      continue;
    for (unsigned dim = 0; dim < merged.sizes.size(); ++dim)
      if (merged.reduced[dim] && (member.map.isFunctionOfDim(dim) ||
                                  llvm::any_of(member.operandMaps, [&](auto m) {
                                    return m.isFunctionOfDim(dim);
                                  })))
        return false;
  }
  return operands.size() <= kMaxOperands;
}

bool Clustering::isWorthwhile(const Cluster &producer, const Cluster &consumer,
                              const Cluster &merged) {
  // The gradient of a parameter may be wanted for more than its update.
  if (producer.kind == ClusterKind::Contract)
    return llvm::none_of(consumer.members, [&](auto &entry) {
      return updates.contains(entry.first);
    });
  std::optional<int64_t> consumerPoints = expectedProduct(consumer.sizes);
  if (!producer.reduces()) {
    std::optional<int64_t> points = expectedProduct(producer.sizes);
    return !points || !consumerPoints || *consumerPoints <= *points ||
           llvm::all_of(producer.members, [&](auto &entry) {
             return scalarBody(entry.first).isCheap;
           });
  }
  // Only a consumer of whole rows makes another pass over them.
  bool readsRows = llvm::any_of(consumer.members, [&](auto &entry) {
    AffineMap map = merged.members.find(entry.first)->second.map;
    for (unsigned dim = 0; dim < merged.sizes.size(); ++dim)
      if (merged.reduced[dim] && map.isFunctionOfDim(dim))
        return true;
    return false;
  });
  if (!readsRows)
    return true;
  SmallVector<int64_t> rows, row;
  for (auto [reduced, size] : llvm::zip_equal(merged.reduced, merged.sizes))
    (reduced ? row : rows).push_back(size);
  int64_t length = expectedProduct(row).value_or(0);
  int64_t count = expectedProduct(rows).value_or(kFewRows);
  return length <= kMaxRowElements && (length <= kLongRow || count >= kFewRows);
}

/// True where the kernel that computes what `pad` pads may write it to its
/// place in the padded tensor: nothing is cropped, and nobody else wants it
/// dense.
static bool canWritePadded(Operation *pad, bool isUsedElsewhere) {
  return !isUsedElsewhere && cast<graph::PlacementOpInterface>(pad).keepsAll();
}

bool Clustering::tryMerge(Cluster *producer, Cluster *consumer) {
  ++tries;
  bool pads = consumer->kind == ClusterKind::Pad;
  if (pads) {
    Operation *source = consumer->anchor->getOperand(0).getDefiningOp();
    if (!producer->members.count(source) ||
        !canWritePadded(consumer->anchor,
                        isUsedOutside(source, *producer, consumer)))
      return false;
  }
  if ((!pads && consumer->kind != ClusterKind::Generic) ||
      (producer->kind != ClusterKind::Generic &&
       (producer->kind != ClusterKind::Contract || consumer->reduces())) ||
      producer->members.size() + consumer->members.size() > kMaxMembers)
    return false;
  unsigned from = producer->number, to = consumer->number;
  auto earlier = graph.between(from, to);
  if (!earlier)
    return false;
  auto accept = [&](std::optional<Cluster> merged) {
    if (!merged)
      return false;
    if (pads) {
      merged->kind = producer->kind;
      merged->anchor = producer->anchor;
    }
    auto members = merged->members.takeVector();
    llvm::sort(members, [&](auto &a, auto &b) {
      return position.lookup(a.first) < position.lookup(b.first);
    });
    for (auto &entry : members)
      merged->members.insert(std::move(entry));
    if (!isLegal(*merged) || !isWorthwhile(*producer, *consumer, *merged))
      return false;
    for (auto &[op, member] : producer->members)
      ownerOf[op] = consumer;
    *consumer = std::move(*merged);
    consumer->number = to;
    graph.join(from, to, *earlier);
    numbered[from] = nullptr;
    ++versions[from];
    ++versions[to];
    return true;
  };
  bool elementwise =
      producer->kind == ClusterKind::Generic && !producer->reduces();
  if (elementwise && accept(intoConsumer(*producer, *consumer)))
    return true;
  return !(elementwise && consumer->reduces()) &&
         accept(intoProducer(*producer, *consumer));
}

} // namespace tensorc::compiler::fusion
