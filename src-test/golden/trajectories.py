"""Losses of fifty steps from given weights, with every optimiser and every schedule.

Weights, optimiser and schedule are those of PyTorch; where it has no such schedule, the paper's formula goes through
LambdaLR. Losses are those in float64, with the largest distance of PyTorch's own float32 losses from them.
"""

import math

import torch
import torch.nn.functional as F
from torch.optim import lr_scheduler

from golden import GoldenFile, draw_tensors, forward
from layerwise import Lamb, Lars

STEPS = 50
BATCH = 32
EXAMPLES = 10 * BATCH
SIZES = [20, 16, 12, 5]

# Our names and settings stand in GoldenOptimizer, those of schedules in PyTorchTrajectoryTest.
OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.5),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.2, momentum=0.9),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.1, eps=1e-10),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.99, eps=1e-8),
    "rmsprop-momentum": lambda p: torch.optim.RMSprop(p, lr=0.003, alpha=0.95, eps=1e-3, momentum=0.9),
    "rmsprop-centered": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.99, eps=1e-8, centered=True),
    "rmsprop-centered-momentum": lambda p: torch.optim.RMSprop(
        p, lr=0.003, alpha=0.9, eps=1e-4, centered=True, momentum=0.5
    ),
    "adadelta": lambda p: torch.optim.Adadelta(p, lr=10.0, rho=0.9, eps=1e-6),
    "adam": lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.9, 0.999), eps=1e-8),
    "amsgrad": lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.9, 0.9), eps=1e-8, amsgrad=True),
    "adamw": lambda p: torch.optim.AdamW(decayed(p), lr=0.02, betas=(0.9, 0.999), eps=1e-8),
    # With such a momentum decay mu is beta1 from the first step on. PyTorch 1.13 multiplies by mu once too often unless
    # foreach is true (mu_product_next in _single_tensor_nadam).
    "nadam": lambda p: torch.optim.NAdam(p, lr=0.02, betas=(0.9, 0.999), eps=1e-8, momentum_decay=1e6, foreach=True),
    "lars": lambda p: Lars(p, lr=20.0),
    "lars-plain": lambda p: Lars(p, lr=3.0, momentum=0.0, trust=0.02),
    "lamb": lambda p: Lamb(p, lr=0.02),
    "lamb-bounded": lambda p: Lamb(p, lr=0.02, weight_decay=0.0, norm_min=0.5, norm_max=2.0),
}


def decayed(parameters):
    """Weights decay, biases do not."""
    parameters = list(parameters)
    return [
        {"params": [p for p in parameters if p.dim() == 2], "weight_decay": 0.01},
        {"params": [p for p in parameters if p.dim() == 1], "weight_decay": 0.0},
    ]


def factor(formula):
    """A schedule that multiplies the rate by a function of the step."""
    return lambda optimizer: lr_scheduler.LambdaLR(optimizer, formula)


def one_cycle(optimizer):
    return lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=optimizer.param_groups[0]["lr"],
        total_steps=STEPS,
        div_factor=10,
        final_div_factor=100,
        pct_start=0.3,
        cycle_momentum=False,
    )


def constant_then_cosine(optimizer):
    return lr_scheduler.SequentialLR(
        optimizer,
        [
            lr_scheduler.ConstantLR(optimizer, factor=1.0),
            lr_scheduler.CosineAnnealingLR(optimizer, T_max=30),
        ],
        milestones=[20],
    )


SCHEDULES = {
    "step": lambda o: lr_scheduler.StepLR(o, step_size=15, gamma=0.5),
    "multi-step": lambda o: lr_scheduler.MultiStepLR(o, milestones=[10, 35], gamma=0.3),
    "exponential": lambda o: lr_scheduler.ExponentialLR(o, gamma=0.97),
    "inverse-time": factor(lambda s: 1 / (1 + 0.5 * s / 10)),
    "polynomial": lambda o: lr_scheduler.PolynomialLR(o, total_iters=40, power=2),
    "cosine": lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=STEPS, eta_min=0.001),
    "cosine-restarts": lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, T_0=10, T_mult=2, eta_min=0.001),
    "one-cycle": one_cycle,
    "sequence": constant_then_cosine,
    "warm-up": factor(lambda s: min(1, (s + 1) / 20)),
    "exponential-warm-up": factor(lambda s: 100 ** min(0, (s + 1) / 20 - 1)),
    "warm-up-cosine": factor(lambda s: min(1, (s + 1) / 10) * (1 + math.cos(math.pi * s / STEPS)) / 2),
}

RUNS = (
    [(name, "tanh", name, "constant") for name in OPTIMIZERS]
    + [("momentum-relu", "relu", "momentum", "constant")]
    + [(f"{o}-{s}", "tanh", o, s) for o in ("momentum", "adam") for s in SCHEDULES]
)


def train(pixels, labels, tensors, activation, optimizer, schedule, dtype):
    """Mean loss of each step before its update; batches in file order."""
    tensors = {n: t.to(dtype, copy=True).requires_grad_() for n, t in tensors.items()}
    optimizer = OPTIMIZERS[optimizer](tensors.values())
    schedule = SCHEDULES.get(schedule, factor(lambda s: 1.0))(optimizer)
    x = (pixels.to(torch.float32) / 255).to(dtype)
    losses = []
    for step in range(STEPS):
        start = step * BATCH % len(labels)
        rows = slice(start, start + BATCH)
        loss = F.cross_entropy(forward(x[rows], tensors, activation), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return torch.tensor(losses, dtype=torch.float64)


def write():
    generator = torch.Generator().manual_seed(3)
    tensors = draw_tensors(SIZES, generator)
    labels = torch.randint(SIZES[-1], (EXAMPLES,), generator=generator)
    pixels = torch.randint(256, (EXAMPLES, SIZES[0]), generator=generator)
    stripes = (torch.arange(SIZES[0]) % SIZES[-1])[None, :] == labels[:, None]
    pixels = torch.where(stripes, pixels // 2 + 60, pixels // 2)

    file = GoldenFile("trajectories.txt")
    file.add("pixels", pixels)
    file.add("labels", labels)
    for name, tensor in tensors.items():
        file.add(name, tensor)
    for name, *run in RUNS:
        single = train(pixels, labels, tensors, *run, torch.float32)
        double = train(pixels, labels, tensors, *run, torch.float64)
        file.add(f"{name}.losses", double.to(torch.float32))
        file.add(f"{name}.spread", (single - double).abs().max().to(torch.float32))
        print(f"{name}: loss {double[0]:.4f} to {double[-1]:.4f}, spread {(single - double).abs().max():.2e}")
    file.write()
