"""What the library answers to the mistakes in `user_mistakes.py`."""

from __future__ import annotations

import pickle
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from site_tests.house.user_mistakes import (
    IMAGES,
    LOGITS,
    MISTAKES,
    ROWS,
    SILENT,
)
from tutorial_kernels import (
    Tensor,
    explain,
    functional,
    kernels,
    manual_seed,
    nn,
    no_grad,
    optim,
)
from tutorial_kernels.weights import read_safetensors, write_safetensors

NAMES = {
    "F": functional,
    "IMAGES": IMAGES,
    "LOGITS": LOGITS,
    "ROWS": ROWS,
    "Tensor": Tensor,
    "explain": explain,
    "kernels": kernels,
    "manual_seed": manual_seed,
    "nn": nn,
    "no_grad": no_grad,
    "np": np,
    "optim": optim,
    "pickle": pickle,
    "read_safetensors": read_safetensors,
    "write_safetensors": write_safetensors,
}


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_meets_its_sentence(mistake: str) -> None:
    code, sentence = MISTAKES[mistake]
    with pytest.raises(Exception) as caught:  # noqa: PT011
        exec(code, dict(NAMES))
    assert f"{caught.type.__name__}: {caught.value}" == sentence


@pytest.mark.parametrize("mistake", SILENT)
def test_what_runs_without_a_word(mistake: str) -> None:
    code, true = SILENT[mistake]
    names: dict[str, Any] = dict(NAMES)
    exec(code, names)
    assert eval(true, names)


def test_a_column_against_a_row_warns() -> None:
    column, row = Tensor(np.zeros((4, 1))), np.zeros(4)
    with pytest.warns(UserWarning, match="mse_loss") as caught:
        functional.mse_loss(column, row)
    assert str(caught[0].message) == (
        "mse_loss: x has shape (4, 1), target has (4,); both become (4, 4)"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        functional.mse_loss(column, np.zeros((4, 1)))


def test_there_are_enough_of_them() -> None:
    assert len(MISTAKES) >= 60
