//===- GraphExecutor.cpp - Records ops as graph ops -----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/support/GraphExecutor.h"

#include "dialects/graph/Conversion.h"
#include "dialects/graph/GraphDialect.h"

#include "tensorc/location.h"

#include <atomic>
#include <cassert>
#include <cstring>

using namespace mlir;

namespace tensorc::compiler {

/// Contents beyond this belong into model state, not into the code.
static constexpr size_t maxConstantBytes = 1 << 20;

mlir::Location toLocation(MLIRContext *context,
                          const SourceLocation &location) {
  if (location.line() == 0)
    return UnknownLoc::get(context);
  return FileLineColLoc::get(context, location.file_name(), location.line(),
                             location.column());
}

static const void *newIdentity() {
  static std::atomic<uintptr_t> last = 0;
  return reinterpret_cast<const void *>(++last);
}

GraphExecutor::GraphExecutor(OpBuilder &builder,
                             std::optional<mlir::Location> location)
    : builder(builder), fixedLocation(location), identity(newIdentity()) {}

mlir::Location GraphExecutor::locationOf(const SourceLocation &location) const {
  return fixedLocation
             ? *fixedLocation
             : toLocation(builder.getContext(), user_location(location));
}

Tensor GraphExecutor::wrap(Value value) {
  auto impl = std::make_shared<TensorImpl>();
  std::optional<TensorType> type = graph::toTensorType(value.getType());
  assert(type && "a graph value of an element type without a dtype");
  impl->type = *type;
  impl->value = value.getAsOpaquePointer();
  impl->owner = identity;
  if (llvm::any_of(impl->type.shape,
                   [](SymInt size) { return size.is(kDynamic); }))
    return Tensor(std::move(impl));
  // In row-major order, as eager mode has whatever is no view.
  impl->strides.resize(impl->type.shape.size());
  SymInt step = 1;
  for (size_t d = impl->strides.size(); d-- > 0;) {
    impl->strides[d] = step.raw();
    SymInt size = impl->type.shape[d];
    step *= size.is(0) ? SymInt(1) : size;
  }
  return Tensor(std::move(impl));
}

Value GraphExecutor::unwrap(const Tensor &tensor,
                            const SourceLocation &location) {
  if (!tensor.defined())
    throw Error("expected a tensor, received an undefined one",
                user_location(location));
  const TensorImpl &impl = *tensor.impl();
  if (!impl.is_traced())
    return capture(tensor, location);
  if (impl.owner != identity)
    throw Error("expected a tensor of the function being traced, received one "
                "that another traced function made",
                user_location(location));
  return Value::getFromOpaquePointer(impl.value);
}

static bool isSplat(ArrayRef<char> bytes, size_t size) {
  for (size_t i = size; i < bytes.size(); i += size)
    if (std::memcmp(bytes.data(), bytes.data() + i, size) != 0)
      return false;
  return !bytes.empty();
}

Value GraphExecutor::capture(const Tensor &tensor,
                             const SourceLocation &location) {
  const TensorImpl &impl = *tensor.impl();
  if (!impl.storage)
    throw Error("expected a tensor with elements, received the example " +
                    to_string(impl.type) +
                    ", which has none; make it in the traced function",
                user_location(location));
  size_t size = size_of(impl.type.dtype);
  std::vector<char> bytes = dense_bytes(tensor);
  if (isSplat(bytes, size))
    bytes.resize(size);
  if (bytes.size() > maxConstantBytes)
    throw Error("expected a constant of at most " +
                    std::to_string(maxConstantBytes) + " bytes, received " +
                    to_string(impl.type) +
                    "; register it as a buffer of a module instead",
                user_location(location));
  RankedTensorType type = graph::toMlirType(impl.type, builder.getContext());
  DenseElementsAttr value;
  if (impl.type.dtype == DType::Bool)
    value = DenseElementsAttr::get(
        type, ArrayRef<bool>(reinterpret_cast<const bool *>(bytes.data()),
                             bytes.size()));
  else
    value = DenseElementsAttr::getFromRawBuffer(type, bytes);
  return graph::ConstantOp::create(builder, locationOf(location), value);
}

std::vector<Tensor> GraphExecutor::execute(const OpCall &call) {
  MLIRContext *context = builder.getContext();
  std::vector<TensorType> types = infer_results(call);
  OperationState state(locationOf(call.location),
                       "graph." + std::string(call.info.name));
  for (const Tensor &operand : call.operands)
    state.operands.push_back(unwrap(operand, call.location));
  for (const TensorType &type : types)
    state.types.push_back(graph::toMlirType(type, context));
  state.addAttributes(graph::toMlirAttributes(call.attributes, context));

  std::vector<Tensor> results;
  for (Value value : builder.create(state)->getResults())
    results.push_back(wrap(value));
  return results;
}

void GraphExecutor::assign(Tensor &, const Tensor &, SourceLocation location) {
  throw Error("an in-place update cannot stand in a gradient rule or a "
              "decomposition",
              location);
}

void GraphExecutor::backward(const Tensor &, const Tensor &,
                             const BackwardOptions &, SourceLocation location) {
  throw Error("`backward` cannot stand in a gradient rule or a decomposition",
              location);
}

const void *GraphExecutor::data(const Tensor &tensor, SourceLocation location) {
  const TensorImpl &impl = *tensor.impl();
  if (impl.is_traced())
    throw Error("cannot read the value of a traced tensor: expected an eager "
                "tensor, received " +
                    to_string(impl.type) +
                    " that is known only when the compiled function runs",
                user_location(location));
  return static_cast<const char *>(impl.storage->data) +
         impl.offset * int64_t(size_of(impl.type.dtype));
}

} // namespace tensorc::compiler
