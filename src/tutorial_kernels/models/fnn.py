"""Feedforward networks: linear layers with a ReLU between them."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from tutorial_kernels import Tensor, nn
from tutorial_kernels.kernels import (
    Array,
    cross_entropy_backward,
    cross_entropy_forward,
    linear_backward,
    linear_forward,
    relu_backward,
    relu_forward,
)


class SimpleNN(nn.Module):
    """Four inputs, eight hidden units, three classes: 67 parameters."""

    def __init__(self) -> None:
        """Make the layers."""
        super().__init__()
        self.fc1 = nn.Linear(4, 8)
        self.relu = nn.ReLU()
        self.fc2 = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Turn measurements (B, 4) into logits (B, 3)."""
        x = self.fc1(x)
        x = self.relu(x)
        x = self.fc2(x)
        return x


class MLP(nn.Module):
    """Any number of linear layers, with a ReLU between each two.

    As it stands, 40 numbers become ten logits through two hidden layers:
    15,210 parameters. With two sizes it is a linear classifier.
    """

    def __init__(self, sizes: Sequence[int] = (40, 100, 100, 10)) -> None:
        """Make the layers; `sizes` goes from the inputs to the logits."""
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in pairwise(sizes):
            layers += [nn.Linear(before, after), nn.ReLU()]
        self.layers = nn.Sequential(*layers[:-1])

    def forward(self, x: Tensor) -> Tensor:
        """Turn signals or images (B, ...) into logits (B, classes)."""
        return self.layers(x.flatten(1))


def simple_nn_loss_and_gradients(
    parameters: dict[str, Array], x: Array, labels: Array
) -> tuple[Array, dict[str, Array]]:
    """Go through SimpleNN by hand: forward, the loss, and all the way back.

    Args:
        parameters: The arrays of `SimpleNN().state_dict()`.
        x: The measurements, (B, 4).
        labels: The right classes, (B).

    Returns:
        The loss, and its gradient for every parameter under the same keys.
    """
    p = parameters
    hidden, fc1 = linear_forward(x, p["fc1.weight"], p["fc1.bias"])
    active, relu = relu_forward(hidden)
    logits, fc2 = linear_forward(active, p["fc2.weight"], p["fc2.bias"])
    loss, cross_entropy = cross_entropy_forward(logits, labels)

    g: dict[str, Any] = {}
    grad, _ = cross_entropy_backward(1.0, cross_entropy)
    grad, g["fc2.weight"], g["fc2.bias"] = linear_backward(grad, fc2)
    grad = relu_backward(grad, relu)
    grad, g["fc1.weight"], g["fc1.bias"] = linear_backward(grad, fc1)
    return loss, {key: g[key] for key in parameters}
