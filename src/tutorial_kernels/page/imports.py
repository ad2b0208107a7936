"""What a cell imports, and what is said when this page has it not."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterable


def imports_of(source: str) -> list[str]:
    """The packages that code names in its import statements, sorted."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []  # running it says why
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").partition(".")[0])
    return sorted(found)


def explain_missing(error: BaseException, on_demand: Iterable[str]) -> None:
    """Say in an import error what this page has.

    Args:
        error: What a cell raised; another kind of error is left alone.
        on_demand: The packages that an import statement would have loaded.
    """
    if type(error) is not ModuleNotFoundError or error.name is None:
        return
    name = error.name.partition(".")[0]
    if name in on_demand:
        error.msg = (
            f"{name} comes to this page when a cell names it in an import "
            f"statement: write `import {name}`"
        )
    elif not _is_here(name):
        has = ["NumPy", *on_demand, "tutorial_kernels"]
        error.msg = (
            f"No module named {name!r}: this page has Python's standard "
            f"library, {', '.join(has[:-1])} and {has[-1]}, and fetches "
            "nothing from elsewhere"
        )


def explain_request(error: BaseException) -> None:
    """Say why Pyodide's own requests fail: a page gives Python no network.

    Args:
        error: What a cell raised; another one is left alone.
    """
    if not isinstance(error, AttributeError | NameError):
        return  # what is missing is a class of the browser's
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    module = trace.tb_frame.f_globals.get("__name__", "") if trace else ""
    if module.startswith("pyodide.http"):
        error.name = None  # else Python would guess what was meant
        error.args = (
            "pyodide.http: the cells of this page ask for nothing over the "
            "network",
        )


def _is_here(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False
