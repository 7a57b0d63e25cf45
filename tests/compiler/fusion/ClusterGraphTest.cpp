//===- ClusterGraphTest.cpp - The order of clusters while they are joined -===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/ClusterGraph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

using namespace tensorc::compiler::fusion;

namespace {

/// The same by definition: who reads from whom.
class Reference {
public:
  void addEdge(unsigned producer, unsigned consumer) {
    consumers[producer].insert(consumer);
  }
  /// True where a way leads from one to the other, besides their edge.
  bool hasWayAround(unsigned from, unsigned to) {
    std::set<unsigned> seen;
    std::vector<unsigned> open;
    for (unsigned next : consumers[from])
      if (next != to)
        open.push_back(next);
    while (!open.empty()) {
      unsigned node = open.back();
      open.pop_back();
      if (node == to)
        return true;
      if (seen.insert(node).second)
        open.insert(open.end(), consumers[node].begin(), consumers[node].end());
    }
    return false;
  }
  void join(unsigned producer, unsigned consumer) {
    std::set<unsigned> moved = std::move(consumers[producer]);
    consumers.erase(producer);
    consumers[consumer].insert(moved.begin(), moved.end());
    for (auto &[node, readers] : consumers)
      if (readers.erase(producer))
        readers.insert(consumer);
    consumers[consumer].erase(consumer);
  }

  std::map<unsigned, std::set<unsigned>> consumers;
};

} // namespace

// Every answer is the definition's, and nothing becomes a cycle.
TEST(ClusterGraph, JoinsLikeItsDefinition) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    unsigned count = 2 + random() % 40, reach = 1 + random() % count;
    ClusterGraph graph(count);
    Reference reference;
    for (unsigned node = 1; node < count; ++node) {
      std::set<unsigned> producers;
      for (unsigned i = random() % 4; i > 0; --i)
        producers.insert(node - 1 - random() % std::min(node, reach));
      for (unsigned producer : producers) {
        graph.addEdge(producer, node);
        reference.addEdge(producer, node);
      }
    }
    for (unsigned tries = 0; tries < 4 * count; ++tries) {
      std::vector<std::pair<unsigned, unsigned>> edges;
      for (unsigned node = 0; node < count; ++node) {
        auto readers = graph.consumersOf(node);
        const std::set<unsigned> &expected = reference.consumers[node];
        ASSERT_TRUE(std::equal(readers.begin(), readers.end(), expected.begin(),
                               expected.end()))
            << seed;
        for (unsigned reader : readers) {
          ASSERT_TRUE(llvm::is_contained(graph.producersOf(reader), node));
          edges.emplace_back(node, reader);
        }
      }
      if (edges.empty())
        break;
      auto [producer, consumer] = edges[random() % edges.size()];
      auto earlier = graph.between(producer, consumer);
      ASSERT_EQ(earlier.has_value(),
                !reference.hasWayAround(producer, consumer))
          << "seed " << seed << ": " << producer << " to " << consumer;
      if (!earlier)
        continue;
      graph.join(producer, consumer, *earlier);
      reference.join(producer, consumer);
    }
  }
}

/// The steps of joining `joined` pairs in each of `parts` alike parts.
template <typename Build> static uint64_t stepsOf(unsigned parts, Build build) {
  ClusterGraph graph = build(parts);
  return graph.steps();
}

// A tower with its backward pass, where each layer is read again by its
// gradient: what is asked about a layer costs the same however many there are.
TEST(ClusterGraph, TakesLinearTime) {
  auto tower = [](unsigned layers) {
    // Forward 2 i and 2 i + 1; backward of layer i from the end.
    unsigned count = 4 * layers;
    ClusterGraph graph(count);
    auto backward = [&](unsigned layer) { return count - 2 * layer - 2; };
    for (unsigned node = 1; node < 2 * layers; ++node)
      graph.addEdge(node - 1, node);
    for (unsigned layer = layers; layer-- > 0;) {
      graph.addEdge(backward(layer) - 1, backward(layer));
      graph.addEdge(2 * layer, backward(layer));
      graph.addEdge(backward(layer), backward(layer) + 1);
      graph.addEdge(2 * layer + 1, backward(layer) + 1);
    }
    for (unsigned layer = 0; layer < layers; ++layer) {
      for (unsigned forward : {2 * layer, 2 * layer + 1})
        EXPECT_FALSE(graph.between(forward, backward(layer) + forward % 2));
      auto earlier = graph.between(2 * layer, 2 * layer + 1);
      EXPECT_TRUE(earlier);
      graph.join(2 * layer, 2 * layer + 1, *earlier);
    }
    return graph;
  };
  uint64_t few = stepsOf(2000, tower), many = stepsOf(8000, tower);
  EXPECT_GT(few, 2000u);
  EXPECT_LT(many, 5 * few);
}
