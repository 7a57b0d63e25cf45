//===- RandomGenericTest.cpp - kernel.generic of random shapes ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/lowering/GenericText.h"
#include "tests/compiler/lowering/KernelTest.h"
#include <cstdlib>

using namespace tensorc::test;

namespace {
/// Makes up a kernel.generic and the sizes of its dynamic dimensions.
class RandomGeneric {
public:
  explicit RandomGeneric(unsigned seed) : random(seed) {
    unsigned dims = 1 + pick(4);
    int64_t budget = 20000;
    for (unsigned dim = 0; dim < dims; ++dim) {
      static constexpr int64_t candidates[] = {1,  2,  3,  5,  7,  8, 10,
                                               15, 16, 17, 31, 33, 64};
      int64_t size = candidates[pick(13)];
      if (size > budget)
        size = 2;
      budget /= size;
      sizes.push_back(size);
      reduced.push_back(pick(3) == 0);
      dynamic.push_back(pick(4) == 0);
    }
    type = pick(5) == 0 ? "f64" : "f32";
  }

  std::string text() {
    std::vector<Operand> inputs, outputs;
    // The first operand has all dimensions, so that each size is known.
    inputs.push_back(operand(all(), false));
    unsigned more = pick(3);
    for (unsigned i = 0; i < more; ++i)
      inputs.push_back(operand(some(), true));
    std::string reductionDims;
    for (unsigned dim = 0; dim < sizes.size(); ++dim)
      if (reduced[dim])
        reductionDims +=
            (reductionDims.empty() ? "" : ", ") + std::to_string(dim);
    std::string body = combineInputs(inputs.size());
    std::string yields, types;
    unsigned outputCount = 1 + pick(2);
    for (unsigned i = 0; i < outputCount; ++i) {
      bool isPoint = reductionDims.empty() || pick(2) == 0;
      outputs.push_back(operand(isPoint ? all() : parallel(), false));
      yields += (i ? ", " : "") + (isPoint ? pointValue() : rowValue());
      types += (i ? ", " : "") + type;
    }
    return generic(unsigned(sizes.size()), inputs, outputs, reductionDims,
                   body + lines + "    kernel.yield " + yields + " : " + types);
  }

  std::vector<std::vector<int64_t>> dynamicSizes;

private:
  unsigned pick(unsigned limit) { return unsigned(random() % limit); }

  std::vector<unsigned> shuffled(std::vector<unsigned> dims) {
    if (pick(2))
      for (size_t i = dims.size(); i > 1; --i)
        std::swap(dims[i - 1], dims[pick(unsigned(i))]);
    return dims;
  }
  std::vector<unsigned> all() {
    std::vector<unsigned> dims;
    for (unsigned dim = 0; dim < sizes.size(); ++dim)
      dims.push_back(dim);
    return shuffled(dims);
  }
  std::vector<unsigned> some() {
    std::vector<unsigned> dims;
    for (unsigned dim : all())
      if (pick(2))
        dims.push_back(dim);
    return dims;
  }
  std::vector<unsigned> parallel() {
    std::vector<unsigned> dims;
    for (unsigned dim : all())
      if (!reduced[dim])
        dims.push_back(dim);
    return dims;
  }

  /// `mayScale`: a map may step over elements, or run backwards.
  Operand operand(const std::vector<unsigned> &dims, bool mayScale) {
    Operand result;
    result.element = type;
    std::vector<int64_t> sizesHere;
    for (unsigned dim : dims) {
      int64_t size = sizes[dim];
      std::string expression = "d" + std::to_string(dim);
      bool isDynamic = dynamic[dim];
      if (mayScale && pick(4) == 0) {
        int64_t step = 1 + pick(3), first = 1 + pick(3);
        expression = std::to_string(step) + " * " + expression + " + " +
                     std::to_string(first);
        size = step * (size - 1) + first + 1 + pick(2);
        isDynamic = false;
      } else if (mayScale && pick(8) == 0 && !isDynamic) {
        expression = std::to_string(size - 1) + " - " + expression;
      }
      result.shape += (result.shape.empty() ? "" : "x") +
                      (isDynamic ? "?" : std::to_string(size));
      if (isDynamic)
        sizesHere.push_back(size);
      result.map += (result.map.empty() ? "" : ", ") + expression;
    }
    dynamicSizes.push_back(sizesHere);
    return result;
  }

  std::string fresh(const std::string &right) {
    std::string name = "%v" + std::to_string(names++);
    lines += "    " + name + " = " + right + "\n";
    return name;
  }
  std::string combineInputs(size_t inputs) {
    point = "%x0";
    for (size_t i = 1; i < inputs; ++i) {
      static const char *const ops[] = {"addf", "mulf", "subf", "maximumf"};
      point = fresh("arith." + std::string(ops[pick(4)]) + " " + point +
                    ", %x" + std::to_string(i) + " : " + type);
    }
    return "";
  }
  std::string rowValue() {
    static const char *const combiners[] = {"add", "maximum", "minimum"};
    return fresh("kernel.reduce " + std::string(combiners[pick(3)]) + " " +
                 point + " : " + type);
  }
  std::string pointValue() {
    if (pick(2))
      return point;
    // Small: taken from each of a row's points and added up again, the rounding
    // of a sum would grow with their number.
    std::string scale = fresh("arith.constant 1.953125e-03 : " + type);
    std::string row =
        fresh("arith.mulf " + rowValue() + ", " + scale + " : " + type);
    std::string difference =
        fresh("arith.subf " + point + ", " + row + " : " + type);
    if (pick(2))
      return difference;
    point = difference;
    return fresh("arith.addf " + rowValue() + ", " + point + " : " + type);
  }

  std::mt19937 random;
  std::vector<int64_t> sizes;
  std::vector<bool> reduced, dynamic;
  std::string type, point, lines;
  unsigned names = 0;
};
} // namespace

/// TENSORC_TEST_SEEDS asks for a longer search.
static unsigned seedCount() {
  const char *asked = std::getenv("TENSORC_TEST_SEEDS");
  return asked ? unsigned(std::atoi(asked)) : 100;
}

TEST(RandomGeneric, AgreesWithTheInterpreter) {
  for (unsigned seed = 1; seed <= seedCount(); ++seed) {
    RandomGeneric kernel(seed);
    std::string text = kernel.text();
    checkKernel(text, {.dynamic = kernel.dynamicSizes,
                       .tolerance = 2e-4,
                       .seed = seed,
                       .specials = seed % 5 == 0,
                       .optLevels = {seed % 10 == 0 ? 0 : 3}});
    if (HasFailure())
      return;
  }
}
