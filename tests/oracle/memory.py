#!/usr/bin/python3
"""Writes tests/oracle/memory.json: what PyTorch says of views and in-place ops.

usage: memory.py [FOLDER]   all programs, not a sample, into FOLDER/memory.json;
       TENSORC_SOURCE_DIR has the tests read them (as tests/oracle in there)

Each program is a list of steps, run by PyTorch here and by tests/oracle/Programs.h
there, eagerly and traced:
  v = OP arguments        a new tensor; arguments are names and numbers
  v OP_ arguments         in place; `v set i p` is v[i] = p, `v iadd i p` v[i] += p
  L backward [retain|create]
  no_grad, grad           from here on
It starts from x, w [2, 3] and r [3] of float64. What is stored:
  do      the steps
  error   the step at which PyTorch refuses, if it does; else
  values  of all names at the end, row-major; not of x, w, r as they were
  flags   g where a name requires grad, gl where it is a leaf, too; "?" for views
          made under no_grad, or before their base required grad, which require
          grad there but lead nowhere
  grads   of those that have one

Left out: what PyTorch refuses though it needs nothing that was freed or written
to (a second pass through a view's in-place sum), or by accident (the gradient
of a filled expanded tensor); and what it does to gradients by `logical_not_` and the
like, which go on as if nothing had been written. Rounding and comparisons give
leaves a gradient of zero there, and none here. Which of operand and result a
gradient reads differs for a few ops (expm1, leaky_relu, pow, remainder), and so
whether both may be overwritten. PyTorch keeps the layout of permuted operands in
results, so that a later `reshape` of one copies where it needn't here.
"""
import itertools
import json
import os
import sys
import zlib

import torch

from memory_ops import binary_forms, in_place, others, unary_forms, views

HERE = os.path.dirname(os.path.abspath(__file__))


def sampled(programs, one_in):
    if sys.argv[1:]:
        return programs
    return [p for p in programs if zlib.crc32(p.encode()) % one_in == 0]


def f64(values):
    return torch.tensor(values, dtype=torch.float64)


def inputs():
    return {"x": f64([[0.5, -1, 2], [3, -0.25, 1.5]]),
            "w": f64([[2, 3, -1], [0.5, -2, 4]]),
            "r": f64([1, -2, 3])}


def argument(names, word):
    if word in names:
        return names[word]
    try:
        return int(word)
    except ValueError:
        pass
    try:
        return float(word)
    except ValueError:
        return word


def run(program):
    names, untracked, recording = inputs(), set(), True
    for step, text in enumerate(program.split("; ")):
        words = text.split()
        try:
            if words in (["no_grad"], ["grad"]):
                recording = words == ["grad"]
                continue
            with torch.set_grad_enabled(recording):
                if words[1:2] == ["="]:
                    op = words[2]
                    arguments = [argument(names, word) for word in words[3:]]
                    names[words[0]] = (views.get(op) or others[op])(*arguments)
                    if op in views and (not recording or words[3] in untracked):
                        untracked.add(words[0])
                else:
                    arguments = [argument(names, word) for word in words[2:]]
                    in_place[words[1]](names[words[0]], *arguments)
        except (RuntimeError, TypeError, IndexError):
            return {"do": program, "error": step}
    result = {"do": program, "values": {}, "flags": {}, "grads": {}}
    before = inputs()
    for name, tensor in names.items():
        if name not in before or not torch.equal(tensor, before[name]):
            result["values"][name] = [float(f"{v:.15g}") if isinstance(v, float) else v
                                      for v in tensor.detach().flatten().tolist()]
        if name in untracked:
            result["flags"][name] = "?"
        elif tensor._is_view() and tensor.is_leaf and tensor._base.requires_grad:
            result["flags"][name] = "?"
        elif tensor.requires_grad:
            result["flags"][name] = "gl" if tensor.is_leaf else "g"
        if name not in untracked and tensor.is_leaf and tensor.grad is not None:
            result["grads"][name] = [float(f"{v:.15g}") for v in
                                     tensor.grad.detach().flatten().tolist()]
    return result


