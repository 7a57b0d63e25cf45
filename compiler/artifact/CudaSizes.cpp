//===- CudaSizes.cpp - What GPU code computes of sizes --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/artifact/CudaSizes.h"

using namespace mlir;

namespace tensorc::compiler {

CudaSizes::CudaSizes(const ModelFunction &function)
    : symbols(function.symbols) {
  if (symbols.empty())
    return;
  for (const auto *list : {&function.inputs, &function.outputs})
    for (const ModelBuffer &buffer : *list)
      buffers.push_back(add(bytesOf(buffer.type)));
}

uint32_t CudaSizes::push(tensorc_cuda_size_op op, uint32_t first,
                         int64_t second) {
  auto [entry, isNew] = known.try_emplace({op, first, second}, steps.size());
  if (isNew)
    steps.push_back({op, first, second});
  return entry->second;
}

/// A symbol's atom is what it is of its divisor.
uint32_t CudaSizes::addAtom(const SymAtom &atom) {
  if (atom.kind == SymAtom::Kind::Symbol) {
    auto place = llvm::find(symbols, atom.symbol);
    assert(place != symbols.end() && "a function lists its symbols");
    uint32_t said =
        push(TENSORC_CUDA_SIZE_SYMBOL, uint32_t(place - symbols.begin()), 0);
    if (atom.symbol.divisor == 1)
      return said;
    return push(TENSORC_CUDA_SIZE_DIVIDE, said, number(atom.symbol.divisor));
  }
  uint32_t first = add(atom.first), second = add(atom.second);
  return push(atom.kind == SymAtom::Kind::FloorDiv ? TENSORC_CUDA_SIZE_DIVIDE
                                                   : TENSORC_CUDA_SIZE_MINIMUM,
              first, second);
}

uint32_t CudaSizes::add(SymInt size) {
  std::optional<uint32_t> sum;
  for (const SymTerm &term : terms_of(size)) {
    std::optional<uint32_t> product;
    for (uint32_t atom : term.atoms) {
      uint32_t factor = addAtom(sym_atom(atom));
      product =
          product ? push(TENSORC_CUDA_SIZE_MULTIPLY, *product, factor) : factor;
    }
    if (!product)
      product = number(term.factor);
    else if (term.factor != 1)
      product = push(TENSORC_CUDA_SIZE_MULTIPLY, *product, number(term.factor));
    sum = sum ? push(TENSORC_CUDA_SIZE_ADD, *sum, *product) : *product;
  }
  return sum ? *sum : number(0);
}

} // namespace tensorc::compiler
