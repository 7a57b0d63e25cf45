"""The lit suite: every .mlir and .test file under tests/, and the .cpp files
with a RUN line in tests/tools, tests/e2e and tests/compiler.

Substitutions beside lit's own: %cxx (the host's C++ compiler), %python, %root
(the source tree), %build, %bindir, %libdir (of the build), %include (the public
headers, as compiler flags), %preset (of the build), %ptxas (where REQUIRES: ptxas). tensorc, tensorc-opt,
FileCheck, not and split-file are on the PATH.
"""

import os
import shutil
import sys

source_dir = config.tensorc_source_dir
build_dir = config.tensorc_build_dir
bin_dir = os.path.join(build_dir, "bin")

# lit pickles the format for its workers, so the class must be importable.
sys.path.insert(0, os.path.join(source_dir, "tests"))
from lit_format import TensorcTest

config.name = "tensorc"
config.test_format = TensorcTest(execute_external=False)
config.suffixes = [".mlir", ".test", ".cpp"]
config.excludes = ["Inputs", "CMakeLists.txt"]
config.test_source_root = os.path.join(source_dir, "tests")
config.test_exec_root = os.path.join(build_dir, "tests", "lit")

config.environment["PATH"] = os.pathsep.join(
    [bin_dir, config.llvm_tools_dir or "/usr/lib/llvm-22/bin", os.environ["PATH"]]
)
for name in ("HOME", "TERM", "CCACHE_DIR", "TENSORC_DATA_DIR"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
# What tensorc keeps from run to run; tests of that have folders of their own.
config.environment["XDG_CACHE_HOME"] = os.path.join(build_dir, "tests", "cache")
config.environment["FILECHECK_OPTS"] = "--dump-input-filter=error"
if config.tensorc_sanitize:
    config.available_features.add("sanitizer")
    # LLVM itself is not instrumented, so containers that cross over look wrong.
    config.environment["ASAN_OPTIONS"] = "detect_container_overflow=0"

includes = [
    os.path.join(source_dir, "runtime", "include"),
    os.path.join(build_dir, "runtime", "include"),
]
config.substitutions += [
    ("%cxx", config.tensorc_host_cxx),
    ("%python", config.python),
    ("%root", source_dir),
    ("%bindir", bin_dir),
    ("%libdir", os.path.join(build_dir, "lib")),
    ("%build", build_dir),
    ("%preset", os.path.basename(build_dir).partition("-")[2] or "default"),
    ("%chain-ops", os.environ.get("TENSORC_CHAIN_OPS", "10000")),
    ("%include", " ".join("-I" + folder for folder in includes)),
]


def cpu_has(*flags):
    """True where /proc/cpuinfo lists all of `flags`."""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as info:
            for line in info:
                if line.startswith("flags"):
                    return set(flags) <= set(line.split(":", 1)[1].split())
    except OSError:
        pass
    return False


# Tests ask with `REQUIRES:` for what not every machine has.
if cpu_has("avx2", "fma", "bmi2", "movbe", "f16c"):
    config.available_features.add("x86-64-v3")
if cpu_has("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"):
    config.available_features.add("x86-64-v4")
if shutil.which("clang++-14"):  # the oldest that compiles models and programs
    config.available_features.add("clang-14")
# A cross compiler and an emulator: Debian's g++-aarch64-linux-gnu, qemu-user.
if shutil.which("aarch64-linux-gnu-g++") and shutil.which("qemu-aarch64"):
    config.available_features.add("aarch64")
ptxas = shutil.which("ptxas") or shutil.which("/usr/local/cuda/bin/ptxas")
if ptxas:
    config.available_features.add("ptxas")
    config.substitutions.append(("%ptxas", ptxas))
if shutil.which("g++"):
    config.available_features.add("gcc")
data_dir = os.environ.get("TENSORC_DATA_DIR", "/usr/share/datasets/fashion-mnist")
if os.path.exists(os.path.join(data_dir, "train-images-idx3-ubyte.gz")):
    config.available_features.add("fashion-mnist")
