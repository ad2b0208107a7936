"""Clipping, beside torch."""

import re
from typing import Any

import numpy as np
import pytest
import torch

from tutorial_kernels import Tensor, nn

SHAPES = [(4, 3), (3,), (), (0, 2)]


def both(scale: float, dtype: Any) -> tuple[list[Any], list[Any]]:
    """The same gradients on both sides; the last parameter has none."""
    rng = np.random.default_rng(0)
    ours, theirs = [], []
    for shape in SHAPES:
        data = np.zeros(shape, dtype)
        ours.append(nn.Parameter(data))
        theirs.append(torch.nn.Parameter(torch.tensor(data)))
        grad = np.asarray(scale * rng.standard_normal(shape), dtype)
        ours[-1].grad, theirs[-1].grad = grad.copy(), torch.tensor(grad)
    ours.append(nn.Parameter(np.ones(2, dtype)))
    theirs.append(torch.nn.Parameter(torch.ones(2)))
    return ours, theirs


def assert_equal(ours: list[Any], theirs: list[Any], relative: float) -> None:
    assert ours[-1].grad is None
    assert theirs[-1].grad is None
    for p, q in zip(ours[:-1], theirs[:-1], strict=True):
        assert p.grad.dtype == q.grad.numpy().dtype
        assert p.grad.shape == q.grad.shape
        np.testing.assert_allclose(p.grad, q.grad.numpy(), rtol=relative)


@pytest.mark.parametrize(
    ("dtype", "relative"), [(np.float64, 1e-12), (np.float32, 1e-5)]
)
@pytest.mark.parametrize("order", [2, 2.0, 1, 3.5, 0.5, 0, "inf", float("inf")])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e4])
def test_the_norm_is_clipped(
    scale: float, order: Any, dtype: Any, relative: float
) -> None:
    ours, theirs = both(scale, dtype)
    if order in ("inf", float("inf")):  # torch has no largest of nothing
        del ours[3], theirs[3]
    arrays = [p.grad for p in ours]
    norm = nn.utils.clip_grad_norm_(iter(ours), 0.5, order)
    expected = torch.nn.utils.clip_grad_norm_(theirs, 0.5, order)
    assert norm.dtype == expected.numpy().dtype
    np.testing.assert_allclose(norm, expected.numpy(), rtol=relative)
    assert_equal(ours, theirs, relative)
    assert all(p.grad is a for p, a in zip(ours, arrays, strict=True))


def test_small_gradients_stay_as_they_are() -> None:
    parameter = nn.Parameter(np.ones(2))
    parameter.grad = np.array([0.3, -0.4])
    assert nn.utils.clip_grad_norm_(parameter, 1.0) == pytest.approx(0.5)
    np.testing.assert_array_equal(parameter.grad, [0.3, -0.4])


def test_without_gradients_the_norm_is_zero() -> None:
    assert nn.utils.clip_grad_norm_([nn.Parameter(np.ones(2))], 1.0) == 0
    nn.utils.clip_grad_value_([nn.Parameter(np.ones(2))], 1.0)


@pytest.mark.parametrize("wrong", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("order", [2.0, float("inf")])
def test_a_norm_that_is_not_finite(wrong: float, order: float) -> None:
    ours, theirs = both(1.0, np.float64)
    del ours[3], theirs[3]
    ours[0].grad[1, 2] = wrong
    theirs[0].grad[1, 2] = wrong
    before = [None if p.grad is None else p.grad.copy() for p in ours]
    shown = "nan" if np.isnan(wrong) else "inf"
    sentence = (
        f"clip_grad_norm_: the norm of the gradients is {shown}, "
        "so they cannot be clipped"
    )
    with pytest.raises(RuntimeError, match=re.escape(sentence)):
        nn.utils.clip_grad_norm_(ours, 1.0, order, error_if_nonfinite=True)
    for parameter, array in zip(ours, before, strict=True):
        np.testing.assert_array_equal(parameter.grad, array)
    nn.utils.clip_grad_norm_(ours, 1.0, order)
    torch.nn.utils.clip_grad_norm_(theirs, 1.0, order)
    assert_equal(ours, theirs, 1e-12)


@pytest.mark.parametrize("limit", [0.5, 0, 1e9, 1])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_values_are_clipped(limit: float, dtype: Any) -> None:
    ours, theirs = both(1.0, dtype)
    ours[0].grad[0] = [np.inf, -np.inf, np.nan]
    theirs[0].grad[0] = torch.tensor([np.inf, -np.inf, np.nan])
    arrays = [p.grad for p in ours]
    nn.utils.clip_grad_value_(iter(ours), limit)
    torch.nn.utils.clip_grad_value_(theirs, limit)
    assert_equal(ours, theirs, 0)
    assert all(p.grad is a for p, a in zip(ours, arrays, strict=True))


def test_after_backward() -> None:
    model = nn.Linear(3, 2)
    model(Tensor(np.ones((4, 3), np.float32))).backward(
        np.full((4, 2), 100, np.float32)
    )
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    total = sum(float((p.grad**2).sum()) for p in model.parameters())
    assert total == pytest.approx(1.0, rel=1e-5)
