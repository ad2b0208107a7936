"""What every model owes its twin: print, size, weights in both directions."""

import inspect
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch

from site_tests.parity.twins import OURS, THEIRS, assert_close, twins
from tutorial_kernels import manual_seed
from tutorial_kernels.weights import read_safetensors, write_safetensors


def is_whole(cls: type) -> bool:
    """A model has a size of its own; the parts of one are given theirs."""
    return all(
        parameter.default is not inspect.Parameter.empty
        for parameter in inspect.signature(cls).parameters.values()
    )


MODELS = [name for name, cls in OURS.items() if is_whole(cls)]
every_model = pytest.mark.parametrize("name", MODELS)


def test_the_nine_are_there() -> None:
    assert {name.split(".")[0] for name in MODELS} == {
        name.split(".")[0] for name in OURS
    }


@every_model
def test_printed_form_keys_and_shapes(name: str) -> None:
    model, twin = twins(name, np.float32)
    assert repr(model) == repr(twin)
    assert {k: v.shape for k, v in model.state_dict().items()} == {
        k: tuple(v.shape) for k, v in twin.state_dict().items()
    }


@every_model
def test_the_docstring_gives_the_number_of_parameters(name: str) -> None:
    text = inspect.getdoc(OURS[name]) or ""
    written = re.search(r"([\d,]+)\s+parameters", text)
    assert written
    size = sum(p.data.size for p in OURS[name]().parameters())
    assert int(written[1].replace(",", "")) == size


@every_model
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_reach_torch_and_come_back_bit_for_bit(
    name: str, dtype: Any, tmp_path: Path
) -> None:
    manual_seed(3)
    model, twin = OURS[name]().to(dtype), THEIRS[name]()
    twin.to(getattr(safetensors.torch.torch, np.dtype(dtype).name))
    there, back = tmp_path / "there.safetensors", tmp_path / "back.safetensors"

    write_safetensors(there, model.state_dict())
    twin.load_state_dict(safetensors.torch.load_file(there))
    assert same_bits(model, twin)

    fresh = THEIRS[name]().to(next(twin.parameters()).dtype)
    safetensors.torch.save_file(fresh.state_dict(), back)
    assert not same_bits(model, fresh)
    model.load_state_dict(read_safetensors(back))
    assert same_bits(model, fresh)


def same_bits(model: Any, twin: Any) -> bool:
    ours, theirs = model.state_dict(), twin.state_dict()
    return ours.keys() == theirs.keys() and all(
        ours[k].tobytes() == theirs[k].numpy().tobytes() for k in ours
    )


@every_model
def test_first_values_are_spread_alike(name: str) -> None:
    """Each large weight: the mean and the deviation of torch's draw."""
    manual_seed(0)
    drawn = [OURS[name]().state_dict() for _ in range(4)]
    referee = [THEIRS[name]().state_dict() for _ in range(4)]
    for key in drawn[0]:
        ours = np.stack([d[key] for d in drawn])
        theirs = np.stack([d[key].numpy() for d in referee])
        if theirs.std() == 0:  # zeros, ones, counters
            np.testing.assert_array_equal(ours, theirs)
            continue
        error = 6 * theirs.std() / np.sqrt(theirs.size)  # of the mean
        assert abs(ours.mean() - theirs.mean()) <= 1.5 * error, key
        assert abs(ours.std() - theirs.std()) <= 1.5 * error, key


def test_the_referee_sees_a_difference() -> None:
    model, twin = twins("fnn.SimpleNN")
    assert same_bits(model, twin)
    model.fc1.weight.data[0, 0] += 1e-12
    assert not same_bits(model, twin)
    with pytest.raises(AssertionError):
        assert_close(np.array([1.0]), np.array([1.0 + 1e-9]))
