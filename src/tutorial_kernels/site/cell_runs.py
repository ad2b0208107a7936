"""The cells of a page, run in a Python of their own.

``python -m tutorial_kernels.site.cell_runs JOB ANSWER`` is that Python: it
reads sources from one file and writes what they gave into another.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tutorial_kernels.page.figure import golden
from tutorial_kernels.page.session import Session
from tutorial_kernels.page.sink import IMAGE_MIME, PLOT_MIME, WIDGET_MIME
from tutorial_kernels.page.tracebacks import CellError
from tutorial_kernels.page.widget import Widget, use_host, widget_of
from tutorial_kernels.page.widget_host import NoHost

SECONDS_TO_START = 120.0
TIMES_SLOWER = 20.0  # than the page time a cell is said to take


@dataclass(frozen=True)
class CellToRun:
    """A name, a source, the page time it is said to take, its answers."""

    id: str
    source: str
    seconds: float = 1.0
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class CellRun:
    """What a cell gave.

    Attributes:
        id: Its name.
        status: ``ok``, ``error`` or ``stopped``.
        seconds: How long it ran.
        error: What it raised.
        stderr: What it wrote there.
        outputs: ``{"kind": "text", "text": ...}``, ``{"kind": "plot",
            "plot": ...}``, ``{"kind": "image", "png": bytes, ...}`` or
            ``{"kind": "widget", "text": ..., "svg": ..., ...}``, in the order
            of the page.
    """

    id: str
    status: str
    seconds: float
    error: CellError | None
    stderr: str
    outputs: list[dict[str, Any]] = field(default_factory=list)


class PageRunError(RuntimeError):
    """The Python that ran the cells ended without an answer."""


def run_page(
    cells: Sequence[CellToRun], folder: Path | None = None
) -> list[CellRun]:
    """Run cells top to bottom in one fresh namespace and process.

    The first cell that fails does not keep the others from running.

    Args:
        cells: What to run.
        folder: The checkout to run it in, with the assets of its ``docs``.

    Raises:
        PageRunError: The process died or took far longer than promised.
    """
    limit = SECONDS_TO_START
    limit += TIMES_SLOWER * sum(cell.seconds for cell in cells)
    with tempfile.TemporaryDirectory() as name:
        job, answer = Path(name, "job.json"), Path(name, "answer.json")
        job.write_text(json.dumps([asdict(cell) for cell in cells]))
        command = [sys.executable, "-m", __name__, str(job), str(answer)]
        try:
            process = subprocess.run(
                command,
                cwd=folder,
                env=_environment(folder),
                timeout=limit,
                capture_output=True,
                text=True,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise PageRunError(
                f"the cells took more than {limit:.0f} seconds"
            ) from None
        if process.returncode != 0 or not answer.is_file():
            raise PageRunError(
                f"Python ended with code {process.returncode}: "
                f"{process.stderr.strip()[-2000:]}"
            )
        return [_run_of(run) for run in json.loads(answer.read_text())]


def _environment(folder: Path | None) -> dict[str, str]:
    assets = None if folder is None else folder / "docs" / "assets"
    if assets is None or not assets.is_dir():
        return dict(os.environ)
    return {**os.environ, "TUTORIAL_KERNELS_ASSETS": str(assets)}


class OutputRecorder:
    """A sink that keeps what a finished cell shows."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget the last cell."""
        self._outputs: list[dict[str, Any]] = []
        self._places: dict[str, int] = {}
        self._below: dict[int, OutputRecorder] = {}
        self._stderr = ""

    @property
    def outputs(self) -> list[dict[str, Any]]:
        """What it shows from top to bottom."""
        shown = []
        below = {self._places[f"widget-{n}"]: n for n in self._below}
        for place, output in enumerate(self._outputs):
            shown.append(output)
            if place in below:
                shown += self._below[below[place]].outputs
        return shown

    @property
    def stderr(self) -> str:
        """What it wrote there."""
        return self._stderr + "".join(b.stderr for b in self._below.values())

    def below(self, widget: int) -> OutputRecorder:
        """The place below a widget, empty: what stood there makes way."""
        for inner in self._below.values():
            if f"widget-{widget}" in inner._places:
                return inner.below(widget)
        self._below[widget] = OutputRecorder()
        return self._below[widget]

    def text(self, stream: str, text: str) -> None:
        """Join printed text; keep stderr apart."""
        if stream == "stderr":
            self._stderr += text
        elif self._outputs and self._outputs[-1]["kind"] == "text":
            self._outputs[-1]["text"] += text
        else:
            self._outputs.append({"kind": "text", "text": text})

    def display(self, data: dict[str, object], display_id: str | None) -> None:
        """Keep a plot or a picture at the place where it first appeared."""
        output = _output_of(data)
        place = self._places.get(display_id or "")
        if place is not None:
            self._outputs[place] = output
            return
        if display_id:
            self._places[display_id] = len(self._outputs)
        self._outputs.append(output)

    def progress(
        self, step: int, total: int | None, label: str, seconds: float
    ) -> None:
        """Progress is gone when a cell is done."""

    def checkpoint(self) -> None:
        """Nobody asks to stop."""


