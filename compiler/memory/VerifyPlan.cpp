//===- VerifyPlan.cpp - Is a plan sound? ----------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/memory/VerifyPlan.h"

#include "compiler/memory/Lifetimes.h"
#include "compiler/support/StateLayout.h"

#include <map>
#include <tuple>

using namespace mlir;

namespace tensorc::compiler::memory {

/// A call that fails leaves state as it was.
static LogicalResult verifyChecks(ArrayRef<kernel::LaunchOp> launches,
                                  SymbolTable &symbols) {
  bool isWritten = false;
  for (kernel::LaunchOp launch : launches) {
    isWritten |= llvm::any_of(launch.getOutputs(), isState);
    if (isWritten && canFail(launch, symbols))
      return launch.emitOpError("can fail when state is written already");
  }
  return success();
}

LogicalResult verifyPlan(kernel::ProgramOp program, SymbolTable &symbols) {
  for (auto alloc : program.getBody().getOps<kernel::AllocOp>())
    return alloc.emitOpError("is left after memory was planned");
  SmallVector<kernel::LaunchOp> launches = launchesOf(program);
  if (failed(verifyChecks(launches, symbols)))
    return failure();
  auto lifetimes = lifetimesOf(launches);
  for (auto &[buffer, lifetime] : lifetimes) {
    if (!buffer.getDefiningOp<kernel::ViewOp>())
      continue;
    for (Value input : launches[lifetime.first].getInputs())
      if (baseOf(input) == buffer)
        return launches[lifetime.first].emitOpError(
            "reads a buffer that nothing has written");
  }
  struct Range {
    kernel::ViewOp view;
    int64_t begin, end;
    Lifetime lifetime;
  };
  SmallVector<Range> ranges;
  for (auto &[buffer, lifetime] : lifetimes)
    if (auto view = buffer.getDefiningOp<kernel::ViewOp>()) {
      auto begin = static_cast<int64_t>(view.getOffset());
      ranges.push_back(
          {view, begin,
           begin + byteSize(cast<MemRefType>(view.getBuffer().getType())),
           lifetime});
    }
  // Over time: what is live, by its place. Whoever comes must find its bytes
  // free; those that don't overlap have neighbours in one order.
  auto isEmpty = [](const Range &range) { return range.begin == range.end; };
  llvm::erase_if(ranges, isEmpty);
  llvm::sort(ranges, [](const Range &a, const Range &b) {
    return std::tuple(a.lifetime.first, a.begin) <
           std::tuple(b.lifetime.first, b.begin);
  });
  std::map<int64_t, Range *> live;       // by begin
  std::multimap<unsigned, Range *> last; // by the end of their life
  for (Range &range : ranges) {
    while (!last.empty() && last.begin()->first < range.lifetime.first) {
      live.erase(last.begin()->second->begin);
      last.erase(last.begin());
    }
    auto next = live.lower_bound(range.begin);
    Range *other = nullptr;
    if (next != live.end() && next->first < range.end)
      other = next->second;
    else if (next != live.begin() && std::prev(next)->second->end > range.begin)
      other = std::prev(next)->second;
    if (other) {
      InFlightDiagnostic error =
          range.view.emitOpError("overlaps a buffer at byte ")
          << other->begin << " that is live at the same time";
      error.attachNote(other->view.getLoc()) << "the other buffer";
      return error;
    }
    live[range.begin] = &range;
    last.emplace(range.lifetime.last, &range);
  }
  return success();
}

} // namespace tensorc::compiler::memory
