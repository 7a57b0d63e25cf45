//===- ClusterGraph.h - Which cluster reads from which ---------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FUSION_CLUSTERGRAPH_H
#define TENSORC_COMPILER_FUSION_CLUSTERGRAPH_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace tensorc::compiler::fusion {

/// Nodes that read from each other, by number, while pairs of them are joined.
/// Keeps an order in which everybody stands behind what it reads (as Pearce and
/// Kelly do, "A dynamic topological sort algorithm for directed acyclic
/// graphs", 2006), so that a question about two nodes costs what lies between
/// them. Nothing depends on anything but the numbers.
class ClusterGraph {
public:
  /// Of `count` nodes, in an order in which they may run.
  explicit ClusterGraph(unsigned count);

  /// `consumer` reads from `producer`, which has a smaller number. Once for
  /// each pair, by rising numbers of the consumers.
  void addEdge(unsigned producer, unsigned consumer);

  /// By rising numbers.
  mlir::ArrayRef<unsigned> producersOf(unsigned node) const {
    return nodes[node].producers;
  }
  mlir::ArrayRef<unsigned> consumersOf(unsigned node) const {
    return nodes[node].consumers;
  }

  /// What has to run after `producer` and before `consumer`, which reads from
  /// it; none where there is something that has to do both, a way around their
  /// edge, or where too much lies between them to know.
  std::optional<mlir::SmallVector<unsigned>> between(unsigned producer,
                                                     unsigned consumer);

  /// `consumer` becomes both, `producer` is gone. `earlier` is what `between`
  /// has said of them.
  void join(unsigned producer, unsigned consumer,
            mlir::ArrayRef<unsigned> earlier);

  /// Nodes that `between` looked at, and that were given another place, so far.
  uint64_t steps() const { return stepCount; }

private:
  static constexpr unsigned kNone = ~0u;

  struct Node {
    mlir::SmallVector<unsigned, 4> producers, consumers;
    unsigned previous = kNone, next = kNone;
    uint64_t label = 0; ///< rises along the order
    unsigned visit = 0; ///< the last question that came by
  };

  void unlink(unsigned node);
  void moveBefore(mlir::ArrayRef<unsigned> moved, unsigned place);
  void renumber();

  std::vector<Node> nodes;
  unsigned first = kNone;
  unsigned visits = 0;
  uint64_t stepCount = 0;
};

} // namespace tensorc::compiler::fusion

#endif // TENSORC_COMPILER_FUSION_CLUSTERGRAPH_H
