#!/usr/bin/python3
"""Writes tests/oracle/sums.json: how far PyTorch's f32 sums are off.

{case: {input: error}}: the largest |result - exact| / (sum of |terms|) over the
results of the case of this name in tests/e2e/accuracy/SumsTest.cpp; exact is
computed in float64. `equal` has 0.1 everywhere, `mixed` numbers in [0, 1), as
`numbers` makes them. Needs python3-torch.
"""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
torch.set_num_threads(1)


def numbers(shape, kind, first=0):
    count = int(np.prod(shape))
    if kind == "equal":
        return np.full(shape, 0.1, np.float32)
    steps = np.arange(first + 1, first + count + 1, dtype=np.uint64)
    bits = (steps * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)
    return (bits.astype(np.float64) / 2**24).astype(np.float32).reshape(shape)


def product(a, b):
    return a @ b


def weight_gradient(x, g):
    w = torch.zeros(g.shape[1], x.shape[1], 3, 3, dtype=x.dtype, requires_grad=True)
    F.conv2d(x, w, padding=1).backward(g)
    return w.grad


CASES = {
    "all": (lambda x: x.sum(), [(4000003,)]),
    "columns": (lambda x: x.sum(0), [(400000, 5)]),
    "many_columns": (lambda x: x.sum(0), [(20000, 100)]),
    "rows": (lambda x: x.sum(1), [(5, 400000)]),
    "short_rows": (lambda x: x.sum(1), [(500, 1000)]),
    "channels": (lambda x: x.sum((0, 2, 3)), [(8, 6, 150, 150)]),
    "outer_and_inner": (lambda x: x.sum((0, 2)), [(3000, 4, 100)]),
    "transposed": (lambda x: x.t().sum(1), [(300000, 7)]),
    "mean": (lambda x: x.mean(0), [(400000, 5)]),
    "window": (lambda x: F.avg_pool2d(x, 300), [(1, 3, 300, 300)]),
    "product": (product, [(16, 100000), (100000, 24)]),
    "product_columns": (lambda a, b: a.t() @ b, [(100000, 16), (100000, 24)]),
    "product_rows": (lambda a, b: a @ b.t(), [(16, 100000), (24, 100000)]),
    "vector": (product, [(16, 100000), (100000,)]),
    "short_product": (product, [(64, 500), (500, 48)]),
    "weight_gradient": (weight_gradient, [(4, 3, 160, 160), (4, 5, 160, 160)]),
}


def error(function, operands):
    wide = [torch.from_numpy(x).double() for x in operands]
    exact = function(*wide).numpy()
    result = function(*(torch.from_numpy(x) for x in operands)).numpy()
    # All terms are positive: their sum is the result itself.
    return float(np.max(np.abs(result - exact) / np.abs(exact)))


result = {}
for name, (function, shapes) in CASES.items():
    result[name] = {}
    for kind in ("equal", "mixed"):
        first, operands = 0, []
        for shape in shapes:
            operands.append(numbers(shape, kind, first))
            first += int(np.prod(shape))
        result[name][kind] = float(f"{error(function, operands):.2g}")
with open(os.path.join(HERE, "sums.json"), "w") as file:
    json.dump(result, file, indent=1)
    file.write("\n")
