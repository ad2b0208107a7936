"""Every cell of the built site, run in CPython, gives what the page shows."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tutorial_kernels.site.cell_runs import CellRun, CellToRun, run_page
from tutorial_kernels.site.compare import compare_outputs
from tutorial_kernels.site.headers import find_fences
from tutorial_kernels.site.outputs import output_records, unexpected
from tutorial_kernels.site.reader import Output, PageCell, read_page

QUICK = 1.0  # seconds
ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def _cells_of_markdown(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").split("\n")
    return [f.header.id for f in find_fences(lines) if f.header.kind == "cell"]


PAGES = {
    path.relative_to(DOCS).as_posix(): names
    for path in sorted(DOCS.rglob("*.md"))
    if (names := _cells_of_markdown(path))
}


def _built(site: Path, page: str) -> Path:
    name = Path(page)
    if name.name == "index.md":
        return site / name.with_suffix(".html")
    return site / name.with_suffix("") / "index.html"


def _record(output: Output, html: Path) -> dict:
    if output.kind == "text":
        return {"kind": "text", "text": output.value}
    if output.kind == "plot":
        return {"kind": "plot", "plot": output.value}
    if output.kind == "widget":
        return {"kind": "widget", **output.value}
    picture = (html.parent / output.value["src"]).resolve()
    alt = output.value["alt"]
    return {"kind": "image", "png": picture.read_bytes(), "alt": alt}


def _difference(cell: PageCell, run, html: Path) -> str:
    wrong = unexpected(run, cell.raises)
    if wrong:
        return wrong
    golden = [_record(output, html) for output in cell.outputs]
    return compare_outputs(
        golden, output_records(run, cell.raises), cell.tolerance
    )


def test_there_are_pages_with_cells():
    assert len(PAGES) > 0


@pytest.mark.parametrize("page", PAGES)
def test_the_built_page_has_every_cell_of_its_markdown(built_site, page):
    cells = read_page(_built(built_site, page).read_text(encoding="utf-8"))
    assert [cell.id for cell in cells] == PAGES[page]
    assert all(cell.has_output_element for cell in cells)


@cache
def _runs_of(
    html: Path,
) -> tuple[list[PageCell], list[CellRun], list[CellRun]]:
    """The cells, their runs, and the quick ones again, the last one first."""
    cells = read_page(html.read_text(encoding="utf-8"))
    jobs = [
        CellToRun(cell.id, cell.source, cell.seconds, cell.answers)
        for cell in cells
    ]
    again = [
        job
        for job, cell in zip(jobs, cells, strict=True)
        if cell.seconds <= QUICK and not cell.raises
    ]
    runs = run_page([*jobs, *reversed(again)], ROOT)
    return cells, runs[: len(jobs)], runs[len(jobs) :]


@pytest.mark.parametrize("page", PAGES)
def test_cells_give_the_outputs_of_the_page(built_site, page):
    html = _built(built_site, page)
    cells, runs, _ = _runs_of(html)
    differences = [
        f"{page}, cell {cell.id}: {reason}"
        for cell, run in zip(cells, runs, strict=True)
        if (reason := _difference(cell, run, html))
    ]
    assert not differences, "\n".join(differences)


@pytest.mark.parametrize("page", PAGES)
def test_a_cell_can_be_run_again_when_all_have_run(built_site, page):
    """No later cell takes a name away that an earlier one works with."""
    _, _, again = _runs_of(_built(built_site, page))
    stopped = [
        f"{page}, cell {run.id}: {run.error}"
        for run in again
        if run.status != "ok"
    ]
    assert not stopped, "\n".join(stopped)
