"""Writes the files that a page shows: code blocks that begin with a comment that
is a file's name, and, as `snippet.inc`, the one that begins otherwise. With --run,
runs the commands of its `console` blocks there, too, which begin with `$`, and
compares what they print with what the page says: `…` is anything, and on a line
alone any lines.

usage: extract.py [--run] PAGE FOLDER
"""

import pathlib
import re
import subprocess
import sys


def blocks(text):
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.S | re.M)


def write_files(page, folder):
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for language, block in blocks(page.read_text()):
        if language == "console":
            continue
        named = re.match(r"(?://|#) (\S+)\n", block)
        name = named[1] if named else "snippet.inc"
        assert name not in names, f"{page} has two blocks for {name}"
        names.append(name)
        (folder / name).write_text(block)
    print("wrote", *sorted(names))


def matches(received, expected):
    lines = [re.escape(line).replace("…", ".*") + "\n" for line in expected.splitlines()]
    pattern = "".join("(.*\n)*" if line == ".*\n" else line for line in lines)
    return re.fullmatch(pattern, received)


def run_commands(page, folder):
    wrong = count = 0
    for language, block in blocks(page.read_text()):
        if language != "console":
            continue
        for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.M):
            run = subprocess.run(command, shell=True, cwd=folder, text=True, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, timeout=300)
            count += 1
            if not matches(run.stdout, expected):
                wrong += 1
                print(f"$ {command}\n{run.stdout}--- expected:\n{expected}")
    print(f"ran {count} commands, {wrong} of which printed something else")
    return wrong


if __name__ == "__main__":
    page, folder = map(pathlib.Path, sys.argv[-2:])
    write_files(page, folder)
    if "--run" in sys.argv:
        sys.exit(run_commands(page, folder))
