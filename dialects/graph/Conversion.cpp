//===- Conversion.cpp - Between MLIR's types and the runtime's  -*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/Conversion.h"

#include "dialects/scalar/Elements.h"
#include "dialects/scalar/Sizes.h"

using namespace mlir;
using namespace tensorc;

std::optional<DType> graph::toDType(Type element) {
  return scalar::dtypeOf(element);
}

std::optional<tensorc::TensorType> graph::toTensorType(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return std::nullopt;
  std::optional<DType> dtype = toDType(tensor.getElementType());
  if (!dtype)
    return std::nullopt;
  return tensorc::TensorType{*dtype, scalar::sizesOf(tensor)};
}

Type graph::toMlirType(DType dtype, MLIRContext *context) {
  return scalar::elementType(dtype, context);
}

RankedTensorType graph::toMlirType(const tensorc::TensorType &type,
                                   MLIRContext *context) {
  return scalar::tensorOf(type.shape, toMlirType(type.dtype, context));
}

std::optional<tensorc::Attribute>
graph::toAttribute(mlir::Attribute attribute) {
  if (auto value = dyn_cast<BoolAttr>(attribute))
    return value.getValue();
  if (auto value = dyn_cast<IntegerAttr>(attribute))
    if (value.getType().isSignlessInteger(64))
      return value.getInt();
  if (auto value = dyn_cast<FloatAttr>(attribute))
    if (value.getType().isF64())
      return value.getValueAsDouble();
  if (auto value = dyn_cast<TypeAttr>(attribute))
    if (std::optional<DType> dtype = toDType(value.getValue()))
      return *dtype;
  if (auto value = dyn_cast<StringAttr>(attribute))
    return value.getValue().str();
  if (auto value = dyn_cast<DenseI64ArrayAttr>(attribute))
    return std::vector<int64_t>(value.asArrayRef());
  if (auto value = dyn_cast<scalar::SizesAttr>(attribute))
    return value.getSizes();
  return std::nullopt;
}

mlir::Attribute graph::toMlirAttribute(const tensorc::Attribute &attribute,
                                       MLIRContext *context) {
  Builder builder(context);
  struct Visitor {
    Builder &builder;
    mlir::Attribute operator()(bool value) {
      return builder.getBoolAttr(value);
    }
    mlir::Attribute operator()(int64_t value) {
      return builder.getI64IntegerAttr(value);
    }
    mlir::Attribute operator()(double value) {
      return builder.getF64FloatAttr(value);
    }
    mlir::Attribute operator()(DType value) {
      return TypeAttr::get(graph::toMlirType(value, builder.getContext()));
    }
    mlir::Attribute operator()(const std::string &value) {
      return builder.getStringAttr(value);
    }
    mlir::Attribute operator()(const std::vector<int64_t> &value) {
      return builder.getDenseI64ArrayAttr(value);
    }
    mlir::Attribute operator()(const Shape &value) {
      return scalar::sizesAttr(builder.getContext(), value);
    }
  };
  return std::visit(Visitor{builder}, attribute);
}

Attributes graph::toAttributes(DictionaryAttr dictionary) {
  Attributes attributes;
  if (!dictionary)
    return attributes;
  for (NamedAttribute named : dictionary)
    if (std::optional<tensorc::Attribute> value = toAttribute(named.getValue()))
      attributes.set(named.getName().str(), std::move(*value));
  return attributes;
}

Attributes graph::toAttributes(Operation *op) {
  // The op's own come first, in the order of its definition.
  DictionaryAttr dictionary = op->getAttrDictionary();
  Attributes attributes;
  for (StringAttr name : op->getName().getAttributeNames())
    if (mlir::Attribute value = dictionary.get(name))
      if (std::optional<tensorc::Attribute> known = toAttribute(value))
        attributes.set(name.str(), std::move(*known));
  return attributes;
}

SmallVector<NamedAttribute>
graph::toMlirAttributes(const Attributes &attributes, MLIRContext *context) {
  SmallVector<NamedAttribute> result;
  for (const auto &[name, value] : attributes)
    result.emplace_back(StringAttr::get(context, name),
                        toMlirAttribute(value, context));
  return result;
}
