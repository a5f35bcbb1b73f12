"""The arithmetic of optimisers on given gradients of very different sizes."""

import torch

from golden import GoldenFile
from layerwise import Lamb, Lars

UPDATES = 12
ELEMENTS = 20

# Our names and settings stand in GoldenOptimizer.
OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.1, eps=1e-10),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.99, eps=1e-8),
    "rmsprop-momentum": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.95, eps=1e-3, momentum=0.9),
    "rmsprop-centered": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.99, eps=1e-8, centered=True),
    "rmsprop-centered-momentum": lambda p: torch.optim.RMSprop(
        p, lr=0.01, alpha=0.9, eps=1e-4, centered=True, momentum=0.5
    ),
    "adadelta": lambda p: torch.optim.Adadelta(p, lr=1.0, rho=0.9, eps=1e-6),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.9, 0.999), eps=1e-8),
    "amsgrad": lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.9, 0.9), eps=1e-8, amsgrad=True),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01),
    # With such a momentum decay mu is beta1 from the first step on. PyTorch 1.13 multiplies by mu once too often unless
    # foreach is true (mu_product_next in _single_tensor_nadam).
    "nadam": lambda p: torch.optim.NAdam(p, lr=0.01, betas=(0.9, 0.999), eps=1e-8, momentum_decay=1e6, foreach=True),
    "lars": lambda p: Lars(p, lr=1.0),
    "lars-plain": lambda p: Lars(p, lr=1.0, momentum=0.0, trust=0.02),
    "lamb": lambda p: Lamb(p, lr=0.01),
    "lamb-bounded": lambda p: Lamb(p, lr=0.01, weight_decay=0.0, norm_min=0.5, norm_max=2.0),
}


def write():
    generator = torch.Generator().manual_seed(2)
    start = torch.randn(ELEMENTS, generator=generator)
    sizes = 10 ** (4 * torch.rand(ELEMENTS, generator=generator) - 4)
    gradients = [sizes * torch.randn(ELEMENTS, generator=generator) for _ in range(UPDATES)]

    file = GoldenFile("updates.txt")
    file.add("start", start)
    for t, gradient in enumerate(gradients, 1):
        file.add(f"gradient.{t}", gradient)
    for name, make in OPTIMIZERS.items():
        p = start.clone().requires_grad_()
        optimizer = make([p])
        for t, gradient in enumerate(gradients, 1):
            p.grad = gradient.clone()
            optimizer.step()
            file.add(f"{name}.{t}", p)
    file.write()
