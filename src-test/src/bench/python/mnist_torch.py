"""Trains 784-256-128-64-10 on MNIST with PyTorch, as quickly as one process can.

The same network, initial distribution, optimiser, batches and schedule as the run of Lockstep that
time_to_accuracy.py sets beside it; data in memory, a batch by one index_select, no DataLoader.
Prints JSON: test accuracy, and seconds since the start of Python for each stage.
"""

import time

BEGUN = time.perf_counter()

import argparse
import gzip
import json
import os

import torch

IMPORTED = time.perf_counter()


def read_idx(directory, name, header):
    """The bytes after the header of a file that is plain or gzip."""
    path = os.path.join(directory, name)
    if os.path.exists(path):
        with open(path, "rb") as file:
            data = file.read()
    else:
        with gzip.open(path + ".gz") as file:
            data = file.read()
    return torch.frombuffer(bytearray(data), dtype=torch.uint8, offset=header)


def examples(directory, split):
    pixels = read_idx(directory, split + "-images-idx3-ubyte", 16).reshape(-1, 784)
    labels = read_idx(directory, split + "-labels-idx1-ubyte", 8)
    return pixels.float().div_(255), labels.long()


def network():
    sizes = [784, 256, 128, 64, 10]
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layer = torch.nn.Linear(inputs, outputs)
        torch.nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        torch.nn.init.zeros_(layer.bias)
        layers += [layer, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--learning-rate", type=float, required=True)
    parser.add_argument("--factor", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    x, y = examples(options.data, "train")
    test_x, test_y = examples(options.data, "t10k")
    read = time.perf_counter()
    net = network()
    optimizer = torch.optim.Adam(net.parameters(), lr=options.learning_rate)
    loss_of = torch.nn.CrossEntropyLoss()
    first_step = None
    for epoch in range(options.epochs):
        for group in optimizer.param_groups:
            group["lr"] = options.learning_rate * options.factor**epoch
        order = torch.randperm(len(x))
        for rows in order.split(options.batch_size):
            optimizer.zero_grad(set_to_none=True)
            loss_of(net(x.index_select(0, rows)), y.index_select(0, rows)).backward()
            optimizer.step()
            first_step = first_step or time.perf_counter()
    trained = time.perf_counter()
    with torch.no_grad():
        correct = (net(test_x).argmax(1) == test_y).sum().item()
    evaluated = time.perf_counter()
    print(
        json.dumps(
            {
                "test_accuracy": correct / len(test_y),
                "imported": IMPORTED - BEGUN,
                "read": read - BEGUN,
                "first_step": first_step - BEGUN,
                "trained": trained - BEGUN,
                "evaluated": evaluated - BEGUN,
            }
        ),
        flush=True,
    )


main()
