"""`tutorial-kernels`, as a person types it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tutorial_kernels.cli import main


def run(*words: str, folder: Path | None = None) -> tuple[int, str, str]:
    """Run the program; its status, output and error output."""
    done = subprocess.run(
        [sys.executable, "-m", "tutorial_kernels", *words],
        capture_output=True,
        text=True,
        cwd=folder,
    )
    return done.returncode, done.stdout, done.stderr


def test_help_names_every_command() -> None:
    status, out, _ = run("--help")
    assert status == 0
    assert "site" in out
    status, out, _ = run("site", "--help")
    assert status == 0
    assert "assemble" in out
    assert "outputs" in out


def test_a_failing_cell_gives_one_sentence_and_status_1(tmp_path: Path) -> None:
    page = tmp_path / "docs" / "page.md"
    page.parent.mkdir()
    before = "``` {.cell #broken seconds=1}\n1 / 0\n```\n"
    page.write_text(before)
    status, out, err = run("site", "--root", str(tmp_path), "outputs")
    assert status == 1
    assert out == ""
    assert err.startswith("tutorial-kernels: ")
    assert "broken" in err
    assert "ZeroDivisionError" in err
    assert "tutorial_kernels/cli.py" not in err
    assert page.read_text() == before


def test_outputs_are_written_and_then_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "docs" / "page.md"
    page.parent.mkdir()
    page.write_text("``` {.cell #sum seconds=1}\nprint(1 + 2)\n```\n")
    assert main(["site", "--root", str(tmp_path), "outputs"]) == 0
    assert "``` {.output}\n3\n```" in page.read_text()
    assert "page.md" in capsys.readouterr().out
    assert main(["site", "--root", str(tmp_path), "outputs"]) == 0
    assert "as it was" in capsys.readouterr().out


def test_a_folder_that_is_no_checkout_gets_a_sentence(tmp_path: Path) -> None:
    status, _, err = run("site", "--root", str(tmp_path), "assemble")
    assert status == 1
    assert err.startswith("tutorial-kernels: ")
    assert "Traceback" not in err
