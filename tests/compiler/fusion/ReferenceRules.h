//===- ReferenceRules.h - Rules of the graph interpreter -------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_COMPILER_FUSION_REFERENCERULES_H
#define TENSORC_TESTS_COMPILER_FUSION_REFERENCERULES_H

#include "tests/compiler/fusion/GraphReference.h"

#include "mlir/IR/BuiltinAttributes.h"

#include <cmath>
#include <functional>
#include <map>
#include <string>

namespace tensorc::test {

using Index = std::vector<int64_t>;

/// One op with its operands' elements.
struct Call {
  mlir::Operation *op;
  std::vector<Elements> x;

  Index ints(llvm::StringRef name) const {
    return op->getAttrOfType<mlir::DenseI64ArrayAttr>(name).asArrayRef().vec();
  }
  int64_t integer(llvm::StringRef name) const {
    return op->getAttrOfType<mlir::IntegerAttr>(name).getInt();
  }
  bool flag(llvm::StringRef name) const {
    return op->getAttrOfType<mlir::BoolAttr>(name).getValue();
  }
  double real(llvm::StringRef name) const {
    return op->getAttrOfType<mlir::FloatAttr>(name).getValueAsDouble();
  }
  llvm::StringRef text(llvm::StringRef name) const {
    return op->getAttrOfType<mlir::StringAttr>(name).getValue();
  }
  llvm::ArrayRef<int64_t> shape() const {
    return mlir::cast<mlir::RankedTensorType>(op->getResult(0).getType())
        .getShape();
  }
};

/// The elements of an op's result, before they are rounded to its type.
using Rule = std::function<Elements(Call &)>;
using Rules = std::map<std::string, Rule, std::less<>>;

inline double maximum(double x, double y) {
  return std::isnan(x) || std::isnan(y) ? NAN : std::max(x, y);
}
inline double minimum(double x, double y) {
  return std::isnan(x) || std::isnan(y) ? NAN : std::min(x, y);
}

inline Elements makeElements(llvm::ArrayRef<int64_t> shape, double value = 0) {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return {shape.vec(), std::vector<double>(count, value)};
}

inline void forEach(llvm::ArrayRef<int64_t> shape,
                    llvm::function_ref<void(const Index &)> visit) {
  if (llvm::is_contained(shape, 0))
    return;
  Index index(shape.size(), 0);
  for (;;) {
    visit(index);
    size_t dim = shape.size();
    while (dim > 0 && ++index[dim - 1] == shape[dim - 1])
      index[--dim] = 0;
    if (dim == 0)
      return;
  }
}

/// Where a reduction over `dims` puts what it makes of the element at `index`.
inline Index reducedIndex(const Index &index, llvm::ArrayRef<int64_t> dims,
                          bool keepdim) {
  Index to;
  for (size_t dim = 0; dim < index.size(); ++dim)
    if (!llvm::is_contained(dims, int64_t(dim)))
      to.push_back(index[dim]);
    else if (keepdim)
      to.push_back(0);
  return to;
}

Rules elementwiseRules();
Rules compositeRules();

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_FUSION_REFERENCERULES_H
