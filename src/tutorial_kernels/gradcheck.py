"""Checks of a backward against its own forward, in float64.

The dot test compares two ways to the same number. Move an input a little in a
random direction u: the output moves by J u. Weigh the output with random
numbers v: the backward gives J^T v. If it is right,

    <J u, v> = <u, J^T v>

One comparison covers the whole Jacobian J. For small inputs, every single
element is then moved by itself, which says where a mistake is.

The weights v are random, never ones: a softmax backward that returns zeros
passes any check with ones, because probabilities always sum to one.
"""

import copy
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutorial_kernels.autograd import Tensor
from tutorial_kernels.kernels.contract import Array, is_floating
from tutorial_kernels.nn.module import Module

STEP = 1e-6
TOLERANCE = 1e-6
SMALL = 200  # inputs up to this size are checked element by element

type Outputs = list[Array]


class GradientError(AssertionError):
    """A backward that does not belong to its forward."""


@dataclass(frozen=True)
class GradientCheck:
    """What a check found, as the largest difference for every argument.

    The differences are relative to the size of the numbers compared.
    """

    dot: dict[str, float]
    elements: dict[str, float]

    @property
    def largest(self) -> float:
        """The largest of all differences."""
        return max([0.0, *self.dot.values(), *self.elements.values()])


def check_kernel(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    *arrays: Any,
    **options: Any,
) -> GradientCheck:
    """Check that a backward is the derivative of its forward.

    Args:
        forward: The forward kernel.
        backward: Its backward.
        *arrays: Its inputs; floating-point ones are taken as float64.
        **options: Its options.

    Raises:
        GradientError: If they differ. The message names the argument.
    """
    inputs = [_float64(array) for array in arrays]
    names = _argument_names(forward, len(inputs))
    title = getattr(forward, "__name__", "forward").removesuffix("_forward")

    def run() -> tuple[Outputs, Any]:
        out, cache = forward(*inputs, **options)
        return _arrays(out), cache

    outputs, cache = run()
    weights = _random_like(outputs)
    result = backward(*weights, cache)
    gradients = result if isinstance(result, tuple) else (result,)
    arguments = {}
    for name, x, gradient in zip(names, inputs, gradients, strict=False):
        if is_floating(x) and gradient is not None:
            arguments[name] = (x, gradient)
        elif is_floating(x) and gradient is None:
            _require_constant(title, name, x, lambda: run()[0])
    return _check(title, lambda: run()[0], weights, arguments)


def _argument_names(forward: Callable[..., Any], count: int) -> list[str]:
    """Such as `x`, `weight`; of `*arrays`, `arrays[0]`, `arrays[1]`, ..."""
    names: list[str] = []
    for name, parameter in inspect.signature(forward).parameters.items():
        if parameter.kind is parameter.VAR_POSITIONAL:
            names += [f"{name}[{k}]" for k in range(count - len(names))]
        else:
            names.append(name)
    return names


def check_gradients(
    function: Callable[..., Any], *inputs: Any
) -> GradientCheck:
    """Check what the tape gives for a function of tensors, or for a model.

    Args:
        function: A function of tensors that returns one or several, or a
            module, whose parameters are checked as well. It is copied to
            float64.
        *inputs: Its inputs; floating-point ones are taken as float64.

    Raises:
        GradientError: If the gradients are wrong. The message names the
            argument or the parameter.
    """
    leaves: dict[str, Tensor] = {}
    title = getattr(function, "__name__", type(function).__name__)
    if isinstance(function, Module):
        function = copy.deepcopy(function).double()
        leaves.update(function.named_parameters())
    args = [_float64(x.data if isinstance(x, Tensor) else x) for x in inputs]
    for index, x in enumerate(args):
        if is_floating(x):
            args[index] = leaves[f"input {index}"] = Tensor(x, True)
    for leaf in leaves.values():
        leaf.grad = None

    def run() -> Outputs:
        return _arrays(tuple(out.data for out in _tensors(function(*args))))

    outputs = [o for o in _tensors(function(*args)) if o.requires_grad]
    weights = _random_like([out.data for out in outputs])
    for out, weight in zip(outputs, weights, strict=True):
        out.backward(weight, retain_graph=True)  # they share one record
    arguments = {
        name: (
            leaf.data,
            np.zeros_like(leaf.data) if leaf.grad is None else leaf.grad,
        )
        for name, leaf in leaves.items()
    }
    return _check(title, run, weights, arguments)


