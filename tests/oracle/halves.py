#!/usr/bin/python3
"""Writes tests/oracle/halves.json: ops on float16 and bfloat16 numbers, exactly.

[{op, dtype, operands: [{shape, data}], labels, result, grad, gradients}]: the
operands and `grad` are numbers of `dtype`; results and gradients are computed by
PyTorch in float64, to 12 digits. `labels` are the targets of a loss. The
functions are those of tests/e2e/accuracy/HalvesTest.cpp. Needs python3-torch.
"""
import json
import os

import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
torch.manual_seed(5)

MATRIX, ROW = (3, 37), (41,)
CASES = {
    "sum": (lambda x: x.sum(1), [MATRIX]),
    "mean": (lambda x: x.mean(1), [MATRIX]),
    "amax": (lambda x: x.amax(1), [MATRIX]),
    "prod": (lambda x: x.prod(1), [(5, 6)]),
    "softmax": (lambda x: x.softmax(1), [MATRIX]),
    "log_softmax": (lambda x: x.log_softmax(1), [MATRIX]),
    "logsumexp": (lambda x: x.logsumexp(1), [MATRIX]),
    "mse_loss": (lambda x, y: F.mse_loss(x, y), [MATRIX, MATRIX]),
    "cross_entropy": (
        lambda x, t: F.cross_entropy(x, t, label_smoothing=0.1), [MATRIX]),
    "nll_loss": (lambda x, t: F.nll_loss(x, t), [MATRIX]),
    "gelu": (lambda x: F.gelu(x), [ROW]),
    "gelu_tanh": (lambda x: F.gelu(x, approximate="tanh"), [ROW]),
    "silu": (lambda x: F.silu(x), [ROW]),
    "sigmoid": (lambda x: x.sigmoid(), [ROW]),
    "softplus": (lambda x: F.softplus(x), [ROW]),
    "leaky_relu": (lambda x: F.leaky_relu(x, 0.01), [ROW]),
    "tanh": (lambda x: x.tanh(), [ROW]),
    "rsqrt": (lambda x: x.rsqrt(), [ROW]),
    "avg_pool2d": (lambda x: F.avg_pool2d(x, 3, 2), [(1, 2, 9, 9)]),
    "matmul": (lambda x, y: x @ y, [(3, 50), (50, 4)]),
    # Means over windows of several sizes.
    "avg_pool2d_edges": (lambda x: F.avg_pool2d(x, 3, 2, 1, True, False), [(1, 2, 8, 6)]),
}


def stored(tensor):
    numbers = [float(f"{x:.12g}") for x in tensor.flatten().tolist()]
    return {"shape": list(tensor.shape), "data": numbers}


entries = []
for op, (function, shapes) in CASES.items():
    for dtype in (torch.float16, torch.bfloat16):
        leaves = []
        for shape in shapes:
            numbers = torch.randn(shape, dtype=torch.float64)
            if op == "rsqrt":
                numbers = numbers.abs() + 0.1
            leaves.append(numbers.to(dtype).double().requires_grad_())
        operands, labels = list(leaves), None
        if op in ("cross_entropy", "nll_loss"):
            labels = torch.randint(0, shapes[0][1], shapes[0][:1])
            operands.append(labels)
        result = function(*operands)
        grad = torch.randn(result.shape, dtype=torch.float64).to(dtype).double()
        result.backward(grad)
        entries.append({
            "op": op,
            "dtype": str(dtype).removeprefix("torch."),
            "operands": [stored(x.detach()) for x in leaves],
            "labels": labels.tolist() if labels is not None else [],
            "result": stored(result.detach()),
            "grad": stored(grad),
            "gradients": [stored(x.grad) for x in leaves],
        })
with open(os.path.join(HERE, "halves.json"), "w") as file:
    file.write("[" + ",\n".join(json.dumps(x) for x in entries) + "]\n")
