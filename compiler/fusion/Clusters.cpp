//===- Clusters.cpp - What runs together ----------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/Clusters.h"

#include "dialects/graph/GraphDialect.h"
#include "dialects/kernel/KernelDialect.h"
#include "tensorc/op.h"

using namespace mlir;

namespace tensorc::compiler::fusion {

LogicalResult Clustering::run() {
  if (failed(checkOps()))
    return failure();
  unsigned next = 0;
  for (Operation &op : function.getBody().front())
    position[&op] = next++;
  findUpdates();
  findInlined();
  for (Operation &op : function.getBody().front().without_terminator())
    if (!inlined.contains(&op) && !constantOf(&op)) {
      clusters.push_back(seedCluster(&op));
      ownerOf[&op] = &clusters.back();
      if (runsAlone(&op))
        clusters.back().kind = ClusterKind::Check;
    }
  buildGraph();
  mergeChains();
  mergeAll();
  giveBuffers();
  sort();
  return success();
}

void Clustering::findUpdates() {
  Operation *terminator = function.getBody().front().getTerminator();
  for (OpOperand &result : terminator->getOpOperands()) {
    if (!function.getResultAttr(result.getOperandNumber(), "graph.state"))
      continue;
    replacesState = true;
    if (Operation *op = result.get().getDefiningOp())
      updates.insert(op);
  }
}

LogicalResult Clustering::checkOps() {
  for (Operation &op : function.getBody().front().without_terminator()) {
    if (auto indexing = dyn_cast<graph::IndexingOpInterface>(op);
        indexing && !indexing.keepsOrder()) {
      ArrayRef<int64_t> sizes = shapeOf(op.getResult(0));
      if (failed(indexing.getOperandMap(
              AffineMap::getMultiDimIdentityMap(sizes.size(), op.getContext()),
              sizes)))
        return op.emitOpError("has no kernel: it begins at an index that is no "
                              "number");
    }
    if (isIndexing(&op) || isCreation(&op) || constantOf(&op) || hasSpace(&op))
      continue;
    const OpInfo *info = isa<graph::GraphDialect>(op.getDialect())
                             ? find_op(op.getName().stripDialect())
                             : nullptr;
    if (!info)
      return op.emitOpError("has no kernel: expected a primitive `graph` op");
    if (info->kind == OpKind::Composite)
      return op.emitOpError("has no kernel: composite ops are decomposed by "
                            "`tensorc-simplify`");
    if (info->kind == OpKind::Request)
      return op.emitOpError("has no kernel: requests are expanded by "
                            "`tensorc-differentiate`");
    return op.emitOpError("has no kernel in this form: `tensorc-legalize` "
                          "brings ops to one that has");
  }
  return success();
}

//===----------------------------------------------------------------------===//
// What is computed anew by each reader
//===----------------------------------------------------------------------===//

/// Asks the body itself, built on a block of its own.
Clustering::ScalarBody Clustering::scalarBody(Operation *op) {
  auto [known, isNew] = scalarBodies.try_emplace(op);
  auto elementwise = dyn_cast<graph::ElementwiseOpInterface>(op);
  if (!isNew || !elementwise)
    return known->second;
  Block scratch;
  for (Value operand : op->getOperands())
    scratch.addArgument(getElementTypeOrSelf(operand), op->getLoc());
  OpBuilder builder(op->getContext());
  builder.setInsertionPointToEnd(&scratch);
  elementwise.emitScalar(builder, op->getLoc(), scratch.getArguments(),
                         getElementTypeOrSelf(op->getResult(0)));
  known->second.isCheap = llvm::none_of(scratch, [](Operation &scalar) {
    return isa<math::MathDialect>(scalar.getDialect()) ||
           isa<arith::DivFOp, arith::RemFOp>(scalar);
  });
  known->second.canFail = llvm::any_of(
      scratch, [](Operation &scalar) { return isa<scalar::CheckOp>(scalar); });
  return known->second;
}

/// True for what can fail in a function that replaces state: a kernel of its
/// own runs as early as possible, so that state is written after it, and the
/// kernels that write state may do so in place.
bool Clustering::runsAlone(Operation *op) {
  return replacesState && scalarBody(op).canFail;
}

/// True where computing `op` again reads no more than its result would be: from
/// at most one tensor of its size, which is in memory anyway, and smaller ones.
bool Clustering::costsNoLoad(Operation *op) {
  Value result = op->getResult(0);
  std::optional<int64_t> elements = expectedProduct(shapeOf(result));
  llvm::SmallSetVector<Value, 4> large;
  Cluster alone = seedCluster(op);
  forEachAccess(alone, [&](Access access) {
    std::optional<int64_t> others = expectedProduct(shapeOf(access.value));
    if (!others || !elements || *others >= *elements)
      large.insert(access.value);
  });
  return large.size() <= 1 && llvm::all_of(large, [&](Value value) {
           Operation *source = value.getDefiningOp();
           return !source || constantOf(source) || runsAlone(source);
         });
}

/// More scalar operations than this are done once rather than by each reader:
/// they would cost more than the load that they save, and chains of them would
/// make long bodies again and again.
static constexpr unsigned kMaxInlinedWork = 16;

void Clustering::findInlined() {
  // Readers that need a value in memory, backwards through indexing ops.
  llvm::DenseSet<Operation *> inMemory;
  for (Operation &op : llvm::reverse(function.getBody().front())) {
    ClusterKind kind = kindOf(&op);
    if (!isa<func::ReturnOp>(op) && kind != ClusterKind::Pad &&
        kind != ClusterKind::Contract &&
        !(isIndexing(&op) && inMemory.contains(&op)))
      continue;
    for (Value operand : op.getOperands())
      if (Operation *source = operand.getDefiningOp())
        inMemory.insert(source);
  }
  llvm::DenseMap<Operation *, unsigned> work; // of each inlined op's readers
  for (Operation &op : function.getBody().front().without_terminator()) {
    unsigned cost = isa<graph::ElementwiseOpInterface>(op);
    for (Value operand : op.getOperands())
      cost += work.lookup(operand.getDefiningOp());
    if (isIndexing(&op) || isCreation(&op) ||
        (scalarBody(&op).isCheap && !inMemory.contains(&op) &&
         cost <= kMaxInlinedWork && !runsAlone(&op) && costsNoLoad(&op))) {
      inlined.insert(&op);
      work[&op] = cost;
    }
  }
}

//===----------------------------------------------------------------------===//
// What clusters read
//===----------------------------------------------------------------------===//

void Clustering::forEachAccess(const Cluster &cluster,
                               function_ref<void(Access)> visit) const {
  llvm::DenseSet<std::pair<Value, AffineMap>> seen;
  SmallVector<Access> pending;
  auto follow = [&](Access start, ArrayRef<int64_t> sizes) {
    pending.push_back(start);
    while (!pending.empty()) {
      Access access = resolve(pending.pop_back_val(), sizes);
      if (!seen.insert({access.value, access.map}).second)
        continue;
      Operation *op = access.value.getDefiningOp();
      if (!op || !isInlined(op) || isIndexing(op)) {
        visit(access);
        continue;
      }
      for (Value operand : llvm::reverse(op->getOperands()))
        pending.push_back({operand, access.map});
    }
  };
  bool pads = cluster.kind == ClusterKind::Pad;
  if (pads && cluster.keepsDims()) // reads its operand from memory
    return visit({cluster.anchor->getOperand(0),
                  cluster.members.front().second.operandMaps[0]});
  if (pads || cluster.kind == ClusterKind::Cat) {
    for (Value operand : cluster.anchor->getOperands())
      follow({operand, AffineMap::getMultiDimIdentityMap(
                           shapeOf(operand).size(), operand.getContext())},
             shapeOf(operand));
    return;
  }
  if (cluster.members.empty())
    for (Access output : cluster.outputs)
      follow(output, cluster.sizes);
  for (auto &[op, member] : cluster.members)
    for (auto [operand, map] :
         llvm::zip_equal(op->getOperands(), member.operandMaps)) {
      if (op == cluster.anchor) // a contraction's operands lie in memory
        visit(resolve({operand, map}, cluster.sizes));
      else
        follow({operand, map}, cluster.sizes);
    }
}

/// The ops of clusters that `value` is made of, through inlined ones.
SmallVector<Operation *, 2> Clustering::sourcesOf(Value value) const {
  SmallVector<Operation *, 2> result;
  llvm::SmallPtrSet<Operation *, 8> seen;
  SmallVector<Value> pending = {value};
  while (!pending.empty()) {
    Operation *op = pending.pop_back_val().getDefiningOp();
    if (!op || !seen.insert(op).second)
      continue;
    if (ownerOf.lookup(op))
      result.push_back(op);
    else if (isInlined(op))
      llvm::append_range(pending, op->getOperands());
  }
  return result;
}

bool Clustering::isUsedOutside(Operation *op, const Cluster &cluster,
                               const Cluster *other) const {
  llvm::SmallPtrSet<Operation *, 8> seen;
  SmallVector<Operation *> pending = {op};
  while (!pending.empty())
    for (Operation *user : pending.pop_back_val()->getUsers()) {
      if (!seen.insert(user).second || cluster.members.count(user) ||
          (other && other->members.count(user)))
        continue;
      if (!isInlined(user))
        return true;
      pending.push_back(user);
    }
  return false;
}

unsigned Clustering::lastPosition(const Cluster &cluster) const {
  if (cluster.members.empty())
    return position.lookup(cluster.outputs.front().value.getDefiningOp());
  return position.lookup(cluster.members.back().first);
}

//===----------------------------------------------------------------------===//
// What gets a buffer, and when clusters run
//===----------------------------------------------------------------------===//

void Clustering::giveBuffers() {
  llvm::DenseSet<Value> given;
  llvm::DenseSet<const Cluster *> visited;
  SmallVector<Value> pending;
  auto visit = [&](const Cluster &cluster) {
    if (!visited.insert(&cluster).second)
      return;
    forEachAccess(cluster, [&](Access access) {
      if (!cluster.contains(access.value))
        pending.push_back(access.value);
    });
  };
  for (Value result :
       llvm::reverse(function.getBody().front().getTerminator()->getOperands()))
    pending.push_back(result);
  while (!pending.empty()) {
    Value value = pending.pop_back_val();
    Operation *op = value.getDefiningOp();
    if (!op || !given.insert(value).second)
      continue;
    if (auto indexing = dyn_cast<graph::IndexingOpInterface>(op);
        indexing && indexing.keepsOrder()) {
      pending.push_back(op->getOperand(0));
      continue;
    }
    Cluster *owner = ownerOf.lookup(op);
    if (!owner && !isInlined(op))
      continue; // a constant
    if (!owner) {
      Cluster &copy = clusters.emplace_back();
      llvm::append_range(copy.sizes, shapeOf(value));
      copy.reduced.assign(copy.sizes.size(), false);
      owner = ownerOf[op] = &copy;
    }
    auto member = owner->members.find(op);
    AffineMap map = member != owner->members.end()
                        ? member->second.map
                        : AffineMap::getMultiDimIdentityMap(owner->sizes.size(),
                                                            op->getContext());
    owner->outputs.push_back({value, map});
    bool partial = (owner->kind == ClusterKind::Generic ||
                    owner->kind == ClusterKind::Contract) &&
                   coverage(map, owner->sizes, owner->reduced,
                            shapeOf(value)) == Coverage::Partial;
    owner->fills.push_back(partial ? valueOfUncovered(*this, *owner, value)
                                   : TypedAttr());
    visit(*owner);
  }
  clusters.remove_if(
      [](const Cluster &cluster) { return cluster.outputs.empty(); });
  for (auto it = ownerOf.begin(); it != ownerOf.end(); ++it)
    if (!visited.contains(it->second))
      it->second = nullptr;
  // Outputs in program order, whatever order they were asked for in.
  for (Cluster &cluster : clusters) {
    SmallVector<std::pair<Access, TypedAttr>> outputs;
    for (auto [output, fill] : llvm::zip_equal(cluster.outputs, cluster.fills))
      outputs.emplace_back(output, fill);
    llvm::sort(outputs, [&](auto &a, auto &b) {
      return position.lookup(a.first.value.getDefiningOp()) <
             position.lookup(b.first.value.getDefiningOp());
    });
    for (auto [index, output] : llvm::enumerate(outputs))
      std::tie(cluster.outputs[index], cluster.fills[index]) = output;
  }
}

void Clustering::sort() {
  llvm::DenseMap<Cluster *, unsigned> open;
  llvm::DenseMap<Cluster *, SmallVector<Cluster *>> readers;
  // What can fail first, then in program order.
  auto later = [&](Cluster *a, Cluster *b) {
    return std::pair(a->kind != ClusterKind::Check, lastPosition(*a)) >
           std::pair(b->kind != ClusterKind::Check, lastPosition(*b));
  };
  std::priority_queue<Cluster *, std::vector<Cluster *>, decltype(later)> ready(
      later);
  for (Cluster &cluster : clusters) {
    llvm::SmallSetVector<Cluster *, 8> needed;
    forEachAccess(cluster, [&](Access access) {
      for (Operation *source : sourcesOf(access.value))
        needed.insert(ownerOf.lookup(source));
    });
    needed.remove(&cluster);
    open[&cluster] = needed.size();
    for (Cluster *dependency : needed)
      readers[dependency].push_back(&cluster);
    if (needed.empty())
      ready.push(&cluster);
  }
  while (!ready.empty()) {
    Cluster *cluster = ready.top();
    ready.pop();
    sorted.push_back(cluster);
    for (Cluster *reader : readers.lookup(cluster))
      if (--open[reader] == 0)
        ready.push(reader);
  }
  assert(sorted.size() == clusters.size() && "clusters form a cycle");
}

} // namespace tensorc::compiler::fusion
