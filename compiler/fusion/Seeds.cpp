//===- Seeds.cpp - The iteration space of each op -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/Clusters.h"

#include "dialects/graph/GraphDialect.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace tensorc::compiler::fusion {

namespace {

/// Collects the dimensions of a space by name.
class Space {
public:
  Space(Operation *op, ClusterKind kind) : op(op), builder(op->getContext()) {
    cluster.kind = kind;
  }

  AffineExpr dim(int64_t size, bool reduced = false) {
    cluster.sizes.push_back(size);
    // Combining one element is no reduction.
    cluster.reduced.push_back(reduced && size != 1);
    return builder.getAffineDimExpr(cluster.sizes.size() - 1);
  }
  AffineExpr zero() { return builder.getAffineConstantExpr(0); }

  Cluster finish(ArrayRef<AffineExpr> result,
                 ArrayRef<SmallVector<AffineExpr>> operands,
                 AffineExpr position = nullptr) {
    Member member;
    member.map = map(result);
    for (ArrayRef<AffineExpr> operand : operands)
      member.operandMaps.push_back(map(operand));
    if (position)
      member.position = map(position);
    if (cluster.kind != ClusterKind::Generic)
      cluster.anchor = op;
    cluster.members.insert({op, std::move(member)});
    return std::move(cluster);
  }

private:
  AffineMap map(ArrayRef<AffineExpr> exprs) {
    return AffineMap::get(cluster.sizes.size(), 0, exprs, op->getContext());
  }

  Operation *op;
  Builder builder;
  Cluster cluster;
};

} // namespace

static Cluster seedElementwise(Operation *op) {
  Space space(op, ClusterKind::Generic);
  SmallVector<AffineExpr> point;
  for (int64_t size : shapeOf(op->getResult(0)))
    point.push_back(space.dim(size));
  return space.finish(
      point, SmallVector<SmallVector<AffineExpr>>(op->getNumOperands(), point));
}

/// result[i without dims] = combine over `dims` of self[i].
static Cluster seedReduction(Operation *op) {
  Space space(op, ClusterKind::Generic);
  ArrayRef<int64_t> shape = shapeOf(op->getOperand(0));
  SmallVector<int64_t> dims;
  if (isa<graph::ArgmaxOp>(op))
    dims.push_back(intOf(op, "dim"));
  else
    llvm::append_range(dims, intsOf(op, "dims"));
  bool keep = op->getAttrOfType<BoolAttr>("keepdim").getValue();
  SmallVector<AffineExpr> point, result;
  AffineExpr position;
  for (auto [dim, size] : llvm::enumerate(shape)) {
    bool reduced = llvm::is_contained(dims, static_cast<int64_t>(dim));
    point.push_back(space.dim(size, reduced));
    if (!reduced)
      result.push_back(point.back());
    else if (keep)
      result.push_back(space.zero());
    if (reduced)
      position = point.back();
  }
  return space.finish(result, {point},
                      isa<graph::ArgmaxOp>(op) ? position : nullptr);
}

/// result[b…, m, n] = Σ_k self[b…, m, k] · other[b…, k, n].
static Cluster seedMatmul(Operation *op) {
  Space space(op, ClusterKind::Contract);
  ArrayRef<int64_t> shape = shapeOf(op->getResult(0));
  SmallVector<AffineExpr> batch;
  for (int64_t size : shape.drop_back(2))
    batch.push_back(space.dim(size));
  AffineExpr m = space.dim(shape[shape.size() - 2]);
  AffineExpr n = space.dim(shape.back());
  AffineExpr k = space.dim(shapeOf(op->getOperand(0)).back(), true);
  auto with = [&](AffineExpr row, AffineExpr column) {
    SmallVector<AffineExpr> exprs = batch;
    exprs.append({row, column});
    return exprs;
  };
  return space.finish(with(m, n), {with(m, k), with(k, n)});
}

/// result[n, o, y, x] = Σ_c,ky,kx input[n, c, y·stride + ky·dilation, …] ·
/// weight[o, c, ky, kx]. With groups, o and c are group·count + rest.
static Cluster seedConv2d(Operation *op) {
  Space space(op, ClusterKind::Contract);
  ArrayRef<int64_t> input = shapeOf(op->getOperand(0));
  ArrayRef<int64_t> weight = shapeOf(op->getOperand(1));
  ArrayRef<int64_t> result = shapeOf(op->getResult(0));
  ArrayRef<int64_t> stride = intsOf(op, "stride");
  ArrayRef<int64_t> dilation = intsOf(op, "dilation");
  int64_t groups = intOf(op, "groups");
  AffineExpr n = space.dim(input[0]);
  AffineExpr g = groups == 1 ? space.zero() : space.dim(groups);
  int64_t outputs = groups == 1 ? weight[0] : weight[0] / groups;
  AffineExpr o = space.dim(outputs);
  AffineExpr y = space.dim(result[2]), x = space.dim(result[3]);
  AffineExpr c = space.dim(weight[1], true);
  AffineExpr ky = space.dim(weight[2], true), kx = space.dim(weight[3], true);
  AffineExpr from = groups == 1 ? c : g * weight[1] + c;
  AffineExpr to = groups == 1 ? o : g * outputs + o;
  return space.finish({n, to, y, x},
                      {{n, from, y * stride[0] + ky * dilation[0],
                        x * stride[1] + kx * dilation[1]},
                       {to, c, ky, kx}});
}

