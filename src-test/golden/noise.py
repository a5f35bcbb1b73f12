"""The gradient noise scale along a run: the two-batch estimator of McCandlish et al. 2018, appendix A.1.

A batch of 32 examples in file order is four micro-batches: example p belongs to micro-batch p mod 4. Batches are drawn
without replacement from the 320 examples, so that 1/n stands where the paper, which draws from a distribution, has 0.
"""

import torch
import torch.nn.functional as F

from golden import GoldenFile, draw_tensors, forward

STEPS = 50
BATCH = 32
EXAMPLES = 10 * BATCH
SHARDS = 4
DECAY = 0.8
SIZES = [20, 16, 12, 5]


def gradient(x, labels, tensors):
    """Mean gradient of some examples, as one vector."""
    loss = F.cross_entropy(forward(x, tensors, "tanh"), labels)
    return torch.cat([g.flatten() for g in torch.autograd.grad(loss, tensors.values())])


def write():
    generator = torch.Generator().manual_seed(5)
    tensors = draw_tensors(SIZES, generator)
    labels = torch.randint(SIZES[-1], (EXAMPLES,), generator=generator)
    pixels = torch.randint(256, (EXAMPLES, SIZES[0]), generator=generator)
    stripes = (torch.arange(SIZES[0]) % SIZES[-1])[None, :] == labels[:, None]
    pixels = torch.where(stripes, pixels // 2 + 60, pixels // 2)

    file = GoldenFile("noise.txt")
    file.add("pixels", pixels)
    file.add("labels", labels)
    for name, tensor in tensors.items():
        file.add(name, tensor)
    tensors = {n: t.double().requires_grad_() for n, t in tensors.items()}
    x = (pixels.to(torch.float32) / 255).double()
    optimizer = torch.optim.SGD(tensors.values(), lr=0.2, momentum=0.9)
    trace_average = squares_average = 0.0
    traces, squares, scales = [], [], []
    for step in range(STEPS):
        start = step * BATCH % EXAMPLES
        rows = torch.arange(start, start + BATCH)
        whole = gradient(x[rows], labels[rows], tensors)
        parts = [gradient(x[rows[s::SHARDS]], labels[rows[s::SHARDS]], tensors) for s in range(SHARDS)]
        small = sum((g @ g).item() for g in parts) / SHARDS
        big = (whole @ whole).item()
        b = BATCH / SHARDS
        trace = (small - big) / (1 / b - 1 / BATCH)
        square = big - trace * (1 / BATCH - 1 / EXAMPLES)
        trace_average = DECAY * trace_average + (1 - DECAY) * trace
        squares_average = DECAY * squares_average + (1 - DECAY) * square
        traces.append(trace)
        squares.append(square)
        scales.append(trace_average / squares_average)
        optimizer.zero_grad()
        F.cross_entropy(forward(x[rows], tensors, "tanh"), labels[rows]).backward()
        optimizer.step()
    for name, values in (("trace", traces), ("gradient-squares", squares), ("scale", scales)):
        file.add(name, torch.tensor(values, dtype=torch.float64))
    print(f"noise scale: {scales[0]:.1f} to {scales[-1]:.1f}")
    file.write()
