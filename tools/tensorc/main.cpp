//===- main.cpp - The compiler's command line -----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/tensorc/Commands.h"

int main(int argc, char **argv) {
  return tensorc::tool::run(tensorc::tool::parseCommandLine(argc, argv));
}