/// result[o, c, ky, kx] = Σ_n,y,x grad[n, o, y, x] ·
/// input[n, c, y·stride + ky·dilation, …].
static Cluster seedConv2dBackwardWeight(Operation *op) {
  Space space(op, ClusterKind::Contract);
  ArrayRef<int64_t> grad = shapeOf(op->getOperand(0));
  ArrayRef<int64_t> weight = shapeOf(op->getResult(0));
  ArrayRef<int64_t> stride = intsOf(op, "stride");
  ArrayRef<int64_t> dilation = intsOf(op, "dilation");
  int64_t groups = intOf(op, "groups");
  AffineExpr g = groups == 1 ? space.zero() : space.dim(groups);
  int64_t outputs = groups == 1 ? weight[0] : weight[0] / groups;
  AffineExpr o = space.dim(outputs), c = space.dim(weight[1]);
  AffineExpr ky = space.dim(weight[2]), kx = space.dim(weight[3]);
  AffineExpr n = space.dim(grad[0], true);
  AffineExpr y = space.dim(grad[2], true), x = space.dim(grad[3], true);
  AffineExpr from = groups == 1 ? c : g * weight[1] + c;
  AffineExpr to = groups == 1 ? o : g * outputs + o;
  return space.finish({to, c, ky, kx},
                      {{n, to, y, x},
                       {n, from, y * stride[0] + ky * dilation[0],
                        x * stride[1] + kx * dilation[1]}});
}

/// Pooling without padding: windows of `kernel_size` at y·stride + ky·dilation.
/// The gradient is scattered to the windows' points, which don't overlap.
static Cluster seedWindow(Operation *op) {
  Space space(op, ClusterKind::Generic);
  bool backward = isa<graph::MaxPool2dBackwardOp>(op);
  Value pooled = backward ? op->getOperand(0) : op->getResult(0);
  ArrayRef<int64_t> kernel = intsOf(op, "kernel_size");
  ArrayRef<int64_t> stride = intsOf(op, "stride");
  SmallVector<int64_t> dilation = {1, 1};
  if (op->hasAttr("dilation"))
    dilation = llvm::to_vector(intsOf(op, "dilation"));
  SmallVector<AffineExpr> point;
  for (int64_t size : shapeOf(pooled))
    point.push_back(space.dim(size));
  AffineExpr ky = space.dim(kernel[0], true), kx = space.dim(kernel[1], true);
  SmallVector<AffineExpr> window = point;
  size_t y = point.size() - 2, x = point.size() - 1;
  window[y] = point[y] * stride[0] + ky * dilation[0];
  window[x] = point[x] * stride[1] + kx * dilation[1];
  if (!backward)
    return space.finish(point, {window});
  return space.finish(window, {point, window}, ky * kernel[1] + kx);
}

/// result[low + i·(interior + 1)] = self[i]; the rest is filled.
static Cluster seedPad(Operation *op) {
  Space space(op, ClusterKind::Pad);
  SmallVector<AffineExpr> point, result;
  for (auto [size, low, interior] :
       llvm::zip_equal(shapeOf(op->getOperand(0)), intsOf(op, "low"),
                       intsOf(op, "interior"))) {
    point.push_back(space.dim(size));
    result.push_back(point.back() * (interior + 1) + low);
  }
  return space.finish(result, {point});
}

/// A cat has no space of its own: each operand has one.
static Cluster seedWhole(Operation *op, ClusterKind kind) {
  Cluster cluster = seedElementwise(op);
  cluster.kind = kind;
  cluster.anchor = op;
  return cluster;
}

Cluster seedCluster(Operation *op) {
  if (isa<graph::MatmulOp>(op))
    return seedMatmul(op);
  if (isa<graph::Conv2dOp>(op))
    return seedConv2d(op);
  if (isa<graph::Conv2dBackwardWeightOp>(op))
    return seedConv2dBackwardWeight(op);
  if (isa<graph::MaxPool2dOp, graph::AvgPool2dOp, graph::MaxPool2dBackwardOp>(
          op))
    return seedWindow(op);
  if (isa<graph::SumOp, graph::ProdOp, graph::AmaxOp, graph::AminOp,
          graph::AnyOp, graph::AllOp, graph::ArgmaxOp>(op))
    return seedReduction(op);
  if (isa<graph::PadOp>(op))
    return seedPad(op);
  if (isa<graph::CatOp>(op))
    return seedWhole(op, ClusterKind::Cat);
  return seedElementwise(op);
}

} // namespace tensorc::compiler::fusion
