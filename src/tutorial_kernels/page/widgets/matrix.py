"""A heat map whose cells open the dot product behind them."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from tutorial_kernels.kernels import (
    conv2d_forward,
    matmul_forward,
    softmax_forward,
)
from tutorial_kernels.page.values import as_array
from tutorial_kernels.page.widget import Widget
from tutorial_kernels.page.widgets.matrix_drawing import still_of
from tutorial_kernels.page.widgets.numbers import fixed

LARGEST_SIDE = 64
DIGITS = 6  # that travel to the page

type Array = np.ndarray[Any, np.dtype[Any]]

CONVOLUTION_TASK = (
    "Go over the output: which pixels make it large? Change a weight of the "
    "kernel, and the whole output changes."
)
PRODUCT_TASK = "Go over the output: each cell is one row times one column."
ATTENTION_TASK = (
    "Go over the weights: a row says how much a query reads of each key."
)


class Matrix(Widget):
    """Show matrices as heat maps, and each output cell as a dot product.

    It is made by one of `Matrix.convolution`, `Matrix.product` and
    `Matrix.attention`.
    """

    def __init__(
        self, kind: str, state: dict[str, Any], *, task: str, name: str
    ) -> None:
        """Show matrices that one of the methods below has computed."""
        shared = ["focus"] + (["weight"] if kind == "convolution" else [])
        weight = state.get("weight")
        super().__init__(
            "matrix",
            {"kind": kind, **state},
            task=task,
            shared=tuple(shared),
            name=name,
        )
        if kind == "convolution":
            self.on_change(_convolve, "weight")
            if self["weight"] != weight:
                _convolve(self)

    @classmethod
    def convolution(
        cls,
        x: Any,
        weight: Any,
        bias: float = 0.0,
        *,
        stride: int = 1,
        padding: int = 0,
        task: str = CONVOLUTION_TASK,
        name: str = "",
    ) -> Self:
        """Slide a kernel over an image; the reader can change the kernel.

        Args:
            x: The image, (height, width).
            weight: The kernel, (height, width), at most 5 by 5.
            bias: Added to every cell of the output.
            stride: How far the kernel moves from cell to cell.
            padding: How many zeros are put around the image.
            task: What the reader can find out.
            name: Its name in the page's address.
        """
        x, weight = _matrix("x", x), _matrix("weight", weight)
        if max(weight.shape) > 5:
            raise ValueError(
                "Matrix: the kernel must be at most 5 by 5, "
                f"got {weight.shape[0]} by {weight.shape[1]}"
            )
        padded = np.pad(x, padding)
        state: dict[str, Any] = {
            "x": _nested(padded),
            "weight": _nested(weight),
            "bias": float(bias),
            "stride": stride,
            "padding": padding,
            "out": _nested(_convolved(padded, weight, bias, stride)),
        }
        state["focus"] = _largest(state["out"])
        return cls("convolution", state, task=task, name=name)

    @classmethod
    def product(
        cls, a: Any, b: Any, *, task: str = PRODUCT_TASK, name: str = ""
    ) -> Self:
        """Multiply two matrices.

        Args:
            a: The left one, (rows, size).
            b: The right one, (size, columns).
            task: What the reader can find out.
            name: Its name in the page's address.
        """
        a, b = _matrix("a", a), _matrix("b", b)
        out, _ = matmul_forward(a, b)
        state: dict[str, Any] = {
            "a": _nested(a),
            "b": _nested(b),
            "out": _nested(out),
        }
        state["focus"] = _largest(state["out"])
        return cls("product", state, task=task, name=name)

    @classmethod
    def attention(
        cls,
        query: Any,
        key: Any,
        value: Any,
        *,
        is_causal: bool = False,
        labels: Any = None,
        task: str = ATTENTION_TASK,
        name: str = "",
    ) -> Self:
        """Let every query read the values whose keys fit.

        Args:
            query: (T, D).
            key: (S, D).
            value: (S, size).
            is_causal: Whether a query reads only keys up to its own place.
            labels: One for each of the S places, such as the words.
            task: What the reader can find out.
            name: Its name in the page's address.
        """
        q, k = _matrix("query", query), _matrix("key", key)
        v = _matrix("value", value)
        raw, _ = matmul_forward(q, k.T)
        scores = raw / np.sqrt(q.shape[1])  # (T, S)
        hidden = np.zeros(scores.shape, bool)
        if is_causal:
            hidden = np.triu(~hidden, k=1)
        masked = np.where(hidden, -np.inf, scores)
        weights, _ = softmax_forward(masked, dim=1)
        out, _ = matmul_forward(weights, v)
        names = [str(label) for label in labels or range(len(k))]
        if len(names) != len(k):
            raise ValueError(
                f"Matrix: {len(names)} labels given for {len(k)} keys"
            )
        state = {
            "query": _nested(q),
            "key": _nested(k),
            "value": _nested(v),
            "scores": _nested(scores),
            "hidden": hidden.tolist(),
            "weights": _nested(weights),
            "out": _nested(out),
            "labels": names,
            "focus": [len(q) - 1, int(weights[-1].argmax())],
        }
        return cls("attention", state, task=task, name=name)

    def check(self, name: str, value: Any) -> Any:
        """Take a cell of the output, and a kernel of the same size."""
        if name == "focus":
            rows, columns = np.shape(self[self.map_name])
            row, column = value
            if not 0 <= row < rows or not 0 <= column < columns:
                raise ValueError(f"Matrix: there is no cell {value}")
            return [int(row), int(column)]
        if name == "weight":
            weight = _matrix("weight", value)
            if weight.shape != np.shape(self["weight"]):
                raise ValueError("Matrix: the kernel must keep its shape")
            return _nested(weight)
        return value

    @property
    def map_name(self) -> str:
        """Which matrix the reader goes over."""
        return "weights" if self["kind"] == "attention" else "out"

    def summary(self) -> str:
        """The chosen cell and the dot product behind it."""
        row, column = self["focus"]
        rows, columns = np.shape(self[self.map_name])
        left, right, end = self.terms()
        pairs = zip(left, right, strict=True)
        products = [f"{fixed(a)} × {fixed(b)}" for a, b in pairs]
        shown = " + ".join(products[:9])
        more = f" and {len(products) - 9} more" if len(products) > 9 else ""
        return (
            f"{self.map_name.capitalize()}, {rows} by {columns}. "
            f"Row {row}, column {column}: {shown}{more}{end}."
        )

    def terms(self) -> tuple[list[float], list[float], str]:
        """The two vectors behind the chosen cell, and what comes of them."""
        row, column = self["focus"]
        if self["kind"] == "product":
            left = np.array(self["a"])[row]
            right = np.array(self["b"])[:, column]
            end = f" = {fixed(self['out'][row][column])}"
        elif self["kind"] == "attention":
            left = np.array(self["query"])[row]
            right = np.array(self["key"])[column]
            end = f" = {fixed(left @ right)}, {self._softened(row, column)}"
        else:
            weight, stride = np.array(self["weight"]), self["stride"]
            top, side = row * stride, column * stride
            height, width = weight.shape
            patch = np.array(self["x"])
            left = patch[top : top + height, side : side + width].ravel()
            right = weight.ravel()
            bias = f" + {fixed(self['bias'])}" if self["bias"] else ""
            end = f"{bias} = {fixed(self['out'][row][column])}"
        return left.tolist(), right.tolist(), end

    def still(self) -> str:
        """The matrices and the chosen cell's dot product."""
        return still_of(self)

    def _softened(self, row: int, column: int) -> str:
        if self["hidden"][row][column]:
            return "hidden by the mask: weight 0.00"
        size = len(self["query"][0])
        score = self["scores"][row][column]
        weight = self["weights"][row][column]
        return f"over √{size} = {fixed(score)}, after softmax {fixed(weight)}"


