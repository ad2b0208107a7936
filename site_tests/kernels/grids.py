"""Which tests draw the options of which pair, and whether they do.

A test that hypothesis feeds says with `@grid` what it compares with torch.
That every pair and every option is claimed by one is decided without running
any; whether a claim is true, when its test has run.
"""

import functools
import inspect
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

import numpy as np

from site_tests.kernels.differences import SEEN
from tutorial_kernels import kernels

PAIRS = sorted(
    name.removesuffix("_forward")
    for name in kernels.__all__
    if name.endswith("_forward")
)
# An option that only has one value: with the other, a call is refused.
REFUSED: dict[tuple[str, str], Any] = {
    ("embedding", "max_norm"): 1.0,
    ("embedding", "sparse"): True,
    ("interpolate", "mode"): "bilinear",
    ("interpolate", "align_corners"): True,
    ("interpolate", "antialias"): True,
}
CLAIMS: dict[str, set[str]] = defaultdict(set)


def forward_of(pair: str) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(kernels, f"{pair}_forward")
    return found


def options_of(pair: str) -> set[str]:
    """What a forward takes besides its arrays, and arrays it can do without."""
    return {
        name
        for name, parameter in inspect.signature(
            forward_of(pair)
        ).parameters.items()
        if str(parameter.annotation) not in ("Array", "Operand")
        and (pair, name) not in REFUSED
    }


def grid(*pairs: str, draws: Sequence[str] | None = None) -> Any:
    """Say that a test compares these pairs, and which options it draws.

    Those are all of them, where no other test of the pair has a part.
    """
    claims = {
        pair: options_of(pair) if draws is None else set(draws)
        for pair in pairs
    }
    for pair, options in claims.items():
        assert options <= options_of(pair), (pair, options)
        CLAIMS[pair] |= options

    def declare(test: Any) -> Any:
        test.claims = claims
        return test

    return declare


@contextmanager
def held_to(claims: dict[str, set[str]]) -> Iterator[None]:
    """Watch the pairs; say what was claimed and not drawn."""
    drawn: dict[tuple[str, str], set[str]] = defaultdict(set)
    compared = SEEN.generated.copy()
    watching = {f"{pair}_forward": watched(pair, drawn) for pair in claims}
    with mock.patch.dict(vars(kernels), watching):
        yield
    for pair, options in claims.items():
        assert SEEN.generated[pair] > compared[pair], f"{pair}: never compared"
        assert drawn[pair, "dtype"] >= {"float32", "float64"}, pair
        few = {name for name in options if len(drawn[pair, name]) < 2}
        assert not few, f"{pair}: one value at most of {sorted(few)}"


def watched(pair: str, drawn: Any) -> Callable[..., Any]:
    """The forward, which writes down what it is called with."""
    forward = forward_of(pair)
    signature = inspect.signature(forward)

    @functools.wraps(forward)
    def watch(*arrays: Any, **options: Any) -> Any:
        call = signature.bind(*arrays, **options)
        call.apply_defaults()
        for value in arrays:
            if isinstance(value, np.ndarray):
                drawn[pair, "dtype"].add(str(value.dtype))
        for name in options_of(pair):
            value = call.arguments[name]
            is_array = isinstance(value, np.ndarray)
            drawn[pair, name].add("array" if is_array else repr(value))
        return forward(*arrays, **options)

    return watch
