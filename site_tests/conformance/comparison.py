"""A sample of the database: run here, run in torch, and compared."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from tutorial_kernels import Tensor

# torch's own tolerances: relative, and absolute near zero
TOLERANCES = {"float32": (1.3e-6, 1e-5), "float16": (1e-3, 1e-5)}
FLOAT64 = 1e-10  # of the largest number


class DifferenceError(AssertionError):
    """What came out here is not what came out in torch."""


@dataclass
class Twin:
    """The tensors of one sample: those of torch, and ours beside them."""

    exact: bool = False  # whether torch computes in float64
    strided: bool = False  # whether our arrays have gaps
    leaves: list[tuple[torch.Tensor, Tensor]] = field(default_factory=list)
    _made: dict[int, tuple[torch.Tensor, Tensor]] = field(default_factory=dict)

    def both(self, value: Any) -> tuple[Any, Any]:
        """What torch is given, and what we are given."""
        if isinstance(value, torch.Tensor):
            if id(value) not in self._made:
                self._made[id(value)] = self._tensors(value)
                self.leaves.append(self._made[id(value)])
            return self._made[id(value)]
        if isinstance(value, torch.dtype):
            precise = self.exact and value.is_floating_point
            name = str(value).removeprefix("torch.")
            return torch.float64 if precise else value, np.dtype(name)
        if isinstance(value, torch.Size):
            return value, tuple(value)
        if isinstance(value, list | tuple):
            pairs = [self.both(part) for part in value]
            return type(value)(p[0] for p in pairs), type(value)(
                p[1] for p in pairs
            )
        if isinstance(value, dict):
            pairs = {key: self.both(part) for key, part in value.items()}
            return (
                {key: pair[0] for key, pair in pairs.items()},
                {key: pair[1] for key, pair in pairs.items()},
            )
        return value, value

    def _tensors(self, value: torch.Tensor) -> tuple[torch.Tensor, Tensor]:
        theirs = value.detach().clone()
        ours = Tensor(_with_gaps(theirs) if self.strided else _copy(theirs))
        ours.requires_grad = value.requires_grad
        if self.exact and theirs.is_floating_point():
            theirs = theirs.double()
        return theirs.requires_grad_(value.requires_grad), ours


def _copy(tensor: torch.Tensor) -> np.ndarray:
    return np.array(tensor.numpy())


def _with_gaps(tensor: torch.Tensor) -> np.ndarray:
    """The same numbers, every second place in memory, the first axis first."""
    array = tensor.numpy()
    if array.ndim == 0:
        return array.copy()
    return np.asfortranarray(np.repeat(array, 2, axis=-1))[..., ::2]


def cotangents(outs: list[torch.Tensor]) -> list[np.ndarray]:
    """A random gradient for every output."""
    rng = np.random.default_rng(5)
    return [np.asarray(rng.standard_normal(tuple(o.shape))) for o in outs]


@dataclass
class Run:
    """The outputs of a call, and the gradients of its leaves."""

    outs: list[np.ndarray]
    grads: list[np.ndarray | None]


def in_torch(function: Callable[..., Any], sample: Any, twin: Twin) -> Run:
    """Run a sample in torch, forward and backward."""
    call = (sample.input, sample.args, sample.kwargs)
    (first, args, kwargs), _ = twin.both(call)
    outs = _listed(function(first, *args, **kwargs))
    leaves = [theirs for theirs, _ in twin.leaves]
    ways = [
        (out, torch.tensor(grad, dtype=out.dtype))
        for out, grad in zip(outs, cotangents(outs), strict=True)
        if out.requires_grad
    ]
    if ways:
        torch.autograd.backward(*zip(*ways, strict=True))
    return Run(
        [out.detach().numpy() for out in outs],
        [None if x.grad is None else x.grad.numpy() for x in leaves],
    )


def in_numpy(
    function: Callable[..., Any], sample: Any, twin: Twin, theirs: Run
) -> Run:
    """Run a sample here; each output gets the gradient torch's got."""
    call = (sample.input, sample.args, sample.kwargs)
    _, (first, args, kwargs) = twin.both(call)
    outs = _listed(function(first, *args, **kwargs))
    if len(outs) != len(theirs.outs):
        raise DifferenceError(
            f"{len(outs)} outputs, torch has {len(theirs.outs)}"
        )
    grads = cotangents([torch.tensor(out) for out in theirs.outs])
    for out, grad in zip(outs, grads, strict=True):
        if isinstance(out, Tensor) and out.requires_grad:
            out.backward(grad, retain_graph=True)
    return Run(
        [np.asarray(out.data if isinstance(out, Tensor) else out) for out in outs],
        [ours.grad for _, ours in twin.leaves],
    )  # fmt: skip


