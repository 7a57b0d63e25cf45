//===- Sizes.cpp - Sizes that a call says ---------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Sizes.h"

#include <stddef.h>

using namespace tensorc::rt;
using namespace tensorc::rt::cuda;

const tensorc_cuda_sizes &cuda::sizesOf(const tensorc_cuda_program &program,
                                        uint64_t function) {
  static constexpr tensorc_cuda_sizes none = {};
  // Objects of version 2.0 end before it.
  bool hasSizes = program.struct_size > offsetof(tensorc_cuda_program, sizes) &&
                  program.sizes;
  return hasSizes ? program.sizes[function] : none;
}

int32_t cuda::checkSymbols(const char *model, const char *function,
                           const tensorc_cuda_sizes &sizes,
                           const int64_t *symbols) {
  for (uint64_t i = 0; i < sizes.symbol_count; ++i) {
    const tensorc_cuda_symbol &symbol = sizes.symbols[i];
    if (symbols[i] >= symbol.min && symbols[i] <= symbol.max &&
        symbols[i] % symbol.divisor == 0)
      continue;
    auto number = [](int64_t value) { return static_cast<long long>(value); };
    if (symbol.divisor == 1)
      return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                             "%s_%s: `%s` is %lld, expected %lld to %lld",
                             model, function, symbol.name, number(symbols[i]),
                             number(symbol.min), number(symbol.max));
    return tensorc_rt_fail(
        TENSORC_ERROR_INVALID_ARGUMENT,
        "%s_%s: `%s` is %lld, expected a multiple of %lld, %lld to %lld", model,
        function, symbol.name, number(symbols[i]), number(symbol.divisor),
        number(symbol.min), number(symbol.max));
  }
  return TENSORC_OK;
}

bool cuda::computeSizes(const tensorc_cuda_sizes &sizes, const int64_t *symbols,
                        int64_t *values) {
  for (uint64_t i = 0; i < sizes.size_count; ++i) {
    const tensorc_cuda_size &size = sizes.sizes[i];
    auto op = static_cast<tensorc_cuda_size_op>(size.op);
    if (op == TENSORC_CUDA_SIZE_NUMBER || op == TENSORC_CUDA_SIZE_SYMBOL) {
      values[i] =
          op == TENSORC_CUDA_SIZE_NUMBER ? size.second : symbols[size.first];
      continue;
    }
    int64_t first = values[size.first], second = values[size.second];
    bool wrong = false;
    if (op == TENSORC_CUDA_SIZE_ADD)
      wrong = __builtin_add_overflow(first, second, &values[i]);
    else if (op == TENSORC_CUDA_SIZE_MULTIPLY)
      wrong = __builtin_mul_overflow(first, second, &values[i]);
    else if (op == TENSORC_CUDA_SIZE_MINIMUM)
      values[i] = first < second ? first : second;
    else if (!(wrong = second <= 0))
      values[i] = first / second;
    if (wrong)
      return false;
  }
  return true;
}
