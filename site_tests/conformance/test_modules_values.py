"""Every input of PyTorch's database of modules gives PyTorch's numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from site_tests.conformance.modules import (
    INFOS,
    Sample,
    reasons,
    samples,
    scatter,
    tensors,
)
from tutorial_kernels import Tensor, nn

# float32: the tolerances of torch.testing.assert_close.
TOLERANCES: dict[Any, dict[str, float]] = {
    torch.float64: {"rtol": 1e-10, "atol": 1e-12},
    torch.float32: {"rtol": 1.3e-6, "atol": 1e-5},
}
# Several layers: both sides are off by up to 7e-6 of the largest number in
# float32, where float64 is the truth.
DEEP = {
    "MultiheadAttention",
    "Transformer",
    "TransformerDecoderLayer",
    "TransformerEncoder",
    "TransformerEncoderLayer",
}
# What the database asks for and is not there: docs/assets/reference/
# unsupported.yml has the reasons.
REFUSED = {
    "Linear": "Linear.forward() got an unexpected keyword argument 'input'",
    "LSTM": "LSTM: proj_size must be 0, projections are not there, got 2",
}
# Modules of ours that the database has no inputs for, and who tests them.
ELSEWHERE = {
    "Dropout": "draws: its mean and its mask, in nn/test_elements.py",
    "Flatten": "nn/test_modules.py",
    "Identity": "nn/test_elements.py",
    "Module": "no layer: nn/test_frame.py",
    "ModuleDict": "nn/test_containers.py",
    "ModuleList": "nn/test_containers.py",
    "ParameterDict": "nn/test_containers.py",
    "ParameterList": "nn/test_containers.py",
    "Sequential": "nn/test_modules.py",
    "TransformerDecoder": "nn/test_transformer_layers.py",
    "Unflatten": "nn/test_containers.py",
    "Upsample": "nn/test_windows.py",
}


def test_every_module_is_compared_or_named() -> None:
    ours = {
        name
        for name in nn.__all__
        if isinstance(value := getattr(nn, name), type)
        and issubclass(value, nn.Module)
    }
    assert ours - set(INFOS) == set(ELSEWHERE)
    assert len(INFOS) >= 50


def test_scattering_moves_numbers_and_changes_none() -> None:
    x = np.arange(12.0).reshape(3, 4)
    tensor = Tensor(x)
    scatter(tensor)
    assert tensor.data.strides == (8, 48)
    np.testing.assert_array_equal(tensor.data, x)


def compare(
    sample: Sample, dtype: Any, training: bool, scattered: bool
) -> None:
    """Outputs, all gradients and all buffers, for random cotangents."""
    module, twin = sample.construct(dtype, training)
    ours, theirs = sample.inputs()
    if scattered:
        scatter([*ours[0], *ours[1].values()])
    outs = tensors(module(*ours[0], **ours[1]))
    expected = tensors(twin(*theirs[0], **theirs[1]))
    rng = np.random.default_rng(0)
    starts = [rng.standard_normal(tuple(out.shape)) for out in expected]
    pairs = list(zip(outs, expected, strict=True))
    learned = [n for n, (_, e) in enumerate(pairs) if e.requires_grad]
    for n in learned:
        outs[n].backward(starts[n], retain_graph=n != learned[-1])
    torch.autograd.backward(
        [expected[n] for n in learned],
        [torch.tensor(starts[n], dtype=expected[n].dtype) for n in learned],
    )
    grads = [
        *zip(tensors([*ours[0], *ours[1].values()]),
             tensors([*theirs[0], *theirs[1].values()]), strict=True),
        *zip(module.parameters(), twin.parameters(), strict=True),
    ]  # fmt: skip
    pairs += list(zip(module.buffers(), twin.buffers(), strict=True))
    pairs += [(one.grad, other.grad) for one, other in grads]
    assert any(other is not None for _, other in pairs)
    for one, other in pairs:
        if other is None:
            assert one is None
            continue
        found = one if isinstance(one, np.ndarray) else one.data
        other = other.detach().numpy()
        assert found.dtype == other.dtype
        tolerance = dict(TOLERANCES[dtype])
        if sample.name in DEEP and dtype == torch.float32:
            tolerance["atol"] = 2e-5 * max(1.0, np.abs(other).max())
        np.testing.assert_allclose(found, other, **tolerance)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
@pytest.mark.parametrize("dtype", TOLERANCES, ids=str)
@pytest.mark.parametrize("name", INFOS)
def test_values_and_gradients(name: str, dtype: Any, training: bool) -> None:
    compared, refused = 0, 0
    for sample in samples(name, dtype, training):
        for scattered in (False, True):
            try:
                compare(sample, dtype, training, scattered)
                compared += 1
            except Exception as error:
                if str(error) != REFUSED.get(name):
                    error.add_note(f"{sample.theirs} {scattered=}")
                    raise
                refused += 1
    assert compared >= 2
    assert (refused > 0) == (name in REFUSED)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_has_its_reason(name: str) -> None:
    assert REFUSED[name] in reasons(name)
