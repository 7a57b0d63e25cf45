// What can't be computed with sizes that only a call says: an error at the
// model's line that names the size and its range, never code for some of them.

// RUN: not tensorc %s -DNUMBER --emit=graph 2>&1 | FileCheck %s --check-prefix=NUMBER
// RUN: not tensorc %s -DLOOP --emit=graph 2>&1 | FileCheck %s --check-prefix=LOOP
// RUN: not tensorc %s -DBRANCH --emit=graph 2>&1 | FileCheck %s --check-prefix=BRANCH
// RUN: not tensorc %s -DCOMPUTED --emit=graph 2>&1 | FileCheck %s --check-prefix=COMPUTED
// RUN: not tensorc %s -DCOMPUTED_NUMBER --emit=graph 2>&1 | FileCheck %s --check-prefix=COMPUTED-NUMBER
// RUN: not tensorc %s -DINDEX --emit=graph 2>&1 | FileCheck %s --check-prefix=INDEX
// RUN: not tensorc %s -DPLACE --emit=graph 2>&1 | FileCheck %s --check-prefix=PLACE
// RUN: not tensorc %s -DCAT --emit=graph 2>&1 | FileCheck %s --check-prefix=CAT
// RUN: not tensorc %s -DBROADCAST --emit=graph 2>&1 | FileCheck %s --check-prefix=BROADCAST
// RUN: not tensorc %s -DEXPAND --emit=graph 2>&1 | FileCheck %s --check-prefix=EXPAND
// RUN: not tensorc %s -DPRODUCT --emit=graph 2>&1 | FileCheck %s --check-prefix=PRODUCT
// RUN: not tensorc %s -DLINEAR --emit=graph 2>&1 | FileCheck %s --check-prefix=LINEAR
// RUN: not tensorc %s -DEINSUM --emit=graph 2>&1 | FileCheck %s --check-prefix=EINSUM
// RUN: not tensorc %s -DRESHAPE --emit=graph 2>&1 | FileCheck %s --check-prefix=RESHAPE
// RUN: not tensorc %s -DHOLE --emit=graph 2>&1 | FileCheck %s --check-prefix=HOLE
// RUN: not tensorc %s -DVIEW --emit=graph 2>&1 | FileCheck %s --check-prefix=VIEW
// RUN: not tensorc %s -DSLICE --emit=graph 2>&1 | FileCheck %s --check-prefix=SLICE
// RUN: not tensorc %s -DWINDOW --emit=graph 2>&1 | FileCheck %s --check-prefix=WINDOW
// RUN: not tensorc %s -DEMPTY --emit=graph 2>&1 | FileCheck %s --check-prefix=EMPTY
// RUN: not tensorc %s -DSTATE_SIZE --emit=graph 2>&1 | FileCheck %s --check-prefix=STATE
// RUN: not tensorc %s -DEXPANDED --emit=graph 2>&1 | FileCheck %s --check-prefix=EXPANDED
// RUN: not tensorc %s -DOUTSIDE --emit=graph 2>&1 | FileCheck %s --check-prefix=OUTSIDE
// RUN: not tensorc %s -DRANGES --emit=graph 2>&1 | FileCheck %s --check-prefix=RANGES
// RUN: not tensorc %s -DHINTS --emit=graph 2>&1 | FileCheck %s --check-prefix=HINTS
// RUN: not tensorc %s -DELEMENTS --emit=graph 2>&1 | FileCheck %s --check-prefix=ELEMENTS
// RUN: not tensorc %s -DSTATE_OF_SIZE --emit=graph 2>&1 | FileCheck %s --check-prefix=OF-SIZE
// RUN: not tensorc %s -DNO_NAME --emit=graph 2>&1 | FileCheck %s --check-prefix=NO-NAME

#include "tensorc/tensorc.h"

using namespace tensorc;

static Tensor outside, weight;

