//===- CommandLine.cpp - What the user asked for --------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/tensorc/CommandLine.h"

#include "compiler/pipeline/Pipeline.h"
#include "tensorc/abi.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"

#include <CLI/CLI.hpp>
#include <iostream>

namespace tensorc::tool {

std::vector<std::string> emitNames() {
  return {"graph",   "backward", "simplified", "legalized", "kernels",
          "planned", "lowered",  "translated", "llvm",      "asm",
          "ptx",     "obj",      "header"};
}

static constexpr const char *kExamples = R"(
Examples:
  tensorc model.cpp -o model.o                    # model.o, model.h and the
                                                  # initial weights
  tensorc model.cpp --function=infer -o infer.o   # one function only
  tensorc model.cpp -DBATCH=1 --target=fat -o model.o
  tensorc model.cpp --target=fat,cuda -o model.o  # for NVIDIA GPUs, too
  tensorc model.cpp --emit=backward               # read what training does
  tensorc model.mlir --emit=asm
  tensorc inspect model.o
  tensorc verify model.cpp

A model file is C++ that runs while tensorc does, like a build script: it is
compiled with the host's compiler, loaded, and the functions that it exports in
`TENSORC_MODEL(model) { … }` are recorded. Then link:
  c++ -std=c++20 app.cpp model.o -ltensorc_rt -pthread -lm
)";

static std::string version() {
  return std::string("tensorc ") + TENSORC_VERSION + " (ABI " +
         std::to_string(TENSORC_ABI_MAJOR) + "." +
         std::to_string(TENSORC_ABI_MINOR) + ", LLVM " + LLVM_VERSION_STRING +
         ")";
}

/// Fails unless the value is one of `names`; says which is meant.
static CLI::Validator oneOf(std::vector<std::string> names) {
  return CLI::Validator(
      [names](std::string &value) -> std::string {
        if (llvm::is_contained(names, value))
          return "";
        std::string message = "expected `" + llvm::join(names, "`, `") +
                              "`, received `" + value + "`";
        return message;
      },
      "");
}

/// Of `B=1,64,B=1+S=128`: a number alone is of the name before.
static std::optional<std::vector<compiler::SymbolValues>>
specializations(llvm::StringRef text) {
  std::vector<compiler::SymbolValues> result;
  llvm::StringRef name;
  llvm::SmallVector<llvm::StringRef> parts;
  text.split(parts, ',');
  for (llvm::StringRef part : parts) {
    std::string sizes = part.str();
    if (!part.contains('='))
      sizes = (name + "=" + part).str();
    else
      name = part.contains('+') ? "" : part.split('=').first;
    std::replace(sizes.begin(), sizes.end(), '+', ',');
    auto values = compiler::parseSymbolValues(sizes);
    if (!values || values->empty())
      return std::nullopt;
    result.push_back(std::move(*values));
  }
  return result;
}

