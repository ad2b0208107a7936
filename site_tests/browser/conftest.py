"""A small site of the engine's own, a browser, and a hand on its cells."""

from __future__ import annotations

import functools
import http.server
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from playwright.sync_api import TimeoutError as PlaywrightTimeout

sys.path.insert(0, str(Path(__file__).parent))

from chromium import launch

from site_tests.browser.waiting import PATIENCE, wait_until
from tutorial_kernels.site.assemble import assemble
from tutorial_kernels.site.policy import write_policy

expect.set_options(timeout=PATIENCE)
HERE = Path(__file__).parent
ENDED = ("done", "error", "stopped")

CONFIG = """\
site_name: Cells under test
site_url: http://127.0.0.1/
docs_dir: docs
theme:
  name: material
  font: false
  features: [navigation.instant, content.code.copy, navigation.footer]
  palette:
    - {scheme: default, toggle: {icon: material/brightness-7, name: Dark}}
    - {scheme: slate, toggle: {icon: material/brightness-4, name: Light}}
nav:
  [index.md, other.md, files.md, plain.md, practice.md, benchmark.md]
exclude_docs: exercises/
plugins: []
markdown_extensions:
  - pymdownx.highlight
  - pymdownx.superfences:
      preserve_tabs: true
      custom_fences:
        - name: cell
          class: cell
          validator: !!python/name:tutorial_kernels.site.fences.cell_validator
          format: !!python/name:tutorial_kernels.site.fences.cell_formatter
        - name: output
          class: cell-output
          validator: !!python/name:tutorial_kernels.site.fences.output_validator
          format: !!python/name:tutorial_kernels.site.fences.output_formatter
        - name: exercise
          class: exercise
          validator: !!python/name:tutorial_kernels.site.practice.exercise_validator
          format: !!python/name:tutorial_kernels.site.practice.exercise_formatter
        - name: quiz
          class: quiz
          validator: !!python/name:tutorial_kernels.site.practice.quiz_validator
          format: !!python/name:tutorial_kernels.site.practice.quiz_formatter
        - name: predict
          class: predict
          validator: !!python/name:tutorial_kernels.site.practice.predict_validator
          format: !!python/name:tutorial_kernels.site.practice.predict_formatter
  - tutorial_kernels.site.markdown
extra_css: [assets/cells/cells.css]
extra_javascript: [{path: assets/cells/cells.js, type: module}]
"""


# Edits are kept from one visit to the next, but not from test to test.
NEW_READER = """
try {
  if (sessionStorage.known === undefined) localStorage.clear();
  sessionStorage.known = "1";
} catch {}
"""


class _Host(http.server.SimpleHTTPRequestHandler):
    """A plain static host, some of whose files can be made to be missing."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, host: Host, **options: Any) -> None:
        self.host = host
        super().__init__(*args, **options)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def send_head(self) -> Any:
        name = self.path.partition("?")[0].rpartition("/")[2]
        if self.host.down:
            self.close_connection = True
            return None
        self.host.asked.append(name)
        if self.host.busy:
            self.send_error(503)
            return None
        if self.path.endswith("?slow"):
            time.sleep(0.15)
        while any(part in name for part in self.host.held):
            time.sleep(0.02)
        if any(part in name for part in self.host.missing):
            self.send_error(404)
            return None
        for part, content in self.host.damaged.items():
            if part in name:
                return self._send_damaged(content)
        return super().send_head()

    def _send_damaged(self, content: bytes) -> Any:
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(self.path))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def end_headers(self) -> None:
        for name, value in self.host.headers.items():
            self.send_header(name, value)
        super().end_headers()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A page that is left breaks its downloads off: nothing to tell."""


@dataclass
class Host:
    """A served folder, and what the tests do to it."""

    url: str = ""
    missing: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    damaged: dict[str, bytes] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    down: bool = False
    busy: bool = False

    def reset(self) -> None:
        """Serve everything again."""
        self.down = self.busy = False
        self.missing.clear()
        self.held.clear()
        self.damaged.clear()
        self.asked.clear()


@contextmanager
def serve(folder: Path, **headers: str) -> Iterator[Host]:
    """Serve the parent, so that the site stands under a sub-path."""
    host = Host(headers={k.replace("_", "-"): v for k, v in headers.items()})
    handler = functools.partial(_Host, host=host, directory=str(folder.parent))
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host.url = f"http://127.0.0.1:{server.server_port}/{folder.name}/"
        yield host
        server.shutdown()


@pytest.fixture(scope="session")
def small_site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages beside this file, built with the course's own fences."""
    assemble(root, progress=False)
    folder = tmp_path_factory.mktemp("small")
    shutil.copytree(HERE / "pages", folder / "docs")
    (folder / "mkdocs.yml").write_text(CONFIG)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in ("benchmark", "cells", "names", "pyodide"):
        shutil.copytree(
            root / "docs/assets" / name, folder / "site/assets" / name
        )
    write_policy(folder / "site")
    return folder / "site"


