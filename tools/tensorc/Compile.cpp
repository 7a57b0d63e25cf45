//===- Compile.cpp - From a model to an object ----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/artifact/Header.h"
#include "compiler/frontend/Frontend.h"
#include "compiler/pipeline/Pipeline.h"
#include "tools/tensorc/Commands.h"
#include "tools/tensorc/Output.h"
#include "tools/tensorc/Session.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace tensorc::tool {

using compiler::Compilation;
using compiler::Phase;

namespace {

/// One run of the default command.
class Compile {
public:
  explicit Compile(const CompileCommand &command)
      : command(command), session(command) {}
  int run();

private:
  llvm::Error checkCommand();
  llvm::Expected<compiler::Options> options();
  void afterPhase(Phase phase, ModuleOp module);
  llvm::Error dump(StringRef name, StringRef contents);
  llvm::Expected<std::string> textOf(Compilation &compilation);
  llvm::Error writeObject(Compilation &compilation, OutputFiles &files);
  llvm::Error writeDepfile(OutputFiles &files);
  llvm::Error write(Compilation &compilation);

  bool emitsObject() const { return command.emit == "obj"; }
  Phase lastPhase() const;
  std::string outputPath() const;
  std::string beside(StringRef extension) const;

  const CompileCommand &command;
  Session session;
  /// The first failure while dumping, which has no other way out.
  std::optional<llvm::Error> dumpError;
};

std::string toText(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream os(text);
  module.print(os);
  os << "\n";
  return text;
}

llvm::Error usage(const Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

} // namespace

Phase Compile::lastPhase() const {
  if (command.emit == "obj")
    return Phase::Object;
  if (command.emit == "asm" || command.emit == "ptx")
    return Phase::LLVM;
  // The header tells what memory planning decided.
  if (command.emit == "header")
    return Phase::Planned;
  return *compiler::parsePhase(command.emit);
}

std::string Compile::outputPath() const {
  if (!command.output.empty() || !emitsObject())
    return command.output;
  return (llvm::sys::path::stem(command.input) + ".o").str();
}

std::string Compile::beside(StringRef extension) const {
  SmallString<128> path(outputPath());
  llvm::sys::path::replace_extension(path, extension);
  return path.str().str();
}

llvm::Error Compile::checkCommand() {
  for (const std::string &phase : command.printAfter)
    if (phase != "all" && !compiler::parsePhase(phase)) {
      std::string names;
      for (auto [name, known] : compiler::phaseNames())
        names += (names.empty() ? "`" : ", `") + name.str() + "`";
      return usage("`--print-ir-after`: expected " + names +
                   " or `all`, received `" + phase + "`");
    }
  if (!command.name.empty() &&
      compiler::identifier(command.name) != command.name)
    return usage("`--name`: expected a C identifier, received `" +
                 command.name + "`");
  if (!command.depfile.empty() && (outputPath().empty() || outputPath() == "-"))
    return usage("`--depfile`: expected a file to write to with `-o`");
  if (emitsObject() && command.output == "-")
    return usage("`-o`: expected a file for the object, received `-`");
  if (emitsObject())
    for (StringRef extension : {".h", ".safetensors"})
      if (StringRef(outputPath()).ends_with(extension))
        return usage("`-o`: expected the name of an object, received `" +
                     outputPath() + "`");
  return llvm::Error::success();
}

llvm::Expected<compiler::Options> Compile::options() {
  compiler::Options options;
  if (!command.name.empty()) {
    options.prefix = command.name;
  } else {
    std::string path = outputPath();
    options.prefix = compiler::identifier(llvm::sys::path::stem(
        path.empty() || path == "-" ? command.input : path));
  }
  options.functions = command.functions;
  auto target = compiler::parseTarget(command.target);
  if (!target)
    return target.takeError();
  options.target = *target;
  if (command.emit == "ptx") {
    if (target->chips.size() != 1)
      return usage("`--emit=ptx`: expected one GPU in `--target`, as "
                   "`cuda:sm_80`, received `" +
                   command.target + "`");
    // Nobody asked for code for the CPU.
    options.target.levels.clear();
  }
  options.optLevel = command.optLevel;
  if (command.tf32 && target->chips.empty())
    return usage("`--tf32`: expected a GPU in `--target`, as `cuda:sm_80`, "
                 "received `" +
                 command.target + "`");
  options.tf32 = command.tf32;
  options.afterPhase = [this](Phase phase, ModuleOp module) {
    afterPhase(phase, module);
  };
  return options;
}

void Compile::afterPhase(Phase phase, ModuleOp module) {
  StringRef name = compiler::phaseName(phase);
  session.progress.show(name);
  bool print = llvm::is_contained(command.printAfter, name) ||
               llvm::is_contained(command.printAfter, "all");
  if (!print && command.dumpDir.empty())
    return;
  std::string text = toText(module);
  if (print) {
    session.progress.clear();
    llvm::errs() << "// ---- after `" << name << "`\n" << text;
  }
  if (!command.dumpDir.empty() && !dumpError)
    if (llvm::Error error =
            dump(llvm::formatv("{0}-{1}.mlir", int(phase), name).str(), text))
      dumpError = std::move(error);
}

llvm::Error Compile::dump(StringRef name, StringRef contents) {
  if (std::error_code code = llvm::sys::fs::create_directories(command.dumpDir))
    return llvm::createStringError(
        code, "cannot make the folder `" + command.dumpDir +
                  "`: " + StringRef(code.message()).lower());
  SmallString<128> path(command.dumpDir);
  llvm::sys::path::append(path, name);
  OutputFiles files;
  if (llvm::Error error = files.add(path, contents))
    return error;
  return files.commit();
}

llvm::Expected<std::string> Compile::textOf(Compilation &compilation) {
  auto checked =
      [](FailureOr<std::string> text) -> llvm::Expected<std::string> {
    if (failed(text))
      return usage("code generation failed");
    return *text;
  };
  if (command.emit == "header")
    return compiler::writeHeader(compilation.model());
  if (command.emit == "llvm")
    return checked(compilation.llvmText());
  if (command.emit == "asm")
    return checked(compilation.assembly());
  if (command.emit == "ptx")
    return compilation.cuda().front().ptx;
  return toText(compilation.module());
}

llvm::Error Compile::writeObject(Compilation &compilation, OutputFiles &files) {
  ArrayRef<char> object = compilation.object();
  if (llvm::Error error =
          files.add(outputPath(), StringRef(object.data(), object.size())))
    return error;
  if (llvm::Error error =
          files.add(beside(".h"), compiler::writeHeader(compilation.model())))
    return error;
  if (!session.model() || compilation.model().state.entries.empty())
    return llvm::Error::success();
  return files.add(beside(".safetensors"), [&](StringRef temporary) {
    return compiler::writeInitialState(*session.model(),
                                       compilation.model().state, temporary);
  });
}

llvm::Error Compile::writeDepfile(OutputFiles &files) {
  if (command.depfile.empty())
    return llvm::Error::success();
  return files.add(command.depfile, escapeForMake(outputPath()) + ": " +
                                        session.prerequisites() + "\n");
}

llvm::Error Compile::write(Compilation &compilation) {
  OutputFiles files;
  if (llvm::Error error = writeDepfile(files))
    return error;
  if (emitsObject()) {
    if (llvm::Error error = writeObject(compilation, files))
      return error;
    return files.commit();
  }
  llvm::Expected<std::string> text = textOf(compilation);
  if (!text)
    return text.takeError();
  if (command.output.empty() || command.output == "-") {
    session.progress.clear();
    llvm::outs() << *text;
    llvm::outs().flush();
    std::error_code code = llvm::outs().error();
    if (!code)
      return llvm::Error::success();
    llvm::outs().clear_error();
    return llvm::createStringError(code, "cannot write to stdout: " +
                                             StringRef(code.message()).lower());
  }
  if (llvm::Error error = files.add(command.output, *text))
    return error;
  return files.commit();
}

int Compile::run() {
  if (llvm::Error error = checkCommand())
    return session.fail(std::move(error)), 2;
  llvm::Expected<compiler::Options> chosen = options();
  if (!chosen)
    return session.fail(chosen.takeError());
  OwningOpRef<ModuleOp> graph = session.load();
  if (!graph)
    return 1;

  Compilation compilation(std::move(graph), *chosen);
  LogicalResult done = compilation.runTo(lastPhase());
  for (auto [phase, seconds] : compilation.times())
    session.times.add(compiler::phaseName(phase), seconds);
  if (dumpError)
    return session.fail(std::move(*dumpError));
  if (failed(done))
    return 1;
  session.progress.show("writing");
  llvm::Error error =
      session.times.measure("write", [&] { return write(compilation); });
  if (error)
    return session.fail(std::move(error));
  session.progress.clear();
  if (command.timeReport)
    session.times.print(llvm::errs());
  return 0;
}

int compile(const CompileCommand &command) { return Compile(command).run(); }

} // namespace tensorc::tool
