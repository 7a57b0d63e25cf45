//===- Inference.h - Result types by the runtime's shape rules  -*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DIALECTS_GRAPH_INFERENCE_H
#define TENSORC_DIALECTS_GRAPH_INFERENCE_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OperationSupport.h"

namespace tensorc::graph {

/// Calls `infer_<op>` of the op `name` (`graph.convolution`). What the rule
/// throws is reported at `location`, if there is one.
llvm::LogicalResult inferTypes(llvm::StringRef name, mlir::MLIRContext *context,
                               std::optional<mlir::Location> location,
                               mlir::ValueRange operands,
                               mlir::DictionaryAttr attributes,
                               llvm::SmallVectorImpl<mlir::Type> &results);

/// `inferReturnTypes` of `OpT`.
template <typename OpT>
llvm::LogicalResult
inferByRule(mlir::MLIRContext *context, std::optional<mlir::Location> location,
            mlir::ValueRange operands, mlir::DictionaryAttr attributes,
            mlir::OpaqueProperties properties,
            llvm::SmallVectorImpl<mlir::Type> &results) {
  // Verified ops pass their attributes as properties, builders may pass both.
  if (properties)
    attributes =
        llvm::cast_or_null<mlir::DictionaryAttr>(OpT::getPropertiesAsAttr(
            context, *properties.as<typename OpT::Properties *>()));
  return inferTypes(OpT::getOperationName(), context, location, operands,
                    attributes, results);
}

} // namespace tensorc::graph

#endif // TENSORC_DIALECTS_GRAPH_INFERENCE_H
