//===- ContractText.cpp - Contractions for tests --------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/lowering/ContractText.h"
#include <algorithm>
#include <random>

using namespace tensorc::test;

static std::string join(const std::vector<std::string> &parts,
                        const char *separator = ", ") {
  std::string text;
  for (const std::string &part : parts)
    text += (text.empty() ? "" : separator) + part;
  return text;
}

static std::string dimName(size_t dim) { return "d" + std::to_string(dim); }

bool ContractText::isDynamic(const Operand &operand, size_t axis) const {
  if (!operand.strides.empty())
    return false;
  for (size_t dim = 0; dim < dynamic.size(); ++dim)
    if (dynamic[dim] && operand.results[axis] == dimName(dim))
      return true;
  // A window over a dynamic dimension.
  for (size_t dim = 0; dim < dynamic.size(); ++dim)
    if (dynamic[dim] &&
        operand.results[axis].find(dimName(dim)) != std::string::npos)
      return true;
  return false;
}

std::string ContractText::typeOf(const Operand &operand) const {
  std::string text = "memref<";
  for (size_t axis = 0; axis < operand.shape.size(); ++axis)
    text +=
        (isDynamic(operand, axis) ? "?" : std::to_string(operand.shape[axis])) +
        "x";
  text += type;
  if (!operand.strides.empty()) {
    std::vector<std::string> strides;
    for (int64_t stride : operand.strides)
      strides.push_back(std::to_string(stride));
    text += ", strided<[" + join(strides) + "], offset: 2>";
  }
  return text + ">";
}

static std::vector<const ContractText::Operand *>
operandsOf(const ContractText &text) {
  std::vector<const ContractText::Operand *> operands = {&text.lhs, &text.rhs};
  for (const ContractText::Operand &extra : text.extras)
    operands.push_back(&extra);
  operands.push_back(&text.output);
  return operands;
}

std::vector<std::vector<int64_t>> ContractText::dynamicValues() const {
  std::vector<std::vector<int64_t>> values;
  for (const Operand *operand : operandsOf(*this)) {
    values.emplace_back();
    for (size_t axis = 0; axis < operand->shape.size(); ++axis)
      if (isDynamic(*operand, axis))
        values.back().push_back(operand->shape[axis]);
  }
  return values;
}

std::string ContractText::body() const {
  bool isFloat = type[0] != 'i';
  bool narrow = type == "f16" || type == "bf16";
  std::string wide = narrow ? "f32" : type;
  std::string add = isFloat ? "arith.addf" : "arith.addi";
  std::string text = "^bb0(%acc: " + wide;
  for (size_t i = 0; i < extras.size(); ++i)
    text += ", %extra" + std::to_string(i) + ": " + type;
  text += "):\n";
  std::string value = "%acc";
  int next = 0;
  auto append = [&](const std::string &op, const std::string &suffix) {
    std::string name = "%v" + std::to_string(next++);
    text += "      " + name + " = " + op + " : " + suffix + "\n";
    value = name;
  };
  if (epilogue != Epilogue::Copy)
    for (size_t i = 0; i < extras.size(); ++i) {
      std::string extra = "%extra" + std::to_string(i), sum = value;
      if (narrow) {
        append("arith.extf " + extra, type + " to f32");
        extra = value;
      }
      append(add + " " + sum + ", " + extra, wide);
    }
  if (epilogue == Epilogue::Index)
    for (const std::string &result : output.results) {
      std::string sum = value, name = "%i" + std::to_string(next);
      text += "      " + name + " = kernel.index " + result.substr(1) + "\n";
      append("arith.index_cast " + name, "index to i32");
      if (isFloat)
        append("arith.sitofp " + value, "i32 to " + wide);
      append(add + " " + sum + ", " + value, wide);
    }
  if (epilogue == Epilogue::Relu) {
    std::string sum = value;
    append("arith.constant 0.0", wide);
    append("arith.maximumf " + sum + ", " + value, wide);
  }
  if (narrow)
    append("arith.truncf " + value, "f32 to " + type);
  return text + "      kernel.yield " + value + " : " + type;
}

std::string ContractText::str() const {
  std::vector<std::string> dims, maps, arguments, sizeList, extraNames,
      extraTypes;
  for (size_t dim = 0; dim < sizes.size(); ++dim)
    dims.push_back(dimName(dim));
  int number = 0;
  for (const Operand *operand : operandsOf(*this)) {
    maps.push_back("affine_map<(" + join(dims) + ") -> (" +
                   join(operand->results) + ")>");
    arguments.push_back("%arg" + std::to_string(number++) + ": " +
                        typeOf(*operand));
  }
  for (size_t i = 0; i < extras.size(); ++i) {
    extraNames.push_back("%arg" + std::to_string(2 + i));
    extraTypes.push_back(typeOf(extras[i]));
  }
  for (int64_t size : dimSizes)
    sizeList.push_back(std::to_string(size));
  std::string text = "kernel.func @k(" + join(arguments) + ") {\n" +
                     "    kernel.contract ins(%arg0, %arg1 : " + typeOf(lhs) +
                     ", " + typeOf(rhs) + ")";
  if (!extras.empty())
    text += " extras(" + join(extraNames) + " : " + join(extraTypes) + ")";
  text += "\n        outs(%arg" + std::to_string(number - 1) + " : " +
          typeOf(output) + ")\n        attributes {indexing_maps = [" +
          join(maps, ",\n          ") + "]";
  if (!dimSizes.empty())
    text += ", dim_sizes = array<i64: " + join(sizeList) + ">";
  return text + "} {\n    " + body() + "\n    }\n    kernel.return\n  }\n";
}

