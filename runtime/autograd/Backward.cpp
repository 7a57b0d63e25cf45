//===- Backward.cpp - Runs the tape backward ------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/autograd/Tape.h"
#include "tensorc/functions.h"
#include "tensorc/views.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace tensorc {

namespace {

/// One backward pass.
class Pass {
public:
  explicit Pass(BackwardOptions options) : options_(options) {}

  void run(const Tensor &root, const Tensor &seed) {
    receive(SavedTensor(root), seed);
    std::vector<std::shared_ptr<Node>> order = steps(root.impl()->grad_fn);
    for (const std::shared_ptr<Node> &node : order)
      differentiate(*node);
    pending_.clear();
    for (auto &[leaf, gradient] : leaves_)
      if (leaf.requires_grad()) // it may have been told not to, meanwhile
        accumulate(leaf, std::move(gradient));
    if (options_.retain_graph || options_.create_graph)
      return;
    for (const std::shared_ptr<Node> &node : order) {
      node->released = true;
      for (SavedTensor &operand : node->operands)
        operand.release();
    }
  }

private:
  /// What is known of a step's results: the gradients so far, and the results
  /// as those who used them saved them.
  struct Pending {
    std::vector<Tensor> gradients;
    std::vector<Tensor> results;
  };

  /// The steps that lead to `last`, latest first.
  static std::vector<std::shared_ptr<Node>>
  steps(const std::shared_ptr<Node> &last) {
    std::vector<std::shared_ptr<Node>> found, open;
    std::unordered_set<const Node *> seen;
    auto visit = [&](const std::shared_ptr<Node> &node) {
      if (node && seen.insert(node.get()).second)
        open.push_back(node);
    };
    visit(last);
    while (!open.empty()) {
      found.push_back(std::move(open.back()));
      open.pop_back();
      // A copy: `found` may grow where it is.
      std::shared_ptr<Node> node = found.back();
      for (const SavedTensor &operand : node->operands)
        visit(operand.snapshot().grad_fn);
    }
    std::sort(found.begin(), found.end(), [](const auto &a, const auto &b) {
      return a->sequence > b->sequence;
    });
    return found;
  }

  /// `gradient` is a contribution to the gradient of `tensor`.
  void receive(const SavedTensor &tensor, const Tensor &gradient) {
    const TensorImpl &impl = tensor.snapshot();
    if (Tensor leaf = tensor.leaf(); leaf.defined()) {
      auto [known, is_new] =
          leaf_index_.try_emplace(leaf.impl().get(), leaves_.size());
      if (is_new) {
        leaves_.emplace_back(leaf, gradient);
      } else {
        Tensor &total = leaves_[known->second].second;
        total = total + gradient;
      }
      return;
    }
    if (!impl.grad_fn)
      return;
    Pending &pending = pending_[impl.grad_fn.get()];
    pending.gradients.resize(impl.grad_fn->results.size());
    pending.results.resize(impl.grad_fn->results.size());
    Tensor &total = pending.gradients[impl.output_index];
    total = total.defined() ? total + gradient : gradient;
    Tensor &result = pending.results[impl.output_index];
    // Any user's copy will do, unless it was overwritten or freed since.
    if (result.defined() && result.impl()->storage)
      return;
    result = tensor.unpack();
    if (tensor.version() == impl.grad_fn->version)
      return;
    result = Tensor(std::make_shared<TensorImpl>(impl));
    result.impl()->storage = nullptr;
  }

  /// As PyTorch's AccumulateGrad: the first gradient is taken as it is where
  /// nobody else holds its memory; later ones are added to it in place, unless
  /// they are to be differentiated.
  void accumulate(Tensor &leaf, Tensor gradient) const {
    Tensor known = leaf.grad();
    if (!known.defined()) {
      const TensorImpl &impl = *gradient.impl();
      std::size_t bytes =
          std::size_t(gradient.numel()) * size_of(gradient.dtype());
      bool owned = gradient.impl().use_count() == 1 &&
                   impl.storage.use_count() == 1 &&
                   impl.storage->bytes == bytes;
      if (!owned || impl.base || !gradient.is_contiguous())
        gradient = gradient.clone();
      leaf.set_grad(options_.create_graph ? gradient : gradient.detach());
    } else if (options_.create_graph || is_expanded(known)) {
      leaf.set_grad(known + gradient);
    } else {
      known.add_(gradient);
    }
  }

