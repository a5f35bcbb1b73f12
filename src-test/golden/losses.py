"""Golden values of losses; see generate.py.

One file a case: outputs, targets, the loss of each row and the gradient of their sum, all in float64 from outputs,
targets and weights that float32 holds exactly; then weights of examples, with the weighted mean and its gradient.
"""

import torch
import torch.nn.functional as F

from golden import GoldenFile

CLASS_WEIGHTS = torch.tensor([0.5, 2.0, 1.0, 0.25, 3.0], dtype=torch.float64)


def softmax(z, t, **settings):
    return F.cross_entropy(z, t, reduction="none", **settings)


def sigmoid(z, t, **settings):
    return F.binary_cross_entropy_with_logits(z, t, reduction="none", **settings).mean(1)


def squares(z, t):
    return F.mse_loss(z, t, reduction="none").mean(1)


def huber(z, t, delta):
    return F.huber_loss(z, t, reduction="none", delta=delta).mean(1)


def hinge(z, t, **settings):
    """PyTorch divides by the number of classes."""
    return F.multi_margin_loss(z, t, reduction="none", **settings) * z.shape[1]


def binary_hinge(z, t, margin):
    signs = 2 * t.double() - 1
    return F.margin_ranking_loss(z[:, 0], torch.zeros_like(signs), signs, margin=margin, reduction="none")


def one_hot(t):
    return F.one_hot(t, 5).double()


def column(t):
    return t.double()[:, None]


# Name: outputs, what targets are, the losses of rows, the weight of each class.
CASES = {
    "softmax": (5, "classes", softmax, None),
    "softmax-smoothed": (5, "classes", lambda z, t: softmax(z, t, label_smoothing=0.1), None),
    "softmax-class-weights": (5, "classes", softmax, CLASS_WEIGHTS),
    "softmax-probabilities": (5, "probabilities", softmax, None),
    "softmax-probabilities-smoothed": (5, "probabilities", lambda z, t: softmax(z, t, label_smoothing=0.25), None),
    "sigmoid": (5, "classes", lambda z, t: sigmoid(z, one_hot(t)), None),
    "sigmoid-vectors": (5, "probabilities", sigmoid, None),
    "sigmoid-smoothed": (5, "classes", lambda z, t: sigmoid(z, 0.8 * one_hot(t) + 0.1), None),
    "sigmoid-one-output": (1, "classes", lambda z, t: sigmoid(z, column(t)), None),
    "sigmoid-one-output-weights": (1, "classes", lambda z, t: sigmoid(z, column(t)), torch.tensor([1.0, 3.0])),
    "squares": (5, "numbers", squares, None),
    "squares-classes": (5, "classes", lambda z, t: squares(z, one_hot(t)), None),
    "squares-one-output": (1, "classes", lambda z, t: squares(z, column(t)), None),
    "hinge": (5, "classes", hinge, None),
    "hinge-margin": (5, "classes", lambda z, t: hinge(z, t, margin=0.25), None),
    "hinge-perceptron": (5, "classes", lambda z, t: hinge(z, t, margin=0.0), None),
    "hinge-class-weights": (5, "classes", hinge, CLASS_WEIGHTS),
    "hinge-one-output": (1, "classes", lambda z, t: binary_hinge(z, t, 1.0), None),
    "hinge-one-output-margin": (1, "classes", lambda z, t: binary_hinge(z, t, 0.5), None),
    "huber": (5, "numbers", lambda z, t: huber(z, t, 1.0), None),
    "huber-delta": (5, "numbers", lambda z, t: huber(z, t, 0.25), None),
}


def draw_targets(what, outputs, rows, generator):
    if what == "classes":
        return torch.randint(max(2, outputs), (rows,), generator=generator)
    if what == "numbers":
        return 2 * torch.randn(rows, outputs, generator=generator)
    # Multiples of 1/64 that sum to 1.
    cuts = torch.randint(65, (rows, outputs - 1), generator=generator).sort(1).values
    edges = torch.cat([torch.zeros(rows, 1), cuts, torch.full((rows, 1), 64.0)], 1)
    return edges.diff(dim=1) / 64


def weighted_mean(name, z, t, losses, weights, class_weights):
    """PyTorch's own weighting by class where it has one; it is the same sum over the same weights."""
    if class_weights is None:
        return (weights * losses).sum() / weights.sum()
    own = {"softmax-class-weights": softmax, "hinge-class-weights": hinge}
    if name in own:
        weighted = own[name](z, t, weight=class_weights)
    else:
        weighted = sigmoid(z, column(t), pos_weight=class_weights[1:])
    return (weights * weighted).sum() / (weights * class_weights[t]).sum()


def write_case(name, generator, rows=12):
    outputs, what, loss, class_weights = CASES[name]
    z = (3 * torch.randn(rows, outputs, generator=generator)).double().requires_grad_()
    t = draw_targets(what, outputs, rows, generator)
    weights = torch.randint(1, 9, (rows,), generator=generator).double() / 4
    weights[3] = 0
    target = t if what == "classes" else t.double()
    losses = loss(z, target)
    (gradient,) = torch.autograd.grad(losses.sum(), z)
    mean = weighted_mean(name, z, target, loss(z, target), weights, class_weights)
    (mean_gradient,) = torch.autograd.grad(mean, z)

    file = GoldenFile(f"loss-{name}.txt")
    file.add("outputs", z)
    file.add("targets", t)
    file.add("losses", losses)
    file.add("gradient", gradient)
    file.add("weights", weights)
    file.add("mean", mean)
    file.add("mean.gradient", mean_gradient)
    file.write()


def write():
    generator = torch.Generator().manual_seed(2)
    for name in CASES:
        write_case(name, generator)
