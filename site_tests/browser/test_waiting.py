"""The waits themselves: what it takes for a "not yet", and what it does not."""

import pytest
from playwright.sync_api import Error, TimeoutError

from site_tests.browser.barriers import SEEN
from site_tests.browser.waiting import wait_until

# True on a page that was loaded again; another is left before it can answer.
LOADED_AGAIN = """
async () => {
  const [{ type }] = performance.getEntriesByType("navigation");
  if (type === "reload") return true;
  location.reload();
  return new Promise((answer) => setTimeout(answer, 20_000));
}
"""


@pytest.fixture
def page(start_browser, host):
    page = start_browser().new_page()
    page.goto(host.url)
    return page


def test_a_page_that_is_left_is_asked_again(page):
    wait_until(page, LOADED_AGAIN)


def test_a_mistake_in_the_question_is_no_answer(page):
    with pytest.raises(Error, match="nowhere is not defined"):
        wait_until(page, "() => nowhere")


def test_what_never_comes_true_ends(page):
    with pytest.raises(TimeoutError, match=r"after 100 ms still not: .*false"):
        wait_until(page, "() => false", timeout=100)


def test_a_page_without_frames_is_seen_all_the_same(page):
    page.evaluate("window.requestAnimationFrame = () => 0")
    page.set_viewport_size({"width": 1280, "height": 3000})
    page.evaluate(SEEN)  # without an end of its own, it would hang here
    assert page.evaluate("scrollY") == 0