@pytest.fixture(scope="session")
def _small_host(small_site: Path) -> Iterator[Host]:
    with serve(small_site) as host:
        yield host


@pytest.fixture
def host(_small_host: Host) -> Iterator[Host]:
    """The small site on a plain static host."""
    _small_host.reset()
    yield _small_host
    _small_host.reset()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def start_browser(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., BrowserContext]:
    """Start a Chromium of one's own, with a fresh profile."""

    def start(*flags: str, **options: Any) -> BrowserContext:
        profile = tmp_path_factory.mktemp("profile")
        context = launch(playwright, profile, *flags, **options)
        context.set_default_timeout(PATIENCE)
        return context

    return start


@pytest.fixture(scope="session")
def browser(
    start_browser: Callable[..., BrowserContext],
) -> Iterator[BrowserContext]:
    """The Chromium that most tests share, its cache warm."""
    size = {"width": 1280, "height": 900}
    context = start_browser(viewport=size)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context
    context.close()


class Cells:
    """A page and its cells, as a reader handles them."""

    def __init__(self, page: Page, host: Host) -> None:
        self.page = page
        self.host = host
        self.errors: list[str] = []
        self.foreign: list[str] = []
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._note_request)

    def _note_message(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.errors.append(message.text)

    def _note_request(self, request: Any) -> None:
        origin = self.host.url.rsplit("/", 2)[0]
        if not request.url.startswith((origin, "data:", "blob:")):
            self.foreign.append(request.url)

    def open(self, path: str = "") -> None:
        """Open a page of the small site."""
        self.page.goto(self.host.url + path)
        self.page.wait_for_selector(".cell-bar", state="attached")

    def write(self, name: str, code: str) -> None:
        """Put other code into a cell, through its editor."""
        self.page.click(f"#{name} pre code, #{name} .cm-content")
        content = self.page.locator(f"#{name} .cm-content")
        content.wait_for()
        content.press("Control+a")
        # Firefox leaves empty lines around text put over a selection.
        content.press("Backspace")
        self.page.keyboard.insert_text(code)

    def press(self, name: str) -> None:
        """Press the cell's Run, or Stop."""
        self.page.click(f"#{name} .cell-main")

    def run(self, name: str, code: str | None = None) -> str:
        """Run a cell to its end; its text."""
        if code is not None:
            self.write(name, code)
        self.press(name)
        self.wait(name)
        return self.text(name)

    def wait(
        self, name: str, *states: str, seconds: float = PATIENCE / 1000
    ) -> str:
        """Wait until the cell is in one of the states, at first any end."""
        wanted = list(states or ENDED)
        try:
            wait_until(
                self.page,
                "([name, wanted]) => wanted.includes("
                "document.getElementById(name).dataset.state)",
                arg=[name, wanted],
                timeout=seconds * 1000,
            )
        except PlaywrightTimeout as error:
            python = self.page.locator(".cell-runtime-words").all_inner_texts()
            raise AssertionError(
                f"cell {name} is {self.state(name)!r}, not {wanted}: "
                f"{self.status(name)!r}; {python}; {self.errors}"
            ) from error
        return self.state(name)

    def state(self, name: str) -> str:
        return str(self.page.locator(f"#{name}").get_attribute("data-state"))

    def status(self, name: str) -> str:
        return self.page.locator(f"#{name} .cell-status").inner_text()

    def code(self, name: str) -> str:
        lines = self.page.locator(f"#{name} .cm-line").all_inner_texts()
        return "\n".join(line.rstrip("\n") for line in lines)

    def text(self, name: str) -> str:
        """What the cell printed, as it stands in the page."""
        texts = self.page.locator(f"#{name} + .cell-output .cell-text")
        return "".join(texts.all_text_contents())

    def answer(self, name: str, line: str) -> None:
        """Write a line into the field of `input()` and send it."""
        field = self.page.locator(f"#{name} + .cell-output input[type=text]")
        field.fill(line)
        field.press("Enter")

    def stop(self, name: str) -> float:
        """Press Stop; the seconds until the page shows the end."""
        start = time.perf_counter()
        self.press(name)
        self.wait(name, *ENDED)
        return time.perf_counter() - start


@pytest.fixture(scope="session")
def make_cells() -> type[Cells]:
    """For a page in a browser of one's own."""
    return Cells


@pytest.fixture(scope="session", name="serve")
def _serve() -> Callable[..., Any]:
    """For a host with headers of its own."""
    return serve


@pytest.fixture(scope="session")
def host_of() -> Callable[[str], Host]:
    """For a site that somebody else serves."""
    return Host


@pytest.fixture
def cells(browser: BrowserContext, host: Host) -> Iterator[Cells]:
    """The first page; nothing may go wrong or abroad while it is used."""
    page = browser.new_page()
    page.add_init_script(NEW_READER)
    driver = Cells(page, host)
    driver.open()
    yield driver
    page.close()
    assert driver.foreign == []
    assert driver.errors == []


@pytest.fixture
def alone(cells: Cells) -> Cells:
    """The page with a single cell, called ``alone``."""
    cells.open("other/")
    return cells
