"""Time from the start of a process until a test accuracy of 97 % is known, on MNIST.

    python3 time_to_accuracy.py --data DIR [--turns 5] [--torch-python /usr/bin/python3]

Lockstep in local[2] and PyTorch's process take turns over seeds 1, 2, ...; wall-clock from before
the process is started until it has written its accuracy, medians over the turns. A run that does
not reach 97 % is shown and counts as such.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HOME = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", "..", ".."))
TARGET = 0.97


def timed(command, environment, is_last):
    """Seconds until the line that is_last comes on stdout, and all of stdout."""
    begun = time.monotonic()
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
        text=True,
    )
    seconds = None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if is_last(line):
            seconds = time.monotonic() - begun
    if process.wait() != 0 or seconds is None:
        sys.exit("failed: " + " ".join(command))
    return seconds, time.monotonic() - begun, json.loads("".join(lines))


def lockstep(options, seed):
    out = tempfile.mkdtemp()
    try:
        return timed(
            [os.path.join(HOME, "deploy", "lockstep"), "train"]
            + [os.path.join(HOME, "conf", "mnist-mlp.conf"), "--data", options.data]
            + ["--master", "local[2]", "--out", os.path.join(out, "run")]
            + ["--set", "seed=%d" % seed, "--set", "epochs=%d" % options.epochs]
            + ["--set", "batch-size=%d" % options.batch_size]
            + ["--set", "optimizer.learning-rate=%g" % options.learning_rate]
            + ["--set", "schedule.every=1", "--set", "schedule.factor=%g" % options.factor],
            {},
            lambda line: line.startswith("}"),
        )
    finally:
        shutil.rmtree(out)


def torch(options, seed, threads, environment):
    return timed(
        [options.torch_python, os.path.join(os.path.dirname(__file__), "mnist_torch.py")]
        + ["--data", options.data, "--epochs", str(options.epochs)]
        + ["--batch-size", str(options.batch_size), "--factor", str(options.factor)]
        + ["--learning-rate", str(options.learning_rate)]
        + ["--seed", str(seed), "--threads", str(threads)],
        environment,
        lambda line: True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--batch-size", type=int, default=256)
    parser.add_argument("--learning-rate", type=float, default=0.003)
    parser.add_argument("--factor", type=float, default=0.1)
    parser.add_argument("--torch-python", default="/usr/bin/python3")
    options = parser.parse_args()
    passive = {"OMP_WAIT_POLICY": "PASSIVE"}
    sides = {
        "Lockstep local[2]": lambda seed: lockstep(options, seed),
        "PyTorch, 1 thread": lambda seed: torch(options, seed, 1, {}),
        "PyTorch, 2 threads": lambda seed: torch(options, seed, 2, {}),
        "PyTorch, 2 threads, passive": lambda seed: torch(options, seed, 2, passive),
    }
    results = {name: [] for name in sides}
    for turn in range(options.turns):
        for name, run in sides.items():
            results[name].append(run(turn + 1))
    print("| process | accuracy known after | to its end | reached 97 % | first step |")
    print("| --- | --- | --- | --- | --- |")
    for name, runs in results.items():
        reached = sum(summary["test_accuracy"] >= TARGET for _, _, summary in runs)
        first = [s.get("first_step_seconds", s.get("first_step")) for _, _, s in runs]
        print(
            "| %s | %.2f s | %.2f s | %d of %d (%.2f–%.2f %%) | %.2f s |"
            % (
                name,
                statistics.median(seconds for seconds, _, _ in runs),
                statistics.median(end for _, end, _ in runs),
                reached,
                len(runs),
                100 * min(s["test_accuracy"] for _, _, s in runs),
                100 * max(s["test_accuracy"] for _, _, s in runs),
                statistics.median(first),
            )
        )


main()
