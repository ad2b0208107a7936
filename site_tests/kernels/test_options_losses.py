"""The losses over all their options, drawn by hypothesis, beside torch."""

import re
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from site_tests.kernels.case import (
    Case,
    as_tuple,
    assert_as_torch,
    assert_close,
    torch_results,
)
from site_tests.kernels.cases_losses import LOSSES
from site_tests.kernels.grids import grid
from tutorial_kernels import kernels

# torch explains what a "mean" is in kl_div; we do in its docstring
pytestmark = pytest.mark.filterwarnings("ignore:reduction. 'mean' divides")

small = settings(deadline=None, max_examples=100, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
dtypes = st.sampled_from([(np.float64, 1e-10), (np.float32, 3e-5)])
reductions = st.sampled_from(["mean", "sum", "none"])
shapes = st.lists(st.integers(0, 4), max_size=3).map(tuple)
scales = st.sampled_from([1, 30, 1e4])


def generator(data: st.DataObject) -> np.random.Generator:
    return np.random.default_rng(data.draw(seeds))


def normal(rng: Any, shape: Any, dtype: Any, scale: float = 1.0) -> np.ndarray:
    return np.asarray(scale * rng.standard_normal(shape), dtype)


def compare(
    pair: str,
    arrays: list[np.ndarray],
    options: dict[str, Any],
    relative: float,
    **constants: np.ndarray | None,
) -> None:
    """Compare with torch; constants take part, but have no gradient."""
    given = {k: v for k, v in constants.items() if v is not None}

    def ours(*args: Any, **options: Any) -> Any:
        return getattr(kernels, f"{pair}_forward")(*args, **given, **options)

    def theirs(*args: Any, **options: Any) -> torch.Tensor:
        tensors = {k: torch.tensor(v) for k, v in given.items()}
        return getattr(F, pair)(*args, **tensors, **options)

    class Held(Case):
        forward = property(lambda self: ours)

    assert_as_torch(Held(pair, lambda r: (), theirs), arrays, options, relative)


REGRESSION = ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"]


@grid(*REGRESSION)
@pytest.mark.filterwarnings("ignore:.*both become", "ignore:.*broadcasting")
@settings(small, max_examples=400)
@given(st.data(), st.sampled_from(REGRESSION))
def test_errors_of_regression(data: st.DataObject, pair: str) -> None:
    draw, rng = data.draw, generator(data)
    dtype, relative = draw(dtypes | st.just((np.float16, 2e-3)))
    both = mutually_broadcastable_shapes(num_shapes=2, min_side=0, max_side=4)
    pairs = shapes.map(lambda shape: (shape, shape))
    shape, other = draw(pairs | both.map(lambda drawn: drawn.input_shapes))
    scale = draw(scales)
    x, target = (normal(rng, s, dtype, scale) for s in (shape, other))
    if shape == other and draw(st.booleans()):  # no error at all
        target = np.where(rng.random(shape) < 0.5, x, target)
    options: dict[str, Any] = {"reduction": draw(reductions)}
    if pair == "smooth_l1_loss":
        options["beta"] = draw(st.sampled_from([0, 0.0, 0.2, 1.0, 3, 1e4]))
    if pair == "huber_loss":
        options["delta"] = draw(st.sampled_from([0.2, 1.0, 3, 1e3]))
    compare(pair, [x, np.asarray(target)], options, relative)


@pytest.mark.parametrize("pair", REGRESSION)
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_float16_is_rounded_as_in_torch(pair: str, reduction: str) -> None:
    """Small slopes get lost where they are divided, large ones overflow."""
    rng, options = np.random.default_rng(0), {"reduction": reduction}
    forward = getattr(kernels, f"{pair}_forward")
    for size, scale in ((30_000, 1.0), (70_000, 1.0), (300, 1e4)):
        x, target = (normal(rng, size, np.float16, scale) for _ in range(2))
        for seed in range(3):
            theirs, grad, expected = torch_results(
                getattr(F, pair), [x, target], options, seed
            )
            out, cache = forward(x, target, **options)
            assert_close(out, theirs, 1e-3)
            grads = getattr(kernels, f"{pair}_backward")(grad, cache)
            for one, other in zip(grads, expected, strict=True):
                assert_close(one, other, 1e-3)


@grid("gaussian_nll_loss")
@small
@given(st.data())
def test_gaussian_nll_loss(data: st.DataObject) -> None:
    draw, rng = data.draw, generator(data)
    shape, (dtype, relative) = draw(shapes), draw(dtypes)
    x, target = (normal(rng, shape, dtype) for _ in range(2))
    forms = [shape]
    if shape and shape[:-1] != shape:
        forms.append(shape[:-1])
    for axis, size in enumerate(shape):
        if size not in (0, 1):
            forms.append((*shape[:axis], 1, *shape[axis + 1 :]))
    form = draw(st.sampled_from(forms))
    var = np.asarray(rng.uniform(0, 3, form), dtype)
    alone = draw(st.booleans())
    if draw(st.booleans()):
        var = np.where(rng.random(form) < 0.3, 0, var).astype(dtype)
    options: dict[str, Any] = {
        "full": draw(st.booleans()),
        "eps": draw(st.sampled_from([1e-2, 0.3])),
        "reduction": draw(reductions),
    }
    if alone:
        options["var"] = draw(st.sampled_from([0.0, 0.7]))
    arrays = [x, target] if alone else [x, target, np.asarray(var)]
    compare("gaussian_nll_loss", arrays, options, 4 * relative)


def test_gaussian_nll_loss_takes_one_variance_for_all() -> None:
    x, target = np.ones((2, 3)), np.zeros((2, 3))
    compare("gaussian_nll_loss", [x, target], {"var": 0.7}, 1e-12)
    _, cache = kernels.gaussian_nll_loss_forward(x, target, 0.7)
    assert kernels.gaussian_nll_loss_backward(1.0, cache)[2] is None


@grid("binary_cross_entropy", "binary_cross_entropy_with_logits")
@small
@given(st.data(), st.booleans())
def test_binary_cross_entropies(data: st.DataObject, logits: bool) -> None:
    draw, rng = data.draw, generator(data)
    shape, (dtype, relative) = draw(shapes), draw(dtypes)
    x = np.asarray(rng.uniform(1e-3, 1 - 1e-3, shape), dtype)
    target = np.asarray(rng.random(shape), dtype)
    if draw(st.booleans()):
        target = np.round(target)
    constants: dict[str, Any] = {"weight": factor(draw, rng, shape, dtype)}
    if logits:
        x = normal(rng, shape, dtype, draw(scales))
        constants["pos_weight"] = factor(draw, rng, shape, dtype)
    name = "binary_cross_entropy" + "_with_logits" * logits
    options = {"reduction": draw(reductions)}
    compare(name, [x, target], options, relative, **constants)


def factor(draw: Any, rng: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """Nothing, or weights in a shape that stretches over the numbers."""
    kind = draw(st.sampled_from(["none", "full", "last", "ones"]))
    if kind == "none":
        return None
    form = {"full": shape, "last": shape[1:], "ones": (1,) * len(shape)}[kind]
    return np.asarray(rng.uniform(0, 3, form), dtype)


@grid("kl_div")
@small
@given(st.data())
def test_kl_div(data: st.DataObject) -> None:
    draw, rng = data.draw, generator(data)
    shape, (dtype, relative) = draw(shapes), draw(dtypes)
    options = {
        "reduction": draw(
            st.sampled_from(["mean", "batchmean", "sum", "none"])
        ),
        "log_target": draw(st.booleans()),
    }
    x = normal(rng, shape, dtype)
    target = normal(rng, draw(st.sampled_from([shape, shape[1:]])), dtype)
    if not options["log_target"]:
        target = np.abs(target)
        if x.size and draw(st.booleans()):
            target = np.where(target < 0.3, 0, target)  # its slope is nan
    arrays = [x, np.asarray(target, dtype)]
    compare("kl_div", arrays, options, 2 * relative)


@grid("nll_loss")
@small
@given(st.data())
def test_nll_loss(data: st.DataObject) -> None:
    draw, rng = data.draw, generator(data)
    classes, batch, labels = drawn_labels(draw, rng)
    dtype, relative = draw(dtypes)
    log_probs = normal(rng, (*batch[:1], classes, *batch[1:]), dtype)
    weight = np.abs(normal(rng, (classes,), dtype))
    options = {
        "ignore_index": draw(st.integers(-2, classes)),
        "reduction": draw(reductions),
    }
    compare(
        "nll_loss", [log_probs, labels], options, relative,
        weight=weight if draw(st.booleans()) else None,
    )  # fmt: skip


def drawn_labels(draw: Any, rng: Any) -> tuple[int, tuple[int, ...], Any]:
    classes = draw(st.integers(1, 6))
    batch = draw(
        st.sampled_from([(), (0,), (1,), (4,), (2, 3), (2, 2, 3), (0, 3)])
    )
    kind = draw(st.sampled_from(["i4", "i8"]))
    return classes, batch, np.asarray(rng.integers(0, classes, batch), kind)


@small
@given(st.data())
def test_cross_entropy_with_probabilities(data: st.DataObject) -> None:
    draw, rng = data.draw, generator(data)
    classes, batch, _ = drawn_labels(draw, rng)
    shape = (*batch[:1], classes, *batch[1:])
    dtype, relative = draw(dtypes)
    logits = normal(rng, shape, dtype)
    logits *= draw(scales)
    target = np.asarray(rng.random(shape), dtype)  # need not add up to one
    weight = np.abs(normal(rng, (classes,), dtype))
    options = {
        "reduction": draw(reductions),
        "label_smoothing": draw(st.sampled_from([0.0, 0.1, 1.0])),
    }
    compare(
        "cross_entropy", [logits, target], options, relative,
        weight=weight if draw(st.booleans()) else None,
    )  # fmt: skip


@pytest.mark.parametrize("case", LOSSES, ids=str)
def test_float16_goes_in_and_out(case: Case) -> None:
    for seed in range(3):
        arrays = case.arrays(np.float16, seed)
        expected, grad_out, torch_grads = torch_results(
            case.reference, arrays, case.options
        )
        out, cache = case.forward(*arrays, **case.options)
        assert_close(out, expected, 1e-2)
        grads = as_tuple(case.backward(grad_out, cache))
        for ours, theirs in zip(grads, torch_grads, strict=False):
            if theirs is not None:
                assert_close(ours, theirs, 1e-2)


def test_float16_sums_do_not_overflow() -> None:
    x, target = np.full(2000, 100, np.float16), np.zeros(2000, np.float16)
    out, _ = kernels.l1_loss_forward(x, target)
    assert out == 100
    assert out.dtype == np.float16


EXTREME = [0.0, -0.0, 1e-30, 40.0, -40.0, 1e4, -1e4, np.inf, -np.inf, np.nan]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("pair", "options"),
    [
        ("l1_loss", {}),
        ("smooth_l1_loss", {}),
        ("smooth_l1_loss", {"beta": 0.0}),
        ("huber_loss", {"delta": 2.0}),
        ("binary_cross_entropy_with_logits", {}),
        ("kl_div", {}),
        ("kl_div", {"log_target": True}),
    ],
)
def test_extreme_numbers(pair: str, options: Any, dtype: Any) -> None:
    x, target = (
        np.array(a, dtype).ravel() for a in np.meshgrid(EXTREME, EXTREME)
    )
    if pair == "binary_cross_entropy_with_logits":
        target = np.clip(target, 0, 1)
    tensors = [torch.tensor(a, requires_grad=True) for a in (x, target)]
    expected = getattr(F, pair)(*tensors, reduction="none", **options)
    out, cache = getattr(kernels, f"{pair}_forward")(
        x, target, reduction="none", **options
    )
    relative = 1e-5 if dtype == np.float32 else 1e-12
    np.testing.assert_allclose(
        out, expected.detach().numpy(), rtol=relative, atol=1e-37
    )
    grad = np.linspace(1, 2, out.size, dtype=dtype)
    expected.backward(torch.tensor(grad))
    grads = getattr(kernels, f"{pair}_backward")(grad, cache)
    for ours, tensor in zip(grads, tensors, strict=False):
        np.testing.assert_allclose(
            ours, tensor.grad.numpy(), rtol=relative, atol=1e-37
        )


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("target", [0.0, 0.3, 1.0])
def test_certain_probabilities_cost_one_hundred(target: float) -> None:
    x, targets = np.array([0.0, 1.0, 1e-60]), np.full(3, target)
    tensor = torch.tensor(x, requires_grad=True)
    expected = F.binary_cross_entropy(tensor, torch.tensor(targets))
    out, cache = kernels.binary_cross_entropy_forward(x, targets)
    np.testing.assert_allclose(out, expected.item(), rtol=1e-12)
    expected.backward()
    grad_x, grad_target, _ = kernels.binary_cross_entropy_backward(1.0, cache)
    np.testing.assert_allclose(grad_x, tensor.grad.numpy(), rtol=1e-12)
    np.testing.assert_array_equal(grad_target[:2], [np.inf, -np.inf])


@pytest.mark.parametrize("name", ["l1_loss", "smooth_l1_loss", "huber_loss"])
def test_stretching_is_said_aloud(name: str) -> None:
    x, target = np.ones((3, 1)), np.arange(3.0)
    sentence = (
        f"{name}: x has shape (3, 1), target has (3,); both become (3, 3)"
    )
    with pytest.warns(UserWarning, match=re.escape(sentence)):
        _, cache = getattr(kernels, f"{name}_forward")(x, target)
    tensors = [torch.tensor(a, requires_grad=True) for a in (x, target)]
    with pytest.warns(UserWarning, match="broadcasting"):
        getattr(F, name)(*tensors).backward()
    grads = getattr(kernels, f"{name}_backward")(1.0, cache)
    for ours, tensor in zip(grads, tensors, strict=True):
        assert_close(ours, tensor.grad.numpy(), 1e-12)


def zeros(*shape: int, dtype: Any = np.float64) -> np.ndarray:
    return np.zeros(shape, dtype)


F32, INT = np.float32, np.int64
BCE = "binary_cross_entropy"
MISTAKES: list[tuple[str, tuple[Any, ...], dict[str, Any], type, str]] = [
    ("l1_loss", (zeros(2, 3), zeros(2, 4)), {}, ValueError, "l1_loss: x has shape (2, 3), target has (2, 4)"),
    ("l1_loss", (zeros(2, dtype=INT), zeros(2)), {}, TypeError, "l1_loss: x must be floating point, got int64"),
    ("smooth_l1_loss", (zeros(2), zeros(2, dtype=F32)), {}, TypeError,
     "smooth_l1_loss: target is float32, x is float64"),
    ("smooth_l1_loss", (zeros(2), zeros(2)), {"beta": -1}, ValueError,
     "smooth_l1_loss: beta must be at least 0, got -1"),
    ("huber_loss", (zeros(2), zeros(2)), {"delta": 0}, ValueError, "huber_loss: delta must be above 0, got 0"),
    ("huber_loss", (zeros(2), zeros(2)), {"reduction": "max"}, ValueError,
     "huber_loss: reduction must be 'mean', 'sum' or 'none', got 'max'"),
    ("gaussian_nll_loss", (zeros(2), zeros(2), zeros(2) - 1), {}, ValueError,
     "gaussian_nll_loss: var has negative numbers"),
    ("gaussian_nll_loss", (zeros(2, 3), zeros(2, 3), zeros(3)), {}, ValueError,
     "gaussian_nll_loss: x of shape (2, 3) needs a var of that shape, or without its last axis, "
     "or with one axis of size 1, got (3,)"),
    ("gaussian_nll_loss", (zeros(2, 3), zeros(2, 3), zeros(1, 1)), {}, ValueError,
     "gaussian_nll_loss: x of shape (2, 3) needs a var of that shape, or without its last axis, "
     "or with one axis of size 1, got (1, 1)"),
    ("gaussian_nll_loss", (zeros(2), zeros(2), zeros(2, dtype=F32)), {}, TypeError,
     "gaussian_nll_loss: var is float32, x is float64"),
    ("gaussian_nll_loss", (zeros(2), zeros(3), zeros(2)), {}, ValueError,
     "gaussian_nll_loss: shapes (2,) and (3,) cannot be broadcast together"),
    (BCE, (zeros(2), zeros(3)), {}, ValueError, f"{BCE}: x has shape (2,), target has (3,)"),
    (BCE, (zeros(2) + 1.5, zeros(2)), {}, ValueError, f"{BCE}: x must be probabilities from 0 to 1, got 1.5"),
    (BCE, (zeros(2) + np.nan, zeros(2)), {}, ValueError, f"{BCE}: x must be probabilities from 0 to 1, got nan"),
    (BCE, (zeros(2), zeros(2), zeros(3)), {}, ValueError, f"{BCE}: shapes (2,) and (3,) cannot be broadcast together"),
    (BCE, (zeros(2), zeros(2), zeros(3, 2)), {}, ValueError,
     f"{BCE}: weight of shape (3, 2) is larger than x of shape (2,)"),
    (f"{BCE}_with_logits", (zeros(2), zeros(2), None), {"pos_weight": zeros(2, dtype=F32)}, TypeError,
     f"{BCE}_with_logits: pos_weight is float32, x is float64"),
    ("kl_div", (zeros(2), zeros(2)), {"reduction": "batch"}, ValueError,
     "kl_div: reduction must be 'mean', 'batchmean', 'sum' or 'none', got 'batch'"),
    ("kl_div", (zeros(2), zeros(3)), {}, ValueError, "kl_div: shapes (2,) and (3,) cannot be broadcast together"),
    ("nll_loss", (zeros(4, 3), zeros(5, dtype=INT)), {}, ValueError,
     "nll_loss: log_probs of shape (4, 3) need labels of shape (4,), got (5,)"),
    ("nll_loss", (zeros(2, 3), np.array([0, 3])), {}, ValueError,
     "nll_loss: label 3 is not one of the 3 classes 0 to 2"),
    ("nll_loss", (zeros(2, 3), zeros(2, 3)), {}, TypeError, "nll_loss: labels must be integers, got float64"),
    ("nll_loss", (zeros(2, 3), zeros(2, dtype=INT), zeros(2)), {}, ValueError,
     "nll_loss: weight must have shape (3,), got (2,)"),
    ("cross_entropy", (zeros(2, 3), zeros(2, 3)), {"ignore_index": 1}, ValueError,
     "cross_entropy: ignore_index needs labels that are integers, these are probabilities"),
    ("cross_entropy", (zeros(2, 3), zeros(2, 3, dtype=F32)), {}, TypeError,
     "cross_entropy: labels is float32, logits is float64"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("pair", "arrays", "options", "error", "sentence"), MISTAKES
)
def test_the_sentence(
    pair: str, arrays: Any, options: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=re.escape(sentence)) as caught:
        getattr(kernels, f"{pair}_forward")(*arrays, **options)
    assert str(caught.value) == sentence
