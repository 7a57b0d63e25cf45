//===- Clusters.h - What runs together -------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FUSION_CLUSTERS_H
#define TENSORC_COMPILER_FUSION_CLUSTERS_H

#include "compiler/fusion/ClusterGraph.h"
#include "compiler/fusion/IndexMaps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"

#include <list>
#include <queue>
#include <tuple>

namespace tensorc::compiler::fusion {

/// An op that a cluster computes: at each point of the iteration space, the
/// element of its result at `map` from the operands' elements at `operandMaps`.
struct Member {
  mlir::AffineMap map;
  llvm::SmallVector<mlir::AffineMap, 3> operandMaps;
  /// Of ops that choose one of the reduced points (argmax,
  /// max_pool_backward): the point's number, one result.
  mlir::AffineMap position;
};

enum class ClusterKind {
  Generic,  ///< becomes a kernel.generic
  Contract, ///< a contraction and its epilogue, a kernel.contract
  Check,    ///< an op whose body can fail, a kernel.generic that runs early
  Pad,      ///< one operand at its place, the rest filled
  Cat       ///< several operands at their places, a kernel for each
};

/// Ops that become one kernel.
struct Cluster {
  ClusterKind kind = ClusterKind::Generic;
  llvm::SmallVector<int64_t> sizes; ///< of the iteration space's dimensions
  llvm::SmallVector<bool> reduced;  ///< which of these are reduced or summed
  /// In topological order.
  llvm::MapVector<mlir::Operation *, Member> members;
  /// The contraction, pad or cat; null for a generic cluster.
  mlir::Operation *anchor = nullptr;
  unsigned number = 0; ///< in the graph of clusters
  /// Values that get a buffer here, each with the map it is written through.
  llvm::SmallVector<Access> outputs;
  /// What the points write nobody covers of an output are filled with, by
  /// position in `outputs`; null where all is covered.
  llvm::SmallVector<mlir::TypedAttr> fills;

  bool contains(mlir::Value value) const {
    mlir::Operation *op = value.getDefiningOp();
    return op && members.count(op);
  }
  bool reduces() const { return llvm::is_contained(reduced, true); }
  /// Whether a pad moves each dimension by itself, as `kernel.pad` does. Others
  /// are built as a cat of one.
  bool keepsDims() const;
};

/// The clusters of one function.
class Clustering {
public:
  explicit Clustering(mlir::func::FuncOp function) : function(function) {}

  /// Decides what runs together. Fails, with a diagnostic, on ops that have no
  /// kernel.
  llvm::LogicalResult run();

  /// The clusters in an order of execution.
  llvm::ArrayRef<Cluster *> order() const { return sorted; }

  /// True for ops that every reader computes for itself instead of loading
  /// their result: indexing, constants, and elementwise ops that cost less than
  /// the load.
  bool isInlined(mlir::Operation *op) const { return inlined.contains(op); }
  /// True for a value that a kernel can read only from memory unless it is a
  /// member of it.
  bool isLoaded(mlir::Value value) const {
    return !value.getDefiningOp() || !isInlined(value.getDefiningOp());
  }

  /// What deciding took: pairs of clusters that were tried, and clusters that
  /// were looked at for their order.
  uint64_t effort() const { return tries + graph.steps(); }

private:
  /// What a cluster reads, and the ops behind it that other clusters own.
  struct Read {
    mlir::Value value;
    llvm::SmallVector<mlir::Operation *, 2> sources;
  };
  /// A cluster that reads from another, and what joining them would save. Tells
  /// the order in which pairs are tried, and is out of date where one of them
  /// was joined since.
  struct Edge {
    unsigned producer;
    unsigned consumer;
    bool isEpilogue;
    int64_t bytes;
    unsigned position; ///< of the consumer
    unsigned read;     ///< the first of the consumer's that is the producer's
    unsigned producerVersion;
    unsigned consumerVersion;
    bool operator<(const Edge &other) const {
      return std::tuple(isEpilogue, bytes, other.position, other.read) <
             std::tuple(other.isEpilogue, other.bytes, position, read);
    }
  };

  /// What is known of an elementwise op's scalar body.
  struct ScalarBody {
    bool isCheap = false; ///< a few instructions
    bool canFail = false; ///< has a `scalar.check`
  };

  // Clusters.cpp
  llvm::LogicalResult checkOps();
  void findUpdates();
  void findInlined();
  ScalarBody scalarBody(mlir::Operation *op);
  bool runsAlone(mlir::Operation *op);
  bool costsNoLoad(mlir::Operation *op);
  void giveBuffers();
  void sort();
  llvm::SmallVector<mlir::Operation *, 2> sourcesOf(mlir::Value value) const;
  void forEachAccess(const Cluster &cluster,
                     llvm::function_ref<void(Access)> visit) const;
  bool isUsedOutside(mlir::Operation *op, const Cluster &cluster,
                     const Cluster *other = nullptr) const;
  unsigned lastPosition(const Cluster &cluster) const;

  // MergeOrder.cpp
  void buildGraph();
  void mergeChains();
  void mergeAll();
  std::vector<Read> readsOf(const Cluster &cluster) const;
  void addEdges(unsigned consumer, std::optional<unsigned> producer = {});

  // Merge.cpp
  bool tryMerge(Cluster *producer, Cluster *consumer);
  std::optional<Cluster> intoConsumer(const Cluster &producer,
                                      const Cluster &consumer) const;
  llvm::DenseSet<std::pair<mlir::Value, unsigned>>
  axesAlong(const Cluster &cluster, unsigned dim) const;
  bool haveSameSize(const Cluster &a, unsigned dimOfA, const Cluster &b,
                    unsigned dimOfB) const;
  std::optional<Cluster> intoProducer(const Cluster &producer,
                                      const Cluster &consumer) const;
  bool isLegal(const Cluster &merged);
  bool isWorthwhile(const Cluster &producer, const Cluster &consumer,
                    const Cluster &merged);

  mlir::func::FuncOp function;
  std::list<Cluster> clusters;
  /// While clusters are joined: their edges, and by their numbers there the
  /// clusters (null: joined to another), what they read, and how often they
  /// have changed.
  ClusterGraph graph{0};
  std::vector<Cluster *> numbered;
  std::vector<std::vector<Read>> reads;
  std::vector<unsigned> versions;
  std::priority_queue<Edge> edges;
  uint64_t tries = 0;
  llvm::DenseMap<mlir::Operation *, Cluster *> ownerOf;
  llvm::DenseMap<mlir::Operation *, unsigned> position;
  llvm::DenseMap<mlir::Operation *, ScalarBody> scalarBodies;
  llvm::DenseSet<mlir::Operation *> inlined;
  bool replacesState = false;
  llvm::DenseSet<mlir::Operation *> updates; ///< results that replace state
  llvm::SmallVector<Cluster *> sorted;
};

/// Whether a kernel can compute `op` as it is.
bool hasSpace(mlir::Operation *op);
/// The kind and the members of the cluster that holds just `op`.
ClusterKind kindOf(mlir::Operation *op);
Cluster seedCluster(mlir::Operation *op);

/// The value that `output` of `cluster` has at the elements that no point of
/// the cluster writes, if that is one constant; null otherwise. Such elements
/// are in what pads and gradients of windows make.
mlir::TypedAttr valueOfUncovered(const Clustering &clustering,
                                 const Cluster &cluster, mlir::Value output);

} // namespace tensorc::compiler::fusion

#endif // TENSORC_COMPILER_FUSION_CLUSTERS_H
