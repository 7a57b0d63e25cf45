#!/usr/bin/env python3
# Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs what tools/dev/gpu-package put together on this machine's GPU.

usage: run.py [--filter REGEX] [--out DIR] [--limit SECONDS]

Part by part: kernels against the CPU, tests of the device runtime and of LeNet,
the demo, compute-sanitizer, benchmarks. Ends with one table of all of it, which
is also DIR/report.txt (DIR: $OUT, or the package's folder), and the line
"N passed, N failed, N skipped". Installs nothing; what isn't there is skipped,
and said. A part for which no time is left fails.
"""

import argparse
import os
import re
import sys
import time

from parts import PARTS, Package

ORDER = ("passed", "failed", "skipped")


def table(rows):
    """Lines of equal columns; `rows` hold strings."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()


def run_parts(package, wanted, limit):
    """The results of the parts whose names match, with their times."""
    begin, outcome = time.monotonic(), []
    for name, run in PARTS:
        if not re.search(wanted, name):
            continue
        left = limit - (time.monotonic() - begin)
        print(f"==> {name}", flush=True)
        start = time.monotonic()
        results = package.guarded(run, left)
        seconds = time.monotonic() - start
        outcome.append((name, results, seconds))
        for result in results:
            print("    " + " ".join(filter(None, (result.verdict(), result.name, result.detail))), flush=True)
    return outcome


def report(device, outcome):
    """The lines of the table, and how many checks ended how."""
    rows = [("part", "check", "result", "seconds", "")]
    counts = dict.fromkeys(ORDER, 0)
    for name, results, seconds in outcome:
        for i, result in enumerate(results):
            spent = f"{seconds:.1f}" if i == 0 else ""
            rows.append((name, result.name, result.verdict(), spent, result.detail))
            for kind in ORDER:
                counts[kind] += getattr(result, kind)
    total = sum(seconds for _, _, seconds in outcome)
    lines = [device, *table(rows), f"{total:.0f} seconds in all"]
    lines.append(", ".join(f"{counts[kind]} {kind}" for kind in ORDER))
    return lines, counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser.add_argument("--filter", default="", help="only parts whose names have a match: "
                        + ", ".join(name for name, _ in PARTS))
    parser.add_argument("--out", default=os.environ.get("OUT") or root, help="folder of the report")
    parser.add_argument("--limit", type=float, default=290, help="seconds for all of it (290)")
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    package = Package(root, args.out)
    device = package.device()
    print(device, flush=True)
    outcome = run_parts(package, args.filter, args.limit)
    if not outcome:
        sys.exit(f"error: no part matches `{args.filter}`, there are: " + ", ".join(name for name, _ in PARTS))
    lines, counts = report(device, outcome)
    text = "\n".join(lines) + "\n"
    path = os.path.join(args.out, "report.txt")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    print(f"==> the report, also in {path}")
    print(text, end="")
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
