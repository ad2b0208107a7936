"""Waits for the page without breaking its policy."""

import time
from typing import Any

from playwright.sync_api import Error, Page, TimeoutError

# Milliseconds for what takes two seconds where nothing else is to do. How
# fast the page is, the benchmarks tell.
PATIENCE = 60_000


def wait_until(
    page: Page, expression: str, *, arg: Any = None, timeout: float = PATIENCE
) -> None:
    """Asks the page again and again until the expression is true.

    Playwright's own `wait_for_function` evaluates text inside the page, which
    the content security policy forbids; `evaluate` asks from outside. A page
    that is just left has no answer: the next one is asked.
    """

    def answer() -> Any:
        try:
            return page.evaluate(expression, arg)
        except Error as error:
            if "Execution context was destroyed" in str(error):
                return False
            raise

    end = time.monotonic() + timeout / 1000
    while not answer():
        if time.monotonic() > end:
            raise TimeoutError(
                f"after {timeout:.0f} ms still not: {expression}"
            )
        page.wait_for_timeout(20)
