//===- Session.cpp - What one run of tensorc holds ------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/tensorc/Session.h"

#include "compiler/pipeline/Pipeline.h"
#include "tools/tensorc/ModelGuard.h"
#include "tools/tensorc/Supervisor.h"

#include "tensorc/io/tensors.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

using namespace mlir;

namespace tensorc::tool {

Progress::Progress() : terminal(llvm::sys::Process::StandardErrIsDisplayed()) {}

void Progress::show(StringRef what) {
  noteActivity("while " + what.str());
  if (!terminal)
    return;
  llvm::errs() << "\r\033[K" << what << " …";
  shown = true;
}

void Progress::clear() {
  if (shown)
    llvm::errs() << "\r\033[K";
  shown = false;
}

void TimeReport::add(StringRef what, double seconds) {
  rows.emplace_back(what.str(), seconds);
}

void TimeReport::print(llvm::raw_ostream &os) const {
  double total = 0;
  for (const auto &[what, seconds] : rows)
    total += seconds;
  os << "phase               seconds  share\n";
  auto line = [&](StringRef what, double seconds) {
    os << llvm::left_justify(what, 18)
       << llvm::format("%9.4f %5.1f%%\n", seconds,
                       total > 0 ? 100 * seconds / total : 0.0);
  };
  for (const auto &[what, seconds] : rows)
    line(what, seconds);
  line("total", total);
}

static MLIRContext::Threading threading(const CompileCommand &command) {
  return command.threads == 0 ? MLIRContext::Threading::ENABLED
                              : MLIRContext::Threading::DISABLED;
}

Session::Session(const CompileCommand &command)
    : context(compiler::dialects(), threading(command)), command(command) {
  if (command.threads > 1) {
    threads = std::make_unique<llvm::DefaultThreadPool>(
        llvm::hardware_concurrency(command.threads));
    context.setThreadPool(*threads);
  }
  withSource = std::make_unique<SourceMgrDiagnosticHandler>(sources, &context);
  // Asked first; passes on what has a line to show.
  withoutSource = std::make_unique<ScopedDiagnosticHandler>(
      &context, [this](Diagnostic &diagnostic) {
        progress.clear();
        if (!isa<UnknownLoc>(diagnostic.getLocation()))
          return failure();
        StringRef severity =
            diagnostic.getSeverity() == DiagnosticSeverity::Error ? "error: "
            : diagnostic.getSeverity() == DiagnosticSeverity::Warning
                ? "warning: "
                : "note: ";
        llvm::errs() << "tensorc: " << severity << diagnostic.str() << "\n";
        for (Diagnostic &note : diagnostic.getNotes())
          llvm::errs() << "tensorc: note: " << note.str() << "\n";
        return success();
      });
}

Session::~Session() = default;

int Session::fail(const Twine &message) {
  progress.clear();
  llvm::errs() << "tensorc: error: " << message << "\n";
  return 1;
}

int Session::fail(llvm::Error error) {
  return fail(llvm::toString(std::move(error)));
}

/// The pipeline begins with functions of `graph` ops, so it can't go on from
/// what a later phase made.
static LogicalResult checkPhase(ModuleOp module) {
  for (Operation &op : *module.getBody()) {
    if (isa<func::FuncOp>(op))
      continue;
    return op.emitError("expected a module as `--emit=graph`, `backward`, "
                        "`simplified` or `legalized` writes it, received one "
                        "of a later phase: `")
           << op.getName() << "` isn't an op of these";
  }
  return success();
}

bool Session::checkInput() {
  StringRef path = command.input;
  llvm::sys::fs::file_status status;
  if (std::error_code code = llvm::sys::fs::status(path, status)) {
    fail("cannot read `" + path + "`: " + StringRef(code.message()).lower());
    return false;
  }
  if (llvm::sys::fs::is_directory(status)) {
    fail("cannot read `" + path + "`: is a directory");
    return false;
  }
  if (!llvm::is_contained({".mlir", ".cpp", ".cc", ".cxx", ".C", ".c++"},
                          llvm::sys::path::extension(path))) {
    fail("expected a model in C++ (.cpp) or MLIR (.mlir), received `" + path +
         "`");
    return false;
  }
  return true;
}

OwningOpRef<ModuleOp> Session::load() {
  StringRef path = command.input;
  if (!checkInput())
    return {};
  read = {path.str()};
  if (llvm::sys::path::extension(path) == ".mlir") {
    progress.show("reading");
    return times.measure("read", [&] {
      auto module = parseSourceFile<ModuleOp>(path, sources, &context);
      return module && failed(checkPhase(*module)) ? OwningOpRef<ModuleOp>()
                                                   : std::move(module);
    });
  }

  ModelGuard guard;
  OwningOpRef<ModuleOp> module = trace();
  if (llvm::Error error = guard.restore()) {
    leaveError(llvm::toString(std::move(error)));
    return {};
  }
  return module;
}

/// Of C++: the host's compiler, then the model's own code.
OwningOpRef<ModuleOp> Session::trace() {
  onModelCode([this](const char *doing) { progress.show(doing); });
  progress.show("compiling the model file");
  auto loaded = times.measure("host compiler", [&] {
    return compiler::exportModelFile(
        &context, command.input,
        {command.compiler, command.compilerFlags, scratchFolder(),
         command.supervisor.stackTrace, !command.noCache},
        &read);
  });
  if (failed(loaded))
    return {};
  exported = std::move(*loaded);
  progress.show("tracing");
  auto traced = times.measure("trace", [&] {
    return compiler::traceModel(&context, *exported, command.functions);
  });
  for (const std::string &path : io::loaded_files())
    read.push_back(path);
  return failed(traced) ? OwningOpRef<ModuleOp>() : std::move(*traced);
}

} // namespace tensorc::tool
