#!/usr/bin/env python3
"""Golden values from PyTorch for the tests of worker-core.

    python3 src-test/golden/generate.py [DIRECTORY]

Deterministic; written with PyTorch 1.13 on CPU, one thread. Output: text files in DIRECTORY, by default
worker-core/src/test/resources/golden/, one tensor a line:

    name dimension,dimension,... value value ...

Values are exact: integers, or hexadecimal floats. Weights have torch.nn.Linear's shape [O, I]. Losses and gradients
are sums over examples, as Lockstep has them, unless a name says mean. Each module here writes files of its own, from
a seed of its own.
"""

import sys

sys.dont_write_bytecode = True

import torch

import beside
import golden
import gradients
import layers
import losses
import noise
import trajectories
import updates


def main():
    torch.set_num_threads(1)
    golden.TARGET.mkdir(parents=True, exist_ok=True)
    for module in (gradients, layers, losses, updates, beside, trajectories, noise):
        module.write()


if __name__ == "__main__":
    main()