def _tensors(out: Any) -> list[Tensor]:
    """The tensors of an output such as `output, (h_n, c_n)`, in a row."""
    if isinstance(out, tuple):
        return [tensor for part in out for tensor in _tensors(part)]
    return [out]


def _check(
    title: str,
    run: Callable[[], Outputs],
    weights: Outputs,
    arguments: dict[str, tuple[Array, Array]],
) -> GradientCheck:
    """Compare every gradient with what moving its argument does.

    The arguments are moved in place, so that `run` sees them.
    """
    rng = np.random.default_rng(1)
    dot, elements = {}, {}
    for name, (x, gradient) in arguments.items():
        if gradient.shape != x.shape:
            raise GradientError(
                f"{title}: the gradient of {name} has shape {gradient.shape}, "
                f"{name} has shape {x.shape}"
            )
        direction = np.asarray(rng.standard_normal(x.shape))
        moved = _products(run, weights, x, direction)
        dot[name] = _difference(moved, direction * gradient)
        _judge(title, name, "the dot test", dot[name])
        if 0 < x.size <= SMALL:
            numeric = np.empty(x.shape)
            for place in np.ndindex(x.shape):
                one: Array = np.zeros(x.shape)
                one[place] = 1
                numeric[place] = _products(run, weights, x, one).sum()
            scale = max(np.abs(gradient).max(), np.abs(numeric).max(), 1e-12)
            elements[name] = float(np.abs(gradient - numeric).max() / scale)
            _judge(title, name, "central differences", elements[name])
    return GradientCheck(dot, elements)


def _products(
    run: Callable[[], Outputs], weights: Outputs, x: Array, direction: Array
) -> Array:
    """Every product in <J u, v>, with J u by central differences."""
    start = x.copy()
    x[...] = start + STEP * direction
    above = run()
    x[...] = start - STEP * direction
    below = run()
    x[...] = start
    return np.concatenate(
        [
            (v * (a - b) / (2 * STEP)).ravel()
            for v, a, b in zip(weights, above, below, strict=True)
        ]
    )


def _difference(one: Array, other: Array) -> float:
    """How far two sums differ, relative to the size of what is summed."""
    scale = np.abs(one).sum() + np.abs(other).sum()
    return float(abs(one.sum() - other.sum()) / max(scale, 1e-12))


def _judge(title: str, name: str, test: str, difference: float) -> None:
    if not difference <= TOLERANCE:  # also when it is nan
        raise GradientError(
            f"{title}: the gradient of {name} is wrong: {test} finds a "
            f"relative difference of {difference:.2g}"
        )


def _require_constant(
    title: str, name: str, x: Array, run: Callable[[], Outputs]
) -> None:
    """A floating-point input may do without a gradient only if unused."""
    weights = _random_like(run())
    rng = np.random.default_rng(2)
    direction = np.asarray(rng.standard_normal(x.shape))
    if np.abs(_products(run, weights, x, direction)).max(initial=0) > TOLERANCE:
        raise GradientError(
            f"{title}: {name} has no gradient, but the output depends on it"
        )


def _float64(x: Any) -> Any:
    return np.array(x, dtype=np.float64) if is_floating(x) else x


def _arrays(out: Any) -> Outputs:
    """A list of copies: an output may be a view of the input that moves.

    Integers, such as indices, are left out: they have no gradient.
    """
    outputs = out if isinstance(out, tuple) else (out,)
    return [np.array(o) for o in outputs if is_floating(o)]


def _random_like(outputs: Outputs) -> Outputs:
    rng = np.random.default_rng(0)
    return [np.asarray(rng.standard_normal(out.shape)) for out in outputs]
