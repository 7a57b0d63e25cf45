//===- VerifyPlan.cpp - Is a plan sound? ----------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/memory/VerifyPlan.h"

#include "compiler/memory/Lifetimes.h"
#include "compiler/support/StateLayout.h"

using namespace mlir;

namespace tensorc::compiler::memory {

LogicalResult verifyPlan(kernel::ProgramOp program) {
  for (auto alloc : program.getBody().getOps<kernel::AllocOp>())
    return alloc.emitOpError("is left after memory was planned");
  SmallVector<kernel::LaunchOp> launches = launchesOf(program);
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
  llvm::sort(ranges,
             [](const Range &a, const Range &b) { return a.begin < b.begin; });
  for (size_t i = 0; i < ranges.size(); ++i)
    for (size_t j = i + 1; j < ranges.size() && ranges[j].begin < ranges[i].end;
         ++j)
      if (ranges[j].end > ranges[j].begin &&
          ranges[i].lifetime.overlaps(ranges[j].lifetime)) {
        InFlightDiagnostic error =
            ranges[j].view.emitOpError("overlaps a buffer at byte ")
            << ranges[i].begin << " that is live at the same time";
        error.attachNote(ranges[i].view.getLoc()) << "the other buffer";
        return error;
      }
  return success();
}

} // namespace tensorc::compiler::memory
