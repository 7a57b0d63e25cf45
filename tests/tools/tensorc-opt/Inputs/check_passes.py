"""Compares the passes in compiler/**/Passes.td with what --help lists.

usage: check_passes.py ROOT HELP
"""

import pathlib
import re
import sys

root, help_file = sys.argv[1:]
listed = pathlib.Path(help_file).read_text(encoding="utf-8")
declared = [
    name
    for file in sorted(pathlib.Path(root, "compiler").rglob("Passes.td"))
    for name in re.findall(r': Pass<"([\w-]+)"', file.read_text(encoding="utf-8"))
]
missing = [name for name in declared if not re.search(rf"--{name}\b", listed)]
for name in missing:
    print(f"`{name}` is not in tensorc-opt")
print(f"{len(declared)} passes, {len(missing)} missing")
sys.exit(1 if missing or not declared else 0)
