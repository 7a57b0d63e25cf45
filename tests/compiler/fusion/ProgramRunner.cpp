//===- ProgramRunner.cpp - Programs, interpreted naively ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/fusion/ProgramRunner.h"

#include "compiler/support/MemoryImage.h"
#include "compiler/support/StateLayout.h"

#include "mlir/IR/SymbolTable.h"

#include <cstring>
#include <map>

using namespace mlir;

namespace tensorc::test {

int64_t ProgramRunner::bytesOf(Value buffer) {
  return compiler::byteSize(cast<MemRefType>(buffer.getType()));
}

MemRefType ProgramRunner::typeOf(Value buffer) const {
  auto type = cast<MemRefType>(buffer.getType());
  SmallVector<int64_t> sizes;
  for (SymInt size : scalar::sizesOf(type))
    sizes.push_back(compiler::specialized(size, symbols));
  return MemRefType::get(sizes, type.getElementType());
}

int32_t ProgramRunner::run() {
  SymbolTable symbols(program->getParentOfType<ModuleOp>());
  for (Operation &op : program.getBody().front()) {
    if (auto alloc = dyn_cast<kernel::AllocOp>(op)) {
      bind(alloc, std::vector<uint8_t>(bytesOf(alloc), 0xff));
    } else if (auto constant = dyn_cast<kernel::ConstantOp>(op)) {
      std::string image =
          compiler::memoryImage(cast<DenseElementsAttr>(constant.getValue()));
      bind(constant, {image.begin(), image.end()});
    } else if (auto launch = dyn_cast<kernel::LaunchOp>(op)) {
      if (int32_t status = runLaunch(
              launch, symbols.lookup<kernel::FuncOp>(launch.getKernel())))
        return status;
    }
  }
  return 0;
}

uint8_t *ProgramRunner::place(Value buffer) {
  if (auto view = buffer.getDefiningOp<kernel::ReinterpretOp>())
    return place(view.getSource());
  if (auto view = buffer.getDefiningOp<kernel::ViewOp>())
    return place(view.getArena()) + view.getOffset();
  return memory.at(buffer).data();
}

std::vector<double> ProgramRunner::read(Value buffer) {
  HostBuffer host = load(buffer);
  std::vector<double> values;
  for (int64_t i = 0; i < host.extent(); ++i)
    values.push_back(isa<FloatType>(host.elementType) ? host.load(i).real
                                                      : host.load(i).whole);
  return values;
}

void ProgramRunner::write(Value buffer, ArrayRef<double> values) {
  HostBuffer host(typeOf(buffer), {});
  for (auto [i, value] : llvm::enumerate(values))
    host.store(i, {value, static_cast<int64_t>(value)});
  std::memcpy(place(buffer), host.data(), compiler::byteSize(typeOf(buffer)));
}

HostBuffer ProgramRunner::load(Value buffer) {
  MemRefType type = typeOf(buffer);
  HostBuffer host(type, {});
  std::memcpy(host.data(), place(buffer), compiler::byteSize(type));
  return host;
}

std::vector<int64_t> ProgramRunner::toldSizes(kernel::LaunchOp launch) const {
  Shape told;
  if (Attribute said = launch->getAttr("kernel.sizes")) {
    told = scalar::toSizes(said);
  } else {
    for (Type type : launch->getOperandTypes())
      for (SymInt size : scalar::sizesOf(cast<ShapedType>(type)))
        if (size.is_symbolic())
          told.push_back(size);
    if (auto own = launch.getSizes())
      told.insert(told.end(), own->begin(), own->end());
  }
  std::vector<int64_t> sizes;
  for (SymInt size : told)
    sizes.push_back(compiler::specialized(size, symbols));
  return sizes;
}

int32_t ProgramRunner::runLaunch(kernel::LaunchOp launch,
                                 kernel::FuncOp function) {
  // Operands that are the same memory are one buffer of the interpreter.
  std::map<uint8_t *, std::unique_ptr<HostBuffer>> hosts;
  std::vector<HostBuffer *> buffers;
  std::vector<std::unique_ptr<HostBuffer>> others;
  for (Value operand : launch->getOperands()) {
    MemRefType type = typeOf(operand);
    auto &host = hosts[place(operand)];
    if (!host)
      host = std::make_unique<HostBuffer>(load(operand));
    if (host->shape == type.getShape().vec() &&
        host->elementType == type.getElementType()) {
      buffers.push_back(host.get());
      continue;
    }
    others.push_back(std::make_unique<HostBuffer>(load(operand)));
    buffers.push_back(others.back().get());
  }
  if (int32_t status = runKernel(function, buffers, toldSizes(launch)))
    return status;
  size_t inputs = launch.getInputs().size();
  for (auto [i, output] : llvm::enumerate(launch.getOutputs())) {
    if (!buffers[inputs + i]->guardsIntact())
      return -1;
    std::memcpy(place(output), buffers[inputs + i]->data(),
                compiler::byteSize(typeOf(output)));
  }
  return 0;
}

} // namespace tensorc::test
