"""Nothing that a reader can import is missing from the reference pages."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from tutorial_kernels.site.headers import find_fences

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tutorial_kernels"
PAGES = ROOT / "docs" / "reference"

# What the pairs share among themselves; readers meet it in the source.
INNER = {
    "kernels.broadcasting",
    "kernels.error_function",
    "kernels.reductions",
    "kernels.standardization",
}


def modules_with_pairs() -> list[str]:
    """What the `pairs` fences of the reference show."""
    return [
        module.removeprefix("tutorial_kernels.")
        for page in sorted(PAGES.glob("*.md"))
        for fence in find_fences(page.read_text().splitlines())
        if fence.header.kind == "pairs"
        for module in fence.body.split()
    ]


def test_every_module_of_the_library_has_its_page() -> None:
    folders = ("kernels", "nn", "optim", "models", "torch_models")
    modules = {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for folder in folders
        for path in (SOURCE / folder).rglob("*.py")
        if path.name != "__init__.py"
    }
    shown = {
        name
        for page in PAGES.glob("*.md")
        for name in re.findall(
            r"^::: tutorial_kernels\.(\S+)$", page.read_text(), re.MULTILINE
        )
    }
    assert len(modules) > 40
    assert modules - shown - set(modules_with_pairs()) == INNER


def test_every_pair_stands_on_one_page_with_its_formulas() -> None:
    """A new pair: name its module in a `pairs` fence of docs/reference, and
    give its formulas in docs/assets/reference/pairs.yml."""
    exported = re.findall(
        r'"(\w+)_forward"',
        (SOURCE / "kernels" / "__init__.py").read_text(),
    )
    shown = [
        name
        for module in modules_with_pairs()
        for name in re.findall(
            r"^def (\w+)_forward\(",
            SOURCE.joinpath(*module.split(".")).with_suffix(".py").read_text(),
            re.MULTILINE,
        )
        if name in exported
    ]
    path = ROOT / "docs" / "assets" / "reference" / "pairs.yml"
    formulas = list(yaml.safe_load(path.read_text()))
    assert len(exported) > 70
    assert sorted(shown) == sorted(exported), (
        "a module with pairs stands in no `pairs` fence of docs/reference"
    )
    assert formulas == sorted(exported), (
        "docs/assets/reference/pairs.yml: one entry a pair, in their order"
    )
