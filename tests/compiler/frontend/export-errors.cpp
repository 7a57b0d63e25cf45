// Errors of the file itself, before anything is traced.

// RUN: not tensorc %s -DDUPLICATE --emit=graph 2>&1 | FileCheck %s --check-prefix=DUPLICATE
// RUN: not tensorc %s -DNOTHING --emit=graph 2>&1 | FileCheck %s --check-prefix=NOTHING
// RUN: not tensorc %s -DNO_MODEL --emit=graph 2>&1 | FileCheck %s --check-prefix=NO-MODEL
// RUN: not tensorc %s -DUNDEFINED --emit=graph 2>&1 | FileCheck %s --check-prefix=UNDEFINED
// RUN: not tensorc %s -DSYNTAX --emit=graph 2>&1 | FileCheck %s --check-prefix=SYNTAX
// RUN: not tensorc %s -DTHROWS --emit=graph 2>&1 | FileCheck %s --check-prefix=THROWS
// RUN: not tensorc %s --function=gone --emit=graph 2>&1 | FileCheck %s --check-prefix=GONE
// RUN: not tensorc %s --cxx=no-such-compiler --emit=graph 2>&1 | FileCheck %s --check-prefix=CXX

#include "tensorc/tensorc.h"

#include <stdexcept>

using namespace tensorc;

static Outputs identity(const TensorList &in) { return {{"y", in[0]}}; }

// UNDEFINED: undefined reference to `missing()'
// UNDEFINED: tensorc: error: the host compiler `{{.*}}` could not compile `{{.*}}export-errors.cpp`
void missing();

#ifdef SYNTAX
// The compiler's own words, and then where we stop.
// SYNTAX: export-errors.cpp:[[@LINE+2]]:{{.*}} error:
// SYNTAX: tensorc: error: the host compiler `{{.*}}` could not compile `{{.*}}export-errors.cpp`
int mistake = "a string";
#endif

// NO-MODEL: tensorc: error: `{{.*}}export-errors.cpp` exports no model: expected a `TENSORC_MODEL(model) { … }`
// NOTHING: tensorc: error: `{{.*}}export-errors.cpp` exports no function: expected a `model.function(…)`
// GONE: tensorc: error: no function `gone` in the model; it has `f`, `g`
// CXX: tensorc: error: cannot find the host compiler `no-such-compiler`; name one with `--cxx` or `$CXX`
#ifndef NO_MODEL
TENSORC_MODEL(model) {
#ifndef NOTHING
  model.function("f", {{"x", zeros({2})}}, identity);
  model.function("g", {{"x", zeros({2})}}, identity);
#endif
#ifdef UNDEFINED
  missing();
#endif
#ifdef DUPLICATE
  model.function("f", {{"x", zeros({2})}}, identity);
  // DUPLICATE: export-errors.cpp:[[@LINE-1]]:{{[0-9]+}}: error: {{.*}}`f`
#endif
#ifdef THROWS
  throw std::runtime_error("no such dataset");
  // THROWS: tensorc: error: exception while running the model file: no such dataset
#endif
}
#endif
