//===- CudaSizes.h - What GPU code computes of sizes ------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_ARTIFACT_CUDASIZES_H
#define TENSORC_COMPILER_ARTIFACT_CUDASIZES_H

#include "compiler/artifact/Model.h"
#include "tensorc/abi_cuda.h"

#include <map>
#include <tuple>

namespace tensorc::compiler {

/// What a function computes of the sizes that its calls say, as
/// `tensorc_cuda_sizes` describes it: equal sizes once, whichever GPU wants
/// them.
class CudaSizes {
public:
  explicit CudaSizes(const ModelFunction &function);

  /// The number of `size` among those that are computed. Only for functions
  /// with symbols.
  uint32_t add(SymInt size);

  std::vector<Symbol> symbols;
  std::vector<tensorc_cuda_size> steps;
  /// The bytes of inputs and outputs.
  std::vector<uint32_t> buffers;

private:
  uint32_t push(tensorc_cuda_size_op op, uint32_t first, int64_t second);
  uint32_t number(int64_t value) {
    return push(TENSORC_CUDA_SIZE_NUMBER, 0, value);
  }
  uint32_t addAtom(const SymAtom &atom);

  std::map<std::tuple<int32_t, uint32_t, int64_t>, uint32_t> known;
};

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_ARTIFACT_CUDASIZES_H
