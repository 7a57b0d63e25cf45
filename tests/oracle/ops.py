#!/usr/bin/python3
"""Writes tests/oracle/ops/<op>.json: what PyTorch computes for each op.

Each file is a list of cases:
  operands    [{dtype, shape, data}]   row-major; nan, inf, -inf as strings
  attributes  {name: value}            an element type is {"dtype": name}
  results     [{dtype, shape, data}]
  grad        {dtype, shape, data}     gradient of the result (floating ones)
  gradients   [{…} or null]            gradient of each operand; null: none
  second      [{…} or null]            the gradient of each operand when each
              gradient's element i, of all gradients of floating-point operands,
              is multiplied by sin(3 i + 1) and all are summed
Values are of float64, computed by PyTorch in float64. Needs python3-torch.
"""
import json
import math
import os
import zlib

import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
torch.manual_seed(1)
inf, nan = math.inf, math.nan
cases = {}


def value(x):
    if isinstance(x, float):
        if math.isnan(x):
            return "nan"
        if math.isinf(x):
            return "inf" if x > 0 else "-inf"
    return x


def dump(tensor):
    return {
        "dtype": str(tensor.dtype).removeprefix("torch."),
        "shape": list(tensor.shape),
        "data": [value(x) for x in tensor.detach().flatten().tolist()],
    }


def dump_gradients(leaves, found):
    """`found` are those of the leaves that want one."""
    found = iter(found)
    gradients = [next(found) if leaf.requires_grad else None for leaf in leaves]
    return [None if gradient is None else dump(gradient) for gradient in gradients]


def case(op, function, operands, attributes=None, second=True):
    leaves = []
    for operand in operands:
        leaf = operand.detach().clone()
        leaves.append(leaf.requires_grad_() if leaf.is_floating_point() else leaf)
    result = function(*leaves)
    entry = {
        "operands": [dump(leaf) for leaf in leaves],
        "attributes": attributes or {},
        "results": [dump(result)],
    }
    if result.requires_grad:
        grad = torch.randn(result.shape, dtype=result.dtype)
        wanted = [leaf for leaf in leaves if leaf.requires_grad]
        found = torch.autograd.grad(result, wanted, grad, create_graph=second, allow_unused=True)
        entry["grad"] = dump(grad)
        entry["gradients"] = dump_gradients(leaves, found)
        if second:
            parts = [x.flatten() @ torch.sin(3 * torch.arange(x.numel(), dtype=x.dtype) + 1)
                     for x in found if x is not None and x.requires_grad]
            found = [None] * len(wanted)
            if parts:
                found = torch.autograd.grad(sum(parts), wanted, allow_unused=True)
            entry["second"] = dump_gradients(leaves, [torch.zeros_like(leaf) if x is None or x._is_zerotensor() else x
                                                      for leaf, x in zip(wanted, found)])
    cases.setdefault(op, []).append(entry)
    # What is drawn next depends on this case alone, so that others can be added.
    torch.manual_seed(zlib.crc32(f"{op} {len(cases[op])}".encode()))


def f64(*values, shape=None):
    tensor = torch.tensor(values, dtype=torch.float64)
    return tensor if shape is None else tensor.reshape(shape)


def randn(*shape):
    return torch.randn(shape, dtype=torch.float64)


def positive(*shape):
    return torch.rand(shape, dtype=torch.float64) + 0.25


special = f64(0.0, -0.0, inf, -inf, nan, 1.0, -1.0)

# Elementwise, one operand.
unary = {
    "neg": torch.neg, "abs": torch.abs, "sign": torch.sign, "exp": torch.exp,
    "exp2": torch.exp2, "expm1": torch.expm1, "sqrt": torch.sqrt,
    "rsqrt": torch.rsqrt, "reciprocal": torch.reciprocal,
    "square": torch.square, "log": torch.log, "log1p": torch.log1p,
    "log2": torch.log2, "sin": torch.sin, "cos": torch.cos, "tan": torch.tan,
    "tanh": torch.tanh, "sigmoid": torch.sigmoid, "erf": torch.erf,
    "floor": torch.floor, "ceil": torch.ceil, "round": torch.round,
    "trunc": torch.trunc, "relu": torch.relu, "silu": F.silu,
    "softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x)),
}
for name, function in unary.items():
    domain = positive if name in ("log", "log2", "log1p", "sqrt", "rsqrt") else randn
    case(name, function, [domain(3, 5)])
    case(name, function, [domain()])
    case(name, function, [domain(0, 2)])
    if name == "sign":
        # The dialect's sign of NaN is 0.
        case(name, function, [special[[0, 1, 2, 3, 5, 6]]])
    elif name not in ("silu",):  # inf · 0 in PyTorch's formula
        # ln(eˣ + 1), written so, has another second derivative at -inf than 0.
        case(name, function, [special], second=name != "softplus")
