//===- EagerGraph.cpp - Graph functions in eager mode ---------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/fusion/EagerGraph.h"

#include "compiler/support/Decomposition.h"
#include "compiler/support/MemoryImage.h"
#include "dialects/graph/Conversion.h"
#include "dialects/graph/GraphDialect.h"
#include "runtime/core/Dense.h"
#include "tensorc/executor.h"
#include "tensorc/grad_mode.h"

#include <cmath>
#include <cstring>

using namespace mlir;

namespace tensorc::test {

Tensor tensorOf(DenseElementsAttr elements) {
  Tensor tensor = make_dense(*graph::toTensorType(elements.getType()), kCPU);
  std::string bytes = compiler::memoryImage(elements);
  std::memcpy(address(*tensor.impl()), bytes.data(), bytes.size());
  return tensor;
}

TensorList evaluate(func::FuncOp function, const TensorList &arguments,
                    double *magnitude) {
  NoGradGuard noGrad;
  llvm::DenseMap<Value, Tensor> known;
  for (auto [value, tensor] :
       llvm::zip_equal(function.getArguments(), arguments))
    known[value] = tensor;
  for (Operation &op : function.getBody().front()) {
    TensorList operands;
    for (Value operand : op.getOperands())
      operands.push_back(known.at(operand));
    if (isa<func::ReturnOp>(op))
      return operands;
    TensorList results;
    if (auto constant = dyn_cast<graph::ConstantOp>(op))
      results = {tensorOf(cast<DenseElementsAttr>(constant.getValue()))};
    else
      results = Executor::current().execute({*compiler::infoOf(&op), operands,
                                             graph::toAttributes(&op),
                                             SourceLocation::current()});
    for (auto [value, tensor] : llvm::zip_equal(op.getResults(), results)) {
      known[value] = tensor;
      if (magnitude)
        for (double number : tensor.to_vector())
          if (std::isfinite(number))
            *magnitude = std::max(*magnitude, std::abs(number));
    }
  }
  llvm_unreachable("a function without a return");
}

} // namespace tensorc::test