def writes():
    """Base or view or both written, with and without recording: a sample."""
    sources = ["x requires_grad_; y = mul x 2",
               "x requires_grad_; w requires_grad_; y = zeros 2 3",
               "x requires_grad_; w requires_grad_; y = exp x",
               "x requires_grad_; y = same x",
               "w requires_grad_; y = mul x 2"]
    chains = ["v = select y 0 0", "v = select y 1 1", "v = slice y 1 0 3 2", "v = t y",
              "v = view y 6", "v = unsqueeze y 0", "a = t y; v = select a 0 1",
              "a = select y 0 1; v = select a 0 2", "v = detach y", "v = expand y 1 2 3",
              "a = t y; v = reshape a 6", "v = clone y", "v = contiguous y",
              "a = t y; v = contiguous a", "v = flatten y", "v = to_same y",
              "a = expand y 4 2 3; v = select a 0 2", "a = select y 0 0; v = expand a 2 3"]
    ops = ["mul_ 3", "add_ 1", "zero_", "fill_ 5", "mul_ p", "copy_ p", "sub_ p", "div_ p"]
    end = "; m = mul y y; n = sum m; k = sum v; L = add n k; L backward"
    found = []
    for source, chain in itertools.product(sources, chains):
        part = chain.replace("y", "w").replace("a =", "b =").replace(" a ", " b ")
        part = part.replace("v =", "p =").replace("p = viep", "p = view")
        own = "; " + part
        for op, mode in itertools.product(ops, ("", "no_grad; ")):
            after = "; grad" if mode else ""
            if not ("expand a 2" in chain and op[:4] in ("fill", "zero")):
                found.append(f"{source}; {chain}{own}; {mode}v {op}{after}{end}")
            found.append(f"{source}; {chain}; p = same w; {mode}y {op}{after}{end}")
        found.append(f"{source}; {chain}{own}; v mul_ p; y mul_ 2{end}")
        found.append(f"{source}; {chain}{own}; y mul_ 2; v mul_ p{end}")
        found.append(f"{source}; {chain}{own}; v copy_ p; y add_ w; v mul_ 3{end}")
        found.append(f"{source}; y mul_ 2; {chain}; y add_ w{end}")
        found.append(f"{source}; no_grad; {chain}; grad; y mul_ 2{end}")
        found.append(f"{source}; no_grad; {chain}; grad; v mul_ 2{end}")
    return sampled(found, 14)


def aliasing():
    """Everything that returns a tensor, on everything it may depend on: written
    to the result, and to the operand."""
    layouts = ["y = clone x", "c = clone x; y = t c", "c = clone r; y = select c 0 1",
               "c = clone r; y = expand c 2 3", "c = clone x; y = slice c 1 0 3 2",
               "c = clone r; y = slice c 0 0 1 1", "y = to_int x", "y = to_bool x"]
    calls = ["select y 0 0", "narrow y 0 0 1", "t y", "transpose y 0 0", "transpose y 0 -1",
             "view y -1", "reshape y -1", "flatten y", "unsqueeze y 0", "squeeze y",
             "squeeze_dim y 0", "detach y", "contiguous y", "to_same y", "to_device y",
             "clone y", "to_f32 y", "to_int y", "neg y", "abs y", "exp y", "square y",
             "relu y", "floor y", "ceil y", "round y", "trunc y", "leaky_relu y",
             "clamp y -9 9", "isnan y", "add y 0", "mul y 1", "pow y 1", "maximum y y",
             "logical_or y y", "where y y", "sum y", "mean y", "prod y", "amax y", "amin y",
             "sum_dim y 0", "mean_dim y 0", "amax_dim y 0", "any y", "all y", "argmax y",
             "softmax y", "log_softmax y", "logsumexp y 0", "flip y", "flip y 0",
             "cat y", "stack y", "zeros_like y"]
    # Where PyTorch converts and tensorc refuses.
    missing = {"to_bool": ("amax", "amin", "clam", "logs", "pow ", "squa"),
               "to_int ": ("logs",)}
    found = []
    for layout, call in itertools.product(layouts, calls):
        if call[:4].removesuffix("_") in missing.get(layout[4:11], ()):
            continue
        found.append(f"{layout}; v = {call}; v fill_ 7")
        found.append(f"{layout}; v = {call}; y fill_ 7")
    found = [p for p in sampled(found, 4) if "error" not in run(p)]
    return [p for p in found if "nan" not in str(run(p))]