//===----------------------------------------------------------------------===//
// Random ones
//===----------------------------------------------------------------------===//

namespace {
class Maker {
public:
  explicit Maker(unsigned seed) : generator(seed) {}
  ContractText make();

private:
  int64_t below(int64_t limit) { return int64_t(generator() % limit); }
  bool chance(int percent) { return below(100) < percent; }
  int64_t size() {
    static constexpr int64_t small[] = {1, 2, 3, 5, 7, 8};
    return chance(40) ? small[below(6)] : 1 + below(40);
  }
  /// An operand over `dims`, in any order, perhaps with gaps between rows.
  ContractText::Operand operand(std::vector<size_t> dims, bool strided);
  /// Joins a summed dimension to another one: a window that slides.
  void slide(ContractText::Operand &operand, size_t position, size_t summed);

  std::mt19937 generator;
  ContractText text;
};
} // namespace

/// Row-major strides with `gap` elements between rows.
static std::vector<int64_t> stridesOf(const std::vector<int64_t> &shape,
                                      int64_t unit, int64_t gap) {
  std::vector<int64_t> strides(shape.size());
  int64_t stride = unit;
  for (size_t axis = shape.size(); axis-- > 0;) {
    strides[axis] = stride;
    stride = stride * std::max<int64_t>(shape[axis], 1) + gap;
  }
  return strides;
}

ContractText::Operand Maker::operand(std::vector<size_t> dims, bool strided) {
  if (chance(60))
    std::shuffle(dims.begin(), dims.end(), generator);
  ContractText::Operand result;
  for (size_t dim : dims) {
    result.results.push_back(dimName(dim));
    result.shape.push_back(text.sizes[dim]);
  }
  if (strided && !dims.empty())
    result.strides = stridesOf(result.shape, 1 + below(2), below(4));
  return result;
}

void Maker::slide(ContractText::Operand &operand, size_t position,
                  size_t summed) {
  int64_t stride = 1 + below(2), dilation = 1 + below(2);
  std::string &result = operand.results[position];
  int64_t &extent = operand.shape[position];
  result = result + " * " + std::to_string(stride) + " + " + dimName(summed) +
           " * " + std::to_string(dilation);
  extent = (extent - 1) * stride + (text.sizes[summed] - 1) * dilation + 1;
}

ContractText Maker::make() {
  static const char *types[] = {"f32", "f32",  "f32", "f64",
                                "f16", "bf16", "i32"};
  text.type = types[below(7)];
  int64_t batches = chance(30) ? 1 : 0, rows = below(3), columns = below(3),
          sums = chance(90) ? 1 + below(2) : 0;
  std::vector<size_t> lhs, rhs, out, summed;
  auto add = [&](int64_t count, bool inLhs, bool inRhs, bool inOut) {
    for (int64_t i = 0; i < count; ++i) {
      size_t dim = text.sizes.size();
      text.sizes.push_back(size());
      if (inLhs)
        lhs.push_back(dim);
      if (inRhs)
        rhs.push_back(dim);
      (inOut ? out : summed).push_back(dim);
    }
  };
  add(batches, true, true, true);
  add(rows, true, false, true);
  add(columns, false, true, true);
  add(sums, true, true, false);
  // The interpreter takes about a microsecond for a product.
  while (true) {
    int64_t points = 1;
    for (int64_t size : text.sizes)
      points *= size;
    if (points <= 60000)
      break;
    int64_t &largest = *std::max_element(text.sizes.begin(), text.sizes.end());
    largest = (largest + 1) / 2;
  }
  bool dynamic = chance(25);
  bool strided = !dynamic && chance(30);
  text.lhs = operand(lhs, strided && chance(70));
  text.rhs = operand(rhs, false);
  if (columns > 0 && chance(40)) {
    // The window's size shows in lhs alone, the other dimension's in the
    // output.
    int64_t window = below(4) + 1;
    size_t dim = text.sizes.size();
    text.sizes.push_back(window);
    text.lhs = operand(lhs, false);
    text.lhs.results.push_back(dimName(dim));
    text.lhs.shape.push_back(window);
    size_t column = size_t(batches + rows) + size_t(below(columns));
    for (size_t axis = 0; axis < text.rhs.results.size(); ++axis)
      if (text.rhs.results[axis] == dimName(column))
        slide(text.rhs, axis, dim);
  }
  text.output = operand(out, strided && chance(70));
  if (chance(60)) {
    text.epilogue = chance(50) && text.type != "i32"
                        ? ContractText::Epilogue::Relu
                        : ContractText::Epilogue::Add;
    for (int64_t i = 0, count = 1 + below(2); i < count; ++i) {
      std::vector<size_t> kept;
      for (size_t dim : out)
        if (chance(50))
          kept.push_back(dim);
      text.extras.push_back(operand(kept, strided && chance(50)));
    }
  } else if (chance(30)) {
    text.epilogue = ContractText::Epilogue::Index;
  }
  // f16 and bf16 positions would round differently at each step.
  if (text.epilogue == ContractText::Epilogue::Index && text.type != "f32")
    text.epilogue = ContractText::Epilogue::Copy;
  if (dynamic)
    for (size_t dim = 0; dim < text.sizes.size(); ++dim)
      text.dynamic.push_back(chance(60));
  return text;
}

ContractText tensorc::test::randomContract(unsigned seed) {
  return Maker(seed).make();
}
