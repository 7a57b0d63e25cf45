#!/usr/bin/env python3
"""Checks that fusion, the tracer and the runtime's executor ask what an op's
definition says instead of naming ops.

usage: check_op_names.py ROOT

Prints `file:line: text` for each line that names a class of `graph` ops or
compares an op's name, and fails if there is one. Those that may are below.
"""

import os
import re
import sys

FOLDERS = ["compiler/fusion", "compiler/frontend", "runtime/core", "runtime/eager"]
NAMES = re.compile(
    r'graph::[A-Z][A-Za-z0-9]*Op\b|\b(name|op)(\(\))? [!=]= "|"graph\.\w+"_|find_op\("'
)
# What the tracer itself records: requests for gradients, and what ends paths.
ALLOWED = {
    "compiler/frontend/Tracer.cpp": re.compile(
        r'graph::GradientsOp::create\(|name == "detach"|find_op\("(detach|clone)"\)'
    ),
    # What eager mode computes in its own way: there are no kernels for attributes,
    # and none where there is nothing to compute.
    "runtime/eager/Elementwise.cpp": re.compile(
        r'name == "(detach|clone|copy|set_data|to|check_index|clamp|leaky_relu|gelu)"'
    ),
    # Which of its parts computes a contraction or window.
    "runtime/eager/Contract.cpp": re.compile(r'info\.name == "'),
    "runtime/eager/Pool.cpp": re.compile(r'info\.name == "'),
    "runtime/core/Names.cpp": re.compile(r'name == "main"'),
    "runtime/eager/EagerExecutor.cpp": re.compile(r'find_op\("copy"\)'),
    "runtime/eager/Reduce.cpp": re.compile(r'name == "(prod|all|argmax|first_max)"'),
}


def check(root):
    found, files = [], 0
    for folder in FOLDERS:
        if not os.path.isdir(os.path.join(root, folder)):
            continue
        for name in sorted(os.listdir(os.path.join(root, folder))):
            if not name.endswith((".cpp", ".h")):
                continue
            files += 1
            path = f"{folder}/{name}"
            allowed = ALLOWED.get(path)
            with open(os.path.join(root, path), encoding="utf-8") as source:
                for number, line in enumerate(source, 1):
                    if NAMES.search(line) and not (allowed and allowed.search(line)):
                        found.append(f"{path}:{number}: {line.strip()}")
    return files, found


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    files, found = check(sys.argv[1])
    for line in found:
        print(line)
    print(f"{files} files, {len(found)} lines that name an op")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())
