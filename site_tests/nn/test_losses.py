"""The losses as modules, beside torch's."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from tutorial_kernels import Tensor, nn

RNG = np.random.default_rng(0)
SCORES = RNG.standard_normal((6, 4))
TARGET = RNG.uniform(0.05, 0.95, (6, 4))
PROBS = RNG.uniform(0.05, 0.95, (6, 4))
LABELS = np.array([0, 1, 2, 3, -1, 2])
VARIANCE = RNG.uniform(0.5, 2, (6, 1))
WEIGHT = RNG.uniform(0.5, 2, 4)


def own(nn: Any, array: np.ndarray) -> Any:
    """Weights in the form that either side takes."""
    return torch.tensor(array) if nn is torch.nn else array


BUILDS: list[tuple[Callable[[Any], Any], tuple[np.ndarray, ...]]] = [
    (lambda nn: nn.L1Loss(), (SCORES, TARGET)),
    (lambda nn: nn.L1Loss(reduction="sum"), (SCORES, TARGET)),
    (lambda nn: nn.SmoothL1Loss(), (SCORES, TARGET)),
    (lambda nn: nn.SmoothL1Loss(beta=0.2, reduction="none"), (SCORES, TARGET)),
    (lambda nn: nn.HuberLoss(), (SCORES, TARGET)),
    (lambda nn: nn.HuberLoss("sum", 0.3), (SCORES, TARGET)),
    (lambda nn: nn.GaussianNLLLoss(), (SCORES, TARGET, VARIANCE)),
    (lambda nn: nn.GaussianNLLLoss(full=True, eps=0.7, reduction="none"), (SCORES, TARGET, VARIANCE)),
    (lambda nn: nn.NLLLoss(ignore_index=-1), (SCORES, LABELS)),
    (lambda nn: nn.NLLLoss(own(nn, WEIGHT), ignore_index=-1, reduction="sum"), (SCORES, LABELS)),
    (lambda nn: nn.BCELoss(), (PROBS, TARGET)),
    (lambda nn: nn.BCELoss(own(nn, WEIGHT), reduction="none"), (PROBS, TARGET)),
    (lambda nn: nn.BCEWithLogitsLoss(), (SCORES, TARGET)),
    (lambda nn: nn.BCEWithLogitsLoss(own(nn, WEIGHT), pos_weight=own(nn, WEIGHT + 1), reduction="sum"),
     (SCORES, TARGET)),
    (lambda nn: nn.KLDivLoss(), (SCORES, TARGET)),
    (lambda nn: nn.KLDivLoss(reduction="batchmean", log_target=True), (SCORES, TARGET)),
    (lambda nn: nn.CrossEntropyLoss(own(nn, WEIGHT), label_smoothing=0.2), (SCORES, TARGET)),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides")
@pytest.mark.parametrize(("build", "arrays"), BUILDS)
def test_values_and_gradients_are_torchs(
    build: Any, arrays: tuple[np.ndarray, ...]
) -> None:
    ours, theirs = build(nn), build(torch.nn)
    floating = [a.dtype.kind == "f" for a in arrays]
    inputs = [Tensor(a, f) for a, f in zip(arrays, floating, strict=True)]
    tensors = [
        torch.tensor(a, requires_grad=f)
        for a, f in zip(arrays, floating, strict=True)
    ]
    out, expected = ours(*inputs), theirs(*tensors)
    np.testing.assert_allclose(out.data, expected.detach().numpy(), rtol=1e-12)
    grad = np.asarray(np.random.default_rng(1).standard_normal(out.shape))
    out.backward(grad)
    expected.backward(torch.tensor(grad))
    for x, tensor, has in zip(inputs, tensors, floating, strict=True):
        if has:
            np.testing.assert_allclose(
                x.grad, tensor.grad.numpy(), rtol=1e-10, atol=1e-15
            )


@pytest.mark.parametrize(("build", "arrays"), BUILDS)
def test_printed_form_and_keys_are_torchs(build: Any, arrays: Any) -> None:
    ours, theirs = build(nn), build(torch.nn)
    assert repr(ours) == repr(theirs)
    one, other = ours.state_dict(), theirs.state_dict()
    assert list(one) == list(other)
    for key, array in one.items():
        np.testing.assert_array_equal(array, other[key].numpy())
    changed = {key: 2 * tensor for key, tensor in other.items()}
    ours.load_state_dict(changed)
    theirs.load_state_dict(changed)
    for key, array in ours.state_dict().items():
        np.testing.assert_array_equal(array, changed[key].numpy())


def test_weights_are_kept_but_not_learned() -> None:
    loss = nn.BCEWithLogitsLoss(WEIGHT, pos_weight=WEIGHT)
    assert list(loss.state_dict()) == ["weight", "pos_weight"]
    assert list(loss.parameters()) == []
    loss.float()
    assert loss.pos_weight.dtype == np.float32


@pytest.mark.parametrize(
    "name",
    ["L1Loss", "SmoothL1Loss", "HuberLoss", "GaussianNLLLoss", "NLLLoss",
     "BCELoss", "BCEWithLogitsLoss", "KLDivLoss"],
)  # fmt: skip
def test_a_wrong_reduction_is_refused_at_once(name: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        getattr(nn, name)(reduction="all")
    options = "'mean', 'sum' or 'none'"
    if name == "KLDivLoss":
        options = "'mean', 'batchmean', 'sum' or 'none'"
    assert str(caught.value) == (
        f"{name}: reduction must be {options}, got 'all'"
    )
