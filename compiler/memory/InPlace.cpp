//===- InPlace.cpp - Results where they belong ----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/memory/InPlace.h"

#include "llvm/ADT/DenseSet.h"

#include <queue>

using namespace mlir;

namespace tensorc::compiler::memory {

void hoistBuffers(kernel::ProgramOp program) {
  Block &body = program.getBody().front();
  Operation *firstLaunch = nullptr;
  for (Operation &op : llvm::make_early_inc_range(body)) {
    if (isa<kernel::LaunchOp>(op)) {
      if (!firstLaunch)
        firstLaunch = &op;
      continue;
    }
    if (firstLaunch && !op.hasTrait<OpTrait::IsTerminator>())
      op.moveBefore(firstLaunch);
    auto view = dyn_cast<kernel::ReinterpretOp>(op);
    if (!view)
      continue;
    if (view->use_empty()) {
      view.erase();
      continue;
    }
    Value base = baseOf(view.getSource());
    view.getSourceMutable().assign(base);
    if (base.getType() == view.getBuffer().getType()) {
      view.getBuffer().replaceAllUsesWith(base);
      view.erase();
    }
  }
}

namespace {

/// Which launch has to come before which.
class Order {
public:
  explicit Order(ArrayRef<kernel::LaunchOp> launches)
      : launches(launches), after(launches.size()), open(launches.size(), 0) {}

  void add(unsigned before, unsigned later) {
    if (before == later || !edges.insert({before, later}).second)
      return;
    after[before].push_back(later);
    ++open[later];
  }

  /// Edges between all accesses to a buffer of which one is a write, as the
  /// launches stand now; those in `removed` don't count.
  void addConflicts(const llvm::DenseSet<unsigned> &removed) {
    struct State {
      std::optional<unsigned> writer;
      SmallVector<unsigned> readers; // since
    };
    llvm::DenseMap<Value, State> states;
    for (unsigned now = 0; now < launches.size(); ++now) {
      if (removed.contains(now))
        continue;
      kernel::LaunchOp launch = launches[now];
      for (Value input : launch.getInputs()) {
        State &state = states[baseOf(input)];
        if (state.writer)
          add(*state.writer, now);
        state.readers.push_back(now);
      }
      for (Value output : launch.getOutputs()) {
        State &state = states[baseOf(output)];
        if (state.writer)
          add(*state.writer, now);
        for (unsigned reader : state.readers)
          add(reader, now);
        state.readers.clear();
        state.writer = now;
      }
    }
  }

  /// The launches in an order that has all edges, as near as possible to the
  /// present one; none if there is a cycle.
  std::optional<SmallVector<unsigned>> sort() const {
    std::priority_queue<unsigned, std::vector<unsigned>, std::greater<>> ready;
    SmallVector<unsigned> waiting(open), result;
    for (unsigned now = 0; now < launches.size(); ++now)
      if (waiting[now] == 0)
        ready.push(now);
    while (!ready.empty()) {
      unsigned now = ready.top();
      ready.pop();
      result.push_back(now);
      for (unsigned later : after[now])
        if (--waiting[later] == 0)
          ready.push(later);
    }
    if (result.size() != launches.size())
      return std::nullopt;
    return result;
  }

private:
  SmallVector<kernel::LaunchOp> launches;
  SmallVector<SmallVector<unsigned>> after;
  SmallVector<unsigned> open;
  llvm::DenseSet<std::pair<unsigned, unsigned>> edges;
};

bool uses(ValueRange operands, Value base) {
  return llvm::any_of(operands,
                      [&](Value operand) { return baseOf(operand) == base; });
}

} // namespace

/// Computes what `copy` copies in its destination, if that can be. The launches
/// in between may move.
static bool eliminateCopy(kernel::ProgramOp program, kernel::LaunchOp copy,
                          SymbolTable &symbols) {
  Value place = copy.getOutputs()[0];
  auto source = baseOf(copy.getInputs()[0]).getDefiningOp<kernel::AllocOp>();
  if (!source || !isa<BlockArgument>(place))
    return false;
  SmallVector<kernel::LaunchOp> launches = launchesOf(program);
  unsigned copied = llvm::find(launches, copy) - launches.begin();
  SmallVector<unsigned> readers, writers;
  for (auto [now, launch] : llvm::enumerate(launches)) {
    if (launch == copy)
      continue;
    // The destination has its old contents before the copy and keeps the new
    // ones after it.
    if (uses(launch.getOutputs(), place))
      return false;
    if (now < copied && uses(launch.getInputs(), place))
      readers.push_back(now);
    if (!uses(launch.getOutputs(), source))
      continue;
    if (now > copied)
      return false;
    writers.push_back(now);
  }
  Order order(launches);
  order.addConflicts({copied});
  for (unsigned writer : writers)
    for (unsigned reader : readers) {
      order.add(reader, writer);
      if (reader != writer)
        continue;
      for (auto [output, buffer] :
           llvm::enumerate(launches[writer].getOutputs()))
        if (baseOf(buffer) == source &&
            (writers.size() != 1 ||
             launches[writer].getOutputs()[output].getType() !=
                 place.getType() ||
             !canWriteOver(launches[writer], output, place, symbols)))
          return false;
    }
  auto sorted = order.sort();
  if (!sorted)
    return false;

  Operation *end = program.getBody().front().getTerminator();
  for (unsigned now : *sorted)
    launches[now]->moveBefore(end);
  copy.erase();
  Value replacement = place;
  if (source.getType() != place.getType()) {
    OpBuilder b(source);
    replacement = kernel::ReinterpretOp::create(b, source.getLoc(),
                                                source.getType(), place);
  }
  source.getBuffer().replaceAllUsesWith(replacement);
  source.erase();
  hoistBuffers(program);
  return true;
}

void eliminateCopies(kernel::ProgramOp program, SymbolTable &symbols) {
  for (kernel::LaunchOp launch : launchesOf(program))
    if (isCopy(launch, symbols))
      eliminateCopy(program, launch, symbols);
}

void reuseInputs(kernel::ProgramOp program, SymbolTable &symbols) {
  SmallVector<kernel::LaunchOp> launches = launchesOf(program);
  auto lifetimes = lifetimesOf(launches);
  for (auto [now, launch] : llvm::enumerate(launches))
    for (auto [index, output] : llvm::enumerate(launch.getOutputs())) {
      auto written = baseOf(output).getDefiningOp<kernel::AllocOp>();
      if (!written || lifetimes.find(written)->second.first != now)
        continue;
      for (Value input : launch.getInputs()) {
        auto dying = baseOf(input).getDefiningOp<kernel::AllocOp>();
        if (!dying || lifetimes.find(dying)->second.last != now ||
            input.getType() != output.getType() ||
            uses(launch.getOutputs(), dying) ||
            !canWriteOver(launch, index, dying, symbols))
          continue;
        dying->moveBefore(&program.getBody().front().front());
        lifetimes.find(dying)->second.last =
            lifetimes.find(written)->second.last;
        Value replacement = dying;
        if (dying.getType() != written.getType()) {
          OpBuilder b(written);
          replacement = kernel::ReinterpretOp::create(b, written.getLoc(),
                                                      written.getType(), dying);
        }
        written.getBuffer().replaceAllUsesWith(replacement);
        written.erase();
        break;
      }
    }
  hoistBuffers(program);
}

} // namespace tensorc::compiler::memory
