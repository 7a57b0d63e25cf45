# Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""LeNet on the CPU: objects compiled here, loaded beside PyTorch."""

import ctypes
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch
import torch.nn as nn

from lenet_network import FORWARD_FLOP, STEP_FLOP, LeNet

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    types = {"F32": np.float32, "I64": np.int64, "F64": np.float64}
    return {
        name: np.frombuffer(data[slice(*entry["data_offsets"])], types[entry["dtype"]]).reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__"
    }


def aligned(size):
    raw = np.zeros(size + 64, np.uint8)
    offset = -raw.ctypes.data % 64
    return raw[offset : offset + size]


class TensorDesc(ctypes.Structure):
    """The start of `tensorc_tensor_desc` in tensorc/abi.h."""

    _fields_ = [("name", ctypes.c_char_p), ("shape", ctypes.c_void_p), ("offset", ctypes.c_uint64)]


ANY_BATCH = 'dynamic("B", 1, 256, {.hint = 64})'


class Compiled:
    """One object, linked into a library of its own: of one batch, or of ANY_BATCH."""

    def __init__(self, tools, folder, batch):
        self.takes_any = batch == ANY_BATCH
        prefix = "lenet_any" if self.takes_any else f"lenet{batch}"
        obj, library = f"{folder}/{prefix}.o", f"{folder}/{prefix}.so"
        subprocess.run(
            [f"{tools}/bin/tensorc", f"{ROOT}/examples/lenet/lenet.cpp", "-o", obj, f"-DBATCH={batch}",
             "-DINFER_BATCH=BATCH"],
            check=True,
        )
        self.object_bytes = os.path.getsize(obj)
        subprocess.run(
            ["c++", "-O3", "-march=native", "-shared", "-fPIC", obj, f"{ROOT}/benchmarks/lenet/peak.cpp",
             f"-L{tools}/lib", "-ltensorc_rt", f"-Wl,-rpath,{tools}/lib", "-pthread", "-o", library],
            check=True,
        )
        self.initial = read_safetensors(f"{folder}/{prefix}.safetensors")
        self.lib = ctypes.CDLL(library)
        self.lib.peak_gflops.restype = ctypes.c_double
        header = open(f"{folder}/{prefix}.h").read()
        macro = lambda name: int(header.split(f"#define {prefix.upper()}_{name}_BYTES ")[1].split()[0])
        self.state = aligned(macro("STATE"))
        self.workspace = aligned(max(macro("TRAIN_STEP_WORKSPACE"), macro("INFER_WORKSPACE"), 64))
        self.loss = np.zeros(1, np.float32)
        self.step_function = getattr(self.lib, f"{prefix}_train_step")
        self.infer_function = getattr(self.lib, f"{prefix}_infer")
        model = ctypes.addressof(ctypes.c_byte.in_dll(self.lib, f"{prefix}_model"))
        rt = ctypes.CDLL(f"{tools}/lib/libtensorc_rt.so")
        rt.tensorc_rt_load_state.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p]
        rt.tensorc_rt_last_error.restype = ctypes.c_char_p
        self.load = lambda: rt.tensorc_rt_load_state(model, self.state.ctypes.data, f"{folder}/{prefix}.safetensors".encode())
        if self.load():
            sys.exit(rt.tensorc_rt_last_error().decode())
        self.rt = rt
        rt.tensorc_rt_find_state.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
        rt.tensorc_rt_find_state.restype = ctypes.POINTER(TensorDesc)
        offset = rt.tensorc_rt_find_state(model, b"sgd.lr").contents.offset
        self.learning_rate = self.state[offset : offset + 4].view(np.float32)

    def bind(self, images, labels):
        self.logits = np.zeros((len(images), 10), np.float32)
        pointers = lambda *arrays: [ctypes.c_void_p(array.ctypes.data) for array in arrays]
        first = pointers(self.state, self.workspace) + ([ctypes.c_int64(len(images))] if self.takes_any else [])
        self.step_arguments = first + pointers(images, labels, self.loss, self.logits)
        self.infer_arguments = first + pointers(images, self.logits)

    def step(self):
        if self.step_function(*self.step_arguments):
            sys.exit("train_step failed")

    def infer(self):
        if self.infer_function(*self.infer_arguments):
            sys.exit("infer failed")


def timed(function, seconds):
    """Times of single calls over about `seconds`."""
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.perf_counter()
        function()
        times.append(time.perf_counter() - begin)
    return times


def medians(first, second, seconds, rounds):
    """Of two functions that run in turn."""
    times = [], []
    for _ in range(rounds):
        for mine, function in zip(times, (first, second)):
            mine += timed(function, seconds)
    return tuple(map(statistics.median, times))


def compare(compiled, batch, seconds, rounds):
    """Medians of both, and the work, by case."""
    torch.manual_seed(0)
    net = LeNet()
    net.load_state_dict({k: torch.tensor(v) for k, v in compiled.initial.items() if not k.startswith("sgd.")})
    learning_rate = float(compiled.learning_rate[0])
    # The example's own momentum, so that both do the same work.
    optimizer = torch.optim.SGD(net.parameters(), lr=learning_rate, momentum=0.9)
    criterion = nn.CrossEntropyLoss()
    images = torch.randn(batch, 1, 32, 32)
    labels = torch.randint(0, 10, (batch,))
    images_np, labels_np = images.numpy(), labels.numpy()
    compiled.bind(images_np, labels_np)

    def torch_step():
        optimizer.zero_grad()
        loss = criterion(net(images), labels)
        loss.backward()
        optimizer.step()
        return loss

    def torch_infer():
        with torch.no_grad():
            return net(images)

    for step in range(5):
        compiled.step()
        expected = torch_step().item()
        if abs(compiled.loss[0] - expected) > 1e-4 * abs(expected) + 1e-6:
            sys.exit(f"batch {batch}, step {step}: loss {compiled.loss[0]}, PyTorch has {expected}")
    compiled.infer()
    if not np.allclose(compiled.logits, torch_infer().numpy(), rtol=1e-3, atol=1e-4):
        sys.exit(f"batch {batch}: logits differ from PyTorch's")

    # Both see one batch over and over, and are not to learn it by heart.
    compiled.learning_rate[0] = 0
    for group in optimizer.param_groups:
        group["lr"] = 0.0

    results = {}
    for name, ours, theirs, flop in (
        ("train step", compiled.step, torch_step, STEP_FLOP),
        ("inference", compiled.infer, torch_infer, FORWARD_FLOP),
    ):
        results[name] = (*medians(ours, theirs, seconds, rounds), flop * batch)
    return results


def run(args):
    torch.set_num_threads(args.threads)
    # For this thread and what it calls, hence for both: momentum of dead units decays
    # into denormals.
    torch.set_flush_denormal(True)
    print(f"PyTorch {torch.__version__}, {args.threads} threads; medians of {args.rounds} turns each")
    print(f"{'case':<24} {'tensorc µs':>11} {'PyTorch µs':>11} {'ratio':>7} {'GFLOP/s':>9} {'of peak':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for batch in args.batch:
            compiled = Compiled(args.build, folder, batch)
            compiled.rt.tensorc_rt_set_num_threads(args.threads)
            peak = compiled.lib.peak_gflops(args.threads)
            for name, (ours, theirs, flop) in compare(compiled, batch, args.seconds, args.rounds).items():
                gflops = flop / ours * 1e-9
                print(f"{f'{name}, batch {batch}':<24} {ours * 1e6:>11.1f} {theirs * 1e6:>11.1f} "
                      f"{theirs / ours:>6.2f}x {gflops:>9.1f} {gflops / peak:>7.0%}", flush=True)
