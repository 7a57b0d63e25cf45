"""Fails for each op that lacks a part: its words, constraints, gradient, test.

usage: coverage.py LIST TESTS

LIST is what `tensorc-tblgen -gen-op-list` prints; TESTS the folder that has
<op>.mlir for each op.
"""

import pathlib
import re
import sys


def missing(line, tests):
    """What the op of one line of the list lacks."""
    name, _kind, *has = line.split()
    for part in ("summary", "description", "constraints"):
        if part not in has:
            yield name, part
    if not {"gradient", "gradient-rule", "non-differentiable"} & set(has):
        yield name, "gradient"
    test = tests / f"{name}.mlir"
    if not test.exists():
        yield name, f"test {test.name}"
        return
    text = test.read_text(encoding="utf-8")
    if not re.search(rf"// CHECK.*graph\.{name}\b", text):
        yield name, f"example in {test.name}"
    if "expected-error" not in text:
        yield name, f"error in {test.name}"


def main(ops, tests):
    lines = pathlib.Path(ops).read_text(encoding="utf-8").splitlines()
    count = 0
    for line in lines:
        for name, part in missing(line, pathlib.Path(tests)):
            print(f"`{name}` has no {part}")
            count += 1
    print(f"{len(lines)} ops, {count} parts missing")
    return 1 if count or not lines else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
