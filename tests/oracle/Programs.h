//===- Programs.h - Programs of views and in-place ops ----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The steps that memory.py, which says what they mean, has PyTorch run, on
// tensors of tensorc.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_ORACLE_PROGRAMS_H
#define TENSORC_TESTS_ORACLE_PROGRAMS_H

#include "tensorc/tensorc.h"

#include <functional>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace tensorc::test {

/// The words of a step: names of tensors, numbers, or more.
class Words {
public:
  Words(const std::map<std::string, Tensor> &names,
        std::vector<std::string> words)
      : names_(names), words_(std::move(words)) {}

  std::size_t count() const { return words_.size(); }
  const std::string &text(std::size_t i) const { return words_.at(i); }
  Tensor tensor(std::size_t i) const { return names_.at(text(i)); }
  std::int64_t number(std::size_t i) const { return std::stoll(text(i)); }
  /// A tensor or a number: whole where it is written so.
  TensorArg any(std::size_t i) const {
    if (names_.contains(text(i)))
      return tensor(i);
    if (text(i).find('.') != std::string::npos)
      return std::stod(text(i));
    return number(i);
  }
  /// The numbers from `i` on.
  Shape numbers(std::size_t i) const {
    Shape result;
    for (; i < count(); ++i)
      result.push_back(number(i));
    return result;
  }

private:
  const std::map<std::string, Tensor> &names_;
  std::vector<std::string> words_;
};

/// Word 0 is the first argument.
using MakeTensor = std::function<Tensor(const Words &)>;
/// Word 0 is what is written to.
using WriteTensor = std::function<void(Tensor, const Words &)>;

