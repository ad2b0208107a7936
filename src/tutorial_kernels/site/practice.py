"""The fences ``exercise``, ``quiz`` and ``predict`` for superfences.

Like those of `tutorial_kernels.site.fences`, they stop the build with file,
line and reason rather than show as plain text.
"""

from __future__ import annotations

import re
from math import isfinite
from typing import Any

from markdown import Markdown

from tutorial_kernels.site.exercise import render_exercise
from tutorial_kernels.site.exercise_package import Exercise, read_exercise
from tutorial_kernels.site.fences import PageFences, header_of, loudly, take
from tutorial_kernels.site.headers import Fence, Header
from tutorial_kernels.site.questions import (
    Question,
    read_question,
    render_predict,
    render_quiz,
)

_PATH = re.compile(r"[a-z0-9_]+/[a-z0-9]+(?:-[a-z0-9]+)*\Z")


def exercise_validator(
    language: str,
    inputs: dict[str, str],
    options: dict[str, Any],
    attrs: dict[str, Any],
    md: Markdown,
) -> bool:
    """Refuse every option."""
    return take("exercise", set(), inputs, options)


def quiz_validator(
    language: str,
    inputs: dict[str, str],
    options: dict[str, Any],
    attrs: dict[str, Any],
    md: Markdown,
) -> bool:
    """Refuse an option other than ``tolerance``."""
    return take("quiz", {"tolerance"}, inputs, options)


def predict_validator(
    language: str,
    inputs: dict[str, str],
    options: dict[str, Any],
    attrs: dict[str, Any],
    md: Markdown,
) -> bool:
    """Refuse an option other than ``tolerance``."""
    return take("predict", {"tolerance"}, inputs, options)


def exercise_formatter(
    source: str,
    language: str,
    class_name: str,
    options: dict[str, Any],
    md: Markdown,
    **rest: Any,
) -> str:
    """The exercise whose folder the fence names."""
    with loudly(md, "exercise") as page:
        return render_exercise(_exercise(source, page))


def quiz_formatter(
    source: str,
    language: str,
    class_name: str,
    options: dict[str, Any],
    md: Markdown,
    **rest: Any,
) -> str:
    """A question and its answers."""
    header = header_of("quiz", options, rest)
    with loudly(md, "quiz"):
        return render_quiz(_question(source, header, explained=True))


def predict_formatter(
    source: str,
    language: str,
    class_name: str,
    options: dict[str, Any],
    md: Markdown,
    **rest: Any,
) -> str:
    """A guess before the cell that follows."""
    header = header_of("predict", options, rest)
    with loudly(md, "predict") as page:
        question = _question(source, header, explained=False)
        return render_predict(question, _cell_behind(page))


def _exercise(source: str, page: PageFences) -> Exercise:
    path = source.strip()
    if not _PATH.match(path):
        raise ValueError(
            "an exercise fence holds one path such as "
            f"architecture/count-parameters, got {path!r}"
        )
    if page.folder is None:
        raise ValueError("an exercise fence needs MkDocs, to find its folder")
    return read_exercise(page.folder / "exercises" / path)


def _question(source: str, header: Header, *, explained: bool) -> Question:
    number = header.classes == ("number",)
    tolerance = header.options.get("tolerance")
    if tolerance is not None and not number:
        raise ValueError(f"tolerance belongs to a {header.kind} .number")
    try:
        room = 0.0 if tolerance is None else float(tolerance)
    except ValueError:
        room = -1.0
    if not (isfinite(room) and room >= 0):
        raise ValueError(
            f"tolerance must be a number, 0 or above, got {tolerance!r}"
        )
    return read_question(
        source,
        header.id,
        number=number,
        tolerance=room,
        explained=explained,
    )


def _cell_behind(page: PageFences) -> str:
    """The name of the cell that a predict fence stands before."""
    fence = page.next_of("predict")
    behind: list[Fence] = []
    if fence is not None:
        behind = page.fences[page.fences.index(fence) + 1 :]
    if not behind or behind[0].header.kind != "cell":
        raise ValueError("a predict fence stands before a cell")
    return behind[0].header.id
