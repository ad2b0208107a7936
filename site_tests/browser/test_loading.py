"""What is loaded when, what a failure says, and what leaving a page leaves."""

import gzip
from pathlib import Path

import pytest

from site_tests.browser.test_announcing import LISTEN, heard
from site_tests.browser.waiting import wait_until

RUNTIME = (
    "current.json",
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
    "numpy",
    "tutorial_kernels",
    "worker.js",
)
LARGEST_PAGE = 300 * 1024


def _python_files(asked):
    return [
        name
        for name in asked
        if name.endswith((".wasm", ".whl", ".zip", ".mjs"))
    ]


@pytest.fixture
def fresh(start_browser, make_cells, host):
    """A browser that has never been here; errors are part of the matter."""
    context = start_browser(viewport={"width": 1280, "height": 900})
    yield make_cells(context.new_page(), host)
    context.close()


def test_nothing_of_python_is_loaded_before_intent(fresh, host):
    fresh.page.goto(host.url + "plain/")
    fresh.page.wait_for_timeout(800)
    assert _python_files(host.asked) == []
    assert "current.json" not in host.asked


def test_a_page_before_intent_is_light(fresh, host, small_site):
    """Everything but the runtime, zipped as hosts do."""
    weights = {}

    def weigh(response):
        path = response.url.partition("?")[0]
        if "/pyodide/" in path or not response.ok:
            return
        weights[path] = len(gzip.compress(response.body()))

    fresh.page.on("requestfinished", lambda request: weigh(request.response()))
    fresh.page.goto(host.url)
    fresh.page.wait_for_load_state("networkidle")
    assert any("cells.js" in path for path in weights)
    assert sum(weights.values()) < LARGEST_PAGE, weights


def test_a_cell_near_the_screen_fetches_but_does_not_start(cells, host):
    cells.page.wait_for_timeout(600)  # the page lies open, and nobody moves
    assert "current.json" not in host.asked
    cells.page.mouse.move(3, 3)
    wait_until(
        cells.page,
        "() => performance.getEntriesByType('resource')"
        ".some((entry) => entry.name.endsWith('.wasm'))",
    )
    assert len(cells.page.workers) == 0


def test_the_pointer_starts_python(cells):
    cells.page.hover("#numbers")
    cells.page.wait_for_selector(
        ".cell-runtime[data-state=ready]", timeout=40_000
    )
    assert len(cells.page.workers) == 1
    assert "Python is ready" in cells.page.locator(".cell-runtime").inner_text()


def test_a_reader_who_saves_data_starts_python_by_run_alone(fresh, host):
    fresh.page.add_init_script(
        "Object.defineProperty(navigator, 'connection', "
        "{value: {saveData: true, effectiveType: '4g'}})"
    )
    fresh.open("other/")
    fresh.page.hover("#alone")
    fresh.page.wait_for_timeout(600)
    assert _python_files(host.asked) == []
    assert fresh.run("alone") == "alone: False\n"


@pytest.mark.parametrize("name", RUNTIME)
def test_a_missing_file_is_named_and_retry_works(fresh, host, name):
    host.missing.append(name)
    fresh.open("other/")
    fresh.page.evaluate(LISTEN)
    # A pointer on its way to the button would be a start of its own.
    fresh.page.locator("#alone .cell-main").dispatch_event("click")
    note = fresh.page.locator("#alone + .cell-output .cell-note")
    note.wait_for()
    assert name in note.inner_text()
    said = heard(fresh)
    assert said[-1].startswith("Python could not go on.")
    assert len(said) == len(set(said)), said
    # What was recorded still stands there.
    assert "alone: False" in fresh.text("alone")
    host.missing.clear()
    note.get_by_role("button", name="Retry").click()
    fresh.wait("alone", "done")
    assert fresh.text("alone") == "alone: False\n"


@pytest.mark.parametrize("name", ["pyodide.asm.wasm", "python_stdlib.zip"])
def test_a_damaged_file_is_named(fresh, host, name):
    host.damaged[name] = b"not what it should be"
    fresh.open("other/")
    fresh.press("alone")
    note = fresh.page.locator("#alone + .cell-output .cell-note")
    note.wait_for()
    assert name in note.inner_text()


def test_instant_navigation_leaves_at_most_one_worker(cells):
    cells.run("numbers")
    for _ in range(5):
        for title, name in (
            ("Another page", "alone"),
            ("Cells under test", "numbers"),
        ):
            cells.page.locator(".md-sidebar").get_by_role(
                "link", name=title, exact=True
            ).first.click()
            cells.page.wait_for_selector(f"#{name} .cell-bar")
            cells.page.hover(f"#{name}")
    assert (
        cells.page.evaluate(
            "() => performance.getEntriesByType('navigation').length"
        )
        == 1
    )
    cells.page.wait_for_timeout(300)
    assert len(cells.page.workers) <= 1
    assert cells.page.locator(".cell-runtime").count() == 1
    assert cells.page.locator("[role=status][aria-live]").count() == 1
    # A new page is a new namespace.
    cells.run("sum")
    cells.page.locator(".md-sidebar").get_by_role(
        "link", name="Another page", exact=True
    ).first.click()
    cells.page.wait_for_selector("#alone .cell-bar")
    assert cells.run("alone") == "alone: False\n"


def test_two_tabs_do_not_share_variables(cells, browser, make_cells, host):
    cells.run("sum")
    second = make_cells(browser.new_page(), host)
    second.open("other/")
    assert second.run("alone") == "alone: False\n"
    second.page.close()


def test_no_machine_path_is_built_in(root):
    built = Path(root, "docs/assets/cells")
    for path in built.iterdir():
        assert str(root).encode() not in path.read_bytes()
