"""Completion: from what is known at first, and from Python when it is ready."""

from site_tests.browser.waiting import wait_until

AXE = "src/cell_engine/node_modules/axe-core/axe.min.js"
CHECK = """
async () => {
  const values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  // The arrow keys scroll the list; the focus stays in the text.
  const rules = { "scrollable-region-focusable": { enabled: false } };
  const options = { rules, runOnly: { type: "tag", values } };
  const { violations } = await axe.run("#alone", options);
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
}
"""
OPTIONS = ".cm-tooltip-autocomplete li"
INFO = ".cm-completionInfo"
# Whoever looks at it runs a property, a __dir__ or a __repr__.
TRAP = """\
import numpy as np
from tutorial_kernels import nn


class Trap:
    weight = 1

    @property
    def wrong(self):
        print("a property ran")

    def __dir__(self):
        print("__dir__ ran")
        return []

    def __getattr__(self, name):
        print("__getattr__ ran")
        raise AttributeError(name)

    __repr__ = __dir__


trap = Trap()
layers = [nn.Linear(2, 3)]
images = np.zeros((3, 28))
"""


def offered(cells, text, *, explicit=True):
    """Type at the end of a cell's code; what the editor offers in the end.

    The list opens while the text is typed, and follows it with a delay.
    """
    cells.page.keyboard.press("Control+End")
    cells.page.keyboard.type(text)
    if explicit:
        cells.page.keyboard.press("Control+Space")
    cells.page.wait_for_selector(OPTIONS)
    labels = cells.page.locator(f"{OPTIONS} .cm-completionLabel")
    before: list[str] = []
    for _ in range(40):
        names = labels.all_inner_texts()
        if names and names == before:
            break
        before = names
        cells.page.wait_for_timeout(250)
    return names


def begin(cells, name, code):
    """A line of its own below some code, and no list open."""
    cells.write(name, code)
    cells.page.keyboard.press("Control+End")


def test_names_are_known_without_python(start_browser, host, make_cells):
    host.missing.append("pyodide.asm")
    context = start_browser()  # it has Python in no cache
    cells = make_cells(context.new_page(), host)
    cells.open()
    code = "import numpy as np\nfrom tutorial_kernels import nn\n"
    begin(cells, "numbers", f"{code}class Net(nn.Module):\n    def go(self):\n")
    names = offered(cells, "        self.scale = np.lins", explicit=False)
    assert names[0] == "linspace"
    cells.page.wait_for_selector(INFO)
    assert "linspace(start, stop, num=50" in cells.page.inner_text(INFO)
    cells.page.keyboard.press("Enter")
    assert cells.code("numbers").endswith("self.scale = np.linspace")
    assert offered(cells, "\nself.", explicit=False) == ["scale"]
    cells.page.keyboard.press("Escape")
    line = "\nfrom tutorial_kernels.nn import ReLU, Lin"
    assert "Linear" in offered(cells, line, explicit=False)
    begin(cells, "sum", "")
    assert "Net" in offered(cells, "N")  # of the cell above
    bar = cells.page.locator(".cell-runtime")
    assert bar.get_attribute("data-state") in ("downloading", "failed")
    context.close()


def test_python_tells_and_runs_nothing_of_the_readers(alone):
    assert alone.run("alone", TRAP) == ""
    begin(alone, "alone", TRAP)
    assert offered(alone, "trap.", explicit=False) == ["weight", "wrong"]
    alone.page.keyboard.press("ArrowDown")
    alone.page.wait_for_selector(f"{OPTIONS}[aria-selected] >> text=wrong")
    alone.page.keyboard.press("Escape")
    assert offered(alone, "\nlayers[0].wei", explicit=False) == ["weight"]
    alone.page.keyboard.press("Escape")
    assert "images" in offered(alone, "\nimag")
    wait_until(
        alone.page,
        "[...document.querySelectorAll('.cm-completionInfo')].some(({"
        "innerText}) => innerText.includes('ndarray of shape (3, 28)'))",
    )
    alone.page.keyboard.press("Escape")
    assert alone.text("alone") == ""
    assert alone.state("alone") == "done"


def test_the_keys_still_run_indent_and_leave(alone, root):
    begin(alone, "alone", "import numpy as np\n")
    assert "linspace" in offered(alone, "np.l", explicit=False)
    content = alone.page.locator("#alone .cm-content")
    assert content.get_attribute("aria-haspopup") == "listbox"
    chosen = content.get_attribute("aria-activedescendant")
    assert alone.page.locator(f"#{chosen}").get_attribute("role") == "option"
    alone.page.evaluate((root / AXE).read_text())
    for scheme in ("default", "slate"):
        dark = "document.body.setAttribute('data-md-color-scheme', '{}')"
        alone.page.evaluate(dark.format(scheme))
        alone.page.wait_for_timeout(300)  # colors change by and by
        assert alone.page.evaluate(CHECK) == []
    alone.page.keyboard.press("Escape")
    assert alone.page.locator(OPTIONS).count() == 0
    assert "linspace" in offered(alone, "inspace")
    # The name stands there whole: Enter is a new line again.
    alone.page.keyboard.press("Enter")
    assert alone.code("alone").endswith("np.linspace\n")
    assert "zeros" in offered(alone, "np.zer", explicit=False)
    alone.page.keyboard.press("Tab")
    assert alone.code("alone").endswith("\n    np.zer")
    alone.page.keyboard.press("Shift+Tab")
    assert "zeros" in offered(alone, "o", explicit=False)
    alone.page.keyboard.press("Control+Enter")
    alone.wait("alone", "error")
    assert "AttributeError" in alone.page.inner_text("#alone + .cell-output")
    assert "zeros" in offered(alone, "", explicit=True)
    alone.page.keyboard.press("Escape")
    alone.page.keyboard.press("Tab")
    inside = "document.activeElement.closest('.cm-editor') !== null"
    assert not alone.page.evaluate(inside)