static void addModelOptions(CLI::App &app, CompileCommand &command) {
  app.add_option("--function", command.functions,
                 "Only this function of the model; may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app.add_option_function<std::vector<std::string>>(
         "--specialize",
         [&command](const std::vector<std::string> &texts) {
           for (const std::string &text : texts)
             llvm::append_range(command.specialize, *specializations(text));
         },
         "Code of its own for these values of a size that calls say, B=1,64, "
         "beside the general code (not for GPUs); B=1+S=128: for calls with "
         "both")
      ->type_name("SIZES")
      ->check([](const std::string &text) -> std::string {
        return specializations(text)
                   ? ""
                   : "expected sizes as in `B=1,64` or `B=1+S=128`, received "
                     "`" +
                         text + "`";
      })
      ->allow_extra_args(false);
  app.add_option("--target", command.target,
                 "native, x86-64-v3, x86-64-v4, aarch64, or fat: all of "
                 "x86-64, chosen when the program runs; cuda:sm_80, sm_89, "
                 "sm_90a, sm_100, or cuda: the oldest; or several, with commas "
                 "(native)")
      ->type_name("TARGET")
      ->check([](const std::string &value) -> std::string {
        llvm::Expected<compiler::Target> target = compiler::parseTarget(value);
        return target ? "" : llvm::toString(target.takeError());
      });
  app.add_option("-O", command.optLevel,
                 "0: compile fast, run slowly; 1, 2 and 3: the reverse, all "
                 "the same (3)")
      ->type_name("0..3")
      ->check([](const std::string &value) -> std::string {
        return value.size() == 1 && value[0] >= '0' && value[0] <= '3'
                   ? ""
                   : "expected 0, 1, 2 or 3, received `" + value + "`";
      });
  app.add_flag("--excess-precision", command.excessPrecision,
               "Let sums, differences, products and quotients of float16 and "
               "bfloat16 that run in one kernel keep more digits: faster, but "
               "results differ from those op by op, as eager mode's");
  app.add_option("--threads", command.threads,
                 "Threads to compile with; 0: all (0)")
      ->type_name("N")
      ->check([](const std::string &value) -> std::string {
        unsigned count;
        return llvm::StringRef(value).getAsInteger(10, count) || count > 1024
                   ? "expected a number from 0 to 1024, received `" + value +
                         "`"
                   : "";
      });
  auto addFlag = [&](const char *flag, const char *type, const char *text) {
    app.add_option_function<std::vector<std::string>>(
           flag,
           [&command, flag](const std::vector<std::string> &values) {
             for (const std::string &value : values)
               command.compilerFlags.push_back(flag + value);
           },
           text)
        ->type_name(type)
        ->allow_extra_args(false);
  };
  addFlag("-D", "NAME[=VALUE]", "Define a macro for the model file");
  addFlag("-I", "DIR", "Search DIR for the model file's headers");
  app.add_option("--cxx", command.compiler,
                 "The host's C++ compiler ($CXX, else c++)")
      ->type_name("PROGRAM");
  app.add_flag("--no-cache", command.noCache,
               "Let the host's compiler read all headers, and keep nothing: "
               "else what GCC precompiles of them, 50 MB, stays in "
               "$XDG_CACHE_HOME/tensorc (~/.cache/tensorc)");
  app.add_option("--timeout", command.supervisor.timeout,
                 "Give up where loading the model file, or tracing or running "
                 "one of its functions, takes longer (no limit)")
      ->type_name("SECONDS")
      ->check([](const std::string &value) -> std::string {
        double seconds;
        return llvm::StringRef(value).getAsDouble(seconds) || !(seconds > 0)
                   ? "expected a number above 0, received `" + value + "`"
                   : "";
      });
  app.add_flag("--stack-trace", command.supervisor.stackTrace,
               "Show where the model or tensorc crashed");
}

/// What the user may have meant by an unknown option.
static std::string suggestion(const CLI::App &app, llvm::StringRef given) {
  std::string best;
  unsigned bestDistance = 4;
  auto consider = [&](const std::string &name) {
    unsigned distance = given.edit_distance(name, true, bestDistance);
    if (distance < bestDistance && distance < name.size() / 2 + 1) {
      bestDistance = distance;
      best = name;
    }
  };
  for (const CLI::Option *option : app.get_options()) {
    for (const std::string &name : option->get_lnames())
      consider("--" + name);
    for (const std::string &name : option->get_snames())
      consider("-" + name);
  }
  return best.empty() ? "; `tensorc --help` lists them"
                      : "; did you mean `" + best + "`?";
}

/// An option with a value of no characters, as `--name=`; empty if there is
/// none. CLI11 would take the next argument for the value.
static std::string emptyOption(llvm::ArrayRef<char *> arguments) {
  for (llvm::StringRef argument : arguments) {
    if (argument == "--")
      break;
    if (argument.starts_with("--") && argument.ends_with("=") &&
        argument.count('=') == 1)
      return argument.drop_back().str();
  }
  return "";
}

static Exit usageError(const std::string &message) {
  std::cerr << "tensorc: error: " << message << "\n";
  return {2};
}

/// CLI11 names an option as `--emit: …`; its sentences end with a stop or not.
static std::string tidy(std::string message) {
  while (!message.empty() && (message.back() == '.' || message.back() == '\n'))
    message.pop_back();
  std::string::size_type colon = message.find(": ");
  if (!message.empty() && message[0] == '-' && colon != std::string::npos)
    message = "`" + message.substr(0, colon) + "`" + message.substr(colon);
  else if (!message.empty() && message[0] != '-')
    message[0] = llvm::toLower(message[0]);
  return message;
}