inline const std::map<std::string, MakeTensor> &program_ops() {
  using W = const Words &;
  auto unary = [](Tensor (*op)(const Tensor &, Location)) {
    return [op](W w) { return op(w.tensor(0), Location::current()); };
  };
  auto binary = [](Tensor (*op)(const TensorArg &, const TensorArg &)) {
    return [op](W w) { return op(w.any(0), w.any(1)); };
  };
  static const std::map<std::string, MakeTensor> ops = {
      {"select",
       [](W w) { return w.tensor(0).select(w.number(1), w.number(2)); }},
      {"slice",
       [](W w) {
         return w.tensor(0).slice(w.number(1), w.number(2), w.number(3),
                                  w.number(4));
       }},
      {"narrow",
       [](W w) {
         return w.tensor(0).narrow(w.number(1), w.number(2), w.number(3));
       }},
      {"t", [](W w) { return w.tensor(0).t(); }},
      {"permute", [](W w) { return w.tensor(0).permute(w.numbers(1)); }},
      {"transpose",
       [](W w) { return w.tensor(0).transpose(w.number(1), w.number(2)); }},
      {"view", [](W w) { return w.tensor(0).view(w.numbers(1)); }},
      {"reshape", [](W w) { return w.tensor(0).reshape(w.numbers(1)); }},
      {"flatten", [](W w) { return w.tensor(0).flatten(); }},
      {"unsqueeze", [](W w) { return w.tensor(0).unsqueeze(w.number(1)); }},
      {"squeeze", [](W w) { return w.tensor(0).squeeze(); }},
      {"squeeze_dim", [](W w) { return w.tensor(0).squeeze(w.number(1)); }},
      {"expand", [](W w) { return w.tensor(0).expand(w.numbers(1)); }},
      {"unfold",
       [](W w) {
         return w.tensor(0).unfold(w.number(1), w.number(2), w.number(3));
       }},
      {"detach", [](W w) { return w.tensor(0).detach(); }},
      {"contiguous", [](W w) { return w.tensor(0).contiguous(); }},
      {"to_same", [](W w) { return w.tensor(0).to(w.tensor(0).dtype()); }},
      {"to_device", [](W w) { return w.tensor(0).to(w.tensor(0).device()); }},
      {"same", [](W w) { return w.tensor(0); }},
      {"clone", [](W w) { return w.tensor(0).clone(); }},
      {"zeros", [](W w) { return zeros(w.numbers(0), kFloat64); }},
      {"to_f32", [](W w) { return w.tensor(0).to(kFloat32); }},
      {"to_int", [](W w) { return w.tensor(0).to(kInt64); }},
      {"to_bool", [](W w) { return w.tensor(0).to(kBool); }},
      {"grad", [](W w) { return w.tensor(0).grad(); }},
      {"neg", unary(neg)},
      {"abs", unary(abs)},
      {"exp", unary(exp)},
      {"square", unary(square)},
      {"reciprocal", unary(reciprocal)},
      {"sin", unary(sin)},
      {"tanh", unary(tanh)},
      {"sigmoid", unary(sigmoid)},
      {"relu", unary(relu)},
      {"floor", unary(floor)},
      {"ceil", unary(ceil)},
      {"round", unary(round)},
      {"trunc", unary(trunc)},
      {"isnan", unary(isnan)},
      {"leaky_relu", [](W w) { return leaky_relu(w.tensor(0), 0.5); }},
      {"clamp",
       [](W w) {
         return clamp(w.tensor(0), double(w.number(1)), double(w.number(2)));
       }},
      {"add", binary(add)},
      {"sub", binary(sub)},
      {"mul", binary(mul)},
      {"div", binary(div)},
      {"pow", binary(pow)},
      {"maximum", binary(maximum)},
      {"logical_or", binary(logical_or)},
      {"where",
       [](W w) { return where(w.tensor(0) > 0, w.tensor(0), w.tensor(1)); }},
      {"matmul", [](W w) { return matmul(w.tensor(0), w.tensor(1)); }},
      {"mse",
       [](W w) { return nn::functional::mse_loss(w.tensor(0), w.tensor(1)); }},
      {"sum", [](W w) { return w.tensor(0).sum(); }},
      {"mean", [](W w) { return w.tensor(0).mean(); }},
      {"prod", [](W w) { return prod(w.tensor(0)); }},
      {"amax", [](W w) { return w.tensor(0).amax(); }},
      {"amin", [](W w) { return w.tensor(0).amin(); }},
      {"sum_dim", [](W w) { return w.tensor(0).sum(Shape{w.number(1)}); }},
      {"mean_dim", [](W w) { return w.tensor(0).mean(Shape{w.number(1)}); }},
      {"amax_dim", [](W w) { return w.tensor(0).amax(Shape{w.number(1)}); }},
      {"any", [](W w) { return any(w.tensor(0)); }},
      {"all", [](W w) { return all(w.tensor(0)); }},
      {"argmax", [](W w) { return w.tensor(0).argmax(); }},
      {"softmax", [](W w) { return w.tensor(0).softmax(-1); }},
      {"log_softmax", [](W w) { return w.tensor(0).log_softmax(-1); }},
      {"logsumexp", [](W w) { return logsumexp(w.tensor(0), {w.number(1)}); }},
      {"flip", [](W w) { return w.tensor(0).flip(w.numbers(1)); }},
      {"cat", [](W w) { return cat({w.tensor(0)}); }},
      {"stack", [](W w) { return stack({w.tensor(0)}); }},
      {"zeros_like", [](W w) { return zeros_like(w.tensor(0)); }},
  };
  return ops;
}

