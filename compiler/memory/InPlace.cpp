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

static bool uses(ValueRange operands, Value base) {
  return llvm::any_of(operands,
                      [&](Value operand) { return baseOf(operand) == base; });
}

namespace {

/// Which launches of a stretch of a program have to come before which.
class Order {
public:
  explicit Order(ArrayRef<kernel::LaunchOp> launches)
      : launches(launches), after(launches.size()), open(launches.size(), 0) {
    addConflicts();
  }

  void add(unsigned before, unsigned later) {
    if (before == later || !edges.insert({before, later}).second)
      return;
    after[before].push_back(later);
    ++open[later];
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
  /// Edges between all accesses to a buffer of which one is a write, as the
  /// launches stand now.
  void addConflicts() {
    struct State {
      std::optional<unsigned> writer;
      SmallVector<unsigned> readers; // since
    };
    llvm::DenseMap<Value, State> states;
    for (unsigned now = 0; now < launches.size(); ++now) {
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

  SmallVector<kernel::LaunchOp> launches;
  SmallVector<SmallVector<unsigned>> after;
  SmallVector<unsigned> open;
  llvm::DenseSet<std::pair<unsigned, unsigned>> edges;
};

/// Removes copies of a program, one after the other. Launches have numbers, and
/// places in the order that is found for them.
class CopyEliminator {
public:
  CopyEliminator(kernel::ProgramOp program, SymbolTable &symbols)
      : program(program), symbols(symbols), launches(launchesOf(program)) {
    for (auto [number, launch] : llvm::enumerate(launches)) {
      order.push_back(number);
      placeOf.push_back(number);
      if (canFail(launch, symbols))
        failing.push_back(number);
      for (Value operand : launch->getOperands()) {
        SmallVector<unsigned> &users = usersOf[baseOf(operand)];
        if (users.empty() || users.back() != number)
          users.push_back(number);
      }
    }
  }

  void run();

  uint64_t looks = 0; ///< at launches

private:
  bool eliminate(unsigned copy);
  bool reorder(ArrayRef<unsigned> readers, ArrayRef<unsigned> writers);

  kernel::ProgramOp program;
  SymbolTable &symbols;
  SmallVector<kernel::LaunchOp> launches; ///< by number; null: removed
  SmallVector<unsigned> order, placeOf;
  SmallVector<unsigned> failing; ///< launches that can fail
  /// The launches that touch a buffer, by its base.
  llvm::DenseMap<Value, SmallVector<unsigned>> usersOf;
};

} // namespace

/// Computes what launch number `copy` copies in its destination, if that can
/// be. The launches in between may move.
bool CopyEliminator::eliminate(unsigned copy) {
  kernel::LaunchOp launch = launches[copy];
  Value place = launch.getOutputs()[0];
  auto source = baseOf(launch.getInputs()[0]).getDefiningOp<kernel::AllocOp>();
  if (!source || !isa<BlockArgument>(place))
    return false;
  // The destination has its old contents before the copy and keeps the new ones
  // after it.
  SmallVector<unsigned> readers, writers;
  looks += usersOf[place].size() + usersOf[source].size();
  for (unsigned user : usersOf[place]) {
    if (user == copy)
      continue;
    if (uses(launches[user].getOutputs(), place))
      return false;
    if (placeOf[user] < placeOf[copy])
      readers.push_back(user);
  }
  for (unsigned user : usersOf[source]) {
    if (user == copy || !uses(launches[user].getOutputs(), source))
      continue;
    if (placeOf[user] > placeOf[copy])
      return false;
    writers.push_back(user);
  }
  // A call that fails leaves state as it was.
  if (isState(place)) {
    if (llvm::any_of(writers, [&](unsigned writer) {
          return llvm::is_contained(failing, writer);
        }))
      return false;
    llvm::append_range(readers, failing);
  }
  for (unsigned writer : writers) {
    if (!llvm::is_contained(readers, writer))
      continue;
    for (auto [output, buffer] : llvm::enumerate(launches[writer].getOutputs()))
      if (baseOf(buffer) == source &&
          (writers.size() != 1 ||
           launches[writer].getOutputs()[output].getType() != place.getType() ||
           !canWriteOver(launches[writer], output, place, symbols)))
        return false;
  }
  if (!reorder(readers, writers))
    return false;

  launch.erase();
  launches[copy] = nullptr;
  Value replacement = place;
  if (source.getType() != place.getType()) {
    OpBuilder b(source);
    replacement = kernel::ReinterpretOp::create(b, source.getLoc(),
                                                source.getType(), place);
  }
  SmallVector<unsigned> users = std::move(usersOf[source]);
  users.append(usersOf[place]);
  llvm::erase(users, copy);
  llvm::sort(users);
  users.erase(llvm::unique(users), users.end());
  usersOf[place] = std::move(users);
  source.getBuffer().replaceAllUsesWith(replacement);
  source.erase();
  return true;
}

/// Has `readers` run before `writers`, if that can be, and what can fail before
/// state is written still. Only what stands between the first writer and the
/// last reader moves.
bool CopyEliminator::reorder(ArrayRef<unsigned> readers,
                             ArrayRef<unsigned> writers) {
  if (readers.empty() || writers.empty())
    return true;
  auto before = [&](unsigned a, unsigned b) { return placeOf[a] < placeOf[b]; };
  unsigned begin = placeOf[*llvm::min_element(writers, before)];
  unsigned end = placeOf[*llvm::max_element(readers, before)] + 1;
  if (begin + 1 >= end)
    return true; // nothing, or one launch that both reads and writes
  looks += end - begin;
  SmallVector<unsigned> stretch;
  SmallVector<kernel::LaunchOp> moved;
  llvm::DenseMap<unsigned, unsigned> indexOf;
  for (unsigned place = begin; place < end; ++place)
    if (launches[order[place]]) {
      indexOf[order[place]] = stretch.size();
      stretch.push_back(order[place]);
      moved.push_back(launches[order[place]]);
    }
  Order wanted(moved);
  for (unsigned writer : writers)
    for (unsigned reader : readers)
      if (placeOf[writer] < end && placeOf[reader] >= begin)
        wanted.add(indexOf.lookup(reader), indexOf.lookup(writer));
  for (auto [index, launch] : llvm::enumerate(moved))
    if (llvm::any_of(launch.getOutputs(), isState))
      for (unsigned check : failing)
        if (auto found = indexOf.find(check); found != indexOf.end())
          wanted.add(found->second, index);
  auto sorted = wanted.sort();
  if (!sorted)
    return false;
  // Places of removed launches come last; nobody stands there.
  unsigned next = begin;
  SmallVector<unsigned> removed;
  for (unsigned place = begin; place < end; ++place)
    if (!launches[order[place]])
      removed.push_back(order[place]);
  for (unsigned index : *sorted)
    order[next++] = stretch[index];
  for (unsigned number : removed)
    order[next++] = number;
  for (unsigned place = begin; place < end; ++place)
    placeOf[order[place]] = place;
  return true;
}

void CopyEliminator::run() {
  bool any = false;
  for (unsigned number = 0; number < launches.size(); ++number)
    if (isCopy(launches[number], symbols))
      any |= eliminate(number);
  if (!any)
    return;
  Operation *end = program.getBody().front().getTerminator();
  for (unsigned number : order)
    if (launches[number])
      launches[number]->moveBefore(end);
  hoistBuffers(program);
}

uint64_t eliminateCopies(kernel::ProgramOp program, SymbolTable &symbols) {
  CopyEliminator eliminator(program, symbols);
  eliminator.run();
  return eliminator.looks;
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
