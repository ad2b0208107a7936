"""The house rules that a machine can read."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

LONGEST_FILE = 400
LONGEST_FUNCTION = 60  # a screen, with room for the docstring

ROOT = Path(__file__).resolve().parents[2]


def tracked(*endings: str) -> list[Path]:
    """The files that git would commit, with these endings."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    ).stdout.splitlines()
    found = {ROOT / name for name in listed if name.endswith(endings)}
    return sorted(path for path in found if path.is_file())


def test_no_source_file_is_longer_than_the_rule() -> None:
    files = tracked(".py", ".ts", ".mjs", ".c", ".h", ".css")
    assert len(files) > 50
    lengths = {path: len(path.read_text().splitlines()) for path in files}
    too_long = {
        str(path.relative_to(ROOT)): length
        for path, length in lengths.items()
        if length > LONGEST_FILE
    }
    assert not too_long


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function without its docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        lines -= (docstring.end_lineno or 0) - docstring.lineno + 1
    return lines


def test_every_function_fits_on_a_screen() -> None:
    functions = [
        (path, node)
        for path in tracked(".py")
        if path.is_relative_to(ROOT / "src")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert len(functions) > 100
    too_long = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path, node in functions
        if body_lines(node) > LONGEST_FUNCTION
    ]
    assert not too_long


def test_every_direct_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        wanted.extend(extra)
    pinned = {
        line.partition("==")[0].lower()
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if "==" in line
    }
    names = {re.split(r"[\[<>=~! ]", name)[0].lower() for name in wanted}
    assert names
    assert names <= pinned, f"not pinned: {sorted(names - pinned)}"


def test_the_page_and_the_desk_run_the_same_numpy() -> None:
    """Golden outputs are compared between the two."""
    record = ROOT / "docs/assets/pyodide/current.json"
    if not record.exists():
        pytest.fail("docs/assets/pyodide is missing: run `make build` first")
    pin = re.search(
        r"^numpy==(.+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE
    )
    assert pin is not None
    assert f"numpy-{pin[1]}-" in record.read_text()


@pytest.mark.parametrize(
    "pattern",
    [
        r"\b(TODO|FIXME|XXX)\b",
        r"(?<![\w.])/ro[o]t/",
    ],
)
def test_nothing_is_left_unfinished_or_of_one_machine(pattern: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in tracked(".py", ".ts", ".mjs", ".md", ".yml", ".css")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert not found


def test_the_readme_names_real_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    targets = set(
        re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    )
    named = set(re.findall(r"\bmake ([a-z]+)\b", readme))
    assert {"serve", "test", "build", "outputs"} <= named
    assert named <= targets
