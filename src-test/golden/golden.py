"""The format of golden files, and what several of them need."""

import pathlib
import re
import sys

import torch
import torch.nn.functional as F

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
