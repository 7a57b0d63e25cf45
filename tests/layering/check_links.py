#!/usr/bin/env python3
"""Checks that the relative links of Markdown files lead to files of the tree.

usage: check_links.py FILE-OR-FOLDER...
"""

import os
import re
import sys

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


def markdown_files(paths):
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        for folder, _, names in sorted(os.walk(path)):
            for name in sorted(names):
                if name.endswith(".md"):
                    yield os.path.join(folder, name)


def main():
    links = broken = 0
    for path in markdown_files(sys.argv[1:]):
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                for target in LINK.findall(line):
                    if "://" in target:
                        continue
                    links += 1
                    if not os.path.exists(os.path.join(os.path.dirname(path), target)):
                        broken += 1
                        print(f"{path}:{number}: no such file: {target}")
    print(f"{links} links, {broken} broken")
    return 1 if broken or not links else 0


if __name__ == "__main__":
    sys.exit(main())
