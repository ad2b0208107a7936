"""The shapes written in the docstrings are the shapes that come out."""

import inspect
import re
from typing import Any

import numpy as np
import pytest

from site_tests.kernels.cases import CASES, Case, as_tuple
from tutorial_kernels import kernels

UNWRITTEN = {
    "one",
    "one image",
    "vectors",
    "row",
    "column",
}  # forms the text names in words


def shapes_section(forward: Any) -> list[str]:
    """The lines of the Shapes section, continuation lines joined."""
    text = inspect.getdoc(forward) + "\n"
    match = re.search(r"\nShapes:\n((?:    .+\n)+)", text)
    assert match, f"{forward.__name__} has no Shapes section"
    joined = re.sub(r"\n +", " ", re.sub(r"(?m)^    ", "", match[1]))
    return [line.strip() for line in joined.splitlines()]


class Letters:
    """Letters bound to sizes; `...` is bound to what broadcasts."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.sizes: dict[str, int] = {}
        self.leading: list[tuple[int, ...]] = []
        self.options = options

    def bind(
        self, name: str, written: list[str], shape: tuple[int, ...]
    ) -> None:
        if "..." in written:
            first = written.index("...")
            last = first + len(shape) - len(written) + 1
            self.leading.append(shape[first:last])
            written = written[:first] + written[first + 1 :]
            shape = shape[:first] + shape[last:]
        assert len(written) == len(shape), (
            f"{name}: ({', '.join(written)}) is {shape}"
        )
        for letter, size in zip(written, shape, strict=True):
            assert self.sizes.setdefault(letter, size) == size, (
                f"{name}: {letter}"
            )

    def check_products(self) -> None:
        """A size such as `4 * H` is four times the size of H."""
        for written, size in self.sizes.items():
            if not written.isidentifier():
                assert eval(written, {}, self.sizes) == size, written

    def shape(self, written: list[str]) -> tuple[int, ...]:
        shape: list[int] = []
        for letter in written:
            if letter == "...":
                shape += np.broadcast_shapes(*self.leading)
            else:
                shape.append(self.sizes[letter])
        return tuple(shape)

    def evaluate(self, letter: str, formula: str) -> None:
        value = eval(formula, {}, {**self.sizes, **self.options})
        assert self.sizes.setdefault(letter, value) == value, letter


def is_plain(case: Case) -> bool:
    """The formulas take numbers, not pairs, words or rounding up."""
    if (
        case.pair in ("conv2d", "linear", "matmul", "cross_entropy")
        and case.note in UNWRITTEN
    ):
        return False
    if case.note in ("unbatched", "several axes"):
        return False
    if case.pair == "scaled_dot_product_attention" and (
        "shared" in case.note or "of numbers" in case.note
    ):
        return False
    if case.pair in ("cross_entropy", "nll_loss") and (
        case.note in ("one", "options") or "probabilities" in case.note
    ):
        return False
    return not any(
        isinstance(v, tuple | str)
        and k in ("padding", "kernel_size", "dilation")
        for k, v in case.options.items()
    ) and not case.options.get("ceil_mode")


@pytest.mark.parametrize("case", [c for c in CASES if is_plain(c)], ids=str)
def test_shapes_are_as_written(case: Case) -> None:
    defaults = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
    defaults["output_padding"] = 0
    if "kernel_size" in case.options:  # poolings
        defaults["stride"] = case.options["kernel_size"]
    letters = Letters({**defaults, **case.options})
    arrays = case.arrays()
    out, _ = case.forward(*arrays, **case.options)
    lines = shapes_section(case.forward)
    shapes = dict(re.findall(r"^(\w+): (\(.*\)|any)$", "\n".join(lines), re.M))
    formulas = re.findall(r"^(\w+) = (.+)$", "\n".join(lines), re.M)
    assert len(shapes) + len(formulas) == len(lines), lines
    *inputs, last = shapes
    assert last == "out"
    if inputs == ["arrays"]:  # any number of them
        inputs *= len(arrays)
    assert len(inputs) >= len(arrays)
    for name, array in zip(inputs, arrays, strict=False):
        letters.bind(name, split(shapes[name]), array.shape)
    letters.check_products()
    for letter, formula in formulas:
        letters.evaluate(letter, formula)
    if (
        shapes["out"] != "any"
        and case.options.get("reduction") != "none"
        and "dim" not in case.options
    ):
        written = re.findall(r"\(.*?\)", shapes["out"])  # one per output
        assert [o.shape for o in as_tuple(out)] == [
            letters.shape(split(shape)) for shape in written
        ]


def split(written: str) -> list[str]:
    return [letter for letter in written.strip("()").split(", ") if letter]


def test_a_wrong_docstring_is_noticed() -> None:
    letters = Letters({})
    letters.bind("x", ["B", "C"], (2, 3))
    with pytest.raises(AssertionError):
        letters.bind("y", ["B", "C"], (2, 4))
    with pytest.raises(AssertionError):
        letters.bind("y", ["B"], (2, 3))
    assert letters.shape(["C", "B"]) == (3, 2)
    letters.bind("y", ["B", "..."], (2, 5, 6))
    assert letters.shape(["C", "...", "B"]) == (3, 5, 6, 2)
    with pytest.raises(AssertionError):
        letters.bind("y", ["B", "...", "C"], (2, 5, 6))
    letters.bind("z", ["2 * B"], (5,))
    with pytest.raises(AssertionError):
        letters.check_products()


@pytest.mark.parametrize(
    "name", [n for n in kernels.__all__ if n.endswith("_forward")]
)
def test_the_text_names_every_array_in_order(name: str) -> None:
    forward = getattr(kernels, name)
    written = [
        line.split(":")[0] for line in shapes_section(forward) if ": " in line
    ]
    parameters = list(forward.__annotations__)
    assert written[-1] == "out"
    assert written[:-1] == parameters[: len(written) - 1]
