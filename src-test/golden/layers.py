"""Outputs, losses and gradients of a network of three layers, for the layers that learn or have settings of their own."""

import torch
import torch.nn.functional as F

from golden import GoldenFile

FUNCTIONS = {
    "leaky-relu": lambda z: F.leaky_relu(z, 0.01),
    "elu": F.elu,
    "selu": F.selu,
    "softplus": F.softplus,
    "gelu": F.gelu,
    "gelu-tanh": lambda z: F.gelu(z, approximate="tanh"),
    "silu": F.silu,
    "softmax": lambda z: torch.softmax(z, dim=1),
}
SIZES = [13, 33, 17, 5]
ROWS = 9


class Network:
    """Named tensors, in the order of layers, and the function that they make; draws them as it grows."""

    def __init__(self, generator):
        self.generator = generator
        self.tensors = {}
        self.functions = []
        self.learning = 0

    def learn(self, name, values):
        tensor = values.requires_grad_()
        self.tensors[f"layers.{self.learning}.{name}"] = tensor
        return tensor

    def dense(self, inputs, outputs):
        weight = torch.randn(outputs, inputs, generator=self.generator) / inputs**0.5
        weight = self.learn("weight", weight)
        bias = self.learn("bias", 0.1 * torch.randn(outputs, generator=self.generator))
        self.learning += 1
        self.functions.append(lambda x: F.linear(x, weight, bias))

    def prelu(self, slopes):
        slope = self.learn("slope", 0.25 + 0.2 * torch.randn(slopes, generator=self.generator))
        self.learning += 1
        self.functions.append(lambda x: F.prelu(x, slope))

    def maxout(self, inputs, outputs, pieces):
        self.dense(inputs, pieces * outputs)
        self.functions.append(lambda x: x.view(-1, pieces, outputs).amax(dim=1))

    def forward(self, x):
        for function in self.functions:
            x = function(x)
        return x


def write_network(name, network, generator):
    x = 2 * torch.rand(ROWS, SIZES[0], generator=generator) - 1
    targets = torch.randint(SIZES[-1], (ROWS,), generator=generator)
    outputs = network.forward(x)
    losses = F.cross_entropy(outputs, targets, reduction="none")
    losses.sum().backward()

    file = GoldenFile(f"gradients-{name}.txt")
    file.add("x", x)
    file.add("targets", targets)
    file.add("outputs", outputs)
    file.add("losses", losses)
    for tensor_name, tensor in network.tensors.items():
        file.add(tensor_name, tensor)
        file.add(f"{tensor_name}.gradient", tensor.grad)
    file.write()


def write():
    generator = torch.Generator().manual_seed(2)
    inner = list(zip(SIZES, SIZES[1:-1]))
    for name, function in FUNCTIONS.items():
        network = Network(generator)
        for inputs, outputs in inner:
            network.dense(inputs, outputs)
            network.functions.append(function)
        network.dense(SIZES[-2], SIZES[-1])
        write_network(name, network, generator)
    for name, is_shared in (("prelu", False), ("prelu-shared", True)):
        network = Network(generator)
        for inputs, outputs in inner:
            network.dense(inputs, outputs)
            network.prelu(1 if is_shared else outputs)
        network.dense(SIZES[-2], SIZES[-1])
        write_network(name, network, generator)
    network = Network(generator)
    for inputs, outputs in inner:
        network.maxout(inputs, outputs, 3)
    network.dense(SIZES[-2], SIZES[-1])
    write_network("maxout", network, generator)
