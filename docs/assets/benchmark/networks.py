"""Four small networks, each with a training step in tutorial_kernels.

The numbers they start from come from a formula that the page's scripts have
too, so that losses can be compared.

    mlp    784 - 128 - 10, batch 64, SGD
    cnn    16 kernels of 3 x 3, max pooling by 2, 10 classes, batch 64, SGD
    lstm   32 inputs, 128 hidden, 32 time steps, batch 32, Adam
    block  a Transformer block: 64 features, 4 heads, 64 places, batch 16,
           65 classes at every place, Adam
"""

import math
import time

import numpy as np

from tutorial_kernels import Tensor, functional, nn, optim

NAMES = ("mlp", "cnn", "lstm", "block")
LEARNING_RATE = {"mlp": 0.05, "cnn": 0.05, "lstm": 1e-3, "block": 1e-3}
HEADS = 4


def random_numbers(seed, count):
    """Between 0 and 1, the same in NumPy and in a script (mulberry32)."""
    with np.errstate(over="ignore"):
        steps = np.arange(1, count + 1, dtype=np.uint32)
        state = np.uint32(seed) + steps * np.uint32(0x6D2B79F5)
        mixed = (state ^ (state >> 15)) * (state | 1)
        mixed ^= mixed + (mixed ^ (mixed >> 7)) * (mixed | 61)
    return (mixed ^ (mixed >> 14)) / 2.0**32


# name: shape and fan-in; a fan-in of 0 stands for zeros, of 1 for ones
PARAMETERS = {
    "mlp": {
        "weight1": ((784, 128), 784), "bias1": ((128,), 0),
        "weight2": ((128, 10), 128), "bias2": ((10,), 0),
    },
    "cnn": {
        "kernels": ((16, 1, 3, 3), 9), "bias1": ((16,), 0),
        "weight2": ((2704, 10), 2704), "bias2": ((10,), 0),
    },
    "lstm": {
        "weight_x": ((32, 512), 128), "weight_h": ((128, 512), 128),
        "weight": ((128, 10), 128), "bias": ((10,), 0),
    },
    "block": {
        "scale1": ((64,), 1), "shift1": ((64,), 0),
        "weight_qkv": ((64, 192), 64), "weight_out": ((64, 64), 64),
        "scale2": ((64,), 1), "shift2": ((64,), 0),
        "weight1": ((64, 256), 64), "bias1": ((256,), 0),
        "weight2": ((256, 64), 256), "bias2": ((64,), 0),
        "weight": ((64, 65), 64), "bias": ((65,), 0),
    },
}  # fmt: skip
INPUTS = {
    "mlp": ((64, 784), 64, 10),
    "cnn": ((64, 1, 28, 28), 64, 10),
    "lstm": ((32, 32, 32), 32, 10),  # (T, B, C)
    "block": ((16, 64, 64), 1024, 65),
}


def problem(name):
    """The parameters, the inputs and the labels of a network."""
    parameters = {}
    for seed, (key, (shape, fan_in)) in enumerate(PARAMETERS[name].items()):
        if fan_in < 2:
            parameters[key] = np.full(shape, fan_in, np.float32)
        else:
            numbers = random_numbers(seed + 1, math.prod(shape))
            numbers = (2 * numbers - 1) / math.sqrt(fan_in)
            parameters[key] = numbers.astype(np.float32).reshape(shape)
    shape, count, classes = INPUTS[name]
    x = 2 * random_numbers(100, math.prod(shape)) - 1
    labels = (random_numbers(200, count) * classes).astype(np.int64)
    return parameters, x.astype(np.float32).reshape(shape), labels


def course(name):
    """A training step of the network; it returns the loss."""
    parameters, x, labels = problem(name)
    model = {"mlp": mlp, "cnn": cnn, "lstm": LSTM, "block": Block}[name]()
    load(model, name, parameters)
    kind = optim.SGD if name in ("mlp", "cnn") else optim.Adam
    optimizer = kind(model.parameters(), lr=LEARNING_RATE[name])
    x = Tensor(x)

    def step():
        optimizer.zero_grad()
        loss = functional.cross_entropy(model(x), labels)
        loss.backward()
        optimizer.step()
        return float(loss.data)

    return step


def mlp():
    return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


def cnn():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(2704, 10),
    )


class LSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(32, 128, bias=False)
        self.linear = nn.Linear(128, 10)

    def forward(self, x):
        _, (h, _) = self.lstm(x)
        return self.linear(h[0])


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(64)
        self.project_qkv = nn.Linear(64, 192, bias=False)
        self.project_out = nn.Linear(64, 64, bias=False)
        self.norm2 = nn.LayerNorm(64)
        self.expand = nn.Linear(64, 256)
        self.contract = nn.Linear(256, 64)
        self.classify = nn.Linear(64, 65)

    def forward(self, x):
        batch, places, size = x.shape
        heads = (batch, places, 3, HEADS, size // HEADS)
        qkv = self.project_qkv(self.norm1(x)).reshape(heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # each (B, N, T, D)
        seen = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        seen = seen.permute(0, 2, 1, 3).reshape(batch, places, size)
        x = x + self.project_out(seen)
        hidden = functional.relu(self.expand(self.norm2(x)))
        x = x + self.contract(hidden)
        return self.classify(x).reshape(batch * places, 65)


# a parameter here: its name in the model; torch keeps weights transposed
NAMES_IN_MODEL = {
    "mlp": ("0.weight", "0.bias", "2.weight", "2.bias"),
    "cnn": ("0.weight", "0.bias", "4.weight", "4.bias"),
    "lstm": (
        "lstm.weight_ih_l0", "lstm.weight_hh_l0", "linear.weight",
        "linear.bias",
    ),
    "block": (
        "norm1.weight", "norm1.bias", "project_qkv.weight",
        "project_out.weight", "norm2.weight", "norm2.bias", "expand.weight",
        "expand.bias", "contract.weight", "contract.bias", "classify.weight",
        "classify.bias",
    ),
}  # fmt: skip


def load(model, name, parameters):
    state = {}
    for key, array in zip(
        NAMES_IN_MODEL[name], parameters.values(), strict=True
    ):
        turned = array.T if array.ndim == 2 else array
        state[key] = np.ascontiguousarray(turned)
    model.load_state_dict(state)


def milliseconds(step, at_least=0.06):
    """Per step, over as many as take a while together."""
    count, seconds = 0, 0.0
    start = time.perf_counter()
    while seconds < at_least or count < 2:
        step()
        count += 1
        seconds = time.perf_counter() - start
    return seconds / count * 1000
