#!/usr/bin/env python3
# Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Eager mode beside PyTorch's: time of small ops, large ops, and LeNet.

Loads build/lib/libeager_benchmark.so (built when it is missing or old) into this
process, times each case there and in PyTorch in turns, and prints the least
times of both. Both are called as their users do: C++ here, Python there. Of one
thread the time is that of the processor, which other programs take less from. Ends
with status 77 where PyTorch isn't there.
"""

import argparse
import ctypes
import os
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NOT_THERE = 77
sys.path.insert(0, os.path.join(ROOT, "benchmarks/lenet"))

try:
    import torch
except ImportError:
    print("eager.py: PyTorch is not there")
    sys.exit(NOT_THERE)

import torch.nn as nn  # noqa: E402
from lenet_network import LeNet  # noqa: E402


def lenet_step(batch):
    net = LeNet()
    images, labels = torch.rand(batch, 1, 32, 32), torch.randint(0, 10, (batch,))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.0, momentum=0.9)
    criterion = nn.CrossEntropyLoss()

    def step():
        optimizer.zero_grad()
        criterion(net(images), labels).backward()
        optimizer.step()

    return step


def lenet_inference(batch):
    net, images = LeNet(), torch.rand(batch, 1, 32, 32)

    def infer():
        with torch.no_grad():
            net(images)

    return infer


def binary(a, b):
    return lambda: a + b


def cases():
    rand, bf16 = torch.rand, torch.bfloat16
    small, large = rand(4, 4), rand(1000, 1000)
    return {
        "add 4x4": binary(small, rand(4, 4)),
        "add number 4x4": binary(small, 1.5),
        "add row 4x4": binary(small, rand(4)),
        "add bfloat16 4x4": binary(small.to(bf16), small.to(bf16)),
        "add recorded 4x4": binary(rand(4, 4, requires_grad=True), small),
        "sum 4x4": lambda: small.sum(),
        "matmul 4x4": lambda: small @ small,
        "view 4x4": lambda: small.view(16),
        "add 1000x1000": binary(large, rand(1000, 1000)),
        "add transposed 1000x1000": binary(large, rand(1000, 1000).t()),
        "add row 1000x1000": binary(large, rand(1000)),
        "add bfloat16 1000x1000": binary(large.to(bf16), large.to(bf16)),
        "matmul 256x256": (lambda m: lambda: m @ m)(rand(256, 256)),
        "sum columns 1000x1000": lambda: large.sum(0),
        "LeNet inference, batch 1": lenet_inference(1),
        "LeNet inference, batch 64": lenet_inference(64),
        "LeNet step, batch 1": lenet_step(1),
        "LeNet step, batch 64": lenet_step(64),
    }


def least_time(function, seconds, own):
    """As `eager_time` in cases.cpp."""
    now = time.thread_time if own else time.perf_counter

    def measure(calls):
        begin = now()
        for _ in range(calls):
            function()
        return now() - begin

    calls = 1
    while measure(calls) < 1e-3:
        calls *= 2
    least, spent = 1e9, 0.0
    while spent < seconds:
        duration = measure(calls)
        least = min(least, duration / calls)
        spent += duration
    return least


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=f"{ROOT}/build", help="build folder (default: build)")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="threads, for both")
    parser.add_argument("--seconds", type=float, default=0.1, help="time of one turn")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each peer")
    parser.add_argument("--only", help="cases that have this in their name")
    args = parser.parse_args()
    subprocess.run(["cmake", "--build", args.build, "--target", "eager_benchmark"], check=True, stdout=subprocess.DEVNULL)
    ours = ctypes.CDLL(f"{args.build}/lib/libeager_benchmark.so")
    ours.eager_time.restype = ctypes.c_double
    ours.eager_time.argtypes = [ctypes.c_char_p, ctypes.c_double, ctypes.c_bool]
    own = args.threads == 1
    # Flush denormals on both sides: momentum of dead units decays into them.
    ours.eager_set_up(args.threads)
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    print(f"PyTorch {torch.__version__}, {args.threads} threads; least of {args.rounds} turns each")
    print(f"{'case':<28} {'tensorc µs':>11} {'PyTorch µs':>11} {'ratio':>7}")
    for name, function in cases().items():
        if args.only and args.only not in name:
            continue
        mine, peer = [], []
        for _ in range(args.rounds):
            mine.append(ours.eager_time(name.encode(), args.seconds, own))
            peer.append(least_time(function, args.seconds, own))
        if min(mine) < 0:
            sys.exit(f"eager.py: libeager_benchmark has no case `{name}`")
        print(f"{name:<28} {min(mine) * 1e6:>11.2f} {min(peer) * 1e6:>11.2f} {min(peer) / min(mine):>6.2f}x", flush=True)


if __name__ == "__main__":
    main()