static Outputs f(const TensorList &in) {
  Tensor x = in[0]; // [B, 6]
  Tensor y = x;
  SymInt B = x.size(0);
#if defined(NUMBER)
  std::vector<float> weights(x.size(0), 1.0f);
  // NUMBER: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: expected a size that is a number, received `B`, where B is from 1 to 256: only a call of the compiled function says it. What is computed with sizes stays general in a `SymInt` (`auto`)
  // NUMBER-NEXT: std::vector<float> weights
  y = x * weights[0];
#elif defined(LOOP)
  for (std::int64_t row = 0; row < x.size(0); ++row)
    // LOOP: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: whether `1` is less than `B` isn't the same for all sizes, where B is from 1 to 256: a compiled function has one path
    y = y + x[row];
#elif defined(BRANCH)
  if (x.size(0) == 1)
    // BRANCH: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: whether `B` is equal to `1` isn't the same for all sizes, where B is from 1 to 256
    y = x * 2;
#elif defined(COMPUTED)
  if (x.size(0) % 2 == 0)
    // COMPUTED: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: whether `B - 2*(B / 2)` is equal to `0` isn't the same for all sizes, where B is from 1 to 256
    y = x * 2;
#elif defined(COMPUTED_NUMBER)
  int twice = 2 * x.size(0);
  // COMPUTED-NUMBER: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: expected a size that is a number, received `2*B`, where B is from 1 to 256
  y = x * twice;
#elif defined(INDEX)
  y = x.select(0, 1);
  // INDEX: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [select] expected an index below the size B of dimension 0, received 1
#elif defined(PLACE)
  y = x[B - 1];
  // PLACE: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [select] expected a whole number, received a size that a call says (`select(0, …)` takes it)
#elif defined(CAT)
  y = cat({x, zeros({4, 6})}, 1);
  // CAT: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [cat] expected tensors that differ in dimension 1 alone, received float32[B, 6] and float32[4, 6], where B is from 1 to 256: a compiled function serves all of these, so sizes that have to agree are one symbol or one number
#elif defined(BROADCAST)
  y = x + zeros({4, 6});
  // BROADCAST: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [add] expected shapes that broadcast together, received [B, 6] and [4, 6], where B is from 1 to 256: a compiled function serves all of these
#elif defined(EXPAND)
  y = x.expand({4, 6});
  // EXPAND: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [expand] expected a shape that broadcasts to [4, 6], received float32[B, 6], where B is from 1 to 256
#elif defined(PRODUCT)
  y = matmul(in[1], x); // [S, S] and [B, 6]
  // PRODUCT: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [matmul] expected operands of shapes {{.*}}received float32[S, S] and float32[B, 6], where S is from 4 to 64 and B from 1 to 256
#elif defined(LINEAR)
  y = nn::functional::linear(x.t(), zeros({3, 6}));
  // LINEAR: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [linear] expected input of shape […, 6] for weight float32[3, 6], received float32[6, B], where B is from 1 to 256
#elif defined(EINSUM)
  y = tensorc::einsum("ij,ik->jk", {x, in[1]});
  // EINSUM: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [einsum] {{.*}}one size for `i` (B and S, where B is from 1 to 256 and S from 4 to 64
#elif defined(RESHAPE)
  y = x.reshape({4, 6});
  // RESHAPE: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [reshape] expected a shape of 6*B elements, as float32[B, 6], received [4, 6], where B is from 1 to 256
#elif defined(HOLE)
  y = x.view({-1, 4});
  // HOLE: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [view] expected a shape for float32[B, 6], whose 6*B elements `4` divides for all sizes (declare a `divisor`), received [-1, 4]
#elif defined(VIEW)
  y = x.t().view({-1});
  // VIEW: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [view] expected a shape that the strides [1, 6] of float32[6, B] can express (`reshape` copies where needed), received [-1]
#elif defined(SLICE)
  y = x.narrow(0, 0, 4);
  // SLICE: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [narrow] expected a range inside a dimension of B, received 4 elements from 0
#elif defined(WINDOW)
  y = nn::functional::max_pool2d(in[1].view({1, 1, in[1].size(0), -1}), 5);
  // WINDOW: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [max_pool2d] expected input that holds a window of [5, 5], received float32[1, 1, S, S] with padding [0, 0], where S is from 4 to 64
#elif defined(EMPTY)
  y = in[2].amax({0}); // [N]
  // EMPTY: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [amax] expected reduced dimensions that aren't empty, received float32[N], where N is from 0 to 9
#elif defined(STATE_SIZE)
  weight.copy_(x.sum(1));
  // STATE: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [copy_] expected a shape that broadcasts to [4], received float32[B], where B is from 1 to 256
#elif defined(EXPANDED)
  Tensor wide = (x + 1).slice(1, 0, 1).expand({B, 9});
  wide.add_(1);
  // EXPANDED: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [add_] expected a tensor with a place of its own for each element, received an expanded one, float32[B, 9] (`clone()` it)
#elif defined(OUTSIDE)
  y = x + outside;
  // OUTSIDE: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: expected a tensor with elements, received the example float32[B, 6], which has none; make it in the traced function
#endif
  return Outputs{{"y", y}};
}

TENSORC_MODEL(model) {
  SymInt B = dynamic("B", 1, 256, {.hint = 64}), S = dynamic("S", 4, 64);
  outside = zeros({B, 6});
  weight = zeros({4});
  model.state("weight", weight);
#ifdef ELEMENTS
  double first = outside.sum().item();
  // ELEMENTS: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [sum] expected a tensor with elements, received the example float32[B, 6], which has none: only a call of the compiled function says its sizes
  weight.fill_(first);
#endif
#ifdef STATE_OF_SIZE
  model.state("rows", outside);
  // OF-SIZE: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [export] expected a state of sizes that are numbers, received `rows` of type float32[B, 6]
#endif
#ifdef NO_NAME
  (void)dynamic("2B", 1, 4);
  // NO-NAME: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: [dynamic] expected a name for an argument, received `2B`, which is no name in C
#endif
  model.function("f",
                 {{"x", outside},
                  {"s", zeros({S, S})},
                  {"n", zeros({dynamic("N", 0, 9)})}},
                 f);
#ifdef RANGES
  SymInt other = dynamic("B", 1, 512, {.divisor = 4});
  model.function("g", {{"x", zeros({other})}}, [](const TensorList &in) {
    // RANGES: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: sizes of one name are one symbol: `B` is from 4 to 512 (hint 512, divisor 4) here, expected from 1 to 256 (hint 64) as before
    // RANGES: sizes-errors.cpp:{{[0-9]+}}:{{[0-9]+}}: note: it was used first here
    return Outputs{{"y", in[0] * 2}};
  });
#endif
#ifdef HINTS
  model.function("g", {}, [](const TensorList &) {
    // HINTS: sizes-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: sizes of one name are one symbol: `B` is from 1 to 256 (hint 256) here, expected from 1 to 256 (hint 64) as before
    return Outputs{{"y", zeros({dynamic("B", 1, 256)})}};
  });
#endif
}
