//===- Parts.h - Long reductions in parts -----------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel shares out its results, of which a long sum has few. So such sums
// are made in parts, one task each, and the parts are added up in their order.
// How many there are says the work alone: no result depends on the threads.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_EAGER_PARTS_H
#define TENSORC_RUNTIME_EAGER_PARTS_H

#include "runtime/eager/Kernels.h"

namespace tensorc::eager {

/// Of how many parts, `limit` at most, each reduction is to be made where work
/// for `tasks` tasks has `units` that can be shared out as it is; 1: as it is.
std::int64_t part_count(std::int64_t tasks, std::int64_t units,
                        std::int64_t limit);

/// Dense [slabs, length, columns], reduced over `length`.
struct Slabs {
  std::int64_t slabs, length, columns;
};
/// Reduces `value` to [slabs, parts, columns] by a kernel `[length, columns] ->
/// [columns]`, or `[1, length] -> [1]` where `rows`. On a CPU.
Tensor reduce_parts(const KernelSet &set, const Tensor &value, Slabs slabs,
                    std::int64_t parts, bool rows, Location location);

/// The dimension of each factor of a product that is summed over, and cut.
struct Cut {
  std::size_t lhs, rhs;
};
/// `result` (dense) from the contraction `set` of `lhs` and `rhs`, made in
/// `parts` over the dimension `cut`. On a CPU.
void contract_parts(const KernelSet &set, const Buffer &lhs, const Buffer &rhs,
                    const Buffer &result, Cut cut, std::int64_t parts,
                    Location location);

} // namespace tensorc::eager

#endif // TENSORC_RUNTIME_EAGER_PARTS_H
