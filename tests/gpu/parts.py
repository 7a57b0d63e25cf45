# Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What run.py runs, part by part. Each part gives a list of results."""

import dataclasses
import glob
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

# What a program ends with that found something missing, or that was stopped.
NOT_THERE, STOPPED = 77, 124
# The demo's accuracy on the CPU is about 0.90 after its ten epochs.
LEAST_ACCURACY = 0.88


@dataclasses.dataclass
class Result:
    """A line of the table, and how many checks it stands for."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    detail: str = ""
    part_of_line: bool = False  # says more about the line above, which counts it

    def verdict(self):
        if self.part_of_line:
            return ""
        return "failed" if self.failed else "passed" if self.passed else "skipped"


def passed(name, detail=""):
    return Result(name, passed=1, detail=detail)


def failed(name, detail):
    return Result(name, failed=1, detail=detail)


def skipped(name, detail):
    return Result(name, skipped=1, detail=detail)


@dataclasses.dataclass
class Ended:
    """What became of a program."""

    status: int
    output: str

    def last_line(self):
        lines = self.output.strip().splitlines()
        return lines[-1] if lines else "no output"

    def problem(self):
        if self.status == STOPPED:
            return "was stopped, it took too long"
        return f"status {self.status}: {self.last_line()}"


class Package:
    """The folder, and how its programs are run."""

    def __init__(self, root, out):
        self.root, self.out = root, out
        # Where tests find stored numbers.
        self.environment = dict(os.environ, TENSORC_SOURCE_DIR=root)
        self.deadline = 0

    def path(self, *parts):
        return os.path.join(self.root, *parts)

    def device(self):
        """One line about the GPU; ends everything where there is none."""
        ended = self.run([self.path("bin", "gpu-kernels"), "--device"], limit=60)
        if ended.status:
            words = ended.last_line().replace("gpu-kernels: ", "", 1)
            sys.exit(f"error: {words} (--gpu needs an NVIDIA GPU)")
        return ended.last_line()

    def guarded(self, part, left):
        """The results of a part that has so many seconds."""
        if left <= 0:
            return [failed("", "no time was left")]
        self.deadline = time.monotonic() + left
        return part(self)

    def start(self, command, **environment):
        log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=self.out,
                                   env=dict(self.environment, **environment))
        return process, log

    def finish(self, started, limit):
        """Waits for a program that was started, as long as there is time."""
        process, log = started
        left = min(limit, self.deadline - time.monotonic()) if self.deadline else limit
        try:
            process.wait(max(left, 1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            process.returncode = STOPPED
        with log:
            log.seek(0)
            return Ended(process.returncode, log.read())

    def run(self, command, limit, **environment):
        return self.finish(self.start(command, **environment), limit)


# Kernels


def run_corpus(package, prefix, shards, limit, *options):
    """Some processes share the corpus. The program's output, one by one."""
    command = [*prefix, package.path("bin", "gpu-kernels"), package.path("tests", "gpu", "kernels.corpus"), *options]
    started = [package.start([*command, "--shard", f"{i}/{shards}"]) for i in range(shards)]
    return [package.finish(one, limit) for one in started]


def sum_corpus(name, outputs):
    """One result for all processes, and one for each of the first failures."""
    total, lines, broken = Result(name), [], []
    for ended in outputs:
        counts = re.fullmatch(r"(\d+) passed, (\d+) failed, (\d+) skipped", ended.last_line())
        if ended.status not in (0, 1) or not counts:
            broken.append(ended.problem())
            continue
        for kind, count in zip(("passed", "failed", "skipped"), counts.groups()):
            setattr(total, kind, getattr(total, kind) + int(count))
        lines += [line[len("failed: "):] for line in ended.output.splitlines() if line.startswith("failed: ")]
    total.detail = f"{total.passed} right, {total.failed} wrong, {total.skipped} for other GPUs or left out"
    if broken:
        total.failed += len(broken)
        total.detail = "; ".join([total.detail, *broken])
    return [total] + [Result("", detail=line, part_of_line=True) for line in lines[:20]]


def kernels(package):
    shards = max(1, min(8, os.cpu_count() or 1))
    return sum_corpus("kernels against the CPU", run_corpus(package, [], shards, 120))


# GoogleTest programs


def read_gtest(path, ended):
    """A result for each case; the program's own failure is one, too."""
    results = []
    try:
        with open(path, encoding="utf-8") as file:
            suites = json.load(file)["testsuites"]
    except (OSError, ValueError, KeyError):
        return [failed("", ended.problem())]
    for suite in suites:
        for case in suite["testsuite"]:
            name, spent = f"{suite['name']}.{case['name']}", case["time"]
            if case.get("failures"):
                words = [one["failure"].splitlines() for one in case["failures"]]
                words = [" ".join(line.strip() for line in lines[1:6]) or lines[0] for lines in words]
                results.append(failed(name, words[0]))
                results += [Result("", detail=one, part_of_line=True) for one in words[1:20]]
                if len(words) > 20:
                    results.append(Result("", detail=f"and {len(words) - 20} more", part_of_line=True))
            elif case.get("result") == "SKIPPED":
                results.append(skipped(name, ""))
            else:
                results.append(passed(name, spent))
    if ended.status and not any(result.failed for result in results):
        results.append(failed("", ended.problem()))
    return results


