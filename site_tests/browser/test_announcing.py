"""What a screen reader hears: each change of state, and each once."""

from playwright.sync_api import expect

LIVE = (
    "[aria-live]:not([aria-live=off]), output:not([aria-live=off]), "
    "[role=status], [role=alert]"
)
# Every text that a live region takes on, in order; but for the editor's own,
# which tells what the reader's key has done.
LISTEN = f"""() => {{
  window.heard = [];
  new MutationObserver((records) => {{
    const regions = new Set(records.map(({{ target }}) =>
      (target.closest ? target : target.parentElement).closest("{LIVE}")));
    for (const region of regions) {{
      if (region === null || region.closest(".cm-editor")) continue;
      window.heard.push(region.textContent.trim());
    }}
  }}).observe(document.body, {{
    childList: true, characterData: true, subtree: true,
  }});
}}"""


def heard(cells):
    return cells.page.evaluate("() => window.heard.splice(0)")


def test_every_change_of_state_is_heard_once(alone):
    alone.page.evaluate(LISTEN)
    alone.run("alone", "print('hello')\nprint('there')")
    assert heard(alone) == ["Python is starting.", "Cell 1 has run. hello"]
    alone.run("alone")  # the same words, of another run
    assert heard(alone) == ["Cell 1 has run. hello"]
    alone.run("alone", "for i in range(3000): print(i)\n1 / 0")
    assert heard(alone) == [
        "Cell 1: ZeroDivisionError in line 2. division by zero"
    ]
    alone.write("alone", "while True: print('again')")
    alone.press("alone")
    alone.wait("alone", "running")
    alone.page.wait_for_timeout(400)
    alone.stop("alone")
    assert heard(alone) == ["Cell 1 was stopped in line 1."]


def test_a_slider_tells_its_value_itself(alone):
    code = (
        "from tutorial_kernels.page import controls\nknobs = controls(n=(1, 9))"
    )
    alone.run("alone", code)
    figure = alone.page.locator("#alone + .cell-output")
    alone.page.evaluate(LISTEN)
    figure.get_by_role("slider").press("ArrowRight")
    expect(figure.locator("output")).to_have_text("6")  # from the middle
    assert heard(alone) == []
