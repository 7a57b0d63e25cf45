//===- VerifyBuffers.cpp - Programs, buffers and launches -------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/KernelDialect.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace tensorc::kernel;

/// Bytes of `type`'s elements, which are dense; none where a size is unknown.
static std::optional<int64_t> denseBytes(MemRefType type) {
  if (!type.hasStaticShape())
    return std::nullopt;
  int64_t bits = type.getElementType().getIntOrFloatBitWidth();
  return type.getNumElements() * ((bits + 7) / 8);
}

/// C1 and C2 of both func-like ops, of which the last arguments may be `sizes`.
template <typename FuncLike>
static LogicalResult verifyFuncLike(FuncLike op, size_t sizes) {
  // (C1)
  if (op.getNumResults() != 0)
    return op.emitOpError("has ")
           << op.getNumResults() << " results, expected none (results are "
           << "written to buffers)";
  // (C2)
  for (auto [index, type] :
       llvm::enumerate(op.getArgumentTypes().drop_back(sizes)))
    if (!isa<MemRefType>(type))
      return op.emitOpError("argument #")
             << index << " is of type " << type << ", expected a buffer";
  return success();
}

LogicalResult ProgramOp::verify() { return verifyFuncLike(*this, /*sizes=*/0); }

LogicalResult FuncOp::verify() {
  // (C3)
  return verifyFuncLike(*this, getSizeCount());
}

unsigned FuncOp::getSizeCount() {
  ArrayRef<Type> types = getArgumentTypes();
  return llvm::find_if(llvm::reverse(types),
                       [](Type type) { return !type.isIndex(); }) -
         types.rbegin();
}

LogicalResult ConstantOp::verify() {
  auto value = getValue().getShapedType();
  auto buffer = cast<MemRefType>(getBuffer().getType());
  // (C1)
  if (value.getElementType() != buffer.getElementType() ||
      value.getShape() != buffer.getShape())
    return emitOpError("has contents of type ")
           << value << ", expected the buffer's elements and shape " << buffer;
  return success();
}

LogicalResult ViewOp::verify() {
  auto arena = cast<MemRefType>(getArena().getType());
  auto buffer = cast<MemRefType>(getBuffer().getType());
  int64_t offset = getOffset();
  int64_t element = (buffer.getElementTypeBitWidth() + 7) / 8;
  // (C1)
  if (offset < 0 || offset % element != 0)
    return emitOpError("has offset ")
           << offset << ", expected a multiple of the element's size "
           << element;
  // (C2)
  if (!buffer.getLayout().isIdentity())
    return emitOpError("has result ") << buffer << ", expected a dense buffer";
  // (C3)
  std::optional<int64_t> bytes = denseBytes(buffer);
  std::optional<int64_t> room = denseBytes(arena);
  if (bytes && room && (*bytes > *room || offset > *room - *bytes))
    return emitOpError("ends at byte ")
           << offset + *bytes << " of an arena of " << *room;
  return success();
}

LogicalResult ReinterpretOp::verify() {
  auto source = cast<MemRefType>(getSource().getType());
  auto buffer = cast<MemRefType>(getBuffer().getType());
  // (C1)
  if (!source.getLayout().isIdentity() || !buffer.getLayout().isIdentity())
    return emitOpError("takes ")
           << source << " to " << buffer << ", expected dense buffers";
  // (C2)
  std::optional<int64_t> sourceBytes = denseBytes(source);
  std::optional<int64_t> bytes = denseBytes(buffer);
  if (source.getElementType() != buffer.getElementType() ||
      (sourceBytes && bytes && *sourceBytes != *bytes))
    return emitOpError("takes ")
           << source << " to " << buffer
           << ", expected the same element type and number of elements";
  return success();
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  // A kernel that is lowered already is another kind of function, or a module
  // of code for a device.
  Operation *callee = symbols.lookupNearestSymbolFrom(*this, getKernelAttr());
  if (callee && !isa<FuncOp>(callee) &&
      (isa<FunctionOpInterface>(callee) ||
       callee->getDialect() != (*this)->getDialect()))
    return success();
  // (C1)
  auto func = dyn_cast_or_null<FuncOp>(callee);
  if (!func)
    return emitOpError("launches `")
           << getKernel() << "`, which is no `kernel.func`";
  // (C2)
  ArrayRef<Type> expected =
      func.getArgumentTypes().drop_back(func.getSizeCount());
  if (getNumOperands() != expected.size())
    return emitOpError("passes ")
           << getNumOperands() << " buffers to `" << getKernel()
           << "`, expected " << expected.size();
  // (C3)
  for (auto [index, pair] :
       llvm::enumerate(llvm::zip_equal(getOperandTypes(), expected))) {
    auto [passed, wanted] = pair;
    if (getElementTypeOrSelf(passed) != getElementTypeOrSelf(wanted) ||
        failed(verifyCompatibleShape(passed, wanted)))
      return emitOpError("passes ")
             << passed << " as buffer #" << index << " of `" << getKernel()
             << "`, expected " << wanted;
  }
  // (C4)
  size_t sizes = getSizes() ? getSizes()->size() : 0;
  if (sizes != func.getSizeCount())
    return emitOpError("passes ") << sizes << " sizes to `" << getKernel()
                                  << "`, expected " << func.getSizeCount();
  return success();
}

LogicalResult PadOp::verify() {
  auto input = cast<MemRefType>(getInput().getType());
  auto output = cast<MemRefType>(getOutput().getType());
  auto rank = static_cast<size_t>(input.getRank());
  // (C1)
  if (output.getRank() != input.getRank() || getLow().size() != rank ||
      getInterior().size() != rank)
    return emitOpError("has an input of rank ")
           << rank << ", an output of rank " << output.getRank() << ", "
           << getLow().size() << " low and " << getInterior().size()
           << " interior sizes, expected equal numbers";
  // (C2)
  if (input.getElementType() != output.getElementType() ||
      getValue().getType() != input.getElementType())
    return emitOpError("pads ")
           << input.getElementType() << " with " << getValue().getType()
           << " into " << output.getElementType()
           << ", expected one element type";
  // (C3)
  for (int64_t interior : getInterior())
    if (interior < 0)
      return emitOpError("has interior padding ")
             << interior << ", expected none below 0";
  return success();
}
