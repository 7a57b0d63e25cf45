#!/usr/bin/python3
"""Writes tests/oracle/sizes.json: what PyTorch learns with the models of
tests/e2e/sizes, whose batches are of other sizes at each step.

Numbers are of the streams of lenet.py and not stored. Parameters (seed 1), in the
order of the list: float32(offset + scale * (2u - 1)), computed in double. Inputs of
step s (seed 100 + s), and of the call i of `infer` after the last step (seed
200 + i): the first one's elements, which are 2u - 1, or x >> 16 modulo what they
are below; then those of the labels, where there are some. Of final state and of
what `infer` returns some elements are stored: those at i * count / n, rounded
down. All are of float64 from the same float32 weights; `float32_off` says how far
PyTorch's own float32 is from that. Needs python3-torch.
"""
import json
import math
import os

import torch
import torch.nn as nn
import torch.nn.functional as F

from lenet import LeNet, Stream

MOMENTUM = 0.9


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.norm1 = nn.Linear(20, 32, bias=False), nn.BatchNorm1d(32)
        self.fc2, self.norm2 = nn.Linear(32, 32, bias=False), nn.BatchNorm1d(32)
        self.fc3 = nn.Linear(32, 5)

    def forward(self, x):
        x = F.relu(self.norm1(self.fc1(x)))
        return self.fc3(F.relu(self.norm2(self.fc2(x))))


class Block(nn.Module):
    WIDTH, HEADS = 32, 4

    def __init__(self):
        super().__init__()
        width = self.WIDTH
        self.norm1 = nn.LayerNorm(width)
        self.qkv, self.projection = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.wide, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        heads = [part.unflatten(-1, (self.HEADS, -1)).transpose(1, 2)
                 for part in self.qkv(self.norm1(x)).chunk(3, -1)]
        attended = F.scaled_dot_product_attention(*heads, is_causal=True)
        x = x + self.projection(attended.transpose(1, 2).flatten(2))
        return x + self.narrow(F.gelu(self.wide(self.norm2(x))))


class Transformer(nn.Module):
    LONGEST, TOKENS = 48, 17

    def __init__(self):
        super().__init__()
        self.tokens = nn.Parameter(torch.zeros(self.TOKENS, Block.WIDTH))
        self.positions = nn.Parameter(torch.zeros(self.LONGEST, Block.WIDTH))
        self.block1, self.block2 = Block(), Block()
        self.norm = nn.LayerNorm(Block.WIDTH)

    def forward(self, numbers):
        x = F.embedding(numbers, self.tokens)
        x = x + F.embedding(torch.arange(numbers.shape[1]), self.positions)
        return F.linear(self.norm(self.block2(self.block1(x))), self.tokens)


class Unet(nn.Module):
    def __init__(self):
        super().__init__()
        conv = lambda channels, out: nn.Conv2d(channels, out, 3, padding="same")
        self.down1, self.down2 = conv(1, 6), conv(6, 6)
        self.deep1, self.deep2 = conv(6, 12), conv(12, 12)
        self.up1, self.up2 = conv(18, 6), conv(6, 6)
        self.last = nn.Conv2d(6, 3, 1)

    def forward(self, x):
        fine = F.relu(self.down2(F.relu(self.down1(x))))
        deep = F.relu(self.deep2(F.relu(self.deep1(F.max_pool2d(fine, 2)))))
        both = torch.cat([fine, F.interpolate(deep, scale_factor=2)], 1)
        return self.last(F.relu(self.up2(F.relu(self.up1(both)))))


class Case:
    """A model, and the shapes of its inputs at each step and at each inference."""

    def __init__(self, net, lr, steps, infers, first, labels, kinds, below=None):
        self.make, self.lr, self.steps, self.infers = net, lr, steps, infers
        self.first, self.labels, self.kinds, self.below = first, labels, kinds, below

    def inputs(self, seed, shape, labels_shape):
        stream = Stream(seed)
        if self.below:
            first = torch.tensor([(stream.next() >> 16) % self.below for _ in range(math.prod(shape))])
        else:
            first = torch.tensor([2 * stream.uniform() - 1 for _ in range(math.prod(shape))],
                                 dtype=torch.float64)
        labels = [(stream.next() >> 16) % self.kinds for _ in range(math.prod(labels_shape))]
        return first.reshape(shape), torch.tensor(labels).reshape(labels_shape)

    def loss(self, logits, labels):
        return F.cross_entropy(logits, labels)


class TransformerCase(Case):
    """Each token is told from those before it."""

    def inputs(self, seed, shape, labels_shape):
        first, _ = super().inputs(seed, shape, [0])
        return (first[:, :-1], first[:, 1:]) if labels_shape is None else (first, None)

    def loss(self, logits, labels):
        return F.cross_entropy(logits.flatten(0, 1), labels.flatten())


