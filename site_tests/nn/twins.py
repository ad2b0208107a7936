"""The same thing made twice: by our nn and by torch's."""

from typing import Any

import numpy as np
import torch

from site_tests.kernels.case import assert_close
from tutorial_kernels import Tensor, nn


def both(build: Any) -> tuple[Any, Any]:
    """The same expression, once over our nn and once over torch's."""
    return build(nn), build(torch.nn)


def make(module: Any, *shape: int) -> Any:
    """Zeros of the kind that `module` takes."""
    return np.zeros(shape, np.float32) if module is nn else torch.zeros(shape)


def shake(module: torch.nn.Module) -> None:
    """Other parameters: zeros would hide a bias that is not there."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(torch.randn(parameter.shape) / 3)


def in_double(build: Any) -> tuple[Any, Any]:
    """The same expression over torch's nn and over ours, in float64."""
    theirs, ours = build(torch.nn).double(), build(nn).double()
    shake(theirs)
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


def outputs(
    module: Any, arrays: list[np.ndarray], options: dict[str, Any]
) -> tuple[Any, list[Any]]:
    """The output of ours or of torch's, and the leaves it came from."""
    if isinstance(module, torch.nn.Module):
        leaves = [torch.tensor(a, requires_grad=True) for a in arrays]
        options = {
            k: torch.tensor(v) if isinstance(v, np.ndarray) else v
            for k, v in options.items()
        }
        return module(*leaves, **options), leaves
    ours = [Tensor(a, requires_grad=True) for a in arrays]
    return module(*ours, **options), ours


def assert_same(
    ours: Any, theirs: Any, arrays: list[Any], options: dict[str, Any]
) -> None:
    """Outputs and all gradients, for a random cotangent."""
    out, inputs = outputs(ours, arrays, options)
    expected, leaves = outputs(theirs, arrays, options)
    assert_close(out.data, expected.detach().numpy(), 1e-10)
    grad = np.random.default_rng(3).standard_normal(out.shape)
    out.backward(grad)
    expected.backward(torch.tensor(grad))
    for one, other in zip(
        [*inputs, *ours.parameters()],
        [*leaves, *theirs.parameters()],
        strict=True,
    ):
        assert_close(one.grad, other.grad.numpy(), 1e-10)
