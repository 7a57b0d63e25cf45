#!/usr/bin/env python3
# Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""LeNet beside PyTorch: time of a training step and of inference, in one run.

On the CPU, compiles examples/lenet/lenet.cpp for each batch size; for a GPU,
takes the objects of a GPU package (tools/dev/gpu-package). Loads them into this
process beside PyTorch, checks that both compute the same losses from the same
weights, then times them in turn and prints medians and ratios. With --dynamic, an
object for any batch takes PyTorch's place. Ends with status 77 where PyTorch or the
GPU isn't there.
"""

import argparse
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NOT_THERE = 77


def not_there(words):
    print(f"lenet.py: {words}")
    sys.exit(NOT_THERE)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="for both (default: cpu)")
    parser.add_argument("--build", default=f"{ROOT}/build", help="build folder, for the CPU (default: build)")
    parser.add_argument("--package", default=f"{ROOT}/build/gpu", help="GPU package (default: build/gpu)")
    parser.add_argument("--batch", type=int, nargs="+", help="batch sizes (default: 1 64 256, with --dynamic 1 64)")
    parser.add_argument("--dynamic", action="store_true",
                        help="on the CPU: an object whose calls say the batch, beside those of one")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="threads, for both, on the CPU")
    parser.add_argument("--seconds", type=float, help="time of one turn (default: 0.4, with a GPU 0.1)")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each peer")
    parser.add_argument("--rows", help="with a GPU: write the rows to this file, too, with tabs between")
    args = parser.parse_args()
    if args.dynamic and args.device != "cpu":
        parser.error("--dynamic: on the CPU alone")
    if args.batch is None:
        args.batch = [1, 64] if args.dynamic else [1, 64, 256]
    if args.seconds is None:
        args.seconds = 0.4 if args.device == "cpu" else 0.1
    try:
        import torch
    except ImportError:
        not_there("PyTorch is not there")
    if args.dynamic:
        import lenet_dynamic

        return lenet_dynamic.run(args)
    if args.device == "cpu":
        import lenet_cpu

        return lenet_cpu.run(args)
    if not torch.cuda.is_available():
        not_there(f"PyTorch {torch.__version__} finds no GPU")
    import lenet_cuda

    return lenet_cuda.run(args)


if __name__ == "__main__":
    sys.exit(main())
