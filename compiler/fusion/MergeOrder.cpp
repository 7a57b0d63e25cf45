//===- MergeOrder.cpp - Which clusters are joined first -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/Clusters.h"

using namespace mlir;

namespace tensorc::compiler::fusion {

/// Numbers the clusters, one for each op, in the program's order.
void Clustering::buildGraph() {
  graph = ClusterGraph(clusters.size());
  for (Cluster &cluster : clusters) {
    unsigned number = cluster.number = numbered.size();
    numbered.push_back(&cluster);
    llvm::SmallSetVector<unsigned, 4> producers;
    for (Value operand : cluster.members.front().first->getOperands())
      for (Operation *source : sourcesOf(operand))
        producers.insert(ownerOf.lookup(source)->number);
    for (unsigned producer : producers)
      graph.addEdge(producer, number);
  }
  versions.assign(numbered.size(), 0);
}

/// Joins elementwise ops that have one reader with it, so that whole chains
/// look for a place together.
void Clustering::mergeChains() {
  auto isPlain = [](Cluster *cluster) {
    return cluster->kind == ClusterKind::Generic && !cluster->reduces();
  };
  auto isReturned = [&](Operation *op) {
    llvm::SmallPtrSet<Operation *, 8> seen;
    SmallVector<Operation *> pending = {op};
    while (!pending.empty())
      for (Operation *user : pending.pop_back_val()->getUsers()) {
        if (user->hasTrait<OpTrait::IsTerminator>())
          return true;
        if (isInlined(user) && seen.insert(user).second)
          pending.push_back(user);
      }
    return false;
  };
  for (Operation &op : function.getBody().front().without_terminator()) {
    Cluster *producer = ownerOf.lookup(&op);
    if (!producer || !isPlain(producer))
      continue;
    ArrayRef<unsigned> readers = graph.consumersOf(producer->number);
    if (readers.size() == 1 && isPlain(numbered[readers[0]]) &&
        !isReturned(&op))
      tryMerge(producer, numbered[readers[0]]);
  }
}

std::vector<Clustering::Read>
Clustering::readsOf(const Cluster &cluster) const {
  std::vector<Read> result;
  forEachAccess(cluster, [&](Access access) {
    Read read{access.value, sourcesOf(access.value)};
    llvm::erase_if(read.sources, [&](Operation *source) {
      return ownerOf.lookup(source) == &cluster;
    });
    if (!read.sources.empty())
      result.push_back(std::move(read));
  });
  return result;
}

static int64_t bytesOf(Value value) {
  std::optional<int64_t> elements = expectedProduct(shapeOf(value));
  return elements.value_or(1) *
         getElementTypeOrSelf(value).getIntOrFloatBitWidth() / 8;
}

/// Adds the edges to `consumer`, or the one from `producer` only.
void Clustering::addEdges(unsigned consumer, std::optional<unsigned> producer) {
  const Cluster &reader = *numbered[consumer];
  if (reader.kind != ClusterKind::Generic && reader.kind != ClusterKind::Pad)
    return;
  struct Loads {
    unsigned first;
    llvm::SmallSetVector<Value, 4> values;
  };
  llvm::MapVector<unsigned, Loads> loads;
  unsigned count = 0;
  for (const Read &read : reads[consumer])
    for (Operation *source : read.sources) {
      unsigned from = ownerOf.lookup(source)->number, index = count++;
      if (producer && from != *producer)
        continue;
      Loads &known = loads.try_emplace(from, Loads{index, {}}).first->second;
      known.values.insert(read.value);
    }
  for (auto &[from, known] : loads) {
    // A join saves the loads, and the stores of what nobody else reads.
    const Cluster &source = *numbered[from];
    int64_t bytes = 0;
    for (Value value : known.values)
      bytes += bytesOf(value) *
               (isUsedOutside(value.getDefiningOp(), source, &reader) ? 1 : 2);
    edges.push({from, consumer, source.kind == ClusterKind::Contract, bytes,
                lastPosition(reader), known.first, versions[from],
                versions[consumer]});
  }
}

/// Joins whatever can be joined. Epilogues come first; then, since one join may
/// rule out another, those that save the most traffic. A pair that can't be
/// joined is tried again when one of the two has become another cluster: no
/// other join removes what stood in the way.
void Clustering::mergeAll() {
  reads.resize(numbered.size());
  for (Cluster *cluster : numbered)
    if (cluster) {
      reads[cluster->number] = readsOf(*cluster);
      addEdges(cluster->number);
    }
  while (!edges.empty()) {
    Edge edge = edges.top();
    edges.pop();
    unsigned producer = edge.producer, consumer = edge.consumer;
    if (edge.producerVersion != versions[producer] ||
        edge.consumerVersion != versions[consumer] ||
        !tryMerge(numbered[producer], numbered[consumer]))
      continue;
    reads[producer].clear();
    reads[consumer] = readsOf(*numbered[consumer]);
    addEdges(consumer);
    for (unsigned reader : graph.consumersOf(consumer))
      addEdges(reader, consumer);
  }
  clusters.remove_if([&](const Cluster &cluster) {
    return numbered[cluster.number] != &cluster;
  });
}

} // namespace tensorc::compiler::fusion
