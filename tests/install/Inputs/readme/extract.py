"""Writes the files that a page shows: code blocks that begin with a comment that
is a file's name, and, as `snippet.inc`, the one that begins otherwise.

usage: extract.py PAGE FOLDER
"""

import pathlib
import re
import sys

page, folder = map(pathlib.Path, sys.argv[1:])
folder.mkdir(parents=True, exist_ok=True)
names = []
for block in re.findall(r"^```\w+\n(.*?)^```$", page.read_text(), re.S | re.M):
    named = re.match(r"(?://|#) (\S+)\n", block)
    name = named[1] if named else "snippet.inc"
    assert name not in names, f"{page} has two blocks for {name}"
    names.append(name)
    (folder / name).write_text(block)
print("wrote", *sorted(names))