def forms():
    """The forms of functions that write: over an operand, and to a tensor."""
    over = [f"{op}_" for op in unary_forms] + ["clamp_ -1 1", "silu_", "gelu_", "leaky_relu_"]
    # There are three that take no numbers in PyTorch.
    by = [f"{op}_ {p}" for op in binary_forms for p in ("w", "r", "2", "y", "x")
          if p != "2" or not op.startswith(("atan2", "logical"))]
    start = "x requires_grad_; y = square x; "
    end = "; L = sum z; L backward"

    def with_gradients(op):
        yield f"{start}y {op}; z = mul y w{end}"
        yield f"{start}z = mul y y; y {op}{end}"
        if not op.startswith(("expm1", "leaky_relu", "pow", "remainder")):
            yield f"{start}y {op}; y {op}; z = mul y w{end}"
        yield f"{start}no_grad; y {op}; grad; z = mul y y{end}"
        if not op.endswith("y"):
            yield f"x requires_grad_; no_grad; x {op}; grad; z = mul x x{end}"
        if not op.endswith(("w", "x", "y")):
            yield f"{start}v = select y 0 0; v {op}; z = square y{end}"
        if op.endswith("w") and op.removesuffix("_ w") not in comparisons:
            yield f"w requires_grad_; y = square x; y {op}; z = mul y y{end}"
            yield f"x requires_grad_; w requires_grad_; y = square x; y {op}; z = mul y x{end}"

    found = []
    comparisons = ("eq", "ne", "lt", "le", "gt", "ge")
    flat = ("sign", "floor", "ceil", "round", "trunc", "logical")
    for op in over + by:
        if not op.startswith(flat):
            found += with_gradients(op)
        if not op.startswith("logical") and not op.endswith("y"):
            found.append(f"x requires_grad_; x {op}")
        if not op.endswith(("w", "x", "y")):
            found.append(f"e = expand r 2 3; e {op}")
        if op[:4] not in ("pow_", "rema"): # PyTorch has them for whole numbers
            found += [f"y = to_{kind} x; y {op}" for kind in ("int", "bool")]
    for op in unary_forms + ["isnan"]:
        if op in ("logical_not", "relu"): # there is no torch.relu(…, out=…)
            continue
        found += [f"{y}; y {op}_out {of}" for of in ("w", "y") for y in
                  ("y = zeros 2 3", "y = to_int x", "y = to_bool x")]
        found += [f"x requires_grad_; y = zeros 2 3; y {op}_out x",
                  f"y = zeros 2 3; y requires_grad_; y {op}_out x",
                  f"x requires_grad_; y = zeros 2 3; no_grad; y {op}_out x; grad; z = mul y x{end}",
                  f"y = zeros 2 3; v = select y 0 1; v {op}_out r",
                  f"e = expand r 2 3; e {op}_out x"]
    for op in binary_forms + ["maximum", "minimum"]:
        found += [f"{y}; y {op}_out {of}" for of in ("x w", "x r", "x 2", "y y", "y x") for y in
                  ("y = zeros 2 3", "y = to_f32 x", "y = to_int x", "y = to_bool x")
                  if op not in ("pow", "remainder") or of[0] == "x"
                  if not (op[0] in "mal" and op[:2] not in ("ad", "lt", "le", "mu") and "2" in of)]
        found.append(f"y = zeros 2 3; v = select y 0 1; v {op}_out r r")
        if not op.startswith("logical"):
            found.append(f"x requires_grad_; y = zeros 2 3; y {op}_out x w")
            if op not in comparisons: # they may write to leaves there
                found.append(f"y = zeros 2 3; y requires_grad_; y {op}_out x w")
    for op in ("sum", "mean", "amax", "any", "argmax", "logsumexp"):
        kind = {"any": "c = zeros 3; y = to_bool c", "argmax": "c = zeros 3; y = to_int c"}
        made = kind.get(op, "y = zeros 3")
        found += [f"{made}; y {op}_out x 0", f"x requires_grad_; {made}; y {op}_out x 0"]
    for op in ("softmax", "flip"):
        found.append(f"y = clone x; y {op}_out w 0")
    found += ["y = zeros 4 3; y cat_out x w", "y = zeros 2 2 3; y stack_out x w",
              "y = zeros 2 3; y where_out x w", "y = zeros 2 2; a = t w; y matmul_out x a",
              "x requires_grad_; y = zeros 4 3; y cat_out x w", "y = clone x; y where_out y w",
              "x requires_grad_; y = zeros 2 3; y where_out w x"]
    return [p for p in sampled(found, 4) if not any(n in str(run(p)) for n in ("nan", "inf"))]


def flags():
    """`requires_grad` set and cleared between the steps of one program."""
    steps = ["y = mul x w", "b copy_ w; v = select x 0 0", "z = mul y x; b add_ x",
             "u = mul v v; a = add z b"]
    changes = ["", "x on", "x off", "w on", "w off", "x on; w on", "y on", "b on", "v on"]
    found = []
    for chosen in itertools.product(changes, repeat=len(steps)):
        program = "b = zeros 2 3"
        for change, step in zip(chosen, steps):
            program += "".join(f"; {part}" for part in (change, step) if part)
        last = "; x off" if len(found) % 5 == 0 else ""
        program += f"; m = sum a; n = sum u; L = add m n{last}; L backward"
        found.append(program.replace(" on", " requires_grad_")
                     .replace(" off", " requires_grad_ 0"))
    return [p for p in sampled(found, 20) if leads_somewhere(p)]