  /// Where the gradients of a step's results are; one at least is known.
  static Device device_of(const std::vector<Tensor> &gradients) {
    return std::find_if(gradients.begin(), gradients.end(),
                        [](const Tensor &each) { return each.defined(); })
        ->device();
  }

  void differentiate(Node &node) {
    auto found = pending_.find(&node);
    if (found == pending_.end())
      return;
    Pending pending = std::move(found->second);
    pending_.erase(found);
    // What another step, or the user, still has of a result isn't this one's.
    if (node.released)
      for (Tensor &result : pending.results)
        if (result.defined()) {
          SavedTensor freed(result);
          freed.release();
          result = freed.unpack();
        }
    LocationScope scope(node.location);
    DeviceGuard device(device_of(pending.gradients));
    std::vector<Tensor> operands;
    std::unique_ptr<bool[]> needed(new bool[node.operands.size()]);
    for (std::size_t i = 0; i < node.operands.size(); ++i) {
      operands.push_back(node.operands[i].unpack());
      needed[i] = node.operands[i].requires_grad();
    }
    std::vector<Tensor> gradients;
    try {
      gradients = tensorc::differentiate(
          node.info,
          {operands, pending.results, pending.gradients, node.attributes,
           std::span<const bool>(needed.get(), operands.size())});
    } catch (const FreedError &) {
      throw Error("[backward] the graph through `" + node.name() +
                      "` was freed by an earlier backward pass (pass "
                      "`retain_graph` to keep it)",
                  node.location);
    }
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      if (!needed[i] || !gradients[i].defined())
        continue;
      if (gradients[i].type() != operands[i].type())
        throw Error("[backward] the gradient rule of `" +
                        std::string(node.info.name) + "` gave " +
                        to_string(gradients[i].type()) + " for an operand of " +
                        to_string(operands[i].type()),
                    node.location);
      if (gradients[i].device() != operands[i].device())
        throw Error("[backward] the gradient rule of `" +
                        std::string(node.info.name) + "` gave a tensor on " +
                        gradients[i].device().str() + " for an operand on " +
                        operands[i].device().str(),
                    node.location);
      receive(node.operands[i], gradients[i]);
    }
  }

  BackwardOptions options_;
  std::unordered_map<const Node *, Pending> pending_;
  std::vector<std::pair<Tensor, Tensor>> leaves_; ///< in order of discovery
  std::unordered_map<const TensorImpl *, std::size_t> leaf_index_;
};

} // namespace

void run_backward(const Tensor &root, const Tensor &seed,
                  const BackwardOptions &options, Location location) {
  if (!root.requires_grad())
    throw Error("[backward] expected a tensor that requires grad, received "
                "one that was made from no such tensor",
                location);
  if (!seed.defined() && !root.numel().is(1))
    throw Error("[backward] expected a gradient for a tensor of more than one "
                "element, " +
                    to_string(root.type()) + ", received none",
                location);
  if (seed.defined() && seed.type() != root.type())
    throw Error("[backward] expected a gradient of type " +
                    to_string(root.type()) + ", received " +
                    to_string(seed.type()),
                location);
  if (seed.defined() && seed.device() != root.device())
    throw Error("[backward] expected a gradient on " + root.device().str() +
                    ", received one on " + seed.device().str(),
                location);
  GradModeGuard mode(options.create_graph);
  Pass(options).run(root,
                    seed.defined() ? seed : ones_like(root, {}, location));
}

} // namespace tensorc
