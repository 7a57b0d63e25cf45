#!/usr/bin/python3
"""Writes tests/oracle/lenet_losses.json: PyTorch's losses of LeNet's first steps.

Weights and batches are not stored: both sides make them from one stream of
numbers. A stream starts at x = seed; each number is
    x = (x * 1664525 + 1013904223) mod 2^32,  u = (x >> 8) / 2^24.
Weights (seed 1), in the order of parameters(): float32((2u - 1) / sqrt(fan_in)),
computed in double; a bias has the fan_in of its layer's weight. Batch b (seed
100 + b): images 2u - 1, then labels x >> 16 modulo 10. Step s uses batch s mod 4.
The float64 run starts from the same float32 weights. Needs python3-torch.
"""
import json
import math
import os

import torch
import torch.nn as nn
import torch.nn.functional as F

STEPS, BATCHES, BATCH, LR, MOMENTUM = 20, 4, 64, 0.01, 0.9


class Stream:
    def __init__(self, seed):
        self.x = seed

    def next(self):
        self.x = (self.x * 1664525 + 1013904223) % 2**32
        return self.x

    def uniform(self):
        return (self.next() >> 8) / 2**24


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), (2, 2))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.view(-1, 16 * 6 * 6)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


def fill(net):
    stream = Stream(1)
    for layer in net.children():
        fan_in = math.prod(layer.weight.shape[1:])
        for parameter in (layer.weight, layer.bias):
            values = [(2 * stream.uniform() - 1) / math.sqrt(fan_in)
                      for _ in range(parameter.numel())]
            with torch.no_grad():
                parameter.copy_(torch.tensor(values, dtype=torch.float64)
                                .float().reshape(parameter.shape))


def batch(seed):
    stream = Stream(100 + seed)
    images = [2 * stream.uniform() - 1 for _ in range(BATCH * 32 * 32)]
    labels = [(stream.next() >> 16) % 10 for _ in range(BATCH)]
    return (torch.tensor(images, dtype=torch.float64).reshape(BATCH, 1, 32, 32),
            torch.tensor(labels))


def losses(dtype):
    net = LeNet()
    fill(net)
    net.to(dtype)
    sgd = torch.optim.SGD(net.parameters(), lr=LR, momentum=MOMENTUM)
    result = []
    for step in range(STEPS):
        images, labels = batches[step % BATCHES]
        sgd.zero_grad()
        loss = F.cross_entropy(net(images.to(dtype)), labels)
        loss.backward()
        sgd.step()
        result.append(loss.item())
    return result


if __name__ == "__main__":
    batches = [batch(b) for b in range(BATCHES)]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lenet_losses.json")
    with open(path, "w") as file:
        json.dump({"batch": BATCH, "batches": BATCHES, "lr": LR, "momentum": MOMENTUM,
                   "float64": losses(torch.float64), "float32": losses(torch.float32)},
                  file, indent=1)
        file.write("\n")
