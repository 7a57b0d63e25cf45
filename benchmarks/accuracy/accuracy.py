#!/usr/bin/env python3
# Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How far functions are from exact, in units in the last place.

Runs build/bin/accuracy-benchmark for each function and each CPU level that the
machine has, and prints a table: the worst error of f32 and of f64, where it is,
and whether -O0, eager mode and the other level have the same bits. --step=1 takes
all 2^32 f32: some minutes of one CPU for each function and level.
"""

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HERE = os.path.dirname(os.path.abspath(__file__))


def functions():
    with open(f"{HERE}/Functions.h", encoding="utf-8") as header:
        return re.findall(r"\bF\((\w+)\)", header.read())


def levels():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        flags = info.read()
    return [3, 4] if "avx512vl" in flags and "avx512dq" in flags else [3]


def run(program, level, name, args, part):
    environment = dict(os.environ, TENSORC_CPU=f"x86-64-v{level}", TENSORC_NUM_THREADS="1")
    words = [program, str(args.step), str(part), str(args.jobs), name]
    output = subprocess.run(words, env=environment, check=True, capture_output=True, text=True).stdout
    return [line.split("\t") for line in output.splitlines()]


def measure(program, name, args, pool):
    """For each type: the worst error, where, and modes that have other bits."""
    rows = {}
    for level in levels():
        parts = pool.map(lambda part: run(program, level, name, args, part), range(args.jobs))
        for _, dtype, worst, at, o0, eager, digest in (row for part in parts for row in part):
            row = rows.setdefault(dtype, {"worst": -1.0, "at": "", "differ": set(), "digests": {}})
            if not float(worst) <= row["worst"]:
                row["worst"], row["at"] = float(worst), at
            row["digests"][level] = row["digests"].get(level, 0) + int(digest)
            row["differ"] |= {f"v{level} -O0"} if int(o0) else set()
            row["differ"] |= {f"v{level} eager"} if int(eager) else set()
    for row in rows.values():
        if len({digest % 2**64 for digest in row["digests"].values()}) > 1:
            row["differ"].add("levels")
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--step", type=int, default=257, help="take every STEP-th f32 (default: 257)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes (default: one a CPU)")
    parser.add_argument("--build", default=f"{ROOT}/build", help="build folder (default: build)")
    parser.add_argument("names", nargs="*", help="functions (default: all)")
    args = parser.parse_args()
    program = f"{args.build}/bin/accuracy-benchmark"
    if not os.path.exists(program):
        sys.exit(f"accuracy.py: no {program}: tools/dev/build --target accuracy-benchmark")
    print("| function | f32 | worst at | f64 | worst at | bits |")
    print("|---|---|---|---|---|---|")
    with ThreadPoolExecutor(args.jobs) as pool:
        for name in args.names or functions():
            rows = measure(program, name, args, pool)
            differ = sorted(set().union(*(row["differ"] for row in rows.values())))
            cells = [name]
            for dtype in ("f32", "f64"):
                cells += [f"{rows[dtype]['worst']:.3f}", rows[dtype]["at"]]
            print("| " + " | ".join(cells + [", ".join(differ) or "the same"]) + " |", flush=True)


if __name__ == "__main__":
    main()