case("round", torch.round, [f64(0.5, 1.5, 2.5, -0.5, -1.5, 3.49, 1e15)])
for name in ("neg", "abs", "sign", "square", "relu"):
    case(name, unary[name], [torch.tensor([-3, 0, 7])])
case("isnan", torch.isnan, [special])
case("logical_not", torch.logical_not, [torch.tensor([True, False])])
for approximate in ("none", "tanh"):
    case("gelu", lambda x: F.gelu(x, approximate=approximate), [randn(4, 3)],
         {"approximate": approximate})
case("leaky_relu", lambda x: F.leaky_relu(x, 0.1), [randn(7)], {"negative_slope": 0.1})
case("leaky_relu", lambda x: F.leaky_relu(x, 0.1), [special], {"negative_slope": 0.1})
case("clamp", lambda x: torch.clamp(x, -0.5, 0.5), [randn(9)], {"min": -0.5, "max": 0.5})
case("clamp", lambda x: torch.clamp(x, -1, 1), [special], {"min": -1.0, "max": 1.0})
names = {"float32": torch.float32, "float64": torch.float64, "int64": torch.int64,
         "int32": torch.int32, "uint8": torch.uint8, "bool": torch.bool}
case("to", lambda x: x.to(torch.float32), [randn(5)], {"dtype": {"dtype": "float32"}})
case("to", lambda x: x.to(torch.int64), [f64(-1.7, 2.9, 0.0)], {"dtype": {"dtype": "int64"}})
case("to", lambda x: x.to(torch.bool), [f64(0.0, -0.0, 0.5, inf)], {"dtype": {"dtype": "bool"}})
case("to", lambda x: x.to(torch.float64), [torch.tensor([True, False])], {"dtype": {"dtype": "float64"}})
case("to", lambda x: x.to(torch.float64), [torch.tensor([2**53 + 1, -5])], {"dtype": {"dtype": "float64"}})
case("to", lambda x: x.to(torch.int32), [torch.tensor([7, -8])], {"dtype": {"dtype": "int32"}})
detached = randn(3)
case("check_index", lambda x: x, [torch.tensor([0, 9, -100, 4])], {"size": 10, "ignore_index": -100, "function": "check_index"})

# Elementwise, more operands.
binary = {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div,
          "maximum": torch.maximum, "minimum": torch.minimum,
          "atan2": torch.atan2, "remainder": torch.remainder}
pairs = [torch.tensor(x, dtype=torch.float64).flatten() for x in
         torch.meshgrid(special, special, indexing="ij")]
for name, function in binary.items():
    case(name, function, [randn(4, 3), randn(4, 3)])
    if name not in ("atan2", "remainder", "div"):
        case(name, function, pairs)
    if name in ("maximum", "minimum"):
        case(name, function, [f64(1, 2, 3), f64(1, 3, 2)])
    if name not in ("div", "atan2", "remainder"):
        case(name, function, [torch.tensor([3, -4]), torch.tensor([5, 6])])
case("remainder", torch.remainder, [f64(5, -5, 5, -5.5), f64(3, 3, -3, -3)])
case("remainder", torch.remainder, [torch.tensor([5, -5, 5, -5, 6, -2**63, 0]), torch.tensor([3, 3, -3, -3, -3, -1, 7])])
case("pow", torch.pow, [torch.tensor([3, -3, 0, 0, 2, 3, 1, -1, -1, 2, 0]), torch.tensor([4, 3, 0, 5, 63, 41, -2, -3, -4, -1, -1])])
case("pow", torch.pow, [positive(6), randn(6)])
case("pow", torch.pow, [f64(0, 0, -2, -2, 2, 0), f64(0, 2, 2, 3, 0, 1)], second=False)  # of 0⁰: NaN there
for name in ("eq", "ne", "lt", "le", "gt", "ge"):
    case(name, getattr(torch, name), pairs)
    case(name, getattr(torch, name), [torch.tensor([1, 2, 3]), torch.tensor([1, 3, 2])])
