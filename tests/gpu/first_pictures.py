#!/usr/bin/env python3
"""Copies the first examples of Fashion-MNIST's training set, and all of its test set.

usage: first_pictures.py FROM TO COUNT

The package for a GPU has to be small; the pictures are most of it.
"""

import gzip
import os
import shutil
import struct
import sys


def cut(source, target, count):
    """Writes the first `count` items of a compressed IDX file."""
    with gzip.open(source) as file:
        data = file.read()
    rank = data[3]
    sizes = struct.unpack_from(f">{rank}I", data, 4)
    count = min(count, sizes[0])
    item = 1
    for size in sizes[1:]:
        item *= size
    start = 4 + 4 * rank
    header = data[:4] + struct.pack(f">{rank}I", count, *sizes[1:])
    # Without a name and a time, the same input gives the same bytes.
    with open(target, "wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as out:
        out.write(header + data[start : start + count * item])


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    source, target, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    for name in ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"):
        cut(os.path.join(source, name), os.path.join(target, name), count)
    for name in ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"):
        shutil.copy(os.path.join(source, name), target)


main()
