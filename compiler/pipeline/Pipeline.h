//===- Pipeline.h - The phases, in order ------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a `graph` module to an object, phase by phase:
//
//     Graph       the traced functions
//     Backward    + differentiation: no `graph.gradients` left
//     Simplified  + composites decomposed, folded, no common subexpressions
//     Legalized   + windows without edges: every op has an iteration space
//     Kernels     + fusion: `kernel.program`s launching `kernel.func`s
//     Planned     one variant for each target, + memory: one arena, in-place
//                   updates; for GPUs with long reductions split
//     Lowered     + each variant's code in scf, vector, memref, arith, gpu
//     Translated  + each variant's code in its target's language: the LLVM
//                   dialect, with host code of the programs; PTX, cubin
//     LLVM        + one module of the variants, entry points, GPU code as data
//     Object      machine code
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_PIPELINE_PIPELINE_H
#define TENSORC_COMPILER_PIPELINE_PIPELINE_H

#include "compiler/artifact/CudaProgram.h"
#include "compiler/pipeline/Cuda.h"
#include "compiler/pipeline/Variants.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Error.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace tensorc::compiler {

enum class Phase {
  Graph,
  Backward,
  Simplified,
  Legalized,
  Kernels,
  Planned,
  Lowered,
  Translated,
  LLVM,
  Object
};

/// The phases by the names that the command line uses: `graph`, `backward`,
/// `simplified`, `legalized`, `kernels`, `planned`, `lowered`,
/// `translated`, `llvm`, `object`.
llvm::ArrayRef<std::pair<llvm::StringRef, Phase>> phaseNames();
llvm::StringRef phaseName(Phase phase);
std::optional<Phase> parsePhase(llvm::StringRef name);

struct Options {
  std::string prefix = "model";       ///< a C identifier
  std::vector<std::string> functions; ///< only these; empty: all
  /// Sizes for which functions get code of their own, beside the general one.
  std::vector<SymbolValues> specialize;
  Target target;
  bool tf32 = false;            ///< GPUs multiply f32 as TF32
  bool excessPrecision = false; ///< f16, bf16: no roundings inside kernels
  int optLevel = 3;             ///< 0: no optimization of the machine code
  /// Whether to look for faults of tensorc's own after each phase.
  bool verify = true;
  /// Called with the module after each phase that ran.
  std::function<void(Phase, mlir::ModuleOp)> afterPhase;
};

/// One model on its way through the phases. Diagnostics go to the context's
/// handler; after a failure nothing else may be asked of it.
class Compilation {
public:
  Compilation(mlir::OwningOpRef<mlir::ModuleOp> graph, Options options);
  ~Compilation();

  /// Runs the phases up to and with `last` that have not run yet.
  mlir::LogicalResult runTo(Phase last);

  /// The module as the last phase left it. From Phase::Planned to
  /// Phase::Translated it holds one nested module for each CPU and each GPU.
  mlir::ModuleOp module() { return *module_; }
  /// From Phase::Planned on.
  const Model &model() const { return model_; }
  /// From Phase::LLVM on: LLVM IR and assembly as text, after optimization.
  mlir::FailureOr<std::string> llvmText();
  mlir::FailureOr<std::string> assembly();
  /// From Phase::LLVM on: what each GPU of the target got.
  llvm::ArrayRef<CudaCode> cuda() const { return cuda_.codes; }
  /// From Phase::Object on.
  llvm::ArrayRef<char> object() const { return object_; }

  /// Wall-clock seconds of each phase that ran.
  const std::vector<std::pair<Phase, double>> &times() const { return times_; }

private:
  mlir::LogicalResult runPhase(Phase phase);
  mlir::LogicalResult selectFunctions();
  mlir::LogicalResult plan();
  mlir::LogicalResult linkVariants();

  mlir::OwningOpRef<mlir::ModuleOp> module_;
  Options options_;
  Model model_;
  CudaCodes cuda_;
  std::vector<char> object_;
  Phase reached_ = Phase::Graph;
  bool started_ = false;
  std::vector<std::pair<Phase, double>> times_;
};

/// Every dialect that a module may hold on its way, and the interfaces that
/// translation to LLVM IR needs.
const mlir::DialectRegistry &dialects();

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_PIPELINE_PIPELINE_H