truth = [torch.tensor([False, False, True, True]), torch.tensor([False, True, False, True])]
for name in ("logical_and", "logical_or", "logical_xor"):
    case(name, getattr(torch, name), truth)
case("where", torch.where, [torch.tensor([True, False, True]), randn(3), randn(3)])
case("where", torch.where, [torch.tensor([True, False]), f64(1, inf), f64(nan, 2)])

# Creation.
case("full", lambda: torch.full((2, 3), 1.5, dtype=torch.float64), [],
     {"value": 1.5, "shape": [2, 3], "dtype": {"dtype": "float64"}})
case("size_value", lambda: torch.tensor(3), [], {"size": [3]})
case("iota", lambda: torch.arange(3).reshape(3, 1).expand(3, 2), [],
     {"dim": 0, "shape": [3, 2], "dtype": {"dtype": "int64"}})

# Movement.
case("broadcast_to", lambda x: x.expand(2, 3, 4), [randn(3, 1)], {"shape": [2, 3, 4]})
case("broadcast_to", lambda x: x.expand(2, 2), [randn()], {"shape": [2, 2]})
case("broadcast_to", lambda x: x.expand(0, 3), [randn(1, 3)], {"shape": [0, 3]})
case("reshape", lambda x: x.reshape(4, 3), [randn(2, 6)], {"shape": [4, 3]})
case("reshape", lambda x: x.reshape(()), [randn(1, 1)], {"shape": []})
case("permute", lambda x: x.permute(2, 0, 1), [randn(2, 3, 4)], {"dims": [2, 0, 1]})
case("slice", lambda x: x[1:4:2, 0:3], [randn(5, 4)],
     {"starts": [1, 0], "ends": [4, 3], "steps": [2, 1]})
case("slice", lambda x: x[2:2], [randn(5)], {"starts": [2], "ends": [2], "steps": [1]})


def pad(x, low, high, interior, fill):
    shape = [max(n - 1, 0) * i + n for n, i in zip(x.shape, interior)]
    spread = torch.full(shape, fill, dtype=x.dtype)
    spread[tuple(slice(None, None, i + 1) for i in interior)] = x
    amounts = []
    for l, h in reversed(list(zip(low, high))):
        amounts += [l, h]
    return F.pad(spread, amounts, value=fill)


for low, high, interior in [([1, 2], [0, 1], [0, 0]), ([-1, 0], [2, -2], [0, 0]),
                            ([1, -1], [-2, 3], [1, 2])]:
    case("pad", lambda x: pad(x, low, high, interior, 0.5), [randn(3, 4)],
         {"low": low, "high": high, "interior": interior, "value": 0.5})
case("cat", lambda *x: torch.cat(x, 1), [randn(2, 3), randn(2, 1), randn(2, 0)], {"dim": 1})
case("flip", lambda x: x.flip(0, 2), [randn(2, 3, 4)], {"dims": [0, 2]})


# Reductions.
def along(function, x, dims, keepdim):
    for dim in reversed(dims):
        x = function(x, dim, keepdim)
    return x


reductions = {
    "sum": lambda x, d, k: torch.sum(x, d, k) if d else x.clone(),
    "mean": lambda x, d, k: torch.mean(x, d, k) if d else x.clone(),
    "amax": lambda x, d, k: torch.amax(x, d, k),
    "amin": lambda x, d, k: torch.amin(x, d, k),
    "prod": lambda x, d, k: along(torch.prod, x, d, k),
    "logsumexp": lambda x, d, k: torch.logsumexp(x, d, k),
}
for name, function in reductions.items():
    for dims, keepdim in [([1], False), ([0, 2], True), ([0, 1, 2], False)]:
        case(name, lambda x: function(x, dims, keepdim), [randn(2, 3, 4)],
             {"dims": dims, "keepdim": keepdim})
