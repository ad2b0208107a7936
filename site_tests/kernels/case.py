"""A call of a pair, and how it is compared with torch's function."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from site_tests.kernels.differences import SEEN
from tutorial_kernels import kernels


def normal(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return np.asarray(rng.standard_normal(shape))


def positive(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return np.asarray(rng.uniform(0.5, 2.0, shape))


@dataclass(frozen=True)
class Case:
    """One call of one pair."""

    pair: str
    make: Callable[[np.random.Generator], tuple[Any, ...]]
    reference: Callable[..., torch.Tensor]
    options: dict[str, Any] = field(default_factory=dict)
    note: str = ""

    @property
    def forward(self) -> Callable[..., Any]:
        return getattr(kernels, f"{self.pair}_forward")

    @property
    def backward(self) -> Callable[..., Any]:
        return getattr(kernels, f"{self.pair}_backward")

    def arrays(self, dtype: Any = np.float64, seed: int = 0) -> list[Any]:
        arrays = self.make(np.random.default_rng(seed))
        return [
            a.astype(dtype)
            if isinstance(a, np.ndarray) and a.dtype.kind == "f"
            else a
            for a in arrays
        ]

    def __str__(self) -> str:
        return f"{self.pair}-{self.note}" if self.note else self.pair


def unary(
    pair: str,
    reference: Callable[..., torch.Tensor],
    make: Any = normal,
    **options: Any,
) -> list[Case]:
    return [
        Case(pair, lambda r: (make(r, 3, 4),), reference, options),
        Case(pair, lambda r: (make(r),), reference, options, "0-d")
        if not options
        else Case(
            pair, lambda r: (make(r, 2, 3, 4),), reference, options, "3-d"
        ),
    ]


def binary(
    pair: str, reference: Callable[..., torch.Tensor], make: Any = normal
) -> list[Case]:
    shapes = {
        "": ((3, 4), (3, 4)),
        "row": ((3, 4), (4,)),
        "column": ((3, 1), (2, 3, 4)),
        "both": ((3, 1), (1, 4)),
        "0-d": ((3, 4), ()),
        "both 0-d": ((), ()),
    }
    return [
        Case(
            pair,
            lambda r, a=a, b=b: (make(r, *a), make(r, *b)),
            reference,
            {},
            note,
        )
        for note, (a, b) in shapes.items()
    ]


def torch_results(
    reference: Callable[..., Any],
    arrays: list[Any],
    options: dict[str, Any],
    seed: int = 3,
) -> tuple[Any, Any, list[np.ndarray | None]]:
    """The output, a random gradient for it, and the gradients of the inputs.

    Of several outputs, tuples: each has a random gradient of its own, but
    for integers, such as indices.
    """
    tensors = []
    for array in arrays:
        tensor = torch.tensor(
            np.ascontiguousarray(array).reshape(np.shape(array))
        )
        if tensor.is_floating_point():
            tensor.requires_grad_()
        elif tensor.dtype == torch.int32:
            tensor = tensor.long()
        tensors.append(tensor)
    out = reference(*tensors, **options)
    outs = as_tuple(out)
    values = [o.detach().numpy() for o in outs]
    rng = np.random.default_rng(seed)
    grads_out = [
        np.asarray(rng.standard_normal(v.shape), dtype=v.dtype) for v in values
    ]
    pairs = zip(outs, grads_out, strict=True)
    ways = [(o, torch.tensor(g)) for o, g in pairs if o.requires_grad]
    torch.autograd.backward(*zip(*ways, strict=True))
    grads = [None if t.grad is None else t.grad.numpy() for t in tensors]
    if isinstance(out, tuple):
        floating = tuple(g for g in grads_out if g.dtype.kind == "f")
        return tuple(values), floating, grads
    return values[0], grads_out[0], grads


def as_tuple(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def assert_close(ours: Any, theirs: Any, relative: float) -> float:
    """Equal but for `relative` of the largest number; nan and inf alike.

    The relative difference is returned.
    """
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype
    finite = np.isfinite(theirs)
    np.testing.assert_array_equal(ours[~finite], theirs[~finite])
    scale = np.abs(theirs[finite]).max(initial=1e-3)
    difference = np.abs(ours[finite] - theirs[finite]).max(initial=0)
    assert difference <= relative * scale, (difference, scale)
    return float(difference) / float(scale or 1)  # 0: of integers


def assert_as_torch(
    case: Case, arrays: list[Any], options: dict[str, Any], relative: float
) -> None:
    """Compare output and gradients of a pair with torch's."""
    theirs, grad_out, torch_grads = torch_results(
        case.reference, arrays, options
    )
    if as_tuple(theirs)[0].dtype == np.float64:
        relative = min(relative, 1e-10)
    out, cache = case.forward(*arrays, **options)
    SEEN.count(case.pair, as_tuple(theirs)[0].dtype)
    for one, other in zip(as_tuple(out), as_tuple(theirs), strict=True):
        difference = assert_close(one, other, relative)
        SEEN.note(case.pair, other.dtype, "values", difference)
    grads = as_tuple(case.backward(*as_tuple(grad_out), cache))
    for array, ours, torch_grad in zip(
        arrays, grads, torch_grads, strict=False
    ):
        if torch_grad is None:
            assert ours is None
        else:
            assert ours.shape == np.shape(array)
            difference = assert_close(ours, torch_grad, relative)
            SEEN.note(case.pair, torch_grad.dtype, "gradients", difference)
