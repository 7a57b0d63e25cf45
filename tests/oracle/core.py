#!/usr/bin/python3
"""Writes tests/oracle/core.json: what PyTorch prints, promotes and optimizes.

  printing   [{dtype, shape, data, requires_grad, text}]
  promotion  {a: {b: promote_types(a, b)}}
  result     [[kind and dtype of two operands], dtype of their sum]
  sgd        [{options, losses, parameters after each of 4 steps}]
             for the loss sum(w · (p - c)²), p = [1, -2, 3], c = [0.5, 0.25, -1],
             w = [1, 0.5, 2] in float64
  modules    {name: text}
  einsum     [{equation, shapes of operands, shape, data, gradients}]
  einsum_types
             [{equation, dtype, operands, result {dtype, data}, null where PyTorch
             refuses the call}]
Needs python3-torch.
"""
import json
import math
import os

import torch
import torch.nn as nn

names = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16",
         "bfloat16", "float32", "float64"]
types = {name: getattr(torch, name) for name in names}


def value(x):
    if isinstance(x, float) and not math.isfinite(x):
        return "nan" if math.isnan(x) else "inf" if x > 0 else "-inf"
    return x


def printed(tensor, requires_grad=False):
    if requires_grad:
        tensor.requires_grad_()
    return {"dtype": str(tensor.dtype).removeprefix("torch."),
            "shape": list(tensor.shape),
            "data": [value(x) for x in tensor.detach().flatten().tolist()],
            "requires_grad": requires_grad, "text": str(tensor)}


f = torch.tensor
printing = [
    printed(f([1.0, 2.0, 3.0])), printed(f(3.5)), printed(f(7)), printed(f(True)),
    printed(f([1.5, -2.25])), printed(f([1e-5, 1.0])), printed(f([1e9, 1.5])),
    printed(f([2000.0, 1.0])), printed(f([1.0, math.inf, math.nan])),
    printed(f([0.1, math.inf, -math.inf, math.nan])), printed(f([math.nan])),
    printed(f([[1, -20], [300, 4]])), printed(f([True, False])),
    printed(torch.zeros(2, 3)), printed(torch.zeros(0)), printed(torch.zeros(0, 3)),
    printed(torch.zeros(2, 0, 1, dtype=torch.int64)),
    printed(torch.zeros(0, dtype=torch.int32)),
    printed(f([1, 2], dtype=torch.int32)), printed(f([1.5], dtype=torch.float64)),
    printed(f([1.5, 2.0], dtype=torch.float16)), printed(f([1.5, 2.0], dtype=torch.bfloat16)),
    printed(f([200, 3], dtype=torch.uint8)), printed(torch.ones(3), True),
    printed(torch.arange(30)), printed(torch.arange(30.0) / 7),
    printed(torch.arange(24).reshape(2, 3, 4)),
    printed(torch.arange(16).reshape(2, 2, 2, 2)),
    printed(torch.arange(1001)), printed(torch.arange(1200.0).reshape(2, 20, 30) / 9),
    printed(torch.arange(2000).reshape(5, 400)), printed(torch.arange(1000)),
    printed(torch.full((12,), 1e-3), True), printed(torch.ones(17, dtype=torch.float64), True),
    printed(f([123456789.0])), printed(f([0.00012, 0.5])), printed(f([-0.0, 1.0])),
]

kinds = {"tensor": lambda t: torch.ones(2, dtype=t), "zero": lambda t: torch.ones((), dtype=t)}
result = []
for first in names:
    for kind in kinds:
        for second in ("bool", "int32", "int64", "float32", "float64", "float16"):
            for other in kinds:
                sum_type = torch.result_type(kinds[kind](types[first]), kinds[other](types[second]))
                result.append([[kind, first, other, second], str(sum_type).removeprefix("torch.")])
        for scalar in (True, 3, 2.5):
            sum_type = torch.result_type(kinds[kind](types[first]), scalar)
            result.append([[kind, first, "scalar", scalar], str(sum_type).removeprefix("torch.")])

sgd = []
for options in [dict(lr=0.125), dict(lr=0.125, momentum=0.5),
                dict(lr=0.125, momentum=0.5, dampening=0.25),
                dict(lr=0.125, momentum=0.5, nesterov=True),
                dict(lr=0.0625, momentum=0.75, weight_decay=0.5),
                dict(lr=0.0625, weight_decay=0.25),
                # Numbers that float32 doesn't hold.
                dict(lr=0.1), dict(lr=0.1, momentum=0.9, dampening=0.3),
                dict(lr=0.03, momentum=0.9, weight_decay=1e-3, nesterov=True)]:
    p = f([1.0, -2.0, 3.0], dtype=torch.float64, requires_grad=True)
    c, w = f([0.5, 0.25, -1.0]).double(), f([1.0, 0.5, 2.0]).double()
    optimizer = torch.optim.SGD([p], **options)
    entry = {"options": options, "losses": [], "parameters": []}
    for _ in range(4):
        optimizer.zero_grad()
        loss = (w * (p - c) ** 2).sum()
        loss.backward()
        optimizer.step()
        entry["losses"].append(loss.item())
        entry["parameters"].append(p.tolist())
    sgd.append(entry)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 6, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(6, 4, (3, 5), stride=(2, 1), padding=1, dilation=2, groups=2, bias=False),
            nn.MaxPool2d((2, 3), stride=1, padding=1, dilation=1, ceil_mode=True), nn.Flatten())
        self.fc = nn.Linear(4, 2, bias=False)


