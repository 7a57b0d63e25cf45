//===- EmulatedProgram.h - A GPU's kernels on a fake driver -----*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A fake driver has an emulator run the kernels of a model, lowered once more
// from what `--emit=planned` says. All else is real: the program in the object,
// the device runtime, the code of the threads.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_E2E_EMULATEDPROGRAM_H
#define TENSORC_TESTS_E2E_EMULATEDPROGRAM_H

#include "tests/compiler/gpu/EmulatedKernel.h"
#include "tests/runtime/cuda/FakeDriver.h"

#include "mlir/IR/OwningOpRef.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tensorc::test {

class EmulatedProgram {
public:
  /// Of the file that has the planned module for `cuda:sm_80`.
  explicit EmulatedProgram(const std::string &planned);

  /// Has the driver run the kernels, and write them down.
  void installIn(FakeDriver &fake);

  struct Launched {
    std::string kernel;
    FakeLaunch launch;
  };
  struct Shape {
    unsigned grid; ///< 0 where any is right
    unsigned block, arguments, buffers;
    bool canFail;
  };
  std::map<std::string, Shape> shapes; ///< of each kernel
  /// The kernels that each function launches.
  std::map<std::string, std::vector<std::string>> programs;
  std::vector<Launched> launched;
  ThreadOrder order = ThreadOrder::Shuffled;

private:
  void run(const std::string &name, const FakeLaunch &launch);
  void readShapes(mlir::ModuleOp kernels);

  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::unique_ptr<EmulatedKernel> compiled;
};

} // namespace tensorc::test

#endif // TENSORC_TESTS_E2E_EMULATEDPROGRAM_H
