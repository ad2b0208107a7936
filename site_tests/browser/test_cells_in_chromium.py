"""Every cell of the built site, run in Chromium, gives what the page shows."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from site_tests.browser.waiting import wait_until
from tutorial_kernels.page.figure import golden
from tutorial_kernels.page.tracebacks import CellError
from tutorial_kernels.site.cell_runs import CellRun
from tutorial_kernels.site.compare import compare_outputs
from tutorial_kernels.site.headers import find_fences
from tutorial_kernels.site.outputs import output_records, unexpected
from tutorial_kernels.site.reader import read_page

DOCS = Path(__file__).resolve().parents[2] / "docs"


def _has_cells(path: Path) -> bool:
    lines = path.read_text(encoding="utf-8").split("\n")
    return any(fence.header.kind == "cell" for fence in find_fences(lines))


PAGES = [
    path.relative_to(DOCS).as_posix()
    for path in sorted(DOCS.rglob("*.md"))
    if _has_cells(path)
]
# A busy machine may take this many times the page time a cell announces.
TIMES_SLOWER = 10

# A figure's module may come after the cell's end.
IS_DRAWN = """(name) => {
  const host = document.getElementById(name).nextElementSibling;
  return [...host.querySelectorAll('.cell-widget')].every(
    (figure) => figure.querySelector('.widget-summary') !== null);
}"""
READ_OUTPUT = """(name) => {
  const root = document.getElementById(name);
  const host = root.nextElementSibling;
  const outputs = [];
  let stderr = '';
  const read = (child) => {
    if (child.matches('.cell-stderr')) stderr += child.textContent;
    else if (child.matches('.cell-text'))
      outputs.push({kind: 'text', text: child.textContent});
    else if (child.dataset.plain !== undefined)
      outputs.push({kind: 'text', text: `${child.dataset.plain}\n`});
    else if (child.matches('.cell-plot'))
      outputs.push({kind: 'plot', plot: JSON.parse(child.dataset.plot)});
    else if (child.matches('.cell-widget')) {
      const text = child.querySelector('.widget-summary').textContent;
      const place = JSON.parse(child.dataset.widget);
      outputs.push({kind: 'widget', text, ...place});
      // What the cell's own call of a callback gave stands below.
      [...child.querySelector('.widget-output').children].forEach(read);
    } else if (child.matches('.cell-image')) {
      const image = child.querySelector('img');
      outputs.push({kind: 'image', png: image.src, alt: image.alt});
    }
  };
  [...host.children].forEach(read);
  const head = host.querySelector('.cell-error-head');
  const type = head && head.querySelector('strong').textContent;
  const message = head && head.textContent.slice(type.length).replace(/^: /, '');
  return {state: root.dataset.state, outputs, stderr, type, message};
}"""


def _address(page: str) -> str:
    name = Path(page)
    folder = name.parent if name.name == "index.md" else name.with_suffix("")
    return "" if str(folder) == "." else f"{folder.as_posix()}/"


def _merged(outputs: list[dict]) -> list[dict]:
    """Neighbouring texts (parted by stderr) as one, as the recorder has it."""
    merged: list[dict] = []
    for output in outputs:
        if output["kind"] == "plot":
            output["plot"] = golden(output["plot"])
        if output["kind"] == "image":
            _, _, data = output["png"].partition("base64,")
            output["png"] = base64.b64decode(data)
        last = merged[-1] if merged else None
        if last and last["kind"] == output["kind"] == "text":
            last["text"] += output["text"]
        else:
            merged.append(output)
    return merged


def _run_of(name: str, live: dict) -> CellRun:
    error = None
    if live["type"] is not None:
        error = CellError(live["type"], live["message"], None, name, "")
    status = {"done": "ok", "error": "error"}.get(live["state"], "stopped")
    return CellRun(
        name, status, 0.0, error, live["stderr"], _merged(live["outputs"])
    )


def _record(output, html: Path) -> dict:
    if output.kind == "text":
        return {"kind": "text", "text": output.value}
    if output.kind == "plot":
        return {"kind": "plot", "plot": output.value}
    if output.kind == "widget":
        return {"kind": "widget", **output.value}
    picture = (html.parent / output.value["src"]).resolve()
    return {"kind": "image", "png": picture.read_bytes()}


def _difference(cell, live: dict, html: Path) -> str:
    run = _run_of(cell.id, live)
    wrong = unexpected(run, cell.raises)
    if wrong:
        return wrong
    recorded = [_record(output, html) for output in cell.outputs]
    return compare_outputs(
        recorded, output_records(run, cell.raises), cell.tolerance
    )


def test_there_are_pages_with_cells():
    assert "index.md" in PAGES


@pytest.mark.parametrize("page", PAGES)
def test_cells_give_the_outputs_of_the_page(
    browser, make_cells, host_of, built_site, site_url, page
):
    address = _address(page)
    html = built_site / address / "index.html"
    expected = read_page(html.read_text(encoding="utf-8"))
    cells = make_cells(browser.new_page(), host_of(site_url))
    cells.open(address)
    differences = []
    for cell in expected:
        cells.press(cell.id)
        for answer in cell.answers:
            cells.answer(cell.id, answer)
        cells.wait(cell.id, seconds=60 + TIMES_SLOWER * cell.seconds)
        wait_until(cells.page, IS_DRAWN, arg=cell.id)
        live = cells.page.evaluate(READ_OUTPUT, cell.id)
        reason = _difference(cell, live, html)
        if reason:
            differences.append(f"{page}, cell {cell.id}: {reason}")
    cells.page.close()
    assert not differences, "\n".join(differences)
    assert cells.foreign == []
    assert cells.errors == []