CASES = {
    "lenet": Case(
        LeNet, 0.01, [[b] for b in (64, 1, 256, 7, 33, 100, 2, 65, 128, 17, 64, 3, 31, 5, 255, 8, 16, 1, 63, 12)],
        [[1], [64], [100], [255]], lambda b: [b, 1, 32, 32], lambda b: [b], 10),
    "mlp": Case(
        Mlp, 0.05, [[b] for b in (64, 2, 256, 7, 33, 100, 3, 65, 128, 17, 64, 4, 31, 5, 255, 8, 16, 2, 63, 12)],
        [[2], [64], [100], [255]], lambda b: [b, 20], lambda b: [b], 5),
    "transformer": TransformerCase(
        Transformer, 0.05,
        [[4, 32], [1, 1], [8, 48], [3, 7], [1, 33], [5, 2], [2, 16], [7, 31], [4, 32], [1, 48],
         [8, 1], [6, 9], [2, 47], [3, 24], [4, 5], [5, 32], [1, 2], [8, 17], [2, 3], [4, 40]],
        [[4, 32], [1, 1], [8, 48], [3, 19]], lambda b, s: [b, s], None, 17, 17),
    "unet": Case(
        Unet, 0.1,
        [[2, 24, 32], [1, 2, 2], [4, 40, 64], [3, 6, 10], [1, 24, 32], [2, 14, 2], [1, 2, 64], [4, 16, 16],
         [2, 38, 18], [1, 40, 4], [3, 10, 62], [2, 24, 32], [1, 8, 8], [4, 12, 30], [2, 22, 34], [1, 36, 64],
         [3, 4, 4], [2, 32, 32], [4, 2, 6], [1, 18, 26]],
        [[2, 24, 32], [1, 2, 2], [4, 40, 64], [3, 10, 18]],
        lambda b, h, w: [b, 1, h, w], lambda b, h, w: [b, h, w], 3),
}


def fill(net):
    """Fills the parameters and says how."""
    stream, said = Stream(1), []
    modules = dict(net.named_modules())
    for name, parameter in net.named_parameters():
        module = modules[name.rpartition(".")[0]]
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            offset, scale = 0.0, 1 / math.sqrt(math.prod(module.weight.shape[1:]))
        elif isinstance(module, (nn.BatchNorm1d, nn.LayerNorm)):
            offset, scale = float(name.endswith("weight")), 0.25
        else:
            offset, scale = 0.0, 0.5
        values = [offset + scale * (2 * stream.uniform() - 1) for _ in range(parameter.numel())]
        with torch.no_grad():
            parameter.copy_(torch.tensor(values, dtype=torch.float64).float().reshape(parameter.shape))
        said.append({"name": name, "offset": offset, "scale": scale})
    return said


def some(tensor, most):
    flat, n = tensor.detach().flatten(), min(most, tensor.numel())
    return [flat[i * flat.numel() // n].item() for i in range(n)]


def run(case, dtype):
    torch.manual_seed(0)
    net = case.make()
    result = {"lr": case.lr, "parameters": fill(net)}
    net.to(dtype)
    sgd = torch.optim.SGD(net.parameters(), lr=case.lr, momentum=MOMENTUM)
    real = lambda tensor: tensor.to(dtype) if tensor.is_floating_point() else tensor
    steps = []
    for s, sizes in enumerate(case.steps):
        # A transformer's sequences have one token more than it is asked for.
        more = sizes if case.labels else [sizes[0], sizes[1] + 1]
        shape = case.first(*more)
        labels_shape = case.labels(*sizes) if case.labels else None
        first, labels = case.inputs(100 + s, shape, labels_shape)
        sgd.zero_grad()
        logits = net(real(first))
        loss = case.loss(logits, labels)
        loss.backward()
        sgd.step()
        steps.append({"sizes": sizes, "first": math.prod(shape), "outputs": logits.numel(),
                      "labels": math.prod(labels_shape) if labels_shape else 0, "loss": loss.item()})
    net.eval()
    infers = []
    for i, sizes in enumerate(case.infers):
        shape = case.first(*sizes)
        first, _ = case.inputs(200 + i, shape, [0])
        logits = net(real(first))
        infers.append({"sizes": sizes, "first": math.prod(shape), "outputs": logits.numel(),
                       "some": some(logits, 16)})
    state = {name: some(tensor, 6) for name, tensor in net.state_dict().items() if tensor.dim()}
    for name, parameter in net.named_parameters():
        state["sgd.momentum_buffer." + name] = some(sgd.state[parameter]["momentum_buffer"], 2)
    return result | {"below": case.below or 0, "kinds": case.kinds, "steps": steps, "infers": infers, "state": state}


def off(exact, rounded):
    """The most that float32 is off, of losses and of the rest, as a share of the greatest in each list."""
    losses = max(abs(a["loss"] - b["loss"]) / abs(a["loss"]) for a, b in zip(exact["steps"], rounded["steps"]))
    lists = [(exact["state"][name], rounded["state"][name]) for name in exact["state"]]
    lists += [(a["some"], b["some"]) for a, b in zip(exact["infers"], rounded["infers"])]
    rest = max(max(abs(x - y) for x, y in zip(a, b)) / max(max(map(abs, a)), 1e-3) for a, b in lists)
    return losses, rest


if __name__ == "__main__":
    cases = {}
    for name, case in CASES.items():
        exact, rounded = run(case, torch.float64), run(case, torch.float32)
        losses, rest = off(exact, rounded)
        print("%s: loss %.4f to %.4f, float32 is off by %.1e, of state and results by %.1e"
              % (name, exact["steps"][0]["loss"], exact["steps"][-1]["loss"], losses, rest))
        cases[name] = {"float32_off": {"losses": losses, "rest": rest}} | exact
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "sizes.json"), "w") as file:
        json.dump(cases, file, indent=1)
        file.write("\n")
