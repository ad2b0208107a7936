"""An exercise as HTML: complete and readable without any script."""

from __future__ import annotations

import json
from dataclasses import asdict
from html import escape
from typing import Any

from tutorial_kernels.site.cell import render_code
from tutorial_kernels.site.exercise_package import KINDS, Exercise
from tutorial_kernels.site.prose import render_prose


def render_exercise(exercise: Exercise) -> str:
    """Task, code to begin with, three hints and the solution.

    What the engine needs besides stands in ``data-exercise`` as JSON, so that
    a page is one file and no check can be missing.
    """
    identity = exercise.id
    return (
        f'<section class="exercise" id="{identity}" '
        f'data-exercise="{escape(json.dumps(_orders(exercise)))}" '
        f'aria-labelledby="{identity}-title">\n'
        f"{_head(exercise)}\n"
        f'<div class="exercise-task">{render_prose(exercise.task)}</div>\n'
        f"{_code(exercise)}\n"
        f"{_help(exercise)}\n</section>"
    )


def _orders(exercise: Exercise) -> dict[str, Any]:
    code = exercise.code
    return {
        "kind": exercise.kind,
        "title": exercise.title,
        "seconds": exercise.seconds,
        "function": code.function,
        "check": code.check,
        "wrong": dict(code.wrong),
    }


def _head(exercise: Exercise) -> str:
    return (
        '<div class="exercise-head">'
        f'<p class="exercise-title" id="{exercise.id}-title">'
        f'<span class="exercise-kind">Exercise</span> '
        f"{escape(exercise.title)}</p>"
        f'<p class="exercise-objective">{KINDS[exercise.kind]}. '
        f"{escape(exercise.objective)}</p></div>"
    )


def _code(exercise: Exercise) -> str:
    if exercise.kind != "parsons":
        code = render_code(exercise.starter)
        return f'<div class="cell exercise-cell">\n{code}\n</div>'
    pieces = escape(json.dumps([asdict(piece) for piece in exercise.pieces]))
    lines = "".join(
        f"<li><code>{escape(piece.text)}</code></li>"
        for piece in exercise.pieces
    )
    given = render_code(exercise.given) if exercise.given else ""
    return (
        f'<div class="cell exercise-cell exercise-parsons" '
        f'data-parsons="{pieces}">\n{given}'
        f'<ul class="parsons-static">{lines}</ul>\n</div>'
    )


def _help(exercise: Exercise) -> str:
    count = len(exercise.hints)
    hints = "".join(
        f'<details class="exercise-hint"><summary>Hint {number} of {count}'
        f"</summary>{render_prose(hint)}</details>\n"
        for number, hint in enumerate(exercise.hints, 1)
    )
    return (
        f'<div class="exercise-help">{hints}'
        '<details class="exercise-solution" data-search-exclude="">'
        f"<summary>Solution</summary>{render_code(exercise.code.solution)}"
        "</details></div>"
    )
