//===- Inference.cpp - Result types by the runtime's rules ---- -*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/Inference.h"
#include "dialects/graph/Conversion.h"

#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace tensorc;

LogicalResult graph::inferTypes(StringRef name, MLIRContext *context,
                                std::optional<mlir::Location> location,
                                ValueRange operands, DictionaryAttr attributes,
                                SmallVectorImpl<Type> &results) {
  const OpInfo *info = find_op(name.substr(name.find('.') + 1));
  if (!info || !info->infer)
    return emitOptionalError(location, "`", name, "` has no shape rule");
  std::vector<tensorc::TensorType> types;
  for (Value operand : operands) {
    std::optional<tensorc::TensorType> type = toTensorType(operand.getType());
    if (!type)
      return emitOptionalError(location, "`", name, "` has an operand of type ",
                               operand.getType(), ", expected a ranked tensor");
    types.push_back(std::move(*type));
  }
  try {
    for (const tensorc::TensorType &type :
         infer_types(*info, {types, toAttributes(attributes)}))
      results.push_back(toMlirType(type, context));
  } catch (const Error &error) {
    return emitOptionalError(location, "'", name, "' op ", error.message());
  }
  return success();
}
