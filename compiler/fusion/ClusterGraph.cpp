//===- ClusterGraph.cpp - Which cluster reads from which ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/ClusterGraph.h"

#include "llvm/ADT/STLExtras.h"

#include <cassert>

using namespace mlir;

namespace tensorc::compiler::fusion {

/// How many nodes one question may look at. What is joined with profit mostly
/// stands together. A value of the forward pass that the backward pass reads
/// does not, and there the way around leads over all that lies in between.
static constexpr size_t kMaxVisits = 1024;
/// Between the labels of neighbours at first.
static constexpr uint64_t kGap = uint64_t(1) << 40;

ClusterGraph::ClusterGraph(unsigned count) : nodes(count) {
  first = count ? 0 : kNone;
  for (unsigned i = 0; i < count; ++i) {
    nodes[i].label = (i + 1) * kGap;
    nodes[i].previous = i ? i - 1 : kNone;
    nodes[i].next = i + 1 < count ? i + 1 : kNone;
  }
}

void ClusterGraph::addEdge(unsigned producer, unsigned consumer) {
  assert(producer < consumer && "an edge against the order");
  assert((nodes[producer].consumers.empty() ||
          nodes[producer].consumers.back() < consumer) &&
         "edges come in the order of the consumers");
  nodes[producer].consumers.push_back(consumer);
  SmallVector<unsigned, 4> &producers = nodes[consumer].producers;
  producers.insert(llvm::lower_bound(producers, producer), producer);
}

std::optional<SmallVector<unsigned>> ClusterGraph::between(unsigned producer,
                                                           unsigned consumer) {
  SmallVector<unsigned> found;
  if (nodes[producer].consumers.size() == 1)
    return found; // nobody else comes after it
  ++visits;
  nodes[consumer].visit = visits;
  // Adds what `node` needs; false where that is the producer.
  auto visit = [&](unsigned node) {
    for (unsigned next : nodes[node].producers) {
      Node &entry = nodes[next];
      if (next == producer) {
        if (node != consumer)
          return false;
      } else if (entry.label > nodes[producer].label && entry.visit != visits) {
        entry.visit = visits;
        found.push_back(next);
      }
    }
    return true;
  };
  visit(consumer);
  for (size_t i = 0; i < found.size(); ++i, ++stepCount)
    if (found.size() > kMaxVisits || !visit(found[i]))
      return std::nullopt;
  return found;
}

void ClusterGraph::unlink(unsigned node) {
  Node &entry = nodes[node];
  (entry.previous == kNone ? first : nodes[entry.previous].next) = entry.next;
  if (entry.next != kNone)
    nodes[entry.next].previous = entry.previous;
}

void ClusterGraph::renumber() {
  uint64_t label = 0;
  for (unsigned node = first; node != kNone; node = nodes[node].next) {
    nodes[node].label = label += kGap;
    ++stepCount;
  }
}

void ClusterGraph::moveBefore(ArrayRef<unsigned> moved, unsigned place) {
  for (unsigned node : moved)
    unlink(node);
  auto previousLabel = [&] {
    unsigned previous = nodes[place].previous;
    return previous == kNone ? 0 : nodes[previous].label;
  };
  if ((nodes[place].label - previousLabel()) / (moved.size() + 1) == 0)
    renumber();
  uint64_t label = previousLabel();
  uint64_t step = (nodes[place].label - label) / (moved.size() + 1);
  for (unsigned node : moved) {
    ++stepCount;
    Node &entry = nodes[node];
    entry.label = label += step;
    entry.previous = nodes[place].previous;
    entry.next = place;
    (entry.previous == kNone ? first : nodes[entry.previous].next) = node;
    nodes[place].previous = node;
  }
}

static void renameIn(SmallVectorImpl<unsigned> &sorted, unsigned old,
                     unsigned now) {
  sorted.erase(llvm::lower_bound(sorted, old));
  auto *place = llvm::lower_bound(sorted, now);
  if (place == sorted.end() || *place != now)
    sorted.insert(place, now);
}

static void eraseFrom(SmallVectorImpl<unsigned> &sorted, unsigned old) {
  auto *place = llvm::lower_bound(sorted, old);
  if (place != sorted.end() && *place == old)
    sorted.erase(place);
}

static void unite(SmallVector<unsigned, 4> &into, ArrayRef<unsigned> from) {
  SmallVector<unsigned, 4> both;
  std::set_union(into.begin(), into.end(), from.begin(), from.end(),
                 std::back_inserter(both));
  into = std::move(both);
}

void ClusterGraph::join(unsigned producer, unsigned consumer,
                        ArrayRef<unsigned> earlier) {
  if (nodes[producer].consumers.size() == 1) {
    unlink(producer); // the consumer stays where it is
  } else {
    // Both come to the producer's place, behind what the consumer needs.
    SmallVector<unsigned> moved(earlier);
    llvm::sort(moved, [&](unsigned a, unsigned b) {
      return nodes[a].label < nodes[b].label;
    });
    moved.push_back(consumer);
    moveBefore(moved, producer);
    unlink(producer);
  }
  Node from = std::move(nodes[producer]);
  nodes[producer] = Node();
  for (unsigned node : from.producers)
    renameIn(nodes[node].consumers, producer, consumer);
  for (unsigned node : from.consumers)
    if (node != consumer)
      renameIn(nodes[node].producers, producer, consumer);
  Node &into = nodes[consumer];
  unite(into.producers, from.producers);
  unite(into.consumers, from.consumers);
  for (SmallVector<unsigned, 4> *list : {&into.producers, &into.consumers}) {
    eraseFrom(*list, producer);
    eraseFrom(*list, consumer);
  }
}

} // namespace tensorc::compiler::fusion