# Weights are sin(1), sin(2), …, images cos(0), cos(0.7), …
windows = []
for module, shape in [
        (nn.Conv1d(2, 4, 3), (2, 2, 7)),
        (nn.Conv1d(4, 2, 2, stride=2, padding=1, dilation=3, groups=2), (4, 9)),
        (nn.MaxPool1d(2), (2, 2, 7)),
        (nn.MaxPool1d(3, stride=2, padding=1, dilation=2, ceil_mode=True), (2, 8)),
        (nn.AvgPool1d(3), (1, 2, 7)),
        (nn.AvgPool1d(3, stride=2, padding=1, ceil_mode=True, count_include_pad=False), (2, 8)),
        (nn.AvgPool2d(2), (1, 2, 5, 6)),
        (nn.AvgPool2d((2, 3), stride=(1, 2), padding=(1, 0)), (2, 4, 5)),
        (nn.Conv3d(1, 2, 2), (1, 1, 3, 4, 3)),
        (nn.Conv3d(1, 2, (1, 2, 3), stride=(1, 2, 1), padding=(0, 1, 1), bias=False), (1, 2, 3, 4)),
        (nn.MaxPool3d(2), (1, 1, 4, 5, 6)),
        (nn.MaxPool3d((1, 2, 3), stride=1, padding=(0, 1, 1)), (2, 2, 3, 4)),
        (nn.AvgPool3d((1, 2, 3), padding=(0, 1, 1)), (1, 2, 2, 4, 5))]:
    module = module.double()
    for parameter in module.parameters():
        parameter.data = torch.sin(torch.arange(1, parameter.numel() + 1, dtype=torch.float64)).view(parameter.shape)
    image = torch.cos(0.7 * torch.arange(math.prod(shape), dtype=torch.float64)).view(shape)
    y = module(image)
    windows.append({"text": str(module), "input": list(shape), "shape": list(y.shape), "data": y.flatten().tolist()})
modules = {"Net": str(Net()), "Linear": str(nn.Linear(3, 4)), "Sequential": str(nn.Sequential()),
           "MSELoss": str(nn.MSELoss()), "CrossEntropyLoss": str(nn.CrossEntropyLoss()), "windows": windows}

# Operand k is cos(k), cos(k + 0.7), …; its gradient is that of Σ sin(i + 1) result[i].
einsums = []
for equation, *shapes in [
        ("bik,bkj->bij", (2, 3, 4), (2, 4, 2)), ("ik,jk", (2, 3), (4, 3)), ("i,j->ji", (3,), (2,)),
        ("ij->ji", (2, 3)), ("bij -> i", (2, 3, 2)), ("ij", (2, 3)), ("ji", (2, 3)), ("ij->", (2, 3)),
        ("ij,jk,kl->il", (2, 3), (3, 2), (2, 4)), ("bi,bj,bk->ijk", (2, 2), (2, 3), (2, 1)),
        ("ab,cd->d", (2, 2), (3, 2)), ("ij,j->i", (2, 3), (1,)), ("ij,kj->ik", (2, 1), (3, 4)),
        (",->", (), ()), ("i,->i", (3,), ()), ("Ba,aB->", (2, 3), (3, 2)), ("xA,Ab", (2, 2), (2, 3)),
        ("ij,ij->ij", (2, 3), (2, 3)), ("i,i,i->", (3,), (3,), (3,))]:
    operands = [torch.cos(k + 0.7 * torch.arange(math.prod(shape), dtype=torch.float64)).view(shape).requires_grad_()
                for k, shape in enumerate(shapes)]
    y = torch.einsum(equation, *operands)
    (y * torch.sin(torch.arange(1, y.numel() + 1, dtype=torch.float64)).view(y.shape)).sum().backward()
    einsums.append({"equation": equation, "operands": [list(shape) for shape in shapes], "shape": list(y.shape),
                    "data": y.flatten().tolist(), "gradients": [x.grad.flatten().tolist() for x in operands]})

# On each type; sums and products overflow the narrow ones.
summed = []
for equation, *shapes in [
        ("i->", (3,)), ("ij->j", (3, 2)), ("i->", (1,)), ("ij->ji", (3, 2)), ("i,i->", (3,), (3,)), ("i,j->", (3,), (2,)),
        ("ij,j->i", (3, 2), (2,)), ("ij,j->i", (3, 2), (1,)), ("ij,j->j", (3, 2), (2,)), ("i,j->ij", (3,), (2,)),
        ("i,i->i", (3,), (3,)), ("ij,k->jk", (3, 2), (2,)), ("i,ij->j", (1,), (3, 2)), ("i,i,i->", (3,), (3,), (3,)),
        ("i,i,i->i", (3,), (3,), (3,))]:
    for name in names:
        operands = [torch.full(shape, 1 if name == "bool" else 100 if name != "float16" else 2).to(types[name])
                    for shape in shapes]
        for x in operands[1:]:
            x.view(-1)[0] = 0
        try:
            y = torch.einsum(equation, *operands)
        except RuntimeError:
            assert name == "bool", (equation, name)
            y = None
        summed.append({"equation": equation, "dtype": name,
                       "operands": [{"shape": list(x.shape), "data": x.double().flatten().tolist()} for x in operands],
                       "result": None if y is None else
                       {"dtype": str(y.dtype).removeprefix("torch."), "data": y.double().flatten().tolist()}})

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "core.json")
with open(path, "w") as file:
    json.dump({"printing": printing,
               "promotion": {a: {b: str(torch.promote_types(types[a], types[b])).removeprefix("torch.")
                                 for b in names} for a in names},
               "result": result, "sgd": sgd, "modules": modules, "einsum": einsums, "einsum_types": summed}, file)
    file.write("\n")
