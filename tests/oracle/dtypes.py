#!/usr/bin/python3
"""Writes tests/oracle/dtypes.json: each op on each element type that it takes, at
the ends of the type.

  tensors  {name: {dtype, shape, data}}
  cases    [{op, operands, attributes, result, ulp}]   by PyTorch; `operands` are
           names, an element type among the attributes is {"dtype": name}.
           `result` is null where the op refuses the type. `ulp`: how far a
           result may be off, in units of its type.
  numbers  [{function, operand, number, result}]       a number beside a tensor;
           `result` is null where PyTorch refuses the number.
  calls    [{function, operands, result, ulp}]         functions that users call;
           `result` is null where PyTorch refuses the type.
Needs PyTorch 2.15.
"""
import json
import math
import os

import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
inf, nan = math.inf, math.nan
BOOL, WHOLE = ["bool"], ["uint8", "int8", "int16", "int32", "int64"]
FLOATS = ["float16", "bfloat16", "float32", "float64"]
NUMBERS, ALL = WHOLE + FLOATS, BOOL + WHOLE + FLOATS
SIGNED = WHOLE[1:] + FLOATS
torch_type = {name: getattr(torch, name) for name in ALL}
tensors, cases, numbers, calls = {}, [], [], []


def value(x):
    if isinstance(x, float) and not math.isfinite(x):
        return "nan" if math.isnan(x) else "inf" if x > 0 else "-inf"
    return x


def dump(tensor):
    return {"dtype": str(tensor.dtype).removeprefix("torch."),
            "shape": list(tensor.shape),
            "data": [value(x) for x in tensor.flatten().tolist()]}


def keep(name, tensor):
    tensors[name] = tensor


def ends(dtype):
    if dtype == "bool":
        return [False, True, True, False]
    if dtype in FLOATS:
        info = torch.finfo(torch_type[dtype])
        return [0.0, -0.0, 1.0, -1.5, 200.0, info.max, -info.max, info.tiny,
                inf, -inf, nan]
    info = torch.iinfo(torch_type[dtype])
    inside = {0, 1, 7, 100, 127, 128, 200, 255, -1, -7, -128, -200, 256, 32767,
              -32768, 70000, 2**31 - 1, -2**31, 2**53 + 1}
    return sorted(x for x in inside | {info.min, info.max} if info.min <= x <= info.max)