def compare(
    ours: Callable[..., Any],
    theirs: Callable[..., Any],
    sample: Any,
    strided: bool = False,
) -> None:
    """Hold one sample against torch: values, gradients, and the inputs."""
    twin = Twin(strided=strided)
    expected = in_torch(theirs, sample, twin)
    found = in_numpy(ours, sample, twin, expected)
    try:
        _equal(found, expected)
    except DifferenceError:
        if all(out.dtype.name not in TOLERANCES for out in expected.outs):
            raise
        exact = in_torch(theirs, sample, Twin(exact=True))
        _no_worse(found, expected, exact)
    for tensor, mine in twin.leaves:  # batch_norm moves its statistics
        if not mine.requires_grad:
            _close("an input", mine.data, tensor.numpy())
        elif not np.array_equal(mine.data, tensor.detach(), equal_nan=True):
            raise DifferenceError("an input was written to")


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _equal(found: Run, expected: Run) -> None:
    for k, (one, other) in enumerate(
        zip(found.outs, expected.outs, strict=True)
    ):
        _close(f"output {k}", one, other)
    for k, (one, other) in enumerate(
        zip(found.grads, expected.grads, strict=True)
    ):
        if other is None:
            if one is not None and one.any():
                raise DifferenceError(f"gradient {k}: torch has none")
        elif one is None:
            if other.any():
                raise DifferenceError(f"gradient {k}: there is none")
        else:
            _close(f"gradient {k}", one, other)


def _close(what: str, ours: np.ndarray, theirs: np.ndarray) -> None:
    """Equal up to rounding; what is not finite, exactly."""
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        raise DifferenceError(
            f"{what}: {ours.dtype} of shape {ours.shape}, "
            f"torch has {theirs.dtype} of shape {theirs.shape}"
        )
    finite = np.isfinite(theirs)
    if not np.array_equal(ours[~finite], theirs[~finite], equal_nan=True):
        raise DifferenceError(
            f"{what}: {ours[~finite]}, torch has {theirs[~finite]}"
        )
    one, other = ours[finite], theirs[finite]
    if theirs.dtype.kind != "f":
        apart = one != other
    elif theirs.dtype == np.float64:
        limit = FLOAT64 * np.abs(other).max(initial=1e-3)
        apart = ~(np.abs(one - other) <= limit)
    else:
        relative, absolute = TOLERANCES[theirs.dtype.name]
        one, other = one.astype(float), other.astype(float)
        apart = ~(np.abs(one - other) <= absolute + relative * np.abs(other))
    if apart.any():
        raise DifferenceError(
            f"{what}: {one[apart][:4]}, torch has {other[apart][:4]}"
        )


def _no_worse(found: Run, expected: Run, exact: Run) -> None:
    """Of few digits: as near to the float64 result as torch's is, about."""
    rows = zip(
        found.outs + found.grads,
        expected.outs + expected.grads,
        exact.outs + exact.grads,
        strict=True,
    )
    for ours, theirs, best in rows:
        if ours is None or theirs is None or best is None:
            continue
        if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
            _close("a result", ours, theirs)
        if theirs.dtype.kind != "f":
            _close("a result", ours, theirs)
            continue
        finite = np.isfinite(theirs)
        if not np.array_equal(ours[~finite], theirs[~finite], equal_nan=True):
            _close("a result", ours, theirs)
        best = best[finite]
        off = np.abs(ours[finite] - best).max(initial=0)
        torch_off = np.abs(theirs[finite] - best).max(initial=0)
        unit = np.finfo(theirs.dtype).eps * np.abs(best).max(initial=1)
        if not off <= 4 * torch_off + unit:
            raise DifferenceError(
                f"{off} from the float64 result, torch {torch_off}"
            )