for name in ("amax", "amin"):
    case(name, lambda x: reductions[name](x, [1], False), [f64(1, 2, 2, 1, 3, 3, 3, 3, shape=(2, 4))],
         {"dims": [1], "keepdim": False})
    case(name, lambda x: reductions[name](x, [0], False).detach(), [f64(1, nan, 2)],
         {"dims": [0], "keepdim": False})
for rows in ([0, 2, 3], [0, 0, 3], [0, 0, 0]):
    case("prod", lambda x: torch.prod(x, 0), [f64(*rows)], {"dims": [0], "keepdim": False})
case("sum", lambda x: torch.sum(x, [0], False), [randn(0, 3)], {"dims": [0], "keepdim": False})
case("prod", lambda x: torch.prod(x, 0), [randn(0, 3)], {"dims": [0], "keepdim": False})
case("sum", lambda x: torch.sum(x, [0], False), [torch.tensor([[1, 2], [3, 4]])],
     {"dims": [0], "keepdim": False})
case("logsumexp", lambda x: torch.logsumexp(x, [1], False),
     [f64(1000, 1000, -1000, 5, shape=(2, 2))], {"dims": [1], "keepdim": False})
for name in ("any", "all"):
    function = getattr(torch, name)
    case(name, lambda x: along(function, x, [1], True),
         [torch.tensor([[True, False], [True, True], [False, False]])],
         {"dims": [1], "keepdim": True})
case("argmax", lambda x: torch.argmax(x, 1, True), [randn(3, 5)], {"dim": 1, "keepdim": True})
case("argmax", lambda x: torch.argmax(x, 0), [f64(1, nan, 3, nan)], {"dim": 0, "keepdim": False})

# Products.
case("matmul", torch.matmul, [randn(3, 4), randn(4, 5)])
case("matmul", torch.matmul, [randn(2, 3, 4), randn(2, 4, 5)])
case("matmul", torch.matmul, [randn(3, 0), randn(0, 5)])
convolutions = [  # input, weight, stride, padding, dilation, groups
    ((2, 3, 7, 6), (4, 3, 3, 2), [1, 1], [0, 0], [1, 1], 1),
    ((2, 3, 8, 7), (4, 3, 3, 3), [2, 3], [1, 2], [1, 1], 1),
    ((1, 4, 9, 8), (6, 2, 2, 3), [2, 1], [1, 0], [2, 2], 2),
    ((2, 2, 3, 3), (2, 2, 1, 1), [1, 1], [2, 1], [1, 1], 1),
]

def convolve(shape, weight_shape, stride, padding, dilation, groups):
    x, w = randn(*shape), randn(*weight_shape)
    conv = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}

    def convolution(x, w):
        function = (F.conv1d, F.conv2d, F.conv3d)[len(stride) - 1]
        return function(x, w, None, stride, padding, dilation, groups)

    def backward_input(g, w):
        at = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
        return torch.autograd.grad(convolution(at, w), at, g, create_graph=True)[0]

    def backward_weight(g, x):
        at = torch.zeros(weight_shape, dtype=torch.float64, requires_grad=True)
        return torch.autograd.grad(convolution(x, at), at, g, create_graph=True)[0]

    case("convolution", convolution, [x, w], conv)
    grad = randn(*convolution(x, w).shape)
    case("convolution_backward_input", backward_input, [grad, w],
         {"input_shape": list(shape), **conv})
    case("convolution_backward_weight", backward_weight, [grad, x],
         {"weight_shape": list(weight_shape), **conv})


for convolution in convolutions:
    convolve(*convolution)

