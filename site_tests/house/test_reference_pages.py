"""Nothing that a reader can import is missing from the reference pages."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tutorial_kernels"

# What the pairs share among themselves; readers meet it in the source.
INNER = {
    "kernels.broadcasting",
    "kernels.error_function",
    "kernels.reductions",
    "kernels.standardization",
}


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
        for page in (ROOT / "docs" / "reference").glob("*.md")
        for name in re.findall(
            r"^::: tutorial_kernels\.(\S+)$", page.read_text(), re.MULTILINE
        )
    }
    assert len(modules) > 40
    assert modules - shown == INNER
