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
#include "tools/tensorc/Supervisor.h"

#include "tensorc/names.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
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
  llvm::Error checkPrefix();
  llvm::Error checkOutputs();
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
  std::string prefix() const;
  std::string beside(StringRef extension) const;
  /// Whether the header and the weights are written: they have no place beside
  /// a device.
  bool hasBesides() const { return emitsObject() && !isDevice(outputPath()); }

  const CompileCommand &command;
  Session session;
  TakenFiles taken;
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

/// Of all names in the object.
std::string Compile::prefix() const {
  if (!command.name.empty())
    return command.name;
  std::string path = outputPath();
  return compiler::identifier(llvm::sys::path::stem(
      path.empty() || path == "-" ? command.input : path));
}

llvm::Error Compile::checkPrefix() {
  // Modules have no such names yet.
  bool named = !command.name.empty() || lastPhase() >= Phase::LLVM ||
               command.emit == "header";
  std::string name = prefix();
  std::string problem = name_problem(name, NameUse::Model);
  if (!named || problem.empty())
    return llvm::Error::success();
  std::string proposal = proposed_name(name, NameUse::Model);
  return command.name.empty()
             ? usage("the model's name `" + name + "`, from its file's, " +
                     problem +
                     "; expected another one, as `--name=" + proposal + "`")
             : usage("`--name`: `" + name + "` " + problem + "; for example `" +
                     proposal + "` can be");
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
  // What comes of the file's name is looked at once there is such a file.
  if (llvm::Error error =
          command.name.empty() ? llvm::Error::success() : checkPrefix())
    return error;
  if (!command.depfile.empty() && (outputPath().empty() || outputPath() == "-"))
    return usage("`--depfile`: expected a file to write to with `-o`");
  if (emitsObject() && command.output == "-")
    return usage("`-o`: expected a file for the object, received `-`");
  if (emitsObject())
    for (StringRef extension : {".h", ".safetensors"})
      if (StringRef(outputPath()).ends_with(extension))
        return usage("`-o`: expected the name of an object, received `" +
                     outputPath() + "`");
  taken.add(command.input, "the input");
  return checkOutputs();
}

/// Before anything is done that takes time.
llvm::Error Compile::checkOutputs() {
  if (outputPath().empty() || outputPath() == "-")
    return llvm::Error::success();
  if (llvm::Error error = taken.check(outputPath()))
    return error;
  if (!hasBesides())
    return llvm::Error::success();
  for (StringRef extension : {".h", ".safetensors"}) {
    std::string path = beside(extension);
    if (llvm::Error error = taken.check(path))
      return error;
    if (isDevice(path))
      return usage("cannot write `" + path +
                   "`: expected a file, it is a "
                   "device");
  }
  if (hides_header(llvm::sys::path::stem(outputPath())))
    return usage("cannot write `" + beside(".h") +
                 "`: it would hide the system's header of that name; expected "
                 "another object, see `-o`");
  // Nobody asked for this file by its name, nor for the next one.
  auto header = llvm::MemoryBuffer::getFile(beside(".h"));
  if (header && (*header)->getBufferSize() &&
      !(*header)->getBuffer().starts_with(compiler::kHeaderMark))
    return usage("cannot write `" + beside(".h") +
                 "`: the file there wasn't made by tensorc; expected another "
                 "object, see `-o`");
  std::string weights = beside(".safetensors");
  if (uint64_t bytes = 0;
      !session.model() || llvm::sys::fs::file_size(weights, bytes) || !bytes ||
      compiler::holdsInitialState(*session.model(), weights))
    return llvm::Error::success();
  return usage("cannot write the initial values to `" + weights +
               "`: the file there holds others, of a trained model perhaps; "
               "expected another object, see `-o`, or that file to be moved");
}

llvm::Expected<compiler::Options> Compile::options() {
  compiler::Options options;
  options.prefix = prefix();
  options.functions = command.functions;
  options.specialize = command.specialize;
  auto target = compiler::parseTarget(command.target);
  if (!target)
    return target.takeError();
  options.target = *target;
  if (command.emit == "ptx") {
    if (target->gpus.size() != 1)
      return usage("`--emit=ptx`: expected one GPU in `--target`, as "
                   "`cuda:sm_80`, received `" +
                   command.target + "`");
    // Nobody asked for code for the CPU.
    options.target.cpus.clear();
  }
  options.optLevel = command.optLevel;
  if (command.tf32 && target->gpus.empty())
    return usage("`--tf32`: expected a GPU in `--target`, as `cuda:sm_80`, "
                 "received `" +
                 command.target + "`");
  options.tf32 = command.tf32;
  options.excessPrecision = command.excessPrecision;
  // Who looks at modules, looks for what is wrong.
  options.verify = !command.printAfter.empty() || !command.dumpDir.empty();
  options.afterPhase = [this](Phase phase, ModuleOp module) {
    afterPhase(phase, module);
  };
  return options;
}

void Compile::afterPhase(Phase phase, ModuleOp module) {
  StringRef name = compiler::phaseName(phase);
  session.progress.show(name);
  if (phase < Phase::Object)
    noteActivity("in phase `" +
                 compiler::phaseName(Phase(int(phase) + 1)).str() + "`");
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
  OutputFiles files(taken);
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
  if (!hasBesides())
    return llvm::Error::success();
  if (llvm::Error error =
          files.add(beside(".h"), compiler::writeHeader(compilation.model())))
    return error;
  if (!session.model())
    return llvm::Error::success();
  return files.add(beside(".safetensors"), [&](StringRef temporary) {
    return compiler::writeInitialState(*session.model(),
                                       compilation.model().state, temporary);
  });
}

llvm::Error Compile::writeDepfile(OutputFiles &files) {
  if (command.depfile.empty())
    return llvm::Error::success();
  std::string rule = escapeForMake(outputPath()) + ":";
  for (const std::string &file : session.sourceFiles())
    rule += " " + escapeForMake(file);
  return files.add(command.depfile, rule + "\n");
}

llvm::Error Compile::write(Compilation &compilation) {
  OutputFiles files(taken);
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
    return flushStdout();
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
  if (!session.checkInput())
    return 1;
  if (llvm::Error error = checkPrefix())
    return session.fail(std::move(error)), 2;
  OwningOpRef<ModuleOp> graph = session.load();
  if (!graph)
    return 1;
  for (const std::string &file : session.sourceFiles())
    taken.add(file, "read by the model");
  if (llvm::Error error = checkOutputs())
    return session.fail(std::move(error)), 2;

  noteActivity("in phase `graph`");
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

int compile(const CompileCommand &command) {
  return supervise(command.supervisor, [&] { return Compile(command).run(); });
}

} // namespace tensorc::tool