# Pooling.
poolings = [  # input, kernel, stride, padding, ceil_mode
    ((2, 3, 6, 8), [2, 2], [2, 2], [0, 0], False),
    ((1, 2, 7, 7), [3, 2], [2, 1], [1, 1], False),
    ((1, 2, 7, 6), [3, 3], [2, 2], [1, 0], True),
    ((1, 1, 6, 6), [2, 2], [3, 3], [0, 0], False),
]
for shape, kernel, stride, padding, ceil_mode in poolings:
    window = {"kernel_size": kernel, "stride": stride, "padding": padding}
    for dilation in ([1, 1], [2, 1]):
        def max_pool2d(x):
            return F.max_pool2d(x, kernel, stride, padding, dilation, ceil_mode)

        def max_backward(g, x):
            return torch.autograd.grad(max_pool2d(x), x, g, create_graph=True)[0]

        attributes = {**window, "dilation": dilation, "ceil_mode": ceil_mode}
        x = randn(*shape)
        case("max_pool", max_pool2d, [x], attributes)
        grad = randn(*max_pool2d(x).shape)
        case("max_pool_backward", max_backward, [grad, x], attributes)
    for include in (True, False):
        def avg_pool2d(x):
            return F.avg_pool2d(x, kernel, stride, padding, ceil_mode, include)

        def avg_backward(g):
            at = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
            return torch.autograd.grad(avg_pool2d(at), at, g, create_graph=True)[0]

        attributes = {**window, "ceil_mode": ceil_mode, "count_include_pad": include}
        x = randn(*shape)
        case("avg_pool", avg_pool2d, [x], attributes)
        case("avg_pool_backward", avg_backward, [randn(*avg_pool2d(x).shape)],
             {"input_shape": list(shape), **attributes})
# The first of equal maxima takes the gradient.
window = {"kernel_size": [2, 2], "stride": [2, 2], "padding": [0, 0],
          "dilation": [1, 1], "ceil_mode": False}
case("max_pool", lambda x: F.max_pool2d(x, 2), [torch.ones(1, 1, 4, 4, dtype=torch.float64)],
     window)

# And of equal ones, of its gradient.
for padding in (0, 1):
    def max_pool2d(x):
        return F.max_pool2d(x, 3, 2, padding)

    def max_backward(g, x):
        return torch.autograd.grad(max_pool2d(x), x, g, create_graph=True)[0]

    x = torch.round(randn(1, 2, 7, 7))
    case("max_pool_backward", max_backward, [randn(*max_pool2d(x).shape), x],
         {"kernel_size": [3, 3], "stride": [2, 2], "padding": [padding] * 2,
          "dilation": [1, 1], "ceil_mode": False})

# Softmax and losses.
for name in ("softmax", "log_softmax"):
    for shape, dim in [((3, 5), 1), ((2, 3, 4), 0), ((4, 1), 1)]:
        case(name, lambda x: getattr(torch, name)(x, dim), [randn(*shape)], {"dim": dim})
    case(name, lambda x: getattr(torch, name)(x, 0), [f64(1000, 999, -inf)], {"dim": 0})
case("one_hot", lambda x: F.one_hot(x, 4).double(), [torch.tensor([[1, 3], [0, 2]])],
     {"num_classes": 4, "dtype": {"dtype": "float64"}})
classes = torch.tensor([1, 0, -100, 3, 4])
for reduction in ("none", "mean", "sum"):
    case("mse_loss", lambda x, y: F.mse_loss(x, y, reduction=reduction),
         [randn(3, 4), randn(3, 4)], {"reduction": reduction})
    case("nll_loss", lambda x, y: F.nll_loss(x, y, reduction=reduction),
         [F.log_softmax(randn(5, 6), 1), classes],
         {"reduction": reduction, "ignore_index": -100})
    for smoothing in (0.0, 0.1):
        case("cross_entropy", lambda x, y: F.cross_entropy(
            x, y, reduction=reduction, label_smoothing=smoothing),
            [randn(5, 6), classes],
            {"reduction": reduction, "ignore_index": -100, "label_smoothing": smoothing})
# Scores so far apart that probabilities are 0 and 1.
case("cross_entropy", F.cross_entropy, [f64(1000, 0, 0, 500, 0, 800, shape=(2, 3)), torch.tensor([0, 1])],
     {"reduction": "mean", "ignore_index": -100, "label_smoothing": 0.0})

# Where gradients go after in-place writes.
def set_data(self, source):
    result = self.clone()
    with torch.no_grad():
        result.copy_(source)
    return result + 0 * source  # whose gradient is zero, not none


case("clone", torch.clone, [randn(3)])
case("clone", torch.clone, [torch.tensor([True, False])])
case("copy", lambda x, y: x.clone().copy_(y), [randn(3), randn(3)])
case("set_data", set_data, [randn(3), randn(3)])

