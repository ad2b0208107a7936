"""Golden outputs against what a cell gave: equal but for rounding."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tutorial_kernels.site.png_reader import decode_png

FLOOR = 1e-8  # differences of this size are noise, whatever the numbers
LEVELS = 2  # of 255, by which a pixel may differ through rounding
_NUMBER = re.compile(
    r"""(?<![\w.])[-+]?
    (?:(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d*)?|\.\d+)
    (?:[eE][-+]?\d+)?""",
    re.VERBOSE,
)


def compare_outputs(
    golden: Sequence[Mapping[str, Any]],
    actual: Sequence[Mapping[str, Any]],
    tolerance: float,
) -> str:
    """The first difference in words, or "" when there is none.

    Args:
        golden: The outputs of the page: ``{"kind": "text", "text": ...}``,
            ``{"kind": "plot", "plot": ...}``, ``{"kind": "image",
            "png": bytes, "alt": ...}``, its words where they are known, or
            ``{"kind": "widget", "module": ..., "name": ..., "task": ...,
            "text": ...}``.
        actual: The outputs of the run, in the same form.
        tolerance: The relative tolerance of numbers.
    """
    kinds = [output["kind"] for output in golden]
    got = [output["kind"] for output in actual]
    if kinds != got:
        return (
            f"expected {_listed(kinds)}, got {_listed(got)}"
            f"{_texts_of(golden, actual)}"
        )
    for number, (old, new) in enumerate(
        zip(golden, actual, strict=True), start=1
    ):
        difference = _compare_one(old, new, tolerance)
        if difference:
            return f"output {number} ({old['kind']}): {difference}"
    return ""


def compare_text(golden: str, actual: str, tolerance: float) -> str:
    """Compare printed text; numbers agree within a relative tolerance.

    A number printed with a decimal point and at least three digits may also
    differ by one unit of its last digit, which is rounding.
    """
    old_lines, new_lines = golden.split("\n"), actual.split("\n")
    for index, (old, new) in enumerate(
        zip(old_lines, new_lines, strict=False), start=1
    ):
        reason = _compare_line(old, new, tolerance)
        if reason:
            return (
                f"line {index}: expected {old!r}, got {new!r}"
                f"{'' if reason == 'text' else ': ' + reason}"
            )
    if len(old_lines) != len(new_lines):
        longer = max(old_lines, new_lines, key=len)
        extra = longer[min(len(old_lines), len(new_lines))]
        return (
            f"expected {len(old_lines)} lines, got {len(new_lines)}; "
            f"the first one too {_much(old_lines, new_lines)} is {extra!r}"
        )
    return ""


def compare_plots(
    golden: Mapping[str, Any], actual: Mapping[str, Any], tolerance: float
) -> str:
    """Compare names, lengths and end points of the series, and the labels."""
    for key in ("title", "x_label", "y_label", "log"):
        if golden[key] != actual[key]:
            return f"{key}: expected {golden[key]!r}, got {actual[key]!r}"
    names = [series["name"] for series in golden["series"]]
    got = [series["name"] for series in actual["series"]]
    if names != got:
        return f"expected the series {names}, got {got}"
    for old, new in zip(golden["series"], actual["series"], strict=True):
        difference = _compare_series(old, new, tolerance)
        if difference:
            return f"series {old['name']!r}: {difference}"
    return _compare_markers(
        golden.get("markers", []), actual.get("markers", []), tolerance
    )


def _compare_markers(
    golden: Sequence[Mapping[str, Any]],
    actual: Sequence[Mapping[str, Any]],
    tolerance: float,
) -> str:
    names = [marker["name"] for marker in golden]
    got = [marker["name"] for marker in actual]
    if names != got:
        return f"expected the markers {names}, got {got}"
    for old, new in zip(golden, actual, strict=True):
        if not same_number(repr(old["x"]), repr(new["x"]), tolerance):
            return (
                f"marker {old['name']!r}: expected it at {old['x']}, "
                f"got {new['x']}"
            )
    return ""


def compare_images(golden: bytes, actual: bytes, tolerance: float) -> str:
    """Compare the pixels of two PNG files."""
    old, new = decode_png(golden), decode_png(actual)
    if old.shape != new.shape:
        return f"expected a picture of {_size(old)}, got {_size(new)}"
    distance = np.abs(old.astype(int) - new.astype(int))
    allowed = max(LEVELS, tolerance * 255)
    worst = int(distance.max())
    if worst <= allowed:
        return ""
    row, column = np.argwhere(distance == worst)[0][:2]
    return (
        f"{int((distance > allowed).any(axis=-1).sum())} pixels differ; the "
        f"one at row {row}, column {column} by {worst} of 255"
    )


def compare_widgets(
    golden: Mapping[str, Any], actual: Mapping[str, Any], tolerance: float
) -> str:
    """Compare what two widgets are, and what their summaries say."""
    for key in ("module", "name", "task"):
        if golden[key] != actual[key]:
            return f"{key}: expected {golden[key]!r}, got {actual[key]!r}"
    return compare_text(golden["text"], actual["text"], tolerance)


def same_number(golden: str, actual: str, tolerance: float) -> bool:
    """Whether two printed numbers agree."""
    old, new = _value(golden), _value(actual)
    distance = abs(old - new)
    allowed = max(FLOOR, tolerance * max(abs(old), abs(new)))
    if math.isfinite(distance) and distance <= allowed:
        return True
    places = _places(golden)
    if places is None or places != _places(actual):
        return False
    return distance <= 10.0**-places * 1.000001


def _compare_one(
    old: Mapping[str, Any], new: Mapping[str, Any], tolerance: float
) -> str:
    if old["kind"] == "text":
        return compare_text(old["text"], new["text"], tolerance)
    if old["kind"] == "plot":
        return compare_plots(old["plot"], new["plot"], tolerance)
    if old["kind"] == "widget":
        return compare_widgets(old, new, tolerance)
    difference = ""
    if "alt" in old and "alt" in new:
        difference = compare_text(old["alt"], new["alt"], tolerance)
    return difference or compare_images(old["png"], new["png"], tolerance)


def _split(line: str) -> tuple[list[str], list[str]]:
    """The words around the numbers of a line, and the numbers."""
    words, numbers, position = [], [], 0
    for match in _NUMBER.finditer(line):
        words.append(line[position : match.start()])
        numbers.append(match[0])
        position = match.end()
    return [*words, line[position:]], numbers


def _compare_line(old: str, new: str, tolerance: float) -> str:
    if old == new:
        return ""
    old_words, old_numbers = _split(old)
    new_words, new_numbers = _split(new)
    if [_squeezed(w) for w in old_words] != [_squeezed(w) for w in new_words]:
        return "text"
    if old_numbers == new_numbers and old_words != new_words:
        return "text"  # not even a number to blame the spaces on
    for first, second in zip(old_numbers, new_numbers, strict=True):
        if not same_number(first, second, tolerance):
            return (
                f"{first} and {second} differ by more than {tolerance:g} "
                "of their size"
            )
    return ""


def _squeezed(words: str) -> str:
    """Without the spaces that align columns of numbers."""
    return re.sub(r"[ \t]+", "", words)


def _compare_series(
    old: Mapping[str, Any], new: Mapping[str, Any], tolerance: float
) -> str:
    if len(old["y"]) != len(new["y"]):
        return f"expected {len(old['y'])} points, got {len(new['y'])}"
    if old.get("skipped", 0) != new.get("skipped", 0):
        return (
            f"expected {old.get('skipped', 0)} points left out, "
            f"got {new.get('skipped', 0)}"
        )
    for place, index in (("first", 0), ("last", -1)):
        for axis in ("x", "y"):
            if not old[axis]:
                continue
            first, second = old[axis][index], new[axis][index]
            if not same_number(repr(first), repr(second), tolerance):
                return f"{place} {axis}: expected {first}, got {second}"
    return ""


def _value(text: str) -> float:
    return float(text.replace(",", ""))


def _places(text: str) -> int | None:
    """The power of ten of the last digit, for rounded decimals only."""
    digits, _, power = text.lower().partition("e")
    whole, point, decimals = digits.partition(".")
    significant = (whole + decimals).lstrip("+-0").replace(",", "")
    if not point or not decimals or len(significant) < 3:
        return None
    return len(decimals) - int(power or 0)


def _listed(kinds: list[str]) -> str:
    return " + ".join(kinds) if kinds else "no output"


def _texts_of(
    golden: Sequence[Mapping[str, Any]], actual: Sequence[Mapping[str, Any]]
) -> str:
    """The printed text of the run, when the page has none, or the reverse."""
    texts = [
        output["text"]
        for output in (*golden, *actual)
        if output["kind"] == "text"
    ]
    return f"; the text is {texts[0][:500]!r}" if len(texts) == 1 else ""


def _much(old: list[str], new: list[str]) -> str:
    return "many" if len(new) > len(old) else "few"


def _size(pixels: np.ndarray[Any, Any]) -> str:
    height, width, channels = pixels.shape
    return f"{width} by {height} pixels with {channels} channels"
