"""LARS and LAMB as their papers print them; PyTorch has neither.

A layer is a weight with the bias that follows it: its norm is that of both.
"""

import torch


def layers(parameters):
    """Pairs of weight and bias; anything else is a layer of its own."""
    found = []
    for p in parameters:
        if found and p.dim() == 1 and found[-1][-1].dim() == 2:
            found[-1].append(p)
        else:
            found.append([p])
    return [{"params": layer} for layer in found]


def norm(tensors):
    return torch.sqrt(sum((t.double() ** 2).sum() for t in tensors)).item()


class Lars(torch.optim.Optimizer):
    """You, Gitman and Ginsburg 2017, algorithm 1."""

    def __init__(self, parameters, lr, momentum=0.9, trust=0.001, weight_decay=0.0005):
        super().__init__(
            layers(parameters), {"lr": lr, "momentum": momentum, "trust": trust, "weight_decay": weight_decay}
        )

    @torch.no_grad()
    def step(self):
        for layer in self.param_groups:
            w, beta = layer["params"], layer["weight_decay"]
            w_norm, g_norm = norm(w), norm([p.grad for p in w])
            local = layer["trust"] * w_norm / (g_norm + beta * w_norm)
            for p in w:
                v = self.state[p].setdefault("v", torch.zeros_like(p))
                v.copy_(layer["momentum"] * v + layer["lr"] * local * (p.grad + beta * p))
                p -= v


class Lamb(torch.optim.Optimizer):
    """You et al. 2020, algorithm 2."""

    def __init__(
        self, parameters, lr, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.01, norm_min=0.0, norm_max=float("inf")
    ):
        super().__init__(
            layers(parameters),
            {
                "lr": lr,
                "betas": betas,
                "eps": eps,
                "weight_decay": weight_decay,
                "norm_min": norm_min,
                "norm_max": norm_max,
            },
        )
        self.t = 0

    @torch.no_grad()
    def step(self):
        self.t += 1
        for layer in self.param_groups:
            beta1, beta2 = layer["betas"]
            directions = []
            for p in layer["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                v = self.state[p].setdefault("v", torch.zeros_like(p))
                m.copy_(beta1 * m + (1 - beta1) * p.grad)
                v.copy_(beta2 * v + (1 - beta2) * p.grad**2)
                r = (m / (1 - beta1**self.t)) / (torch.sqrt(v / (1 - beta2**self.t)) + layer["eps"])
                directions.append(r + layer["weight_decay"] * p)
            phi = min(max(norm(layer["params"]), layer["norm_min"]), layer["norm_max"])
            ratio = phi / norm(directions)
            for p, direction in zip(layer["params"], directions):
                p -= layer["lr"] * ratio * direction
