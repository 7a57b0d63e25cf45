"""Reads `nm -u` output: a model may ask only libc, libm and tensorc_rt_*."""

import re
import sys

ALLOWED = re.compile(
    r"tensorc_rt_\w+|mem(cpy|set|move)|_GLOBAL_OFFSET_TABLE_"
    # libm functions that have no vector code
    r"|(exp|log|pow|sin|cos|tan|tanh|erf|atan|atan2|fmod|log1p|expm1)f?"
)
names = [line.split()[-1] for line in sys.stdin if line.split()]
bad = [name for name in names if not ALLOWED.fullmatch(name)]
if not any(name.startswith("tensorc_rt_") for name in names):
    sys.exit(f"expected at least one tensorc_rt_ symbol, found {names}")
if bad:
    sys.exit(f"undefined symbols outside libc, libm and tensorc_rt_*: {bad}")
print("ok")
