# Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""LeNet of any batch beside LeNets of one, all compiled here."""

import sys
import tempfile

import numpy as np

from lenet_cpu import ANY_BATCH, Compiled, medians


def agree(a, b, batch):
    """Both learn the same from the same weights; then neither learns any more."""
    for step in range(5):
        a.step()
        b.step()
        if abs(a.loss[0] - b.loss[0]) > 1e-5 * abs(b.loss[0]):
            sys.exit(f"batch {batch}, step {step}: losses {a.loss[0]} and {b.loss[0]}")
    a.infer()
    b.infer()
    if not np.allclose(a.logits, b.logits, rtol=1e-4, atol=1e-5):
        sys.exit(f"batch {batch}: logits differ")
    a.learning_rate[0] = b.learning_rate[0] = 0


def run(args):
    print(f"{args.threads} threads; medians of {args.rounds} turns each; 0.90x: any batch takes 1/0.90 of the time")
    print(f"{'case':<24} {'any µs':>9} {'one µs':>9} {'ratio':>7}")
    generator = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        any_batch = Compiled(args.build, folder, ANY_BATCH)
        sizes = {"any batch": any_batch.object_bytes}
        for batch in args.batch:
            any_batch.load()  # the initial weights again
            both = any_batch, Compiled(args.build, folder, batch)
            images = generator.standard_normal((batch, 1, 32, 32)).astype(np.float32)
            labels = generator.integers(0, 10, batch)
            for compiled in both:
                compiled.rt.tensorc_rt_set_num_threads(args.threads)
                compiled.rt.tensorc_rt_set_flush_denormals(1)
                compiled.bind(images, labels)
            agree(*both, batch)
            for name in ("step", "infer"):
                mine, other = medians(*(getattr(compiled, name) for compiled in both), args.seconds, args.rounds)
                case = f"{'train step' if name == 'step' else 'inference'}, batch {batch}"
                print(f"{case:<24} {mine * 1e6:>9.1f} {other * 1e6:>9.1f} {other / mine:>6.2f}x", flush=True)
            sizes[f"batch {batch}"] = both[1].object_bytes
        print("objects:", ", ".join(f"{name} {size / 1024:.0f} KiB" for name, size in sizes.items()))
