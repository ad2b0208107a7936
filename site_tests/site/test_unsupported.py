"""What is not supported says so: each entry of the table is tried out."""

from pathlib import Path

import numpy as np
import pytest

from tutorial_kernels import Tensor, functional, kernels, models, nn, optim
from tutorial_kernels.site.place import Place
from tutorial_kernels.site.unsupported import (
    Refusal,
    read_refusals,
    unsupported_table,
)

DOCS = Path(__file__).resolve().parents[2] / "docs"
NAMES = {
    "np": np,
    "nn": nn,
    "F": functional,
    "optim": optim,
    "kernels": kernels,
    "models": models,
    "Tensor": Tensor,
}
REFUSALS = read_refusals(Place(DOCS))

ENTRY = """
- name: nn.Thing
  what: "`wide | open`"
  reason: It is
    a thing.
  message: "Thing: no"
  code: nn.Thing()
"""


def test_there_are_entries() -> None:
    assert len(REFUSALS) >= 6


@pytest.mark.parametrize(
    "refusal", REFUSALS, ids=lambda refusal: f"{refusal.name} {refusal.what}"
)
def test_the_sentence_is_the_one_in_the_table(refusal: Refusal) -> None:
    if not refusal.message:
        exec(refusal.code, dict(NAMES))
        return
    with pytest.raises(Exception) as caught:  # noqa: PT011
        exec(refusal.code, dict(NAMES))
    assert str(caught.value) == refusal.message


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.name)
def test_the_name_is_one_of_the_course(refusal: Refusal) -> None:
    """An entry of a name that is missing altogether says so in `what`."""
    found: object = None
    for part in refusal.name.split("."):
        found = NAMES[part] if found is None else getattr(found, part, None)
    assert found is not None or "missing" in refusal.what


def table(tmp_path: Path, text: str) -> list[str]:
    place = Place(tmp_path)
    place.assets.mkdir(parents=True, exist_ok=True)
    (place.assets / "unsupported.yml").write_text(text)
    return unsupported_table("", place)


def test_a_row_of_the_table(tmp_path: Path) -> None:
    row = "| `nn.Thing` | `wide \\| open` | It is a thing. | `Thing: no` |"
    assert row in table(tmp_path, ENTRY)
    silent = ENTRY.replace('  message: "Thing: no"\n', "")
    assert any(
        line.endswith("| nothing: the call runs |")
        for line in table(tmp_path, silent)
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("name: x", "must be a list of entries"),
        ("- x", "'x' is no entry with"),
        ("- name: x", "'x' needs a text as 'what'"),
        (ENTRY.replace('"Thing: no"', "3"), "needs a text as 'message'"),
        (ENTRY + "  why: so\n", "'nn.Thing' has an unknown field 'why'"),
        (
            ENTRY + ENTRY.replace("nn.Thing", "nn.Other"),
            "'nn.Other' comes before 'nn.Thing'",
        ),
    ],
)
def test_a_wrong_file_is_loud(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        table(tmp_path, text)


def test_the_fence_is_empty(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="an unsupported fence is empty"):
        unsupported_table("nn.Thing", Place(tmp_path))
