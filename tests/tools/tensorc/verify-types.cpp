// Inputs of every element type: eager mode has kernels for all.

// RUN: tensorc verify %s | FileCheck %s
// CHECK-NOT: FAIL
// CHECK: of_bool: compiled against eager{{$}}
// CHECK: of_uint8: compiled against eager{{$}}
// CHECK: of_int8: compiled against eager{{$}}
// CHECK: of_int16: compiled against eager{{$}}
// CHECK: of_int32: compiled against eager{{$}}
// CHECK: of_int64: compiled against eager{{$}}
// CHECK: of_float16: compiled against eager{{$}}
// CHECK: of_bfloat16: compiled against eager{{$}}
// CHECK: of_float32: compiled against eager{{$}}
// CHECK: of_float64: compiled against eager{{$}}
// CHECK-NOT: FAIL

#include <tensorc/tensorc.h>

using namespace tensorc;

TENSORC_MODEL(model) {
  for (const DTypeInfo &info : kDTypes) {
    Tensor example = zeros({5, 7}, info.dtype);
    model.function("of_" + std::string(info.name),
                   {{"x", example}, {"y", example}},
                   [](const TensorList &in) -> Outputs {
                     Tensor x = in[0], y = in[1];
                     return {{"sum", x + y},
                             {"product", x * y},
                             {"less", x < y},
                             {"chosen", where(x == y, x, y)},
                             {"greatest", x.amax({1})},
                             {"total", x.sum({0})},
                             {"wide", x.to(kFloat64)},
                             {"narrow", x.to(kInt8)}};
                   });
  }
}
