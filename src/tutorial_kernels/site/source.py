"""Source code by dotted name, read from the files and never imported."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

type _Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def source_of(name: str, *, docstrings: bool = True) -> str:
    """The source of a module, class, function, method or constant.

    Decorators and the comments right above a definition belong to it. The
    text is dedented and has no newline at its end.

    Args:
        name: A dotted name, such as ``package.module.Class.method``.
        docstrings: Whether docstrings stay in.

    Raises:
        LookupError: Nothing has that name; the sentence says what comes
            nearest.
    """
    path, inside = _module_of(name)
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    lines = text.split("\n")
    node: ast.stmt | ast.Module = tree
    for depth, part in enumerate(inside):
        found = _named(node, part)
        if found is None:
            owner = name.split(".")[: -len(inside) + depth]
            raise LookupError(_missing(name, ".".join(owner), part, node))
        node = found
    start, stop = _extent(node, lines)
    hidden = set() if docstrings else _docstring_lines(node, lines)
    margin = " " * getattr(node, "col_offset", 0)
    kept = [
        lines[index].removeprefix(margin)
        for index in range(start, stop)
        if index not in hidden
    ]
    return "\n".join(kept).strip("\n")


def runnable(name: str) -> str:
    """The source of a definition, below the imports that it needs.

    What it uses of its own module and does not show is imported from there.

    Args:
        name: A dotted name that `source_of` knows.
    """
    code = source_of(name)
    path, inside = _module_of(name)
    used = {n.id for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Name)}
    needed: list[str] = []
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            names = [
                alias
                for alias in statement.names
                if (alias.asname or alias.name.split(".")[0]) in used
            ]
            if names:
                statement.names = names
                needed.append(ast.unparse(statement))
        elif set(_names(statement)) & used - set(inside):
            module = ".".join(name.split(".")[: -len(inside)])
            own = sorted(set(_names(statement)) & used)
            needed.append(f"from {module} import {', '.join(own)}")
    return "\n".join([*needed, "", "", code])


@lru_cache(maxsize=256)
def _package_folder(package: str) -> Path | None:
    """Where a top-level package or module stands, without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        locations = spec.submodule_search_locations if spec else None
        return Path(next(iter(locations))) if locations else None
    path = Path(spec.origin)
    return path.parent if path.name == "__init__.py" else path


def _module_of(name: str) -> tuple[Path, list[str]]:
    """The file a dotted name leads into, and the names left over."""
    parts = name.split(".")
    if not all(part.isidentifier() for part in parts):
        raise LookupError(f"{name!r} is no dotted name")
    place = _package_folder(parts[0])
    if place is None:
        raise LookupError(f"there is no package {parts[0]!r} (in {name})")
    rest = parts[1:]
    while rest and place.is_dir():
        if (place / rest[0]).is_dir():
            place = place / rest.pop(0)
        elif (place / f"{rest[0]}.py").is_file():
            place = place / f"{rest.pop(0)}.py"
        else:
            break
    if place.is_dir():
        place = place / "__init__.py"
    if not place.is_file():
        raise LookupError(f"there is no module for {name!r}")
    return place, rest


def _statements(node: ast.stmt | ast.Module) -> Iterator[ast.stmt]:
    """The statements of a body, those under ``if`` and ``try`` included."""
    if not isinstance(node, (ast.Module, *_DEFINITIONS)):
        return
    pending = list(node.body)
    while pending:
        statement = pending.pop(0)
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With):
            pending[:0] = [
                child
                for child in ast.iter_child_nodes(statement)
                if isinstance(child, ast.stmt)
            ]


def _names(statement: ast.stmt) -> list[str]:
    """The names a statement defines."""
    if isinstance(statement, _DEFINITIONS):
        return [statement.name]
    if isinstance(statement, ast.TypeAlias):
        return [statement.name.id]
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return [
        node.id
        for target in targets
        for node in ast.walk(target)
        if isinstance(node, ast.Name)
    ]


def _named(node: ast.stmt | ast.Module, name: str) -> ast.stmt | None:
    """The last definition of a name, which is the one that counts."""
    found = [s for s in _statements(node) if name in _names(s)]
    return found[-1] if found else None


def _missing(
    name: str, owner: str, part: str, node: ast.stmt | ast.Module
) -> str:
    known = [known for s in _statements(node) for known in _names(s)]
    near = get_close_matches(part, known, n=1, cutoff=0.0)
    if not near:
        return f"{name}: {owner} defines no names"
    return f"{name}: {owner} has no {part!r}; the nearest is {near[0]!r}"


def _extent(node: ast.stmt | ast.Module, lines: list[str]) -> tuple[int, int]:
    """The lines of a definition, its decorators and comments included."""
    if isinstance(node, ast.Module):
        return 0, len(lines)
    start = node.lineno - 1
    if isinstance(node, _DEFINITIONS) and node.decorator_list:
        start = node.decorator_list[0].lineno - 1
    while start > 0 and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    assert node.end_lineno is not None
    return start, node.end_lineno


def _docstring_lines(node: ast.stmt | ast.Module, lines: list[str]) -> set[int]:
    """The lines of every docstring below a node, and the blank one after."""
    hidden: set[int] = set()
    for owner in ast.walk(node):
        if not isinstance(owner, (ast.Module, *_DEFINITIONS)):
            continue
        first = owner.body[0] if owner.body else None
        if (
            len(owner.body) < 2  # alone, it is the whole body
            or not isinstance(first, ast.Expr)
            or not isinstance(first.value, ast.Constant)
            or not isinstance(first.value.value, str)
            or owner.body[1].lineno == first.end_lineno
        ):
            continue
        stop = first.end_lineno or first.lineno
        hidden |= set(range(first.lineno - 1, stop))
        if not lines[stop].strip():
            hidden.add(stop)
    return hidden