def gtest(package, program, limit, shards=1, **environment):
    """Some processes share the cases."""
    started = []
    for i in range(shards):
        path = os.path.join(package.out, f"{program}.{i}.json")
        if os.path.exists(path):
            os.unlink(path)
        share = {"GTEST_TOTAL_SHARDS": str(shards), "GTEST_SHARD_INDEX": str(i)}
        command = [package.path("bin", program), f"--gtest_output=json:{path}"]
        started.append((path, package.start(command, **share, **environment)))
    return [result for path, one in started for result in read_gtest(path, package.finish(one, limit))]


def runtime(package):
    return gtest(package, "cuda_device_test", 60)


def eager(package):
    """One result for all cases, and a line for each of the first failures."""
    cases = gtest(package, "eager_cuda_device_test", 60, LD_LIBRARY_PATH=package.path("lib"))
    total = Result("ops and gradients as PyTorch's")
    for case in cases:
        for kind in ("passed", "failed", "skipped"):
            setattr(total, kind, getattr(total, kind) + getattr(case, kind))
    total.detail = f"{total.passed} right, {total.failed} wrong, {total.skipped} skipped"
    wrong = [f"{case.name} {case.detail}".strip() for case in cases if case.failed]
    return [total] + [Result("", detail=line, part_of_line=True) for line in wrong[:20]]


def compiled(package):
    """The driver compiles each program's PTX on one core."""
    shards = max(1, min(8, os.cpu_count() or 1))
    return gtest(package, "e2e_gpu_device_test", 60, shards, LD_LIBRARY_PATH=package.path("lib"))


def lenet(package):
    return gtest(package, "e2e_cuda_device_test", 60)


# Functions

# Units in the last place that f32 functions may be off; 1 where nothing is said.
# silu and gelu cancel: docs/accuracy.md. Those of f64 get twice as many.
LIMITS = {"rsqrt": 1.5, "sigmoid": 2.5, "softplus": 1.6, "silu": None, "gelu": None}


def read_accuracy(ended):
    """A result for each function of the table that gpu-accuracy prints."""
    results = []
    for line in ended.output.splitlines():
        row = re.fullmatch(r"\| (\w+) \| ([0-9.]+|inf|nan) \| (.*) \| ([0-9.]+|inf|nan) \| (.*) \| ", line)
        if not row:
            continue
        name, f32, at32, f64, at64 = row.groups()
        limit = LIMITS.get(name, 1)
        words = f"f32 {f32} ulp at {at32}, f64 {f64} ulp at {at64}"
        words += f", allowed {limit} and {2 * limit}" if limit else ""
        right = limit is None or (float(f32) <= limit and float(f64) <= 2 * limit)
        results.append((passed if right else failed)(name, words))
    if ended.status or not results:
        results.append(failed("", ended.problem()))
    return results


def accuracy(package):
    return read_accuracy(package.run([package.path("bin", "gpu-accuracy"), "--step", "1021"], 60))


# The demo


def demo(package):
    """Links the example as a user would, and trains it."""
    compiler = shutil.which("g++") or shutil.which("c++")
    if not compiler:
        return [skipped("accuracy", "not found: g++")]
    program = os.path.join(package.out, "train")
    linked = package.run(
        [compiler, "-std=c++20", "-O2", "-I" + package.path("lenet"), "-I" + package.path("runtime", "include"),
         package.path("examples", "lenet", "train.cpp"), package.path("lenet", "lenet.o"),
         package.path("lib", "libtensorc_data.a"), package.path("lib", "libtensorc_rt.a"),
         package.path("lib", "libz.a"), "-pthread", "-ldl", "-o", program], 60)
    if linked.status:
        return [failed("links by g++", linked.problem())]
    trained = package.run(
        [program, "--device", "cuda", "--data", package.path("pictures"), "--epochs", "15",
         "--weights", package.path("lenet", "lenet.safetensors"), "--save", os.path.join(package.out, "trained.safetensors")], 60)
    os.unlink(program)
    match = re.fullmatch(r"test accuracy: (\d\.\d+)", trained.last_line())
    if trained.status or not match:
        return [failed("accuracy", trained.problem())]
    words = f"{match[1]} on the test pictures, needed {LEAST_ACCURACY}"
    return [(passed if float(match[1]) >= LEAST_ACCURACY else failed)("accuracy", words)]


# compute-sanitizer


def find_sanitizer():
    found = shutil.which("compute-sanitizer")
    if found:
        return found
    nvcc = shutil.which("nvcc")
    beside = [os.path.dirname(os.path.realpath(nvcc))] if nvcc else []
    for folder in [*beside, "/usr/local/cuda/bin"]:
        for name in ("compute-sanitizer", "../compute-sanitizer/compute-sanitizer"):
            path = os.path.join(folder, name)
            if os.access(path, os.X_OK):
                return path
    return None


