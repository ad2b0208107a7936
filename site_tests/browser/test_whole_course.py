"""The built course without scripts, without storage, and from its own zip."""

import json
import re
import subprocess
import sys
import zipfile

from chromium import launch
from kept import KEPT
from playwright.sync_api import expect

from site_tests.browser.waiting import wait_until

WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
});
"""

DARK = "document.body.dataset.mdColorScheme = 'slate'"
STILLS = """() => [...document.querySelectorAll('.cell-widget')].map((one) => {
  const box = one.querySelector('.widget-still > svg').getBoundingClientRect();
  const words = getComputedStyle(one.querySelector('figcaption')).color;
  const text = one.querySelector('svg text') ?? one;
  const ink = [words, getComputedStyle(text).fill].map((color) =>
    Number(/\\d+/.exec(color)[0]));
  return { width: box.width, right: box.right, ink: Math.max(...ink) };
})"""

CONTROLLED = "() => navigator.serviceWorker.controller !== null"
SEARCHABLE = f"async () => String(await ({KEPT})()).includes('documents.json')"


def test_reading_needs_no_script_and_running_no_storage(
    playwright, start_browser, tmp_path, built_site, serve, make_cells
):
    with serve(built_site) as host:
        context = start_browser(java_script_enabled=False)
        page = context.new_page()
        page.goto(host.url)
        code = page.locator("#first-pairs code")
        assert code.is_visible()
        assert "cross_entropy_backward" in code.text_content()
        still = page.locator("#first-cell + .cell-output .widget-still > svg")
        assert still.is_visible()
        assert still.get_by_text("upper").is_visible()
        assert page.get_by_role("link", name="notebook (.ipynb)").is_visible()

        # The stills of figures stand on paper, whole and dark on white.
        page.set_viewport_size({"width": 700, "height": 1000})
        page.emulate_media(media="print")
        for path in ("chapters/architecture/", "chapters/backpropagation/"):
            page.goto(host.url + path)
            page.evaluate(DARK)
            found = page.evaluate(STILLS)
            assert found
            for still in found:
                assert still["width"] > 100
                assert still["right"] <= 700
                assert still["ink"] < 128
        context.close()

        # As in some private modes: every touch of a storage throws.
        folder = tmp_path / "Default"
        folder.mkdir()
        blocked = {
            "profile": {"default_content_setting_values": {"cookies": 2}}
        }
        (folder / "Preferences").write_text(json.dumps(blocked))
        context = launch(playwright, tmp_path)
        page = context.new_page()
        page.add_init_script(WATCH)
        cells = make_cells(page, host)
        cells.open("about/authoring/")
        assert cells.run("two-plus-two") == "4\n"
        assert page.evaluate("navigator.serviceWorker.controller") is None
        assert page.evaluate("window.violations") == []
        context.close()


def test_the_front_page_opens_with_a_network_that_learns(
    start_browser, built_site, serve, make_cells
):
    with serve(built_site) as host:
        for width, height in ((1440, 900), (390, 844)):
            context = start_browser(
                viewport={"width": width, "height": height}, has_touch=True
            )
            cells = make_cells(context.new_page(), host)
            page = cells.page
            page.add_init_script(WATCH)
            cells.open()
            page.wait_for_timeout(600)
            assert "current.json" not in host.asked  # nothing before intent
            output = page.locator("#first-cell + .cell-output")
            for part in (
                page.locator("h1"),
                page.locator(".lead"),
                page.locator("#first-cell .cell-main"),
                output.locator(".widget-still svg.surface"),
            ):
                box = part.bounding_box()
                assert box["y"] + box["height"] <= height, (width, part)
            if width > 1000:
                context.close()
                continue
            page.locator("#first-cell .cell-main").tap()
            cells.wait("first-cell", seconds=90)
            summary = output.locator(".widget-summary")
            expect(summary).to_have_text(
                "300 of 300 points lie on their own side."
            )
            output.get_by_text("Draw lower").tap()
            plane = output.locator(".surface-plane").bounding_box()
            for share in (0.06, 0.1, 0.14):  # far from every other point
                page.touchscreen.tap(
                    plane["x"] + plane["width"] * share, plane["y"] + 12
                )
            expect(summary).to_have_text(
                "303 of 303 points lie on their own side. You drew 3 of them.",
            )
            wait_until(page, "() => location.hash.includes('first-cell')")
            assert page.evaluate("window.violations") == []
            assert cells.errors == []
            context.close()


def test_the_search_reads_the_course_when_it_is_first_used(
    start_browser, built_site, serve, make_cells
):
    with serve(built_site) as host:
        context = start_browser(viewport={"width": 1280, "height": 900})
        cells = make_cells(context.new_page(), host)
        page = cells.page
        page.add_init_script(WATCH)
        cells.open("about/authoring/")
        page.get_by_text("Type to start searching").wait_for(state="attached")
        assert "documents.json" not in host.asked
        wait_until(page, CONTROLLED)

        host.missing.append("documents.json")
        field = page.locator("[data-md-component=search-query]")
        field.click()
        field.press_sequentially("vani")
        results = page.locator(".md-search-result__list")
        expect(results).to_contain_text("The search could not be loaded")
        host.missing.clear()
        host.held.append("documents.json")
        field.press_sequentially("shing")
        expect(results).to_contain_text("Reading the course…")
        host.held.clear()
        expect(results).to_contain_text("vanishes")
        expect(results).not_to_contain_text("could not be loaded")
        expect(results).not_to_contain_text("Reading the course")
        assert host.asked.count("documents.json") >= 2

        # What was searched once is searched without a network, too.
        wait_until(page, SEARCHABLE)
        host.down = True
        page.reload()
        field.click()
        field.press_sequentially("vanishing")
        expect(results).to_contain_text("vanishes")
        assert page.evaluate("window.violations") == []
        context.close()


def test_the_zip_runs_from_a_plain_server_with_nothing_else(
    start_browser, built_site, tmp_path, host_of, make_cells
):
    size = (built_site / "course.zip").stat().st_size / 1e6
    home = (built_site / "index.html").read_text()
    said = re.search(r"whole course as one file</a> \((\d+) MB\)", home)
    assert said is not None
    assert abs(int(said[1]) - size) < 2
    with zipfile.ZipFile(built_site / "course.zip") as archive:
        assert archive.testzip() is None
        assert "course/search/documents.json" in archive.namelist()
        archive.extractall(tmp_path)
    command = [sys.executable, "-u", "-m", "http.server", "0"]
    server = subprocess.Popen(
        [*command, "--bind", "127.0.0.1"],
        cwd=tmp_path / "course", stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        port = server.stdout.readline().split("port ")[1].split()[0]
        # No name is resolved, and nothing but this machine is reached.
        context = start_browser(
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
        )
        page = context.new_page()
        page.add_init_script(WATCH)
        cells = make_cells(page, host_of(f"http://127.0.0.1:{port}/"))
        cells.open("about/authoring/")
        assert cells.run("two-plus-two") == "4\n"
        assert page.evaluate("window.violations") == []
        context.close()
    finally:
        server.terminate()
        server.wait()
