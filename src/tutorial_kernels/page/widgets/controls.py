"""Sliders, switches, choices and buttons that Python reads as it runs."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from tutorial_kernels.page.widget import RESERVED, Widget
from tutorial_kernels.page.widgets.control_fields import (
    Field,
    checked,
    field_of,
    initial_values,
    words_of,
)

WIDTH, ROW = 640, 28


class Controls(Widget):
    """A panel of controls; each value is an attribute of its name.

    The values are what the reader has set last, also while a cell trains:
    ``track`` and every look for Stop let them in. ``on_change`` calls a
    function whenever one is set. In a terminal they stay what they were.

    Args:
        task: What the reader can find out.
        name: The panel's name in the page's address.
        **given: For each control a bool (a switch), a list (one of several
            choices, the first to begin with), a tuple ``(low, high)`` with an
            initial value or ``"log"`` behind (a slider, of whole numbers when
            all are), or a function (a button that calls it).

    Raises:
        TypeError: There is no control, or one is something else.
        ValueError: Bounds or choices make no sense, or a name is taken.
    """

    _fields: dict[str, Field]

    def __init__(self, *, task: str = "", name: str = "", **given: Any) -> None:
        """Show the controls."""
        if not given:
            raise TypeError(
                'controls: give at least one, such as lr=(1e-4, 1, "log")'
            )
        for key in given:
            if key in RESERVED or key == "fields" or hasattr(Widget, key):
                raise ValueError(f"controls: the name {key!r} is taken")
        self._fields = {key: field_of(key, part) for key, part in given.items()}
        self._presses: dict[str, Callable[[], object]] = {
            key: given[key]
            for key, field in self._fields.items()
            if field["kind"] == "button"
        }
        values = initial_values(self._fields)
        state = {**values, "fields": list(self._fields.values())}
        super().__init__(
            "controls", state, task=task, shared=tuple(values), name=name
        )
        self.on_message(self._press)

    def __getattr__(self, key: str) -> Any:
        fields = self.__dict__.get("_fields", {})
        if key in fields and "value" in fields[key]:
            return self[key]
        raise AttributeError(f"controls: there is no control {key!r}")

    def check(self, name: str, value: Any) -> Any:
        """Take a value within its field's bounds."""
        if name not in self._fields:
            raise ValueError(f"controls: {name} is not for the reader to set")
        return checked(self._fields[name], value)

    def summary(self) -> str:
        """Every value in words."""
        return ", ".join(self._words()) + "." if self._words() else ""

    def still(self) -> str:
        """The names and values as a picture."""
        parts = [
            f'<text x="2" y="{ROW * at + 19}">{escape(words)}</text>'
            for at, words in enumerate(self._words())
        ]
        height = ROW * max(1, len(parts))
        return (
            f'<svg viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
            'xmlns="http://www.w3.org/2000/svg" font-size="14" '
            'fill="currentColor" data-search-exclude="">'
            f"{''.join(parts)}</svg>"
        )

    def _words(self) -> list[str]:
        return [
            f"{name}: {words_of(field, self[name])}"
            for name, field in self._fields.items()
            if "value" in field
        ]

    def _press(self, content: Any, _buffers: object) -> None:
        press = content.get("press") if isinstance(content, dict) else None
        if isinstance(press, str) and press in self._presses:
            self._presses[press]()


def controls(*, task: str = "", name: str = "", **given: Any) -> Controls:
    """Show sliders, switches, choices and buttons; see `Controls`."""
    return Controls(task=task, name=name, **given)