class RecordingHost(NoHost):
    """Puts what a cell's own call of a callback gives where a page does."""

    def __init__(self, session: Session, recorder: OutputRecorder) -> None:
        self._session, self._recorder = session, recorder
        self._reacting: list[int] = []

    @contextmanager
    def place(self, widget: Widget) -> Iterator[None]:
        """Take output right below the widget."""
        if widget.id in self._reacting:
            yield  # there already
            return
        self._reacting.append(widget.id)
        try:
            sink = self._recorder.below(widget.id)
            with self._session.aside(sink, widget.name):
                yield
        finally:
            self._reacting.remove(widget.id)


def _output_of(data: dict[str, Any]) -> dict[str, Any]:
    if PLOT_MIME in data:
        return {"kind": "plot", "plot": golden(data[PLOT_MIME])}
    if WIDGET_MIME in data:
        return _widget_output(data[WIDGET_MIME], str(data["text/plain"]))
    if "image/png" in data:
        words = {"alt": str(data.get("text/plain", "")), "labels": []}
        words.update(data.get(IMAGE_MIME, {}))
        return {"kind": "image", "png": data["image/png"], **words}
    return {"kind": "text", "text": f"{data.get('text/plain', '')}\n"}


def _widget_output(place: dict[str, Any], text: str) -> dict[str, Any]:
    widget = widget_of(place["id"])
    return {
        "kind": "widget",
        "module": place["module"],
        "name": place["name"],
        "task": place["task"],
        "text": text,
        "svg": widget.still() if widget else "",
    }


def _run_of(run: dict[str, Any]) -> CellRun:
    for output in run["outputs"]:
        if output["kind"] == "image":
            output["png"] = base64.b64decode(output["png"])
    error = run.pop("error")
    return CellRun(error=CellError(**error) if error else None, **run)


def _run_job(job: Path, answer: Path) -> None:
    runs = []
    recorder = OutputRecorder()
    answers: list[str] = []

    def read_line(prompt: str) -> str:
        if not answers:
            raise EOFError(
                f"input: the cell's answers=... has none for {prompt!r}"
            )
        return answers.pop(0)

    session = Session(recorder, read_line=read_line)
    use_host(RecordingHost(session, recorder))
    for cell in json.loads(job.read_text()):
        recorder.clear()
        answers[:] = cell["answers"]
        result = session.run(cell["source"], cell["id"])
        runs.append(
            {
                "id": cell["id"],
                "status": result.status,
                "seconds": result.seconds,
                "error": asdict(result.error) if result.error else None,
                "stderr": recorder.stderr,
                "outputs": recorder.outputs,
            }
        )
    answer.write_text(json.dumps(runs))


if __name__ == "__main__":
    _run_job(Path(sys.argv[1]), Path(sys.argv[2]))
