"""Code that goes out as a link, and what comes back with one."""

import base64
import re
import zlib

from practice_page import PracticePage

from site_tests.browser.waiting import wait_until

NOTE = ".draft-note p"


def link(text, cell="alone", version=1):
    packed = base64.urlsafe_b64encode(zlib.compress(text)).decode()
    return f"#code={version}.{cell}.{packed.rstrip('=')}"


def test_code_goes_out_as_a_link_and_comes_back_as_an_edit(
    alone, start_browser, make_cells, host
):
    alone.write("alone", "print('shared', 'ä', 6 * 7)")
    share = alone.page.get_by_role("button", name="Copy a link to this code")
    share.focus()
    alone.page.keyboard.press("Enter")
    alone.page.get_by_role("button", name="Link copied").wait_for()
    assert alone.page.locator(".cell-spoken[role=status]").inner_text() == (
        "Link copied."
    )
    address = alone.page.evaluate("navigator.clipboard.readText()")
    assert address.startswith(f"{host.url}other/#code=1.alone.")
    alone.page.get_by_role("button", name="Copy the code").focus()
    alone.page.keyboard.press("Enter")
    alone.page.get_by_role("button", name="Copied", exact=True).wait_for()

    context = start_browser(viewport={"width": 1280, "height": 900})
    other = make_cells(context.new_page(), host)
    other.page.goto(address)
    other.page.locator(NOTE).wait_for()
    assert "came with a link" in other.page.inner_text(NOTE)
    code = other.page.locator("#alone .highlight code")
    assert code.inner_text() == "print('shared', 'ä', 6 * 7)\n"
    # Nothing has run, and Python has not even started.
    assert other.state("alone") == "idle"
    assert other.page.workers == []
    assert other.page.url.endswith("other/#alone")
    other.page.reload()
    other.page.wait_for_selector(".cell-bar")
    assert "shared" in code.inner_text()
    assert "came with a link" in other.page.inner_text(NOTE)
    # A second link finds an edit here, and asks.
    other.page.evaluate(f"location.hash = {link(b'print(2)')!r}")
    other.page.locator(NOTE, has_text="brought other code").wait_for()
    assert "shared" in code.inner_text()
    other.page.get_by_role("button", name="Take the other").click()
    assert other.run("alone") == "2\n"
    other.page.get_by_role("button", name="Reset cell").click()
    other.page.goto(host.url + "plain/")
    other.page.goto(host.url + "other/" + link(b"print(3)"))
    other.page.get_by_role("button", name="Back to the lesson’s code").click()
    assert other.run("alone") == "alone: False\n"
    assert other.errors == []
    context.close()


def test_a_hostile_link_comes_to_one_sentence(alone):
    whole = link(b"print('a rather long text', 1, 2, 3)")
    page = alone.page
    refused = {
        whole[:-6]: "damaged",
        whole[:40] + "AAAA" + whole[44:]: "damaged",
        link(b"\xff\xfe"): "damaged",
        "#code=1.alone.<img src=x onerror=window.pwned=1>": "damaged",
        "#code=1.alone.": "damaged",
        "#code=%E0%A4%A": "damaged",
        link(b"print(1)", version=2): "another version",
        link(b"print(1)", cell="nowhere"): "does not have",
        link(b"x" * 30_000): "too long",
        link(b"0" * 300_000_000): "too long",  # 290 KB of digits
        link(b"1" * 20_000_000): "too long",  # small, and a bomb
        link("a = 1 \u202e# 1".encode()): "hides",
        link(b"print(1)\x1b[2J"): "hides",
    }
    for address, word in refused.items():
        page.evaluate("location.hash = ''")
        page.evaluate("(hash) => { location.hash = hash; }", address)
        page.locator(NOTE, has_text=word).wait_for()
        assert page.locator(NOTE).count() == 1, address[:60]
        assert page.inner_text(NOTE).count(".") == 1
        page.get_by_role("button", name="Close").click()
    assert page.evaluate("window.pwned") is None
    assert alone.run("alone") == "alone: False\n"
    wait_until(page, "() => document.querySelector('.draft-note') === null")


def test_an_answer_goes_out_as_a_link_and_is_an_edit_there(
    cells, start_browser, make_cells, host
):
    practice = PracticePage(cells)
    practice.open()
    page = practice.page
    share = "#{} [aria-label='Copy a link to this code']"

    def shared(name):
        page.locator(share.format(name)).click()
        page.locator(f"#{name} [aria-label='Link copied']").wait_for()
        return page.evaluate("navigator.clipboard.readText()")

    assert shared("double") == f"{host.url}practice/#double"
    practice.write("double", "def double(x):\n    return x + x")
    practice.line("numbers = []").click()
    practice.line("seen = 0").click()
    answer, order = shared("double"), shared("count-down")
    assert answer.startswith(f"{host.url}practice/#code=1.double.")
    assert order.startswith(f"{host.url}practice/#code=1.count-down.")

    context = start_browser(viewport={"width": 1280, "height": 900})
    other = PracticePage(make_cells(context.new_page(), host))
    other.page.goto(answer)
    other.page.locator(f"#double {NOTE}").wait_for()
    assert "Read it before" in other.page.inner_text(f"#double {NOTE}")
    code = other.page.locator("#double .highlight code").first
    assert code.inner_text() == "def double(x):\n    return x + x\n"
    # Nothing has run, nothing is passed, and Python has not even started.
    assert other.state("double") == "idle"
    assert other.page.workers == []
    assert "0 of 2 exercises" in other.panel()
    assert re.search(r"Passed\s+5 checks", other.check("double"))
    other.page.goto(order)
    other.page.locator(f"#count-down {NOTE}").wait_for()
    assert other.program() == ["numbers = []", "seen = 0"]
    for text in (b"import os", b"numbers = []\nimport os"):
        other.page.evaluate(
            "hash => { location.hash = hash; }", link(text, cell="count-down")
        )
        refused = other.page.locator(NOTE, has_text="not those of the exercise")
        refused.wait_for()
        other.page.get_by_role("button", name="Close").click()
    assert other.program() == ["numbers = []", "seen = 0"]
    assert other.cells.errors == []
    context.close()