# Windows of nothing but -inf beside padding, and with NaN.
for kernel, padding, data in (
        (2, 1, [-inf] * 4), (3, 1, [-inf, -inf, -inf, 5.0] + [-inf] * 12),
        (2, 1, [nan, 1.0, 2.0, -inf]), (2, 0, [1.0, 2.0, nan, 3.0]),
        (3, 1, [-inf] * 6 + [nan] + [-inf] * 9)):
    side = int(len(data) ** 0.5)
    case("max_pool", lambda x: F.max_pool2d(x, kernel, 2, padding),
         [f64(*data, shape=(1, 1, side, side))],
         {"kernel_size": [kernel] * 2, "stride": [2, 2], "padding": [padding] * 2,
          "dilation": [1, 1], "ceil_mode": False})

# Remainders and extrema of what isn't finite, and of equal numbers.
case("remainder", torch.remainder, pairs)
case("remainder", torch.remainder, [f64(0.6000000000000001, 5, -5, 1e17, inf, -3), f64(0.1, -3, 3, 3, 0, 3)])
for rows in ([1, nan, 3, 3], [nan, nan, nan, nan], [-inf, -inf, 0, -inf], [inf, inf, 1, -inf], [0.0, -0.0, 0, -1]):
    for name in ("amax", "amin", "logsumexp"):
        case(name, lambda x: reductions[name](x, [1], False), [f64(*rows, 1, 2, 2, 1, shape=(2, 4))],
             {"dims": [1], "keepdim": False})
case("logsumexp", lambda x: torch.logsumexp(x, [0], False), [f64(-inf, -inf)], {"dims": [0], "keepdim": False})

# Convolutions with strides, edges, holes and groups of all kinds.
for convolution in (
        ((2, 3, 6, 7), (4, 3, 3, 2), [1, 1], [1, 2], [1, 1], 1),
        ((1, 2, 9, 8), (3, 2, 3, 3), [2, 3], [0, 1], [1, 1], 1),
        ((1, 2, 9, 9), (3, 2, 2, 3), [2, 1], [1, 0], [2, 3], 1),
        ((2, 4, 5, 5), (6, 2, 3, 3), [1, 1], [1, 1], [1, 1], 2),
        ((2, 4, 7, 6), (4, 1, 3, 3), [2, 2], [1, 1], [1, 1], 4),
        ((1, 1, 4, 4), (1, 1, 1, 1), [2, 2], [0, 0], [1, 1], 1),
        ((1, 2, 5, 5), (2, 2, 2, 2), [1, 1], [3, 3], [1, 1], 1),
        ((0, 2, 5, 5), (2, 2, 2, 2), [1, 1], [0, 0], [1, 1], 1)):
    convolve(*convolution)

# A gradient that is zero by definition, where PyTorch has none.
case("detach", lambda x: x.detach() + 0 * x, [detached])

# Windows along a dimension, and products over named dimensions.
for shape, dim, size, step in [((7,), 0, 3, 2), ((2, 6, 3), 1, 2, 3), ((4, 5), 1, 3, 1),
                               ((3, 2), 0, 0, 2), ((2, 5), -1, 5, 4)]:
    window = {"dim": dim % len(shape), "size": size, "step": step}
    case("unfold", lambda x: x.unfold(dim, size, step), [randn(*shape)], window)
    case("unfold_backward", lambda g: torch.ops.aten.unfold_backward(g, shape, dim % len(shape), size, step),
         [randn(*torch.zeros(shape).unfold(dim, size, step).shape)],
         {"input_shape": list(shape), **window})
for equation, shape, other in [("bik,bkj->bij", (2, 3, 4), (2, 4, 5)), ("ki,jk->ji", (3, 2), (4, 3)),
                               ("ncyxij,ocij->noyx", (2, 3, 2, 2, 2, 1), (2, 3, 2, 1)),
                               ("noyx,ncyxij->ocij", (2, 2, 1, 3), (2, 1, 1, 3, 2, 2)),
                               ("abc,abc->", (2, 3, 1), (2, 3, 1)), ("i,j->ij", (3,), (2,)),
                               ("gab,gab->ga", (2, 3, 4), (2, 3, 4)), ("ik,kj->ij", (2, 0), (0, 3))]:
    case("einsum", lambda x, y: torch.einsum(equation, x, y), [randn(*shape), randn(*other)],
         {"equation": equation})

