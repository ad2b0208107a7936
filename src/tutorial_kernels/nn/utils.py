"""Gradients made smaller, and parameters as one long vector."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.kernels.contract import Array, quiet

type Parameters = Tensor | Iterable[Tensor]


@quiet
def clip_grad_norm_(
    parameters: Parameters,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
) -> Any:
    """Shorten all gradients together, in place, to at most `max_norm`.

    `grad = grad * min(1, max_norm / (norm + 1e-6))`, where `norm` is that of
    all gradients as one long vector. The direction stays the same.

    Args:
        parameters: Tensors, or one.
        max_norm: The largest length.
        norm_type: 2 for the length, 1 for the sum of the sizes, inf for the
            largest of them, or another power.
        error_if_nonfinite: Whether to refuse a norm of inf or nan.

    Returns:
        The norm before, in the dtype of the gradients.

    Raises:
        RuntimeError: If the norm is not finite and `error_if_nonfinite`.

    Source: Pascanu, Mikolov and Bengio, "On the difficulty of training
    recurrent neural networks", 2013.
    """
    owners = _with_gradients("clip_grad_norm_", parameters)
    order = float(norm_type)
    norms = [_norm(np.asarray(owner.grad), order) for owner in owners]
    total = _norm(np.asarray(norms), order) if norms else np.float32(0)
    if error_if_nonfinite and not np.isfinite(total):
        raise RuntimeError(
            f"clip_grad_norm_: the norm of the gradients is {total}, "
            "so they cannot be clipped"
        )
    factor = np.minimum(max_norm / (total + 1e-6), 1)
    for owner in owners:
        owner.grad *= factor
    return total


def clip_grad_value_(parameters: Parameters, clip_value: float) -> None:
    """Move every number of every gradient, in place, into a range.

    Args:
        parameters: Tensors, or one.
        clip_value: The gradients are kept from `-clip_value` to `clip_value`.
    """
    limit = float(clip_value)
    for owner in _with_gradients("clip_grad_value_", parameters):
        owner.grad = np.clip(owner.grad, -limit, limit, out=owner.grad)


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """Put all parameters one after the other, each flattened.

    Gradients find their way back through the vector.
    """
    return F.cat([parameter.flatten() for parameter in parameters])


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """Write a vector into parameters, in the order it was made of them.

    The arrays stay the same, so that an optimizer goes on with them.

    Raises:
        ValueError: If the vector is not as long as all parameters together.
    """
    owners = list(parameters)
    sizes = [owner.data.size for owner in owners]
    if vec.shape != (sum(sizes),):
        raise ValueError(
            f"vector_to_parameters: vec must have shape ({sum(sizes)},), "
            f"got {vec.shape}"
        )
    flat, start = Tensor(vec).data, 0
    for owner, size in zip(owners, sizes, strict=True):
        owner.data[...] = flat[start : start + size].reshape(owner.shape)
        start += size


def _with_gradients(function: str, parameters: Parameters) -> list[Any]:
    listed = [parameters] if isinstance(parameters, Tensor) else parameters
    if not isinstance(listed, Iterable):
        raise TypeError(
            f"{function}: parameters must be tensors, such as "
            f"model.parameters(), got a {type(listed).__name__}"
        )
    return [parameter for parameter in listed if parameter.grad is not None]


def _norm(x: Array, order: float) -> Any:
    """The norm of an array as one long vector; 0 when it is empty."""
    return np.linalg.norm(x.ravel(), order) if x.size else x.dtype.type(0)
