//===- GenericText.h - kernel.generic in short ------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_COMPILER_LOWERING_GENERICTEXT_H
#define TENSORC_TESTS_COMPILER_LOWERING_GENERICTEXT_H

#include <string>
#include <vector>

namespace tensorc::test {

/// An operand: a buffer type's shape, element type and layout, and its map.
struct Operand {
  std::string shape; ///< `3x4`, empty for rank 0
  std::string map;   ///< `d0, d1`
  std::string element = "f32";
  std::string layout = ""; ///< `strided<[8, 1]>`
};

/// The text of a kernel.func `k` around a kernel.generic over `dims` dimensions
/// d0, d1, …; the body's arguments are %x0, %x1, …
inline std::string generic(unsigned dims, const std::vector<Operand> &inputs,
                           const std::vector<Operand> &outputs,
                           const std::string &reductionDims,
                           const std::string &body,
                           const std::string &attributes = "") {
  std::string space, parameters, maps, block;
  for (unsigned dim = 0; dim < dims; ++dim)
    space += (dim ? ", d" : "d") + std::to_string(dim);
  std::string operands[2], types[2];
  unsigned position = 0;
  for (int side = 0; side < 2; ++side)
    for (const Operand &operand : side ? outputs : inputs) {
      std::string name = "%b" + std::to_string(position);
      std::string comma = operands[side].empty() ? "" : ", ";
      std::string type = "memref<" + operand.shape +
                         (operand.shape.empty() ? "" : "x") + operand.element +
                         (operand.layout.empty() ? "" : ", " + operand.layout) +
                         ">";
      operands[side] += comma + name;
      types[side] += comma + type;
      parameters += (position ? ", " : "") + name + ": " + type;
      maps += (position ? ", " : "") + ("affine_map<(" + space) + ") -> (" +
              operand.map + ")>";
      if (!side)
        block += (position ? ", %x" : "%x") + std::to_string(position) + ": " +
                 operand.element;
      ++position;
    }
  return "kernel.func @k(" + parameters + ") {\n  kernel.generic ins(" +
         (inputs.empty() ? "" : operands[0] + " : " + types[0]) +
         ")\n    outs(" + operands[1] + " : " + types[1] +
         ")\n    attributes {indexing_maps = [" + maps +
         "], reduction_dims = array<i64" +
         (reductionDims.empty() ? "" : ": " + reductionDims) + ">" +
         (attributes.empty() ? "" : ", " + attributes) + "} {\n  ^bb0" +
         (block.empty() ? "" : "(" + block + ")") + ":\n" + body +
         "\n  }\n  kernel.return\n}\n";
}

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_LOWERING_GENERICTEXT_H