# Of all elements, gradients go to NaNs, too.
for name in ("max", "min"):
    function = getattr(torch, name)
    for x in (randn(3, 4), randn(), torch.ones(5, dtype=torch.float64), f64(1, 2, 2, 1, shape=(2, 2)),
              f64(1, nan, 3, nan), f64(nan, 1), f64(nan), f64(inf, inf, -inf)):
        case(name, function, [x])
    case(name, function, [torch.tensor([[3, -4], [7, 7]])])

# Convolutions and pools in one and three dimensions.
for convolution in (
        ((2, 3, 8), (4, 3, 3), [2], [1], [1], 1),
        ((1, 4, 9), (2, 2, 2), [1], [2], [3], 2),
        ((1, 2, 3, 4, 5), (3, 2, 2, 1, 3), [1, 2, 1], [1, 0, 1], [1, 1, 2], 1),
        ((2, 2, 3, 3, 3), (2, 1, 2, 2, 2), [1, 1, 2], [0, 1, 0], [1, 1, 1], 2)):
    convolve(*convolution)


def gradient(function, shape, grad):
    at = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(function(at), at, grad, create_graph=True)[0]


for maximum, mean, shape, kernel, stride, padding, ceil_mode in [
        (F.max_pool1d, F.avg_pool1d, (2, 3, 7), [2], [2], [0], False),
        (F.max_pool1d, F.avg_pool1d, (1, 2, 8), [3], [2], [1], True),
        (F.max_pool3d, F.avg_pool3d, (1, 2, 4, 5, 6), [2, 1, 2], [2, 2, 3], [0, 0, 0], False),
        (F.max_pool3d, F.avg_pool3d, (1, 1, 4, 5, 3), [3, 2, 2], [2, 1, 1], [1, 1, 0], True)]:
    window = {"kernel_size": kernel, "stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    for dilation in ([1] * len(kernel), [1] * (len(kernel) - 1) + [2]):
        def pool(x):
            return maximum(x, kernel, stride, padding, dilation, ceil_mode)

        x = randn(*shape)
        case("max_pool", pool, [x], {**window, "dilation": dilation})
        case("max_pool_backward", lambda g, x: torch.autograd.grad(pool(x), x, g, create_graph=True)[0],
             [randn(*pool(x).shape), x], {**window, "dilation": dilation})
    for include in (True, False):
        def average(x):
            return mean(x, kernel, stride, padding, ceil_mode, include)

        attributes = {**window, "count_include_pad": include}
        x = randn(*shape)
        case("avg_pool", average, [x], attributes)
        case("avg_pool_backward", lambda g: gradient(average, shape, g), [randn(*average(x).shape)],
             {"input_shape": list(shape), **attributes})

# The first maximum along several dimensions.
def first(x, dims):
    kept = [d for d in range(x.dim()) if d not in dims]
    return x.permute(kept + dims).flatten(len(kept)).argmax(-1).int()


def first_backward(g, x, dims):
    kept = [d for d in range(x.dim()) if d not in dims]
    flat = x.permute(kept + dims).flatten(len(kept))
    placed = torch.zeros_like(flat).scatter(-1, flat.argmax(-1, True), g.unsqueeze(-1))
    placed = placed.reshape([x.shape[d] for d in kept + dims])
    return placed.permute([(kept + dims).index(d) for d in range(x.dim())]) + 0 * x.sum()


for dims in ([1, 2], [0, 2], [1]):
    x = randn(2, 3, 4)
    case("first_max", lambda x: first(x, dims), [x], {"dims": dims, "keepdim": False})
    case("first_max_backward", lambda g, x: first_backward(g, x, dims), [randn(*first(x, dims).shape), x], {"dims": dims})
case("first_max", lambda x: first(x, [1, 2]).reshape(2, 1, 1),
     [f64(1, nan, 3, nan, 2, 3, 3, 1, shape=(2, 2, 2))], {"dims": [1, 2], "keepdim": True})

for op, entries in cases.items():
    with open(f"{HERE}/ops/{op}.json", "w") as file:
        lines = ",\n".join(json.dumps(entry) for entry in entries)
        file.write(f"[\n{lines}\n]\n")
print(f"{len(cases)} ops, {sum(map(len, cases.values()))} cases")
