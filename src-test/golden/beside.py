"""What stands beside the optimiser: clipping, penalties, bounds, averages; and plateaus of the learning rate.

Clipping by norm adds 1e-6 to the norm in PyTorch; the gradients here are so large that it is lost in rounding.
"""

import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

from golden import GoldenFile, draw_tensors

STEPS = 4
RATE = 0.1
SIZES = [20, 36, 5]

# Our names and settings stand in PyTorchBesideTest.
ROWS = ("value", "norm", "global-norm", "l1", "l2", "decay", "max-norm", "average", "all")


def clip(name, p):
    if name == "value":
        clip_grad_value_(p, 20.0)
    if name == "norm":
        clip_grad_norm_(p[:2], 400.0)
        clip_grad_norm_(p[2:], 400.0)
    if name in ("global-norm", "all"):
        clip_grad_norm_(p, 700.0)


def penalise(name, weights):
    for w in weights:
        if name in ("l1", "all"):
            w.grad += 5.0 * torch.sign(w)
        if name in ("l2", "all"):
            w.grad += 3.0 * w
        if name in ("decay", "all"):
            w.mul_(1 - RATE * 0.5)


def bound(name, weights):
    if name in ("max-norm", "all"):
        for w in weights:
            w.copy_(torch.renorm(w, p=2, dim=0, maxnorm=60.0))


def write():
    generator = torch.Generator().manual_seed(4)
    start = draw_tensors(SIZES, generator)
    gradients = [{n: 30 * torch.randn(t.shape, generator=generator) for n, t in start.items()} for _ in range(STEPS)]

    file = GoldenFile("beside.txt")
    for n, t in start.items():
        file.add(n, t)
        for step, g in enumerate(gradients):
            file.add(f"{n}.gradient.{step}", g[n])
    for name in ROWS:
        p = {n: t.clone().requires_grad_() for n, t in start.items()}
        weights = [t for n, t in p.items() if n.endswith("weight")]
        optimizer = torch.optim.SGD(p.values(), lr=RATE, momentum=0.9)
        averages = {n: t.clone() for n, t in start.items()}
        for g in gradients:
            for n, t in p.items():
                t.grad = g[n].clone()
            with torch.no_grad():
                clip(name, list(p.values()))
                penalise(name, weights)
            optimizer.step()
            with torch.no_grad():
                bound(name, weights)
                for n, t in p.items():
                    averages[n].mul_(0.75).add_(t, alpha=0.25)
        for n, t in p.items():
            file.add(f"{name}.{n}", averages[n] if name in ("average", "all") else t)
    file.write()

    # Figures that fall, stand still, rise and fall again.
    figures = torch.tensor([5, 4, 4, 4.5, 3.95, 3, 3, 3, 3, 2.99, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2], dtype=torch.float64)
    file = GoldenFile("plateaus.txt")
    file.add("figures", figures)
    for patience, delta, cool_down, floor in ((0, 0, 0, 0), (1, 0.1, 0, 0), (2, 0, 1, 0), (0, 0.02, 2, 0.2)):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer,
            factor=0.5,
            patience=patience,
            threshold=delta,
            threshold_mode="abs",
            cooldown=cool_down,
            min_lr=floor,
            eps=0,
        )
        rates = []
        for figure in figures.tolist():
            plateau.step(figure)
            rates.append(optimizer.param_groups[0]["lr"])
        file.add(f"{patience},{delta},{cool_down},{floor}", torch.tensor(rates, dtype=torch.float64))
    file.write()