def few(dtype):
    """Seven of them, for pairs."""
    if dtype == "bool":
        return [False, True]
    if dtype in FLOATS:
        return [0.0, 1.0, -1.5, 200.0, torch.finfo(torch_type[dtype]).max, inf, nan]
    info = torch.iinfo(torch_type[dtype])
    return [0, 1, 7, 100, info.max, info.min if info.min else 200, info.min // 2 or 128]


for dtype in ALL:
    kind = torch_type[dtype]
    keep(f"{dtype}.ends", torch.tensor(ends(dtype), dtype=kind))
    one = torch.tensor(few(dtype), dtype=kind)
    left, right = torch.meshgrid(one, one, indexing="ij")
    keep(f"{dtype}.left", left.flatten())
    keep(f"{dtype}.right", right.flatten())
    divisors = right.flatten()
    keep(f"{dtype}.divisors", divisors if dtype in FLOATS else
         torch.where(divisors == 0, torch.tensor(-1).to(kind), divisors))
    # Rows longer than vectors, with a tail. Sums and products of floats are exact.
    count = torch.arange(3 * 67)
    if dtype in FLOATS:
        row = torch.tensor([1.0, -2.0, 0.5, 4.0, -1.0, 2.0, 1.0])[count % 7]
    else:
        source = torch.tensor(ends(dtype), dtype=kind)
        row = source[(count * 5 + count // 67) % len(source)]
    keep(f"{dtype}.rows", row.to(kind).reshape(3, 67))
    keep(f"{dtype}.tall", row.to(kind).reshape(3, 67).t().contiguous())
    if dtype in FLOATS:
        keep(f"{dtype}.middle", torch.tensor([0.5, 1.0, 2.0, 0.9, 3.7, 0.75, 5.25], dtype=kind))
        keep(f"{dtype}.powers", torch.tensor([2.0, -1.0, 0.5, 3.0, 1.5, 0.0, -2.0], dtype=kind))
        keep(f"{dtype}.convert", torch.tensor(
            [0.0, -0.0, 0.5, -0.5, 2.7, -2.7, 127.5, 200.0, 255.75, 300.0, -129.0, 33000.0,
             3e9, -3e9, 2.0**31, 2.0**63, -2.0**63, 1e10, 1e20, -1e20, inf, -inf, nan], dtype=kind))
        a = torch.arange(-6, 6, dtype=kind).reshape(3, 4)
    else:
        keep(f"{dtype}.convert", torch.tensor(ends(dtype), dtype=kind))
        source = torch.tensor(ends(dtype), dtype=kind)
        a = source[torch.arange(12) % len(source)].reshape(3, 4)
    keep(f"{dtype}.matrix", a)
    keep(f"{dtype}.other", a.flip(0, 1).t().contiguous())
keep("bool.choice", torch.arange(49) % 3 == 0)
keep("bool.choice4", torch.arange(4) % 3 == 0)


def case(op, dtypes, function, operands, attributes=None, ulp=0):
    """One case for each type; `{}` in a name is the type."""
    for dtype in ALL:
        names = [name.format(dtype) for name in operands]
        if any(name not in tensors for name in names):
            names = [name.format(dtype) for name in
                     [o.replace("middle", "ends").replace("powers", "ends") for o in operands]]
        found = attributes(dtype) if callable(attributes) else dict(attributes or {})
        result = None
        if dtype in dtypes:
            operand = [tensors[name] for name in names]
            result = dump(function(*operand, **({"dtype": dtype} if not operands else {})))
        cases.append({"op": op, "operands": names, "attributes": found,
                      "result": result, "ulp": ulp})


def widened(function):
    """Where PyTorch has no kernel for the type: by one that has."""
    def apply(*operands):
        try:
            return function(*operands)
        except (RuntimeError, NotImplementedError):
            return function(*[x.to(torch.int64) for x in operands])
    return apply


# Elementwise, one operand.
exact = {"abs": (NUMBERS, torch.abs), "sign": (NUMBERS, lambda x: torch.nan_to_num(x, 0.0, inf, -inf).sign()),
         "square": (NUMBERS, torch.square), "relu": (NUMBERS, torch.relu),
         "neg": (SIGNED, torch.neg), "detach": (ALL, torch.clone), "clone": (ALL, torch.clone),
         "sqrt": (FLOATS, torch.sqrt), "reciprocal": (FLOATS, torch.reciprocal),
         "floor": (FLOATS, torch.floor), "ceil": (FLOATS, torch.ceil),
         "round": (FLOATS, torch.round), "trunc": (FLOATS, torch.trunc),
         "isnan": (FLOATS, torch.isnan), "logical_not": (BOOL, torch.logical_not)}
for op, (dtypes, function) in exact.items():
    case(op, dtypes, function, ["{}.ends"])
near = {"exp": torch.exp, "exp2": torch.exp2, "expm1": torch.expm1, "log": torch.log,
        "log1p": torch.log1p, "log2": torch.log2, "sin": torch.sin, "cos": torch.cos,
        "tan": torch.tan, "tanh": torch.tanh, "erf": torch.erf, "rsqrt": torch.rsqrt,
        "sigmoid": torch.sigmoid, "silu": F.silu,
        "softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x))}


def precisely(function):
    """In float64, rounded once: PyTorch's float32 functions are off by more."""
    return lambda *x: function(*[each.double() for each in x]).to(x[0].dtype)


for op, function in near.items():
    case(op, FLOATS, precisely(function), ["{}.middle"], ulp=2)
for approximate in ("none", "tanh"):
    case("gelu", FLOATS, precisely(lambda x: F.gelu(x, approximate=approximate)),
         ["{}.middle"], {"approximate": approximate}, ulp=2)
case("leaky_relu", FLOATS, precisely(lambda x: F.leaky_relu(x, 0.125)), ["{}.ends"],
     {"negative_slope": 0.125})


def clamp(low, high):
    def apply(x):
        if x.is_floating_point():
            return torch.clamp(x.double(), low, high).to(x.dtype)
        info = torch.iinfo(x.dtype)
        return torch.clamp(x, int(max(low, info.min)), int(min(high, info.max)))
    return apply


for low, high in ((-5.0, 100.0), (-1e30, 100.0), (0.0, 1e30)):
    case("clamp", NUMBERS, clamp(low, high), ["{}.ends"], {"min": low, "max": high})
for to in ALL:
    case("to", ALL, lambda x: x.to(torch_type[to]), ["{}.convert"], {"dtype": {"dtype": to}})
keep_small = {dtype: keep(f"{dtype}.small", torch.tensor([0, 1, 1, 0]).to(torch_type[dtype])) for dtype in ALL}
case("check_index", WHOLE, torch.clone, ["{}.small"], {"size": 2, "ignore_index": -100, "function": "check_index"})

# Elementwise, more operands.
binary = {"add": (ALL, torch.add), "sub": (NUMBERS, torch.sub), "mul": (ALL, torch.mul),
          "div": (FLOATS, torch.div),
          "maximum": (ALL, torch.maximum), "minimum": (ALL, torch.minimum),
          "logical_and": (BOOL, torch.logical_and), "logical_or": (BOOL, torch.logical_or),
          "logical_xor": (BOOL, torch.logical_xor)}
binary |= {op: (ALL, lambda x, y: y.clone()) for op in ("copy", "set_data")}
binary |= {op: (ALL, getattr(torch, op)) for op in ("eq", "ne", "lt", "le", "gt", "ge")}
for op, (dtypes, function) in binary.items():
    case(op, dtypes, function, ["{}.left", "{}.right"])
case("remainder", NUMBERS, torch.remainder, ["{}.left", "{}.divisors"])
case("atan2", FLOATS, precisely(torch.atan2), ["{}.middle", "{}.powers"], ulp=2)
case("pow", NUMBERS, lambda x, y: (precisely(torch.pow) if x.is_floating_point() else torch.pow)(x, y),
     ["{}.middle", "{}.powers"], ulp=2)
cases += [{"op": "pow", "operands": [f"{dtype}.left", f"{dtype}.right"], "attributes": {}, "ulp": 0,
           "result": dump(torch.pow(tensors[f"{dtype}.left"], tensors[f"{dtype}.right"]))} for dtype in WHOLE]
for dtype in ALL:
    choice = "bool.choice4" if dtype == "bool" else "bool.choice"
    names = [choice, f"{dtype}.left", f"{dtype}.right"]
    cases.append({"op": "where", "operands": names, "attributes": {}, "ulp": 0,
                  "result": dump(torch.where(*[tensors[name] for name in names]))})

# Creation.
for dtype in ALL:
    for number in [x for x in few(dtype) if not isinstance(x, int) or abs(x) < 2**53]:
        attributes = {"value": value(float(number)), "shape": [5], "dtype": {"dtype": dtype}}
        cases.append({"op": "full", "operands": [], "attributes": attributes, "ulp": 0,
                      "result": dump(torch.full((5,), number, dtype=torch_type[dtype]))})
for dtype, number in [("uint8", 256.0), ("uint8", -1.0), ("int8", 200.0), ("int16", 40000.0),
                      ("int32", 3e9), ("int64", 1e19), ("int32", nan), ("int64", inf), ("int32", 1.5)]:
    cases.append({"op": "full", "operands": [], "result": None, "ulp": 0, "attributes":
                  {"value": value(number), "shape": [2], "dtype": {"dtype": dtype}}})
case("iota", NUMBERS, lambda dtype: torch.arange(150).to(torch_type[dtype]), [],
     lambda dtype: {"dim": 0, "shape": [150], "dtype": {"dtype": dtype}})

# Movement.
case("broadcast_to", ALL, lambda x: x.expand(2, 3, 67), ["{}.rows"], {"shape": [2, 3, 67]})
case("reshape", ALL, lambda x: x.reshape(67, 3), ["{}.rows"], {"shape": [67, 3]})
case("permute", ALL, lambda x: x.t(), ["{}.rows"], {"dims": [1, 0]})
case("slice", ALL, lambda x: x[1:3, 1:66:3], ["{}.rows"],
     {"starts": [1, 1], "ends": [3, 66], "steps": [1, 3]})
case("flip", ALL, lambda x: x.flip(0, 1), ["{}.rows"], {"dims": [0, 1]})
case("unfold", ALL, lambda x: x.unfold(1, 3, 2), ["{}.rows"], {"dim": 1, "size": 3, "step": 2})
case("unfold_backward", ALL, lambda x: F.pad(x, (0, 1)).flatten()[:203], ["{}.rows"],
     {"input_shape": [203], "dim": 0, "size": 67, "step": 68})
case("cat", ALL, lambda x, y: torch.cat((x, y), 0), ["{}.ends", "{}.left"], {"dim": 0})


def fill(dtype):
    return {"bool": 1, "uint8": 200}.get(dtype, -1)


case("pad", ALL, lambda x: F.pad(x, (2, 1), value=fill(str(x.dtype).removeprefix("torch."))),
     ["{}.ends"], lambda dtype: {"low": [2], "high": [1], "interior": [0],
                                 "value": float(fill(dtype))})

# Reductions.
for dims in ([1], [0], [0, 1]):
    for name in ("rows", "tall") if len(dims) == 1 else ("rows",):
        attributes = {"dims": dims, "keepdim": False}
        operand = ["{}." + name]

        def product(x):
            for dim in reversed(dims):
                x = torch.prod(x, dim, dtype=x.dtype)
            return x

        def over(function):
            def apply(x):
                for dim in reversed(dims):
                    x = function(x, dim)
                return x
            return apply
        case("sum", NUMBERS, lambda x: torch.sum(x, dims, dtype=x.dtype), operand, attributes)
        case("prod", NUMBERS, product, operand, attributes)
        case("amax", NUMBERS, lambda x: torch.amax(x, dims), operand, attributes)
        case("amin", NUMBERS, lambda x: torch.amin(x, dims), operand, attributes)
        if dims == [0, 1]:
            case("max", NUMBERS, torch.max, operand)
            case("min", NUMBERS, torch.min, operand)
        case("any", BOOL, over(torch.any), operand, attributes)
        case("all", BOOL, over(torch.all), operand, attributes)
for dim, name in ((1, "rows"), (0, "rows"), (0, "tall"), (0, "ends")):
    case("argmax", ALL, widened(lambda x: torch.argmax(x, dim)), ["{}." + name],
         {"dim": dim, "keepdim": False})
case("first_max", NUMBERS, lambda x: x.argmax(1).int(), ["{}.rows"], {"dims": [1], "keepdim": False})

# Products and what is made of ops.
case("matmul", NUMBERS, torch.matmul, ["{}.matrix", "{}.other"])
case("einsum", NUMBERS, lambda x, y: torch.matmul(x, y).t(), ["{}.matrix", "{}.other"],
     {"equation": "ik,kj->ji"})
for dtype in ALL:
    cases.append({"op": "one_hot", "operands": ["int64.small"], "ulp": 0,
                  "attributes": {"num_classes": 3, "dtype": {"dtype": dtype}},
                  "result": dump(F.one_hot(tensors["int64.small"], 3).to(torch_type[dtype]))})

# Numbers beside tensors.
functions = {
    "add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div,
    "eq": torch.eq, "ne": torch.ne, "lt": torch.lt, "ge": torch.ge,
    "maximum": lambda x, n: torch.maximum(x, torch.tensor(n, dtype=torch.result_type(x, n))
                                          if isinstance(n, float) else torch.tensor(n)),
    "where": lambda x, n: torch.where(x == x, n, x),
    "fill_": lambda x, n: x.clone().fill_(n),
    "full_like": lambda x, n: torch.full_like(x, n),
    # Of whole numbers: floats are off by a unit, and `ops/` has them.
    "pow": torch.pow, "rpow": lambda x, n: torch.pow(n, x), "remainder": torch.remainder,
}
for name, function in functions.items():
    for dtype in ALL:
        if name in ("pow", "rpow", "remainder") and dtype not in WHOLE:
            continue
        elements = (0, 2, 3, -3, 256, 300) if name in ("pow", "rpow", "remainder") else \
            (-256, 70000, -0.5, 255.5, 1e10, nan) if name in ("where", "fill_", "full_like") else ()
        for number in (1, -1, 200, 3000000000, 2.5, *elements):
            if isinstance(number, float) and name in ("pow", "rpow"):
                continue
            try:
                result = dump(function(tensors[f"{dtype}.ends"], number))
            except (RuntimeError, NotImplementedError):
                result = None
            numbers.append({"function": name, "operand": f"{dtype}.ends",
                            "number": value(number), "result": result})

# What users call, on each type that a tensor of theirs may have.
for dtype in ALL:
    for name, source in (("square", [[0, 1, 0, 1], [1, 1, 0, 0], [0, 0, 1, 0], [1, 0, 0, 1]]),
                         ("classes", [1, 0])):
        keep(f"{dtype}.{name}", torch.tensor(source).to(torch_type[dtype]))
scores = torch.tensor([[0.5, -1.0], [2.0, 0.25]])
keep("scores", scores)
called = {
    "amax": torch.amax, "amin": torch.amin, "max": torch.max, "min": torch.min,
    "maximum": lambda x: torch.maximum(x, x.t()), "minimum": lambda x: torch.minimum(x, x.t()),
    "one_hot": lambda x: F.one_hot(x, 2), "max_pool2d": lambda x: F.max_pool2d(x[None, None], 2),
    "max_pool2d_padded": lambda x: F.max_pool2d(x[None, None], 3, 2, 1),
    "abs": torch.abs, "sign": torch.sign, "neg": torch.neg, "square": torch.square, "relu": torch.relu,
    "sum": torch.sum, "prod": torch.prod, "mean": torch.mean, "all": torch.all, "any": torch.any,
    "any_dim": lambda x: torch.any(x, 1), "all_dim": lambda x: torch.all(x, 1), "clamp": lambda x: torch.clamp(x, 0, 1), "pow2": lambda x: torch.pow(x, 2),
    **{name: getattr(torch, name) for name in
       ("exp", "exp2", "expm1", "log", "log1p", "log2", "sqrt", "rsqrt", "reciprocal", "sin",
        "cos", "tan", "tanh", "sigmoid", "erf", "ceil", "trunc")},
    "silu": F.silu, "softplus": F.softplus, "gelu": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "leaky_relu": lambda x: F.leaky_relu(x, 0.125),
    "logsumexp": lambda x: torch.logsumexp(x, 1), "softmax": lambda x: torch.softmax(x, 1),
    "log_softmax": lambda x: torch.log_softmax(x, 1), "sub": torch.sub, "add": torch.add, "mul": torch.mul,
    "floor": torch.floor, "round": torch.round, "isnan": torch.isnan, "logical_not": torch.logical_not,
    "cross_entropy": F.cross_entropy, "nll_loss": F.nll_loss, "mse_loss": F.mse_loss,
}
called_near = ("logsumexp", "cross_entropy", "gelu", "gelu_tanh")
for name, function in called.items():
    for dtype in ALL:
        names = [f"{dtype}.square"] * (2 if name in ("sub", "add", "mul", "mse_loss") else 1)
        if name in ("cross_entropy", "nll_loss"):
            names = ["scores", f"{dtype}.classes"]
        try:
            result = dump(function(*[tensors[name] for name in names]))
        except (RuntimeError, NotImplementedError):
            result = None
        ulp = 4 if "soft" in name or name in near or name in called_near else 0
        calls.append({"function": name, "operands": names, "result": result, "ulp": ulp})

for dtype in ALL:
    source = torch.tensor(ends(dtype), dtype=torch_type[dtype])
    keep(f"{dtype}.image", source[torch.arange(30) * 7 % len(source)].reshape(1, 1, 5, 6))
case("max_pool", NUMBERS, lambda x: F.max_pool2d(x, (2, 3), (2, 1), (1, 1)), ["{}.image"],
     {"kernel_size": [2, 3], "stride": [2, 1], "padding": [1, 1], "dilation": [1, 1], "ceil_mode": False})
# Windows that lie in the padding alone.
case("max_pool", NUMBERS, lambda x: F.max_pool2d(x, 2, (1, 2), 1, (6, 1)), ["{}.image"],
     {"kernel_size": [2, 2], "stride": [1, 2], "padding": [1, 1], "dilation": [6, 1], "ceil_mode": False})

used = {name for entry in cases + calls for name in entry["operands"]}
used |= {entry["operand"] for entry in numbers}
kept = {name: dump(tensor) for name, tensor in tensors.items() if name in used}
parts = ['{"tensors": {\n' + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in kept.items()) + "\n}"]
for key, entries in (("cases", cases), ("numbers", numbers), ("calls", calls)):
    parts.append(f'"{key}": [\n' + ",\n".join(json.dumps(e, separators=(",", ":")) for e in entries) + "\n]")
with open(os.path.join(HERE, "dtypes.json"), "w") as file:
    file.write(",\n".join(parts) + "}\n")
print(len(cases), "cases,", len(numbers), "numbers,", len(calls), "calls")