inline const std::map<std::string, WriteTensor> &program_writes() {
  using W = const Words &;
  auto over = [](Tensor &(Tensor::*op)(Location)) {
    return [op](Tensor t, W) { (t.*op)(Location::current()); };
  };
  auto over_by = [](Tensor &(Tensor::*op)(const TensorArg &)) {
    return [op](Tensor t, W w) { (t.*op)(w.any(1)); };
  };
  auto into = [](Tensor &(*op)(Tensor &, const Tensor &, Location)) {
    return [op](Tensor t, W w) { op(t, w.tensor(1), Location::current()); };
  };
  auto into_by =
      [](Tensor &(*op)(Tensor &, const TensorArg &, const TensorArg &)) {
        return [op](Tensor t, W w) { op(t, w.any(1), w.any(2)); };
      };
  static const std::map<std::string, WriteTensor> writes = {
#define TENSORC_FORMS(name, in_place, out)                                     \
  {#name "_", in_place(&Tensor::name##_)}, {#name "_out", out(name##_out)}
      TENSORC_FORMS(neg, over, into),
      TENSORC_FORMS(abs, over, into),
      TENSORC_FORMS(sign, over, into),
      TENSORC_FORMS(exp, over, into),
      TENSORC_FORMS(exp2, over, into),
      TENSORC_FORMS(expm1, over, into),
      TENSORC_FORMS(log, over, into),
      TENSORC_FORMS(log1p, over, into),
      TENSORC_FORMS(log2, over, into),
      TENSORC_FORMS(sqrt, over, into),
      TENSORC_FORMS(rsqrt, over, into),
      TENSORC_FORMS(reciprocal, over, into),
      TENSORC_FORMS(square, over, into),
      TENSORC_FORMS(sin, over, into),
      TENSORC_FORMS(cos, over, into),
      TENSORC_FORMS(tan, over, into),
      TENSORC_FORMS(tanh, over, into),
      TENSORC_FORMS(sigmoid, over, into),
      TENSORC_FORMS(erf, over, into),
      TENSORC_FORMS(floor, over, into),
      TENSORC_FORMS(ceil, over, into),
      TENSORC_FORMS(round, over, into),
      TENSORC_FORMS(trunc, over, into),
      TENSORC_FORMS(relu, over, into),
      TENSORC_FORMS(logical_not, over, into),
      TENSORC_FORMS(add, over_by, into_by),
      TENSORC_FORMS(sub, over_by, into_by),
      TENSORC_FORMS(mul, over_by, into_by),
      TENSORC_FORMS(div, over_by, into_by),
      TENSORC_FORMS(pow, over_by, into_by),
      TENSORC_FORMS(atan2, over_by, into_by),
      TENSORC_FORMS(remainder, over_by, into_by),
      TENSORC_FORMS(eq, over_by, into_by),
      TENSORC_FORMS(ne, over_by, into_by),
      TENSORC_FORMS(lt, over_by, into_by),
      TENSORC_FORMS(le, over_by, into_by),
      TENSORC_FORMS(gt, over_by, into_by),
      TENSORC_FORMS(ge, over_by, into_by),
      TENSORC_FORMS(logical_and, over_by, into_by),
      TENSORC_FORMS(logical_or, over_by, into_by),
      TENSORC_FORMS(logical_xor, over_by, into_by),
#undef TENSORC_FORMS
      {"clamp_",
       [](Tensor t, W w) {
         t.clamp_(double(w.number(1)), double(w.number(2)));
       }},
      {"silu_", [](Tensor t, W) { silu_(t); }},
      {"gelu_", [](Tensor t, W) { gelu_(t); }},
      {"leaky_relu_", [](Tensor t, W) { leaky_relu_(t, 0.5); }},
      {"isnan_out", into(isnan_out)},
      {"maximum_out", into_by(maximum_out)},
      {"minimum_out", into_by(minimum_out)},
      {"matmul_out",
       [](Tensor t, W w) { matmul_out(t, w.tensor(1), w.tensor(2)); }},
      {"sum_out", [](Tensor t, W w) { sum_out(t, w.tensor(1), w.number(2)); }},
      {"mean_out",
       [](Tensor t, W w) { mean_out(t, w.tensor(1), w.number(2)); }},
      {"amax_out",
       [](Tensor t, W w) { amax_out(t, w.tensor(1), w.number(2)); }},
      {"any_out", [](Tensor t, W w) { any_out(t, w.tensor(1), w.number(2)); }},
      {"argmax_out",
       [](Tensor t, W w) { argmax_out(t, w.tensor(1), w.number(2)); }},
      {"logsumexp_out",
       [](Tensor t, W w) { logsumexp_out(t, w.tensor(1), w.number(2)); }},
      {"softmax_out",
       [](Tensor t, W w) { softmax_out(t, w.tensor(1), w.number(2)); }},
      {"flip_out",
       [](Tensor t, W w) { flip_out(t, w.tensor(1), w.number(2)); }},
      {"cat_out",
       [](Tensor t, W w) { cat_out(t, {w.tensor(1), w.tensor(2)}); }},
      {"stack_out",
       [](Tensor t, W w) { stack_out(t, {w.tensor(1), w.tensor(2)}); }},
      {"where_out",
       [](Tensor t, W w) {
         where_out(t, w.tensor(1) > 0, w.tensor(1), w.tensor(2));
       }},
      {"copy_", [](Tensor t, W w) { t.copy_(w.any(1)); }},
      {"fill_", [](Tensor t, W w) { t.fill_(w.number(1)); }},
      {"zero_", [](Tensor t, W) { t.zero_(); }},
      {"requires_grad_",
       [](Tensor t, W w) {
         t.requires_grad_(w.count() < 2 || w.number(1) != 0);
       }},
      {"detach_grad", [](Tensor t, W) { t.set_grad({}); }},
      {"set_grad", [](Tensor t, W w) { t.set_grad(w.tensor(1)); }},
      {"backward",
       [](Tensor t, W w) {
         std::string how = w.count() > 1 ? w.text(1) : "";
         t.backward({}, how == "retain", how == "create");
       }},
      {"backward_seed", [](Tensor t, W w) { t.backward(w.tensor(1)); }},
      {"set", [](Tensor t, W w) { t[w.number(1)] = w.any(2); }},
      {"set_slice",
       [](Tensor t, W w) {
         t.index({Slice{w.number(1), w.number(2)}}) = w.any(3);
       }},
      {"iadd", [](Tensor t, W w) { t[w.number(1)] += w.any(2); }},
  };
  return writes;
}

struct ProgramResult {
  std::map<std::string, Tensor> names;
  std::optional<std::size_t> error; ///< the step that was refused
  std::string message;              ///< why
};

inline ProgramResult run_program(const std::string &text, const Tensor &x,
                                 const Tensor &w, const Tensor &r) {
  ProgramResult result{{{"x", x}, {"w", w}, {"r", r}}, {}, {}};
  GradModeGuard mode(true);
  std::istringstream steps(text);
  std::string step;
  for (std::size_t i = 0; std::getline(steps >> std::ws, step, ';'); ++i) {
    std::istringstream in(step);
    std::vector<std::string> words;
    for (std::string word; in >> word;)
      words.push_back(word);
    if (words.size() == 1) {
      GradMode::set_enabled(words[0] == "grad");
      continue;
    }
    auto from = [&](std::size_t first) {
      return Words(result.names,
                   {words.begin() + std::ptrdiff_t(first), words.end()});
    };
    try {
      if (words[1] == "=")
        result.names[words[0]] = program_ops().at(words[2])(from(3));
      else
        program_writes().at(words[1])(result.names.at(words[0]),
                                      Words(result.names, [&] {
                                        std::vector<std::string> rest = words;
                                        rest.erase(rest.begin() + 1);
                                        return rest;
                                      }()));
    } catch (const Error &error) {
      result.error = i;
      result.message = error.message();
      return result;
    } catch (const std::logic_error &) { // of `at` and `stoll`
      throw std::logic_error("no such word in `" + step + "` of `" + text +
                             "`");
    }
  }
  return result;
}

} // namespace tensorc::test

#endif // TENSORC_TESTS_ORACLE_PROGRAMS_H
