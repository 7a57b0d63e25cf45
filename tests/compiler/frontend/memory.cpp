// RUN: tensorc verify %s -DPART=0
// RUN: tensorc verify %s -DPART=1
// RUN: tensorc verify %s -DPART=2
// RUN: tensorc verify %s -DPARTS=9 -DPART=1 -DROWS='dynamic("R", 2, 5, {.hint = 2})'

// What tests/runtime/autograd/MemoryTest.cpp runs eagerly, and compares with
// PyTorch, is traced and compiled here, and compared with eager mode.
//
// Traced, there is no memory that a later write could spoil, and nothing is
// freed: where PyTorch refuses a backward pass because of that, the gradient is
// that of the values as they were. All else that it refuses is refused. What a
// gradient depends on isn't known yet, so that each of a pass that creates a
// graph requires grad.
//
// Of a number of rows that only a call says, programs that fit all of them are
// compared with eager mode at several.

#include "../../oracle/Programs.h"
#include "tensorc/executor.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

using namespace tensorc;

#ifndef PARTS
#define PARTS 3
#endif
#ifdef ROWS
static constexpr bool symbolic = true;
#else
#define ROWS 2
static constexpr bool symbolic = false;
#endif

/// Of symbolic rows: the programs that were traced to their end.
static std::set<std::string> fitting;

/// The outputs of a program; what it refuses is compared with PyTorch here.
static Outputs run(const nlohmann::json &stored, const TensorList &in) {
  std::string program = stored["do"];
  auto [names, error, message] = test::run_program(
      program, in[0].clone(), in[1].clone(), in[2].clone());
  auto fail = [&](const std::string &what) {
    throw std::logic_error("`" + program + "` " + what + ": " + message);
  };
  if (symbolic) {
    if (in[0].impl()->is_traced() && !error)
      fitting.insert(program);
    if (!fitting.contains(program))
      return {{"refused", in[0] + 0}};
    if (error)
      fail("was refused in eager mode");
  }
  std::optional<std::size_t> wanted;
  if (stored.contains("error"))
    wanted = stored["error"].get<std::size_t>();
  if (!symbolic && error != wanted)
    fail("was to stop at step " +
         (wanted ? std::to_string(*wanted) : std::string("none")) +
         ", and did at " + (error ? std::to_string(*error) : "none"));
  if (error)
    return {{"refused", in[0] + 0}};
  auto is_gradient = [&](const Tensor &tensor) {
    return std::any_of(names.begin(), names.end(), [&](const auto &other) {
      return tensor.is(other.second.grad());
    });
  };
  Outputs outputs;
  for (const auto &[name, tensor] : names) {
    std::string flags = stored["flags"].value(name, std::string());
    bool wants = tensor.requires_grad();
    if (!symbolic && flags != "?" && !is_gradient(tensor) &&
        flags != (!wants ? "" : tensor.is_leaf() ? "gl" : "g"))
      fail("gave `" + name + "` other flags than `" + flags + "`");
    outputs.emplace_back("value_" + name, tensor.detach() + 0);
    if (tensor.grad().defined() != stored["grads"].contains(name))
      fail("gave another set of gradients");
    if (tensor.grad().defined())
      outputs.emplace_back("grad_" + name, tensor.grad().detach() + 0);
  }
  return outputs;
}

/// Whether a backward pass, the last step, is refused.
static bool only_eager(const nlohmann::json &stored) {
  if (!stored.contains("error"))
    return false;
  std::string program = stored["do"];
  std::size_t step = stored["error"], begin = 0;
  for (std::size_t i = 0; i < step; ++i)
    begin = program.find("; ", begin) + 2;
  return program.substr(begin, program.find(';', begin) - begin)
             .find("backward") != std::string::npos;
}

TENSORC_MODEL(model) {
  std::string here = __FILE__;
  std::ifstream file(here.substr(0, here.rfind('/')) +
                     "/../../oracle/memory.json");
  nlohmann::json groups = nlohmann::json::parse(file);
  Tensor matrix = zeros({ROWS, 3}, kFloat64), row = zeros({3}, kFloat64);
  int number = 0;
  for (const auto &[group, programs] : groups.items())
    for (const nlohmann::json &stored : programs) {
      int index = number++;
      if (index % PARTS != PART || only_eager(stored))
        continue;
      // Not compiled for such a dimension.
      std::string program = stored["do"];
      if (symbolic && program.find("flip") != std::string::npos)
        continue;
      model.function(group + std::to_string(index),
                     {{"x", matrix}, {"w", matrix}, {"r", row}},
                     [=](const TensorList &in) { return run(stored, in); });
    }
  if (symbolic)
    model.function("last", {{"x", matrix}}, [](const TensorList &in) {
      if (fitting.size() < 50)
        throw std::logic_error("only " + std::to_string(fitting.size()) +
                               " programs fit all sizes");
      return Outputs{{"y", in[0] * 2}};
    });
}
