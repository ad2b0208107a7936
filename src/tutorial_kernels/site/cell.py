"""Cells and their outputs as HTML: plain functions, no Markdown involved."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from math import isfinite
from pathlib import Path
from typing import Any, cast

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from tutorial_kernels.page.axes import framed
from tutorial_kernels.page.drawing import number
from tutorial_kernels.page.figure import PlotData, summary, svg
from tutorial_kernels.site.source import source_of

DEFAULT_TOLERANCE = 1e-4
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
OPTIONS = ("seconds", "tolerance", "raises", "answers")
_EXCEPTION = re.compile(r"[A-Za-z_]\w*\Z")


@dataclass(frozen=True)
class CellOptions:
    """What the header of a cell says.

    Attributes:
        id: The cell's name, unique in its page.
        seconds: How long it takes in the page.
        tolerance: The relative tolerance of the numbers in its output.
        raises: The name of the exception it is meant to raise.
        answers: What ``input`` gets when the page is written and tested.
    """

    id: str
    seconds: float
    tolerance: float = DEFAULT_TOLERANCE
    raises: str = ""
    answers: tuple[str, ...] = ()


def cell_options(identity: str, options: Mapping[str, str]) -> CellOptions:
    """Check the options of a cell.

    Raises:
        ValueError: An id or an option is missing, unknown or malformed.
    """
    unknown = sorted(set(options) - set(OPTIONS))
    if unknown:
        raise ValueError(
            f"unknown option {unknown[0]!r} of a cell; known are "
            f"{', '.join(OPTIONS)}"
        )
    if not identity:
        raise ValueError("a cell needs an id: {.cell #its-name seconds=1}")
    check_id("cell", identity)
    if "seconds" not in options:
        raise ValueError(
            f"cell {identity!r} needs seconds=..., the time it takes in a page"
        )
    raises = options.get("raises", "")
    if "raises" in options and not _EXCEPTION.match(raises):
        raise ValueError(
            f"raises of cell {identity!r} must be the name of an exception, "
            f"got {raises!r}"
        )
    return CellOptions(
        identity,
        _positive("seconds", identity, options["seconds"]),
        _positive("tolerance", identity, options["tolerance"])
        if "tolerance" in options
        else DEFAULT_TOLERANCE,
        raises,
        tuple(options["answers"].split("|")) if "answers" in options else (),
    )


def check_id(kind: str, identity: str) -> None:
    """Check the name of a fence.

    Raises:
        ValueError: It is missing or malformed.
    """
    if not identity:
        raise ValueError(f"a {kind} needs an id: {{.{kind} #its-name}}")
    if not _ID.match(identity):
        raise ValueError(
            f"the id {identity!r} of a {kind} must be words of a-z and 0-9 "
            "joined by hyphens"
        )


def render_cell(source: str, options: CellOptions) -> str:
    """A cell: its code, highlighted, readable without any script.

    Args:
        source: The code; a newline is added to its end.
        options: What its header says.
    """
    more = f' data-raises="{escape(options.raises)}"' * bool(options.raises)
    if options.answers:
        more += f' data-answers="{escape("|".join(options.answers))}"'
    return (
        f'<div class="cell" id="{options.id}" data-cell="{options.id}" '
        f'data-seconds="{options.seconds:g}" '
        f'data-tolerance="{options.tolerance:g}"{more}>\n'
        f"{render_code(source)}\n</div>"
    )


def render_code(source: str) -> str:
    """Python code highlighted with Pygments, character for character."""
    lexer = PythonLexer(stripnl=False, ensurenl=False, tabsize=0)
    # Pygments drops a byte order mark and carriage returns; we have neither.
    spans = highlight(source + "\n", lexer, HtmlFormatter(nowrap=True))
    return (
        '<div class="highlight"><pre><span></span><code>'
        f"{spans}</code></pre></div>"
    )


def render_source(name: str, *, docstrings: bool = True) -> str:
    """The tested code that a dotted name leads to, highlighted.

    Raises:
        LookupError: Nothing has that name.
    """
    return render_code(source_of(name, docstrings=docstrings))


def render_cell_output(identity: str, parts: Iterable[str]) -> str:
    """All outputs of a cell in one element, empty when there are none."""
    inside = "".join(f"{part}\n" for part in parts)
    opening = f'<div class="cell-output" data-cell="{identity}">'
    return f"{opening}\n{inside}</div>" if inside else f"{opening}</div>"


def render_output(
    kind: str, body: str, relative: str = "", docs: Path | None = None
) -> str:
    """One output of a cell.

    Args:
        kind: ``"text"``, ``"plot"``, ``"image"`` or ``"widget"``.
        body: What stands in the fence: the text, or JSON.
        relative: What leads from the page to the root of the site, such as
            ``"../../"``.
        docs: The folder of the pages, where a widget's still stands.

    Raises:
        ValueError: The JSON is malformed.
    """
    if kind == "text":
        return render_text(body)
    if kind == "plot":
        return render_plot(read_plot(body))
    if kind == "widget":
        widget = read_widget(body)
        return render_widget(widget, _still(widget, docs))
    return render_image(read_image(body), relative)


def render_text(text: str) -> str:
    """Printed text."""
    # HTML drops a newline that directly follows <pre>, so one is given to it.
    return f'<pre class="cell-text">\n{escape(text, quote=False)}\n</pre>'


def render_plot(plot: PlotData) -> str:
    """A plot: a still picture, its summary, and its numbers in a table."""
    data = escape(json.dumps(plot, ensure_ascii=False))
    return (
        f'<figure class="cell-plot" data-plot="{data}">{svg(plot)}'
        f"<figcaption>{escape(summary(plot))}</figcaption>"
        '<details data-search-exclude=""><summary>Data</summary>'
        f"{_table(plot)}</details></figure>"
    )


def render_image(image: Mapping[str, Any], relative: str) -> str:
    """A picture, and the names of its tiles where it has some."""
    labels = image.get("labels", [])
    caption = ""
    if labels:
        spans = "".join(f"<span>{escape(label)}</span>" for label in labels)
        caption = (
            '<figcaption class="cell-labels" aria-hidden="true" '
            f'data-columns="{image["columns"]}">{spans}</figcaption>'
        )
    picture = (
        f'<img src="{escape(relative)}{escape(image["src"])}" '
        f'alt="{escape(image["alt"])}" width="{image["width"]}" '
        f'height="{image["height"]}" loading="lazy">'
    )
    if "axes" in image:
        picture = framed(picture, image["axes"])
    return f'<figure class="cell-image">{picture}{caption}</figure>'


def render_widget(widget: Mapping[str, Any], still: str) -> str:
    """A widget before Python runs: its task, a still, and its words."""
    data = escape(json.dumps(widget, ensure_ascii=False))
    task = f'<p class="widget-task">{escape(widget["task"])}</p>'
    return (
        f'<figure class="cell-widget" data-widget="{data}">'
        f"{task if widget['task'] else ''}"
        f'<div class="widget-still" aria-hidden="true">{still}</div>'
        f"<figcaption>{escape(widget['text'])}</figcaption></figure>"
    )


def read_plot(body: str) -> PlotData:
    """The JSON of a plot, checked.

    Raises:
        ValueError: It is no JSON, or a key is missing, unknown or malformed.
    """
    plot = _object(body, "plot")
    kinds = {
        "title": str,
        "x_label": str,
        "y_label": str,
        "log": bool,
        "series": list,
    }
    markers = {"markers": list} if "markers" in plot else {}
    _check_keys(plot, {**kinds, **markers}, "plot")
    for series in plot["series"]:
        if not isinstance(series, dict):
            raise ValueError("plot: each series must be an object")
        _check_series(series, log=plot["log"])
    for marker in plot.get("markers", []):
        if not isinstance(marker, dict):
            raise ValueError("plot: each marker must be an object")
        _check_marker(marker)
    return cast("PlotData", plot)


def read_image(body: str) -> dict[str, Any]:
    """The JSON of an image, checked.

    Raises:
        ValueError: It is no JSON, or a key is missing, unknown or malformed.
    """
    image = _object(body, "image")
    known = {"labels": list, "columns": int, "axes": dict}
    optional = {key: known[key] for key in known if key in image}
    kinds = {"src": str, "alt": str, "width": int, "height": int, **optional}
    _check_keys(image, kinds, "image")
    _check_src(image["src"], "image")
    if min(image["width"], image["height"]) < 1:
        raise ValueError("image: width and height must be positive")
    if not all(isinstance(label, str) for label in image.get("labels", [])):
        raise ValueError("image: labels must be strings")
    if "axes" in image:
        _check_keys(image["axes"], {"x": dict, "y": dict}, "axes")
        for axis in image["axes"].values():
            _check_axis(axis)
    return image


def read_widget(body: str) -> dict[str, Any]:
    """The JSON of a widget, checked.

    Raises:
        ValueError: It is no JSON, or a key is missing, unknown or malformed.
    """
    widget = _object(body, "widget")
    keys = ("src", "module", "name", "task", "text")
    _check_keys(widget, dict.fromkeys(keys, str), "widget")
    _check_src(widget["src"], "widget")
    return widget


def _still(widget: Mapping[str, Any], docs: Path | None) -> str:
    if docs is None:
        return ""
    return Path(docs, widget["src"]).read_text(encoding="utf-8")


def _check_src(src: str, what: str) -> None:
    if not src.startswith("assets/") or ".." in src.split("/"):
        raise ValueError(f"{what}: src must start with assets/, got {src!r}")


def _object(body: str, kind: str) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError as error:
        raise ValueError(f"the JSON of this {kind} is bad: {error}") from None
    if not isinstance(value, dict):
        raise ValueError(f"the JSON of this {kind} must be an object")
    return value


def _check_keys(
    value: Mapping[str, Any], kinds: Mapping[str, type], what: str
) -> None:
    for key, kind in kinds.items():
        if key not in value:
            raise ValueError(f"{what}: {key!r} is missing")
        got = type(value[key])
        if got is not kind:
            raise ValueError(
                f"{what}: {key!r} must be {kind.__name__}, got {got.__name__}"
            )
    unknown = sorted(set(value) - set(kinds))
    if unknown:
        raise ValueError(f"{what}: unknown key {unknown[0]!r}")


def _check_series(series: dict[str, Any], *, log: bool) -> None:
    kinds = {"skipped": int, "baseline": bool}
    optional = {key: kinds[key] for key in kinds if key in series}
    _check_keys(
        series, {"name": str, "x": list, "y": list, **optional}, "series"
    )
    name = series["name"]
    if len(series["x"]) != len(series["y"]):
        raise ValueError(
            f"series {name!r}: {len(series['x'])} values of x, "
            f"{len(series['y'])} of y"
        )
    for value in (*series["x"], *series["y"]):
        if type(value) not in (int, float) or not isfinite(value):
            raise ValueError(f"series {name!r}: {value!r} is no finite number")
    if log and min(series["y"], default=1) <= 0:
        raise ValueError(f"series {name!r}: a logarithm needs y above 0")


def _check_marker(marker: dict[str, Any]) -> None:
    x: Any = marker.get("x")
    _check_keys(marker, {"name": str, "x": type(x)}, "marker")
    if type(x) not in (int, float) or not isfinite(x):
        raise ValueError(
            f"marker {marker['name']!r}: {x!r} is no finite number"
        )


def _check_axis(axis: dict[str, Any]) -> None:
    kinds = {"label": str, "ticks": list, "room": int, "upright": bool}
    _check_keys(axis, kinds, "axis")
    for tick in axis["ticks"]:
        match tick:
            case [int() | float() as at, str()] if 0 <= at <= 1:
                continue
        raise ValueError(f"axis: a tick must be [share, name], got {tick!r}")


def _table(plot: PlotData) -> str:
    """Every point of a plot; one row for each x, with the markers there."""
    names = "".join(
        f'<th scope="col">{escape(series["name"])}</th>'
        for series in plot["series"]
    )
    columns = [
        dict(zip(series["x"], series["y"], strict=True))
        for series in plot["series"]
    ]
    markers: dict[float, str] = {}
    for marker in plot.get("markers", []):
        before = markers.get(marker["x"], "")
        markers[marker["x"]] = f"{before}, {escape(marker['name'])}"
    rows = []
    for x in sorted({*markers, *(x for column in columns for x in column)}):
        cells = "".join(
            f"<td>{number(column[x]) if x in column else ''}</td>"
            for column in columns
        )
        name = f"{number(x)}{markers.get(x, '')}"
        rows.append(f'<tr><th scope="row">{name}</th>{cells}</tr>')
    head = f'<th scope="col">{escape(plot["x_label"])}</th>{names}'
    return (
        f"<table><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _positive(option: str, identity: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not (isfinite(value) and value > 0):
        raise ValueError(
            f"{option} of cell {identity!r} must be a positive number, "
            f"got {text!r}"
        )
    return value
