"""A pair of kernels, and what the tape must know of their signatures."""

import inspect
from collections.abc import Callable
from functools import cached_property
from typing import Any

type Kernel = Callable[..., Any]


class Pair:
    """A forward and its backward, read once and remembered."""

    def __init__(self, forward: Kernel, backward: Kernel) -> None:
        """Take their common name from the forward."""
        self.name = forward.__name__.removesuffix("_forward")
        self.forward = forward
        self.backward = backward

    @cached_property
    def _signature(self) -> inspect.Signature:
        return inspect.signature(self.forward)

    @cached_property
    def places(self) -> range:
        """How many arguments the forward takes without their names."""
        parameters = self._signature.parameters.values()
        found = [p for p in parameters if p.kind is not p.KEYWORD_ONLY]
        needed = sum(p.default is p.empty for p in found)
        return range(needed, len(found) + 1)

    @cached_property
    def can_leave_out_x(self) -> bool:
        """Whether the backward can do without the gradient of its data."""
        return "needs_grad_x" in inspect.signature(self.backward).parameters

    def bind(
        self, args: tuple[Any, ...], options: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Put arguments in their places, whether they came by name or not.

        Raises:
            TypeError: If the forward does not take them.
        """
        try:
            bound = self._signature.bind(*args, **options)
        except TypeError as error:
            raise TypeError(f"{self.name}: {error}") from None
        bound.apply_defaults()  # an array that is named comes after them
        return bound.args, bound.kwargs
