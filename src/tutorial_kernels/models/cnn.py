"""A convolutional network: one convolution, one pooling, one linear layer."""

from typing import Any

from tutorial_kernels import Tensor, nn
from tutorial_kernels.kernels import (
    Array,
    conv2d_backward,
    conv2d_forward,
    cross_entropy_backward,
    cross_entropy_forward,
    flatten_backward,
    flatten_forward,
    linear_backward,
    linear_forward,
    max_pool2d_backward,
    max_pool2d_forward,
    relu_backward,
    relu_forward,
)


class SimpleCNN(nn.Module):
    """Grey images of 28 x 28 pixels to ten classes: 27,210 parameters."""

    def __init__(self) -> None:
        """Make the layers."""
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(16 * 13 * 13, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Turn images (B, 1, 28, 28) into logits (B, 10)."""
        x = self.pool(self.relu(self.conv1(x)))
        x = x.flatten(1)
        x = self.fc1(x)
        return x


def simple_cnn_loss_and_gradients(
    parameters: dict[str, Array], x: Array, labels: Array
) -> tuple[Array, dict[str, Array]]:
    """Go through SimpleCNN by hand: forward, the loss, and all the way back.

    Args:
        parameters: The arrays of `SimpleCNN().state_dict()`.
        x: The images, (B, 1, 28, 28).
        labels: The right classes, (B).

    Returns:
        The loss, and its gradient for every parameter under the same keys.
    """
    p = parameters
    maps, conv1 = conv2d_forward(x, p["conv1.weight"], p["conv1.bias"])
    active, relu = relu_forward(maps)
    pooled, pool = max_pool2d_forward(active, 2)
    flat, flatten = flatten_forward(pooled, 1)
    logits, fc1 = linear_forward(flat, p["fc1.weight"], p["fc1.bias"])
    loss, cross_entropy = cross_entropy_forward(logits, labels)

    g: dict[str, Any] = {}
    grad, _ = cross_entropy_backward(1.0, cross_entropy)
    grad, g["fc1.weight"], g["fc1.bias"] = linear_backward(grad, fc1)
    grad = flatten_backward(grad, flatten)
    grad = max_pool2d_backward(grad, pool)
    grad = relu_backward(grad, relu)
    grad, g["conv1.weight"], g["conv1.bias"] = conv2d_backward(grad, conv1)
    return loss, {key: g[key] for key in parameters}
