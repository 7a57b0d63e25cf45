//===- PublicFunction.td - What users call ------------------ -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An op's public function, from which `tensorc-tblgen` makes declarations with
// their comments, the method of `Tensor`, the forms that write to a tensor, and
// what they all do (docs/architecture.md, "Public functions").
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_GRAPH_PUBLIC_FUNCTION
#define TENSORC_GRAPH_PUBLIC_FUNCTION

// How a function makes of its operands what the op takes: in words, about types
// above all, and as a C++ expression by the functions of runtime/core/Calls.h.
// In that, `$op` is the function's name, `$operands` and `$attributes` the op's
// (these each after a comma); parameters go by their names, and `location` is the
// caller's.
class Graph_Call<string words, string cpp> {
  string types = words;
  string expression = cpp;
}
// The function is written by hand, in runtime/core.
class Graph_ByHand<string words> : Graph_Call<words, "">;
// There is none.
def Graph_NoFunction : Graph_Call<"", "">;

// What is there beside the free function.
class Graph_Form;
def Graph_Method : Graph_Form;      // x.f(…)
def Graph_InPlace : Graph_Form;     // x.f_(…)
def Graph_FreeInPlace : Graph_Form; // f_(x, …)
def Graph_Out : Graph_Form;         // f_out(out, x, …)

class Graph_PublicFunction {
  Graph_Call function = Graph_NoFunction;
  list<Graph_Form> forms = [];
  // Parameters, as `(ins "const Tensor &":$self, CArg<"bool", "false">:$keepdim)`.
  // Of several overloads the fullest comes last; the others call it with what is
  // left out as `{}`. None: the op's operands and attributes.
  list<dag> parameters = [];
  // What the function computes; "": what the op's description says before its
  // constraints.
  string does = "";
}

// A function that is no op, made of others by hand. `kind` is the heading that
// it stands under.
class Graph_Function<string functionName, string heading, string what,
                     string description> : Graph_PublicFunction {
  string name = functionName;
  string kind = heading;
  string summary = what;
  let does = description;
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

// The op, as it is.
class Graph_AsIs<string words>
    : Graph_Call<words, "ops::$op($operands$attributes, location)">;

// Of one operand, which `prepare` converts or refuses.
class Graph_UnaryCall<string prepare, string words>
    : Graph_Call<words, "ops::$op(" # prepare
                        # "(\"$op\", self, location)$attributes, location)">;
def Graph_AsFloating : Graph_UnaryCall<"floating",
    "Bools and whole numbers become float32.">;
def Graph_OfFloating : Graph_UnaryCall<"defined",
    "`Error` unless `self` is of a floating-point type.">;
def Graph_OfNumbers : Graph_UnaryCall<"number", "`Error` for bools.">;
def Graph_Widened : Graph_UnaryCall<"widened", "Bools become int64.">;
def Graph_AsBool : Graph_UnaryCall<"truth",
    "Elements count as bools: whether they aren't 0.">;
def Graph_Rounding : Graph_Call<
    "Whole numbers stay as they are. `Error` for bools.",
    "rounded(\"$op\", ops::$op, self, location)">;

// Of two operands, which `rule` gives a type.
class Graph_BinaryCall<string rule, string words, string helper = "binary">
    : Graph_Call<words # " Shapes are broadcast; `Error` where they don't fit.",
                 helper # "(\"$op\", ops::$op, self, other, " # rule # ")">;
defvar promoted = "Types are promoted as in PyTorch";
def Graph_Promoted : Graph_BinaryCall<"common_type", promoted # ".">;
def Graph_PromotedNumbers : Graph_BinaryCall<"numeric_type",
    promoted # "; `Error` for bools.">;
def Graph_PromotedToFloating : Graph_BinaryCall<"floating_type",
    promoted # ", bools and whole numbers then to float32.">;
defvar promotedNotBool = promoted # "; `Error` for bools alone. Shapes are "
    "broadcast; `Error` where they don't fit.";
// A number beside halves stays as it is, and the result is rounded.
def Graph_Scaled : Graph_BinaryCall<"common_type", promoted # ".", "scaled">;
def Graph_ScaledFloating : Graph_BinaryCall<"floating_type",
    promoted # ", bools and whole numbers then to float32.", "scaled">;
def Graph_Compared : Graph_BinaryCall<"common_type",
    promoted # ". The result is bool.">;
def Graph_Logical : Graph_Call<
    "The result is bool. Elements count as bools: whether they aren't 0. Shapes "
    "are broadcast; `Error` where they don't fit.",
    "logical(\"$op\", ops::$op, self, other)">;

// Along the dimensions `dims`, of what `prepared` is.
class Graph_ReductionCall<string prepared, string words>
    : Graph_Call<words, "reduce(\"$op\", ops::$op, " # prepared
                        # ", dims, keepdim, location)">;
// Along the dimension `dim`.
class Graph_AlongCall<string words>
    : Graph_Call<words, "along(\"$op\", ops::$op, self, dim, location)">;

#endif // TENSORC_GRAPH_PUBLIC_FUNCTION
