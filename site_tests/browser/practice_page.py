"""A hand on the exercises and questions of the page under test."""

from __future__ import annotations

from typing import Any

from site_tests.browser.waiting import wait_until

ENDED = ["done", "failed", "error", "stopped"]


class PracticePage:
    """The page ``practice/`` of the small site."""

    def __init__(self, cells: Any) -> None:
        self.cells = cells
        self.page = cells.page

    def open(self) -> None:
        self.cells.open("practice/")

    def reload(self) -> None:
        self.page.reload()
        self.page.wait_for_selector(".cell-bar", state="attached")

    def write(self, name: str, code: str) -> None:
        self.cells.write(name, code)

    def check(self, name: str, code: str | None = None) -> str:
        """Check an exercise to its end; the words of the verdict."""
        if code is not None:
            self.write(name, code)
        self.page.click(f"#{name} .cell-main")
        self.wait(name, *ENDED)
        return self.verdict(name)

    def wait(self, name: str, *states: str) -> str:
        wait_until(
            self.page,
            "([name, wanted]) => wanted.includes(document.querySelector("
            "`#${name} .exercise-cell`).dataset.state)",
            arg=[name, list(states)],
        )
        return self.state(name)

    def state(self, name: str) -> str:
        cell = self.page.locator(f"#{name} .exercise-cell")
        return str(cell.get_attribute("data-state"))

    def verdict(self, name: str) -> str:
        return self.page.locator(f"#{name} .verdict").inner_text()

    def line(self, text: str) -> Any:
        """A line of the Parsons problem."""
        return self.page.locator(f'.parsons-line[data-text="{text}"]')

    def program(self) -> list[str]:
        """The lines of the program, with their indentation."""
        items = self.page.locator(".parsons-program > li").all()
        return [
            "    "
            * int(item.evaluate("e => e.style.getPropertyValue('--indent')"))
            + item.locator("code").inner_text()
            for item in items
        ]

    def spoken(self) -> str:
        return self.page.locator("[role=status][aria-live=polite]").inner_text()

    def stored(self) -> dict[str, str]:
        """What is in localStorage, by the part of the key behind the page."""
        return self.page.evaluate(
            "() => Object.fromEntries(Object.entries(localStorage)"
            ".filter(([k]) => k.includes('practice/#'))"
            ".map(([k, v]) => [k.split('#')[1], JSON.parse(v)]))"
        )

    def panel(self) -> str:
        return self.page.locator(".progress-panel").inner_text()
