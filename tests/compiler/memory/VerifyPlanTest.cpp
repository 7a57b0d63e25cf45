//===- VerifyPlanTest.cpp - Is a plan sound? ------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/memory/VerifyPlan.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"
#include <gtest/gtest.h>

using namespace mlir;

/// The error that a plan gets; empty if none. `body` works on %x, %y, %state
/// and %arena with the kernels @f, which can't fail, and @check.
static std::string check(const std::string &body) {
  MLIRContext context;
  context.loadDialect<tensorc::kernel::KernelDialect, arith::ArithDialect>();
  std::string text = R"(
    kernel.func @f(%a: memref<16xf32>, %b: memref<16xf32>) { kernel.return }
    kernel.func @check(%a: memref<16xf32>, %b: memref<16xf32>) {
      kernel.generic ins(%a : memref<16xf32>) outs(%b : memref<16xf32>)
        attributes {indexing_maps = [affine_map<(i) -> (i)>,
                                     affine_map<(i) -> (i)>],
                    reduction_dims = array<i64>} {
      ^bb0(%x: f32):
        %isNumber = arith.cmpf ord, %x, %x : f32
        scalar.check %isNumber, 5
        kernel.yield %x : f32
      }
      kernel.return
    }
    kernel.program @p(%x: memref<16xf32>, %y: memref<16xf32>,
                      %state: memref<16xf32> {kernel.role = "parameter"},
                      %arena: memref<256xi8>) {)" +
                     body + "kernel.return }";
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  if (!module)
    return "does not parse";
  std::string message;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    message += diagnostic.str();
    return success();
  });
  auto program = *module->getOps<tensorc::kernel::ProgramOp>().begin();
  SymbolTable symbols(*module);
  bool valid =
      succeeded(tensorc::compiler::memory::verifyPlan(program, symbols));
  EXPECT_EQ(valid, message.empty());
  return message;
}

static std::string view(const std::string &name, int offset) {
  return name + " = kernel.view %arena[" + std::to_string(offset) +
         "] : memref<256xi8> to memref<16xf32>\n";
}
static std::string launch(const std::string &from, const std::string &to,
                          const std::string &kernel = "f") {
  return "kernel.launch @" + kernel + " ins(" + from +
         " : memref<16xf32>) outs(" + to + " : memref<16xf32>)\n";
}

TEST(VerifyPlan, TakesBuffersThatFollowEachOther) {
  EXPECT_EQ(check(view("%a", 0) + view("%b", 64) + view("%c", 0) +
                  launch("%x", "%a") + launch("%a", "%b") + launch("%b", "%c") +
                  launch("%c", "%y")),
            "");
}

TEST(VerifyPlan, TakesALaunchInPlace) {
  EXPECT_EQ(check(view("%a", 0) + launch("%x", "%a") + launch("%a", "%a") +
                  launch("%a", "%y")),
            "");
}

TEST(VerifyPlan, RefusesBuffersThatOverlap) {
  EXPECT_EQ(check(view("%a", 0) + view("%b", 60) + launch("%x", "%a") +
                  launch("%a", "%b") + launch("%b", "%y")),
            "'kernel.view' op overlaps a buffer at byte 0 that is live at the "
            "same time");
}

TEST(VerifyPlan, RefusesABufferThatIsReadThroughAnotherView) {
  EXPECT_EQ(check(view("%a", 0) + view("%b", 0) + launch("%x", "%a") +
                  launch("%b", "%y")),
            "'kernel.launch' op reads a buffer that nothing has written");
}

TEST(VerifyPlan, RefusesAnAllocation) {
  EXPECT_EQ(check("%a = kernel.alloc : memref<16xf32>\n" + launch("%x", "%a") +
                  launch("%a", "%y")),
            "'kernel.alloc' op is left after memory was planned");
}

TEST(VerifyPlan, TakesChecksBeforeStateIsWritten) {
  EXPECT_EQ(check(launch("%x", "%y") + launch("%x", "%y", "check") +
                  launch("%y", "%state")),
            "");
}

TEST(VerifyPlan, RefusesChecksAfterStateIsWritten) {
  const char *refused =
      "'kernel.launch' op can fail when state is written already";
  EXPECT_EQ(check(launch("%y", "%state") + launch("%x", "%y", "check")),
            refused);
  EXPECT_EQ(check(launch("%x", "%state", "check")), refused);
}
