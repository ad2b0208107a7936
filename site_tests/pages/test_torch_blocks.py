"""PyTorch code that stands in a chapter as plain code runs as it stands."""

import re
from pathlib import Path

import pytest

CHAPTERS = Path(__file__).resolve().parents[2] / "docs" / "chapters"
BLOCK = re.compile(r"^``` ?python\n(import torch\n.*?)^```$", re.M | re.S)
BLOCKS = [
    pytest.param(block, id=f"{path.stem}-{number}")
    for path in sorted(CHAPTERS.glob("*.md"))
    for number, block in enumerate(BLOCK.findall(path.read_text()))
]


def test_there_are_such_blocks() -> None:
    assert BLOCKS


@pytest.mark.parametrize("block", BLOCKS)
def test_it_runs(block: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(block, "<page>", "exec"), {"__name__": "page"})
    assert "nan" not in capsys.readouterr().out
