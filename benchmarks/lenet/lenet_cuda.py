# Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""LeNet on a GPU: the objects of a GPU package beside PyTorch.

tensorc's functions take host memory: they upload their inputs at each call, which
overlaps the step before. PyTorch is measured both ways: uploading from page-locked
memory at each step, and with inputs that stay on the device. Nobody reads the loss;
a turn ends when the device is done. PyTorch's f32 is f32 (no TF32), unless the
row says so.
"""

import ctypes
import re
import statistics
import subprocess
import sys
import tempfile
import time

import torch
import torch.nn as nn

from lenet_network import LeNet

# What is promised of a training step at batch 64 that uploads, as a ratio.
NEEDED = {("train step", 64, "uploads"): 4.0}


class TensorDesc(ctypes.Structure):
    """`tensorc_tensor_desc` of tensorc/abi.h, as far as it is used."""

    _fields_ = [("name", ctypes.c_char_p), ("shape", ctypes.c_void_p), ("offset", ctypes.c_uint64),
                ("bytes", ctypes.c_uint64)]


class Compiled:
    """The model of one batch size on the device."""

    def __init__(self, package, folder, batch):
        prefix = f"lenet{batch}"
        library = f"{folder}/{prefix}.so"
        subprocess.run(
            ["c++", "-shared", f"{package}/lenet/{prefix}.o", f"-L{package}/lib", "-ltensorc_rt",
             f"-Wl,-rpath,{package}/lib", "-o", library], check=True)
        self.rt = ctypes.CDLL(f"{package}/lib/libtensorc_rt.so.1")
        self.rt.tensorc_rt_last_error.restype = ctypes.c_char_p
        self.rt.tensorc_rt_find_state.restype = ctypes.POINTER(TensorDesc)
        lib = ctypes.CDLL(library)
        self.description = ctypes.c_void_p(ctypes.addressof(ctypes.c_byte.in_dll(lib, f"{prefix}_model")))
        program = ctypes.c_void_p(ctypes.addressof(ctypes.c_byte.in_dll(lib, f"{prefix}_cuda")))
        self.model = ctypes.c_void_p()
        self.check(self.rt.tensorc_rt_cuda_open(program, 0, ctypes.byref(self.model)))
        self.functions = {name: self.rt.tensorc_rt_cuda_find_function(program, name.encode())
                          for name in ("train_step", "infer")}
        with open(f"{package}/lenet/{prefix}.h", encoding="utf-8") as header:
            size = int(re.search(r"_STATE_BYTES (\d+)", header.read())[1])
        # Aligned as states are.
        memory = ctypes.create_string_buffer(size + 64)
        state = ctypes.c_void_p(ctypes.addressof(memory) + -ctypes.addressof(memory) % 64)
        self.check(self.rt.tensorc_rt_load_state(self.description, state,
                                                 f"{package}/lenet/lenet.safetensors".encode()))
        self.check(self.rt.tensorc_rt_cuda_write_state(self.model, ctypes.c_uint64(0), ctypes.c_uint64(size), state))

    def check(self, status):
        if status:
            sys.exit(f"lenet.py: {self.rt.tensorc_rt_last_error().decode()}")

    def read(self, name, like):
        """A state tensor as a tensor of the shape and type of `like`."""
        place = self.rt.tensorc_rt_find_state(self.description, name.encode()).contents
        values = torch.empty(like.shape, dtype=like.dtype)
        self.check(self.rt.tensorc_rt_cuda_read_state(self.model, ctypes.c_uint64(place.offset),
                                                      ctypes.c_uint64(place.bytes), ctypes.c_void_p(values.data_ptr())))
        return values

    def stop_learning(self):
        place = self.rt.tensorc_rt_find_state(self.description, b"sgd.lr").contents
        rate = ctypes.c_float(0)
        self.check(self.rt.tensorc_rt_cuda_write_state(self.model, ctypes.c_uint64(place.offset), ctypes.c_uint64(4),
                                                       ctypes.byref(rate)))

    def bind(self, function, inputs):
        """The function as a call without arguments; `outputs` are host tensors to fill in."""
        index = self.functions[function]
        addresses = (ctypes.c_void_p * len(inputs))(*[tensor.data_ptr() for tensor in inputs])

        def call(outputs=None):
            places = None
            if outputs:
                places = (ctypes.c_void_p * len(outputs))(*[tensor.data_ptr() for tensor in outputs])
            self.check(self.rt.tensorc_rt_cuda_run(self.model, index, addresses, places))

        return call

    def wait(self):
        self.check(self.rt.tensorc_rt_cuda_synchronize(self.model))

    def close(self):
        self.rt.tensorc_rt_cuda_close(self.model)


class Peer:
    """The same in PyTorch."""

    def __init__(self, compiled, images, labels):
        self.net = LeNet()
        self.net.load_state_dict({name: compiled.read(name, value) for name, value in self.net.state_dict().items()})
        self.net.cuda()
        rate = compiled.read("sgd.lr", torch.empty(())).item()
        # The example's own momentum, so that both do the same work.
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=rate, momentum=0.9)
        self.criterion = nn.CrossEntropyLoss()
        self.host = images.pin_memory(), labels.pin_memory()
        self.device = images.cuda(), labels.cuda()

    def inputs(self, uploads):
        if not uploads:
            return self.device
        return tuple(tensor.to("cuda", non_blocking=True) for tensor in self.host)

    def step(self, uploads):
        images, labels = self.inputs(uploads)
        self.optimizer.zero_grad()
        loss = self.criterion(self.net(images), labels)
        loss.backward()
        self.optimizer.step()
        return loss

    def infer(self, uploads):
        with torch.no_grad():
            return self.net(self.inputs(uploads)[0])


def allow_tf32(allowed):
    torch.backends.cuda.matmul.allow_tf32 = allowed
    torch.backends.cudnn.allow_tf32 = allowed


def timed(function, wait, seconds):
    """Seconds of one call, of as many as fit into about `seconds`."""
    calls = 0
    wait()
    begin = time.perf_counter()
    while time.perf_counter() - begin < seconds:
        for _ in range(10):
            function()
        calls += 10
    wait()
    return (time.perf_counter() - begin) / calls


def check_results(compiled, peer, images, labels):
    """Exits where the two disagree; else gives what is wrong with nothing."""
    batch = len(labels)
    step, infer = compiled.bind("train_step", [images, labels]), compiled.bind("infer", [images])
    loss, logits = torch.empty(()), torch.empty(batch, 10)
    for number in range(5):
        step([loss, logits])
        expected = peer.step(True).item()
        if abs(loss.item() - expected) > 1e-4 * abs(expected) + 1e-6:
            return f"step {number}: loss {loss.item()}, PyTorch has {expected}"
    infer([logits])
    if not torch.allclose(logits, peer.infer(True).cpu(), rtol=1e-3, atol=1e-4):
        return "logits differ from PyTorch's"
    return ""


def compare(compiled, batch, seconds, rounds):
    """Rows (name, ours, theirs, needed, what is wrong), times in seconds."""
    torch.manual_seed(0)
    images, labels = torch.randn(batch, 1, 32, 32), torch.randint(0, 10, (batch,))
    allow_tf32(False)
    peer = Peer(compiled, images, labels)
    wrong = check_results(compiled, peer, images, labels)
    if wrong:
        yield f"batch {batch}", 0, 0, 0, wrong
        return
    # Both see one batch over and over, and are not to learn it by heart.
    compiled.stop_learning()
    for group in peer.optimizer.param_groups:
        group["lr"] = 0.0

    cases = (("train step", compiled.bind("train_step", [images, labels]), peer.step),
             ("inference", compiled.bind("infer", [images]), peer.infer))
    for name, ours, theirs in cases:
        kinds = [("uploads", True, False), ("on device", False, False)]
        if name == "train step":
            kinds.append(("uploads, TF32", True, True))
        mine, others = [], {kind: [] for kind, _, _ in kinds}
        for _ in range(rounds):
            mine.append(timed(ours, compiled.wait, seconds))
            for kind, uploads, tf32 in kinds:
                allow_tf32(tf32)
                others[kind].append(timed(lambda: theirs(uploads), torch.cuda.synchronize, seconds))
        for kind, times in others.items():
            needed = NEEDED.get((name, batch, kind), 0)
            yield f"{name}, batch {batch}, {kind}", statistics.median(mine), statistics.median(times), needed, ""


def run(args):
    """1 where a result was wrong, or a ratio less than what is promised."""
    print(f"PyTorch {torch.__version__}, {torch.cuda.get_device_name()}; medians of {args.rounds} turns each;\n"
          "tensorc uploads its inputs at each step, PyTorch as each row says")
    print(f"{'case':<38} {'tensorc µs':>11} {'PyTorch µs':>11} {'ratio':>7} {'needed':>7}")
    lines, failed = [], False
    with tempfile.TemporaryDirectory() as folder:
        for batch in args.batch:
            compiled = Compiled(args.package, folder, batch)
            for name, ours, theirs, needed, wrong in compare(compiled, batch, args.seconds, args.rounds):
                ratio = theirs / ours if ours else 0
                words = wrong or ("too slow" if ratio < needed else "")
                failed |= bool(words)
                cells = [name, f"{ours * 1e6:.1f}", f"{theirs * 1e6:.1f}", f"{ratio:.2f}", f"{needed:.2f}" if needed else "-"]
                print(f"{cells[0]:<38} {cells[1]:>11} {cells[2]:>11} {cells[3]:>7} {cells[4]:>7}  {words}".rstrip(), flush=True)
                lines.append("\t".join([cells[0], cells[1], "PyTorch", *cells[2:4], "-", "-", cells[4],
                                        "failed" if words else "passed", words]))
            compiled.close()
    if args.rows:
        with open(args.rows, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
    return int(failed)
