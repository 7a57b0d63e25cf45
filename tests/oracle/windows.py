#!/usr/bin/python3
"""Writes tests/oracle/windows.json: which poolings PyTorch takes, and what they give.

[{op, size, kernel, stride, padding, dilation, ceil, include, result, gradient}]:
images [1, 1, size…] whose element i is (7 i mod 13) - 6; `result` {shape, data} is
null where PyTorch refuses the call. `gradient` is that of the image where the
result's element i has the gradient (5 i mod 7) - 3; it is computed by hand where a
window lies in the padding alone, of which PyTorch's maximum reads the place.
`dilation` is there for maxima, `include` (count_include_pad) for averages. Each
combination below takes its turn in one dimension, beside others in the others; with
one or three dimensions, one in five. Needs python3-torch.
"""
import itertools
import json
import math
import os
import random

import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
FUNCTIONS = {name: getattr(F, name) for name in
             ("max_pool2d", "avg_pool2d", "max_pool1d", "avg_pool1d", "max_pool3d", "avg_pool3d")}
random.seed(3)


def image(size):
    count = torch.Size(size).numel()
    return ((torch.arange(count) * 7 % 13) - 6).double().reshape(1, 1, *size)


def seed(shape):
    return ((torch.arange(shape.numel()) * 5 % 7) - 3).double().reshape(shape)


def numbers(tensor):
    values = [round(x, 12) + 0.0 for x in tensor.flatten().tolist()]
    return [str(x) if math.isinf(x) else int(x) if x.is_integer() else x for x in values]


def windows(place):
    """The elements of a dimension that each of its windows holds."""
    size, kernel, stride, padding, dilation = place
    starts = range(-padding, size + padding, stride)
    return [[i for i in range(start, start + kernel * dilation, dilation) if 0 <= i < size]
            for start in starts]


def refused(place, ceil):
    size, kernel, stride, padding, dilation = place
    try:
        F.max_pool2d(torch.zeros(1, 1, size, 1), (kernel, 1), (stride, 1), (padding, 0), (dilation, 1), ceil)
    except RuntimeError:
        return True
    return False


def gradient_by_hand(x, places, grad):
    result = torch.zeros_like(x)
    for index in itertools.product(*map(range, grad.shape[2:])):
        inside = [windows(place)[i] for place, i in zip(places, index)]
        points = list(itertools.product(*inside))
        if points:
            best = max(points, key=lambda point: x[0, 0][point].item())
            result[0, 0][best] += grad[0, 0][index]
    return result


def entry(op, places, ceil, include):
    size, kernel, stride, padding, dilation = map(list, zip(*places))
    case = {"op": op, "size": size, "kernel": kernel, "stride": stride, "padding": padding, "ceil": ceil}
    if op.startswith("max"):
        case["dilation"] = dilation
    else:
        case["include"] = include
    x = image(size).requires_grad_()
    try:
        if op.startswith("max"):
            y = FUNCTIONS[op](x, kernel, stride, padding, dilation, ceil)
        else:
            y = FUNCTIONS[op](x, kernel, stride, padding, ceil, include)
    except RuntimeError as error:
        # Only of avg_pool3d, whatever the padding.
        return None if "smaller than kernel size" in str(error) else {**case, "result": None}
    case["result"] = {"shape": list(y.shape), "data": numbers(y.detach())}
    grad = seed(y.shape)
    if torch.isinf(y).any():
        gradient = gradient_by_hand(x.detach(), places, grad)
    else:
        gradient, = torch.autograd.grad(y, x, grad)
    return {**case, "gradient": numbers(gradient)}


entries = []
for op in FUNCTIONS:
    dilations = (1, 2, 3) if op.startswith("max") else (1,)
    all_places = list(itertools.product((0, 1, 2, 3, 6), (1, 2, 3, 4), (1, 2, 3), (0, 1, 2), dilations))
    for ceil in (False, True):
        good = [place for place in all_places if not refused(place, ceil)]
        for turn, place in enumerate(all_places):
            if turn % len(dilations) and place not in good:
                continue  # a third of what is refused will do
            count = int(op[-2])
            if count != 2 and sum(place) % 5:
                continue
            places = [random.choice(good) for _ in range(count)]
            places[turn % count] = place
            entries.append(entry(op, places, ceil, random.random() < 0.5))

entries = [case for case in entries if case]
with open(os.path.join(HERE, "windows.json"), "w") as file:
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in entries)
    file.write(f"[\n{lines}\n]\n")
taken = [case for case in entries if case["result"]]
print(f"{len(entries)} cases, {len(entries) - len(taken)} of them refused")