Command parseCommandLine(int argc, char **argv) {
  CLI::App app("Compiles deep-learning models, training included, to linkable "
               "native code.",
               "tensorc");
  app.footer(kExamples);
  app.set_version_flag("--version", version());
  app.set_help_flag("-h,--help", "Show this and exit");
  app.get_formatter()->column_width(34);
  app.allow_extras();

  CompileCommand compile;
  app.add_option("input", compile.input, "A model: C++ (.cpp) or graph (.mlir)")
      ->type_name("FILE");
  app.add_option("-o", compile.output,
                 "Where to write; the header and the initial weights go beside "
                 "an object (<model>.o, or stdout for text)")
      ->type_name("FILE");
  app.add_option("--emit", compile.emit,
                 "What to write: " + llvm::join(emitNames(), ", ") +
                     " (obj); the first three can be read again")
      ->type_name("WHAT")
      ->check(oneOf(emitNames()));
  app.add_option("--name", compile.name,
                 "Prefix of all symbols, and name of the C++ namespace (stem "
                 "of the output)")
      ->type_name("NAME");
  addModelOptions(app, compile);
  app.add_flag("--tf32", compile.tf32,
               "Let GPUs multiply float32 on tensor cores, as TF32: about 3 "
               "correct decimals in each product, sums in float32");
  app.add_flag("--time-report", compile.timeReport,
               "Show the seconds that each phase took");
  app.add_option("--print-ir-after", compile.printAfter,
                 "Show the module after a phase on stderr; may be repeated")
      ->type_name("PHASE")
      ->allow_extra_args(false);
  app.add_option("--dump-dir", compile.dumpDir,
                 "Write the module after each phase to files in DIR")
      ->type_name("DIR");
  app.add_option("--depfile", compile.depfile,
                 "Write a rule for make or ninja: the files, headers included, "
                 "that the output is made of")
      ->type_name("FILE");

  InspectCommand inspect;
  CLI::App *inspectApp = app.add_subcommand(
      "inspect", "Show what a compiled model is: functions, state, memory");
  inspectApp->set_help_flag("-h,--help", "Show this and exit");
  inspectApp->allow_extras();
  inspectApp->add_option("object", inspect.object, "A compiled model")
      ->type_name("FILE")
      ->required();
  inspectApp->add_flag("--json", inspect.json, "The manifest as it is");

  VerifyCommand verify;
  CLI::App *verifyApp = app.add_subcommand(
      "verify", "Compare compiled code with eager mode and finite differences");
  verifyApp->set_help_flag("-h,--help", "Show this and exit");
  verifyApp->allow_extras();
  verifyApp->add_option("input", verify.compile.input, "A model: C++ (.cpp)")
      ->type_name("FILE")
      ->required();
  verifyApp
      ->add_option("--tolerance", verify.tolerance,
                   "Largest relative difference (1e-4)")
      ->type_name("X");
  addModelOptions(*verifyApp, verify.compile);

  if (argc <= 1) {
    std::cout << app.help();
    return Exit{2};
  }
  if (std::string name = emptyOption({argv + 1, argv + argc}); !name.empty())
    return usageError("`" + name + "`: expected a value after `=`");
  for (CLI::App *each : {&app, inspectApp, verifyApp})
    for (CLI::Option *option : each->get_options())
      if (option->get_type_size() > 0)
        option->check([](const std::string &value) -> std::string {
          return value.empty() ? "expected a value, received none" : "";
        });
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp &) {
    std::string help = app.help();
    for (CLI::App *chosen : app.get_subcommands())
      help = chosen->help(app.get_name());
    std::cout << help;
    return Exit{0};
  } catch (const CLI::CallForVersion &) {
    std::cout << version() << "\n";
    return Exit{0};
  } catch (const CLI::ParseError &error) {
    return usageError(tidy(error.what()));
  }

  CLI::App *chosen = &app;
  for (CLI::App *subcommand : app.get_subcommands())
    chosen = subcommand;
  bool onlyInputs = false; // from `--` on
  for (const std::string &extra : app.remaining(true)) {
    if (!onlyInputs && extra == "--") {
      onlyInputs = true;
      continue;
    }
    if (!onlyInputs && extra.size() > 1 && extra[0] == '-') {
      std::string name = extra.substr(0, extra.find('='));
      return usageError("unknown option `" + name + "`" +
                        suggestion(*chosen, name));
    }
    return usageError("expected one input, received another one: `" + extra +
                      "`");
  }
  if (*inspectApp)
    return inspect;
  if (*verifyApp)
    return verify;
  if (compile.input.empty())
    return usageError("expected a model file; `tensorc --help` shows how");
  return compile;
}

} // namespace tensorc::tool
