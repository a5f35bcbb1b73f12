"""Writes the training loops that LibTorch runs in the benchmark Rivals, as TorchScript.

    python3 src-test/src/bench/python/libtorch_training.py src-test/src/bench/resources/dev/lockstep/bench

784-256-128-64-10, ReLU, softmax cross-entropy, SGD with momentum 0.9. One call trains many steps,
so that nothing is counted against LibTorch but its own work:

    forward(x, labels, order, plan) -> mean loss of the steps
      x       [n, 784] float32 in [0, 1], or uint8
      labels  [n] int64
      order   [n] int64, the order in which an epoch visits the examples
      plan    [batch size, first step, steps] int64

Two forms of the same arithmetic are written. `autograd` is what a user would write. `by_hand` has the
derivatives written out, works in place, and lets one sgemm compute the gradient and add it to the
decayed velocity; it does without every pass over memory that can be spared.
"""

import io
import sys
import zipfile
from typing import List

import torch
from torch import Tensor

SIZES = [784, 256, 128, 64, 10]
RATE = 0.01
MOMENTUM = 0.9


class Loop(torch.nn.Module):
    weights: List[Tensor]
    biases: List[Tensor]
    weight_velocities: List[Tensor]
    bias_velocities: List[Tensor]

    def __init__(self, learns: bool):
        super().__init__()
        self.sizes = SIZES
        self.rate = RATE
        self.momentum = MOMENTUM
        self.learns = learns
        self.weights = []
        self.biases = []
        self.weight_velocities = []
        self.bias_velocities = []

    def begin(self) -> None:
        """Makes the parameters; the file holds none."""
        for layer in range(len(self.sizes) - 1):
            i = self.sizes[layer]
            o = self.sizes[layer + 1]
            weight = torch.randn([i, o]) * (2.0 / i) ** 0.5
            self.weights.append(weight.requires_grad_(self.learns))
            self.biases.append(torch.zeros([o]).requires_grad_(self.learns))
            self.weight_velocities.append(torch.zeros([i, o]))
            self.bias_velocities.append(torch.zeros([o]))

    def batch(self, x: Tensor, rows: Tensor) -> Tensor:
        picked = x.index_select(0, rows)
        if picked.dtype == torch.uint8:
            return picked.to(torch.float32).mul_(1.0 / 255)
        return picked


class Autograd(Loop):
    def __init__(self):
        super().__init__(True)

    def forward(self, x: Tensor, labels: Tensor, order: Tensor, plan: Tensor) -> Tensor:
        if len(self.weights) == 0:
            self.begin()
        size = int(plan[0])
        first = int(plan[1])
        steps = int(plan[2])
        per_epoch = x.size(0) // size
        losses = torch.zeros(1)
        for step in range(first, first + steps):
            start = (step % per_epoch) * size
            rows = order[start : start + size]
            torch.set_grad_enabled(True)
            a = self.batch(x, rows)
            last = len(self.weights) - 1
            for layer in range(last):
                a = torch.addmm(self.biases[layer], a, self.weights[layer]).relu()
            z = torch.addmm(self.biases[last], a, self.weights[last])
            loss = torch.nn.functional.cross_entropy(z, labels.index_select(0, rows))
            parameters = self.weights + self.biases
            gradients = torch.autograd.grad([loss], parameters)
            with torch.no_grad():
                velocities = self.weight_velocities + self.bias_velocities
                for i in range(len(parameters)):
                    gradient = gradients[i]
                    if gradient is not None:
                        velocities[i].mul_(self.momentum).add_(gradient)
                        parameters[i].add_(velocities[i], alpha=-self.rate)
                losses.add_(loss)
        return losses / steps


class ByHand(Loop):
    def __init__(self):
        super().__init__(False)

    def forward(self, x: Tensor, labels: Tensor, order: Tensor, plan: Tensor) -> Tensor:
        if len(self.weights) == 0:
            self.begin()
        size = int(plan[0])
        first = int(plan[1])
        steps = int(plan[2])
        per_epoch = x.size(0) // size
        losses = torch.zeros(1)
        share = 1.0 / size
        minus = torch.full([size, 1], -share)
        with torch.no_grad():
            for step in range(first, first + steps):
                start = (step % per_epoch) * size
                rows = order[start : start + size]
                targets = labels.index_select(0, rows).unsqueeze(1)
                outputs = [self.batch(x, rows)]
                last = len(self.weights) - 1
                for layer in range(last):
                    outputs.append(
                        torch.addmm(self.biases[layer], outputs[layer], self.weights[layer]).relu_()
                    )
                z = torch.addmm(self.biases[last], outputs[last], self.weights[last])
                logs = torch.log_softmax(z, 1)
                losses.sub_(logs.gather(1, targets).mean())
                dy = logs.exp_().mul_(share).scatter_add_(1, targets, minus)
                for back in range(len(self.weights)):
                    layer = last - back
                    y = outputs[layer]
                    dx = dy
                    if layer > 0:
                        dx = torch.mm(dy, self.weights[layer].t())
                        dx = torch.ops.aten.threshold_backward(dx, y, 0)
                    self.weight_velocities[layer].addmm_(y.t(), dy, beta=self.momentum)
                    self.bias_velocities[layer].mul_(self.momentum).add_(dy.sum(0))
                    self.weights[layer].add_(self.weight_velocities[layer], alpha=-self.rate)
                    self.biases[layer].add_(self.bias_velocities[layer], alpha=-self.rate)
                    dy = dx
        return losses / steps


def main(directory: str) -> None:
    for name, loop in (("autograd", Autograd()), ("by_hand", ByHand())):
        whole = io.BytesIO()
        torch.jit.save(torch.jit.script(loop), whole)
        whole.seek(0)
        # Without the debug records: they would carry the paths of the machine that made the file.
        with zipfile.ZipFile(whole) as source, zipfile.ZipFile(
            f"{directory}/libtorch-{name}.pt", "w", zipfile.ZIP_STORED
        ) as target:
            for entry in source.infolist():
                if not entry.filename.endswith(".debug_pkl"):
                    target.writestr(zipfile.ZipInfo(entry.filename), source.read(entry))


def check() -> None:
    """Both forms must learn the same."""
    x = torch.rand(1024, 784)
    labels = (x[:, :10]).argmax(1)
    order = torch.randperm(1024)
    plan = torch.tensor([128, 0, 40])
    losses = []
    for loop in (Autograd(), ByHand()):
        torch.manual_seed(1)
        losses.append(float(torch.jit.script(loop)(x, labels, order, plan)))
    one, two = losses
    assert abs(one - two) < 1e-4, losses


if __name__ == "__main__":
    check()
    main(sys.argv[1])