def frozen():
    """Leaves that require no gradient while a backward pass creates a graph."""
    made = ["mul x w", "mul x x", "square x", "div x w", "exp x", "matmul x a", "mul b w"]
    last = ["mul x w", "mul y x", "mul y w", "div w y", "square y", "maximum y w"]
    used = ["mul g x", "square g", "mul g w", "mul g y"]
    freeze = [[], ["x"], ["w"]]
    found = []
    for y, z, off, k, of in itertools.product(made, last, freeze, used, "xw"):
        program = ("x requires_grad_; w requires_grad_; a = t w; b = mul x 3; "
                   f"y = {y}; ")
        if "matmul" in y:
            program += "y = matmul y x; "
        program += f"z = {z}; L = sum z; "
        program += "".join(f"{leaf} requires_grad_ 0; " for leaf in off)
        program += "L backward create; "
        program += "".join(f"{leaf} requires_grad_; " for leaf in off)
        program += f"g = grad {of}; k = {k}; K = sum k; K backward"
        found.append(program)
    return [p for p in sampled(found, 2) if frozen_somewhere(p)]


def frozen_somewhere(program):
    """There is such a gradient that leads somewhere, and nothing cancels: it does
    so up to rounding. Traced, leaves that no path leads to have a gradient of
    zero, where PyTorch has none."""
    try:
        result = run(program)
    except (AttributeError, KeyError):
        return False
    if "error" in result or "g" not in result["flags"]:
        return False
    numbers = [n for part in ("values", "grads") for list_ in result[part].values()
               for n in list_]
    return {"x", "w"} <= set(result["grads"]) and 0 not in numbers


def leads_somewhere(program):
    """Not so: a tensor is changed that isn't there yet, a step is refused, or a
    view is used that requires grad and leads nowhere."""
    try:
        used = run(program[:program.index("; m = ")])
        return ("error" not in run(program) and "error" not in used and
                "?" not in used["flags"].values())
    except KeyError:
        return False


