#!/usr/bin/env python3
"""Golden values from PyTorch for the tests of worker-core.

    python3 src-test/golden/generate.py [DIRECTORY]

Deterministic; written with PyTorch 1.13 on CPU, one thread. Output: text files in DIRECTORY, by default
worker-core/src/test/resources/golden/, one tensor a line:

    name dimension,dimension,... value value ...

Values are exact: integers, or hexadecimal floats. Weights have torch.nn.Linear's shape [O, I]. Losses and gradients
are sums over examples, as Lockstep has them, unless a name says mean.
"""

import pathlib
import re
import sys

import torch
import torch.nn.functional as F

import losses

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "worker-core" / "src" / "test" / "resources" / "golden"
TARGET = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else COMMITTED

ACTIVATIONS = {
    "identity": lambda z: z,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}


def exact(value):
    """An integer as it is, a float in hexadecimal without trailing zeros."""
    return str(value) if isinstance(value, int) else re.sub(r"\.?0+p", "p", value.hex())


class GoldenFile:
    """Named tensors, in the order in which they are added."""

    def __init__(self, name):
        self.path = TARGET / name
        self.lines = []

    def add(self, name, tensor):
        tensor = torch.as_tensor(tensor).detach()
        shape = ",".join(str(d) for d in tensor.shape) or "1"
        values = " ".join(exact(v) for v in tensor.flatten().tolist())
        self.lines.append(f"{name} {shape} {values}\n")

    def write(self):
        self.path.write_text("".join(self.lines), encoding="ascii")


def draw_tensors(sizes, generator):
    """Weights [O, I] and biases [O] of a chain of dense layers, in float32."""
    tensors = {}
    for layer, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        weight = torch.randn(outputs, inputs, generator=generator) / inputs**0.5
        tensors[f"layers.{layer}.weight"] = weight
        tensors[f"layers.{layer}.bias"] = 0.1 * torch.randn(outputs, generator=generator)
    return tensors


def forward(x, tensors, activation):
    """Dense layers with the activation between them; the last one gives logits."""
    layers = len(tensors) // 2
    for layer in range(layers):
        x = F.linear(x, tensors[f"layers.{layer}.weight"], tensors[f"layers.{layer}.bias"])
        if layer + 1 < layers:
            x = ACTIVATIONS[activation](x)
    return x


def write_gradients(activation, generator):
    """Outputs, losses and all gradients of one batch, through a network of three layers."""
    tensors = draw_tensors([13, 33, 17, 5], generator)
    for tensor in tensors.values():
        tensor.requires_grad_()
    x = 2 * torch.rand(9, 13, generator=generator) - 1
    targets = torch.randint(5, (9,), generator=generator)
    outputs = forward(x, tensors, activation)
    losses = F.cross_entropy(outputs, targets, reduction="none")
    losses.sum().backward()

    file = GoldenFile(f"gradients-{activation}.txt")
    file.add("x", x)
    file.add("targets", targets)
    file.add("outputs", outputs)
    file.add("losses", losses)
    for name, tensor in tensors.items():
        file.add(name, tensor)
        file.add(f"{name}.gradient", tensor.grad)
    file.write()


OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.9, 0.999), eps=1e-8),
}


def write_updates(name, generator, updates=12, elements=40):
    """Parameters after each of some updates with given gradients of very different sizes."""
    p = torch.randn(elements, generator=generator)
    sizes = 10 ** (4 * torch.rand(elements, generator=generator) - 4)
    p.requires_grad_()
    optimizer = OPTIMIZERS[name]([p])

    file = GoldenFile(f"updates-{name}.txt")
    file.add("p.0", p)
    for t in range(1, updates + 1):
        p.grad = sizes * torch.randn(elements, generator=generator)
        optimizer.step()
        file.add(f"g.{t}", p.grad)
        file.add(f"p.{t}", p)
    file.write()


def train(pixels, labels, tensors, activation, dtype, steps, batch, rate):
    """Mean loss of each step before its update: momentum SGD, batches in file order."""
    tensors = {n: t.to(dtype, copy=True).requires_grad_() for n, t in tensors.items()}
    optimizer = torch.optim.SGD(tensors.values(), lr=rate, momentum=0.9)
    x = (pixels.to(torch.float32) / 255).to(dtype)
    losses = []
    for step in range(steps):
        start = step * batch % len(labels)
        rows = slice(start, start + batch)
        loss = F.cross_entropy(forward(x[rows], tensors, activation), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return torch.tensor(losses, dtype=torch.float64)


def write_trajectory(activation, generator, steps=50, batch=32, examples=10 * 32):
    """Fifty steps in float32 and in float64 from the same weights."""
    tensors = draw_tensors([20, 16, 12, 5], generator)
    labels = torch.randint(5, (examples,), generator=generator)
    pixels = torch.randint(256, (examples, 20), generator=generator)
    stripes = (torch.arange(20) % 5)[None, :] == labels[:, None]
    pixels = torch.where(stripes, pixels // 2 + 60, pixels // 2)
    rate = 0.1
    losses32 = train(pixels, labels, tensors, activation, torch.float32, steps, batch, rate)
    losses64 = train(pixels, labels, tensors, activation, torch.float64, steps, batch, rate)

    file = GoldenFile(f"trajectory-{activation}.txt")
    file.add("pixels", pixels)
    file.add("labels", labels)
    file.add("learning-rate", torch.tensor(rate, dtype=torch.float64))
    file.add("momentum", torch.tensor(0.9, dtype=torch.float64))
    for name, tensor in tensors.items():
        file.add(name, tensor)
    file.add("losses.float32", losses32)
    file.add("losses.float64", losses64)
    file.write()
    spread = (losses32 - losses64).abs().max()
    print(f"{activation}: loss {losses64[0]:.4f} to {losses64[-1]:.4f}, spread {spread:.2e}")


def main():
    torch.set_num_threads(1)
    TARGET.mkdir(parents=True, exist_ok=True)
    generator = torch.Generator().manual_seed(1)
    for activation in ACTIVATIONS:
        write_gradients(activation, generator)
    for name in OPTIMIZERS:
        write_updates(name, generator)
    for activation in ("tanh", "relu"):
        write_trajectory(activation, generator)
    losses.write(GoldenFile)


if __name__ == "__main__":
    main()
