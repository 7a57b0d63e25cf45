//===- CompositeReference.cpp - Composite ops, interpreted ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/fusion/ReferenceRules.h"

using namespace mlir;

namespace tensorc::test {
namespace {

/// For each element of `self`, the logarithm of the sum of exponentials over
/// all elements that agree with it outside of `dims`; −∞ of nothing.
Elements logSums(const Elements &self, ArrayRef<int64_t> dims) {
  Index shape = self.shape;
  for (int64_t dim : dims)
    shape[dim] = 1;
  Elements x = self, greatest = makeElements(shape, -INFINITY),
           sums = makeElements(shape);
  forEach(x.shape, [&](const Index &i) {
    double &to = greatest.at(reducedIndex(i, dims, true));
    to = maximum(to, x.at(i));
  });
  for (double &value : greatest.values)
    value = std::isinf(value) ? 0 : value;
  forEach(x.shape, [&](const Index &i) {
    Index to = reducedIndex(i, dims, true);
    sums.at(to) += std::exp(x.at(i) - greatest.at(to));
  });
  for (size_t i = 0; i < sums.values.size(); ++i)
    sums.values[i] = std::log(sums.values[i]) + greatest.values[i];
  return sums;
}

Elements logSoftmax(const Elements &self, int64_t dim) {
  Elements result = self, sums = logSums(self, dim);
  forEach(self.shape, [&](const Index &i) {
    result.at(i) -= sums.at(reducedIndex(i, dim, true));
  });
  return result;
}

Elements softmax(Call &c) {
  Elements result = logSoftmax(c.x[0], c.integer("dim"));
  for (double &value : result.values)
    value = std::exp(value);
  return result;
}

Elements mean(Call &c) {
  Index dims = c.ints("dims");
  Elements result = makeElements(c.shape());
  double count = 1;
  for (int64_t dim : dims)
    count *= c.x[0].shape[dim];
  forEach(c.x[0].shape, [&](const Index &i) {
    result.at(reducedIndex(i, dims, c.flag("keepdim"))) += c.x[0].at(i);
  });
  for (double &value : result.values)
    value /= count;
  return result;
}

Elements oneHot(Call &c) {
  Elements result = makeElements(c.shape());
  forEach(c.shape(), [&](const Index &i) {
    Index row(i.begin(), i.end() - 1);
    result.at(i) = c.x[0].at(row) == double(i.back());
  });
  return result;
}

/// What `reduction` makes of the losses, of which `count` matter.
Elements reduceLosses(Call &c, Elements losses, double count) {
  if (c.text("reduction") == "none")
    return losses;
  double sum = 0;
  for (double loss : losses.values)
    sum += loss;
  return makeElements({}, c.text("reduction") == "sum" ? sum : sum / count);
}

Elements mseLoss(Call &c) {
  Elements losses = c.x[0];
  for (size_t i = 0; i < losses.values.size(); ++i)
    losses.values[i] = std::pow(c.x[0].values[i] - c.x[1].values[i], 2);
  return reduceLosses(c, losses, losses.values.size());
}

/// The losses of logarithms of probabilities `p` against labels.
Elements labelLosses(Call &c, Elements p, double smoothing) {
  Elements losses = makeElements({p.shape[0]});
  double counted = 0;
  for (int64_t n = 0; n < p.shape[0]; ++n) {
    auto label = static_cast<int64_t>(c.x[1].values[n]);
    if (label == c.integer("ignore_index"))
      continue;
    ++counted;
    losses.values[n] = -(1 - smoothing) * p.at({n, label});
    for (int64_t k = 0; k < p.shape[1]; ++k)
      losses.values[n] -= smoothing / p.shape[1] * p.at({n, k});
  }
  return reduceLosses(c, losses, counted);
}

} // namespace

Rules compositeRules() {
  return {
      {"mean", mean},
      {"softmax", softmax},
      {"log_softmax",
       [](Call &c) { return logSoftmax(c.x[0], c.integer("dim")); }},
      {"logsumexp",
       [](Call &c) {
         return Elements{c.shape().vec(),
                         logSums(c.x[0], c.ints("dims")).values};
       }},
      {"one_hot", oneHot},
      {"mse_loss", mseLoss},
      {"nll_loss", [](Call &c) { return labelLosses(c, c.x[0], 0); }},
      {"cross_entropy",
       [](Call &c) {
         return labelLosses(c, logSoftmax(c.x[0], 1),
                            c.real("label_smoothing"));
       }},
  };
}

} // namespace tensorc::test
