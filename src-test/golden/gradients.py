"""Outputs, losses and gradients of a network of three layers."""

import torch
import torch.nn.functional as F

from golden import ACTIVATIONS, GoldenFile, draw_tensors, forward


def write_activation(activation, generator):
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


def write():
    generator = torch.Generator().manual_seed(1)
    for activation in ACTIVATIONS:
        write_activation(activation, generator)
