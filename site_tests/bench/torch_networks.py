"""The networks of docs/assets/benchmark/networks.py, in PyTorch."""

from __future__ import annotations

from collections.abc import Callable

import networks
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812


class LSTM(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(32, 128, bias=False)
        self.linear = nn.Linear(128, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        _, (h, _) = self.lstm(x)
        return self.linear(h[0])


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(64)
        self.project_qkv = nn.Linear(64, 192, bias=False)
        self.project_out = nn.Linear(64, 64, bias=False)
        self.norm2 = nn.LayerNorm(64)
        self.expand = nn.Linear(64, 256)
        self.contract = nn.Linear(256, 64)
        self.classify = nn.Linear(64, 65)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, places, _ = x.shape
        qkv = self.project_qkv(self.norm1(x))
        q, k, v = qkv.reshape(batch, places, 3, 4, 16).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.project_out(seen.transpose(1, 2).reshape(x.shape))
        x = x + self.contract(F.relu(self.expand(self.norm2(x))))
        return self.classify(x).reshape(batch * places, 65)


def make(name: str) -> nn.Module:
    if name == "mlp":
        return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if name == "cnn":
        layers = [nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
        return nn.Sequential(*layers, nn.Linear(2704, 10))
    return LSTM() if name == "lstm" else Block()


def step(name: str) -> Callable[[], float]:
    """A training step from the same numbers; it returns the loss."""
    torch.set_num_threads(1)
    parameters, x, labels = networks.problem(name)
    model = make(name)
    state = {}
    names = networks.NAMES_IN_MODEL[name]
    for key, array in zip(names, parameters.values(), strict=True):
        turned = array.T if array.ndim == 2 else array
        state[key] = torch.tensor(turned.copy())
    model.load_state_dict(state)
    kind = torch.optim.SGD if name in ("mlp", "cnn") else torch.optim.Adam
    optimizer = kind(model.parameters(), lr=networks.LEARNING_RATE[name])
    inputs, targets = torch.from_numpy(x), torch.from_numpy(labels)

    def train() -> float:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(inputs), targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    return train
