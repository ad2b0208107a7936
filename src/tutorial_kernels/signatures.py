"""What kernels take, read from their signatures once and remembered."""

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

type Kernel = Callable[..., Any]

_signature = cache(inspect.signature)


@cache
def places(forward: Kernel) -> range:
    """How many arguments a kernel takes without their names."""
    parameters = _signature(forward).parameters.values()
    found = [p for p in parameters if p.kind is not p.KEYWORD_ONLY]
    needed = sum(p.default is p.empty for p in found)
    return range(needed, len(found) + 1)


def bind(
    name: str, forward: Kernel, args: tuple[Any, ...], options: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Put arguments in their places, whether they came by name or not.

    Raises:
        TypeError: If the kernel does not take them; it names the operation.
    """
    try:
        bound = _signature(forward).bind(*args, **options)
    except TypeError as error:
        raise TypeError(f"{name}: {error}") from None
    bound.apply_defaults()  # an array that is named comes after them
    return bound.args, bound.kwargs


@cache
def can_leave_out_x(backward: Kernel) -> bool:
    """Say whether a backward can do without the gradient of its data."""
    return "needs_grad_x" in _signature(backward).parameters