chosen = """
y = mul x 2; x requires_grad_; z = mul y x; L = sum z; L backward
y = mul x x; x requires_grad_; z = mul x x; a = add y z; L = sum a; L backward
y = mul x x; y requires_grad_; z = mul y 3; x requires_grad_; a = mul z x; L = sum a; L backward
c = clone x; v = slice c 0 0 1 1; c requires_grad_; u = slice c 0 1 2 1; z = mul v u; L = sum z; L backward
b = zeros 2 3; b copy_ x; x requires_grad_; b add_ x; z = mul b b; L = sum z; L backward
x requires_grad_; y = mul x x; x requires_grad_ 0; z = mul x 3; x requires_grad_; a = add y z; L = sum a; L backward
x requires_grad_; w requires_grad_; w requires_grad_ 0; y = mul x x; z = mul y w; w requires_grad_; a = mul w r; b = add z a; L = sum b; L backward
x requires_grad_; y = mul x 2; x requires_grad_ 0; z = mul y x; L = sum z; L backward
x requires_grad_; w requires_grad_; y = mul x w; x requires_grad_ 0; z = mul y x; L = sum z; L backward
x requires_grad_; w requires_grad_; y = mul x w; x requires_grad_ 0; L = sum y; L backward retain; x requires_grad_; L backward
x requires_grad_; y = mul x x; L = sum y; L backward; x requires_grad_ 0; z = mul x w; x requires_grad_; a = add z x; K = sum a; K backward
no_grad; y = mul x x; grad; x requires_grad_; z = mul x y; L = sum z; L backward
x requires_grad_; no_grad; y = mul x x; grad; y requires_grad_; z = mul x y; L = sum z; L backward
x requires_grad_; d = detach x; d mul_ w; z = mul d x; L = sum z; L backward
x requires_grad_; d = detach x; d mul_ w; d requires_grad_; z = mul d x; L = sum z; L backward
v = select x 0 0; v requires_grad_; no_grad; x add_ 1; grad; y = square v; L = sum y; L backward
v = select x 0 0; y = square v; v requires_grad_; z = mul y v; L = sum z; L backward
a = t x; x requires_grad_; b = matmul x a; L = sum b; L backward
x requires_grad_; y = square x; L = sum y; L backward create; g = grad x; x detach_grad; x requires_grad_ 0; z = mul g x; x requires_grad_; K = sum z; K backward
x requires_grad_; no_grad; x mul_ 2; grad; y = mul x w; x requires_grad_ 0; z = mul x y; x requires_grad_; a = mul z x; L = sum a; L backward
y = mul x 2; x requires_grad_; y mul_ x; x requires_grad_ 0; y add_ x; z = square y; L = sum z; L backward
a = t x; b = reshape a 6; a fill_ 1
a = t x; b = reshape a 6; b fill_ 1
a = t x; b = flatten a; x fill_ 1
a = t x; b = contiguous a; b fill_ 1
s = mul x 2; o = clone s; s add_ 1
s = mul x 2; o = clone s; o add_ 1
e = expand r 2 3; f = clone e; f add_ 1
e = expand r 2 3; e add_ 1
v = unfold x 1 2 2; v mul_ 3
c = clone x; v = unfold c 1 1 2; c mul_ 2; v add_ 1; c mul_ 2
v = unfold r 0 2 1; r mul_ 2
x requires_grad_; y = mul x x; v = unfold y 1 2 1; y mul_ 2; z = mul v v; L = sum z; L backward
x requires_grad_; y = mul x x; v = unfold y 0 1 1; v mul_ 2; v fill_ 3; z = mul y w; L = sum z; L backward
x requires_grad_; y = mul x x; v = unfold y 1 2 2; u = unfold v 0 1 2; u mul_ 5; z = mul y w; L = sum z; L backward
x requires_grad_; y = square x; v = unfold y 1 2 2; v mul_ 5; z = mul v y; L = sum y; L backward
e = expand r 2 3; e mul_ x
e = expand r 2 3; e copy_ x
e = expand r 2 3; e fill_ 4
e = expand r 2 3; e zero_
e = expand r 2 3; f = select e 0 1; f add_ 1
e = expand r 1 3; e add_ 1
e = expand r 2 3; v = slice e 0 2 2 1; v mul_ 2
e = expand r 2 3; v = slice e 0 2 2 1; v zero_
e = expand r 2 3; v = slice e 0 2 2 1; v copy_ r
e = expand r 2 3; v = slice e 0 2 2 1; v fill_ 7
e = expand r 2 3; v = slice e 1 3 3 1; v add_ 1
e = expand r 2 3; a = t e; v = slice a 1 1 1 1; v add_ 1
e = expand r 2 3; v = slice e 0 1 2 1; v mul_ 2
e = expand r 2 3; v = slice e 0 0 2 1; v mul_ 2
c = slice r 0 1 1 1; e = expand c 2 0; e add_ 1
r requires_grad_; b = mul r 2; e = expand b 2 3; v = slice e 0 2 2 1; v mul_ 3; z = square e; L = sum z; L backward
r requires_grad_; b = mul r 2; e = expand b 2 3; v = slice e 0 2 2 1; v mul_ 3; z = square b; L = sum z; L backward
w requires_grad_; b = zeros 1 3; e = expand b 2 3; v = slice e 0 2 2 1; u = slice w 0 2 2 1; v copy_ u; L = sum b; L backward
w requires_grad_; b = zeros 1 3; no_grad; e = expand b 2 3; v = slice e 0 2 2 1; u = slice w 0 2 2 1; v copy_ u; grad; y = mul w b; L = sum y; L backward
e = expand r 2 3; f = t e; g = select f 1 0; g add_ 1
y = clone x; y set 0 r
y = clone x; y set 1 7
y = clone x; y iadd 0 r
y = clone x; y iadd 1 1
y = clone x; y set_slice 0 1 r
x requires_grad_; r requires_grad_; y = mul x 2; y set 0 r; z = square y; L = sum z; L backward
x requires_grad_; r requires_grad_; y = mul x 2; y set 1 7; y iadd 0 r; z = square y; L = sum z; L backward
r requires_grad_; y = zeros 2 3; y set 0 r; y iadd 1 r; z = square y; L = sum z; L backward
x requires_grad_; x set 0 r
x requires_grad_; x iadd 0 1
x requires_grad_; x add_ 1
x requires_grad_; no_grad; x add_ 1; grad; L = sum x; L backward
x requires_grad_; no_grad; x set 0 r; grad; y = square x; L = sum y; L backward
x requires_grad_; d = detach x; d add_ 1; y = square x; L = sum y; L backward
x requires_grad_; d = detach x; d mul_ w; y = square x; L = sum y; L backward
x requires_grad_; y = square x; d = detach x; d add_ 1; L = sum y; L backward
x requires_grad_; y = exp x; d = detach y; d add_ 1; L = sum y; L backward
x requires_grad_; y = mul x 2; d = detach y; d add_ 1; L = sum y; L backward
x requires_grad_; y = mul x 2; d = detach y; v = select d 0 0; v mul_ 3; z = square y; L = sum z; L backward
x requires_grad_; w requires_grad_; y = mul x 2; d = detach y; d mul_ w; L = sum d; L backward
x requires_grad_; w requires_grad_; y = mul x 2; d = detach y; v = select d 0 0; u = select w 0 1; v mul_ u; L = sum d; L backward
x requires_grad_; b = zeros 2 3; b copy_ x; z = square b; L = sum z; L backward
x requires_grad_; b = zeros 2 3; b copy_ x; b zero_; b sub_ w; z = square b; L = sum z; L backward
x requires_grad_; b = zeros 2 3; b copy_ x; b fill_ 3; b sub_ x; z = square b; L = sum z; L backward
r requires_grad_; b = zeros 2 3; b copy_ r; z = square b; L = sum z; L backward
x requires_grad_; y = mul x 2; y copy_ w; z = square y; L = sum z; L backward
x requires_grad_; y = mul x 2; y zero_; L = sum y; L backward
x requires_grad_; y = mul x 2; y fill_ 3; y mul_ x; L = sum y; L backward
x requires_grad_; y = mul x 2; no_grad; y mul_ 3; grad; L = sum y; L backward
x requires_grad_; y = mul x 2; no_grad; y mul_ 3; grad; z = square y; L = sum z; L backward
x requires_grad_; y = mul x 2; z = square y; no_grad; y mul_ 3; grad; L = sum z; L backward
x requires_grad_; y = mul x 2; no_grad; y set 0 r; grad; z = square y; L = sum z; L backward
x requires_grad_; w requires_grad_; y = mul x 2; z = mul w 3; no_grad; y copy_ z; grad; q = square y; L = sum q; L backward
x requires_grad_; y = mul x 2; v = select y 0 0; y mul_ 3; L = sum v; L backward
x requires_grad_; y = mul x 2; v = select y 0 0; v mul_ 3; L = sum y; L backward
x requires_grad_; y = mul x 2; v = select y 0 0; u = select y 0 1; v mul_ u; z = square y; L = sum z; L backward
x requires_grad_; y = mul x 2; v = select y 0 0; u = select y 1 0; v mul_ 2; L = sum u; L backward
x requires_grad_; y = zeros 2 3; v = view y 6; a = flatten x; v copy_ a; z = square y; L = sum z; L backward
x requires_grad_; y = zeros 2 3; v = select y 0 0; y copy_ x; z = square v; L = sum z; L backward
x requires_grad_; y = mul x 2; y mul_ y; L = sum y; L backward
x requires_grad_; y = mul x 2; y mul_ x; L = sum y; L backward
x requires_grad_; y = mul x 2; y div_ x; L = sum y; L backward
x requires_grad_; y = mul x 2; y add_ y; L = sum y; L backward
x requires_grad_; y = exp x; y mul_ 2; L = sum y; L backward
x requires_grad_; y = mul x 2; z = exp y; y mul_ 2; L = sum z; L backward
x requires_grad_; y = mul x 2; z = square y; y mul_ 2; L = sum z; L backward
x requires_grad_; y = mul x 2; z = add y 1; y mul_ 2; L = sum z; L backward
x requires_grad_; y = mul x 2; z = mul y w; y mul_ 2; L = sum z; L backward
x requires_grad_; y = mul x 2; z = mul y w; w mul_ 2; L = sum z; L backward
x requires_grad_; y = mul x 2; z = div w y; z add_ 1; L = sum z; L backward
x requires_grad_; z = div w x; w add_ 1; L = sum z; L backward
x requires_grad_; z = div x w; w add_ 1; L = sum z; L backward
x requires_grad_; y = relu x; y add_ 1; L = sum y; L backward
x requires_grad_; y = sigmoid x; y add_ 1; L = sum y; L backward
x requires_grad_; y = tanh x; y add_ 1; L = sum y; L backward
x requires_grad_; y = sin x; y add_ 1; L = sum y; L backward
x requires_grad_; y = mul x 1; z = sin y; y add_ 1; L = sum z; L backward
x requires_grad_; y = mul x 1; z = relu y; y add_ 1; L = sum z; L backward
x requires_grad_; y = mul x 1; z = abs y; y add_ 1; L = sum z; L backward
x requires_grad_; y = reciprocal x; y add_ 1; L = sum y; L backward
x requires_grad_; y = mul x 1; z = reciprocal y; y add_ 1; L = sum z; L backward
x requires_grad_; y = mul x 1; z = maximum y w; y add_ 1; L = sum z; L backward
x requires_grad_; y = maximum x w; y add_ 1; L = sum y; L backward
x requires_grad_; y = mul x 1; z = amax y; y add_ 1; z backward
x requires_grad_; y = mul x 1; z = amax_dim y 1; z add_ 1; L = sum z; L backward
x requires_grad_; y = mul x 1; z = softmax y; y add_ 1; q = mul z z; L = sum q; L backward
x requires_grad_; y = softmax x; y add_ 1; q = mul y y; L = sum q; L backward
x requires_grad_; y = log_softmax x; y add_ 1; L = sum y; L backward
x requires_grad_; y = mul x 1; z = logsumexp y 1; y add_ 1; L = sum z; L backward
x requires_grad_; y = mul x 1; z = leaky_relu y; y add_ 1; L = sum z; L backward
x requires_grad_; y = leaky_relu x; y add_ 1; L = sum y; L backward
x requires_grad_; y = mul x 1; z = clamp y 0 1; y add_ 1; L = sum z; L backward
x requires_grad_; y = clamp x 0 1; y add_ 1; L = sum y; L backward
x requires_grad_; y = mul x 1; z = pow y 3; y add_ 1; L = sum z; L backward
x requires_grad_; y = pow x 3; y add_ 1; L = sum y; L backward
x requires_grad_; y = mul x 1; z = mse y w; y add_ 1; z backward
x requires_grad_; y = mul x 1; z = where y w; y add_ 1; L = sum z; L backward
x requires_grad_; y = mul x 1; a = t w; z = matmul y a; y add_ 1; L = sum z; L backward
x requires_grad_; y = mul x 1; a = t w; z = matmul y a; w add_ 1; L = sum z; L backward
x requires_grad_; y = mul x 1; z = sum_dim y 1; y add_ 1; z add_ 1; L = sum z; L backward
x requires_grad_; y = mul x 1; z = mean y; y add_ 1; z backward
x requires_grad_; y = mul x 1; z = cat y; y add_ 1; L = sum z; L backward
x requires_grad_; y = mul x 1; z = flip y 0; y add_ 1; L = sum z; L backward
x requires_grad_; y = add x 1; L = sum y; L backward; L backward
x requires_grad_; y = neg x; z = t y; u = select z 0 0; L = sum u; L backward; L backward
x requires_grad_; y = mul x 2; L = sum y; L backward; L backward
x requires_grad_; y = mul x x; L = sum y; L backward; L backward
x requires_grad_; y = exp x; L = sum y; L backward; L backward
x requires_grad_; y = sin x; L = sum y; L backward retain; L backward
x requires_grad_; y = sin x; L = sum y; L backward retain; L backward; L backward
x requires_grad_; y = mul x w; a = sum y; b = mean y; a backward; b backward
x requires_grad_; y = add x w; a = sum y; b = mean y; a backward; b backward
x requires_grad_; y = clone x; v = select y 0 0; v mul_ 2; L = sum y; L backward; L backward
x requires_grad_; w requires_grad_; y = add x w; L = sum y; L backward; g = grad x; g mul_ 10
x requires_grad_; L = sum x; L backward; g = grad x; g mul_ w
x requires_grad_; s = clone w; x backward_seed s; g = grad x; g mul_ 10
x requires_grad_; s = clone w; x backward_seed s; s mul_ 10
x requires_grad_; w requires_grad_; y = sub x w; s = clone y; d = detach s; y backward_seed d; g = grad x; g mul_ 10
x requires_grad_; L = sum x; L backward retain; g = grad x; L backward
x requires_grad_; y = square x; L = sum y; L backward retain; g = grad x; L backward create; h = grad x; h mul_ 1
x requires_grad_; y = square x; z = mul y x; L = sum z; L backward create; g = grad x; h = square g; K = sum h; K backward
x requires_grad_; y = square x; z = mul y x; L = sum z; L backward create; g = grad x; x detach_grad; h = square g; K = sum h; K backward
x requires_grad_; a = t x; y = mul a a; L = sum y; L backward; g = grad x; f = view g 6
x requires_grad_; e = expand x 2 2 3; L = sum e; L backward; g = grad x; f = view g 6; f mul_ 2
x requires_grad_; x set_grad w; y = square x; L = sum y; L backward
x requires_grad_; x set_grad r
x requires_grad_; a = to_f32 w; x set_grad a
x requires_grad_; y = clone x; v = select y 0 0; v mul_ 2; z = square v; L = sum z; L backward create; g = grad x; q = square g; K = sum q; K backward
x requires_grad_; y = square x; v = slice y 1 0 3 2; u = slice x 1 0 3 2; v mul_ u; L = sum y; L backward create; g = grad x; q = square g; K = sum q; K backward
x requires_grad_; y = square x; a = t y; v = select a 0 1; v copy_ 3; z = square y; L = sum z; L backward create; g = grad x; K = sum g; K backward
y = to_int x; y add_out x w
y = clone x; y add_out w w
y = to_bool x; a = to_int w; y add_out a a
y = to_f32 x; y add_out w w
x requires_grad_; y = clone w; y add_out x w
x requires_grad_; no_grad; y = clone w; y add_out x w
y = to_int x; y add_ w
y = to_int x; y copy_ w
y = to_int x; y div_ 2
x requires_grad_; w requires_grad_; y = mul x w; L = sum y; x requires_grad_ 0; L backward create; x requires_grad_; g = grad w; z = mul g x; K = sum z; K backward
x requires_grad_; w requires_grad_; y = mul x w; y requires_grad_ 0
x requires_grad_; v = select x 0 0; v requires_grad_ 0
x requires_grad_; v = detach x; v requires_grad_ 0
x requires_grad_; y = mul x 2; d = detach y; d requires_grad_; d requires_grad_ 0; z = mul d x; L = sum z; L backward
x requires_grad_; b = zeros 2 3; b requires_grad_ 0; b copy_ x; b requires_grad_ 0
x requires_grad_; b = zeros 2 3; v = select b 0 0; u = select x 0 1; v copy_ u; v requires_grad_ 0
x requires_grad_; y = mul x 2; y copy_ w; y requires_grad_ 0
x requires_grad_; y = mul x 2; y fill_ 3; y requires_grad_ 0
x requires_grad_; y = mul x 2; y requires_grad_; z = mul y x; L = sum z; L backward
x requires_grad_; y = mul x 2; no_grad; y mul_ 3; grad; y requires_grad_ 0
x requires_grad_; no_grad; y = mul x 2; y requires_grad_ 0; grad; z = mul y x; L = sum z; L backward
x requires_grad_; y = square x; L = sum y; L backward create; g = grad x; g requires_grad_ 0
x requires_grad_; y = square x; L = sum y; L backward; g = grad x; g requires_grad_ 0
x requires_grad_; y = clone x; c = contiguous y; c requires_grad_ 0
y = to_bool x; y add_ 2
y = clone x; y add_ r
y = clone r; y add_ x
y = clone r; y copy_ x
x requires_grad_; a = to_f32 x; a mul_ 2; L = sum a; L backward
x requires_grad_; a = to_int x; a mul_ 2
x requires_grad_; y = mul x 2; v = detach y; v requires_grad_; z = square v; L = sum z; L backward
x requires_grad_; y = mul x 2; y requires_grad_
x requires_grad_; no_grad; y = mul x 2; grad; y mul_ x; L = sum y; L backward
x requires_grad_; y = mul x 2; v = select y 0 0; a = view v 3 1; b = t a; b mul_ 5; z = square y; L = sum z; L backward
x requires_grad_; y = mul x 2; v = view y 3 2; a = select v 1 0; a mul_ r; b = select v 1 1; b copy_ r; z = square y; L = sum z; L backward
x requires_grad_; y = zeros 2 3; v = select y 0 0; v copy_ 3; u = select x 0 1; v add_ u; a = select y 0 1; a sub_ v; z = square y; L = sum z; L backward
x requires_grad_; r requires_grad_; y = zeros 3; a = slice y 0 1 3 1; b = slice r 0 0 2 1; a copy_ b; c = slice y 0 0 1 1; d = slice r 0 2 3 1; c add_ d; y mul_ y; L = sum y; L backward
x requires_grad_; y = mul x 2; y mul_ 3; y add_ w; y sub_ x; y div_ 2; L = sum y; L backward
"""

if __name__ == "__main__":
    programs = [line for line in chosen.strip().splitlines()]
    groups = {"chosen": programs, "writes": writes(), "aliasing": aliasing(),
              "forms": forms(), "flags": flags(), "frozen": frozen()}
    with open(os.path.join(*sys.argv[1:] or [HERE], "memory.json"), "w") as file:
        file.write("{\n")
        for number, (name, list_) in enumerate(groups.items()):
            lines = ",\n".join(json.dumps(run(p)) for p in list_)
            file.write(f'"{name}": [\n{lines}\n]' + (",\n" if number + 1 < len(groups) else "\n"))
        file.write("}\n")