def _convolve(widget: Widget) -> None:
    out = _convolved(
        np.array(widget["x"]),
        np.array(widget["weight"]),
        widget["bias"],
        widget["stride"],
    )
    widget.update(out=_nested(out))


def _convolved(x: Array, weight: Array, bias: float, stride: int) -> Array:
    out, _ = conv2d_forward(
        x[None, None], weight[None, None], np.array([bias]), stride
    )
    convolved: Array = np.asarray(out)[0, 0]
    return convolved


def _matrix(name: str, value: Any) -> Array:
    """A matrix of numbers in float64, not too large to be drawn."""
    array = np.asarray(as_array(value), dtype=np.float64)
    if array.ndim != 2 or array.size == 0:
        raise ValueError(
            f"Matrix: {name} must be a matrix, got shape {array.shape}"
        )
    if max(array.shape) > LARGEST_SIDE:
        raise ValueError(
            f"Matrix: {name} must be at most {LARGEST_SIDE} by "
            f"{LARGEST_SIDE}, got {array.shape[0]} by {array.shape[1]}"
        )
    if not np.isfinite(array).all():
        raise ValueError(f"Matrix: {name} holds numbers that are not finite")
    return array


def _nested(array: Array) -> list[list[float]]:
    nested: list[list[float]] = np.round(array, DIGITS).tolist()
    return nested


def _largest(rows: list[list[float]]) -> list[int]:
    """The cell of the largest size, which is worth looking at first."""
    place = int(np.abs(np.array(rows)).argmax())
    return [place // len(rows[0]), place % len(rows[0])]
