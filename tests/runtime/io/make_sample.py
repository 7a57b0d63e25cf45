#!/usr/bin/python3
"""Writes sample.safetensors, the file that SafetensorsTest.cpp reads.

usage: make_sample.py FILE [--torch | --official]

The values are numpy's. Only the layout of the file is written by hand, from the
format's description: https://github.com/huggingface/safetensors, "Format".
--torch passes the values through torch's tensors, which gives the same file.
--official has Hugging Face's library write them (`pip install safetensors`);
official.safetensors is of its version 0.8.0.
"""

import json
import struct
import sys

import numpy as np


def values():
    """Names and arrays, in the order of the header."""
    counts = np.arange(24)
    return [
        ("conv1.weight", (counts.reshape(2, 3, 2, 2) / 8 - 1).astype("<f4")),
        ("half", (counts[:5] / 4).astype("<f2")),
        ("double", np.array([np.pi, -0.0, np.inf], "<f8")),
        ("step", np.array(-7, "<i8")),
        ("int", np.array([[2**31 - 1], [-(2**31)]], "<i4")),
        ("short", np.array([-2, 513], "<i2")),
        ("byte", np.array([-128, 127], "i1")),
        ("pixels", np.array([0, 255], "u1")),
        ("mask", np.array([True, False, True])),
        ("empty", np.zeros((0, 4), "<f4")),
        ("n\u00e4me \"quoted\"", np.array([1.5], "<f4")),
    ]


NAMES = {"f2": "F16", "f4": "F32", "f8": "F64", "i1": "I8", "i2": "I16",
         "i4": "I32", "i8": "I64", "u1": "U8", "b1": "BOOL"}


def encode(tensors):
    # The widest elements first, so that all are aligned.
    begins, data = {}, b""
    for name, array in sorted(tensors, key=lambda item: -item[1].itemsize):
        begins[name] = len(data)
        data += array.tobytes()
    header = {
        name: {
            "dtype": NAMES[array.dtype.kind + str(array.itemsize)],
            "shape": list(array.shape),
            "data_offsets": [begins[name], begins[name] + array.nbytes],
        }
        for name, array in tensors
    }
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def main():
    tensors = values()
    if "--official" in sys.argv:
        from safetensors.numpy import save_file

        save_file(dict(tensors), sys.argv[1], metadata={"format": "np"})
        return
    if "--torch" in sys.argv:
        import torch

        tensors = [
            (name, torch.from_numpy(array.copy()).numpy()) for name, array in tensors
        ]
    with open(sys.argv[1], "wb") as file:
        file.write(encode(tensors))


if __name__ == "__main__":
    main()
