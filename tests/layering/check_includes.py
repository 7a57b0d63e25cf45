#!/usr/bin/env python3
"""Checks who includes whom, by the folder rules of docs/architecture.md.

usage: check_includes.py ROOT

Prints `file:line: folder may not include "header": why` for each breach, and
fails if there is one. The rules are the table below; nothing else is special.
"""

import os
import re
import sys

# What each folder may not include, by path or by system header. The longest
# folder that holds a file is the one whose rules apply.
LLVM = r"(mlir|mlir-c|llvm|llvm-c|clang|lld)/"
NOBODY_SEES = r"(tools|tests|examples|benchmarks)/"
TENSOR_API = r"(core|ops|autograd|eager|nn|optim)/"
# The folders of libtensorc, from the lowest on: each sees itself and those below.
LIBTENSORC = ["core", "ops", "autograd", "eager"]
RULES = [
    ("runtime", LLVM, "the runtime is free of LLVM and MLIR"),
    ("runtime", r"(dialects|compiler)/.*(?<!\.inc)$", "the runtime sees no compiler"),
    ("runtime", NOBODY_SEES, "nothing depends on tools, tests, examples, benchmarks"),
    ("runtime/rt", TENSOR_API, "libtensorc_rt stands alone"),
    ("runtime/rt", r"(data|io)/", "libtensorc_rt stands alone"),
    ("runtime/rt", r"tensorc/(?!(abi|dtype)\.h$)", "libtensorc_rt sees tensorc/abi.h and dtype.h alone"),
    ("runtime/device", TENSOR_API, "device runtimes know nothing of Tensor"),
    ("runtime/data", TENSOR_API, "data readers stand alone"),
    ("runtime/data", r"(rt|io)/", "data readers stand alone"),
    ("runtime/data", r"tensorc/(?!data/)", "data readers stand alone"),
    ("runtime/io", TENSOR_API, "file formats know nothing of Tensor"),
    ("dialects", r"compiler/", "dialects do not see the compiler"),
    ("dialects/graph", r"dialects/kernel/", "graph and kernel share dialects/scalar alone"),
    ("dialects/kernel", r"dialects/graph/", "graph and kernel share dialects/scalar alone"),
    ("dialects/scalar", r"dialects/(graph|kernel)/", "the scalar dialect stands below the others"),
    ("dialects", NOBODY_SEES, "nothing depends on tools, tests, examples, benchmarks"),
    ("compiler", r"runtime/(?!include/)", "the compiler sees public headers only"),
    ("compiler", NOBODY_SEES, "nothing depends on tools, tests, examples, benchmarks"),
]
RULES += [
    (f"runtime/{folder}", rf"({'|'.join(LIBTENSORC[i + 1:] + ['nn', 'optim'])})/",
     f"of libtensorc, {folder} sees {' and '.join(LIBTENSORC[:i]) or 'itself'} alone")
    for i, folder in enumerate(LIBTENSORC)
]
RULES += [
    (f"runtime/{folder}", rf"(ops|autograd|eager|{other})/", "modules and optimizers are built on functions of tensors")
    for folder, other in (("nn", "optim"), ("optim", "nn"))
]
RULES += [
    (f"runtime/{folder}", r"(device|rt|io|data)/", "of libtensorc, eager alone sees devices, and nobody files' readers")
    for folder in ("core", "ops", "autograd", "nn", "optim")
]
# The one header that generated code and runtime share.
ABI_HEADER = os.path.join("runtime", "include", "tensorc", "abi.h")
ABI_ALLOWED = {"stddef.h", "stdint.h"}
# Every phase may see these parts of the compiler; `pipeline` sees all of them.
SHARED_PHASES = {"support", "target"}
SOURCE = re.compile(r"\.(c|cc|cpp|h|hpp|inc|td)$")
INCLUDE = re.compile(r'^\s*#?\s*include\s+[<"]([^>"]+)[>"]')
SKIP_FOLDERS = re.compile(r"^(\.|build|__pycache__)")


def phase_of(folder):
    """`compiler/lowering/cpu/x.h` is of phase `lowering`."""
    parts = folder.split("/")
    return parts[1] if parts[0] == "compiler" and len(parts) > 2 else None


def within(path, folder):
    return path == folder or path.startswith(folder + "/")


def resolve(root, path, header):
    """The tree's path of an included header: beside the file, or from the root.

    Generated and system headers stay as they are written.
    """
    beside = os.path.normpath(os.path.join(os.path.dirname(path), header))
    if os.path.exists(os.path.join(root, beside)):
        return beside
    for start in ("runtime", "runtime/include"):
        candidate = os.path.normpath(os.path.join(start, header))
        if within(path, start) and os.path.exists(os.path.join(root, candidate)):
            return candidate
    return os.path.normpath(header)


def breaches_of(path, header, resolved):
    for folder, pattern, why in RULES:
        if not within(path, folder):
            continue
        # A runtime file finds its neighbours as `core/x.h` and `runtime/core/x.h`.
        names = {header, resolved, re.sub(r"^runtime/(include/)?", "", resolved)}
        if resolved.startswith(folder + "/"):
            continue
        if any(re.match(pattern, name) for name in names):
            yield why
    mine, theirs = phase_of(path), phase_of(resolved)
    if mine and theirs and mine != theirs and mine != "pipeline":
        if theirs not in SHARED_PHASES:
            yield f"phase {mine} may not see phase {theirs}"
    if path == ABI_HEADER and header not in ABI_ALLOWED:
        yield "abi.h includes stddef.h and stdint.h alone"


def check(root):
    found, files = [], 0
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if not SKIP_FOLDERS.match(f))
        for name in sorted(names):
            if not SOURCE.search(name):
                continue
            files += 1
            path = os.path.relpath(os.path.join(folder, name), root)
            with open(os.path.join(root, path), encoding="utf-8") as source:
                for number, line in enumerate(source, 1):
                    match = INCLUDE.match(line)
                    if not match:
                        continue
                    header = match.group(1)
                    resolved = resolve(root, path, header)
                    for why in breaches_of(path, header, resolved):
                        owner = os.path.dirname(path)
                        found.append(
                            f"{path}:{number}: {owner} may not include"
                            f' "{header}": {why}'
                        )
    return files, found


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    files, found = check(sys.argv[1])
    for line in found:
        print(line)
    if not files:
        print("no source files found")
        return 1
    print(f"{files} files, {len(found)} breaches")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
