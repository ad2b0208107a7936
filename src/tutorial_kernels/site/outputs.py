"""Golden outputs: run the cells of a page, write what they gave below them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tutorial_kernels.durable import write_whole
from tutorial_kernels.site.cell_runs import (
    CellRun,
    CellToRun,
    PageRunError,
    run_page,
)
from tutorial_kernels.site.fences import check_fences, options_of
from tutorial_kernels.site.headers import Fence, FenceError, find_fences
from tutorial_kernels.site.png_reader import same_pixels

IMAGES = "assets/outputs"
PICTURES = frozenset((".png", ".svg"))
# What Markdown or HTML would not give back as it was printed.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f]")


class OutputsError(RuntimeError):
    """A page whose outputs cannot be written; nothing was changed."""


@dataclass
class _NewPage:
    """What a page and its pictures become."""

    path: Path
    old: bytes
    new: bytes
    images: dict[Path, bytes] = field(default_factory=dict)
    folder: Path | None = None  # of the page's pictures


def rewrite_outputs(
    root: Path, pages: Sequence[Path] | None = None
) -> list[Path]:
    """Run the cells of pages and rewrite the output fences behind them.

    Every page runs in a fresh Python, top to bottom. Nothing is written
    before all cells of all pages have run as they should.

    Args:
        root: The checkout's folder.
        pages: Pages below ``docs``, by default all that have cells.

    Returns:
        The files that changed: pages and pictures.

    Raises:
        OutputsError: A page is malformed or one of its cells failed; the
            message says where, with the traceback.
    """
    docs = root.resolve() / "docs"
    chosen = [_page_path(page, root.resolve(), docs) for page in pages or ()]
    if pages is None:
        chosen = sorted(docs.rglob("*.md"))
    plans = [plan for page in chosen if (plan := _plan(page, docs, root))]
    changed: list[Path] = []
    for plan in plans:
        changed += _write(plan)
    return changed


def output_records(run: CellRun, raises: str) -> list[dict[str, Any]]:
    """The outputs of a cell as the page shows them.

    Printed text without its last newline, empty text left out; a cell that is
    meant to raise ends with the line that names its exception.
    """
    records = [dict(output) for output in run.outputs]
    if raises and run.error is not None:
        line = f"{run.error.type}: {run.error.message}".removesuffix(": ")
        if records and records[-1]["kind"] == "text":
            text = records[-1]["text"].removesuffix("\n")
            records[-1]["text"] = f"{text}\n{line}"
        else:
            records.append({"kind": "text", "text": line})
    kept = []
    for record in records:
        if record["kind"] == "text":
            record["text"] = record["text"].removesuffix("\n")
            if not record["text"].strip():
                continue
        kept.append(record)
    return kept


def unexpected(run: CellRun, raises: str) -> str:
    """Why the end of a cell is not the one it should have, or ""."""
    if run.error is None:
        return f"was meant to raise {raises}, but did not" if raises else ""
    if run.error.type == raises:
        return ""
    meant = f" (meant to raise {raises})" if raises else ""
    return f"failed{meant}:\n{run.error.traceback}"


def _page_path(page: Path, root: Path, docs: Path) -> Path:
    for base in (Path.cwd(), root, docs):
        path = (base / page).resolve()
        if path.is_file() and path.is_relative_to(docs):
            return path
    raise OutputsError(f"pages: there is no page {page} below {docs}")


def _plan(path: Path, docs: Path, root: Path) -> _NewPage | None:
    """Run a page; None when it has no cells."""
    old = path.read_bytes()
    lines = old.decode("utf-8").split("\n")
    fences = _checked_fences(path, lines)
    cells = [fence for fence in fences if fence.header.kind == "cell"]
    if not cells:
        return None
    jobs = [
        CellToRun(
            cell.header.id,
            cell.body + "\n",
            options_of(cell.header).seconds,
            options_of(cell.header).answers,
        )
        for cell in cells
    ]
    try:
        runs = run_page(jobs, root)
    except PageRunError as error:
        raise OutputsError(f"{path}: {error}") from error
    plan = _NewPage(path, old, b"", folder=_image_folder(path, docs))
    texts = []
    for cell, run in zip(cells, runs, strict=True):
        raises = options_of(cell.header).raises
        reason = unexpected(run, raises)
        if reason:
            line = cell.start + 1 + ((run.error and run.error.line) or 0)
            raise OutputsError(f"{path}:{line}: cell {run.id} {reason}")
        records = output_records(run, raises)
        place = f"{path}:{cell.start + 1}: cell {run.id}"
        texts.append(list(_fence_texts(records, run.id, plan, docs, place)))
    plan.new = _merged(lines, fences, texts).encode("utf-8")
    return plan


def _checked_fences(path: Path, lines: list[str]) -> list[Fence]:
    try:
        fences = list(find_fences(lines))
    except FenceError as error:
        raise OutputsError(f"{path}:{error.line + 1}: {error.reason}") from None
    for line, reason in check_fences(fences):
        raise OutputsError(f"{path}:{line + 1}: {reason}")
    return fences


def _image_folder(path: Path, docs: Path) -> Path:
    return docs / IMAGES / path.relative_to(docs).with_suffix("")


def _fence_texts(
    records: list[dict[str, Any]],
    identity: str,
    plan: _NewPage,
    docs: Path,
    place: str,
) -> Iterator[tuple[str, str]]:
    """Class and body of the fence of each output; pictures go to the plan."""
    pictures = 0
    for record in records:
        if record["kind"] == "text":
            yield ".output", _printable(record["text"], place)
        elif record["kind"] == "plot":
            yield ".output .plot", plot_json(record["plot"])
        else:
            pictures += 1
            assert plan.folder is not None
            file = plan.folder / f"{identity}-{pictures}"
            if record["kind"] == "widget":
                file = file.with_suffix(".svg")
                plan.images[file] = record["svg"].encode()
                yield ".output .widget", _widget_json(record, file, docs)
            else:
                file = file.with_suffix(".png")
                plan.images[file] = record["png"]
                yield ".output .image", _image_json(record, file, docs)


def _printable(text: str, place: str) -> str:
    found = _UNPRINTABLE.search(text)
    if found:
        raise OutputsError(
            f"{place} prints the control character {found[0]!r}, which a "
            "page cannot hold"
        )
    return text


def plot_json(plot: dict[str, Any]) -> str:
    """A plot as JSON, one series a line, so that changes are easy to see."""
    head = {key: value for key, value in plot.items() if key != "series"}
    series = [json.dumps(one, ensure_ascii=False) for one in plot["series"]]
    return (
        json.dumps(head, ensure_ascii=False)[:-1]
        + ', "series": [\n'
        + ",\n".join(series)
        + "\n]}"
    )


def _image_json(record: dict[str, Any], file: Path, docs: Path) -> str:
    image = {
        "src": file.relative_to(docs).as_posix(),
        "alt": record["alt"],
        "width": record["width"],
        "height": record["height"],
    }
    if record["labels"]:
        image |= {"columns": record["columns"], "labels": record["labels"]}
    if "axes" in record:
        image["axes"] = record["axes"]
    return json.dumps(image, ensure_ascii=False)


def _widget_json(record: dict[str, Any], file: Path, docs: Path) -> str:
    keys = ("module", "name", "task", "text")
    widget = {"src": file.relative_to(docs).as_posix()}
    widget |= {key: record[key] for key in keys}
    return json.dumps(widget, ensure_ascii=False)


def _merged(
    lines: list[str], fences: list[Fence], texts: list[list[tuple[str, str]]]
) -> str:
    """The page with new output fences; all other lines stay as they are."""
    merged: list[str] = []
    done = 0
    cells = [i for i, f in enumerate(fences) if f.header.kind == "cell"]
    for index, new in zip(cells, texts, strict=True):
        cell, old = fences[index], []
        for fence in fences[index + 1 :]:
            if fence.header.kind != "output":
                break
            old.append(fence)
        stop = old[-1].stop if old else cell.stop
        merged += lines[done : cell.stop]
        if [_as_text(fence) for fence in old] == new:
            merged += lines[cell.stop : stop]
        else:
            ending = "\r" if lines[cell.start].endswith("\r") else ""
            merged += [line + ending for line in _fence_lines(new)]
            following = lines[stop] if stop < len(lines) else ""
            if new and following.strip():
                merged.append(ending)
        done = stop
    return "\n".join(merged + lines[done:])


def _as_text(fence: Fence) -> tuple[str, str]:
    return " .".join((".output", *fence.header.classes)), fence.body


def _fence_lines(texts: list[tuple[str, str]]) -> Iterator[str]:
    for classes, body in texts:
        runs = re.findall(r"^`{3,}", body, re.MULTILINE)
        fence = "`" * max([3, *(len(run) + 1 for run in runs)])
        yield ""
        yield f"{fence} {{{classes}}}"
        yield from body.split("\n")
        yield fence


def _write(plan: _NewPage) -> list[Path]:
    """Write what changed and remove pictures no cell gives any more."""
    changed: list[Path] = []
    for file, data in plan.images.items():
        if file.is_file() and _same_picture(file, data):
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, [data])
        changed.append(file)
    if plan.folder is not None and plan.folder.is_dir():
        for file in sorted(plan.folder.iterdir()):
            if file.suffix in PICTURES and file not in plan.images:
                file.unlink()
                changed.append(file)
    if plan.new != plan.old:
        write_whole(plan.path, [plan.new])
        changed.append(plan.path)
    return changed


def _same_picture(file: Path, data: bytes) -> bool:
    """Whether a file shows this; another zlib packs the same pixels anew."""
    old = file.read_bytes()
    return old == data if file.suffix == ".svg" else same_pixels(old, data)