def sanitized(name, outputs):
    """Clean where each process is, and says so."""
    for ended in outputs:
        words = [line.strip("= ") for line in ended.output.splitlines() if line.startswith("========= ")]
        clean = any(re.search(r"SUMMARY: 0 (errors|hazards)", line) for line in words)
        if ended.status or not clean:
            shown = [line for line in words if "COMPUTE-SANITIZER" not in line and "SUMMARY: 0" not in line]
            return failed(name, shown[0] if shown and ended.status != STOPPED else ended.problem())
    runs = [re.match(r"(\d+) passed", line) for ended in outputs for line in ended.output.splitlines()]
    kernels_run = sum(int(run[1]) for run in runs if run)
    return passed(name, f"clean, {kernels_run} kernels" if kernels_run else "clean")


def sanitizer(package):
    """All tools at once: each leaves most of the GPU idle."""
    tool = find_sanitizer()
    if not tool:
        return [skipped("compute-sanitizer", "not found in PATH or beside nvcc")]
    package.environment["TENSORC_CUDA_GRAPHS"] = "0"
    plain = [tool, "--error-exitcode", "86", "--tool"]
    corpus = [package.path("bin", "gpu-kernels"), package.path("tests", "gpu", "kernels.corpus"), "--seconds", "35"]
    steps = [package.path("bin", "e2e_cuda_device_test"), "--gtest_filter=*LossesAreThoseOfPyTorch"]
    shards = max(1, min(6, (os.cpu_count() or 1) // 3))
    runs = {"memcheck, kernels": [[*plain, "memcheck", *corpus, "--shard", f"{i}/{shards}"] for i in range(shards)],
            "memcheck, LeNet": [[*plain, "memcheck", *steps]],
            "racecheck, kernels": [[*plain, "racecheck", *corpus, "--every", "4", "--shard", f"{i}/2"] for i in range(2)],
            "synccheck, kernels": [[*plain, "synccheck", *corpus, "--every", "4", "--shard", f"{i}/2"] for i in range(2)]}
    started = {name: [package.start(command) for command in commands] for name, commands in runs.items()}
    results = [sanitized(name, [package.finish(one, 75) for one in processes]) for name, processes in started.items()]
    del package.environment["TENSORC_CUDA_GRAPHS"]
    return results


# Benchmarks


def read_rows(path, ended):
    """The lines of a benchmark's file of rows."""
    results = []
    try:
        with open(path, encoding="utf-8") as file:
            rows = [line.rstrip("\n").split("\t") for line in file]
    except OSError:
        return [failed("", ended.problem())]
    for name, ours, peer, theirs, ratio, rate, limit, needed, verdict, words in rows:
        detail = f"{ours} µs, {peer or 'peer'} {theirs} µs, ratio {ratio}"
        detail += f" (needed {needed})" if needed != "-" else ""
        detail += f", {rate}" if rate != "-" else ""
        detail += f", {limit} of the limit" if limit != "-" else ""
        detail += f", {words}" if words and words != "ok" else ""
        if verdict == "skipped":
            detail = words
        results.append(Result(name, detail=detail, **{verdict: 1}))
    if ended.status not in (0, 1):
        results.append(failed("", ended.problem()))
    return results


def benchmark(package, command, limit):
    path = os.path.join(package.out, "rows")
    if os.path.exists(path):
        os.unlink(path)
    ended = package.run([*command, "--rows", path], limit)
    print(ended.output, end="", flush=True)
    if ended.status == NOT_THERE:
        return [skipped("", ended.last_line())]
    return read_rows(path, ended)


def cublas_folders():
    """Those of PyTorch's packages, whose version suits this driver."""
    for name in ("nvidia.cublas", "nvidia.cu13", "torch"):
        try:
            spec = importlib.util.find_spec(name)
        except ImportError:
            continue
        for folder in spec.submodule_search_locations if spec else []:
            if glob.glob(os.path.join(folder, "lib", "libcublas.so.*")):
                yield os.path.join(folder, "lib")


def kernel_times(package):
    command = [package.path("bin", "gpu-benchmark")]
    for folder in cublas_folders():
        command += ["--cublas", folder]
    return benchmark(package, command, 90)


def lenet_times(package):
    return benchmark(package, [sys.executable, package.path("benchmarks", "lenet", "lenet.py"), "--device", "cuda",
                               "--package", package.root], 60)


# In this order: a wrong kernel explains what fails behind it; benchmarks have
# the GPU for themselves; the slowest comes last.
PARTS = (("kernels", kernels), ("runtime", runtime), ("eager", eager), ("compiled", compiled), ("lenet", lenet),
         ("demo", demo), ("accuracy", accuracy), ("kernel times", kernel_times), ("lenet times", lenet_times), ("sanitizer", sanitizer))
