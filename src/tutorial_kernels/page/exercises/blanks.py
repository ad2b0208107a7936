"""The blanks of a faded exercise: every ``...`` that stands for a value."""

from __future__ import annotations

import ast


def first_blank(source: str) -> int | None:
    """The line of the first ``...`` left, or None.

    The one of an index, ``x[..., 0]``, and the one of an annotation,
    ``tuple[int, ...]``, are no blanks. Code that is no Python has none.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    inside_brackets = {
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        for part in ast.walk(node.slice)
    }
    lines = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and node.value is Ellipsis
        and node not in inside_brackets
    ]
    return min(lines, default=None)
